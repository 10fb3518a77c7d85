//! The parts of the chain page's view.

mod linked;
mod stack;
mod words;

pub use linked::{LinkNote, MissingNetwork};
pub use stack::Stack;
pub use words::{Fault, Fields, level_name, sentence};

use super::components::Walk;
use super::context::{Shell, shell};
use super::history::{History, Moment};
use super::laboratory::laboratory;
use super::pages::chain::{Carried, ChainFault, ChainSetup, ChainState, Kernels, Look, Trained};
use super::routes::Route;
use super::sources::{Fetched, fetched_picture};
use super::worker_model::WorkerModel;
use crate::formats::SavedModel;
use crate::protocol::{WorkerEvent, WorkerRequest};
use leptos::prelude::*;
use std::sync::Arc;

/// What is known of the network that was trained here.
#[derive(Clone, Debug, PartialEq)]
pub enum Network {
    /// There is none.
    None,
    /// It is on its way.
    Loading,
    /// It has no convolution before places are lost.
    NoMaps,
    /// Its front.
    Ready(Arc<Trained>),
}

impl Network {
    /// Its front, where there is one.
    pub fn front(&self) -> Option<&Arc<Trained>> {
        if let Network::Ready(trained) = self { Some(trained) } else { None }
    }
}

/// The settings as they stand in the address, and what follows from them.
#[derive(Clone, Copy)]
pub struct Desk {
    pub shell: Shell,
    pub setup: Memo<ChainSetup>,
    /// The network of this browser, once it was asked for.
    pub network: RwSignal<Network>,
    history: RwSignal<History<ChainSetup, Look>>,
    /// The image, where it is one that has to be fetched.
    pub fetched: Fetched,
    result: Memo<Result<Arc<ChainState>, ChainFault>>,
    /// What the settings lead to; when they lead to nothing, the last thing they did lead to.
    pub state: Memo<Arc<ChainState>>,
    /// After how many layers the looked-at cell is.
    pub level: RwSignal<usize>,
    /// Which map it is in.
    pub channel: RwSignal<usize>,
    /// The cell, moving.
    pub walk: Walk,
}

impl Desk {
    pub fn open() -> Desk {
        let shell = shell();
        let network = RwSignal::new(Network::None);
        let query = shell.query();
        let setup = Memo::new(move |_| ChainSetup::from_query(&query.read()).0);
        let source = Memo::new(move |_| setup.read().source.clone());
        let fetched = fetched_picture(source.into());
        let result = Memo::new(move |_| {
            let network = network.read();
            ChainState::over(&setup.read(), network.front(), fetched.picture.read().as_ref()).map(Arc::new)
        });
        let state = Memo::new(move |before: Option<&Arc<ChainState>>| {
            let now = result.get().ok();
            now.or_else(|| before.cloned()).unwrap_or_else(|| Arc::new(ChainState::first()))
        });
        let look = ChainSetup::look(&shell.query_untracked(), &state.get_untracked().shapes());
        let level = RwSignal::new(look.level);
        let cells = Signal::derive(move || {
            let state = state.read();
            let [rows, cols, _] = state.maps[level.get().min(state.maps.len() - 1)].shape;
            [rows, cols]
        });
        let walk = Walk::new(cells, look.cell);
        let channel = RwSignal::new(look.channel);
        let history = RwSignal::new(History::default());
        let desk = Desk { shell, setup, network, history, fetched, result, state, level, channel, walk };
        desk.follow_network();
        desk.follow_address();
        desk
    }

    /// The cell that is looked at; `cell` says where the walk is.
    fn at(self, cell: usize) -> Look {
        let look = Look { level: self.level.get(), channel: self.channel.get(), cell };
        look.within(&self.state.read().shapes())
    }

    /// The cell that is shown.
    pub fn look(self) -> Look {
        self.at(self.walk.current())
    }

    /// The cell reached, held still while it moves.
    pub fn settled(self) -> Look {
        self.at(self.walk.settled())
    }

    /// Looks at another cell.
    pub fn pick(self, look: Look) {
        self.level.set(look.level);
        self.channel.set(look.channel);
        self.walk.go(look.cell);
    }

    /// Looks at the cell in the same place of another map or level.
    pub fn go_to(self, level: usize, channel: usize) {
        let state = self.state.get_untracked();
        let now = self.reached();
        let [rows, cols, _] = state.maps[now.level].shape;
        let level = level.min(state.maps.len() - 1);
        let [next_rows, next_cols, channels] = state.maps[level].shape;
        // The cell's middle, in parts of the map.
        let moved = |at: usize, from: usize, to: usize| ((2 * at + 1) * to / (2 * from)).min(to - 1);
        let row = moved(now.cell / cols, rows, next_rows);
        let col = moved(now.cell % cols, cols, next_cols);
        self.pick(Look { level, channel: channel.min(channels - 1), cell: row * next_cols + col });
    }

    /// Why the settings lead to nothing.
    pub fn fault(self) -> Option<ChainFault> {
        self.result.get().err()
    }

    /// Changes a setting.
    pub fn change(self, edit: impl FnOnce(&mut ChainSetup)) {
        let before = self.setup.get_untracked();
        let mut next = before.clone();
        edit(&mut next);
        if next != before {
            let before = Moment { setup: before, place: self.reached() };
            self.history.update(|history| history.note(before));
            self.write(&next);
        }
    }

    /// Changes where kernels come from. Those of a network are the ones of this browser, now and when it learns on.
    pub fn choose_kernels(self, kernels: Kernels) {
        let is_trained = kernels == Kernels::Trained;
        let network = self.network.get_untracked();
        let network = network.front().filter(|_| is_trained).map_or(Carried::Nothing, Carried::of);
        self.change(|setup| {
            setup.kernels = kernels;
            setup.network = network;
        });
    }

    /// The network whose maps are shown in the place of the stack.
    pub fn shown(self) -> Option<Arc<Trained>> {
        self.setup.read().shown(self.network.read().front()).cloned()
    }

    /// Whether the kernels came with a link.
    pub fn is_linked(self) -> bool {
        self.setup.read().is_linked(self.network.read().front())
    }

    /// Whether there are steps to take back, and to take again.
    pub fn steps(self) -> (bool, bool) {
        self.history.read().has()
    }

    /// Takes the last change back, or makes it again: the settings, and the cell that was looked at.
    pub fn travel(self, is_back: bool) {
        let now = Moment { setup: self.setup.get_untracked(), place: self.reached() };
        let found = self.history.try_update(|history| history.travel(is_back, now)).flatten();
        if let Some(Moment { setup, place }) = found {
            self.shell.replace_query(Route::Chain, setup.to_query(place));
            self.pick(place);
        }
    }

    /// Writes the looked-at cell into the address.
    pub fn keep(self) {
        self.write(&self.setup.get_untracked());
    }

    fn write(self, setup: &ChainSetup) {
        let (level, channel) = (self.level.get_untracked(), self.channel.get_untracked());
        let look = Look { level, channel, cell: self.walk.position.get_untracked() };
        self.shell.replace_query(Route::Chain, setup.to_query(look));
    }

    /// The cell reached, without following it.
    fn reached(self) -> Look {
        untrack(|| self.at(self.walk.position.get_untracked()))
    }

    /// Looks where the address says whenever that changes: by a link to another place of the same page.
    fn follow_address(self) {
        let query = self.shell.query();
        let given = Memo::new(move |_| query.read().get("look").map(str::to_owned));
        Effect::new(move |before: Option<Option<String>>| {
            let now = given.get();
            if now.is_some() && before.is_some_and(|before| before != now) {
                let shapes = self.state.get_untracked().shapes();
                let look = ChainSetup::look(&self.shell.query_untracked(), &shapes);
                if look != self.reached() {
                    self.pick(look);
                }
            }
            now
        });
    }

    /// Asks for the weights of the trained network when they are wanted, and again when they have changed. A link
    /// with a network in it wants none; one with a mark, to see whether it is this one.
    fn follow_network(self) {
        let bridge = laboratory().bridge;
        let wanted = Memo::new(move |_| {
            let model = bridge.model.read();
            let current = model.current.as_ref()?;
            let setup = self.setup.read();
            let is_other = matches!(setup.network, Carried::Whole(_)) && self.is_linked();
            let is_wanted = setup.kernels == Kernels::Trained && !is_other;
            is_wanted
                .then_some((current.stamp.model, (!current.is_training).then_some(current.stamp.revision)))
        });
        Effect::new(move |_| {
            if wanted.get().is_some() {
                self.ask();
            }
        });
    }

    fn ask(self) {
        let bridge = laboratory().bridge;
        if bridge.model.with_untracked(WorkerModel::stamp).is_none() {
            return;
        }
        self.network.update(|network| {
            if !matches!(network, Network::Ready(_)) {
                *network = Network::Loading;
            }
        });
        bridge.ask(
            |run| WorkerRequest::Export { run, optimizer: false },
            move |event| {
                bridge.forget(event.run());
                let network = match event {
                    WorkerEvent::Exported { saved, .. } => front(&saved),
                    _ => Network::None,
                };
                self.take(network);
            },
        );
    }

    /// Takes what the worker answered, into the address as well where the kernels follow this browser's network.
    fn take(self, network: Network) {
        // The page may have been left meanwhile.
        let Some(before) = self.network.try_get_untracked() else { return };
        let now = network.front().cloned();
        self.network.set(network);
        let setup = self.setup.get_untracked();
        if let Some(next) = now.and_then(|now| setup.following(before.front(), &now)) {
            self.write(&next);
        }
    }
}

/// The front of this network.
fn front(saved: &SavedModel) -> Network {
    let trained = Trained::of(&saved.model, &saved.params);
    trained.map_or(Network::NoMaps, |trained| Network::Ready(Arc::new(trained)))
}
