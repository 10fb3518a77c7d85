//! Weights from the storage become the current network.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::words::run_words;
use crate::formats::SavedModel;
use crate::protocol::{WorkerEvent, WorkerRequest};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::Laboratory;
use crate::ui::routes::Route;

/// What became of it.
#[derive(Clone, PartialEq)]
pub enum Opened {
    /// They are the current network.
    Done,
    /// Why not.
    Failed(String),
}

/// Hands a model to the worker; none means that nothing is kept.
pub fn open_model(
    lab: Laboratory,
    i18n: I18nContext<Locale>,
    saved: Option<SavedModel>,
    opened: RwSignal<Option<Opened>>,
) {
    let Some(saved) = saved else {
        let text = untrack(|| t_string!(i18n, runs.refusal.no_weights).to_string());
        return drop(opened.try_set(Some(Opened::Failed(text))));
    };
    lab.bridge.ask(
        |run| WorkerRequest::Import { run, saved: Box::new(saved) },
        move |event| {
            lab.bridge.forget(event.run());
            let answer = match event {
                WorkerEvent::ModelReady { .. } => Opened::Done,
                WorkerEvent::Failed { error, .. } => {
                    let language = run_words(i18n).language;
                    Opened::Failed(untrack(|| ErrorText { i18n, language }.worker(&error)))
                }
                _ => return,
            };
            // The page may have been left meanwhile.
            opened.try_set(Some(answer));
        },
    );
}

/// Says what became of it.
#[component]
pub fn OpenedNote(opened: RwSignal<Option<Opened>>) -> impl IntoView {
    let i18n = use_i18n();
    move || match opened.get()? {
        Opened::Done => Some(
            view! {
                <p role="status">
                    {t!(i18n, runs.open.done)} " "
                    <a href=Route::Evaluation.href()>{t!(i18n, runs.open.evaluate)}</a>
                </p>
            }
            .into_any(),
        ),
        Opened::Failed(text) => Some(view! { <p class="field__error" role="alert">{text}</p> }.into_any()),
    }
}
