//! What was asked, how far it is, and what came of it.

use std::sync::Arc;

use super::evaluated::{Evaluation, Listing, Second};
use crate::data::DataError;
use crate::protocol::{LoadProgress, RunId, WorkerError, WorkerEvent};
use crate::ui::widgets::image_grid::{Tile, tiles};
use crate::ui::worker_model::ModelState;

/// Images of a list that are fetched at a time.
pub const PAGE_IMAGES: usize = 100;

/// How far an evaluation is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Work {
    /// Nothing is asked.
    #[default]
    Idle,
    /// Test images are being fetched; `None` before the first bytes.
    Loading(Option<LoadProgress>),
    /// A shard could not be fetched and will be asked for again.
    Retrying {
        /// What went wrong.
        error: DataError,
        /// The attempt that follows, from 2.
        attempt: u32,
    },
    /// Batches are being predicted.
    Evaluating {
        /// Batches done.
        done: usize,
        /// All batches.
        total: usize,
    },
}

/// The open list and its images as far as they were fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenList {
    /// Which list.
    pub listing: Listing,
    /// Positions of all its images in the test file, in the list's order.
    pub indices: Vec<u32>,
    /// The images fetched, in that order.
    pub tiles: Vec<Tile>,
    /// Why no more came.
    pub error: Option<WorkerError>,
    asked: Option<RunId>,
}

impl OpenList {
    /// The positions to fetch next; empty when all are there.
    pub fn next_indices(&self) -> Vec<u32> {
        self.indices.iter().skip(self.tiles.len()).take(PAGE_IMAGES).copied().collect()
    }

    /// Images not fetched yet.
    pub fn num_left(&self) -> usize {
        self.indices.len() - self.tiles.len()
    }

    /// Whether images are on their way.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some()
    }
}

/// What an evaluation was asked with.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    run: RunId,
    model: ModelState,
    second: Option<Second>,
}

/// The page's state, which outlives the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluationState {
    /// How far the current evaluation is.
    pub work: Work,
    /// Whether it, or the last one, is a comparison with a second model.
    pub is_comparison: bool,
    /// Why the last one failed.
    pub error: Option<WorkerError>,
    /// The last result; it stays while a new one is made.
    pub result: Option<Arc<Evaluation>>,
    /// The open list of that result.
    pub open: Option<OpenList>,
    asked: Option<Asked>,
}

impl EvaluationState {
    /// An evaluation was asked for; `second` says what the second model is, if there is one.
    pub fn begin(&mut self, run: RunId, model: ModelState, second: Option<Second>) {
        self.is_comparison = second.is_some();
        self.asked = Some(Asked { run, model, second });
        self.work = Work::Loading(None);
        self.error = None;
    }

    /// Takes an event of the evaluation; whether it was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> bool {
        let Some(asked) = self.asked.take_if(|asked| asked.run == event.run()) else { return false };
        self.work = match event {
            WorkerEvent::LoadProgress { progress, .. } => Work::Loading(Some(progress)),
            WorkerEvent::Retrying { error, attempt, .. } => Work::Retrying { error, attempt },
            WorkerEvent::EvaluationProgress { done, total, .. } => Work::Evaluating { done, total },
            WorkerEvent::Evaluated { report, .. } => {
                self.result = Some(Arc::new(Evaluation::new(*report, asked.model, asked.second)));
                self.open = None;
                self.work = Work::Idle;
                return true;
            }
            WorkerEvent::Failed { error, .. } => {
                self.error = Some(error);
                self.work = Work::Idle;
                return true;
            }
            WorkerEvent::Died { .. } => {
                self.work = Work::Idle;
                return true;
            }
            _ => std::mem::take(&mut self.work),
        };
        self.asked = Some(asked);
        true
    }

    /// Opens a list of the result; its images are still to be fetched.
    pub fn open(&mut self, listing: Listing) {
        let Some(result) = &self.result else { return };
        let indices = result.indices(listing);
        self.open = Some(OpenList { listing, indices, tiles: Vec::new(), error: None, asked: None });
    }

    /// Images of the open list were asked for.
    pub fn begin_images(&mut self, run: RunId) {
        if let Some(open) = &mut self.open {
            open.asked = Some(run);
            open.error = None;
        }
    }

    /// Takes an event of a request for images; whether it was waited for.
    pub fn apply_images(&mut self, event: WorkerEvent) -> bool {
        let (Some(open), Some(result)) = (&mut self.open, &self.result) else { return false };
        if open.asked != Some(event.run()) {
            return false;
        }
        match event {
            WorkerEvent::Images { images, .. } => {
                open.tiles.extend(tiles(&images, |index| result.verdict(open.listing, index)));
            }
            WorkerEvent::Failed { error, .. } => open.error = Some(error),
            WorkerEvent::Died { .. } => (),
            // Shards are arriving: the images are still to come.
            _ => return true,
        }
        open.asked = None;
        true
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
