//! `#/backwards`: the window of a convolution carries a gradient to the kernel and to the input, and the
//! same way back is a layer of its own, the transposed convolution.

mod code;
mod scene;
mod setup;
mod state;
mod transposed;
#[cfg(feature = "ui")]
mod view;

pub use code::{gradients_to_csv, gradients_to_python, transposed_to_csv, transposed_to_python};
pub use scene::{Part, hit, part_scene, transposed_hit, transposed_scene};
pub use setup::{BackSetup, View};
pub use state::{BackState, Check};
pub use transposed::TransposedState;
#[cfg(feature = "ui")]
pub use view::BackwardsPage;
