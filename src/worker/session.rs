//! What the worker keeps between requests.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use gloo_worker::{HandlerId, WorkerScope};

use super::crew::Crew;
use super::lab::Lab;
use super::probe_budget::ProbeBudget;
use super::training::Training;
use crate::data::{DatasetId, LabeledImages, Manifest};
use crate::engine::model::Sequential;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::engine::watch::WatchSpec;
use crate::formats::OptimizerState;
use crate::protocol::{RunId, WorkerError, WorkerEvent};

/// A dataset as far as it was fetched: the first images of either file.
pub struct LoadedData {
    /// Of the dataset.
    pub manifest: Manifest,
    /// From the start of the training file.
    pub train: Arc<LabeledImages>,
    /// From the start of the test file.
    pub test: Arc<LabeledImages>,
}

/// A model that came from a finished run, a file or a snapshot.
pub struct Kept {
    /// What it is.
    pub model: ModelSpec,
    /// All parameters in model order.
    pub params: Vec<f32>,
    /// How it was made, if that is known.
    pub job: Option<RunSpec>,
    /// Completed epochs, if that is known.
    pub epochs: Option<usize>,
    /// What training needs to go on, if that is known and asked for.
    pub optimizer: Option<OptimizerState>,
}

/// The worker's memory.
#[derive(Default)]
pub struct Session {
    /// By dataset.
    pub datasets: BTreeMap<DatasetId, LoadedData>,
    /// The run whose images are being loaded; a later start or a stop takes its place away.
    pub starting: Option<RunId>,
    /// The run in progress, or paused.
    pub training: Option<Training>,
    /// What is there when nothing trains.
    pub kept: Option<Kept>,
    /// What is measured while it trains.
    pub watch: WatchSpec,
    /// Who helps.
    pub crew: Crew,
    /// The measurement in progress; a later one, or a training, takes its place away.
    pub measuring: Option<RunId>,
    /// Of each kind of question about the model the one that is being answered.
    pub inspections: BTreeMap<u8, RunId>,
    /// How much these may take of a training's time.
    pub probe_budget: ProbeBudget,
}

/// A shared handle on the session and the way to the page.
#[derive(Clone)]
pub struct Context {
    /// Never borrowed across an `await`.
    pub session: Rc<RefCell<Session>>,
    scope: WorkerScope<Lab>,
    page: HandlerId,
}

impl Context {
    /// A handle for answers to `page`.
    pub fn new(session: Rc<RefCell<Session>>, scope: WorkerScope<Lab>, page: HandlerId) -> Self {
        Self { session, scope, page }
    }

    /// Tells the page.
    pub fn send(&self, event: WorkerEvent) {
        self.scope.respond(self.page, event);
    }
}

impl Session {
    /// Whether a training loads, runs or rests.
    pub fn is_training(&self) -> bool {
        self.starting.is_some() || self.training.as_ref().is_some_and(Training::goes_on)
    }

    /// A copy of the model as it is now, that of the run in progress first.
    ///
    /// # Errors
    /// [`WorkerError::NoModel`] before anything was trained or imported.
    pub fn current(&mut self) -> Result<Kept, WorkerError> {
        if let Some(training) = &mut self.training {
            return Ok(training.kept());
        }
        let kept = self.kept.as_ref().ok_or(WorkerError::NoModel)?;
        let (model, params) = (kept.model.clone(), kept.params.clone());
        Ok(Kept { model, params, job: kept.job.clone(), epochs: kept.epochs, optimizer: None })
    }

    /// What the training of the current model needs to go on, if that is known.
    pub fn optimizer(&self) -> Option<OptimizerState> {
        match &self.training {
            Some(training) => Some(training.optimizer()),
            None => self.kept.as_ref()?.optimizer.clone(),
        }
    }
}

impl Kept {
    /// Builds it.
    ///
    /// # Errors
    /// If its spec is not valid.
    pub fn build(&self) -> Result<Sequential, WorkerError> {
        Ok(Sequential::with_params(&self.model, self.params.clone())?)
    }
}
