//! What was asked, how far it is, and what came of it.

use std::sync::Arc;

use crate::data::{DataError, DatasetId};
use crate::engine::metrics::Confusion;
use crate::engine::spec::DataSpec;
use crate::protocol::{EvaluationReport, LoadProgress, RunId, WorkerError, WorkerEvent};
use crate::ui::routes::Query;
use crate::ui::widgets::confusion_matrix::Cell;
use crate::ui::widgets::image_grid::{Tile, tiles};
use crate::ui::worker_model::ModelStamp;

/// Images of a cell that are fetched at a time.
pub const PAGE_IMAGES: usize = 100;

/// Which test images; kept in the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    /// Which dataset.
    pub dataset: DatasetId,
    /// How many images from the start of its test file.
    pub images: usize,
}

impl Setup {
    /// What can be chosen for [`Setup::images`]: a quick part and all.
    pub const IMAGES: [usize; 2] = [1_000, 10_000];

    /// From the address; what is missing there, or makes no sense, is the model's own dataset and
    /// the quick part.
    pub fn from_query(query: &Query, model_dataset: Option<DatasetId>) -> Setup {
        let dataset = query.parse("dataset").or(model_dataset).unwrap_or_default();
        let images = query.parse("images").filter(|images| Self::IMAGES.contains(images));
        Setup { dataset, images: images.unwrap_or(Self::IMAGES[0]) }
    }

    /// For the address.
    pub fn to_query(self) -> Query {
        Query::default().with("dataset", &self.dataset).with("images", &self.images)
    }

    /// What the worker needs to know.
    pub fn data(self) -> DataSpec {
        let (dataset, test_samples) = (self.dataset, self.images);
        DataSpec { dataset, samples: 0, validation_samples: 0, test_samples, class_counts: None }
    }
}

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

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The worker's report.
    pub report: EvaluationReport,
    /// Counted from it.
    pub confusion: Confusion,
    /// The state of the model that was evaluated.
    pub stamp: ModelStamp,
}

impl Evaluation {
    /// Counts a report.
    pub fn new(report: EvaluationReport, stamp: ModelStamp) -> Evaluation {
        let confusion = Confusion::new(report.classes.len(), &report.labels, &report.predicted);
        Evaluation { report, confusion, stamp }
    }

    /// Positions of the images behind a cell, the surest predictions first.
    pub fn indices(&self, cell: Cell) -> Vec<u32> {
        let pairs = self.report.labels.iter().zip(&self.report.predicted);
        let mut found: Vec<u32> = pairs
            .enumerate()
            .filter(|(_, (label, predicted))| {
                (usize::from(**label), usize::from(**predicted)) == (cell.label, cell.predicted)
            })
            .map(|(idx, _)| idx as u32)
            .collect();
        found.sort_by(|a, b| self.confidence(*b).total_cmp(&self.confidence(*a)));
        found
    }

    fn confidence(&self, index: u32) -> f32 {
        self.report.confidence.get(index as usize).copied().unwrap_or(0.0)
    }

    /// What an image was taken for, and with which probability.
    pub fn verdict(&self, index: u32) -> Option<(u8, f32)> {
        Some((*self.report.predicted.get(index as usize)?, self.confidence(index)))
    }
}

/// The open cell and its images as far as they were fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct CellImages {
    /// Which cell.
    pub cell: Cell,
    /// Positions of all its images, the surest predictions first.
    pub indices: Vec<u32>,
    /// The images fetched, in that order.
    pub tiles: Vec<Tile>,
    /// Why no more came.
    pub error: Option<WorkerError>,
    asked: Option<RunId>,
}

impl CellImages {
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

/// The page's state, which outlives the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvaluationState {
    /// How far the current evaluation is.
    pub work: Work,
    /// Why the last one failed.
    pub error: Option<WorkerError>,
    /// The last result; it stays while a new one is made.
    pub result: Option<Arc<Evaluation>>,
    /// The open cell of that result.
    pub open: Option<CellImages>,
    asked: Option<(RunId, ModelStamp)>,
}

impl EvaluationState {
    /// An evaluation was asked for.
    pub fn begin(&mut self, run: RunId, stamp: ModelStamp) {
        self.asked = Some((run, stamp));
        self.work = Work::Loading(None);
        self.error = None;
    }

    /// Takes an event of the evaluation; whether it was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> bool {
        let Some((run, stamp)) = self.asked.take_if(|(run, _)| *run == event.run()) else { return false };
        self.work = match event {
            WorkerEvent::LoadProgress { progress, .. } => Work::Loading(Some(progress)),
            WorkerEvent::Retrying { error, attempt, .. } => Work::Retrying { error, attempt },
            WorkerEvent::EvaluationProgress { done, total, .. } => Work::Evaluating { done, total },
            WorkerEvent::Evaluated { report, .. } => {
                self.result = Some(Arc::new(Evaluation::new(*report, stamp)));
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
        self.asked = Some((run, stamp));
        true
    }

    /// Opens a cell of the result; its images are still to be fetched.
    pub fn open(&mut self, cell: Cell) {
        let Some(result) = &self.result else { return };
        let indices = result.indices(cell);
        self.open = Some(CellImages { cell, indices, tiles: Vec::new(), error: None, asked: None });
    }

    /// Images of the open cell were asked for.
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
                open.tiles.extend(tiles(&images, |index| result.verdict(index)));
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
