//! Choosing a picture or a filter: images of the data sets, a drawing, a photo, a trained network.
//! Nothing that is chosen leaves the device.

mod camera;
mod decode;
mod fetched;
mod photo;
mod picker;
mod samples;
mod trained;

pub use fetched::{Asking, AskingNote, FetchNote, Fetched, ask_images_at, fetched_picture};
pub use picker::{OtherSource, SourcePicker};
pub use trained::TrainedFilterPicker;
