//! [`TrainingRun`]: the run in progress, which goes on while the reader visits other pages.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::engine::spec::RunSpec;
use crate::engine::watch::WatchSpec;
use crate::formats::tensorboard;
use crate::protocol::{Progress, RunId, Snapshot, WorkerEvent, WorkerRequest};
use crate::ui::bridge::{Bridge, WorkerStatus};
use crate::ui::browser::{remember, remembered};
use crate::ui::callbacks::SavedFile;
use crate::ui::pages::training::{Earlier, Phase, TrainingState};
use crate::ui::runs::{KeptRun, Refusal, RunKeeper};

/// No more workers can be chosen, however many cores there are.
pub const MOST_WORKERS: usize = 16;
const WORKERS: &str = "workers";
const WATCH: &str = "watch";
const GRADIENT_NORM: &str = "gradient_norm";
const HISTOGRAMS: &str = "histograms";

/// What the reader chose before; nothing that the list of choices could not hold.
fn kept_workers() -> Option<usize> {
    remembered(WORKERS)?.parse().ok().filter(|number| (1..=MOST_WORKERS).contains(number))
}

/// What the reader wanted to be measured before.
fn kept_watch() -> WatchSpec {
    let kept = remembered(WATCH).unwrap_or_default();
    let has = |name| kept.split(' ').any(|known| known == name);
    WatchSpec { gradient_norm: has(GRADIENT_NORM), histograms: has(HISTOGRAMS) }
}

/// A `Copy` handle. The state is plain; one version signal says that it changed.
#[derive(Clone, Copy)]
pub struct TrainingRun {
    bridge: Bridge,
    keeper: RunKeeper,
    state: StoredValue<TrainingState>,
    version: RwSignal<u32>,
    /// Whether a step was asked for that waits for the images.
    steps_first: StoredValue<bool>,
    /// How many workers the next run is to have; as many as pay, if the reader has not said. Kept on this device.
    pub workers: RwSignal<Option<usize>>,
    /// Whether a kept run is being taken up: a second click must not take up another.
    pub is_taking_up: RwSignal<bool>,
    /// Why a kept run did not go on.
    pub refusal: RwSignal<Option<Refusal>>,
    /// What is measured beside the run. Kept on this device.
    pub watch: RwSignal<WatchSpec>,
}

/// What a run begins with.
enum Beginning {
    /// Fresh weights.
    Nothing,
    /// A kept run, where it was.
    Kept(Box<KeptRun>, Snapshot),
    /// A model from a file, which has this name.
    File(String, Snapshot),
}

impl TrainingRun {
    /// No run yet.
    pub fn new(bridge: Bridge, keeper: RunKeeper) -> Self {
        Self {
            bridge,
            keeper,
            state: StoredValue::new(TrainingState::default()),
            version: RwSignal::new(0),
            steps_first: StoredValue::new(false),
            workers: RwSignal::new(kept_workers()),
            is_taking_up: RwSignal::new(false),
            refusal: RwSignal::default(),
            watch: RwSignal::new(kept_watch()),
        }
    }

    /// Takes the reader's choice of [`TrainingRun::workers`].
    pub fn choose_workers(self, number: Option<usize>) {
        self.workers.set(number);
        remember(WORKERS, &number.map_or(String::new(), |number| number.to_string()));
    }

    /// Takes the reader's choice of [`TrainingRun::watch`]; a run that goes on hears of it at once.
    pub fn choose_watch(self, watch: WatchSpec) {
        self.watch.set(watch);
        let names = [(watch.gradient_norm, GRADIENT_NORM), (watch.histograms, HISTOGRAMS)];
        let names: Vec<_> = names.into_iter().filter(|(is_on, _)| *is_on).map(|(_, name)| name).collect();
        remember(WATCH, &names.join(" "));
        self.tell_watch();
    }

    fn tell_watch(self) {
        self.bridge.send(WorkerRequest::Watch { run: RunId::default(), watch: self.watch.get_untracked() });
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
        self.begin(job, false, Beginning::Nothing);
    }

    /// Begins a run with a model from a file, where its training was.
    pub fn go_on_from_file(self, job: RunSpec, from: Snapshot, name: String) {
        if matches!(*self.bridge.status.read_untracked(), WorkerStatus::Dead { .. }) {
            self.bridge.restart();
        }
        self.begin(job, false, Beginning::File(name, from));
    }

    /// Goes on with a kept run where it was, in a new worker if this one is dead.
    pub fn go_on(self, id: String) {
        if self.is_taking_up.get_untracked() {
            return;
        }
        self.is_taking_up.set(true);
        self.refusal.set(None);
        spawn_local(async move {
            let taken = self.keeper.take_up(&id).await;
            self.is_taking_up.set(false);
            match taken {
                Ok(from) => {
                    if matches!(*self.bridge.status.read_untracked(), WorkerStatus::Dead { .. }) {
                        self.bridge.restart();
                    }
                    let (kept, from) = from;
                    self.begin(kept.job.clone(), false, Beginning::Kept(Box::new(kept), from));
                }
                Err(refusal) => {
                    self.refusal.set(Some(refusal));
                    self.keeper.refresh().await;
                }
            }
        });
    }

    /// Does one batch; without a run it begins one that waits after every batch.
    pub fn step(self, job: RunSpec) {
        if self.read_untracked(TrainingState::phase) == Phase::Paused {
            self.tell(|run| WorkerRequest::StepOnce { run });
        } else {
            self.begin(job, true, Beginning::Nothing);
        }
    }

    /// Changes the learning rate from the next step on, whether it trains or rests.
    pub fn set_learning_rate(self, learning_rate: f32) {
        self.state.update_value(|state| state.ask_for_rate(learning_rate));
        self.version.update(|version| *version += 1);
        self.tell(|run| WorkerRequest::SetLearningRate { run, learning_rate });
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

    fn begin(self, job: RunSpec, paused: bool, from: Beginning) {
        if let Some(before) = self.read_untracked(TrainingState::run) {
            self.bridge.forget(before);
        }
        self.refusal.set(None);
        self.steps_first.set_value(paused);
        let (kept, file, from) = match from {
            Beginning::Nothing => (None, None, None),
            Beginning::Kept(kept, from) => (Some(*kept), None, Some(from)),
            Beginning::File(name, from) => (None, Some(name), Some(from)),
        };
        // Before the run begins, so that its very beginning is measured; the worker may be a new one.
        self.tell_watch();
        let request = |run: RunId| {
            self.state.update_value(|state| match &kept {
                Some(kept) => resume(state, run, kept, from.as_ref()),
                None => match from.as_ref().and_then(|from| from.progress.as_ref()) {
                    Some(Progress { steps, learning_rate, .. }) => {
                        let learning_rate = Some(*learning_rate);
                        let earlier = Earlier { steps: *steps, learning_rate, ..Earlier::default() };
                        state.resume(run, job.clone(), &earlier);
                    }
                    None => state.begin(run, job.clone()),
                },
            });
            let (graph, workers) = (tensorboard::graph(&job), self.workers.get_untracked());
            let (job, from) = (Box::new(job.clone()), from.map(Box::new));
            WorkerRequest::Start { run, job, paused, workers, from, graph }
        };
        let run = self.bridge.ask_after_paint(request, move |event| self.hear(&event));
        self.keeper.begin(run, job, kept, file, self.bridge.build.get_untracked());
        self.version.update(|version| *version += 1);
    }

    fn hear(self, event: &WorkerEvent) {
        self.keeper.hear(event);
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

/// Lets the page go on with what a kept run has said, and with the files that it has saved.
fn resume(state: &mut TrainingState, run: RunId, kept: &KeptRun, from: Option<&Snapshot>) {
    let progress = from.and_then(|from| from.progress.as_ref());
    let earlier = Earlier {
        log: &kept.log,
        forgotten: kept.forgotten_lines,
        running_ms: kept.running_ms,
        steps: progress.map_or(0, |progress| progress.steps),
        learning_rate: progress.map(|progress| progress.learning_rate),
        rate_changes: kept.rates.len(),
    };
    state.resume(run, kept.job.clone(), &earlier);
    for file in &kept.files {
        let (path, epoch, value, times) = (file.path.clone(), file.epoch, file.value, file.times);
        state.put_on_shelf(file.callback, SavedFile { path, epoch, value, times });
    }
}
