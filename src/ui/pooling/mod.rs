//! The parts of the pooling page's view.

mod controls;
mod words;

pub use controls::{Controls, Numbers};
pub use words::{Arithmetic, Fault, Formula, sentence};

use super::components::Walk;
use super::context::{Shell, shell};
use super::guess::Guessed;
use super::pages::pooling::{PoolSetup, PoolState, fault};
use super::routes::Route;
use super::widgets::sliding_filter::Known;
use leptos::prelude::*;
use std::sync::Arc;

/// The settings as they stand in the address, and what follows from them.
#[derive(Clone, Copy)]
pub struct Lesson {
    pub shell: Shell,
    pub setup: Memo<PoolSetup>,
    /// What the settings lead to; when they lead to nothing, the last thing they did lead to.
    pub state: Memo<Arc<PoolState>>,
    /// Whether they do lead to something.
    pub works: Memo<bool>,
    pub walk: Walk,
    /// Whether the reader guesses each number before it is shown.
    pub is_guessing: RwSignal<bool>,
    guessed: RwSignal<Guessed<PoolState>>,
}

impl Lesson {
    pub fn open() -> Lesson {
        let shell = shell();
        let query = shell.query();
        let setup = Memo::new(move |_| PoolSetup::from_query(&query.read()).0);
        let works = Memo::new(move |_| fault(&setup.read()).is_none());
        let state = Memo::new(move |before: Option<&Arc<PoolState>>| {
            let now = PoolState::new(&setup.read()).ok().map(Arc::new);
            now.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(PoolState::first()))
        });
        let cells = Signal::derive(move || state.read().cells());
        let first = shell.query_untracked().parse("at").unwrap_or(0);
        let walk = Walk::new(cells, first);
        walk.follow_address(Memo::new(move |_| query.read().parse("at")));
        let (is_guessing, guessed) = (RwSignal::new(false), RwSignal::new(Guessed::default()));
        Lesson { shell, setup, state, works, walk, is_guessing, guessed }
    }

    /// The cells of the result that are shown, as far as the window has come to `reached`.
    pub fn known(self, reached: usize) -> Known {
        if self.is_guessing.get() {
            Known::Guessed(self.guessed.read().cells(&self.state.read()))
        } else {
            Known::First(reached + 1)
        }
    }

    /// The cell that is asked for: that of the window, or the next that was not guessed.
    pub fn asked(self) -> Option<usize> {
        let (state, stands) = (self.state.read(), self.walk.reached());
        self.guessed.read().asked(&state, state.output.values.len(), stands)
    }

    /// Shows the cell that was asked for and sends the window to the next one.
    pub fn reveal(self) {
        if let Some(idx) = untrack(|| self.asked()) {
            let state = self.state.get_untracked();
            self.guessed.update(|guessed| guessed.reveal(&state, idx));
            self.walk.go(untrack(|| self.asked()).unwrap_or(idx));
        }
    }

    /// Changes a setting.
    pub fn change(self, edit: impl FnOnce(&mut PoolSetup)) {
        let mut next = self.setup.get_untracked();
        edit(&mut next);
        let last = PoolState::new(&next).map_or(0, |state| state.output.values.len() - 1);
        self.walk.go(self.walk.position.get_untracked().min(last));
        self.shell.replace_query(Route::Pooling, next.to_query(self.walk.position.get_untracked()));
    }

    /// Writes the window's position into the address.
    pub fn keep(self) {
        let query = self.setup.get_untracked().to_query(self.walk.position.get_untracked());
        self.shell.replace_query(Route::Pooling, query);
    }
}
