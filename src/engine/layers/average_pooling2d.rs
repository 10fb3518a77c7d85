//! Keras's `AveragePooling2D`: `y[n,oh,ow,c] = mean over (kh,kw) of x[n, oh*s + kh - pad, ow*s + kw - pad, c]`.
//!
//! The mean is over the cells that lie inside the image; padding is not counted.

use serde::{Deserialize, Serialize};

use super::pair::{optional_pair, pair};
use super::{DataFormat, Layer, LayerDef, LayerError, Padding, ParamSpec, Pass};
use crate::tensor::kernels::{Window, average_pooling2d};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults; `pool_size` has none in Keras, here it is that of
/// `MaxPooling2D`.
///
/// # Shapes
/// As [`super::MaxPooling2dSpec`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AveragePooling2dSpec {
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

impl Default for AveragePooling2dSpec {
    fn default() -> Self {
        Self {
            pool_size: [2, 2],
            strides: None,
            padding: Padding::Valid,
            data_format: DataFormat::ChannelsLast,
        }
    }
}

impl AveragePooling2dSpec {
    fn window(&self, input: &Shape) -> Result<Window, LayerError> {
        let strides = self.strides.unwrap_or(self.pool_size);
        self.padding.window(self.data_format.image(input)?, "pool_size", self.pool_size, strides, [1, 1])
    }
}

impl LayerDef for AveragePooling2dSpec {
    fn class_name(&self) -> &'static str {
        "AveragePooling2D"
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
        self.data_format.wrap(Box::new(AveragePooling2d { window, trained: false }))
    }
}

/// A mean's gradient does not depend on its values: nothing is remembered but that it may be asked.
struct AveragePooling2d {
    window: Window,
    trained: bool,
}

impl Layer for AveragePooling2d {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let window = self.window;
        let [height, width, channels] = window.input;
        let n = input.batch();
        assert_eq!(
            input.extents(),
            [n, height, width, channels],
            "AveragePooling2D was built for another input"
        );
        let mut output = Tensor::zeros(&[n, window.output[0], window.output[1], channels]);
        let images = input.values().chunks_exact(window.image_len());
        let outputs = output.values_mut().chunks_exact_mut(window.num_cells() * channels);
        for (image, output) in images.zip(outputs) {
            average_pooling2d::forward(&window, image, output);
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
            let images = grad_input.values_mut().chunks_exact_mut(window.image_len());
            let grads = grad_output.values().chunks_exact(window.num_cells() * channels);
            for (grad_image, grad) in images.zip(grads) {
                average_pooling2d::backward(&window, grad, grad_image);
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
                    let spec = AveragePooling2dSpec { pool_size, strides, padding, data_format };
                    check_layer(&spec.into(), &Shape::from([5, 4, 3]));
                }
            }
        }
    }

    #[test]
    fn no_strides_are_those_of_the_window() {
        let spec = AveragePooling2dSpec { pool_size: [3, 2], ..AveragePooling2dSpec::default() };
        assert_eq!(spec.output_shape(&Shape::from([9, 9, 5])), Ok(Shape::from([3, 4, 5])));
        let spec = AveragePooling2dSpec { data_format: DataFormat::ChannelsFirst, ..spec };
        assert_eq!(spec.output_shape(&Shape::from([5, 9, 9])), Ok(Shape::from([5, 3, 4])));
    }
}
