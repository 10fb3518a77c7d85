//! Keras's `TruncatedNormal`: normal, without what is more than two standard deviations away.

use serde::{Deserialize, Serialize};

use super::Initializer;
use super::normal::truncated_normal;
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::rng::Rng;

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TruncatedNormalSpec {
    /// Center of the distribution.
    pub mean: f32,
    /// Standard deviation before the cut, at least 0; after it, 0.8796 of that.
    pub stddev: f32,
    /// Of a stream of its own; without one, the model's.
    pub seed: Option<u64>,
}

impl Default for TruncatedNormalSpec {
    fn default() -> Self {
        Self { mean: 0.0, stddev: 0.05, seed: None }
    }
}

impl Initializer for TruncatedNormalSpec {
    fn fill(&self, _extents: &[usize], values: &mut [f32], rng: &mut Rng) {
        values.fill_with(|| self.mean + self.stddev * truncated_normal(rng));
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("mean", self.mean, f32::MIN, f32::MAX)?;
        check("stddev", self.stddev, 0.0, f32::MAX)
    }

    fn seed(&self) -> Option<u64> {
        self.seed
    }
}
