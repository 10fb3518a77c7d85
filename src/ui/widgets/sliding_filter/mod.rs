//! A filter slides over an image, and the activation map grows cell by cell.

mod scene;
mod setup;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{FRAME, input_hit, input_scene, map_hit, map_scene};
pub use setup::Setup;
pub use state::{SlidingFilterState, Step};
#[cfg(feature = "ui")]
pub use view::{Slide, SlidingFilter};
