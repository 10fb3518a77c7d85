//! `#/pooling`: a window takes the greatest number, or the mean, of every place of a map.

mod axis;
mod code;
mod scene;
mod setup;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use axis::PoolAxis;
pub use code::{to_csv, to_python};
pub use scene::{Part, formula, hit, part_scene};
pub use setup::{PoolInput, PoolKind, PoolSetup};
pub use state::{PoolState, fault};
#[cfg(feature = "ui")]
pub use view::PoolingPage;
