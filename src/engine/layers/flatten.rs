//! Keras's `Flatten`: all axes of a sample become one, `index = (h*W + w)*C + c`.
//!
//! The order is that of channels last also for an input with its channels first.

use serde::{Deserialize, Serialize};

use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// Keras's argument and default.
///
/// # Shapes
/// - input `[n, ...]`
/// - output `[n, product of the rest]`
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FlattenSpec {
    /// Where the channels are.
    pub data_format: DataFormat,
}

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
        self.data_format.wrap(Box::new(Flatten { input: self.data_format.to_last(input) }))
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
            for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
                check_layer(&FlattenSpec { data_format }.into(), &shape);
            }
        }
    }

    #[test]
    fn the_order_is_that_of_channels_last() {
        let input = Tensor::new(&[1, 2, 1, 2], vec![0.0, 1.0, 10.0, 11.0]);
        for (data_format, expected) in [
            (DataFormat::ChannelsLast, [0.0, 1.0, 10.0, 11.0]),
            (DataFormat::ChannelsFirst, [0.0, 10.0, 1.0, 11.0]),
        ] {
            let mut layer = FlattenSpec { data_format }.build(&Shape::from([2, 1, 2]), 0);
            assert_eq!(layer.forward(&input, &[], Pass::Infer).values(), expected);
        }
    }
}
