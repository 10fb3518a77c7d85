//! [`TrainingState`]: what the page knows of the run. Every event of the worker goes through
//! [`TrainingState::apply`]; views only read.

use super::history::{Earlier, History};
use super::pace::{Plan, Position};
use super::rate::RateState;
use crate::data::DataError;
use crate::engine::callbacks::{CallbackAction, EarlyStoppingAction};
use crate::engine::event::{Logs, StopReason, TrainEvent};
use crate::engine::spec::{FitSpec, RunSpec};
use crate::protocol::{Crew, LoadProgress, RunId, RunState, WorkerError, WorkerEvent};
use crate::ui::callbacks::{Record, SavedFile};
use crate::ui::widgets::protocol_timeline::ProtocolState;

/// Where the run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing was started yet.
    #[default]
    Idle,
    /// Images are being fetched.
    Loading,
    /// It trains.
    Running,
    /// It rests.
    Paused,
    /// It is over; [`TrainingState::outcome`] says why, unless it was stopped before it began.
    Ended,
    /// It could not begin; [`TrainingState::error`] says why.
    Failed,
    /// The worker died while it ran.
    Interrupted,
}

impl Phase {
    /// Whether a run is going on.
    pub fn is_active(self) -> bool {
        matches!(self, Phase::Loading | Phase::Running | Phase::Paused)
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Why.
    pub reason: StopReason,
    /// Completed epochs.
    pub epochs: usize,
}

/// A file that is about to be asked for again.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// What went wrong.
    pub error: DataError,
    /// The attempt that follows, from 2.
    pub attempt: u32,
    /// Until then, in milliseconds.
    pub wait_ms: u32,
}

/// The run in progress, or the last one.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TrainingState {
    phase: Phase,
    run: Option<RunId>,
    job: Option<RunSpec>,
    load: LoadProgress,
    retry: Option<Retry>,
    error: Option<WorkerError>,
    plan: Plan,
    position: Position,
    running_ms: f64,
    /// Time of training before the run was interrupted, in milliseconds.
    before_ms: f64,
    /// Time of training when this epoch's first batch began, in milliseconds.
    epoch_began_ms: f64,
    images_per_second: Option<f64>,
    crew: Option<Crew>,
    history: History,
    rate: RateState,
    callbacks: Record,
    protocol: ProtocolState,
    first_new_line: u32,
    restored_epoch: Option<usize>,
    outcome: Option<Outcome>,
}

impl TrainingState {
    /// Forgets the last run and waits for the events of a new one.
    pub fn begin(&mut self, run: RunId, job: RunSpec) {
        let callbacks = Record::new(&job.fit.callbacks);
        let (phase, rate) = (Phase::Loading, RateState::of(&job));
        *self = Self { phase, run: Some(run), job: Some(job), rate, callbacks, ..Self::default() };
    }

    /// As [`TrainingState::begin`], for a run that goes on.
    pub fn resume(&mut self, run: RunId, job: RunSpec, earlier: &Earlier) {
        self.begin(run, job);
        self.history.recall(earlier);
        self.rate.changes = earlier.rate_changes;
        if self.rate.schedule.is_none() {
            self.rate.now = earlier.learning_rate.or(self.rate.now);
        }
        self.first_new_line = self.history.log.last().map_or(0, |line| line.id + 1);
        (self.before_ms, self.running_ms) = (earlier.running_ms, earlier.running_ms);
    }

    /// Puts files that a callback saved earlier on its shelf.
    pub fn put_on_shelf(&mut self, callback: usize, file: SavedFile) {
        self.callbacks.put_on_shelf(callback, file);
    }

    /// The reader wants another learning rate.
    pub fn ask_for_rate(&mut self, rate: f32) {
        self.rate.asked = Some(rate);
        self.rate.refusal = None;
    }

    /// The first line of the log that is not of an earlier part of the run.
    pub fn first_new_line(&self) -> u32 {
        self.first_new_line
    }

    /// Takes in what the worker tells; whether it is worth looking at the state again. Events of other runs
    /// are dropped.
    pub fn apply(&mut self, event: &WorkerEvent) -> bool {
        if self.run != Some(event.run()) || !self.phase.is_active() {
            return false;
        }
        match event {
            WorkerEvent::LoadProgress { progress, .. } => {
                self.load = *progress;
                self.retry = None;
            }
            WorkerEvent::Retrying { error, attempt, wait_ms, .. } => {
                self.retry = Some(Retry { error: error.clone(), attempt: *attempt, wait_ms: *wait_ms });
            }
            WorkerEvent::State { state, .. } => self.enter(*state),
            WorkerEvent::Crew { crew, .. } => self.crew = Some(*crew),
            WorkerEvent::Train { events, running_ms, .. } => {
                let before_ms = self.running_ms;
                self.running_ms = self.before_ms + *running_ms;
                for event in events {
                    self.hear(event, before_ms);
                }
            }
            WorkerEvent::Callbacks { states, .. } => self.callbacks.remember(states.clone()),
            WorkerEvent::Curves { batches, histograms, .. } => {
                self.history.curves.measure(batches, histograms);
                self.rate.measure(batches);
                // The events of the same time follow at once: one look is enough for both.
                return false;
            }
            WorkerEvent::LearningRateRefused { error, .. } => self.rate.refuse(error),
            WorkerEvent::Failed { error, .. } => {
                self.error = Some(error.clone());
                self.phase = Phase::Failed;
            }
            WorkerEvent::Died { .. } => self.phase = Phase::Interrupted,
            WorkerEvent::Ready { .. }
            | WorkerEvent::Pong { .. }
            | WorkerEvent::Loaded { .. }
            | WorkerEvent::Snapshot { .. }
            | WorkerEvent::Delivered { .. }
            | WorkerEvent::Checkpoints { .. }
            | WorkerEvent::EventFiles { .. }
            | WorkerEvent::Measured { .. }
            | WorkerEvent::EvaluationProgress { .. }
            | WorkerEvent::Evaluated { .. }
            | WorkerEvent::Predicted { .. }
            | WorkerEvent::Found { .. }
            | WorkerEvent::Images { .. }
            | WorkerEvent::Labels { .. }
            | WorkerEvent::Exported { .. }
            | WorkerEvent::ModelReady { .. } => return false,
        }
        true
    }

    fn enter(&mut self, state: RunState) {
        self.retry = None;
        self.phase = match state {
            RunState::Loading => Phase::Loading,
            RunState::Running => Phase::Running,
            RunState::Paused => Phase::Paused,
            RunState::Ended => Phase::Ended,
        };
    }

    fn hear(&mut self, event: &TrainEvent, before_ms: f64) {
        match event {
            TrainEvent::TrainBegin { epochs, steps_per_epoch, samples, validation_samples } => {
                let fit = self.job.as_ref().map(|job| FitSpec { epochs: *epochs, ..job.fit.clone() });
                let fit = fit.unwrap_or_default();
                self.plan = Plan::of(&fit, *steps_per_epoch, *samples, *validation_samples);
                self.position = Position { epoch: fit.initial_epoch, ..Position::default() };
            }
            TrainEvent::EpochBegin { epoch } => {
                self.position = Position { epoch: *epoch, ..Position::default() };
                self.epoch_began_ms = before_ms;
            }
            TrainEvent::BatchEnd { epoch, batch, .. } => {
                self.position = Position { epoch: *epoch, batches: batch + 1, validated: None };
                let spent_ms = self.running_ms - self.epoch_began_ms;
                let trained = self.plan.trained(self.position) as f64;
                self.images_per_second = (spent_ms > 0.0).then(|| trained * 1000.0 / spent_ms);
            }
            TrainEvent::TestBatchEnd { batch, batches, .. } => {
                self.position.validated = Some((batch + 1) as f64 / (*batches).max(1) as f64);
            }
            TrainEvent::EpochEnd { epoch, .. } => {
                self.position = Position { epoch: epoch + 1, ..Position::default() };
            }
            TrainEvent::CallbackActed { action, .. } => {
                if let CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch }) = action {
                    self.restored_epoch = Some(*best_epoch);
                }
            }
            TrainEvent::LearningRateSet { .. } => {}
            TrainEvent::TrainEnd { reason, epochs } => {
                self.outcome = Some(Outcome { reason: reason.clone(), epochs: *epochs });
            }
        }
        self.rate.hear(event);
        self.callbacks.hear(event);
        self.protocol.hear(event);
        self.history.push(event, self.phase == Phase::Paused);
    }

    /// Where the run stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Its conversation.
    pub fn run(&self) -> Option<RunId> {
        self.run
    }

    /// What it was started with.
    pub fn job(&self) -> Option<&RunSpec> {
        self.job.as_ref()
    }

    /// How far the images are.
    pub fn load(&self) -> LoadProgress {
        self.load
    }

    /// What is about to be tried again.
    pub fn retry(&self) -> Option<&Retry> {
        self.retry.as_ref()
    }

    /// Why it could not begin.
    pub fn error(&self) -> Option<&WorkerError> {
        self.error.as_ref()
    }

    /// What it is going to do.
    pub fn plan(&self) -> Plan {
        self.plan.clone()
    }

    /// How far it is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// How much of the work is done, 0..1; `None` before it begins.
    pub fn share_done(&self) -> Option<f64> {
        (self.plan.epochs > 0).then(|| self.plan.share_done(self.position))
    }

    /// How long the rest will take, in milliseconds.
    pub fn left_ms(&self) -> Option<f64> {
        self.plan.left_ms(self.position, self.running_ms)
    }

    /// Training images per second in this epoch.
    pub fn images_per_second(&self) -> Option<f64> {
        self.images_per_second
    }

    /// Who computes; nobody before the images are there.
    pub fn crew(&self) -> Option<Crew> {
        self.crew
    }

    /// Curves, epochs and log.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Its learning rate, and what the reader wants of it.
    pub fn rate(&self) -> &RateState {
        &self.rate
    }

    /// What its callbacks did and remember.
    pub fn callbacks(&self) -> &Record {
        &self.callbacks
    }

    /// Where in the protocol of callbacks it is.
    pub fn protocol(&self) -> &ProtocolState {
        &self.protocol
    }

    /// How it ended.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The epoch (from 0) whose values describe the weights that are there now, and these values.
    pub fn kept_epoch(&self) -> Option<(usize, &Logs)> {
        let epochs = &self.history.curves.epochs;
        let kept = match self.restored_epoch {
            Some(restored) => epochs.iter().find(|(epoch, _)| *epoch == restored),
            None => epochs.last(),
        };
        kept.map(|(epoch, logs)| (*epoch, logs))
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
