//! The classes of the images that a run uses, asked for while somebody looks.

use std::sync::Arc;

use leptos::prelude::*;

use super::parts::{Parts, is_usable};
use crate::engine::spec::{DataSpec, FitSpec};
use crate::protocol::{LabelSet, LoadProgress, RunId, WorkerEvent, WorkerRequest};
use crate::ui::components::ProgressBar;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::sources::{Asking, AskingNote};
use crate::ui::training::words;
use crate::ui::translations::text;

/// What the settings say of images, as far as the panel needs it.
pub type Wanted = (DataSpec, FitSpec);

/// The labels as far as they came.
#[derive(Clone, Copy)]
pub struct Labels {
    /// The parts of the settings; nothing while labels are missing, or if the settings make no sense.
    pub parts: Memo<Option<Arc<Parts>>>,
    asking: RwSignal<Asking>,
    progress: RwSignal<Option<LoadProgress>>,
    again: RwSignal<u32>,
}

/// Follows the settings: what is missing is asked for.
pub fn labels_of(wanted: Memo<Wanted>) -> Labels {
    let bridge = laboratory().bridge;
    let held = RwSignal::new(None::<Arc<LabelSet>>);
    let (asking, progress) = (RwSignal::new(Asking::Idle), RwSignal::new(None));
    let again = RwSignal::new(0);
    let last = StoredValue::new(None::<RunId>);
    let forget = move || {
        if let Some(run) = last.try_update_value(Option::take).flatten() {
            bridge.forget(run);
        }
    };
    on_cleanup(forget);
    Effect::new(move |_| {
        again.track();
        let (data, fit) = wanted.get();
        forget();
        let is_held = |labels: &Arc<LabelSet>| {
            labels.dataset == data.dataset
                && labels.train.len() >= data.samples
                && labels.test.len() >= data.test_samples
        };
        if !is_usable(&data, &fit) || held.with_untracked(|held| held.as_ref().is_some_and(is_held)) {
            asking.set(Asking::Idle);
            return;
        }
        asking.set(Asking::Waiting);
        progress.set(None);
        let (dataset, train, test) = (data.dataset, data.samples, data.test_samples);
        let run = bridge.ask(
            |run| WorkerRequest::Labels { run, dataset, train, test },
            move |event| {
                let after = match event {
                    WorkerEvent::LoadProgress { progress: now, .. } => {
                        progress.try_set(Some(now));
                        return;
                    }
                    WorkerEvent::Retrying { .. } => return,
                    WorkerEvent::Labels { ref labels, .. } => {
                        held.try_set(Some(Arc::new((**labels).clone())));
                        Asking::Idle
                    }
                    WorkerEvent::Failed { ref error, .. } => Asking::Failed(Some(error.clone())),
                    _ => Asking::Failed(None),
                };
                bridge.forget(event.run());
                asking.try_set(after);
            },
        );
        last.set_value(Some(run));
    });
    let parts = Memo::new(move |_| {
        let (data, fit) = &*wanted.read();
        Parts::new(data, fit, held.read().as_ref()?).map(Arc::new)
    });
    Labels { parts, asking, progress, again }
}

/// Says that the images are on their way and how far, or why they do not come.
#[component]
pub fn LabelsNote(labels: Labels) -> impl IntoView {
    let i18n = use_i18n();
    let share = Signal::derive(move || {
        let progress = labels.progress.get().filter(|progress| progress.total_bytes > 0)?;
        Some(progress.received_bytes as f64 / progress.total_bytes as f64)
    });
    let text = Signal::derive(move || {
        let language = words(i18n).language;
        let Some(progress) = labels.progress.get() else { return String::new() };
        let megabytes = |bytes: u64| language.decimal(bytes as f64 / 1e6, 1);
        let (received, total) = (megabytes(progress.received_bytes), megabytes(progress.total_bytes));
        let percent = language.percent(share.get().unwrap_or(0.0), 0);
        t_string!(i18n, training.load.bytes, received, total, percent).to_string()
    });
    view! {
        <Show when=move || labels.asking.get() == Asking::Waiting && labels.progress.read().is_some()>
            <ProgressBar label=text!(i18n, training.load.label) share text />
        </Show>
        <AskingNote asking=labels.asking on_again=move |()| labels.again.update(|again| *again += 1) />
    }
}
