//! Curves over a common axis, such as loss and accuracy over epochs: smoothed, zoomed, read off and
//! compared.

mod axis;
mod frame;
mod look;
mod scene;
mod smoothing;
mod state;
mod thinning;
#[cfg(feature = "ui")]
mod view;

pub use axis::{tick_texts, ticks, value_text};
pub use frame::Frame;
pub use look::{Look, Reading, Readout, Window, fitted, moved, zoomed};
pub use scene::{ChartText, crosshair, legend, line_chart, push_sign};
pub use smoothing::{MOST_SMOOTHING, smoothed};
pub use state::{ChartMark, LineChartState, LineStyle, Marker, Role, Series};
pub use thinning::thinned;
#[cfg(feature = "ui")]
pub use view::{ChartLink, LineChart};
