//! Keras's `Identity`: `gain` on the diagonal of a matrix and 0 elsewhere.

use serde::{Deserialize, Serialize};

use super::Initializer;
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::rng::Rng;

/// Keras's argument and default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentitySpec {
    /// What the diagonal holds.
    pub gain: f32,
}

impl Default for IdentitySpec {
    fn default() -> Self {
        Self { gain: 1.0 }
    }
}

impl Initializer for IdentitySpec {
    fn fill(&self, extents: &[usize], values: &mut [f32], _rng: &mut Rng) {
        values.fill(0.0);
        let columns = extents.last().copied().unwrap_or(1);
        values.chunks_mut(columns.max(1)).zip(0..columns).for_each(|(row, idx)| row[idx] = self.gain);
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("gain", self.gain, f32::MIN, f32::MAX)
    }

    fn ranks(&self) -> (usize, usize) {
        (2, 2)
    }
}
