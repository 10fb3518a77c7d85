//! The page `#/training`.

#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::TrainingPage;
