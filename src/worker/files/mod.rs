//! The worker that reads and writes files of models, a program of its own: see [`crate::protocol::FilesRequest`].

mod desk;
#[cfg(feature = "worker")]
mod start;

pub use desk::{read, write};
#[cfg(feature = "worker")]
pub use start::start;
