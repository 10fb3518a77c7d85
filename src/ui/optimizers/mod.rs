//! The parts of the page where optimizers race.

mod charts;
mod controls;
mod network;
mod numbers;
mod racers;
mod relay;
mod results;
mod stage;
mod words;

pub use charts::Charts;
pub use controls::Controls;
pub use network::Network;
pub use numbers::Numbers;
pub use racers::Racers;
pub use stage::Ground;
pub use words::{Fate, surface_name};

use leptos::prelude::*;
use std::sync::Arc;

use super::components::once_quiet;
use super::context::{Shell, shell};
use super::history::{History, Moment};
use super::pages::optimizers::{Lane, RaceState, Setup, racer_name};
use super::routes::{Query, Route};

/// The signals of the race; a `Copy` handle.
#[derive(Clone, Copy)]
pub struct Track {
    pub shell: Shell,
    pub setup: RwSignal<Setup>,
    /// Everybody's way.
    pub state: Memo<Arc<RaceState>>,
    /// The step that is looked at.
    pub step: RwSignal<usize>,
    pub playing: RwSignal<bool>,
    /// The racer whose arrows and numbers are shown.
    pub chosen: RwSignal<usize>,
    /// Whether the last change was not made, as no link could hold it.
    pub is_full: RwSignal<bool>,
    history: RwSignal<History<Setup, usize>>,
    /// Writes the address once nothing has moved for a while.
    keep: Callback<()>,
}

fn step_of(query: &Query, setup: &Setup) -> usize {
    query.parse("at").unwrap_or(setup.steps).min(setup.steps)
}

impl Track {
    /// Reads the address and follows it.
    pub fn open() -> Track {
        let shell = shell();
        let query = shell.query_untracked();
        let first = Setup::from_query(&query).0;
        let step = RwSignal::new(step_of(&query, &first));
        let setup = RwSignal::new(first);
        let state = Memo::new(move |_| Arc::new(RaceState::new(setup.get())));
        let keep = once_quiet(move || {
            shell.replace_query(Route::Optimizers, setup.read_untracked().to_query(step.get_untracked()));
        });
        let track = Track {
            shell,
            setup,
            state,
            step,
            playing: RwSignal::new(false),
            chosen: RwSignal::new(0),
            is_full: RwSignal::new(false),
            history: RwSignal::default(),
            keep,
        };
        // A link to another race on the same page.
        Effect::new(move |before: Option<()>| {
            let location = shell.location.get();
            if before.is_some() && location.route == Some(Route::Optimizers) {
                let next = Setup::from_query(&location.query).0;
                let at = step_of(&location.query, &next);
                if *setup.read_untracked() != next {
                    setup.set(next);
                }
                if !track.playing.get_untracked() && step.get_untracked() != at {
                    step.set(at);
                }
            }
        });
        track
    }

    /// The step that is looked at, within the race.
    pub fn at(self) -> usize {
        self.step.get().min(self.setup.read().steps)
    }

    /// The chosen racer, within the list.
    pub fn racer(self) -> usize {
        self.chosen.get().min(self.setup.read().racers.len().saturating_sub(1))
    }

    /// Remembers how it is, to come back to it.
    pub fn note(self) {
        let (setup, place) = (self.setup.get_untracked(), self.step.get_untracked());
        self.history.update(|history| history.note(Moment { setup, place }));
    }

    /// Changes the race.
    pub fn edit(self, change: impl FnOnce(&mut Setup)) {
        let mut next = self.setup.get_untracked();
        change(&mut next);
        let next = self.held(next);
        self.is_full.set(!next.fits());
        if next == *self.setup.read_untracked() || !next.fits() {
            return;
        }
        self.note();
        self.take(next);
    }

    /// Moves the start while it is dragged or nudged: whoever begins that notes it.
    pub fn move_start(self, place: [f64; 2]) {
        let mut next = self.setup.get_untracked();
        next.begin_at(place);
        let next = self.held(next);
        if next != *self.setup.read_untracked() {
            self.take(next);
        }
    }

    /// A race as the teacher allows it.
    fn held(self, next: Setup) -> Setup {
        self.shell.held(next, |next| next.to_query(next.steps), |query| Setup::from_query(query).0)
    }

    fn take(self, next: Setup) {
        // Whoever looks at the end goes on looking at it.
        let (at, before, after) = (self.step.get_untracked(), self.setup.read_untracked().steps, next.steps);
        self.setup.set(next);
        if at > after || at == before {
            self.step.set(after);
        }
        self.keep.run(());
    }

    /// Stops and goes to a step.
    pub fn go(self, step: usize) {
        self.playing.set(false);
        self.step.set(step.min(self.setup.read_untracked().steps));
        self.keep.run(());
    }

    /// Stops and goes so many steps on, or back.
    pub fn go_by(self, steps: isize) {
        let at = self.step.get_untracked().min(self.setup.read_untracked().steps);
        self.go(at.saturating_add_signed(steps));
    }

    /// Starts or stops; from the last step it starts over.
    pub fn toggle(self) {
        let last = self.setup.read_untracked().steps;
        if !self.playing.get_untracked() && self.step.get_untracked() >= last {
            self.step.set(0);
        }
        self.playing.update(|playing| *playing = !*playing);
        self.keep.run(());
    }

    /// Hears that playing has reached the end.
    pub fn settle(self) {
        self.keep.run(());
    }

    /// Whether there are changes to take back, and to make again.
    pub fn steps_back(self) -> (bool, bool) {
        self.history.read().has()
    }

    /// Takes a change back, or makes it again.
    pub fn travel(self, is_back: bool) {
        let now = Moment { setup: self.setup.get_untracked(), place: self.step.get_untracked() };
        let found = self.history.try_update(|history| history.travel(is_back, now)).flatten();
        if let Some(Moment { setup, place }) = found {
            self.is_full.set(false);
            self.setup.set(setup);
            self.go(place);
        }
    }
}
