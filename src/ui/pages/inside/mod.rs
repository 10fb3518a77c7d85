//! `#/inside`: what the trained network saw in an image.

mod bars;
mod frames;
mod heat;
mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;
mod way;

pub use bars::shares_scene;
pub use frames::{Frame, Frames, SoftmaxRow, largest, softmax_rows};
pub use heat::{Heat, heat_of};
pub use scene::{
    MOST_CHANNELS, Plot, Toned, heat_scene, kernels_scene, maps_scene, points_scene, ring_scene, scale_scene,
    toned, units_scene,
};
pub use state::{Act, Asker, MapKind, Moment, Pace, Setup};
#[cfg(feature = "ui")]
pub use view::InsidePage;
pub use way::{PartOfWay, way_scene};
