//! The Poisson loss: the mean over a row of `p − t·ln(p + 1e-7)`.

use serde::{Deserialize, Serialize};

use super::distances::mean_of;
use super::{EPSILON, LossDef, Reduction};
use crate::tensor::math;

/// Keras's `Poisson`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PoissonSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for PoissonSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| (p - t * math::ln(p + EPSILON), 1.0 - t / (p + EPSILON)))
    }
}
