//! Keras's `DepthwiseConv2D`: every channel is convolved alone, with `M = depth_multiplier` kernels,
//! `y[n,oh,ow,c*M + m] = act(bias[c*M + m] + Σ_kh Σ_kw x[n, oh*s + kh*d - pad, ow*s + kw*d - pad, c]·kernel[kh,kw,c,m])`.
//!
//! Unlike `Conv2D`, Keras lets this layer have strides and gaps at once.

use serde::{Deserialize, Serialize};

use super::convolution::{Activated, at_least_one};
use super::pair::pair;
use super::{Activation, DataFormat, Layer, LayerDef, LayerError, Padding, ParamSpec, Pass};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::kernels::{Window, add_bias, depthwise_conv2d, sum_rows};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults; `kernel_size` has none in Keras, here it is `(3, 3)`.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, oh, ow, c*depth_multiplier]`, `oh` and `ow` as in [`super::Conv2dSpec`]
/// - kernel `[kh, kw, c, depth_multiplier]`, bias `[c*depth_multiplier]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DepthwiseConv2dSpec {
    /// Rows and columns of the window; at least 1.
    #[serde(deserialize_with = "pair")]
    pub kernel_size: [usize; 2],
    /// Rows and columns the window moves by; at least 1.
    #[serde(deserialize_with = "pair")]
    pub strides: [usize; 2],
    /// How the window meets the border.
    pub padding: Padding,
    /// Kernels of each channel; at least 1.
    pub depth_multiplier: usize,
    /// Where the channels are.
    pub data_format: DataFormat,
    /// Rows and columns from one window position to the next; at least 1.
    #[serde(deserialize_with = "pair")]
    pub dilation_rate: [usize; 2],
    /// Applied last.
    pub activation: Activation,
    /// Whether a bias is added.
    pub use_bias: bool,
    /// How the kernel begins.
    pub depthwise_initializer: InitializerSpec,
    /// How the bias begins.
    pub bias_initializer: InitializerSpec,
    /// The penalty on the kernel.
    pub depthwise_regularizer: Option<RegularizerSpec>,
    /// The penalty on the bias.
    pub bias_regularizer: Option<RegularizerSpec>,
    /// The penalty on the output.
    pub activity_regularizer: Option<RegularizerSpec>,
    /// What the kernel is changed to after every step.
    pub depthwise_constraint: Option<ConstraintSpec>,
    /// What the bias is changed to after every step.
    pub bias_constraint: Option<ConstraintSpec>,
    /// Whether training changes kernel and bias.
    pub trainable: bool,
}

impl Default for DepthwiseConv2dSpec {
    fn default() -> Self {
        Self {
            kernel_size: [3, 3],
            strides: [1, 1],
            padding: Padding::Valid,
            depth_multiplier: 1,
            data_format: DataFormat::ChannelsLast,
            dilation_rate: [1, 1],
            activation: Activation::Linear,
            use_bias: true,
            depthwise_initializer: InitializerSpec::glorot_uniform(),
            bias_initializer: InitializerSpec::zeros(),
            depthwise_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            depthwise_constraint: None,
            bias_constraint: None,
            trainable: true,
        }
    }
}

impl DepthwiseConv2dSpec {
    fn window(&self, input: &Shape) -> Result<Window, LayerError> {
        at_least_one("depth_multiplier", self.depth_multiplier)?;
        let image = self.data_format.image(input)?;
        self.padding.window(image, "kernel_size", self.kernel_size, self.strides, self.dilation_rate)
    }
}

impl LayerDef for DepthwiseConv2dSpec {
    fn class_name(&self) -> &'static str {
        "DepthwiseConv2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let Window { output: [oh, ow], input: [_, _, channels], .. } = self.window(input)?;
        let outputs = channels.saturating_mul(self.depth_multiplier);
        Ok(self.data_format.moved_back(&Shape::from([oh, ow, outputs])))
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let [kh, kw] = self.kernel_size;
        let channels = self.data_format.to_last(input).0.last().copied().unwrap_or(0);
        let kernel = ParamSpec {
            name: "kernel",
            extents: vec![kh, kw, channels, self.depth_multiplier],
            initializer: self.depthwise_initializer.clone(),
            regularizer: self.depthwise_regularizer.clone(),
            constraint: self.depthwise_constraint.clone(),
            trainable: self.trainable,
        };
        let bias = ParamSpec {
            name: "bias",
            extents: vec![channels.saturating_mul(self.depth_multiplier)],
            initializer: self.bias_initializer.clone(),
            regularizer: self.bias_regularizer.clone(),
            constraint: self.bias_constraint.clone(),
            trainable: self.trainable,
        };
        if self.use_bias { vec![kernel, bias] } else { vec![kernel] }
    }

    fn activity_regularizer(&self) -> Option<RegularizerSpec> {
        self.activity_regularizer.clone()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let window = self.window(input).expect("build is called after output_shape accepted this input");
        let sums = Depthwise::new(window, self.depth_multiplier, self.use_bias);
        Box::new(Activated::new(self.data_format.wrap(Box::new(sums)), self.activation))
    }
}

/// The sums alone, channels last. Remembers its input for `backward`.
pub(super) struct Depthwise {
    window: Window,
    multiplier: usize,
    use_bias: bool,
    cache: Option<Tensor>,
}

impl Depthwise {
    pub(super) fn new(window: Window, multiplier: usize, use_bias: bool) -> Self {
        Self { window, multiplier, use_bias, cache: None }
    }

    /// Values of the kernel.
    pub(super) fn kernel_len(&self) -> usize {
        self.window.num_inputs() * self.multiplier
    }

    fn output_len(&self) -> usize {
        self.window.num_cells() * self.window.input[2] * self.multiplier
    }
}

impl Layer for Depthwise {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let Window { input: [height, width, channels], output: [oh, ow], .. } = self.window;
        let n = input.batch();
        assert_eq!(
            input.extents(),
            [n, height, width, channels],
            "a depthwise convolution was built for another input"
        );
        let (kernel, bias) = params.split_at(self.kernel_len());
        let mut output = Tensor::zeros(&[n, oh, ow, channels * self.multiplier]);
        if self.use_bias {
            add_bias(output.values_mut(), bias);
        }
        let images = input.values().chunks_exact(self.window.image_len());
        for (image, output) in images.zip(output.values_mut().chunks_exact_mut(self.output_len())) {
            depthwise_conv2d::forward(&self.window, image, kernel, output);
        }
        self.cache = pass.is_training().then(|| input.clone());
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let input = self.cache.take().expect("backward follows a training forward");
        let (kernel, _) = params.split_at(self.kernel_len());
        let (grad_kernel, grad_bias) = grads.split_at_mut(self.kernel_len());
        let outputs = || grad_output.values().chunks_exact(self.output_len());
        for (image, grad) in input.values().chunks_exact(self.window.image_len()).zip(outputs()) {
            depthwise_conv2d::backward_kernel(&self.window, image, grad, grad_kernel);
        }
        if self.use_bias {
            sum_rows(grad_output.values(), grad_bias);
        }
        wants.then(|| {
            let mut grad_input = Tensor::zeros(input.extents());
            let images = grad_input.values_mut().chunks_exact_mut(self.window.image_len());
            for (image, grad) in images.zip(outputs()) {
                depthwise_conv2d::backward_image(&self.window, kernel, grad, image);
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

    #[test]
    fn gradients_are_right_for_every_window_multiplier_and_data_format() {
        for padding in [Padding::Valid, Padding::Same] {
            for (kernel_size, strides, dilation_rate) in [
                ([3, 3], [1, 1], [1, 1]),
                ([2, 3], [2, 1], [1, 1]),
                ([2, 2], [1, 1], [2, 3]),
                ([2, 2], [2, 2], [2, 2]),
            ] {
                for (depth_multiplier, data_format) in [
                    (1, DataFormat::ChannelsLast),
                    (2, DataFormat::ChannelsLast),
                    (3, DataFormat::ChannelsFirst),
                ] {
                    let spec = DepthwiseConv2dSpec {
                        kernel_size,
                        strides,
                        padding,
                        depth_multiplier,
                        data_format,
                        dilation_rate,
                        ..DepthwiseConv2dSpec::default()
                    };
                    check_layer(&spec.into(), &Shape::from([5, 4, 4]));
                }
            }
        }
    }

    #[test]
    fn gradients_are_right_with_and_without_bias_for_activations() {
        for activation in [Activation::Relu, Activation::Tanh, Activation::Softmax, Activation::Gelu] {
            for use_bias in [true, false] {
                let spec = DepthwiseConv2dSpec {
                    kernel_size: [2, 2],
                    activation,
                    use_bias,
                    ..DepthwiseConv2dSpec::default()
                };
                check_layer(&spec.into(), &Shape::from([3, 3, 2]));
            }
        }
    }

    #[test]
    fn no_kernels_are_refused() {
        let spec = DepthwiseConv2dSpec { depth_multiplier: 0, ..DepthwiseConv2dSpec::default() };
        let zero = LayerError::Zero { argument: "depth_multiplier".to_owned() };
        assert_eq!(spec.output_shape(&Shape::from([5, 4, 2])), Err(zero));
    }
}
