//! The page `#/files`.

#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "ui")]
pub use view::FilesPage;
