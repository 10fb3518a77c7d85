//! What came of the files: a question, the model, or the reason why not and who could take the weights.

use super::load::Loading;
use super::save::{SaveLinks, Saving};
use super::words::FileWords;
use crate::formats::run_json::KerasNote;
use crate::ui::components::{Icon, IconMark};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::network::CodeWords;
use crate::ui::pages::files::{Fit, FitOrigin, LoadState, Refusal, Step};
use crate::ui::routes::Route;
use crate::ui::runs::run_words;
use crate::ui::training::words;
use crate::ui::worker_model::WorkerModel;
use leptos::prelude::*;

/// What is shown of a step; the models in it are large.
#[derive(Clone, PartialEq)]
enum Shown {
    Nothing,
    Reading,
    Question,
    Done(Vec<KerasNote>),
    Failed(Refusal, Vec<Fit>),
}

/// The question, the answer, or the reason.
#[component]
pub fn Outcome(loading: Loading, saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    let Loading { lab, shell, state, .. } = loading;
    let shown = Memo::new(move |_| match &state.read().step {
        Step::Picking => Shown::Nothing,
        Step::Reading(_) | Step::Taking(..) => Shown::Reading,
        Step::Asking(_) => Shown::Question,
        Step::Done(opened) => Shown::Done(opened.notes.clone()),
        Step::Failed { refusal, fits } => Shown::Failed(refusal.clone(), fits.clone()),
    });
    Effect::new(move |_| {
        if matches!(*shown.read(), Shown::Done(_)) {
            let name = lab
                .bridge
                .model
                .with_untracked(WorkerModel::stamp)
                .map_or_else(String::new, |stamp| stamp.name);
            shell.announce(untrack(|| t_string!(i18n, files.load.done, name).to_string()));
        }
    });
    let name = move || lab.bridge.model.read().stamp().map_or_else(String::new, |stamp| stamp.name);
    move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Reading => {
            view! { <p class="remark" role="status">{t!(i18n, files.load.reading)}</p> }.into_any()
        }
        Shown::Question => view! { <Question loading saving /> }.into_any(),
        Shown::Done(notes) => view! {
            <div class="remark remark--good" data-testid="loaded">
                <p>{t!(i18n, files.load.done, name)}</p>
                <p class="buttons">
                    <a href=Route::Evaluation.href()>{t!(i18n, files.load.evaluate)}</a>
                    <a href=Route::Inside.href()>{t!(i18n, files.load.inside)}</a>
                    <a href=Route::Training.href()>{t!(i18n, files.load.further)}</a>
                </p>
                <Notes notes />
            </div>
        }
        .into_any(),
        Shown::Failed(refusal, fits) => {
            let words = FileWords { i18n, language: shell.language.get() };
            view! {
                <div class="remark remark--bad" role="alert" data-testid="refused">
                    <p>{t!(i18n, files.load.failed)}</p>
                    <p>{words.refusal(&refusal)}</p>
                    <p>{t!(i18n, files.load.untouched)}</p>
                </div>
                <Fits loading fits />
            }
            .into_any()
        }
    }
}

/// What was understood and left out, as for programs.
#[component]
fn Notes(notes: Vec<KerasNote>) -> impl IntoView {
    let i18n = use_i18n();
    let language = crate::ui::context::shell().language;
    if notes.is_empty() {
        return None;
    }
    let line = move |note: KerasNote| {
        view! { <li>{move || CodeWords { i18n, language: language.get() }.argument(&note)}</li> }
    };
    Some(view! {
        <details data-testid="notes">
            <summary>{t!(i18n, files.load.notes)}</summary>
            <ul class="files__notes">{notes.into_iter().map(line).collect_view()}</ul>
        </details>
    })
}

/// Networks that could take the weights, one click each.
#[component]
fn Fits(loading: Loading, fits: Vec<Fit>) -> impl IntoView {
    let i18n = use_i18n();
    if fits.is_empty() {
        return None;
    }
    let button = move |fit: Fit| {
        let Fit { origin, run } = fit;
        let keeper = loading.lab.keeper;
        let name = move || match &origin {
            FitOrigin::Form => t_string!(i18n, files.load.form).to_string(),
            FitOrigin::Preset(preset) => words(i18n).preset(*preset),
            FitOrigin::Run(id) => keeper.run(id).map_or_else(String::new, |run| run_words(i18n).name(&run)),
        };
        let take = move |_| {
            loading.focus();
            loading.read_into(Some(run.clone()));
        };
        view! {
            <li>
                <button type="button" class="button" data-testid="fit" on:click=take>
                    <IconMark icon=Icon::Upload />
                    <span>{name}</span>
                </button>
            </li>
        }
    };
    Some(view! {
        <div class="remark" data-testid="fits">
            <p>{t!(i18n, files.load.fits)}</p>
            <ul class="files__fits">{fits.into_iter().map(button).collect_view()}</ul>
        </div>
    })
}

/// Asks before a model that is in no file is replaced.
#[component]
fn Question(loading: Loading, saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    // While a network trains, the files at hand are of an earlier state.
    saving.prepare();
    let replace = move |_| {
        loading.focus();
        if let Some(opened) = loading.state.with_untracked(LoadState::confirmed) {
            loading.hand_over(opened);
        }
    };
    let keep = move |_| {
        loading.focus();
        loading.state.update(LoadState::clear);
    };
    let is_training = loading.lab.bridge.model.with_untracked(|model| {
        model.is_starting() || model.current.as_ref().is_some_and(|model| model.is_training)
    });
    view! {
        <div class="remark remark--warn" role="alert" data-testid="question">
            <p>
                {if is_training {
                    t!(i18n, files.load.would_stop).into_any()
                } else {
                    t!(i18n, files.load.would_lose).into_any()
                }}
            </p>
            <p>{t!(i18n, files.load.save_first)}</p>
            <SaveLinks saving />
            <div class="buttons">
                <button type="button" class="button" data-testid="replace" on:click=replace>
                    {t!(i18n, files.load.replace)}
                </button>
                <button type="button" class="button" on:click=keep>
                    {t!(i18n, files.load.keep)}
                </button>
            </div>
        </div>
    }
}
