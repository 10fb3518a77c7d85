//! Activation functions, used on their own and at the end of Dense and Conv2D.
//!
//! `relu(x) = max(x, 0)` with `relu'(0) = 0`; `sigmoid(x) = 1/(1 + e^-x)`; `tanh`; `softmax` over
//! the last axis, shifted by the largest value so that nothing overflows. Source: Keras 3
//! `activations/activations.py`.

use serde::{Deserialize, Serialize};

use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor, math};

/// A function applied to every output value, or for softmax to every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// The value itself.
    #[default]
    Linear,
    /// `max(x, 0)`
    Relu,
    /// `1/(1 + e^-x)`
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// `e^x / Σ e^x` over the last axis.
    Softmax,
}

impl Activation {
    /// All, in the order forms show them.
    pub const ALL: [Activation; 5] = [Self::Linear, Self::Relu, Self::Sigmoid, Self::Tanh, Self::Softmax];

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Relu => "relu",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Softmax => "softmax",
        }
    }

    /// Replaces `values` by their activation; `last_axis` is the length of a softmax row.
    pub(in crate::engine) fn apply(self, values: &mut [f32], last_axis: usize) {
        match self {
            Self::Linear => {}
            // Written so that a NaN stays one: a diverged network must not look like a dead one.
            Self::Relu => values.iter_mut().for_each(|x| *x = if *x < 0.0 { 0.0 } else { *x }),
            Self::Sigmoid => values.iter_mut().for_each(|x| *x = sigmoid(*x)),
            Self::Tanh => values.iter_mut().for_each(|x| *x = math::tanh(*x)),
            Self::Softmax => values.chunks_exact_mut(last_axis).for_each(softmax),
        }
    }

    /// Turns the gradient of the output into that of the input, given the *output* `y`:
    /// relu `g·[y > 0]`, sigmoid `g·y(1 - y)`, tanh `g·(1 - y²)`, softmax `y·(g - Σ g·y)`.
    pub(super) fn backward(self, output: &[f32], grad: &mut [f32], last_axis: usize) {
        let pairs = grad.iter_mut().zip(output);
        match self {
            Self::Linear => {}
            Self::Relu => pairs.for_each(|(g, y)| *g = if *y > 0.0 { *g } else { 0.0 }),
            Self::Sigmoid => pairs.for_each(|(g, y)| *g *= y * (1.0 - y)),
            Self::Tanh => pairs.for_each(|(g, y)| *g *= 1.0 - y * y),
            Self::Softmax => {
                for (g, y) in grad.chunks_exact_mut(last_axis).zip(output.chunks_exact(last_axis)) {
                    let dot: f32 = g.iter().zip(y).map(|(g, y)| g * y).sum();
                    g.iter_mut().zip(y).for_each(|(g, y)| *g = y * (*g - dot));
                }
            }
        }
    }
}

fn sigmoid(x: f32) -> f32 {
    // The exponent is never positive, so it cannot overflow.
    let e = math::exp(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
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

/// Keras's `Activation` layer.
///
/// # Shapes
/// The output is shaped like the input, whatever that is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
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
        Box::new(ActivationLayer { activation: self.activation, output: None })
    }
}

/// Remembers its output for `backward`.
struct ActivationLayer {
    activation: Activation,
    output: Option<Tensor>,
}

impl Layer for ActivationLayer {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let mut output = input.clone();
        let last_axis = last_axis(&output);
        self.activation.apply(output.values_mut(), last_axis);
        self.output = pass.is_training().then(|| output.clone());
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let output = self.output.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        let last_axis = last_axis(&grad);
        self.activation.backward(output.values(), grad.values_mut(), last_axis);
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.output.is_some()
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
    fn sigmoid_survives_large_values() {
        assert_eq!((sigmoid(-200.0), sigmoid(0.0), sigmoid(200.0)), (0.0, 0.5, 1.0));
    }
}
