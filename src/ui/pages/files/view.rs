//! The page: the model in memory, saving, loading, and a check that both agree.

use crate::ui::components::{Card, ModelFacts, model_by_epoch};
use crate::ui::files::{Load, Save, Saving};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::routes::Route;
use crate::ui::training::ModelSummary;
use crate::ui::translations::text;
use crate::ui::widgets::prediction_table::PredictionTable;
use leptos::prelude::*;

/// The page.
#[component]
pub fn FilesPage() -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let saving = Saving::start();
    let has_model = Memo::new(move |_| lab.bridge.model.read().current.is_some());
    let dataset = Memo::new(move |_| {
        let model = lab.bridge.model.read();
        let job = model.current.as_ref().and_then(|model| model.job.as_ref());
        job.map(|job| job.data.dataset).unwrap_or_default()
    });
    view! {
        <article class="page files">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, files.title)}</h1>
                <p class="lead for-site">{t!(i18n, files.lead)}</p>
            </header>
            <div class="files__cards">
                <Card title=text!(i18n, files.save.title)>
                    <Show when=move || has_model.get() fallback=|| view! { <NothingToSave /> }>
                        <Save saving />
                    </Show>
                </Card>
                <Card title=text!(i18n, files.load.title)>
                    <Load saving />
                </Card>
            </div>
            <Show when=move || has_model.get()>
                <Card title=text!(i18n, files.model.title)>
                    <InMemory />
                </Card>
                <Card title=text!(i18n, files.check.title)>
                    <p>{t!(i18n, files.check.lead)}</p>
                    <PredictionTable dataset />
                </Card>
            </Show>
        </article>
    }
}

#[component]
fn NothingToSave() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <p>{t!(i18n, files.save.nothing)}</p>
        <p class="buttons">
            <a class="button" href=Route::Training.href()>{t!(i18n, evaluation.no_model.train)}</a>
        </p>
    }
}

/// What the worker holds.
#[component]
fn InMemory() -> impl IntoView {
    let model = model_by_epoch();
    move || {
        let model = model.get()?;
        let spec = model.spec.clone();
        Some(view! {
            <div class="files__model">
                <ModelFacts model />
                <ModelSummary model=spec />
            </div>
        })
    }
}
