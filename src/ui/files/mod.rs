//! Files of models: the two cards of the files page, and what other pages do with such files. Their state is in
//! [`pages::files`](super::pages::files).

mod courier;
mod formats;
mod go_on;
mod load;
mod outcome;
mod reading;
mod save;
mod words;

pub use courier::ask;
pub use formats::write_as;
pub use go_on::FileOffer;
pub use load::Load;
pub use reading::{current_run, read};
pub use save::{Save, Saving};
pub use words::{FileWords, title};
