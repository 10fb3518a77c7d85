//! The page `#/runs`: every kept run; compare, go on, open, take away, remove.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{Quantity, overlay};
pub use state::{Ask, RunsState};
#[cfg(feature = "ui")]
pub use view::RunsPage;
