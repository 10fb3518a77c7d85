//! Curves over a common axis, such as loss and accuracy over epochs.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{ChartText, line_chart};
pub use state::{LineChartState, Role, Series};
#[cfg(feature = "ui")]
pub use view::LineChart;
