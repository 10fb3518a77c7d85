//! Keras's `GlobalAveragePooling2D`: `y[n,c] = 1/(H·W) · Σ_h Σ_w x[n,h,w,c]`.

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::kernels::sum_rows;
use crate::tensor::{Extents, Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, c]`, or `[n, 1, 1, c]` with `keepdims`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GlobalAveragePooling2dSpec {
    /// Where the channels are.
    pub data_format: DataFormat,
    /// Whether the axes of rows and columns stay, with extent 1.
    pub keepdims: bool,
}

impl LayerDef for GlobalAveragePooling2dSpec {
    fn class_name(&self) -> &'static str {
        "GlobalAveragePooling2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let [_, _, channels] = self.data_format.image(input)?;
        Ok(self.data_format.moved_back(&pooled(channels, self.keepdims)))
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let input = self.data_format.to_last(input);
        self.data_format.wrap(Box::new(GlobalAveragePooling2d {
            input,
            keepdims: self.keepdims,
            trained: false,
        }))
    }
}

/// The shape of one sample of global pooling, channels last.
pub(super) fn pooled(channels: usize, keepdims: bool) -> Shape {
    Shape(pooled_batch(1, channels, keepdims)[1..].to_vec())
}

/// The extents of n such outputs.
pub(super) fn pooled_batch(n: usize, channels: usize, keepdims: bool) -> Extents {
    if keepdims { smallvec![n, 1, 1, channels] } else { smallvec![n, channels] }
}

struct GlobalAveragePooling2d {
    input: Shape,
    keepdims: bool,
    trained: bool,
}

impl GlobalAveragePooling2d {
    /// Values of one channel, and channels.
    fn counts(&self) -> (f32, usize) {
        let channels = self.input.0[2];
        ((self.input.0[0] * self.input.0[1]) as f32, channels)
    }
}

impl Layer for GlobalAveragePooling2d {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let (cells, channels) = self.counts();
        assert_eq!(
            input.sample_extents(),
            self.input.0,
            "GlobalAveragePooling2D was built for another input"
        );
        let mut output = Tensor::zeros(&pooled_batch(input.batch(), channels, self.keepdims));
        let images = input.values().chunks_exact(self.input.size());
        for (image, means) in images.zip(output.values_mut().chunks_exact_mut(channels)) {
            sum_rows(image, means);
            for mean in means.iter_mut() {
                *mean /= cells;
            }
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
            let (cells, channels) = self.counts();
            let mut grad_input = Tensor::zeros(&self.input.with_batch(grad_output.batch()));
            let images = grad_input.values_mut().chunks_exact_mut(self.input.size());
            for (image, grad) in images.zip(grad_output.values().chunks_exact(channels)) {
                for cell in image.chunks_exact_mut(channels) {
                    cell.iter_mut().zip(grad).for_each(|(cell, grad)| *cell = grad / cells);
                }
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
    fn gradients_are_right_for_every_argument() {
        for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
            for keepdims in [false, true] {
                for shape in [[4, 3, 2], [1, 1, 3], [1, 5, 1]] {
                    let spec = GlobalAveragePooling2dSpec { data_format, keepdims };
                    check_layer(&spec.into(), &Shape::from(shape));
                }
            }
        }
    }

    #[test]
    fn kept_axes_stay_where_they_are() {
        let image = Shape::from([2, 3, 4]);
        let mut spec = GlobalAveragePooling2dSpec { keepdims: true, ..GlobalAveragePooling2dSpec::default() };
        assert_eq!(spec.output_shape(&image), Ok(Shape::from([1, 1, 4])));
        spec.data_format = DataFormat::ChannelsFirst;
        assert_eq!(spec.output_shape(&image), Ok(Shape::from([2, 1, 1])));
        spec.keepdims = false;
        assert_eq!(spec.output_shape(&image), Ok(Shape::from([2])));
    }
}
