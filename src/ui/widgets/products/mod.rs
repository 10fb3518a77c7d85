//! The arithmetic of one position: 25 pixels, 25 weights, 25 products and their sum.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::products_scene;
pub use state::Products;
#[cfg(feature = "ui")]
pub use view::ProductsView;
