//! The weights of one filter as fields to type into, to drag and to step; and all filters at a glance.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{bank_hit, bank_scene};
pub use state::{Drag, Way, is_tight, shown, stepped, whole};
#[cfg(feature = "ui")]
pub use view::{FilterBank, WeightEditor};
