//! Sizes and counts of a convolution, with the numbers put into the formulas.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{count_formulas, size_formulas};
pub use state::{Counts, side_padding};
#[cfg(feature = "ui")]
pub use view::SizeFormula;
