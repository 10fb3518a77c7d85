//! Where a picture or a filter can be taken from, as plain data: a data set's images, a photo, the
//! layers of a trained network. The views are in `sources`.

mod photo;
mod prepared;
mod shelf;
mod trained;

pub use photo::{Framing, Photo};
pub use prepared::{Prepared, prepare};
pub use shelf::{Shelf, Tile, class_keys};
pub use trained::{Pick, TrainedLayer, trained_layers};
