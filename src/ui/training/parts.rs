//! The groups of the form.

use leptos::prelude::*;

use super::compile::{LossPart, MetricsPart, OptimizerPart};
use super::field::ArgumentField;
use super::form::Form;
use super::summary::ModelSummary;
use super::words::words;
use crate::engine::presets::Preset;
use crate::engine::spec::RunSpec;
use crate::ui::components::{Held, Segmented};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::training::{Field, preset};
use crate::ui::routes::Route;
use crate::ui::translations::text;

/// Which network, and its layers.
#[component]
pub(super) fn NetworkPart(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| preset(&form.job.read().model));
    let choices = Signal::derive(move || {
        let choice = |preset: Preset| (preset.id().to_owned(), words(i18n).preset(preset));
        Preset::ALL.into_iter().map(choice).collect()
    });
    let choose = move |id: String| {
        if let Some(preset) = Preset::from_id(&id) {
            form.edit(|job| job.model = preset.spec());
        }
    };
    let help = move || match chosen.get() {
        Some(preset) => words(i18n).preset_help(preset),
        None => t_string!(i18n, training.preset.own_help).to_string(),
    };
    let model = Memo::new(move |_| form.job.read().model.clone());
    let change = move || form.link(Route::Network);
    view! {
        <Held name="network">
            <Segmented
                label=text!(i18n, training.preset.label)
                hidden_label=true
                choices=choices
                value=Signal::derive(move || chosen.get().map(|preset| preset.id().to_owned()).unwrap_or_default())
                on_change=choose
            />
        </Held>
        <p class="field__hint">{help}</p>
        <Held name="network" or_gone=true>
            <OwnRun form chosen />
        </Held>
        <p><a class="button" href=change>{t!(i18n, training.preset.change)}</a></p>
        <details>
            <summary>{t!(i18n, training.summary.title)}</summary>
            <ModelSummary model />
        </details>
    }
}

/// What a ready network reaches with settings of its own, and a button that takes them.
#[component]
fn OwnRun(form: Form, chosen: Memo<Option<Preset>>) -> impl IntoView {
    let i18n = use_i18n();
    // The seed is the student's in any case.
    let taken = move |job: &RunSpec| {
        let run = chosen.get().and_then(Preset::own_run)?;
        Some(RunSpec { seed: job.seed, ..run })
    };
    let sentence = move || {
        let preset = chosen.get()?;
        let (run, language) = (preset.own_run()?, words(i18n).language);
        let accuracy = language.percent(preset.test_accuracy()?, 1);
        let (dataset, epochs) = (run.data.dataset.title(), language.count(run.fit.epochs));
        let batch_size = language.count(run.fit.batch_size);
        Some(t_string!(i18n, training.preset.own_run, accuracy, dataset, epochs, batch_size).to_string())
    };
    let is_taken = Memo::new(move |_| taken(&form.job.read()).is_none_or(|run| run == *form.job.read()));
    let take = move |_| {
        if let Some(run) = taken(&form.job.get_untracked()) {
            form.take(&run);
            shell().announce(t_string!(i18n, training.preset.own_run_taken).to_string());
        }
    };
    view! {
        <p class="field__hint" hidden=move || sentence().is_none()>{sentence}</p>
        <p hidden=move || is_taken.get()>
            <button type="button" class="button" on:click=take>{t!(i18n, training.preset.own_run_take)}</button>
        </p>
    }
}

/// The optimizer, and how long and with what it learns.
#[component]
pub(super) fn LearningPart(form: Form) -> impl IntoView {
    view! {
        <div class="setup__fields">
            <Held name="optimizer">
                <OptimizerPart form />
            </Held>
            <Held name="batch_size">
                <ArgumentField field=Field::BatchSize form />
            </Held>
            <Held name="epochs">
                <ArgumentField field=Field::Epochs form />
            </Held>
            <Held name="seed">
                <ArgumentField field=Field::Seed form />
            </Held>
        </div>
    }
}

/// What is minimized and what is measured besides.
#[component]
pub(super) fn MeasuresPart(form: Form) -> impl IntoView {
    view! {
        <div class="setup__fields">
            <Held name="loss">
                <LossPart form />
            </Held>
            <Held name="metrics">
                <MetricsPart form />
            </Held>
        </div>
    }
}
