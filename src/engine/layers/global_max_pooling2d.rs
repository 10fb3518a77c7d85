//! Keras's `GlobalMaxPooling2D`: `y[n,c] = max over (h,w) of x[n,h,w,c]`.
//!
//! All cells that hold the largest value share its gradient equally. `MaxPooling2D` gives it to the
//! first alone; Keras computes one with a reduction and the other with a pooling kernel, whose
//! gradients differ so. A NaN is larger than every number.

use serde::{Deserialize, Serialize};

use super::global_average_pooling2d::{pooled, pooled_batch};
use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// As [`super::GlobalAveragePooling2dSpec`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GlobalMaxPooling2dSpec {
    /// Where the channels are.
    pub data_format: DataFormat,
    /// Whether the axes of rows and columns stay, with extent 1.
    pub keepdims: bool,
}

impl LayerDef for GlobalMaxPooling2dSpec {
    fn class_name(&self) -> &'static str {
        "GlobalMaxPooling2D"
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
        self.data_format.wrap(Box::new(GlobalMaxPooling2d { input, keepdims: self.keepdims, cache: None }))
    }
}

/// Remembers its input and output for `backward`.
struct GlobalMaxPooling2d {
    input: Shape,
    keepdims: bool,
    cache: Option<(Tensor, Tensor)>,
}

impl Layer for GlobalMaxPooling2d {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let channels = self.input.0[2];
        assert_eq!(input.sample_extents(), self.input.0, "GlobalMaxPooling2D was built for another input");
        let mut output = Tensor::zeros(&pooled_batch(input.batch(), channels, self.keepdims));
        output.values_mut().fill(f32::NEG_INFINITY);
        let images = input.values().chunks_exact(self.input.size());
        for (image, largest) in images.zip(output.values_mut().chunks_exact_mut(channels)) {
            for cell in image.chunks_exact(channels) {
                for (largest, x) in largest.iter_mut().zip(cell) {
                    *largest = if *x > *largest || x.is_nan() { *x } else { *largest };
                }
            }
        }
        self.cache = pass.is_training().then(|| (input.clone(), output.clone()));
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let (input, output) = self.cache.take().expect("backward follows a training forward");
        wants.then(|| {
            let channels = self.input.0[2];
            let mut grad_input = Tensor::zeros(input.extents());
            let size = self.input.size();
            let grads = grad_output.values().chunks_exact(channels);
            let images = input.values().chunks_exact(size).zip(output.values().chunks_exact(channels));
            for ((grad_image, grad), (image, largest)) in
                grad_input.values_mut().chunks_exact_mut(size).zip(grads).zip(images)
            {
                for c in 0..channels {
                    let channel = || image[c..].iter().step_by(channels);
                    let ties = channel().filter(|x| **x == largest[c]).count() as f32;
                    for (cell, x) in grad_image[c..].iter_mut().step_by(channels).zip(channel()) {
                        // 0/0 if the largest is a NaN, which equals nothing: the gradient is one too.
                        *cell = f32::from(u8::from(*x == largest[c])) / ties * grad[c];
                    }
                }
            }
            grad_input
        })
    }

    fn has_cache(&self) -> bool {
        self.cache.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    const TRAIN: Pass = Pass::Train { seed: 0, step: 0, first_sample: 0 };

    #[test]
    fn gradients_are_right_for_every_argument() {
        for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
            for keepdims in [false, true] {
                for shape in [[4, 3, 2], [1, 1, 3], [1, 5, 1]] {
                    let spec = GlobalMaxPooling2dSpec { data_format, keepdims };
                    check_layer(&spec.into(), &Shape::from(shape));
                }
            }
        }
    }

    fn run(values: [f32; 4]) -> (f32, Vec<f32>) {
        let mut layer = GlobalMaxPooling2dSpec::default().build(&Shape::from([2, 2, 1]), 0);
        let output = layer.forward(&Tensor::new(&[1, 2, 2, 1], values.to_vec()), &[], TRAIN);
        let grad = layer.backward(&Tensor::new(&[1, 1], vec![6.0]), &[], &mut [], true);
        (output.values()[0], grad.map(Tensor::into_values).unwrap_or_default())
    }

    #[test]
    fn ties_share_the_gradient() {
        assert_eq!(run([1.0, 5.0, 5.0, 2.0]), (5.0, vec![0.0, 3.0, 3.0, 0.0]));
        assert_eq!(run([-5.0; 4]), (-5.0, vec![1.5; 4]));
    }

    #[test]
    fn a_nan_shows_in_the_output_and_in_every_gradient() {
        let (output, grad) = run([1.0, f32::NAN, 5.0, 2.0]);
        assert!(output.is_nan());
        assert!(grad.iter().all(|grad| grad.is_nan()));
    }
}
