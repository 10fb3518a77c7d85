//! Huber's loss: a square near 0, a line further out.

use serde::{Deserialize, Serialize};

use super::distances::{mean_of, sign};
use super::{LossDef, Reduction};
use crate::engine::argument::{ArgumentError, check};

/// Keras's `Huber`: the mean over a row of `½e²` where `|e| ≤ delta`, of `delta·|e| − ½·delta²`
/// elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HuberSpec {
    /// Where the square becomes a line, in units of the output.
    pub delta: f32,
    /// How rows become one number.
    pub reduction: Reduction,
}

impl Default for HuberSpec {
    fn default() -> Self {
        Self { delta: 1.0, reduction: Reduction::default() }
    }
}

impl LossDef for HuberSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("delta", self.delta, 0.0, f32::MAX)
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        let delta = self.delta;
        mean_of(row, target, scale, |t, p| {
            let e = p - t;
            if e.abs() <= delta {
                (0.5 * e * e, e)
            } else {
                (delta * e.abs() - 0.5 * delta * delta, delta * sign(e))
            }
        })
    }
}
