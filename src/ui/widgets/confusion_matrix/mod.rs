//! The confusion matrix as a table whose cells open the images behind them.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{CellLook, matrix_scene};
pub use state::{Cell, Direction, MatrixMode, MatrixState};
#[cfg(feature = "ui")]
pub use view::ConfusionMatrix;
