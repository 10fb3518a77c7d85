//! Keras's `ZeroPadding2D`: `y[n, h + top, w + left, c] = x[n,h,w,c]`, and 0 around it.

use serde::{Deserialize, Serialize};

use super::pair::pair_of_pairs;
use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, top + h + bottom, left + w + right, c]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ZeroPadding2dSpec {
    /// `[[top, bottom], [left, right]]`; in JSON also one number for all, or one for both rows and
    /// one for both columns.
    #[serde(deserialize_with = "pair_of_pairs")]
    pub padding: [[usize; 2]; 2],
    /// Where the channels are.
    pub data_format: DataFormat,
}

impl Default for ZeroPadding2dSpec {
    fn default() -> Self {
        Self { padding: [[1, 1], [1, 1]], data_format: DataFormat::ChannelsLast }
    }
}

impl LayerDef for ZeroPadding2dSpec {
    fn class_name(&self) -> &'static str {
        "ZeroPadding2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let [height, width, channels] = self.data_format.image(input)?;
        let [[top, bottom], [left, right]] = self.padding;
        // A size that does not fit is refused by the model as too large.
        let height = height.saturating_add(top).saturating_add(bottom);
        let width = width.saturating_add(left).saturating_add(right);
        Ok(self.data_format.moved_back(&Shape::from([height, width, channels])))
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let output = self.output_shape(input).expect("build is called after this accepted the input");
        self.data_format.wrap(Box::new(ZeroPadding2d {
            input: self.data_format.to_last(input),
            output: self.data_format.to_last(&output),
            before: [self.padding[0][0], self.padding[1][0]],
        }))
    }
}

struct ZeroPadding2d {
    input: Shape,
    output: Shape,
    /// Rows above and columns to the left.
    before: [usize; 2],
}

impl ZeroPadding2d {
    /// Where each row of one image begins in the padded image, and how long it is.
    fn rows(&self) -> (impl Iterator<Item = usize> + use<>, usize) {
        let [top, left] = self.before;
        let (width, channels) = (self.output.0[1], self.input.0[2]);
        let begins = (0..self.input.0[0]).map(move |h| ((h + top) * width + left) * channels);
        (begins, self.input.0[1] * channels)
    }
}

impl Layer for ZeroPadding2d {
    fn forward(&mut self, input: &Tensor, _params: &[f32], _pass: Pass) -> Tensor {
        assert_eq!(input.sample_extents(), self.input.0, "ZeroPadding2D was built for another input");
        let mut output = Tensor::zeros(&self.output.with_batch(input.batch()));
        let images = input.values().chunks_exact(self.input.size());
        for (image, padded) in images.zip(output.values_mut().chunks_exact_mut(self.output.size())) {
            let (begins, len) = self.rows();
            for (row, begin) in image.chunks_exact(len).zip(begins) {
                padded[begin..begin + len].copy_from_slice(row);
            }
        }
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        wants.then(|| {
            let mut grad_input = Tensor::zeros(&self.input.with_batch(grad_output.batch()));
            let images = grad_input.values_mut().chunks_exact_mut(self.input.size());
            for (image, padded) in images.zip(grad_output.values().chunks_exact(self.output.size())) {
                let (begins, len) = self.rows();
                for (row, begin) in image.chunks_exact_mut(len).zip(begins) {
                    row.copy_from_slice(&padded[begin..begin + len]);
                }
            }
            grad_input
        })
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
    fn gradients_are_right_for_every_side_and_data_format() {
        for padding in [[[1, 1], [1, 1]], [[0, 0], [0, 0]], [[2, 0], [0, 1]], [[0, 1], [3, 0]]] {
            for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
                check_layer(&ZeroPadding2dSpec { padding, data_format }.into(), &Shape::from([3, 4, 2]));
            }
        }
    }

    #[test]
    fn rows_and_columns_go_where_they_are_asked() {
        let spec = ZeroPadding2dSpec { padding: [[1, 0], [0, 2]], ..ZeroPadding2dSpec::default() };
        let input = Tensor::new(&[1, 1, 2, 1], vec![3.0, 4.0]);
        let output = spec.build(&Shape::from([1, 2, 1]), 0).forward(&input, &[], Pass::Infer);
        assert_eq!(output, Tensor::new(&[1, 2, 4, 1], vec![0.0, 0.0, 0.0, 0.0, 3.0, 4.0, 0.0, 0.0]));
    }

    #[test]
    fn channels_first_pads_the_last_two_axes() {
        let spec = ZeroPadding2dSpec { padding: [[1, 2], [0, 3]], data_format: DataFormat::ChannelsFirst };
        assert_eq!(spec.output_shape(&Shape::from([2, 4, 5])), Ok(Shape::from([2, 7, 8])));
    }
}
