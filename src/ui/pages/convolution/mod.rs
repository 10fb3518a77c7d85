//! `#/convolution`: filters slide over an input, and every number on the way can be seen and changed.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{Names, sheet_parts};
pub use state::{Place, read_query};
#[cfg(feature = "ui")]
pub use view::ConvolutionPage;
