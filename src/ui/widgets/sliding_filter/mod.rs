//! A filter slides over every channel of an input, and each of its places writes one cell of each output map.

mod maps;
mod marks;
mod scene;
mod state;
mod tiles;
#[cfg(feature = "ui")]
mod view;

pub use maps::{maps_hit, maps_over, maps_scene};
pub use scene::{input_hit, input_over, input_scene};
pub use state::{Known, Scope, Spot, look_of};
pub use tiles::Tiles;
#[cfg(feature = "ui")]
pub use view::{FilterStage, Slide, StageWords};
