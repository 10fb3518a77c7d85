//! The protocol of `fit`: which hook of the callbacks is being called, in which loop, and who acts in it.

mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use scene::{StripText, strip_scene};
pub use state::ProtocolState;
#[cfg(feature = "ui")]
pub use view::ProtocolTimeline;
