//! The filter's 25 weights: ready-made ones, and each cell to change.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{BlockStyle, grid, number_block};
pub use state::{Kernel, Preset};
#[cfg(feature = "ui")]
pub use view::KernelEditor;
