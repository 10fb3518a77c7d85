//! The parts of the pooling page's view.

mod controls;
mod words;

pub use controls::{Controls, Numbers};
pub use words::{Arithmetic, Fault, Formula, sentence};

use super::components::Walk;
use super::context::{Shell, shell};
use super::pages::pooling::{PoolSetup, PoolState, fault};
use super::routes::Route;
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
}

impl Lesson {
    pub fn open() -> Lesson {
        let shell = shell();
        let setup = Memo::new(move |_| PoolSetup::from_query(&shell.location.read().query).0);
        let works = Memo::new(move |_| fault(&setup.read()).is_none());
        let state = Memo::new(move |before: Option<&Arc<PoolState>>| {
            let now = PoolState::new(&setup.read()).ok().map(Arc::new);
            now.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(PoolState::first()))
        });
        let cells = Signal::derive(move || state.read().cells());
        let first = shell.query_untracked().parse("at").unwrap_or(0);
        let walk = Walk::new(cells, first);
        walk.follow_address(Memo::new(move |_| shell.location.read().query.parse("at")));
        Lesson { shell, setup, state, works, walk }
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
