//! The page's conversations with the worker.

use crate::data::Split;
use crate::protocol::{WorkerEvent, WorkerRequest};
use crate::ui::laboratory::Laboratory;
use crate::ui::pages::evaluation::Setup;
use crate::ui::widgets::confusion_matrix::Cell;
use crate::ui::worker_model::WorkerModel;
use leptos::prelude::*;

fn is_last(event: &WorkerEvent) -> bool {
    !matches!(
        event,
        WorkerEvent::LoadProgress { .. }
            | WorkerEvent::Retrying { .. }
            | WorkerEvent::EvaluationProgress { .. }
    )
}

/// Evaluates the worker's model; `on_result` is called when there is a result.
pub fn evaluate(lab: Laboratory, setup: Setup, on_result: impl Fn() + 'static) {
    let Some(stamp) = lab.bridge.model.with_untracked(WorkerModel::stamp) else { return };
    let state = lab.evaluation;
    let run = lab.bridge.ask(
        |run| WorkerRequest::Evaluate { run, data: setup.data() },
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
    state.update(|state| state.begin(run, stamp));
}

/// Opens a cell and fetches its first images.
pub fn open(lab: Laboratory, cell: Cell) {
    lab.evaluation.update(|state| state.open(cell));
    fetch_images(lab);
}

/// Fetches the next images of the open cell.
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
