//! Every event of the run in sentences; the newest stays in view.

use leptos::prelude::*;

use super::words::words;
use crate::engine::callbacks::CallbackAction;
use crate::engine::event::TrainEvent;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::LogLine;

/// The log. Screen readers hear of epochs and callbacks through the page's one live region instead.
#[component]
pub fn EventLog() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let lines = move || run.read(|state| state.history().log.clone());
    let is_empty = Memo::new(move |_| run.read(|state| state.history().log.is_empty()));
    let line = move |line: LogLine| {
        let class = format!("event-log__line event-log__line--{}", kind(&line.event));
        let sentence = move || {
            let words = words(i18n);
            run.read_untracked(|state| {
                let steps = state.plan().steps_per_epoch;
                state.job().map(|job| words.line(&line, job, steps)).unwrap_or_default()
            })
        };
        view! { <li class=class>{sentence}</li> }
    };
    let forgotten = Memo::new(move |_| run.read(|state| state.history().forgotten));
    let forgotten = move || {
        let n = words(i18n).language.count(forgotten.get());
        (forgotten.get() > 0)
            .then(|| t_string!(i18n, training.log.forgotten, count = forgotten.get(), n).to_string())
    };
    view! {
        <p class="note">{forgotten}</p>
        <p class="note" hidden=move || !is_empty.get()>{t!(i18n, training.log.empty)}</p>
        // The outer box is a reversed column: browsers keep such a box scrolled to its end, unless the
        // reader scrolls away from it.
        <div
            class="event-log"
            hidden=move || is_empty.get()
            role="log"
            aria-live="off"
            aria-label=move || t_string!(i18n, training.log.title)
            tabindex="0"
        >
            <ol class="event-log__lines">
                <For each=lines key=|line| line.id children=line />
            </ol>
        </div>
    }
}

fn kind(event: &TrainEvent) -> &'static str {
    match event {
        TrainEvent::TrainBegin { .. } | TrainEvent::TrainEnd { .. } | TrainEvent::LearningRateSet { .. } => {
            "frame"
        }
        TrainEvent::EpochEnd { .. } => "epoch",
        TrainEvent::EpochBegin { .. } | TrainEvent::BatchEnd { .. } | TrainEvent::TestBatchEnd { .. } => {
            "batch"
        }
        TrainEvent::CallbackActed { action: CallbackAction::TerminateOnNan { .. }, .. } => "bad",
        TrainEvent::CallbackActed { .. } => "callback",
    }
}
