//! Keras's `RandomUniform`.

use serde::{Deserialize, Serialize};

use super::Initializer;
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::rng::Rng;

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RandomUniformSpec {
    /// Smallest value.
    pub minval: f32,
    /// Every value is below it; at least `minval`.
    pub maxval: f32,
    /// Of a stream of its own; without one, the model's.
    pub seed: Option<u64>,
}

impl Default for RandomUniformSpec {
    fn default() -> Self {
        Self { minval: -0.05, maxval: 0.05, seed: None }
    }
}

impl Initializer for RandomUniformSpec {
    fn fill(&self, _extents: &[usize], values: &mut [f32], rng: &mut Rng) {
        values.fill_with(|| rng.uniform(self.minval, self.maxval));
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("minval", self.minval, f32::MIN, f32::MAX)?;
        check("maxval", self.maxval, self.minval, f32::MAX)
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }
}
