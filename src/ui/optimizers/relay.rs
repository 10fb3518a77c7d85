//! [`NetworkRace`]: a worker of its own that trains the racers, so that the reader's network and training stay
//! as they are. It lives as long as the race does, and no longer than the page.

use std::time::Duration;

use leptos::prelude::*;

use crate::engine::spec::RunSpec;
use crate::protocol::{WorkerEvent, WorkerRequest};
use crate::ui::bridge::Bridge;
use crate::ui::pages::optimizers::{Heard, Relay};

/// A `Copy` handle. The state is plain; one version signal says that it changed.
#[derive(Clone, Copy)]
pub struct NetworkRace {
    relay: StoredValue<Relay>,
    version: RwSignal<u32>,
    /// The page, which a worker must not outlive.
    page: StoredValue<Option<Owner>>,
    /// The worker with all that belongs to it.
    worker: StoredValue<Option<(Owner, Bridge)>>,
}

impl NetworkRace {
    /// No race yet.
    pub fn open() -> NetworkRace {
        let race = NetworkRace {
            relay: StoredValue::default(),
            version: RwSignal::new(0),
            page: StoredValue::new(Owner::current()),
            worker: StoredValue::new(None),
        };
        on_cleanup(move || race.dismiss());
        race
    }

    /// Reads the state and follows its changes.
    pub fn read<T>(self, read: impl FnOnce(&Relay) -> T) -> T {
        self.version.track();
        self.relay.with_value(read)
    }

    /// Begins a race, after ending the one before.
    pub fn start(self, runs: Vec<RunSpec>) {
        self.dismiss();
        let Some(page) = self.page.get_value() else { return };
        let owner = page.child();
        let bridge = owner.with(Bridge::start);
        self.worker.set_value(Some((owner, bridge)));
        self.relay.set_value(Relay::new(runs));
        self.begin_next(bridge);
    }

    /// Ends the race; what was measured stays.
    pub fn stop(self) {
        self.relay.update_value(Relay::stop);
        self.version.update(|version| *version += 1);
        self.dismiss();
    }

    fn begin_next(self, bridge: Bridge) {
        let Some(job) = self.relay.with_value(Relay::waiting) else {
            // Not at once: this is heard from the worker itself.
            set_timeout(move || self.dismiss(), Duration::ZERO);
            return;
        };
        let request = |run| {
            self.relay.update_value(|relay| relay.begin_next(run));
            // One worker each, so that their speeds can be compared.
            WorkerRequest::Start {
                run,
                job: Box::new(job),
                paused: false,
                workers: Some(1),
                from: None,
                graph: None,
            }
        };
        bridge.ask(request, move |event| self.hear(bridge, &event));
        self.version.update(|version| *version += 1);
    }

    fn hear(self, bridge: Bridge, event: &WorkerEvent) {
        // The page may have been left meanwhile.
        let heard = self.relay.try_update_value(|relay| relay.apply(event)).unwrap_or(Heard::Nothing);
        match heard {
            Heard::Nothing => {}
            Heard::Moved => self.version.update(|version| *version += 1),
            Heard::Through => {
                self.version.update(|version| *version += 1);
                if self.relay.with_value(Relay::is_interrupted) {
                    set_timeout(move || self.dismiss(), Duration::ZERO);
                } else {
                    self.begin_next(bridge);
                }
            }
        }
    }

    /// Lets the worker go.
    fn dismiss(self) {
        if let Some((owner, _)) = self.worker.try_update_value(Option::take).flatten() {
            owner.cleanup();
        }
    }
}
