//! [`TrainingRun`]: the run in progress, which goes on while the reader visits other pages.

use leptos::prelude::*;

use crate::engine::spec::RunSpec;
use crate::protocol::{RunId, WorkerEvent, WorkerRequest};
use crate::ui::bridge::Bridge;
use crate::ui::browser::{remember, remembered};
use crate::ui::pages::training::{Phase, TrainingState};

/// No more workers can be chosen, however many cores there are.
pub const MOST_WORKERS: usize = 16;
const WORKERS: &str = "workers";

/// What the reader chose before; nothing that the list of choices could not hold.
fn kept_workers() -> Option<usize> {
    remembered(WORKERS)?.parse().ok().filter(|number| (1..=MOST_WORKERS).contains(number))
}

/// A `Copy` handle. The state is plain; one version signal says that it changed.
#[derive(Clone, Copy)]
pub struct TrainingRun {
    bridge: Bridge,
    state: StoredValue<TrainingState>,
    version: RwSignal<u32>,
    /// Whether a step was asked for that waits for the images.
    steps_first: StoredValue<bool>,
    /// How many workers the next run is to have; as many as pay, if the reader has not said. Kept on this device.
    pub workers: RwSignal<Option<usize>>,
}

impl TrainingRun {
    /// No run yet.
    pub fn new(bridge: Bridge) -> Self {
        Self {
            bridge,
            state: StoredValue::new(TrainingState::default()),
            version: RwSignal::new(0),
            steps_first: StoredValue::new(false),
            workers: RwSignal::new(kept_workers()),
        }
    }

    /// Takes the reader's choice of [`TrainingRun::workers`].
    pub fn choose_workers(self, number: Option<usize>) {
        self.workers.set(number);
        remember(WORKERS, &number.map_or(String::new(), |number| number.to_string()));
    }

    /// Reads the state and follows its changes.
    pub fn read<T>(self, read: impl FnOnce(&TrainingState) -> T) -> T {
        self.version.track();
        self.state.with_value(read)
    }

    /// Reads the state as it is now.
    pub fn read_untracked<T>(self, read: impl FnOnce(&TrainingState) -> T) -> T {
        self.state.with_value(read)
    }

    /// Where the run stands.
    pub fn phase(self) -> Memo<Phase> {
        Memo::new(move |_| self.read(TrainingState::phase))
    }

    /// Begins a run, after ending the one before.
    pub fn start(self, job: RunSpec) {
        self.begin(job, false);
    }

    /// Does one batch; without a run it begins one that waits after every batch.
    pub fn step(self, job: RunSpec) {
        if self.read_untracked(TrainingState::phase) == Phase::Paused {
            self.tell(|run| WorkerRequest::StepOnce { run });
        } else {
            self.begin(job, true);
        }
    }

    /// Rests after the current batch.
    pub fn pause(self) {
        self.tell(|run| WorkerRequest::Pause { run });
    }

    /// Goes on after a pause.
    pub fn resume(self) {
        self.tell(|run| WorkerRequest::Resume { run });
    }

    /// Ends the run; the weights stay as they are.
    pub fn stop(self) {
        self.tell(|run| WorkerRequest::Stop { run });
    }

    fn begin(self, job: RunSpec, paused: bool) {
        if let Some(before) = self.read_untracked(TrainingState::run) {
            self.bridge.forget(before);
        }
        self.steps_first.set_value(paused);
        let request = |run: RunId| {
            self.state.update_value(|state| state.begin(run, job.clone()));
            let workers = self.workers.get_untracked();
            WorkerRequest::Start { run, job: Box::new(job), paused, workers }
        };
        self.bridge.ask(request, move |event| self.hear(&event));
        self.version.update(|version| *version += 1);
    }

    fn hear(self, event: &WorkerEvent) {
        if self.state.try_update_value(|state| state.apply(event)) != Some(true) {
            return;
        }
        self.version.update(|version| *version += 1);
        let is_paused = self.read_untracked(TrainingState::phase) == Phase::Paused;
        if is_paused && self.steps_first.try_update_value(std::mem::take) == Some(true) {
            self.tell(|run| WorkerRequest::StepOnce { run });
        }
    }

    fn tell(self, request: impl FnOnce(RunId) -> WorkerRequest) {
        if let Some(run) = self.read_untracked(TrainingState::run) {
            self.bridge.send(request(run));
        }
    }
}
