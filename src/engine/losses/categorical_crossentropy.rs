//! Categorical cross-entropy: `loss = −Σ t·ln p` over the classes of a row.
//!
//! Two forms: of logits (`Σ t·(ln Σ e^z − z)`, gradient `p − t`, no clipping), and of outputs
//! without known logits: `p ← p/Σp`, clipped to `1e-7 ..= 1 − 1e-7`. With smoothing s over C classes
//! `t ← t·(1 − s) + s/C`. For C Keras takes the last axis, even where classes lie along another one.

use serde::{Deserialize, Serialize};

use super::{EPSILON, LossDef, Reduction, Takes};
use crate::engine::argument::{ArgumentError, check};
use crate::engine::layers::softmax;
use crate::tensor::math;

/// Keras's `CategoricalCrossentropy`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CategoricalCrossentropySpec {
    /// Whether the outputs are logits.
    pub from_logits: bool,
    /// 0..1, how much of each target is shared out among all classes.
    pub label_smoothing: f32,
    /// Where the classes lie.
    pub axis: i32,
    /// How rows become one number.
    pub reduction: Reduction,
}

impl Default for CategoricalCrossentropySpec {
    fn default() -> Self {
        Self { from_logits: false, label_smoothing: 0.0, axis: -1, reduction: Reduction::default() }
    }
}

impl LossDef for CategoricalCrossentropySpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn axis(&self) -> i32 {
        self.axis
    }

    fn takes(&self) -> Takes {
        Takes::SameShape
    }

    fn looks_for_logits(&self) -> bool {
        true
    }

    fn takes_logits(&self) -> bool {
        self.from_logits
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("label_smoothing", self.label_smoothing, 0.0, 1.0)
    }

    fn prepare_targets(&self, targets: &mut [f32], last: usize) {
        if self.label_smoothing > 0.0 {
            let share = self.label_smoothing / last as f32;
            for t in targets {
                *t = *t * (1.0 - self.label_smoothing) + share;
            }
        }
    }

    fn row(&self, row: &mut [f32], target: &[f32], are_logits: bool, scale: f32) -> f32 {
        if are_logits { of_logits(row, target, scale) } else { of_outputs(row, target, scale) }
    }
}

fn of_logits(row: &mut [f32], target: &[f32], scale: f32) -> f32 {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let ln_sum = math::ln(row.iter().map(|z| math::exp(z - max)).sum());
    let loss = row.iter().zip(target).map(|(z, t)| t * (ln_sum - (z - max))).sum();
    softmax(row);
    for (g, t) in row.iter_mut().zip(target) {
        *g = (*g - t) * scale;
    }
    loss
}

/// The gradient of a probability that was clipped is 0.
fn of_outputs(row: &mut [f32], target: &[f32], scale: f32) -> f32 {
    let sum: f32 = row.iter().sum();
    let is_inside = |p: f32| (EPSILON..=1.0 - EPSILON).contains(&p);
    let mut loss = 0.0;
    let mut inside = 0.0;
    for (raw, t) in row.iter().zip(target) {
        let p = raw / sum;
        loss -= t * math::ln(p.clamp(EPSILON, 1.0 - EPSILON));
        inside += if is_inside(p) { *t } else { 0.0 };
    }
    let all = inside * scale / sum;
    for (g, t) in row.iter_mut().zip(target) {
        let own = if *t != 0.0 && is_inside(*g / sum) { t * scale / *g } else { 0.0 };
        *g = if inside == 0.0 { -own } else { all - own };
    }
    loss
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keras 3.15.1 on TensorFlow: logits (0, 50), true class 0 gives 50, not 16.118.
    #[test]
    fn the_loss_of_logits_is_not_clipped() {
        let mut row = [0.0, 50.0];
        let loss = CategoricalCrossentropySpec::default().row(&mut row, &[1.0, 0.0], true, 1.0);
        assert_eq!((loss, row), (50.0, [-1.0, 1.0]));
    }

    #[test]
    fn the_loss_of_outputs_ends_at_16() {
        let mut row = [0.0, 1.0];
        let loss = CategoricalCrossentropySpec::default().row(&mut row, &[1.0, 0.0], false, 1.0);
        assert!((loss - 16.118_096).abs() < 1e-5, "{loss}");
        assert_eq!(row, [0.0, 0.0]);
    }
}
