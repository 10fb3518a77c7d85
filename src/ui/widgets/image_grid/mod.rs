//! Small images, each with what it is and what the network took it for.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::image_scene;
pub use state::{Also, Tile, Verdict, tiles};
#[cfg(feature = "ui")]
pub use view::{ImageGrid, Thumbnail};
