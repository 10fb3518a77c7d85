//! The size of a convolution's result, with the numbers put into the formula.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{padding_formula, same_formula, valid_formula};
pub use state::{Axis, PadChoice, WINDOW};
#[cfg(feature = "ui")]
pub use view::SizeFormula;
