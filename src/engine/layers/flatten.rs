//! Keras's `Flatten`: all axes of a sample become one, `index = (h*W + w)*C + c`.

use serde::{Deserialize, Serialize};

use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// Has no arguments.
///
/// # Shapes
/// - input `[n, ...]`
/// - output `[n, product of the rest]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FlattenSpec {}

impl LayerDef for FlattenSpec {
    fn class_name(&self) -> &'static str {
        "Flatten"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        Ok(Shape::from([input.size()]))
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Box::new(Flatten { input: input.clone() })
    }
}

struct Flatten {
    input: Shape,
}

impl Layer for Flatten {
    fn forward(&mut self, input: &Tensor, _params: &[f32], _pass: Pass) -> Tensor {
        input.clone().reshape(&[input.batch(), self.input.size()])
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        Some(grad_output.clone().reshape(&self.input.with_batch(grad_output.batch())))
    }

    fn has_cache(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn one_two_and_three_axes_become_one() {
        for shape in [Shape::from([4]), Shape(vec![3, 4]), Shape(vec![2, 3, 4])] {
            check_layer(&FlattenSpec {}.into(), &shape);
        }
    }
}
