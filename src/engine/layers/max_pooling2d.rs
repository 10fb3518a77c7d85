//! Keras's `MaxPooling2D`: `y[n,oh,ow,c] = max over (kh,kw) of x[n, oh*s + kh - pad, ow*s + kw - pad, c]`.
//!
//! Padding counts as −∞, ties go to the first cell in row order, and a NaN wins over every number.

use serde::{Deserialize, Serialize};

use super::pair::{optional_pair, pair};
use super::{DataFormat, Layer, LayerDef, LayerError, Padding, ParamSpec, Pass};
use crate::tensor::kernels::{Window, max_pooling2d};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, oh, ow, c]`, where along each axis `oh = floor((h - p)/s) + 1` for `valid` and
///   `ceil(h/s)` for `same` padding
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaxPooling2dSpec {
    /// Rows and columns of the window; at least 1.
    #[serde(deserialize_with = "pair")]
    pub pool_size: [usize; 2],
    /// Rows and columns the window moves by; at least 1. `None` is a copy of `pool_size`.
    #[serde(deserialize_with = "optional_pair")]
    pub strides: Option<[usize; 2]>,
    /// How the window meets the border.
    pub padding: Padding,
    /// Where the channels are.
    pub data_format: DataFormat,
}

impl Default for MaxPooling2dSpec {
    fn default() -> Self {
        Self {
            pool_size: [2, 2],
            strides: None,
            padding: Padding::Valid,
            data_format: DataFormat::ChannelsLast,
        }
    }
}

impl MaxPooling2dSpec {
    pub(super) fn window(&self, input: &Shape) -> Result<Window, LayerError> {
        let strides = self.strides.unwrap_or(self.pool_size);
        self.padding.window(self.data_format.image(input)?, "pool_size", self.pool_size, strides, [1, 1])
    }
}

impl LayerDef for MaxPooling2dSpec {
    fn class_name(&self) -> &'static str {
        "MaxPooling2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let window = self.window(input)?;
        let [oh, ow] = window.output;
        Ok(self.data_format.moved_back(&Shape::from([oh, ow, window.input[2]])))
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let window = self.window(input).expect("build is called after output_shape accepted this input");
        self.data_format.wrap(Box::new(MaxPooling2d { window, winners: Vec::new(), trained: false }))
    }
}

/// Remembers for `backward` which cell of its image each output came from.
struct MaxPooling2d {
    window: Window,
    /// One index per output value; room that is used again and again.
    winners: Vec<u32>,
    /// Whether `winners` are those of a training pass that has had no `backward` yet.
    trained: bool,
}

impl Layer for MaxPooling2d {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let window = self.window;
        let [height, width, channels] = window.input;
        let n = input.batch();
        assert_eq!(input.extents(), [n, height, width, channels], "MaxPooling2D was built for another input");
        let mut output = Tensor::zeros(&[n, window.output[0], window.output[1], channels]);
        let len = window.num_cells() * channels;
        self.winners.resize(n * len, 0);
        let images = input.values().chunks_exact(window.image_len());
        let outputs = output.values_mut().chunks_exact_mut(len).zip(self.winners.chunks_exact_mut(len));
        for (image, (output, winners)) in images.zip(outputs) {
            max_pooling2d::forward(&window, image, output, winners);
        }
        self.trained = pass.is_training();
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        assert!(std::mem::take(&mut self.trained), "backward follows a training forward");
        wants.then(|| {
            let window = self.window;
            let [height, width, channels] = window.input;
            let mut grad_input = Tensor::zeros(&[grad_output.batch(), height, width, channels]);
            let len = window.num_cells() * channels;
            let images = grad_input.values_mut().chunks_exact_mut(window.image_len());
            let outputs = self.winners.chunks_exact(len).zip(grad_output.values().chunks_exact(len));
            for (grad_image, (winners, grad)) in images.zip(outputs) {
                max_pooling2d::backward(winners, grad, grad_image);
            }
            grad_input
        })
    }

    fn has_cache(&self) -> bool {
        self.trained
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_for_every_padding_overlap_and_data_format() {
        for padding in [Padding::Valid, Padding::Same] {
            for (pool_size, strides) in
                [([2, 2], None), ([3, 3], Some([1, 1])), ([3, 2], Some([2, 3])), ([1, 2], Some([3, 1]))]
            {
                for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
                    let spec = MaxPooling2dSpec { pool_size, strides, padding, data_format };
                    check_layer(&spec.into(), &Shape::from([5, 4, 3]));
                }
            }
        }
    }

    #[test]
    fn padding_never_wins() {
        let spec = MaxPooling2dSpec { padding: Padding::Same, ..MaxPooling2dSpec::default() };
        let input = Tensor::new(&[1, 3, 3, 1], vec![-1.0, -2.0, -3.0, -4.0, -5.0, -6.0, -7.0, -8.0, -9.0]);
        let output = spec.build(&Shape::from([3, 3, 1]), 0).forward(&input, &[], Pass::Infer);
        assert_eq!(output, Tensor::new(&[1, 2, 2, 1], vec![-1.0, -3.0, -7.0, -9.0]));
    }

    #[test]
    fn odd_rows_and_columns_are_dropped_by_valid_padding() {
        let spec = MaxPooling2dSpec::default();
        assert_eq!(spec.output_shape(&Shape::from([11, 13, 64])), Ok(Shape::from([5, 6, 64])));
        assert_eq!(
            spec.output_shape(&Shape::from([1, 4, 1])),
            Err(LayerError::WindowTooLarge { window_height: 2, window_width: 2, height: 1, width: 4 })
        );
    }
}
