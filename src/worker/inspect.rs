//! Questions about what the model saw, beside training: see [`ProbeBudget`] for how little they may disturb it.

use std::sync::Arc;

use super::clock::{now_ms, sleep, yield_now};
use super::inspector::{Images, Inspector};
use super::loader;
use super::probe_budget::ProbeBudget;
use super::session::{Context, Session};
use crate::engine::probe::Probe;
use crate::protocol::{Inspection, RunId, WorkerError, WorkerEvent};

/// Training images that make a batch with the one asked about, at most: a usual batch.
const COMPANIONS: u32 = 31;

/// Answers one question in slices, until a later one of its kind takes its place or it is called off.
pub async fn inspect(context: &Context, run: RunId, inspection: Inspection) -> Result<(), WorkerError> {
    let kind = inspection.question.kind();
    context.session.borrow_mut().inspections.insert(kind, run);
    let result = answer(context, run, kind, &inspection).await;
    let mut session = context.session.borrow_mut();
    if session.inspections.get(&kind) == Some(&run) {
        session.inspections.remove(&kind);
    }
    result
}

/// Calls a question off.
pub fn end(context: &Context, run: RunId) {
    context.session.borrow_mut().inspections.retain(|_, asked| *asked != run);
}

async fn answer(context: &Context, run: RunId, kind: u8, inspection: &Inspection) -> Result<(), WorkerError> {
    // What is there must be known before images are fetched for it.
    let kept = context.session.borrow_mut().current()?;
    let sample = match inspection.question.sample() {
        Some((dataset, samples)) => {
            loader::load(context, run, dataset, 0, samples as usize).await?;
            context.session.borrow().datasets.get(&dataset).map(|loaded| Arc::clone(&loaded.test))
        }
        None => None,
    };
    if !wait(context, run, kind).await {
        return Ok(());
    }
    let begin_ms = now_ms();
    // Fetching may have taken epochs: the weights are those of now.
    let kept = context.session.borrow_mut().current().unwrap_or(kept);
    let companions = kept.job.as_ref().and_then(|job| {
        let session = context.session.borrow();
        let train = &session.datasets.get(&job.data.dataset)?.train;
        let indices: Vec<u32> = (0..COMPANIONS.min(train.len() as u32)).collect();
        (!indices.is_empty()).then(|| train.batch(&indices).0)
    });
    let images = Images { sample, companions, epochs: kept.epochs };
    let mut inspector = Inspector::new(Probe::new(&kept.model, kept.params)?, inspection, images)?;
    let mut spent_ms = now_ms() - begin_ms;
    context.session.borrow_mut().probe_budget.spent(now_ms(), spent_ms);
    loop {
        if !wait(context, run, kind).await {
            return Ok(());
        }
        let slice_begin_ms = now_ms();
        let end_ms = slice_begin_ms + ProbeBudget::slice_ms(trains(&context.session.borrow()));
        loop {
            let piece = inspector.step();
            let now = now_ms();
            if let Some(finding) = piece.finding {
                let spent_ms = spent_ms + now - slice_begin_ms;
                let is_last = !piece.goes_on;
                context.send(WorkerEvent::Found { run, finding: Box::new(finding), spent_ms, is_last });
            }
            if !piece.goes_on {
                context.session.borrow_mut().probe_budget.spent(now, now - slice_begin_ms);
                return Ok(());
            }
            if now >= end_ms {
                break;
            }
        }
        let now = now_ms();
        spent_ms += now - slice_begin_ms;
        context.session.borrow_mut().probe_budget.spent(now, now - slice_begin_ms);
    }
}

/// Lets the event loop and a training go on; false if the question no longer stands.
async fn wait(context: &Context, run: RunId, kind: u8) -> bool {
    loop {
        yield_now().await;
        let wait_ms = {
            let session = context.session.borrow();
            if session.inspections.get(&kind) != Some(&run) {
                return false;
            }
            session.probe_budget.wait_ms(now_ms(), trains(&session))
        };
        if wait_ms <= 0.0 {
            return true;
        }
        sleep(wait_ms.ceil() as u32).await;
    }
}

/// Whether a training works at this moment; one that rests is not disturbed.
fn trains(session: &Session) -> bool {
    session.training.as_ref().is_some_and(super::training::Training::is_working)
}
