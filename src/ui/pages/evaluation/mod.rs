//! The page `#/evaluation`.

#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::EvaluationPage;
