//! The arithmetic of one output cell: for each channel the window, the weights and their products, then the sums,
//! the bias and the activation.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{SheetWords, products_scene};
pub use state::{Layout, Sheet};
#[cfg(feature = "ui")]
pub use view::ProductsView;
