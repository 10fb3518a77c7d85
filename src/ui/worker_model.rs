//! [`WorkerModel`]: which model the worker holds, told from what it was asked and what it said.
//!
//! The worker keeps one model: that of the run in progress, else of the last run, else the last one
//! that came from a file. Pages read here what it is, how far it was trained, and whether it has
//! changed since they looked.

use crate::engine::callbacks::{CallbackAction, EarlyStoppingAction};
use crate::engine::event::TrainEvent;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::protocol::{RunId, RunState, WorkerEvent, WorkerRequest};

/// Where a model came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was trained on this page.
    Training,
    /// It was read from files.
    Files,
}

/// One state of one model: two equal stamps mean the same weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelStamp {
    /// The model's own name.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// Completed epochs; a file may not know them.
    pub epochs: Option<usize>,
    /// Counts the models that the worker has had.
    pub model: u32,
    /// Counts the changes of this model's weights.
    pub revision: u32,
}

/// The model in the worker.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelState {
    /// What it is.
    pub spec: ModelSpec,
    /// How it was or is trained, if that is known.
    pub job: Option<RunSpec>,
    /// Where it stands.
    pub stamp: ModelStamp,
    /// Whether its weights are changing now.
    pub is_training: bool,
    /// The run that trains it.
    run: Option<RunId>,
    /// The revision that was last written to disk.
    saved: Option<u32>,
}

/// How a state that was looked at compares with the model now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// The weights are the same.
    Same,
    /// The same model was trained on.
    TrainedOn,
    /// Another model has taken its place.
    Replaced,
    /// There is no model now.
    Gone,
}

impl ModelStamp {
    /// How this state compares with the model now.
    pub fn freshness(&self, now: Option<&ModelStamp>) -> Freshness {
        match now {
            None => Freshness::Gone,
            Some(now) if now.model != self.model => Freshness::Replaced,
            Some(now) if now.revision != self.revision => Freshness::TrainedOn,
            Some(_) => Freshness::Same,
        }
    }
}

impl ModelState {
    /// Whether training here made something that is in no file yet.
    pub fn is_unsaved(&self) -> bool {
        self.stamp.origin == Origin::Training
            && (self.stamp.revision > 0 || self.stamp.epochs.is_some_and(|epochs| epochs > 0))
            && self.saved != Some(self.stamp.revision)
    }
}

/// What is known of the worker's model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WorkerModel {
    /// The model, if there is one.
    pub current: Option<ModelState>,
    /// A run that was asked for and has not begun, since its images are being loaded, with the epochs that it
    /// has behind it.
    starting: Option<(RunId, RunSpec, usize)>,
    /// A model of a dead worker is on its way into a new one.
    restoring: Option<RunId>,
    num_models: u32,
}

impl WorkerModel {
    /// Takes note of a request; whether that changed anything.
    pub fn asked(&mut self, request: &WorkerRequest) -> bool {
        match request {
            WorkerRequest::Start { run, job, from, .. } => {
                let epochs = from.as_ref().map_or(0, |from| from.epochs);
                self.starting = Some((*run, (**job).clone(), epochs));
            }
            WorkerRequest::Restore { run, .. } => self.restoring = Some(*run),
            _ => return false,
        }
        true
    }

    /// Takes note of an event; whether that changed anything.
    pub fn heard(&mut self, event: &WorkerEvent) -> bool {
        match event {
            WorkerEvent::State { run, state } => self.entered(*run, *state),
            WorkerEvent::Train { run, events, .. } => self.trained(*run, events),
            WorkerEvent::ModelReady { run, model, job, epochs } => {
                let job = job.clone().map(|job| *job);
                let is_restored = self.restoring.take_if(|restoring| restoring == run).is_some();
                let origin = if is_restored { Origin::Training } else { Origin::Files };
                self.replace((**model).clone(), job, origin, *epochs, None);
                true
            }
            WorkerEvent::Died { .. } => {
                self.lost();
                true
            }
            _ => false,
        }
    }

    /// The worker is gone and its model with it.
    pub fn lost(&mut self) {
        *self = Self { num_models: self.num_models, ..Self::default() };
    }

    /// This state of the model was written to disk.
    pub fn saved(&mut self, stamp: &ModelStamp) {
        if let Some(current) = self.current.as_mut().filter(|current| current.stamp.model == stamp.model) {
            current.saved = Some(stamp.revision);
        }
    }

    /// The stamp of the model, if there is one.
    pub fn stamp(&self) -> Option<ModelStamp> {
        self.current.as_ref().map(|current| current.stamp.clone())
    }

    /// Whether a run was asked for and its images are being loaded.
    pub fn is_starting(&self) -> bool {
        self.starting.is_some()
    }

    fn replace(
        &mut self,
        spec: ModelSpec,
        job: Option<RunSpec>,
        origin: Origin,
        epochs: Option<usize>,
        run: Option<RunId>,
    ) {
        self.num_models += 1;
        let stamp =
            ModelStamp { name: spec.name.clone(), origin, epochs, model: self.num_models, revision: 0 };
        self.current = Some(ModelState { spec, job, stamp, is_training: false, run, saved: None });
    }

    fn entered(&mut self, run: RunId, state: RunState) -> bool {
        let begins = matches!(state, RunState::Running | RunState::Paused);
        let starting = self.starting.take_if(|(starting, ..)| begins && *starting == run);
        if let Some((_, job, epochs)) = starting {
            self.replace(job.model.clone(), Some(job), Origin::Training, Some(epochs), Some(run));
        }
        if state == RunState::Ended {
            // It failed or was stopped before it began; the model before it is still there.
            self.starting.take_if(|(starting, ..)| *starting == run);
        }
        let is_training = state == RunState::Running;
        match &mut self.current {
            Some(current) if current.run == Some(run) => current.is_training = is_training,
            _ => return false,
        }
        true
    }

    fn trained(&mut self, run: RunId, events: &[TrainEvent]) -> bool {
        let Some(current) = self.current.as_mut().filter(|current| current.run == Some(run)) else {
            return false;
        };
        let before = current.stamp.clone();
        for event in events {
            let changes_weights = matches!(
                event,
                TrainEvent::BatchEnd { .. }
                    | TrainEvent::CallbackActed {
                        action: CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { .. }),
                        ..
                    }
            );
            current.stamp.revision += u32::from(changes_weights);
            if let TrainEvent::EpochEnd { epoch, .. } = event {
                current.stamp.epochs = Some(epoch + 1);
            }
        }
        current.stamp != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;
    use crate::engine::presets::Preset;
    use crate::protocol::Snapshot;

    const RUN: RunId = RunId(3);

    fn job() -> RunSpec {
        RunSpec::new(Preset::Mlp.spec())
    }

    fn start(run: RunId) -> WorkerRequest {
        WorkerRequest::Start {
            run,
            job: Box::new(job()),
            paused: false,
            workers: None,
            from: None,
            graph: None,
        }
    }

    fn state(run: RunId, state: RunState) -> WorkerEvent {
        WorkerEvent::State { run, state }
    }

    fn train(events: Vec<TrainEvent>) -> WorkerEvent {
        WorkerEvent::Train { run: RUN, events, running_ms: 0.0 }
    }

    fn batch() -> TrainEvent {
        TrainEvent::BatchEnd { epoch: 0, batch: 0, batch_loss: 1.0, logs: Logs::default() }
    }

    fn file_model(run: RunId) -> WorkerEvent {
        WorkerEvent::ModelReady { run, model: Box::new(Preset::Lenet5.spec()), job: None, epochs: Some(2) }
    }

    fn trained() -> WorkerModel {
        let mut model = WorkerModel::default();
        model.asked(&start(RUN));
        model.heard(&state(RUN, RunState::Loading));
        assert_eq!(model.current, None, "until the images are there the worker has no such model");
        model.heard(&state(RUN, RunState::Running));
        model.heard(&train(vec![batch(), TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() }]));
        model
    }

    #[test]
    fn a_run_makes_a_model_that_changes_until_it_rests() {
        let mut model = trained();
        let running = model.current.clone().unwrap();
        assert!(running.is_training && running.is_unsaved());
        assert_eq!((running.stamp.epochs, running.stamp.revision), (Some(1), 1));
        model.heard(&state(RUN, RunState::Paused));
        assert!(!model.current.clone().unwrap().is_training);
        assert_eq!(model.stamp(), Some(running.stamp));
    }

    #[test]
    fn a_run_that_goes_on_has_the_epochs_behind_it() {
        let mut model = WorkerModel::default();
        let snapshot = Snapshot { job: job(), epochs: 4, params: Vec::new(), progress: None };
        let WorkerRequest::Start { run, job, paused, workers, graph, .. } = start(RUN) else {
            unreachable!()
        };
        let from = Some(Box::new(snapshot));
        model.asked(&WorkerRequest::Start { run, job, paused, workers, from, graph });
        model.heard(&state(RUN, RunState::Running));
        assert_eq!(model.stamp().unwrap().epochs, Some(4));
    }

    #[test]
    fn what_was_saved_counts_as_saved_until_it_changes() {
        let mut model = trained();
        let stamp = model.stamp().unwrap();
        model.saved(&stamp);
        assert!(!model.current.as_ref().unwrap().is_unsaved());
        model.heard(&train(vec![batch()]));
        assert!(model.current.as_ref().unwrap().is_unsaved());
        assert_eq!(stamp.freshness(model.stamp().as_ref()), Freshness::TrainedOn);
    }

    #[test]
    fn a_run_that_never_began_leaves_the_model_before_it() {
        let mut model = trained();
        let before = model.current.clone();
        model.asked(&start(RunId(9)));
        model.heard(&state(RunId(9), RunState::Ended));
        assert_eq!(model.current, before);
        assert!(!model.is_starting());
    }

    #[test]
    fn a_file_takes_the_place_of_what_was_there() {
        let mut model = trained();
        let before = model.stamp().unwrap();
        model.heard(&file_model(RunId(4)));
        model.heard(&state(RUN, RunState::Ended));
        let now = model.current.clone().unwrap();
        assert_eq!((now.stamp.origin, now.stamp.epochs), (Origin::Files, Some(2)));
        assert_eq!(before.freshness(Some(&now.stamp)), Freshness::Replaced);
        assert!(now.stamp.model > before.model && !now.is_unsaved());
    }

    #[test]
    fn a_dead_worker_has_no_model_and_a_new_one_gets_it_back() {
        let mut model = trained();
        model.heard(&WorkerEvent::Died { run: RunId(0), message: String::new() });
        assert_eq!(model.current, None);
        let snapshot = Snapshot { job: job(), epochs: 2, params: Vec::new(), progress: None };
        model.asked(&WorkerRequest::Restore { run: RunId(7), snapshot: Box::new(snapshot) });
        model.heard(&file_model(RunId(7)));
        let now = model.current.clone().unwrap();
        assert_eq!((now.stamp.origin, now.stamp.epochs), (Origin::Training, Some(2)));
        assert!(now.is_unsaved());
    }
}
