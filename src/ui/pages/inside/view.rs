//! The page: the image, the scores, and what led to them.

use super::state::Setup;
use crate::data::DatasetId;
use crate::ui::components::{BadLink, Card, Held, Later};
use crate::ui::context::shell;
use crate::ui::framed::QuickTraining;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::inside::{
    Desk, ImageCard, LayersSection, MapsSection, ModesSection, PointsSection, UnitsSection, VerdictSection,
};
use crate::ui::laboratory::laboratory;
use crate::ui::routes::Route;
use crate::ui::translations::text;
use leptos::prelude::*;

/// The page.
#[component]
pub fn InsidePage() -> impl IntoView {
    let i18n = use_i18n();
    let desk = Desk::open();
    let model = laboratory().bridge.model;
    let has_model = Memo::new(move |_| model.read().current.is_some());
    view! {
        <article class="page inside">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, inside.title)}</h1>
                <p class="lead for-site">{t!(i18n, inside.lead)}</p>
            </header>
            <BadLink read=|query| Setup::from_query(query).1.join(", ") />
            <Show when=move || has_model.get() fallback=|| view! { <NoModel /> }>
                <div class="bench">
                    <div class="stack">
                        <VerdictSection desk />
                        <Later>
                            <Held name="layers">
                                <LayersSection desk />
                            </Held>
                        </Later>
                        <Later>
                            <Held name="maps">
                                <MapsSection desk />
                            </Held>
                        </Later>
                        <Later>
                            <Held name="modes">
                                <ModesSection desk />
                            </Held>
                        </Later>
                        <Later>
                            <Held name="units">
                                <UnitsSection desk />
                            </Held>
                        </Later>
                        <Later>
                            <Held name="points">
                                <PointsSection desk />
                            </Held>
                        </Later>
                    </div>
                    <div class="stack">
                        <ImageCard desk />
                    </div>
                </div>
            </Show>
        </article>
    }
}

/// What to do when there is nothing to look into.
#[component]
fn NoModel() -> impl IntoView {
    let i18n = use_i18n();
    if shell().is_framed() {
        let title = text!(i18n, inside.no_model.title);
        return view! { <Card title><QuickTraining dataset=DatasetId::default() /></Card> }.into_any();
    }
    view! {
        <Card title=text!(i18n, inside.no_model.title)>
            <p>{t!(i18n, inside.no_model.text)}</p>
            <p class="buttons">
                <a class="button button--primary" href=Route::Training.href()>{t!(i18n, evaluation.no_model.train)}</a>
                <a class="button" href=Route::Files.href()>{t!(i18n, evaluation.no_model.load)}</a>
            </p>
        </Card>
    }
    .into_any()
}
