//! [`CallbackError`]: why a callback cannot be built, with values and no sentence.

use serde::{Deserialize, Serialize};

use super::path_template::TemplateError;
use crate::engine::argument::ArgumentError;
use crate::engine::event::Monitor;
use crate::engine::schedules::ScheduleError;

/// What is wrong with a callback's arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum CallbackError {
    /// A number out of range.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    /// `mode='auto'` for a name that is not among the metrics.
    #[error("monitor {monitor} is not among the metrics, so mode must be min or max and not auto")]
    UnknownDirection {
        /// What was to be watched.
        monitor: Monitor,
    },
    /// The path says another kind of file than is to be saved.
    #[error("filepath must end in {}, got {filepath}", expected.join(" or "))]
    WrongSuffix {
        /// As given.
        filepath: String,
        /// The legal ends.
        expected: Vec<String>,
    },
    /// A path that cannot be filled in.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A separator that is not one character, or one that CSV needs for itself.
    #[error("{argument} must be one character other than a quote or a line end, got {got:?}")]
    NotOneCharacter {
        /// Keras's argument name.
        argument: String,
        /// As given.
        got: String,
    },
    /// A name that must not be empty.
    #[error("{argument} must not be empty")]
    Empty {
        /// Keras's argument name.
        argument: String,
    },
    /// `PiecewiseConstantDecay` needs a value before, between and after its boundaries.
    #[error("values must be one more than boundaries: expected {}, got {values}", boundaries + 1)]
    ValueCount {
        /// How many boundaries there are.
        boundaries: usize,
        /// How many values were given.
        values: usize,
    },
    /// The learning rate follows a schedule of the optimizer, so no callback can set it.
    #[error("the optimizer follows a learning rate schedule, so its learning rate cannot be set")]
    ScheduledLearningRate,
}

impl From<ScheduleError> for CallbackError {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::Argument(error) => Self::Argument(error),
            ScheduleError::ValueCount { boundaries, values } => Self::ValueCount { boundaries, values },
        }
    }
}
