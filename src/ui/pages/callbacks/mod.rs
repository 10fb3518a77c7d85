//! `#/callbacks`: a metric is drawn by hand, and the engine's callbacks show what they would do.

mod mark;
mod scene;
mod setup;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use mark::{Mark, mark};
pub use scene::{PaperText, paper_hit, paper_is_below, paper_scene};
pub use setup::{Look, Setup};
pub use state::TheatreState;
#[cfg(feature = "ui")]
pub use view::CallbacksPage;
