//! Keras's `SeparableConv2D`: a depthwise convolution without bias, then a 1×1 convolution that mixes
//! the channels,
//! `y[n,oh,ow,o] = act(bias[o] + Σ_c Σ_m d[n,oh,ow,c*M + m]·pointwise_kernel[0,0,c*M + m,o])`,
//! `d` as in `DepthwiseConv2D`.

use serde::{Deserialize, Serialize};

use super::convolution::{Activated, Convolution, at_least_one};
use super::depthwise_conv2d::Depthwise;
use super::pair::pair;
use super::{Activation, DataFormat, Layer, LayerDef, LayerError, Padding, ParamSpec, Pass};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::kernels::Window;
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults; `filters` and `kernel_size` have none in Keras, here they are
/// those of `Conv2D`.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, oh, ow, filters]`, `oh` and `ow` as in [`super::Conv2dSpec`]
/// - depthwise kernel `[kh, kw, c, depth_multiplier]`, pointwise kernel
///   `[1, 1, c*depth_multiplier, filters]`, bias `[filters]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeparableConv2dSpec {
    /// Output channels; at least 1.
    pub filters: usize,
    /// Rows and columns of the window; at least 1.
    #[serde(deserialize_with = "pair")]
    pub kernel_size: [usize; 2],
    /// Rows and columns the window moves by; at least 1.
    #[serde(deserialize_with = "pair")]
    pub strides: [usize; 2],
    /// How the window meets the border.
    pub padding: Padding,
    /// Where the channels are.
    pub data_format: DataFormat,
    /// Rows and columns from one window position to the next; at least 1.
    #[serde(deserialize_with = "pair")]
    pub dilation_rate: [usize; 2],
    /// Depthwise kernels of each channel; at least 1.
    pub depth_multiplier: usize,
    /// Applied last.
    pub activation: Activation,
    /// Whether a bias is added.
    pub use_bias: bool,
    /// How the depthwise kernel begins.
    pub depthwise_initializer: InitializerSpec,
    /// How the pointwise kernel begins.
    pub pointwise_initializer: InitializerSpec,
    /// How the bias begins.
    pub bias_initializer: InitializerSpec,
    /// The penalty on the depthwise kernel.
    pub depthwise_regularizer: Option<RegularizerSpec>,
    /// The penalty on the pointwise kernel.
    pub pointwise_regularizer: Option<RegularizerSpec>,
    /// The penalty on the bias.
    pub bias_regularizer: Option<RegularizerSpec>,
    /// The penalty on the output.
    pub activity_regularizer: Option<RegularizerSpec>,
    /// What the depthwise kernel is changed to after every step.
    pub depthwise_constraint: Option<ConstraintSpec>,
    /// What the pointwise kernel is changed to after every step.
    pub pointwise_constraint: Option<ConstraintSpec>,
    /// What the bias is changed to after every step.
    pub bias_constraint: Option<ConstraintSpec>,
    /// Whether training changes kernels and bias.
    pub trainable: bool,
}

impl Default for SeparableConv2dSpec {
    fn default() -> Self {
        Self {
            filters: 32,
            kernel_size: [3, 3],
            strides: [1, 1],
            padding: Padding::Valid,
            data_format: DataFormat::ChannelsLast,
            dilation_rate: [1, 1],
            depth_multiplier: 1,
            activation: Activation::Linear,
            use_bias: true,
            depthwise_initializer: InitializerSpec::glorot_uniform(),
            pointwise_initializer: InitializerSpec::glorot_uniform(),
            bias_initializer: InitializerSpec::zeros(),
            depthwise_regularizer: None,
            pointwise_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            depthwise_constraint: None,
            pointwise_constraint: None,
            bias_constraint: None,
            trainable: true,
        }
    }
}

impl SeparableConv2dSpec {
    fn window(&self, input: &Shape) -> Result<Window, LayerError> {
        at_least_one("filters", self.filters)?;
        at_least_one("depth_multiplier", self.depth_multiplier)?;
        let image = self.data_format.image(input)?;
        self.padding.window(image, "kernel_size", self.kernel_size, self.strides, self.dilation_rate)
    }
}

impl LayerDef for SeparableConv2dSpec {
    fn class_name(&self) -> &'static str {
        "SeparableConv2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let [oh, ow] = self.window(input)?.output;
        Ok(self.data_format.moved_back(&Shape::from([oh, ow, self.filters])))
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let [kh, kw] = self.kernel_size;
        let channels = self.data_format.to_last(input).0.last().copied().unwrap_or(0);
        let depthwise = ParamSpec {
            name: "depthwise_kernel",
            extents: vec![kh, kw, channels, self.depth_multiplier],
            initializer: self.depthwise_initializer.clone(),
            regularizer: self.depthwise_regularizer.clone(),
            constraint: self.depthwise_constraint.clone(),
            trainable: self.trainable,
        };
        let pointwise = ParamSpec {
            name: "pointwise_kernel",
            extents: vec![1, 1, channels.saturating_mul(self.depth_multiplier), self.filters],
            initializer: self.pointwise_initializer.clone(),
            regularizer: self.pointwise_regularizer.clone(),
            constraint: self.pointwise_constraint.clone(),
            trainable: self.trainable,
        };
        let bias = ParamSpec {
            name: "bias",
            extents: vec![self.filters],
            initializer: self.bias_initializer.clone(),
            regularizer: self.bias_regularizer.clone(),
            constraint: self.bias_constraint.clone(),
            trainable: self.trainable,
        };
        if self.use_bias { vec![depthwise, pointwise, bias] } else { vec![depthwise, pointwise] }
    }

    fn activity_regularizer(&self) -> Option<RegularizerSpec> {
        self.activity_regularizer.clone()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let window = self.window(input).expect("build is called after output_shape accepted this input");
        let [oh, ow] = window.output;
        let cells = Window {
            input: [oh, ow, window.input[2] * self.depth_multiplier],
            output: [oh, ow],
            size: [1, 1],
            strides: [1, 1],
            dilation: [1, 1],
            before: [0, 0],
        };
        let sums = Separable {
            depthwise: Depthwise::new(window, self.depth_multiplier, false),
            pointwise: Convolution::new(cells, self.filters, self.use_bias, Activation::Linear),
        };
        Box::new(Activated::new(self.data_format.wrap(Box::new(sums)), self.activation))
    }
}

/// The sums alone, channels last.
struct Separable {
    depthwise: Depthwise,
    pointwise: Convolution,
}

impl Layer for Separable {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (depthwise, pointwise) = params.split_at(self.depthwise.kernel_len());
        let between = self.depthwise.forward(input, depthwise, pass);
        self.pointwise.forward(&between, pointwise, pass)
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let (depthwise, pointwise) = params.split_at(self.depthwise.kernel_len());
        let (grad_depthwise, grad_pointwise) = grads.split_at_mut(self.depthwise.kernel_len());
        let between = self.pointwise.backward(grad_output, pointwise, grad_pointwise, true)?;
        self.depthwise.backward(&between, depthwise, grad_depthwise, wants)
    }

    fn has_cache(&self) -> bool {
        self.depthwise.has_cache() || self.pointwise.has_cache()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_for_every_window_multiplier_and_data_format() {
        for padding in [Padding::Valid, Padding::Same] {
            for (kernel_size, strides, dilation_rate) in
                [([2, 3], [2, 1], [1, 1]), ([2, 2], [1, 1], [2, 3]), ([2, 2], [2, 2], [2, 2])]
            {
                for (depth_multiplier, data_format) in
                    [(1, DataFormat::ChannelsLast), (2, DataFormat::ChannelsFirst)]
                {
                    let spec = SeparableConv2dSpec {
                        filters: 3,
                        kernel_size,
                        strides,
                        padding,
                        data_format,
                        dilation_rate,
                        depth_multiplier,
                        ..SeparableConv2dSpec::default()
                    };
                    check_layer(&spec.into(), &Shape::from([4, 4, 4]));
                }
            }
        }
    }

    #[test]
    fn gradients_are_right_with_and_without_bias_for_activations() {
        for activation in [Activation::Tanh, Activation::Softmax] {
            for use_bias in [true, false] {
                let spec = SeparableConv2dSpec {
                    filters: 2,
                    kernel_size: [2, 2],
                    activation,
                    use_bias,
                    ..SeparableConv2dSpec::default()
                };
                check_layer(&spec.into(), &Shape::from([3, 3, 2]));
            }
        }
    }

    #[test]
    fn names_and_extents_are_those_of_keras() {
        let spec = SeparableConv2dSpec { filters: 4, depth_multiplier: 2, ..SeparableConv2dSpec::default() };
        let params = spec.params(&Shape::from([9, 9, 3]));
        let params: Vec<_> = params.iter().map(|param| (param.name, param.extents.clone())).collect();
        let expected = [("depthwise_kernel", vec![3, 3, 3, 2]), ("pointwise_kernel", vec![1, 1, 6, 4])];
        assert_eq!(params[..2], expected);
        assert_eq!(params[2], ("bias", vec![4]));
    }
}
