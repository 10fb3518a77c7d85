//! [`Context`]: what callbacks know of the run they are built for.

use super::improvement::{Direction, Directions};
use crate::engine::event::Monitor;
use crate::engine::schedules::LearningRateSpec;
use crate::engine::spec::RunSpec;

/// What callbacks are built for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Context {
    /// Of the metrics the model was compiled with.
    pub directions: Directions,
    /// Every weight of the model in its order.
    pub weights: Vec<WeightName>,
    /// Whether the learning rate follows a schedule of the optimizer and cannot be set.
    pub is_scheduled: bool,
}

/// A weight and where it lies in the flat parameter block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightName {
    /// Keras's: `sequential/conv2d_1/kernel`.
    pub path: String,
    /// First value.
    pub offset: usize,
    /// Row-major.
    pub extents: Vec<usize>,
}

impl Context {
    /// Of a run; without weights if its model cannot be built.
    pub fn of(run: &RunSpec) -> Self {
        let name = if run.model.name.is_empty() { "sequential" } else { &run.model.name };
        let weight = |param: crate::engine::spec::NamedParam| WeightName {
            path: format!("{name}/{}", param.path),
            offset: param.offset,
            extents: param.spec.extents,
        };
        Self {
            directions: Directions(vec![(Monitor::ACCURACY.name().to_owned(), Direction::Up)]),
            weights: run.model.params().unwrap_or_default().into_iter().map(weight).collect(),
            is_scheduled: matches!(run.compile.optimizer.learning_rate(), LearningRateSpec::Schedule(_)),
        }
    }
}
