//! Categorical cross-entropy against class numbers: `loss = ln Σ e^z − z[class]`.
//!
//! Outputs without known logits are clipped to `1e-7 ..= 1 − 1e-7` and `z = ln p`; unlike the
//! one-hot form, clipping comes before the division by the sum. Rows of `ignore_class` count
//! nothing; with it TensorFlow loses sight of the logits behind the outputs.

use serde::{Deserialize, Serialize};

use super::{EPSILON, LossDef, Reduction, Takes};
use crate::engine::layers::softmax;
use crate::tensor::{Buffer, math};

/// Keras's `SparseCategoricalCrossentropy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SparseCategoricalCrossentropySpec {
    /// Whether the outputs are logits.
    pub from_logits: bool,
    /// A class whose rows do not count, often −1.
    pub ignore_class: Option<i32>,
    /// Where the classes lie: the last axis, as TensorFlow takes no other.
    pub axis: i32,
    /// How rows become one number.
    pub reduction: Reduction,
}

impl Default for SparseCategoricalCrossentropySpec {
    fn default() -> Self {
        Self { from_logits: false, ignore_class: None, axis: -1, reduction: Reduction::default() }
    }
}

impl LossDef for SparseCategoricalCrossentropySpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn axis(&self) -> i32 {
        self.axis
    }

    fn takes(&self) -> Takes {
        Takes::Classes
    }

    fn looks_for_logits(&self) -> bool {
        self.ignore_class.is_none()
    }

    fn takes_logits(&self) -> bool {
        self.from_logits
    }

    fn ignore_class(&self) -> Option<i32> {
        self.ignore_class
    }

    fn row(&self, row: &mut [f32], target: &[f32], are_logits: bool, scale: f32) -> f32 {
        let class = target[0].trunc();
        if !(0.0..row.len() as f32).contains(&class) {
            row.fill(f32::NAN);
            return f32::NAN;
        }
        let class = class as usize;
        if are_logits {
            return of_logits(row, class, scale);
        }
        let outputs = Buffer::copy_of(row);
        for p in row.iter_mut() {
            *p = math::ln(p.clamp(EPSILON, 1.0 - EPSILON));
        }
        let loss = of_logits(row, class, scale);
        for (g, p) in row.iter_mut().zip(&outputs) {
            *g = if (EPSILON..=1.0 - EPSILON).contains(p) { *g / p } else { 0.0 };
        }
        loss
    }
}

fn of_logits(row: &mut [f32], class: usize, scale: f32) -> f32 {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shifted = row[class] - max;
    let sum: f32 = row.iter().map(|z| math::exp(z - max)).sum();
    softmax(row);
    row[class] -= 1.0;
    for g in row.iter_mut() {
        *g *= scale;
    }
    math::ln(sum) - shifted
}
