//! Kullback–Leibler divergence: `Σ t·ln(t/p)` over a row, both clipped to `1e-7 ..= 1`.

use serde::{Deserialize, Serialize};

use super::{EPSILON, LossDef, Reduction};
use crate::tensor::math;

/// Keras's `KLDivergence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KlDivergenceSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for KlDivergenceSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        let mut loss = 0.0;
        for (g, t) in row.iter_mut().zip(target) {
            let (t, p) = (t.clamp(EPSILON, 1.0), g.clamp(EPSILON, 1.0));
            loss += t * math::ln(t / p);
            *g = if p == *g { -t / p * scale } else { 0.0 };
        }
        loss
    }
}
