//! Activation functions, used on their own and at the end of Dense and Conv2D.
//!
//! `relu(x) = max(x, 0)` with `relu'(0) = 0`; `sigmoid(x) = 1/(1 + e^-x)`; `tanh`; `softmax` over
//! the last axis, shifted by the largest value so that nothing overflows; `log_softmax`, its
//! logarithm. The other functions of one number are in `curves.rs`. Source: Keras 3
//! `activations/activations.py`.

use serde::{Deserialize, Serialize};

use super::curves::{self, Curve, sigmoid};
use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Buffer, Shape, Tensor, math};

/// Makes the enum and its lists from one list: name in Rust, Keras's name, other names of Keras's.
macro_rules! activations {
    ($($(#[$doc:meta])* $kind:ident = $name:literal $(| $alias:literal)*,)*) => {
        /// A function applied to every output value, or for softmax to every row.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
        pub enum Activation {
            $(
                $(#[$doc])*
                #[serde(rename = $name $(, alias = $alias)*)]
                $kind,
            )*
        }

        impl Activation {
            /// All, in the order forms show them.
            pub const ALL: [Activation; [$($name),*].len()] = [$(Self::$kind),*];

            /// Keras's name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }
        }
    };
}

activations! {
    /// The value itself.
    #[default]
    Linear = "linear",
    /// `max(x, 0)`
    Relu = "relu",
    /// `1/(1 + e^-x)`
    Sigmoid = "sigmoid",
    /// The hyperbolic tangent.
    Tanh = "tanh",
    /// `e^x / Σ e^x` over the last axis.
    Softmax = "softmax",
    /// The logarithm of softmax.
    LogSoftmax = "log_softmax",
    /// `x`, or `0.2·x` below 0.
    LeakyRelu = "leaky_relu",
    /// `min(max(x, 0), 6)`
    Relu6 = "relu6",
    /// `x`, or `e^x - 1` below 0.
    Elu = "elu",
    /// As `elu`; Keras's two names differ in the slope at 0.
    Celu = "celu",
    /// `1.0507·x`, or `1.0507·1.6733·(e^x - 1)` below 0.
    Selu = "selu",
    /// `x·Φ(x)`, `Φ` the normal distribution's function.
    Gelu = "gelu",
    /// `x·sigmoid(x)`
    Silu = "silu" | "swish",
    /// `x·hard_sigmoid(x)`
    HardSilu = "hard_silu" | "hard_swish",
    /// `ln(1 + e^x)`
    Softplus = "softplus",
    /// `x/(1 + |x|)`
    Softsign = "softsign",
    /// `min(max(x + 3, 0), 6)/6`
    HardSigmoid = "hard_sigmoid",
    /// `min(max((x + 1)/2, 0), 1)`
    SparseSigmoid = "sparse_sigmoid",
    /// `-ln(1 + e^-x)`
    LogSigmoid = "log_sigmoid",
    /// `min(max(x, -1), 1)`
    HardTanh = "hard_tanh",
    /// `x - tanh(x)`
    TanhShrink = "tanh_shrink",
    /// `x` moved by 0.5 towards 0.
    SoftShrink = "soft_shrink",
    /// `x`, or 0 where `|x|` is at most 0.5.
    HardShrink = "hard_shrink",
    /// `(x + √(x² + 4))/2`
    Squareplus = "squareplus",
    /// `x`, 0 up to -1, and `(x + 1)²/4` between -1 and 1.
    SparsePlus = "sparse_plus",
    /// `e^x`
    Exponential = "exponential",
    /// `x·tanh(ln(1 + e^x))`
    Mish = "mish",
}

/// What [`Activation::backward`] needs: the output, or what the function was applied to where the
/// output does not tell the slope.
pub(super) struct Kept(Buffer<f32>);

impl Activation {
    /// Where the curve, its slope or the slope's change jumps. Empty for the smooth ones.
    pub fn kinks(self) -> &'static [f32] {
        match self {
            Self::Relu | Self::LeakyRelu | Self::Elu | Self::Celu | Self::Selu | Self::Softsign => &[0.0],
            Self::Relu6 => &[0.0, 6.0],
            Self::HardSilu | Self::HardSigmoid => &[-3.0, 3.0],
            Self::SparseSigmoid | Self::HardTanh | Self::SparsePlus => &[-1.0, 1.0],
            Self::SoftShrink | Self::HardShrink => &[-0.5, 0.5],
            _ => &[],
        }
    }

    /// The function and its slope, for those whose slope is taken from what they were applied to.
    fn curve(self) -> Option<Curve> {
        Some(match self {
            Self::LeakyRelu => curves::LEAKY_RELU,
            Self::Relu6 => curves::RELU6,
            Self::Elu => curves::ELU,
            Self::Celu => curves::CELU,
            Self::Selu => curves::SELU,
            Self::Gelu => curves::GELU,
            Self::Silu => curves::SILU,
            Self::HardSilu => curves::HARD_SILU,
            Self::Softplus => curves::SOFTPLUS,
            Self::Softsign => curves::SOFTSIGN,
            Self::HardSigmoid => curves::HARD_SIGMOID,
            Self::SparseSigmoid => curves::SPARSE_SIGMOID,
            Self::LogSigmoid => curves::LOG_SIGMOID,
            Self::HardTanh => curves::HARD_TANH,
            Self::TanhShrink => curves::TANH_SHRINK,
            Self::SoftShrink => curves::SOFT_SHRINK,
            Self::HardShrink => curves::HARD_SHRINK,
            Self::Squareplus => curves::SQUAREPLUS,
            Self::SparsePlus => curves::SPARSE_PLUS,
            Self::Mish => curves::MISH,
            Self::Linear
            | Self::Relu
            | Self::Sigmoid
            | Self::Tanh
            | Self::Softmax
            | Self::LogSoftmax
            | Self::Exponential => return None,
        })
    }

    /// Replaces `values` by their activation; `last_axis` is the length of a softmax row.
    pub(in crate::engine) fn apply(self, values: &mut [f32], last_axis: usize) {
        if let Some(curve) = self.curve() {
            return values.iter_mut().for_each(|x| *x = (curve.value)(*x));
        }
        match self {
            // Written so that a NaN stays one: a diverged network must not look like a dead one.
            Self::Relu => values.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x }),
            Self::Sigmoid => values.iter_mut().for_each(|x| *x = sigmoid(*x)),
            Self::Tanh => values.iter_mut().for_each(|x| *x = math::tanh(*x)),
            Self::Exponential => values.iter_mut().for_each(|x| *x = math::exp(*x)),
            Self::Softmax => values.chunks_exact_mut(last_axis).for_each(softmax),
            Self::LogSoftmax => values.chunks_exact_mut(last_axis).for_each(log_softmax),
            // Linear, and no other: the rest have curves.
            _ => {}
        }
    }

    /// Applies the function to a layer's sums and, in a training pass, gives what
    /// [`Activation::backward`] needs.
    pub(super) fn forward(self, sums: &mut Tensor, pass: Pass) -> Option<Kept> {
        let keep = |values: &Tensor| Kept(Buffer::copy_of(values.values()));
        let before = (pass.is_training() && self.curve().is_some()).then(|| keep(sums));
        let last_axis = last_axis(sums);
        self.apply(sums.values_mut(), last_axis);
        before.or_else(|| pass.is_training().then(|| keep(sums)))
    }

    /// Turns the gradient of the output into that of the input. Given the output `y`: relu
    /// `g·[y > 0]`, sigmoid `g·y(1 - y)`, tanh `g·(1 - y²)`, exponential `g·y`, softmax
    /// `y·(g - Σ g·y)`, log-softmax `g - e^y·Σ g`; the others given the input.
    pub(super) fn backward(self, kept: &Kept, grad: &mut [f32], last_axis: usize) {
        let pairs = grad.iter_mut().zip(&kept.0);
        if let Some(curve) = self.curve() {
            return pairs.for_each(|(g, x)| *g *= (curve.slope)(*x));
        }
        match self {
            Self::Relu => pairs.for_each(|(g, y)| *g = if *y > 0.0 { *g } else { 0.0 }),
            Self::Sigmoid => pairs.for_each(|(g, y)| *g *= y * (1.0 - y)),
            Self::Tanh => pairs.for_each(|(g, y)| *g *= 1.0 - y * y),
            Self::Exponential => pairs.for_each(|(g, y)| *g *= y),
            Self::Softmax | Self::LogSoftmax => {
                let rows = grad.chunks_exact_mut(last_axis).zip(kept.0.chunks_exact(last_axis));
                rows.for_each(|(g, y)| {
                    if self == Self::Softmax { softmax_backward(y, g) } else { log_softmax_backward(y, g) }
                });
            }
            // As in `apply`.
            _ => {}
        }
    }
}

/// Softmax of one row, in place.
pub fn softmax(row: &mut [f32]) {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for x in row.iter_mut() {
        *x = math::exp(*x - max);
        sum += *x;
    }
    for x in row {
        *x /= sum;
    }
}

/// Given softmax's output `y`, `y·(g - Σ g·y)`.
pub(super) fn softmax_backward(y: &[f32], g: &mut [f32]) {
    let dot: f32 = g.iter().zip(y).map(|(g, y)| g * y).sum();
    g.iter_mut().zip(y).for_each(|(g, y)| *g = y * (*g - dot));
}

fn log_softmax(row: &mut [f32]) {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = row.iter().map(|x| math::exp(x - max)).sum();
    let shift = math::ln(sum);
    for x in row {
        *x = *x - max - shift;
    }
}

fn log_softmax_backward(y: &[f32], g: &mut [f32]) {
    let sum: f32 = g.iter().sum();
    g.iter_mut().zip(y).for_each(|(g, y)| *g -= math::exp(*y) * sum);
}

/// Keras's `Activation` layer.
///
/// # Shapes
/// The output is shaped like the input, whatever that is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivationSpec {
    /// Which function.
    pub activation: Activation,
}

impl LayerDef for ActivationSpec {
    fn class_name(&self) -> &'static str {
        "Activation"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, _input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Box::new(ActivationLayer { activation: self.activation, kept: None })
    }
}

/// Remembers its output for `backward`, or its input where the output does not tell the slope.
struct ActivationLayer {
    activation: Activation,
    kept: Option<Kept>,
}

impl Layer for ActivationLayer {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let mut output = input.clone();
        self.kept = self.activation.forward(&mut output, pass);
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let kept = self.kept.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        let last_axis = last_axis(&grad);
        self.activation.backward(&kept, grad.values_mut(), last_axis);
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.kept.is_some()
    }
}

/// The extent of the last axis.
pub(super) fn last_axis(tensor: &Tensor) -> usize {
    tensor.extents().last().copied().unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn every_activation_has_right_gradients() {
        for activation in Activation::ALL {
            check_layer(&ActivationSpec { activation }.into(), &Shape::from([3, 2, 5]));
        }
    }

    #[test]
    fn a_value_that_is_no_number_passes_through_every_activation() {
        for activation in Activation::ALL {
            let mut row = [1.0, f32::NAN];
            activation.apply(&mut row, 2);
            assert!(row[1].is_nan(), "{}", activation.name());
        }
    }

    #[test]
    fn softmax_survives_large_values() {
        let mut row = [1000.0, 1000.0, -1000.0];
        softmax(&mut row);
        assert_eq!(row, [0.5, 0.5, 0.0]);
    }

    #[test]
    fn log_softmax_survives_large_values() {
        let mut row = [1000.0, 1000.0, -1000.0];
        log_softmax(&mut row);
        assert_eq!(row, [-std::f32::consts::LN_2, -std::f32::consts::LN_2, -2000.0 - std::f32::consts::LN_2]);
    }

    #[test]
    fn other_names_of_keras_are_understood() {
        for (name, activation) in [("swish", Activation::Silu), ("hard_swish", Activation::HardSilu)] {
            let json = format!("\"{name}\"");
            assert_eq!(serde_json::from_str::<Activation>(&json).unwrap(), activation);
        }
        for activation in Activation::ALL {
            assert_eq!(serde_json::to_value(activation).unwrap(), activation.name());
        }
    }
}
