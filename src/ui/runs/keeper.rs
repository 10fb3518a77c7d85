//! [`RunKeeper`]: keeps the run in progress at the end of each epoch, and hands kept runs out again.
//!
//! Training never waits for the storage: what is to be stored joins a queue, in which a newer state of a
//! run takes the place of an older one. What does not fit is said in [`KeeperSignals::trouble`].

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::event_logs::{LogPiece, Pending};
use super::lease::{self, Claim, Lease};
use super::queue::{Job, Queue};
use super::room::{self, Room};
use super::store::{DATABASE, Store, blocks, byte_block};
use super::writer::{Stored, trouble};
use super::{Device, Ending, KeptRun, Place, Standing, from_text};
use crate::engine::best_epoch::BestEpoch;
use crate::engine::event::TrainEvent;
use crate::engine::spec::RunSpec;
use crate::formats::tensorboard::Appended;
use crate::protocol::{Build, CheckpointFile, RunId, RunState, Snapshot, WorkerEvent};
use crate::ui::browser::sleep;

/// Until the second look at who trains, in ms.
const AGAIN_MS: u32 = 1500;

/// Whether runs can be kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Storage {
    /// Not known yet.
    #[default]
    Opening,
    /// They are.
    Ready,
    /// The browser lets us keep nothing.
    Missing,
}

/// How much of a run could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The newest files of `ModelCheckpoint`.
    Files,
    /// These files, and the weights of its best epoch.
    Best,
    /// All weights.
    Weights,
    /// Everything that is new.
    All,
}

/// What could not be kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// There is no room.
    Full {
        /// What is not kept.
        lost: Lost,
        /// Bytes that would be needed.
        needed: usize,
    },
    /// The browser's own words.
    Failed(String),
}

/// What was removed and can be put back.
#[derive(Clone)]
pub struct Removed {
    /// The runs.
    pub runs: Vec<Arc<KeptRun>>,
    pub(super) weights: Vec<[Option<Array>; 2]>,
    /// Of each run, the files of `ModelCheckpoint` with their names.
    pub(super) files: Vec<Vec<(String, Array)>>,
    /// Of each run, the pieces of the files of `TensorBoard` with their names and numbers.
    pub(super) logs: Vec<Vec<(String, usize, Array)>>,
}

/// A `Copy` handle, as small as a reference: the page has one keeper for as long as it lives.
#[derive(Clone, Copy)]
pub struct RunKeeper(&'static KeeperSignals);

/// What the keeper knows.
pub struct KeeperSignals {
    /// Every known run, newest first.
    pub runs: RwSignal<Vec<Arc<KeptRun>>>,
    /// Those that some tab trains.
    pub held: RwSignal<BTreeSet<String>>,
    /// Whether runs can be kept.
    pub storage: RwSignal<Storage>,
    /// How much room there is.
    pub room: RwSignal<Option<Room>>,
    /// What could not be kept.
    pub trouble: RwSignal<Option<Trouble>>,
    /// The run that trains in this tab.
    pub here: RwSignal<Option<String>>,
    /// The run that trains in this tab or was the last to do so.
    pub latest: RwSignal<Option<String>>,
    /// What was removed last.
    pub removed: RwSignal<Option<Removed>, LocalStorage>,
    pub(super) inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Default)]
pub(super) struct Inner {
    pub store: Option<Store>,
    active: Option<Active>,
    /// Taken for the run that is about to begin.
    pub lease: Option<Lease>,
    pub queue: Queue,
    pub is_writing: bool,
    /// What the storage holds of each run's weights.
    pub stored: BTreeMap<String, Stored>,
}

/// The run in this tab.
pub(super) struct Active {
    conversation: RunId,
    pub run: KeptRun,
    /// Whether the worker has begun.
    is_begun: bool,
    /// Time of training before it was taken up here, in ms.
    before_ms: f64,
    best: BestEpoch,
    last: Option<Array>,
    best_weights: Option<Array>,
    /// What files of `TensorBoard` got since they were last kept.
    pub pending: Pending,
    lease: Option<Lease>,
}

impl Deref for RunKeeper {
    type Target = KeeperSignals;

    fn deref(&self) -> &KeeperSignals {
        self.0
    }
}

impl RunKeeper {
    /// Opens the storage.
    pub fn start() -> Self {
        let signals = KeeperSignals {
            runs: RwSignal::default(),
            held: RwSignal::default(),
            storage: RwSignal::default(),
            room: RwSignal::default(),
            trouble: RwSignal::default(),
            here: RwSignal::default(),
            latest: RwSignal::default(),
            removed: RwSignal::new_local(None),
            inner: StoredValue::new_local(Inner::default()),
        };
        let keeper = Self(Box::leak(Box::new(signals)));
        spawn_local(async move {
            match Store::open(DATABASE).await {
                Ok(store) => {
                    keeper.inner.update_value(|inner| inner.store = Some(store));
                    keeper.refresh().await;
                    keeper.storage.set(Storage::Ready);
                    keeper.write();
                    // The page that was reloaded may give its run back a moment after this one has looked.
                    if keeper.held.with_untracked(|held| !held.is_empty()) {
                        sleep(AGAIN_MS).await;
                        keeper.refresh().await;
                    }
                }
                Err(_) => keeper.storage.set(Storage::Missing),
            }
        });
        // Another tab may have trained, renamed or removed runs meanwhile.
        let focus = window_event_listener(leptos::ev::focus, move |_| spawn_local(keeper.refresh()));
        on_cleanup(move || focus.remove());
        keeper
    }

    /// Looks again what is stored, who trains and how much room there is.
    pub async fn refresh(self) {
        let held = lease::held().await;
        if self.held.with_untracked(|before| *before != held) {
            self.held.set(held);
        }
        self.room.set(room::room().await);
        let Some(store) = self.inner.with_value(|inner| inner.store.clone()) else { return };
        let texts = match store.list().await {
            Ok(texts) => texts,
            Err(error) => return self.trouble.set(Some(trouble(error, Lost::All, 0))),
        };
        // A text of a later program is left alone, it is not ours to remove.
        let mut runs: Vec<_> = texts.iter().filter_map(|text| from_text(text).ok()).map(Arc::new).collect();
        self.inner.update_value(|inner| {
            let stored = |run: &Arc<KeptRun>| (run.id.clone(), Stored::of(run));
            inner.stored = runs.iter().map(stored).collect();
            let newer = inner.active.iter().map(|active| &active.run).chain(inner.queue.runs());
            for newer in newer {
                runs.retain(|run| run.id != newer.id);
                runs.push(Arc::new(newer.clone()));
            }
        });
        runs.sort_by(|a, b| b.created_ms.total_cmp(&a.created_ms));
        if self.runs.with_untracked(|before| *before != runs) {
            self.runs.set(runs);
        }
    }

    /// Where a run stands; follows its changes.
    pub fn standing(self, run: &KeptRun) -> Standing {
        let is_here = self.here.with(|here| here.as_deref() == Some(&run.id));
        run.standing(is_here, self.held.with(|held| held.contains(&run.id)))
    }

    /// A run by its id; follows its changes.
    pub fn run(self, id: &str) -> Option<Arc<KeptRun>> {
        self.runs.with(|runs| runs.iter().find(|run| run.id == id).cloned())
    }

    /// A conversation trains `job` now, from its beginning or from where `from` was; a new run may begin with
    /// the weights of a file, which has a name.
    pub fn begin(
        self,
        conversation: RunId,
        job: RunSpec,
        from: Option<KeptRun>,
        file: Option<String>,
        build: Build,
    ) {
        self.end_active(Ending::Stopped);
        let is_new = from.is_none();
        let run = from.unwrap_or_else(|| {
            let navigator = window().navigator();
            let agent = navigator.user_agent().unwrap_or_default();
            let device = Device { agent, cores: navigator.hardware_concurrency() as usize, build };
            let run = KeptRun::new(fresh_id(), job, device, js_sys::Date::now());
            KeptRun { began_from: file, ..run }
        });
        let id = run.id.clone();
        self.inner.update_value(|inner| {
            let (before_ms, best) = (run.running_ms, run.best_epoch());
            let lease = inner.lease.take();
            let (is_begun, last, best_weights, pending) = (false, None, None, Pending::default());
            inner.active = Some(Active {
                conversation,
                run,
                is_begun,
                before_ms,
                best,
                last,
                best_weights,
                pending,
                lease,
            });
        });
        self.here.set(Some(id.clone()));
        self.latest.set(Some(id.clone()));
        self.trouble.set(None);
        if is_new {
            spawn_local(async move {
                if let Claim::Granted(lease) = lease::claim(&id).await {
                    self.inner.update_value(|inner| {
                        if let Some(active) = inner.active.as_mut().filter(|active| active.run.id == id) {
                            active.lease = Some(lease);
                        }
                    });
                }
            });
        }
    }

    /// Takes note of what the worker says of the run in this tab.
    pub fn hear(self, event: &WorkerEvent) {
        let is_ours = self.inner.with_value(|inner| {
            inner.active.as_ref().is_some_and(|active| active.conversation == event.run())
        });
        if !is_ours {
            return;
        }
        match event {
            WorkerEvent::State { state: RunState::Running | RunState::Paused, .. } => {
                let is_first = self.with_active(|active| !std::mem::replace(&mut active.is_begun, true));
                if is_first == Some(true) {
                    self.keep(false, false);
                }
            }
            WorkerEvent::Train { events, running_ms, .. } => {
                self.with_active(|active| {
                    active.run.running_ms = active.before_ms + running_ms;
                    for event in events {
                        active.run.push(event);
                        if let TrainEvent::EpochEnd { epoch, logs } = event {
                            active.best.offer(*epoch, logs);
                        }
                    }
                });
            }
            WorkerEvent::Snapshot { snapshot, .. } => self.take(snapshot),
            WorkerEvent::Checkpoints { files, .. } => self.take_files(files),
            WorkerEvent::EventFiles { appended, .. } => self.take_logs(appended),
            WorkerEvent::State { state: RunState::Ended, .. } => self.end_active(Ending::Stopped),
            WorkerEvent::Died { .. } => self.end_active(Ending::Interrupted),
            _ => {}
        }
    }

    fn take(self, snapshot: &Snapshot) {
        let is_best = self.with_active(|active| {
            let is_best = snapshot.progress.is_some()
                && active.best.get().is_some_and(|(epoch, _)| epoch + 1 == snapshot.epochs);
            if is_best {
                active.best_weights = Some(blocks([&snapshot.params[..]]));
                active.run.best = Some(snapshot.epochs - 1);
            }
            // What a stop has left within an epoch is nothing to go on from.
            let is_last = snapshot.progress.is_some() || active.run.ending == Some(Ending::Finished);
            if is_last {
                let (place, parts) = Place::of(snapshot);
                active.last = Some(blocks(parts));
                active.run.last = Some(place);
            }
            (is_last, is_best)
        });
        if let Some((is_last, is_best)) = is_best {
            self.keep(is_last, is_best);
        }
    }

    /// `ModelCheckpoint` has saved these.
    fn take_files(self, files: &[CheckpointFile]) {
        let job = self.with_active(|active| {
            let mut job = Job::of(active.run.clone());
            for file in files {
                let gone = active.run.save(file);
                job.save(file.path.clone(), blocks(file.blocks()));
                job.forget_files(gone);
            }
            active.run.touched_ms = js_sys::Date::now();
            Job { run: active.run.clone(), ..job }
        });
        if let Some(job) = job {
            self.show(job.run.clone());
            self.inner.update_value(|inner| inner.queue.push(job));
            self.write();
        }
    }

    /// `TensorBoard` has logged these. They are kept with the next epoch, those of a new file at once.
    fn take_logs(self, appended: &[Appended]) {
        let is_due = self.with_active(|active| {
            let mut is_due = false;
            for appended in appended {
                is_due |= active.pending.push(appended.clone(), &active.run.logs);
            }
            is_due
        });
        if is_due == Some(true) {
            self.keep(false, false);
        }
    }

    /// The run in this tab is over.
    fn end_active(self, ending: Ending) {
        let active = self.inner.try_update_value(|inner| inner.active.take()).flatten();
        let Some(mut active) = active else { return };
        self.here.set(None);
        active.run.ending.get_or_insert(ending);
        active.run.touched_ms = js_sys::Date::now();
        let logs = log_blocks(active.pending.take(&mut active.run));
        if active.run.epochs.is_empty() && active.run.files.is_empty() {
            // Nothing was finished and nothing saved: there is nothing to keep.
            return self.forget(&active.run.id, active.lease);
        }
        self.show(active.run.clone());
        let Active { run, last, best_weights, lease, .. } = active;
        // In this tab the weights stay at hand until they are stored, or where nothing is.
        self.inner.update_value(|inner| {
            inner.queue.push(Job { last, best: best_weights, logs, lease, ..Job::of(run) });
        });
        self.write();
    }

    fn forget(self, id: &str, lease: Option<Lease>) {
        self.runs.update(|runs| runs.retain(|run| run.id != id));
        let ids = vec![id.to_owned()];
        self.inner.update_value(|inner| inner.queue.forget(id));
        if let Some(store) = self.inner.with_value(|inner| inner.store.clone()) {
            spawn_local(async move {
                // What stays shows as a run without epochs, which can be removed by hand.
                let _ = store.remove(&ids, None).await;
                drop(lease);
            });
        }
    }

    fn keep(self, with_last: bool, with_best: bool) {
        let job = self.with_active(|active| {
            active.run.touched_ms = js_sys::Date::now();
            let last = if with_last { active.last.clone() } else { None };
            let best = if with_best { active.best_weights.clone() } else { None };
            let logs = log_blocks(active.pending.take(&mut active.run));
            Job { last, best, logs, ..Job::of(active.run.clone()) }
        });
        if let Some(job) = job {
            self.show(job.run.clone());
            self.inner.update_value(|inner| inner.queue.push(job));
            self.write();
        }
    }

    /// Shows the newest state of a run in the list.
    pub(super) fn show(self, run: KeptRun) {
        self.runs.update(|runs| {
            let run = Arc::new(run);
            match runs.iter_mut().find(|known| known.id == run.id) {
                Some(known) => *known = run,
                None => runs.insert(0, run),
            }
        });
    }

    pub(super) fn with_active<T>(self, act: impl FnOnce(&mut Active) -> T) -> Option<T> {
        self.inner.try_update_value(|inner| inner.active.as_mut().map(act)).flatten()
    }
}

/// Pieces of files as blocks for the storage.
fn log_blocks(pieces: Vec<LogPiece>) -> Vec<(String, usize, Array)> {
    pieces.into_iter().map(|LogPiece { path, number, bytes }| (path, number, byte_block(&bytes))).collect()
}

/// Time and chance: no two tabs make the same.
pub(super) fn fresh_id() -> String {
    let chance = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:x}-{chance:08x}", js_sys::Date::now() as u64)
}
