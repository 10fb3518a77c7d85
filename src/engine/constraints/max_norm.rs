//! Keras's `MaxNorm`: `w·min(‖w‖, max_value)/(ε + ‖w‖)`.

use serde::{Deserialize, Serialize};

use super::{Axes, Constraint, EPSILON};
use crate::engine::argument::{ArgumentError, check};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaxNormSpec {
    /// The largest norm, at least 0.
    pub max_value: f32,
    /// Along which the norm is taken.
    pub axis: Axes,
}

impl Default for MaxNormSpec {
    fn default() -> Self {
        Self { max_value: 2.0, axis: Axes::default() }
    }
}

impl Constraint for MaxNormSpec {
    fn apply(&self, extents: &[usize], values: &mut [f32]) {
        self.axis.scale(extents, values, |norm| norm.min(self.max_value) / (EPSILON + norm));
    }

    fn validate(&self, rank: usize) -> Result<(), ArgumentError> {
        check("max_value", self.max_value, 0.0, f32::MAX)?;
        self.axis.validate(rank)
    }
}
