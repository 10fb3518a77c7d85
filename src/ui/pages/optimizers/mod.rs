//! `#/optimizers`: optimizers race, over a surface of two numbers and with a real network.

mod code;
mod contour;
mod network;
mod race;
mod relay;
mod scene;
mod setup;
mod state;
mod surface;
#[cfg(feature = "ui")]
mod view;

pub use code::{to_csv, to_python};
pub use network::NetworkSetup;
pub use race::{Astray, Moment, Step, Trace};
pub use relay::{Heard, Relay};
pub use scene::{hit, race_scene, surface_scene, ways_scene};
pub use setup::{Lane, Setup, racer_name, short_name};
pub use state::{Course, RaceState, style};
pub use surface::{Region, Surface, SurfaceKind};
#[cfg(feature = "ui")]
pub use view::OptimizersPage;
