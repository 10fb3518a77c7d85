//! The two cards of the files page; their state is in [`pages::files`](super::pages::files).

mod load;
mod save;

pub use load::Load;
pub use save::{Save, Saving};
