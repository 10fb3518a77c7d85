//! The parts of the backwards page's view.

mod controls;
mod gradients;
mod transposed;

pub use controls::{Controls, Numbers};
pub use gradients::Gradients;
pub use transposed::Transposed;

use super::components::{Animation, SHEET, Walk};
use super::context::{Shell, shell};
use super::i18n::{Locale, use_i18n};
use super::pages::backwards::{BackSetup, BackState, TransposedState, View};
use super::routes::Route;
use super::scene::Scene;
use super::sheet::sheet;
use crate::engine::layers::LayerError;
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::sync::Arc;

/// The pictures of the view in force as they are now, for a file.
pub fn pictures(desk: Desk) -> Vec<(String, Scene)> {
    pictures_at(use_i18n(), desk, untrack(|| desk.walk.settled()))
}

fn pictures_at(i18n: I18nContext<Locale>, desk: Desk, position: usize) -> Vec<(String, Scene)> {
    match desk.setup.read_untracked().view {
        View::Gradients => gradients::pictures_at(i18n, desk, position),
        View::Transposed => transposed::pictures_at(i18n, desk, position),
    }
}

/// The whole walk of the view in force.
pub fn film(desk: Desk) -> Animation {
    let i18n = use_i18n();
    let count = Signal::derive(move || {
        let [rows, cols] = match desk.setup.read().view {
            View::Gradients => desk.state.read().cells(),
            View::Transposed => desk.transposed.read().cells(),
        };
        rows * cols
    });
    let frame = move |position| sheet(&pictures_at(i18n, desk, position), SHEET);
    Animation { count, frame: Callback::new(frame) }
}

/// The settings as they stand in the address, and what follows from them.
#[derive(Clone, Copy)]
pub struct Desk {
    pub shell: Shell,
    pub setup: Memo<BackSetup>,
    result: Memo<Result<Arc<BackState>, LayerError>>,
    /// What the settings lead to; when they lead to nothing, the last thing they did lead to.
    pub state: Memo<Arc<BackState>>,
    pub transposed: Memo<Arc<TransposedState>>,
    /// The weight that is looked at.
    pub weight: RwSignal<usize>,
    pub walk: Walk,
}

impl Desk {
    pub fn open() -> Desk {
        let shell = shell();
        let setup = Memo::new(move |_| BackSetup::from_query(&shell.location.read().query).0);
        let result = Memo::new(move |_| BackState::new(&setup.read()).map(Arc::new));
        let state = Memo::new(move |before: Option<&Arc<BackState>>| {
            let now = result.get().ok();
            now.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(BackState::first()))
        });
        let transposed = Memo::new(move |_| Arc::new(TransposedState::new(&setup.read())));
        let cells = Signal::derive(move || match setup.read().view {
            View::Gradients => state.read().cells(),
            View::Transposed => transposed.read().cells(),
        });
        let query = shell.query_untracked();
        let walk = Walk::new(cells, query.parse("at").unwrap_or(0));
        walk.follow_address(Memo::new(move |_| shell.location.read().query.parse("at")));
        let weight = RwSignal::new(query.parse("weight").unwrap_or(0));
        Desk { shell, setup, result, state, transposed, weight, walk }
    }

    /// The weight that is looked at, within the kernel.
    pub fn weight(self) -> usize {
        self.weight.get().min(self.state.read().setup.kernel.values.len() - 1)
    }

    /// Why the settings lead to no gradients.
    pub fn fault(self) -> Option<LayerError> {
        let is_shown = self.setup.read().view == View::Gradients;
        self.result.get().err().filter(|_| is_shown)
    }

    /// Changes a setting.
    pub fn change(self, edit: impl FnOnce(&mut BackSetup)) {
        let mut next = self.setup.get_untracked();
        edit(&mut next);
        self.write(&next);
    }

    /// Writes the window's position and the weight into the address.
    pub fn keep(self) {
        self.write(&self.setup.get_untracked());
    }

    fn write(self, setup: &BackSetup) {
        let (at, weight) = (self.walk.position.get_untracked(), self.weight.get_untracked());
        self.shell.replace_query(Route::Backwards, setup.to_query(at, weight));
    }
}
