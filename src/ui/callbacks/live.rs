//! The callbacks of the run in progress.

use std::sync::Arc;

use leptos::prelude::*;

use super::record::Record;
use super::stand::{CallbackStand, deed};
use crate::engine::callbacks::CallbackSpec;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::TrainingState;
use crate::ui::widgets::protocol_timeline::ProtocolTimeline;

/// The callbacks of the run that is there.
fn run_callbacks() -> Memo<Vec<CallbackSpec>> {
    let run = laboratory().training;
    let id = Memo::new(move |_| run.read(TrainingState::run));
    Memo::new(move |_| {
        // Not `track`: a memo that nobody has read yet hears of nothing.
        id.with(|_| ());
        run.read_untracked(|state| state.job().map(|job| job.fit.callbacks.clone()).unwrap_or_default())
    })
}

/// Every callback of the run with its state and what it did.
#[component]
pub fn LiveCallbacks() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let keeper = laboratory().keeper;
    let kept = Signal::derive(move || keeper.latest.get());
    let specs = run_callbacks();
    // Batches follow each other much faster than callbacks act.
    let version = Memo::new(move |_| run.read(|state| (state.run(), state.callbacks().version())));
    let record = Memo::new(move |_| {
        version.with(|_| ());
        Arc::new(run.read_untracked(|state| state.callbacks().clone()))
    });
    let job = move || run.read_untracked(|state| state.job().cloned());
    let (epochs, rate) = (
        Signal::derive(move || {
            specs.with(|_| ());
            job().map_or(0, |job| job.fit.epochs)
        }),
        Signal::derive(move || {
            specs.with(|_| ());
            let rate = job().and_then(|job| job.compile.optimizer.learning_rate().number());
            f64::from(rate.unwrap_or_default())
        }),
    );
    let cards = move || {
        let card = |(position, spec): (usize, CallbackSpec)| {
            let name = format!("{} {}", position + 1, spec.class_name());
            let spec = Signal::stored(spec);
            view! {
                <li class="callback-editor__card">
                    <h3 class="callback-editor__name"><code lang="en">{name}</code></h3>
                    <CallbackStand position spec record epochs rate run=kept />
                    <Deeds position spec record />
                </li>
            }
        };
        specs.get().into_iter().enumerate().map(card).collect_view()
    };
    view! {
        <p class="note" hidden=move || !specs.read().is_empty()>{t!(i18n, callbacks.live.none)}</p>
        <ol class="callback-editor__list">{cards}</ol>
    }
}

/// What a callback did, the newest first.
#[component]
fn Deeds(position: usize, spec: Signal<CallbackSpec>, record: Memo<Arc<Record>>) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let count = Memo::new(move |_| record.read().track(position).map_or(0, |track| track.count));
    let sentences = move || {
        let record = record.read();
        let track = record.track(position)?;
        let sentence = |(epoch, action): &(usize, _)| {
            view! { <li>{deed(i18n, *epoch, action, &spec.read())}</li> }
        };
        Some(track.actions.iter().rev().map(sentence).collect_view())
    };
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <details hidden=move || count.get() == 0 on:toggle=on_toggle>
            <summary>{t!(i18n, callbacks.live.deeds)}</summary>
            <ol class="callback-stand__deeds">{move || is_open.get().then(sentences)}</ol>
        </details>
    }
}

/// Where in the protocol the run is. It is only followed while it is open.
#[component]
pub fn LiveProtocol() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let specs = run_callbacks();
    let is_open = RwSignal::new(false);
    let protocol = Memo::new(move |_| run.read(|state| state.protocol().clone()));
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <details on:toggle=on_toggle>
            <summary>{t!(i18n, callbacks.live.protocol)}</summary>
            <Show when=move || is_open.get()>
                <p class="note">{t!(i18n, callbacks.live.protocol_help)}</p>
                <ProtocolTimeline protocol callbacks=specs />
            </Show>
        </details>
    }
}
