//! [`Bridge`]: the only file that talks to the worker.
//!
//! A conversation begins with [`Bridge::ask`], which gives it a fresh [`RunId`] and a listener;
//! events with an id that nobody listens to are dropped. A worker that dies becomes
//! [`WorkerStatus::Dead`], and [`Bridge::restart`] starts another one and hands it the weights of
//! the last completed epoch.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use gloo_worker::{Spawnable, WorkerBridge};
use leptos::prelude::*;

use super::browser;
use super::builds;
use super::watchdog::{TICK_MS, Watchdog};
use super::worker_model::WorkerModel;
use crate::formats::SavedModel;
use crate::protocol::{Build, RunId, Snapshot, WorkerEvent, WorkerRequest};
use crate::worker::{Lab, Packed};

/// Where the worker's loader is if the page does not say.
const LOADER: &str = "worker_loader.js";

/// How the worker is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WorkerStatus {
    /// Its program is being loaded.
    #[default]
    Starting,
    /// It answers.
    Ready {
        /// Which program it is.
        build: Build,
    },
    /// It met a bug, ran out of memory or could not be loaded.
    Dead {
        /// Its last words, for a bug report; empty if it fell silent.
        message: String,
    },
}

type Listener = Rc<dyn Fn(WorkerEvent)>;

/// A handle on the worker; `Copy`, provided once in the app.
#[derive(Clone, Copy)]
pub struct Bridge {
    /// How the worker is.
    pub status: RwSignal<WorkerStatus>,
    /// Which program it is to be.
    pub build: RwSignal<Build>,
    /// Which model it holds.
    pub model: RwSignal<WorkerModel>,
    inner: StoredValue<Inner, LocalStorage>,
}

#[derive(Default)]
struct Inner {
    worker: Option<WorkerBridge<Lab>>,
    /// Which worker a message comes from; those of an earlier one are dropped. None was started at 0.
    generation: u32,
    last_run: u32,
    listeners: BTreeMap<RunId, Listener>,
    watchdog: Watchdog,
    /// Whether requests wait for the next picture on the screen, and those that do.
    is_holding: bool,
    held: Vec<WorkerRequest>,
    /// What the worker has told and not ended yet.
    parts: Vec<WorkerEvent>,
    snapshot: Option<Snapshot>,
    /// A model that the worker was asked to take.
    offered: Option<(RunId, Box<SavedModel>)>,
    /// The model that it took, if its model did not come from training.
    imported: Option<Box<SavedModel>>,
}

impl Bridge {
    /// Watches over a worker, which starts when it is first asked for something, or with [`Bridge::begin`].
    pub fn start() -> Self {
        let bridge = Self {
            status: RwSignal::new(WorkerStatus::Starting),
            build: RwSignal::new(builds::wanted()),
            model: RwSignal::default(),
            inner: StoredValue::new_local(Inner::default()),
        };
        let tick = set_interval_with_handle(move || bridge.tick(), Duration::from_millis(TICK_MS));
        on_cleanup(move || {
            if let Ok(tick) = tick {
                tick.clear();
            }
        });
        bridge
    }

    /// Starts the worker, unless one was started before.
    pub fn begin(self) {
        if self.inner.with_value(|inner| inner.generation == 0) {
            self.spawn();
        }
    }

    /// Begins a conversation: sends `request(run)` and hands every event of that run to `listener`.
    pub fn ask(
        self,
        request: impl FnOnce(RunId) -> WorkerRequest,
        listener: impl Fn(WorkerEvent) + 'static,
    ) -> RunId {
        self.begin();
        let run = self.inner.try_update_value(|inner| {
            inner.last_run += 1;
            let run = RunId(inner.last_run);
            inner.listeners.insert(run, Rc::new(listener));
            run
        });
        let run = run.unwrap_or_default();
        self.send(request(run));
        run
    }

    /// The same for work that takes every processor there is: it begins once the browser has shown what the page made of
    /// the question.
    pub fn ask_after_paint(
        self,
        request: impl FnOnce(RunId) -> WorkerRequest,
        listener: impl Fn(WorkerEvent) + 'static,
    ) -> RunId {
        self.inner.update_value(|inner| inner.is_holding = true);
        browser::after_paint(move || self.let_go());
        self.ask(request, listener)
    }

    /// Sends what was held back, in its order.
    fn let_go(self) {
        self.inner.try_update_value(|inner| {
            inner.is_holding = false;
            for request in std::mem::take(&mut inner.held) {
                inner.tell(request);
            }
        });
    }

    /// Says something more in a conversation.
    pub fn send(self, request: WorkerRequest) {
        self.begin();
        self.model.maybe_update(|model| model.asked(&request));
        self.inner.update_value(|inner| {
            if let WorkerRequest::Import { run, saved } = &request {
                inner.offered = Some((*run, saved.clone()));
            }
            if inner.is_holding {
                inner.held.push(request);
            } else {
                inner.tell(request);
            }
        });
    }

    /// Stops listening to a conversation.
    pub fn forget(self, run: RunId) {
        self.inner.update_value(|inner| {
            inner.listeners.remove(&run);
        });
    }

    /// Replaces a dead worker; its model, as of the last completed epoch or as it was read from
    /// files, goes to the new one.
    pub fn restart(self) {
        self.spawn();
        if let Some(saved) = self.inner.with_value(|inner| inner.imported.clone()) {
            self.ask(|run| WorkerRequest::Import { run, saved }, |_| ());
        } else if let Some(snapshot) = self.snapshot() {
            self.ask(|run| WorkerRequest::Restore { run, snapshot: Box::new(snapshot) }, |_| ());
        }
    }

    /// Puts a worker of the other program into this one's place, as if this one had died. The choice
    /// is kept on this device.
    pub fn choose(self, build: Build) {
        if self.build.get_untracked() == build {
            return;
        }
        builds::remember(build);
        self.build.set(build);
        self.mourn(String::new());
        self.restart();
    }

    /// The model at the end of the last completed epoch, which outlives the worker.
    pub fn snapshot(self) -> Option<Snapshot> {
        self.inner.with_value(|inner| inner.snapshot.clone())
    }

    /// Reads the model that came from a file or a kept run, if the worker's model did.
    pub fn with_imported<T>(self, read: impl FnOnce(&SavedModel) -> T) -> Option<T> {
        self.inner.with_value(|inner| inner.imported.as_deref().map(read))
    }

    fn spawn(self) {
        self.status.set(WorkerStatus::Starting);
        let generation = self.inner.try_update_value(|inner| {
            inner.worker = None;
            inner.held.clear();
            inner.parts.clear();
            inner.listeners.clear();
            inner.watchdog = Watchdog::default();
            inner.generation += 1;
            inner.generation
        });
        let path = builds::path(self.build.get_untracked()).unwrap_or_else(|| LOADER.to_owned());
        let path = browser::worker_address(path);
        let worker = Lab::spawner()
            .encoding::<Packed>()
            .with_loader(true)
            .as_module(false)
            .callback(move |event| self.hear(generation, event))
            .spawn(&path);
        self.inner.update_value(|inner| inner.worker = Some(worker));
    }

    fn hear(self, generation: Option<u32>, event: WorkerEvent) {
        let events = self.inner.try_update_value(|inner| {
            if Some(inner.generation) != generation {
                return Vec::new();
            }
            inner.watchdog.heard();
            // A log of epochs without their weights would be of no use once the worker is dead.
            match event {
                WorkerEvent::Delivered { .. } => std::mem::take(&mut inner.parts),
                event if is_part(&event) => {
                    inner.parts.push(event);
                    Vec::new()
                }
                event => vec![event],
            }
        });
        for event in events.unwrap_or_default() {
            self.take(event);
        }
    }

    fn take(self, event: WorkerEvent) {
        let listener = self.inner.try_update_value(|inner| {
            inner.keep(&event);
            inner.listeners.get(&event.run()).cloned()
        });
        let Some(listener) = listener else { return };
        self.model.maybe_update(|model| model.heard(&event));
        match event {
            WorkerEvent::Ready { build, .. } => self.status.set(WorkerStatus::Ready { build }),
            WorkerEvent::Died { message, .. } => self.mourn(message),
            event => {
                if let Some(listener) = listener {
                    listener(event);
                }
            }
        }
    }

    fn tick(self) {
        let has_begun = self.inner.with_value(|inner| inner.generation > 0);
        if !has_begun || matches!(self.status.get_untracked(), WorkerStatus::Dead { .. }) {
            return;
        }
        let is_dead = self.inner.try_update_value(|inner| inner.watchdog.tick());
        if is_dead == Some(true) {
            let is_missing = self.status.get_untracked() == WorkerStatus::Starting;
            self.mourn(String::new());
            // Without a network the fast program is there only where it was used before.
            if is_missing && self.build.get_untracked() == Build::Fast {
                self.build.set(Build::Reproducible);
                self.restart();
            }
        } else {
            self.send(WorkerRequest::Ping { run: RunId::default() });
        }
    }

    /// Every open conversation ends with [`WorkerEvent::Died`] of its own run.
    fn mourn(self, message: String) {
        let listeners = self.inner.try_update_value(|inner| {
            inner.worker = None;
            // Whatever the dead worker still says is not listened to.
            inner.generation += 1;
            std::mem::take(&mut inner.listeners)
        });
        self.model.update(WorkerModel::lost);
        for (run, listener) in listeners.into_iter().flatten() {
            listener(WorkerEvent::Died { run, message: message.clone() });
        }
        self.status.set(WorkerStatus::Dead { message });
    }
}

/// Whether it is a part of what [`WorkerEvent::Delivered`] ends.
fn is_part(event: &WorkerEvent) -> bool {
    matches!(
        event,
        WorkerEvent::Curves { .. }
            | WorkerEvent::Train { .. }
            | WorkerEvent::Callbacks { .. }
            | WorkerEvent::EventFiles { .. }
            | WorkerEvent::Snapshot { .. }
            | WorkerEvent::Checkpoints { .. }
    )
}

impl Inner {
    fn tell(&self, request: WorkerRequest) {
        if let Some(worker) = &self.worker {
            worker.send(request);
        }
    }

    /// Keeps what a new worker would need.
    fn keep(&mut self, event: &WorkerEvent) {
        match event {
            WorkerEvent::Snapshot { snapshot, .. } => {
                // A restart puts back the model alone, so what training needs to go on stays out.
                let Snapshot { job, epochs, params, .. } = &**snapshot;
                let (job, params) = (job.clone(), params.clone());
                self.snapshot = Some(Snapshot { job, epochs: *epochs, params, progress: None });
                self.imported = None;
            }
            WorkerEvent::ModelReady { run, .. } => {
                if let Some((_, saved)) = self.offered.take_if(|(offered, _)| offered == run) {
                    self.imported = Some(saved);
                }
            }
            _ => (),
        }
    }
}
