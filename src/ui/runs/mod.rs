//! Runs that are kept in the browser: what is kept ([`KeptRun`]), how it is written, compared and ordered,
//! and, with a browser, the storage itself and who holds a run.

#[cfg(feature = "ui")]
mod compare;
#[cfg(feature = "ui")]
mod details;
mod diff;
mod event_logs;
mod file;
#[cfg(feature = "ui")]
mod file_actions;
mod intake;
mod json;
#[cfg(feature = "ui")]
mod keeper;
mod kept_files;
// These two know the browser and no view, so that tests in a browser need not compile the views.
#[cfg(feature = "worker")]
pub mod lease;
mod made_files;
#[cfg(feature = "ui")]
mod made_view;
#[cfg(feature = "ui")]
mod manage;
#[cfg(feature = "ui")]
mod offer;
#[cfg(feature = "ui")]
mod opened;
mod order;
mod place;
#[cfg(feature = "ui")]
mod queue;
mod rates;
mod record;
#[cfg(feature = "ui")]
mod room;
#[cfg(test)]
pub mod samples;
#[cfg(feature = "ui")]
mod shelf;
#[cfg(feature = "worker")]
pub mod store;
#[cfg(feature = "ui")]
mod table;
#[cfg(feature = "ui")]
mod taking;
#[cfg(feature = "ui")]
mod words;
#[cfg(feature = "ui")]
mod writer;

#[cfg(feature = "ui")]
pub use compare::Comparison;
#[cfg(feature = "ui")]
pub use details::RunDetails;
pub use diff::{DiffRow, Fairness, diff, fairness};
pub use event_logs::{LogNote, LogPiece, MOST_LOG_BYTES, Pending};
pub use file::{RunFileError, SUFFIX, WholeRun, csv, from_bytes, to_bytes};
#[cfg(feature = "ui")]
pub use file_actions::{FileActions, FilesHint};
pub use intake::{Recognized, name_apart, recognize};
pub use json::{RunTextError, from_text, name_in, to_text};
#[cfg(feature = "ui")]
pub use keeper::{KeeperSignals, Lost, Removed, RunKeeper, Storage, Trouble};
pub use kept_files::{FileNote, MOST_FILE_BYTES, MOST_FILES, most_files};
pub use made_files::{MadeFile, Origin, lines, made_by, made_files};
#[cfg(feature = "ui")]
pub use made_view::CallbackFiles;
#[cfg(feature = "ui")]
pub use manage::{NoRuns, Removal, RoomFacts, RoomPromise, chosen};
#[cfg(feature = "ui")]
pub use offer::{ContinueOffer, GoOn, KeepingNotice};
pub use order::{SortKey, sort, to_remove};
pub use place::{Place, ProgressNote};
pub use rates::RateNote;
pub use record::{Device, Ending, KeptRun, Standing};
#[cfg(feature = "ui")]
pub use room::Room;
#[cfg(feature = "ui")]
pub use shelf::{Imported, Refusal};
#[cfg(feature = "ui")]
pub use table::RunTable;
#[cfg(feature = "ui")]
pub use words::{RunWords, run_words};
