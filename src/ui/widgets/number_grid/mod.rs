//! A small map of numbers: drawn as coloured cells, edited as a table of fields, read out as a table.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{Frame, Look, push_grid, push_mark, push_window};
pub use state::{NumberGrid, scale_of};
#[cfg(feature = "ui")]
pub use view::{GridEditor, GridTable};
