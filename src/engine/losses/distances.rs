//! Losses that are means over a row of a function of target `t` and output `p`:
//! squared `(p − t)²`, absolute `|p − t|`, percentage `100·|p − t| / max(|t|, 1e-7)`,
//! logarithmic `(ln(1 + p) − ln(1 + t))²`, and `ln cosh(p − t)`.

use serde::{Deserialize, Serialize};

use super::{EPSILON, LossDef, Reduction};
use crate::tensor::math;

/// The mean of `f(t, p)` over a row; `f` gives value and slope by `p`.
pub(super) fn mean_of(
    row: &mut [f32],
    target: &[f32],
    scale: f32,
    f: impl Fn(f32, f32) -> (f32, f32),
) -> f32 {
    let count = row.len() as f32;
    let mut sum = 0.0;
    for (g, t) in row.iter_mut().zip(target) {
        let (value, slope) = f(*t, *g);
        sum += value;
        *g = slope * scale / count;
    }
    sum / count
}

/// 0 at 0, unlike `f32::signum`.
pub(super) fn sign(x: f32) -> f32 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

/// Keras's `MeanSquaredError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MeanSquaredErrorSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for MeanSquaredErrorSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| {
            let e = p - t;
            (e * e, 2.0 * e)
        })
    }
}

/// Keras's `MeanAbsoluteError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MeanAbsoluteErrorSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for MeanAbsoluteErrorSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| ((p - t).abs(), sign(p - t)))
    }
}

/// Keras's `MeanAbsolutePercentageError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MeanAbsolutePercentageErrorSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for MeanAbsolutePercentageErrorSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| {
            let size = t.abs().max(EPSILON);
            (100.0 * ((t - p) / size).abs(), 100.0 * sign(p - t) / size)
        })
    }
}

/// Keras's `MeanSquaredLogarithmicError`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MeanSquaredLogarithmicErrorSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for MeanSquaredLogarithmicErrorSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| {
            let e = math::ln(p.max(EPSILON) + 1.0) - math::ln(t.max(EPSILON) + 1.0);
            (e * e, if p >= EPSILON { 2.0 * e / (p + 1.0) } else { 0.0 })
        })
    }
}

/// Keras's `LogCosh`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LogCoshSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

impl LossDef for LogCoshSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| {
            let e = p - t;
            // e + softplus(−2e) − ln 2, written so that it does not overflow.
            let value = e.abs() + math::ln_1p(math::exp(-2.0 * e.abs())) - std::f32::consts::LN_2;
            (value, math::tanh(e))
        })
    }
}
