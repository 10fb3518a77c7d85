//! `#/evaluation`: how well the model does on test images, and each of its mistakes.

mod csv;
mod evaluated;
mod reliability;
#[cfg(test)]
mod samples;
mod scene;
mod second;
mod setup;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use csv::{calibration_csv, classes_csv, images_csv, matrix_csv};
pub use evaluated::{Comparison, Evaluation, Listing, MOST_CLOSE, Place, Second};
pub use reliability::{ReliabilityWords, reliability};
pub use scene::{ClassRow, class_rows, sorted};
pub use second::{Source, of_file};
pub use setup::{Look, Setup, SortKey};
pub use state::{EvaluationState, OpenList, PAGE_IMAGES, Work};
#[cfg(feature = "ui")]
pub use view::EvaluationPage;
