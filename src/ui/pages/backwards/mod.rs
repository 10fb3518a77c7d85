//! `#/backwards`: the window of a convolution carries a gradient to the kernel and to the input. The way to the
//! input is a layer of its own, the transposed convolution, and that to the kernel of a strided convolution another,
//! the dilated one: both are shown by themselves.

mod code;
mod dilated;
mod dilated_code;
mod dilated_scene;
mod scene;
mod setup;
mod stack;
mod stack_scene;
mod state;
mod transposed;
#[cfg(feature = "ui")]
mod view;

pub use code::{gradients_to_csv, gradients_to_python, transposed_to_csv, transposed_to_python};
pub use dilated::{DilatedState, Spanned};
pub use dilated_code::{dilated_to_csv, dilated_to_python};
pub use dilated_scene::{DilatedPart, dilated_formulas, dilated_hit, dilated_scene};
pub use scene::{Part, hit, part_scene, transposed_hit, transposed_scene};
pub use setup::{BackPlace, BackSetup, View};
pub use stack::Stack;
pub use stack_scene::{field_formula, field_scene, plain_scene, row_hit, row_scene};
pub use state::{BackState, Check};
pub use transposed::TransposedState;
#[cfg(feature = "ui")]
pub use view::BackwardsPage;
