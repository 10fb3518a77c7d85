//! The way in: what a machine gets when we show it a digit, and the three tasks.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{hit, patch_scene};
pub use state::{HomeState, PATCH};
#[cfg(feature = "ui")]
pub use view::HomePage;
