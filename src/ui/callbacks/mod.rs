//! Callbacks as the page shows them: their arguments one by one, what they have done, and a rehearsal in which
//! the engine's own callbacks are told of a run that was drawn by hand.

pub mod argument;
mod curve;
mod drafts;
mod hook;
mod record;
mod rehearsal;
mod scene;
pub mod schedule;
mod text;

#[cfg(feature = "ui")]
mod editor;
#[cfg(feature = "ui")]
mod form;
#[cfg(feature = "ui")]
mod help;
#[cfg(feature = "ui")]
mod live;
#[cfg(feature = "ui")]
mod paper;
#[cfg(feature = "ui")]
mod stand;
#[cfg(feature = "ui")]
mod theatre;

pub use curve::{Course, Curve, Metric};
pub use drafts::Drafts;
pub use hook::Hook;
pub use record::{Backup, Record, SavedFile, Track};
pub use rehearsal::{Fault, Moment, Rehearsal, TEST_BATCHES, rehearsal_context};
pub use scene::{Rates, rate_scene};
pub use text::{CallbacksTextError, MAX_CALLBACKS, callbacks_from_text, callbacks_to_text};

#[cfg(feature = "ui")]
pub use editor::{CallbackEditor, Remark, Stand};
#[cfg(feature = "ui")]
pub use form::CallbackForm;
#[cfg(feature = "ui")]
pub use help::{kind_error, text_error, what};
#[cfg(feature = "ui")]
pub use live::{LiveCallbacks, LiveProtocol};
#[cfg(feature = "ui")]
pub use paper::{Paper, PaperSettings};
#[cfg(feature = "ui")]
pub use stand::CallbackStand;
#[cfg(feature = "ui")]
pub use theatre::Theatre;
