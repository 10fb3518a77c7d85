//! Binary cross-entropy: the mean over a row of `−(t·ln p + (1 − t)·ln(1 − p))`.
//!
//! Of logits it is `max(z, 0) − z·t + ln(1 + e^−|z|)`, gradient `σ(z) − t`. Outputs without known
//! logits are clipped to `1e-7 ..= 1 − 1e-7`. With smoothing s, `t ← t·(1 − s) + s/2`.

use serde::{Deserialize, Serialize};

use super::{EPSILON, LossDef, Reduction, Takes};
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::math;

/// Keras's `BinaryCrossentropy`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BinaryCrossentropySpec {
    /// Whether the outputs are logits.
    pub from_logits: bool,
    /// 0..1, how much each target is drawn towards one half.
    pub label_smoothing: f32,
    /// The axis the mean is taken over.
    pub axis: i32,
    /// How rows become one number.
    pub reduction: Reduction,
}

impl Default for BinaryCrossentropySpec {
    fn default() -> Self {
        Self { from_logits: false, label_smoothing: 0.0, axis: -1, reduction: Reduction::default() }
    }
}

impl LossDef for BinaryCrossentropySpec {
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

    fn row(&self, row: &mut [f32], target: &[f32], are_logits: bool, scale: f32) -> f32 {
        let mut loss = 0.0;
        let count = row.len() as f32;
        for (g, t) in row.iter_mut().zip(target) {
            let t = t * (1.0 - self.label_smoothing) + 0.5 * self.label_smoothing;
            let (value, slope) = if are_logits { of_logit(*g, t) } else { of_output(*g, t) };
            loss += value;
            *g = slope * scale / count;
        }
        loss / count
    }
}

fn of_logit(z: f32, t: f32) -> (f32, f32) {
    // The exponent is never positive, so it cannot overflow.
    let e = math::exp(-z.abs());
    let sigmoid = if z >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) };
    (z.max(0.0) - z * t + math::ln_1p(e), sigmoid - t)
}

fn of_output(raw: f32, t: f32) -> (f32, f32) {
    let p = raw.clamp(EPSILON, 1.0 - EPSILON);
    let loss = -(t * math::ln(p) + (1.0 - t) * math::ln(1.0 - p));
    let slope = if p == raw { (1.0 - t) / (1.0 - p) - t / p } else { 0.0 };
    (loss, slope)
}
