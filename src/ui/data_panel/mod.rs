//! What a student trains on, seen: which images of the files are used and as what, how many of each class,
//! the images themselves, and what random layers make of them.
//!
//! The page knows the classes of the images alone ([`LabelSet`](crate::protocol::LabelSet)), asks for the
//! images of one page at a time, and chooses with the engine's own
//! [`DataSpec::choose`](crate::engine::spec::DataSpec::choose), so that what is shown is what is used.

mod augment;
#[cfg(feature = "ui")]
mod augment_view;
#[cfg(feature = "ui")]
mod balance_view;
mod bars;
mod browse;
#[cfg(feature = "ui")]
mod browse_view;
#[cfg(feature = "ui")]
mod labels;
mod limits;
#[cfg(feature = "ui")]
mod panel;
mod parts;
mod strip;
#[cfg(feature = "ui")]
mod strip_view;
#[cfg(feature = "ui")]
mod words;

pub use augment::{VERSIONS, add, leading, range, versions, versions_scene};
pub use bars::{Bar, bars_scene};
pub use browse::{Browse, PixelRange, pixel_range, step};
pub use limits::{Typed, limit, read_limit, set_all, set_limit};
#[cfg(feature = "ui")]
pub use panel::{DataPanel, PanelDoor, panel_door};
pub use parts::{Part, Parts, counts_csv, file_size, is_usable};
pub use strip::{Stretch, StripText, ink, stretches, strip_scene};
