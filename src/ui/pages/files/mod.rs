//! `#/files`: the model to disk and back.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{FileSize, Unit, file_size};
pub use state::{FileKind, LoadState, MAX_BYTES, Picked, SaveState, Step};
#[cfg(feature = "ui")]
pub use view::FilesPage;
