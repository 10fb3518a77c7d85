//! Keras's `MinMaxNorm`: `w·(rate·clip(‖w‖, min_value, max_value) + (1 - rate)·‖w‖)/(ε + ‖w‖)`.

use serde::{Deserialize, Serialize};

use super::{Axes, Constraint, EPSILON};
use crate::engine::argument::{ArgumentError, check};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MinMaxNormSpec {
    /// The smallest norm, at least 0.
    pub min_value: f32,
    /// The largest norm, at least `min_value`.
    pub max_value: f32,
    /// How much of the way to the nearest legal norm each step goes, 0..1.
    pub rate: f32,
    /// Along which the norm is taken.
    pub axis: Axes,
}

impl Default for MinMaxNormSpec {
    fn default() -> Self {
        Self { min_value: 0.0, max_value: 1.0, rate: 1.0, axis: Axes::default() }
    }
}

impl Constraint for MinMaxNormSpec {
    fn apply(&self, extents: &[usize], values: &mut [f32]) {
        let Self { min_value, max_value, rate, .. } = *self;
        self.axis.scale(extents, values, |norm| {
            let clipped = norm.max(min_value).min(max_value);
            (rate * clipped + (1.0 - rate) * norm) / (EPSILON + norm)
        });
    }

    fn validate(&self, rank: usize) -> Result<(), ArgumentError> {
        check("min_value", self.min_value, 0.0, f32::MAX)?;
        check("max_value", self.max_value, self.min_value, f32::MAX)?;
        check("rate", self.rate, 0.0, 1.0)?;
        self.axis.validate(rank)
    }
}
