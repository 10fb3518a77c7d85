//! The card: the program, each dataset with what it takes, and whether the browser promises to keep them.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Kept, shelf};
use crate::data::DatasetId;
use crate::engine::spec::DataSpec;
use crate::protocol::{RunId, WorkerError, WorkerEvent, WorkerRequest};
use crate::ui::components::ProgressBar;
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::runs::{RoomPromise, run_words};

/// What works without a network, and how to have more of it.
#[component]
pub fn OfflineFacts() -> impl IntoView {
    let i18n = use_i18n();
    if !shelf::is_possible() {
        return view! { <p>{t!(i18n, device.offline.impossible)}</p> }.into_any();
    }
    let program = if shelf::is_program_kept() {
        t!(i18n, device.offline.program).into_any()
    } else {
        t!(i18n, device.offline.not_yet).into_any()
    };
    view! {
        <p>{program}</p>
        <ul class="offline" role="list">
            {DatasetId::ALL.into_iter().map(|dataset| view! { <Dataset dataset /> }).collect_view()}
        </ul>
        <RoomPromise />
    }
    .into_any()
}

/// What a fetch of a whole dataset has come to.
#[derive(Clone, PartialEq)]
enum Fetch {
    /// None goes on.
    Idle,
    /// It goes on.
    Going { run: RunId, received: u64, total: u64 },
    /// It ended with this.
    Failed(WorkerError),
}

#[component]
fn Dataset(dataset: DatasetId) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let bridge = laboratory().bridge;
    let kept = RwSignal::new(None::<Kept>);
    let fetch = RwSignal::new(Fetch::Idle);
    let look = move || {
        spawn_local(async move {
            let found = shelf::look(dataset).await;
            // The reader may have gone elsewhere.
            kept.try_set(found);
        });
    };
    look();
    let begin = move |_| {
        let hear = move |event| {
            let next = match event {
                WorkerEvent::LoadProgress { run, progress } => {
                    Fetch::Going { run, received: progress.received_bytes, total: progress.total_bytes }
                }
                WorkerEvent::Loaded { .. } => {
                    shell.announce(untrack(|| {
                        t_string!(i18n, device.offline.fetched, name = dataset.title()).to_string()
                    }));
                    look();
                    Fetch::Idle
                }
                WorkerEvent::Failed { error, .. } => {
                    look();
                    Fetch::Failed(error)
                }
                _ => return,
            };
            fetch.try_set(next);
        };
        let run = bridge.ask(|run| WorkerRequest::Load { run, data: whole(dataset) }, hear);
        fetch.set(Fetch::Going { run, received: 0, total: 0 });
    };
    let remove = move |_| {
        spawn_local(async move {
            shelf::remove(dataset).await;
            look();
        });
    };
    let size = move |bytes: u64| run_words(i18n).bytes(bytes as f64);
    let fact = move || match kept.get() {
        None => t_string!(i18n, device.offline.unknown).to_string(),
        Some(kept) if kept.is_complete() => {
            t_string!(i18n, device.offline.whole, size = size(kept.total)).to_string()
        }
        Some(kept) => {
            t_string!(i18n, device.offline.part, here = size(kept.here), total = size(kept.total)).to_string()
        }
    };
    let is_going = Memo::new(move |_| matches!(*fetch.read(), Fetch::Going { .. }));
    let share = Signal::derive(move || match *fetch.read() {
        Fetch::Going { received, total, .. } if total > 0 => Some(received as f64 / total as f64),
        _ => None,
    });
    let progress = Signal::derive(move || match *fetch.read() {
        Fetch::Going { received, total, .. } if total > 0 => {
            t_string!(i18n, device.offline.progress, here = size(received), total = size(total)).to_string()
        }
        _ => t_string!(i18n, device.offline.begun).to_string(),
    });
    let is_missing = move || kept.get().is_some_and(|kept| !kept.is_complete());
    let is_here = move || kept.get().is_some_and(|kept| kept.here > 0);
    view! {
        <li class="offline__one" data-testid=format!("offline-{}", dataset.folder())>
            <p><strong lang="en">{dataset.title()}</strong> ": " {fact}</p>
            <Show when=move || is_going.get()>
                <ProgressBar label=Signal::stored(dataset.title().to_owned()) share text=progress />
            </Show>
            <p class="buttons" hidden=move || is_going.get()>
                <button type="button" class="button" hidden=move || !is_missing() on:click=begin>
                    {move || t_string!(i18n, device.offline.fetch, name = dataset.title()).to_string()}
                </button>
                <button type="button" class="button" hidden=move || !is_here() on:click=remove>
                    {move || t_string!(i18n, device.offline.remove, name = dataset.title()).to_string()}
                </button>
            </p>
            {move || {
                let words = ErrorText { i18n, language: shell.language.get() };
                let Fetch::Failed(error) = fetch.get() else { return None };
                Some(view! { <p role="alert">{words.worker(&error)}</p> })
            }}
        </li>
    }
}

/// Every image of a dataset.
fn whole(dataset: DatasetId) -> DataSpec {
    DataSpec { dataset, samples: 60_000, test_samples: 10_000, ..DataSpec::default() }
}
