//! The page `#/training`: choose data, network and how it learns; watch it learn.

mod faults;
mod field;
mod fit_field;
mod history;
mod job;
mod log_room;
mod model_text;
mod old_links;
mod pace;
mod query;
mod rate;
mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use faults::{CLASSES, CallbackFault, callback_faults, monitors};
pub use field::{Field, FieldBounds};
pub use fit_field::{FitField, balance_classes, class_counts, has_unknown_class};
pub use history::{Earlier, History, LogLine, is_notable};
pub use job::{FULL_SET, Problem, Subset, default_job, model_named, preset, problems, set_optimizer};
pub use log_room::{MOST_LINES, make_room};
pub use model_text::{MAX_LAYERS, model_from_text, model_to_text};
pub use pace::{Duration, Plan, Position};
pub use query::{from_query, to_query, too_long};
pub use rate::{RateFactor, RateProblem, RateState, read_rate, scaled_rate};
pub use scene::{quantities, run_chart};
pub use state::{Outcome, Phase, Retry, TrainingState};
#[cfg(feature = "ui")]
pub use view::TrainingPage;
