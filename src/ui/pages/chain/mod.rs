//! `#/chain`: one image runs through a small stack of layers, and every cell shows which pixels it sees.

mod code;
mod field;
mod layer;
mod scene;
mod setup;
mod state;
mod trained;
#[cfg(feature = "ui")]
mod view;

pub use code::{to_csv, to_python};
pub use field::{Field, Geometry};
pub use layer::{ChainLayer, Pool, activation_name, activation_of, padding_name, padding_of};
pub use scene::{Cell, hit, map_scene, runs};
pub use setup::{ChainSetup, Kernels, Look};
pub use state::{ChainFault, ChainState, Map};
pub use trained::{Carried, Trained};
#[cfg(feature = "ui")]
pub use view::ChainPage;
