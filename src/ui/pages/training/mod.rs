//! The page `#/training`: choose data, network and how it learns; watch it learn.

mod field;
mod history;
mod job;
mod pace;
mod query;
mod scene;
mod state;
#[cfg(feature = "ui")]
mod view;

pub use field::{Field, FieldBounds};
pub use history::{History, LogLine, is_notable};
pub use job::{
    FULL_SET, Problem, Subset, default_job, early_stopping, early_stopping_mut, preset, problems,
    set_early_stopping, set_optimizer,
};
pub use pace::{Duration, Plan, Position};
pub use query::{from_query, to_query};
pub use scene::{ChartNames, accuracy_chart, loss_chart};
pub use state::{Outcome, Phase, Retry, TrainingState};
#[cfg(feature = "ui")]
pub use view::TrainingPage;
