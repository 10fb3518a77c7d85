//! The parts of the neuron page's view.

mod controls;
mod descent;
mod network;
mod one;
mod plane;

pub use controls::Controls;
pub use descent::Descent;
pub use network::{NetworkView, network_pictures};
pub use one::{NeuronView, neuron_pictures};
pub use plane::{Plane, plane_picture};

use super::bench::{Bench, Shared};
use super::pages::neuron::{NeuronSetup, NeuronState};
use super::routes::{Query, Route};
use leptos::prelude::*;
use std::sync::Arc;

impl Shared for NeuronSetup {
    const ROUTE: Route = Route::Neuron;

    fn from_query(query: &Query) -> (NeuronSetup, Vec<&'static str>) {
        NeuronSetup::read(query)
    }

    fn to_query(&self) -> Query {
        self.write()
    }
}

/// The page's settings and what follows from them.
#[derive(Clone, Copy)]
pub struct Desk {
    pub bench: Bench<NeuronSetup>,
    pub state: Memo<Arc<NeuronState>>,
    /// The parameter, or input, that the keys move.
    pub chosen: RwSignal<usize>,
}

impl Desk {
    pub fn open() -> Desk {
        let bench: Bench<NeuronSetup> = Bench::open();
        let state = Memo::new(move |_| Arc::new(NeuronState::new(&bench.setup.read())));
        Desk { bench, state, chosen: RwSignal::new(2) }
    }
}
