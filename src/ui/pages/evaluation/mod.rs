//! `#/evaluation`: how well the model does on test images, and each of its mistakes.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{ClassRow, class_rows};
pub use state::{CellImages, Evaluation, EvaluationState, PAGE_IMAGES, Setup, Work};
#[cfg(feature = "ui")]
pub use view::EvaluationPage;
