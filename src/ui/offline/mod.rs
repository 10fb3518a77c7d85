//! What works without a network on this device, and fetching the rest on purpose.

mod kept;
#[cfg(feature = "ui")]
mod shelf;
#[cfg(feature = "ui")]
mod view;

pub use kept::{Kept, kept};
#[cfg(feature = "ui")]
pub use view::OfflineFacts;
