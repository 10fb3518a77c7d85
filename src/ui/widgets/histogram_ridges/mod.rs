//! How the numbers of one array are spread, epoch after epoch: a row of histograms one before the other.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{RidgeText, histogram_ridges};
pub use state::{Ridge, RidgesState};
#[cfg(feature = "ui")]
pub use view::HistogramRidges;
