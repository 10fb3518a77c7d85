//! Keras's `UnitNorm`: `w/(ε + ‖w‖)`.

use serde::{Deserialize, Serialize};

use super::{Axes, Constraint, EPSILON};
use crate::engine::argument::ArgumentError;

/// Keras's argument and default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UnitNormSpec {
    /// Along which the norm is taken.
    pub axis: Axes,
}

impl Constraint for UnitNormSpec {
    fn apply(&self, extents: &[usize], values: &mut [f32]) {
        self.axis.scale(extents, values, |norm| 1.0 / (EPSILON + norm));
    }

    fn validate(&self, rank: usize) -> Result<(), ArgumentError> {
        self.axis.validate(rank)
    }
}
