//! What the network makes of the first test images: every class's probability.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{PredictionRow, prediction_scene};
pub use state::{Likeness, NUM_IMAGES, PredictionState, Predictions};
#[cfg(feature = "ui")]
pub use view::PredictionTable;
