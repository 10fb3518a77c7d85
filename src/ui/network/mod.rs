//! The parts of the network page's view.

mod cards;
mod code;
mod code_words;
mod palette;
mod totals;

pub use cards::{Layers, StartFrom};
pub use code::{Paste, Summary};
pub use code_words::CodeWords;
pub use palette::Palette;
pub use totals::Totals;

use super::context::{Shell, shell};
use super::history::{History, Moment};
use super::pages::network::{Edit, MAX_LAYERS, NetworkState, natural_place};
use super::routes::Route;
use super::training::Form;
use crate::engine::layers::LayerSpec;
use crate::engine::spec::{ModelSpec, RunSpec};
use leptos::prelude::*;

/// What is at hand: the layer whose arguments are shown, and before which layer the next one goes.
pub type AtHand = (Option<usize>, Option<usize>);

/// The model in the address, what follows from it, and what is at hand.
#[derive(Clone, Copy)]
pub struct Bench {
    pub form: Form,
    pub model: Memo<ModelSpec>,
    pub state: Memo<NetworkState>,
    /// Of the whole job: a pasted program changes more than its model.
    history: RwSignal<History<RunSpec, AtHand>>,
    /// The layer whose arguments are shown.
    pub open: RwSignal<Option<usize>>,
    /// Before which layer the next one goes; where it does by itself, if nowhere else.
    pub place: RwSignal<Option<usize>>,
    /// The layer that is being dragged.
    pub dragged: RwSignal<Option<usize>>,
    pub shell: Shell,
}

impl Bench {
    pub fn open() -> Bench {
        let form = Form::at(Route::Network);
        let model = Memo::new(move |_| form.job.read().model.clone());
        let batch_size = Memo::new(move |_| form.job.read().fit.batch_size);
        let state = Memo::new(move |_| NetworkState::of(&model.read(), batch_size.get()));
        let (history, open) = (RwSignal::new(History::default()), RwSignal::new(None));
        let (place, dragged) = (RwSignal::new(None), RwSignal::new(None));
        Bench { form, model, state, history, open, place, dragged, shell: shell() }
    }

    /// Makes a change; whether there was one to make, and room for it in the address.
    pub fn apply(self, edit: &Edit) -> bool {
        let now = self.form.job.get_untracked();
        let Some(model) = edit.apply(&now.model) else { return false };
        self.take(&RunSpec { model, ..now }, edit)
    }

    /// Takes another job, which `edit` made of this one; whether there is room for it in the address.
    pub fn take(self, next: &RunSpec, edit: &Edit) -> bool {
        let before = self.now();
        if *next == before.setup {
            return true;
        }
        // Cards that are made anew look at what is open.
        self.follow(edit);
        if !self.form.take(next) {
            let (open, place) = before.place;
            self.open.set(open);
            self.place.set(place);
            return false;
        }
        // What the address has no words for has changed nothing.
        if self.form.job.get_untracked() != before.setup {
            self.history.update(|history| history.note(before));
        }
        true
    }

    /// The job and what is at hand.
    fn now(self) -> Moment<RunSpec, AtHand> {
        let place = (self.open.get_untracked(), self.place.get_untracked());
        Moment { setup: self.form.job.get_untracked(), place }
    }

    /// What is open and where things go stays with its layer.
    fn follow(self, edit: &Edit) {
        let open = self.open.get_untracked();
        match *edit {
            Edit::Insert { at, .. } => {
                self.place.update(|place| *place = place.map(|it| if it >= at { it + 1 } else { it }));
                self.open.set(open.map(|open| if open >= at { open + 1 } else { open }));
            }
            Edit::Duplicate(at) => {
                self.open.set(open.map(|open| if open > at { open + 1 } else { open }));
                self.place.update(|place| *place = place.map(|it| if it > at { it + 1 } else { it }));
            }
            Edit::Remove(at) => {
                let stays = open.filter(|open| *open != at);
                self.open.set(stays.map(|open| if open > at { open - 1 } else { open }));
                self.place.update(|place| *place = place.map(|it| if it > at { it - 1 } else { it }));
            }
            Edit::Move { from, to } => {
                self.open.set(open.map(|open| moved(open, from, to)));
                self.place.update(|place| *place = place.map(|it| moved(it, from, to)));
            }
            Edit::Replace { .. } => {}
            Edit::Take(_) => {
                self.open.set(None);
                self.place.set(None);
            }
        }
    }

    /// Whether there are steps to take back, and to take again.
    pub fn steps(self) -> (bool, bool) {
        self.history.read().has()
    }

    /// Takes the last change back, or makes it again.
    pub fn travel(self, is_back: bool) {
        let now = self.now();
        let found = self.history.try_update(|history| history.travel(is_back, now)).flatten();
        if let Some(Moment { setup, place: (open, place) }) = found {
            self.open.set(open);
            self.place.set(place);
            self.form.take(&setup);
        }
    }

    /// Where a new layer goes.
    pub fn place_of(self, layer: &LayerSpec) -> usize {
        let model = self.model.read_untracked();
        let chosen = self.place.get_untracked().map(|place| place.min(model.layers.len()));
        chosen.unwrap_or_else(|| natural_place(&model, layer))
    }

    /// Whether there is room for no more layers.
    pub fn is_full(self) -> bool {
        self.model.read().layers.len() >= MAX_LAYERS
    }
}

/// Where a layer is once another one was moved.
fn moved(idx: usize, from: usize, to: usize) -> usize {
    if idx == from {
        to
    } else if from < idx && idx <= to {
        idx - 1
    } else if to <= idx && idx < from {
        idx + 1
    } else {
        idx
    }
}
