//! The page's conversations with the worker.

use crate::data::Split;
use crate::protocol::{OtherModel, WorkerEvent, WorkerRequest};
use crate::ui::laboratory::Laboratory;
use crate::ui::pages::evaluation::{Listing, Second, Setup};
use leptos::prelude::*;

fn is_last(event: &WorkerEvent) -> bool {
    !matches!(
        event,
        WorkerEvent::LoadProgress { .. }
            | WorkerEvent::Retrying { .. }
            | WorkerEvent::EvaluationProgress { .. }
    )
}

/// Evaluates the worker's model, and a second one on the same images; `on_result` is called when there is a
/// result.
pub fn evaluate(
    lab: Laboratory,
    setup: Setup,
    second: Option<(OtherModel, Second)>,
    on_result: impl Fn() + 'static,
) {
    let Some(model) = lab.bridge.model.with_untracked(|model| model.current.clone()) else { return };
    let state = lab.evaluation;
    let data = setup.data(model.job.as_ref());
    let (other, second) = second.unzip();
    let other = other.map(Box::new);
    let run = lab.bridge.ask(
        |run| WorkerRequest::Evaluate { run, data, other },
        move |event| {
            if is_last(&event) {
                lab.bridge.forget(event.run());
            }
            let has_result = matches!(event, WorkerEvent::Evaluated { .. });
            state.maybe_update(|state| state.apply(event));
            if has_result {
                on_result();
            }
        },
    );
    state.update(|state| state.begin(run, model, second));
}

/// Opens a list and fetches its first images.
pub fn open(lab: Laboratory, listing: Listing) {
    lab.evaluation.update(|state| state.open(listing));
    fetch_images(lab);
}

/// Fetches the next images of the open list.
pub fn fetch_images(lab: Laboratory) {
    let state = lab.evaluation;
    let wanted = state.with_untracked(|state| {
        let (open, result) = (state.open.as_ref()?, state.result.as_ref()?);
        Some((result.report.dataset, open.next_indices()))
    });
    let Some((dataset, indices)) = wanted.filter(|(_, indices)| !indices.is_empty()) else { return };
    let run = lab.bridge.ask(
        |run| WorkerRequest::Images { run, dataset, split: Split::Test, indices },
        move |event| {
            if is_last(&event) {
                lab.bridge.forget(event.run());
            }
            state.maybe_update(|state| state.apply_images(event));
        },
    );
    state.update(|state| state.begin_images(run));
}
