//! A grid to draw on, with the pointer or with the arrow keys.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{hit, pad_scene};
pub use state::{Drawing, Tool};
#[cfg(feature = "ui")]
pub use view::DrawingPad;
