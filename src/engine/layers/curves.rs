//! The activation functions of one number that need what they were given to be differentiated:
//! values and slopes, as Keras 3 `activations/activations.py` defines them and its TensorFlow
//! backend differentiates them, also where a curve has a kink.
//!
//! Comparisons are written so that a number that is none stays none.

use crate::tensor::math::{erf, exp, exp_m1, ln_1p, tanh};

/// Klambauer et al. 2017: outputs of mean 0 and variance 1 keep both.
const SELU_SCALE: f32 = 1.050_701;
const SELU_ALPHA: f32 = 1.673_263_2;
/// Of soft and hard shrink.
const SHRINK: f32 = 0.5;
/// Of squareplus.
const SMOOTHNESS: f32 = 4.0;
const LEAKY_SLOPE: f32 = 0.2;

/// A function of one number.
#[derive(Clone, Copy)]
pub(super) struct Curve {
    pub value: fn(f32) -> f32,
    pub slope: fn(f32) -> f32,
}

pub(super) fn sigmoid(x: f32) -> f32 {
    // The exponent is never positive, so it cannot overflow.
    let e = exp(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

fn softplus(x: f32) -> f32 {
    let positive = if x < 0.0 { 0.0 } else { x };
    positive + ln_1p(exp(-x.abs()))
}

/// 1 inside the open interval, 0 outside.
fn within(x: f32, low: f32, high: f32) -> f32 {
    if x > low && x < high { 1.0 } else { 0.0 }
}

fn hard_sigmoid(x: f32) -> f32 {
    (x + 3.0).clamp(0.0, 6.0) / 6.0
}

fn hard_sigmoid_slope(x: f32) -> f32 {
    within(x, -3.0, 3.0) / 6.0
}

pub(super) const LEAKY_RELU: Curve = Curve {
    value: |x| if x < 0.0 { LEAKY_SLOPE * x } else { x },
    slope: |x| if x > 0.0 { 1.0 } else { LEAKY_SLOPE },
};

pub(super) const RELU6: Curve = Curve { value: |x| x.clamp(0.0, 6.0), slope: |x| within(x, 0.0, 6.0) };

pub(super) const ELU: Curve =
    Curve { value: |x| if x < 0.0 { exp_m1(x) } else { x }, slope: |x| if x < 0.0 { exp(x) } else { 1.0 } };

/// The ELU of α = 1, but the two halves of Keras's formula both count at 0.
pub(super) const CELU: Curve = Curve {
    value: ELU.value,
    slope: |x| match x {
        0.0 => 2.0,
        _ if x < 0.0 => exp(x),
        _ => 1.0,
    },
};

pub(super) const SELU: Curve = Curve {
    value: |x| if x < 0.0 { SELU_SCALE * SELU_ALPHA * exp_m1(x) } else { SELU_SCALE * x },
    slope: |x| if x < 0.0 { SELU_SCALE * SELU_ALPHA * exp(x) } else { SELU_SCALE },
};

/// `x·Φ(x)` with the exact error function (Hendrycks and Gimpel 2016).
pub(super) const GELU: Curve = Curve {
    value: |x| 0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)),
    slope: |x| {
        let density = 0.398_942_3 * exp(-0.5 * x * x);
        0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)) + x * density
    },
};

/// `x·sigmoid(x)` (Ramachandran et al. 2017).
pub(super) const SILU: Curve = Curve {
    value: |x| x * sigmoid(x),
    slope: |x| {
        let s = sigmoid(x);
        s * (1.0 + x * (1.0 - s))
    },
};

pub(super) const HARD_SILU: Curve =
    Curve { value: |x| x * hard_sigmoid(x), slope: |x| hard_sigmoid(x) + x * hard_sigmoid_slope(x) };

pub(super) const SOFTPLUS: Curve = Curve { value: softplus, slope: sigmoid };

pub(super) const SOFTSIGN: Curve = Curve {
    value: |x| x / (1.0 + x.abs()),
    slope: |x| {
        let d = 1.0 + x.abs();
        1.0 / (d * d)
    },
};

pub(super) const HARD_SIGMOID: Curve = Curve { value: hard_sigmoid, slope: hard_sigmoid_slope };

pub(super) const SPARSE_SIGMOID: Curve =
    Curve { value: |x| (0.5 * (x + 1.0)).clamp(0.0, 1.0), slope: |x| 0.5 * within(x, -1.0, 1.0) };

pub(super) const LOG_SIGMOID: Curve = Curve { value: |x| -softplus(-x), slope: |x| sigmoid(-x) };

pub(super) const HARD_TANH: Curve =
    Curve { value: |x| x.clamp(-1.0, 1.0), slope: |x| if (-1.0..=1.0).contains(&x) { 1.0 } else { 0.0 } };

pub(super) const TANH_SHRINK: Curve = Curve {
    value: |x| x - tanh(x),
    slope: |x| {
        let t = tanh(x);
        t * t
    },
};

pub(super) const SOFT_SHRINK: Curve = Curve {
    value: |x| match x {
        _ if x > SHRINK => x - SHRINK,
        _ if x < -SHRINK => x + SHRINK,
        _ if x.is_nan() => x,
        _ => 0.0,
    },
    slope: |x| if x.abs() > SHRINK { 1.0 } else { 0.0 },
};

pub(super) const HARD_SHRINK: Curve =
    Curve { value: |x| if x.abs() <= SHRINK { 0.0 } else { x }, slope: SOFT_SHRINK.slope };

pub(super) const SQUAREPLUS: Curve = Curve {
    value: |x| 0.5 * (x + (x * x + SMOOTHNESS).sqrt()),
    slope: |x| 0.5 * (1.0 + x / (x * x + SMOOTHNESS).sqrt()),
};

pub(super) const SPARSE_PLUS: Curve = Curve {
    value: |x| match x {
        _ if x <= -1.0 => 0.0,
        _ if x < 1.0 => 0.25 * (x + 1.0) * (x + 1.0),
        _ => x,
    },
    slope: |x| match x {
        _ if x <= -1.0 => 0.0,
        _ if x < 1.0 => 0.5 * (x + 1.0),
        _ => 1.0,
    },
};

/// `x·tanh(softplus(x))` (Misra 2019).
pub(super) const MISH: Curve = Curve {
    value: |x| x * tanh(softplus(x)),
    slope: |x| {
        let t = tanh(softplus(x));
        t + x * (1.0 - t * t) * sigmoid(x)
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sigmoid_survives_large_values() {
        assert_eq!((sigmoid(-200.0), sigmoid(0.0), sigmoid(200.0)), (0.0, 0.5, 1.0));
    }

    #[test]
    fn softplus_survives_large_values() {
        assert_eq!((softplus(-200.0), softplus(200.0)), (0.0, 200.0));
    }

    /// Slopes at the kinks, as TensorFlow 2.21 gives them.
    #[test]
    fn slopes_at_kinks_are_those_of_tensorflow() {
        let at = |curve: Curve, points: &[f32]| points.iter().map(|x| (curve.slope)(*x)).collect::<Vec<_>>();
        assert_eq!(at(LEAKY_RELU, &[0.0]), [0.2]);
        assert_eq!(at(RELU6, &[0.0, 6.0]), [0.0, 0.0]);
        assert_eq!(at(CELU, &[0.0, -0.0]), [2.0, 2.0]);
        assert_eq!(at(HARD_SIGMOID, &[-3.0, 3.0]), [0.0, 0.0]);
        assert_eq!(at(HARD_TANH, &[-1.0, 1.0]), [1.0, 1.0]);
        assert_eq!(at(SOFT_SHRINK, &[-0.5, 0.5]), [0.0, 0.0]);
        assert_eq!(at(SPARSE_PLUS, &[-1.0, 1.0]), [0.0, 1.0]);
    }
}
