//! The training run as Leptos shows it: the handle in [`Laboratory`](super::laboratory::Laboratory),
//! the form, the controls, the log, and what is said on every page.
//!
//! What a run is and says is in [`pages::training`](super::pages::training), without a browser.

mod callback_list;
mod callback_words;
mod compile;
mod controls;
mod data;
mod field;
mod fit;
mod fit_words;
mod form;
mod log;
mod notices;
mod parts;
mod progress;
mod rate_controls;
mod result;
mod run;
mod summary;
mod words;
mod workers;

pub use controls::Controls;
pub use field::{ArgumentField, CheckField, ChoiceField};
pub use form::{Form, LinkFull, SetupForm};
pub use log::EventLog;
pub use notices::{RunVoice, WorkerAlert};
pub use progress::{LoadingProgress, RunProgress};
pub use rate_controls::RateControls;
pub use result::ResultCard;
pub use run::TrainingRun;
pub use summary::ModelSummary;
pub use words::{Words, words};
pub use workers::Workers;
