//! The negative cosine of the angle between target and output: `−Σ t·p / (|t|·|p|)` over a row.

use serde::{Deserialize, Serialize};

use super::{LossDef, Reduction};

/// Squared lengths below it count as it, as in Keras's `normalize`.
const SMALLEST: f32 = 1e-14;

/// Keras's `CosineSimilarity`: −1 where the directions agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CosineSimilaritySpec {
    /// The axis a vector lies along.
    pub axis: i32,
    /// How rows become one number.
    pub reduction: Reduction,
}

impl Default for CosineSimilaritySpec {
    fn default() -> Self {
        Self { axis: -1, reduction: Reduction::default() }
    }
}

impl LossDef for CosineSimilaritySpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn axis(&self) -> i32 {
        self.axis
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        let squares = |values: &[f32]| values.iter().map(|v| v * v).sum::<f32>();
        let own = squares(row);
        let lengths = own.max(SMALLEST).sqrt() * squares(target).max(SMALLEST).sqrt();
        let cosine = row.iter().zip(target).map(|(p, t)| p * t).sum::<f32>() / lengths;
        for (g, t) in row.iter_mut().zip(target) {
            let turned = if own >= SMALLEST { cosine * *g / own } else { 0.0 };
            *g = (turned - t / lengths) * scale;
        }
        -cosine
    }
}
