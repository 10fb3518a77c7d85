//! `#/device`: how fast this device trains and predicts, and with which of the two programs.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{EPOCH_IMAGES, Line, Time, Unit, lines, peak};
pub use state::DeviceState;
#[cfg(feature = "ui")]
pub use view::DevicePage;
