//! Keras's `Softmax` layer: `e^x / Σ e^x` over one axis or several.

use serde::{Deserialize, Serialize};

use super::activation::{softmax, softmax_backward};
use super::axes::{Axes, Groups};
use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// Keras's argument.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SoftmaxSpec {
    /// The axes over which the outputs add up to 1. The batch axis, 0, cannot be one.
    pub axis: Axes,
}

impl Default for SoftmaxSpec {
    fn default() -> Self {
        Self { axis: Axes::last() }
    }
}

impl LayerDef for SoftmaxSpec {
    fn class_name(&self) -> &'static str {
        "Softmax"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.axis.of(input)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let axes = self.axis.of(input).expect("build is called after output_shape accepted this input");
        Box::new(Softmax { groups: Groups::new(input, &axes), output: None })
    }
}

/// Remembers its output for `backward`.
struct Softmax {
    groups: Groups,
    output: Option<Tensor>,
}

impl Layer for Softmax {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let mut output = input.clone();
        self.groups.change(output.values_mut(), softmax);
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
        self.groups.change_with(output.values(), grad.values_mut(), softmax_backward);
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.output.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_over_every_axis() {
        for axes in [vec![-1], vec![1], vec![2], vec![1, -1], vec![1, 2, 3]] {
            check_layer(&SoftmaxSpec { axis: Axes(axes) }.into(), &Shape::from([3, 2, 4]));
        }
    }

    #[test]
    fn groups_add_up_to_1() {
        let spec = SoftmaxSpec { axis: Axes(vec![1]) };
        let input = Tensor::new(&[1, 2, 2], vec![0.0, 500.0, 0.0, 500.0]);
        let output = spec.build(&Shape::from([2, 2]), 0).forward(&input, &[], Pass::Infer);
        assert_eq!(output.values(), [0.5; 4]);
    }

    #[test]
    fn the_batch_is_no_axis() {
        assert!(SoftmaxSpec { axis: Axes(vec![0]) }.output_shape(&Shape::from([3])).is_err());
    }
}
