//! A walk as a film: which positions it shows, how large it is, and the GIF. No browser here: the
//! pictures come as pixels.

mod colours;
mod gif_file;
mod plan;

pub use colours::{Colours, Tally};
pub use gif_file::GifFile;
pub use plan::{Plan, Size};
