//! Keras's `ActivityRegularization`: passes its input on and adds `(l1·Σ|x| + l2·Σx²)/n` to the loss,
//! `n` the length of the batch.

use serde::{Deserialize, Serialize};

use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::engine::regularizers::{L1L2Spec, RegularizerSpec};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments.
///
/// # Shapes
/// The output is the input.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityRegularizationSpec {
    /// Factor of the sum of absolute values, at least 0.
    pub l1: f32,
    /// Factor of the sum of squares, at least 0.
    pub l2: f32,
}

impl LayerDef for ActivityRegularizationSpec {
    fn class_name(&self) -> &'static str {
        "ActivityRegularization"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn activity_regularizer(&self) -> Option<RegularizerSpec> {
        Some(L1L2Spec { l1: self.l1, l2: self.l2 }.into())
    }

    fn build(&self, _input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Box::new(ActivityRegularization { is_trained: false })
    }
}

/// The model adds the penalty; the layer itself only knows whether `backward` may follow.
struct ActivityRegularization {
    is_trained: bool,
}

impl Layer for ActivityRegularization {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        self.is_trained = pass.is_training();
        input.clone()
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        assert!(self.is_trained, "backward follows a training forward");
        self.is_trained = false;
        Some(grad_output.clone())
    }

    fn has_cache(&self) -> bool {
        self.is_trained
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn the_input_passes_unchanged() {
        check_layer(&ActivityRegularizationSpec { l1: 0.1, l2: 0.2 }.into(), &Shape::from([3, 2]));
    }
}
