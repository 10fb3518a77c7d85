//! The parts of the backwards page's view.

mod controls;
mod dilated;
mod gradients;
mod stack;
mod transposed;

pub use controls::{Controls, Numbers, view_name};
pub use dilated::Dilated;
pub use gradients::Gradients;
pub use stack::StackCard;
pub use transposed::Transposed;

use super::components::{Animation, SHEET, Walk};
use super::context::{Shell, shell};
use super::i18n::{Locale, use_i18n};
use super::pages::backwards::{BackPlace, BackSetup, BackState, DilatedState, Stack, TransposedState, View};
use super::routes::Route;
use super::scene::Scene;
use super::sheet::sheet;
use crate::engine::layers::LayerError;
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::sync::Arc;

/// The pictures of the view in force as they are now, for a file.
pub fn pictures(desk: Desk) -> Vec<(String, Scene)> {
    let i18n = use_i18n();
    let mut all = pictures_at(i18n, desk, untrack(|| desk.walk.settled()));
    if desk.setup.read_untracked().view == View::Dilated {
        all.extend(stack::pictures(i18n, desk));
    }
    all
}

fn pictures_at(i18n: I18nContext<Locale>, desk: Desk, position: usize) -> Vec<(String, Scene)> {
    match desk.setup.read_untracked().view {
        View::Gradients => gradients::pictures_at(i18n, desk, position),
        View::Transposed => transposed::pictures_at(i18n, desk, position),
        View::Dilated => dilated::pictures_at(i18n, desk, position),
    }
}

/// The whole walk of the view in force.
pub fn film(desk: Desk) -> Animation {
    let i18n = use_i18n();
    let count = Signal::derive(move || desk.walk.cells.get().iter().product());
    let frame = move |position| sheet(&pictures_at(i18n, desk, position), SHEET);
    Animation { count, frame: Callback::new(frame) }
}

/// The settings as they stand in the address, and what follows from them.
#[derive(Clone, Copy)]
pub struct Desk {
    pub shell: Shell,
    pub setup: Memo<BackSetup>,
    /// Why the settings lead to nothing in the view in force.
    pub fault: Memo<Option<LayerError>>,
    /// What the settings lead to; when they lead to nothing, the last thing they did lead to.
    pub state: Memo<Arc<BackState>>,
    pub transposed: Memo<Arc<TransposedState>>,
    /// As `state`.
    pub dilated: Memo<Arc<DilatedState>>,
    /// The weight that is looked at.
    pub weight: RwSignal<usize>,
    pub walk: Walk,
    /// The cell of the stack's result that is looked at.
    pub tops: Walk,
}

impl Desk {
    pub fn open() -> Desk {
        let shell = shell();
        let query = shell.query();
        let setup = Memo::new(move |_| BackSetup::from_query(&query.read()).0);
        let result = Memo::new(move |_| BackState::new(&setup.read()).map(Arc::new));
        let state = Memo::new(move |before: Option<&Arc<BackState>>| {
            let now = result.get().ok();
            now.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(BackState::first()))
        });
        let transposed = Memo::new(move |_| Arc::new(TransposedState::new(&setup.read())));
        let dilated_result = Memo::new(move |_| DilatedState::new(&setup.read()).map(Arc::new));
        let dilated = Memo::new(move |before: Option<&Arc<DilatedState>>| {
            let now = dilated_result.get().ok();
            now.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(DilatedState::first()))
        });
        let fault = Memo::new(move |_| match setup.read().view {
            View::Gradients => result.get().err(),
            View::Transposed => None,
            View::Dilated => dilated_result.get().err(),
        });
        let cells = Signal::derive(move || match setup.read().view {
            View::Gradients => state.read().cells(),
            View::Transposed => transposed.read().cells(),
            View::Dilated => dilated.read().cells(),
        });
        let place = BackPlace::from_query(&shell.query_untracked());
        let follow = |cells, name: &'static str, first| {
            let walk = Walk::new(cells, first);
            walk.follow_address(Memo::new(move |_| query.read().parse(name)));
            walk
        };
        let walk = follow(cells, "at", place.at);
        let tops = follow(Signal::stored([1, Stack::TOPS]), "top", place.top);
        let weight = RwSignal::new(place.weight);
        let given = Memo::new(move |_| query.read().parse::<usize>("weight"));
        Effect::new(move |before: Option<Option<usize>>| {
            let now = given.get();
            if let Some(idx) = now.filter(|_| before.is_some_and(|before| before != now)) {
                weight.set(idx);
            }
            now
        });
        Desk { shell, setup, fault, state, transposed, dilated, weight, walk, tops }
    }

    /// The weight that is looked at, within the kernel.
    pub fn weight(self) -> usize {
        self.weight.get().min(self.state.read().setup.kernel.values.len() - 1)
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
        let (at, top) = (self.walk.position.get_untracked(), self.tops.position.get_untracked());
        let place = BackPlace { at, weight: self.weight.get_untracked(), top };
        self.shell.replace_query(Route::Backwards, setup.to_query(place));
    }
}
