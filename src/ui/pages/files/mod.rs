//! `#/files`: the model to disk and back.

mod fits;
mod further;
mod kind;
mod refusal;
mod save_state;
mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use fits::{Fit, FitOrigin, candidates};
pub use further::{Further, further};
pub use kind::{FileKind, Picked};
pub use refusal::Refusal;
pub use save_state::{SaveState, WriteState, Writing};
pub use scene::{FileSize, Unit, file_size};
pub use state::{LoadState, MAX_BYTES, Step};
#[cfg(feature = "ui")]
pub use view::FilesPage;
