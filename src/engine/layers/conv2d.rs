//! Keras's `Conv2D`:
//! `y[n,oh,ow,o] = act(bias[o] + Σ_kh Σ_kw Σ_c x[n, oh*s + kh*d - pad, ow*s + kw*d - pad, c]·kernel[kh,kw,c,o])`.
//!
//! A cross-correlation: the kernel is not flipped. Padding is 0. With `groups`, channels and filters
//! are cut into as many equal parts, and the filters of a part see its channels alone.

use serde::{Deserialize, Serialize};

use super::convolution::{Activated, Convolution, Grouped, at_least_one};
use super::pair::pair;
use super::{Activation, DataFormat, Layer, LayerDef, LayerError, Padding, ParamSpec};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::Shape;
use crate::tensor::kernels::Window;

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, oh, ow, filters]`, where along each axis `oh = floor((h - d(k - 1) - 1)/s) + 1` for
///   `valid` and `ceil(h/s)` for `same` padding
/// - kernel `[kh, kw, c/groups, filters]`, bias `[filters]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conv2dSpec {
    /// Output channels; at least 1.
    pub filters: usize,
    /// Rows and columns of the window; at least 1.
    #[serde(deserialize_with = "pair")]
    pub kernel_size: [usize; 2],
    /// Rows and columns the window moves by; at least 1, and 1 if `dilation_rate` is not.
    #[serde(deserialize_with = "pair")]
    pub strides: [usize; 2],
    /// How the window meets the border.
    pub padding: Padding,
    /// Where the channels are.
    pub data_format: DataFormat,
    /// Rows and columns from one window position to the next; at least 1.
    #[serde(deserialize_with = "pair")]
    pub dilation_rate: [usize; 2],
    /// Parts into which channels and filters are cut; both are multiples of it.
    pub groups: usize,
    /// Applied last.
    pub activation: Activation,
    /// Whether a bias is added.
    pub use_bias: bool,
    /// How the kernel begins.
    pub kernel_initializer: InitializerSpec,
    /// How the bias begins.
    pub bias_initializer: InitializerSpec,
    /// The penalty on the kernel.
    pub kernel_regularizer: Option<RegularizerSpec>,
    /// The penalty on the bias.
    pub bias_regularizer: Option<RegularizerSpec>,
    /// The penalty on the output.
    pub activity_regularizer: Option<RegularizerSpec>,
    /// What the kernel is changed to after every step.
    pub kernel_constraint: Option<ConstraintSpec>,
    /// What the bias is changed to after every step.
    pub bias_constraint: Option<ConstraintSpec>,
    /// Whether training changes kernel and bias.
    pub trainable: bool,
}

impl Default for Conv2dSpec {
    fn default() -> Self {
        Self {
            filters: 32,
            kernel_size: [3, 3],
            strides: [1, 1],
            padding: Padding::Valid,
            data_format: DataFormat::ChannelsLast,
            dilation_rate: [1, 1],
            groups: 1,
            activation: Activation::Linear,
            use_bias: true,
            kernel_initializer: InitializerSpec::glorot_uniform(),
            bias_initializer: InitializerSpec::zeros(),
            kernel_regularizer: None,
            bias_regularizer: None,
            activity_regularizer: None,
            kernel_constraint: None,
            bias_constraint: None,
            trainable: true,
        }
    }
}

impl Conv2dSpec {
    pub(super) fn window(&self, input: &Shape) -> Result<Window, LayerError> {
        at_least_one("filters", self.filters)?;
        at_least_one("groups", self.groups)?;
        if !self.filters.is_multiple_of(self.groups) {
            return Err(LayerError::NotAMultiple {
                argument: "filters".to_owned(),
                divisor: "groups".to_owned(),
                got: self.filters,
                by: self.groups,
            });
        }
        let image = self.data_format.image(input)?;
        if !image[2].is_multiple_of(self.groups) {
            return Err(LayerError::ChannelsNotAMultiple { channels: image[2], groups: self.groups });
        }
        let (strides, dilation_rate) = (self.strides, self.dilation_rate);
        let above_one = |counts: [usize; 2]| counts.iter().any(|count| *count > 1);
        if above_one(strides) && above_one(dilation_rate) {
            return Err(LayerError::StridesAndDilation { strides, dilation_rate });
        }
        self.padding.window(image, "kernel_size", self.kernel_size, strides, dilation_rate)
    }
}

impl LayerDef for Conv2dSpec {
    fn class_name(&self) -> &'static str {
        "Conv2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let [oh, ow] = self.window(input)?.output;
        Ok(self.data_format.moved_back(&Shape::from([oh, ow, self.filters])))
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let [kh, kw] = self.kernel_size;
        let channels = self.data_format.to_last(input).0.last().copied().unwrap_or(0);
        let kernel = ParamSpec {
            name: "kernel",
            extents: vec![kh, kw, channels / self.groups.max(1), self.filters],
            initializer: self.kernel_initializer.clone(),
            regularizer: self.kernel_regularizer.clone(),
            constraint: self.kernel_constraint.clone(),
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
        if self.use_bias { vec![kernel, bias] } else { vec![kernel] }
    }

    fn activity_regularizer(&self) -> Option<RegularizerSpec> {
        self.activity_regularizer.clone()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let window = self.window(input).expect("build is called after output_shape accepted this input");
        if self.groups == 1 && self.data_format == DataFormat::ChannelsLast {
            return Box::new(Convolution::new(window, self.filters, self.use_bias, self.activation));
        }
        // Softmax goes over the last axis of what this layer gives, also where that is not channels.
        let sums: Box<dyn Layer> = if self.groups == 1 {
            Box::new(Convolution::new(window, self.filters, self.use_bias, Activation::Linear))
        } else {
            Box::new(Grouped::new(window, self.filters, self.use_bias, self.groups))
        };
        Box::new(Activated::new(self.data_format.wrap(sums), self.activation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Pass;
    use crate::engine::layers::check::check_layer;
    use crate::tensor::Tensor;

    #[test]
    fn gradients_are_right_for_every_padding_stride_and_channel_count() {
        for padding in [Padding::Valid, Padding::Same] {
            for (kernel_size, strides) in
                [([3, 3], [1, 1]), ([2, 3], [2, 1]), ([1, 1], [3, 2]), ([3, 1], [2, 3])]
            {
                for channels in [1, 2] {
                    let spec =
                        Conv2dSpec { filters: 3, kernel_size, strides, padding, ..Conv2dSpec::default() };
                    check_layer(&spec.into(), &Shape::from([5, 4, channels]));
                }
            }
        }
    }

    #[test]
    fn gradients_are_right_with_and_without_bias_for_every_activation() {
        for activation in Activation::ALL {
            for use_bias in [true, false] {
                let spec = Conv2dSpec {
                    filters: 3,
                    kernel_size: [2, 2],
                    activation,
                    use_bias,
                    ..Conv2dSpec::default()
                };
                check_layer(&spec.into(), &Shape::from([3, 4, 2]));
            }
        }
    }

    #[test]
    fn gradients_are_right_for_every_dilation_group_and_data_format() {
        for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
            for padding in [Padding::Valid, Padding::Same] {
                for (dilation_rate, groups, activation) in [
                    ([2, 1], 1, Activation::Linear),
                    ([1, 3], 2, Activation::Tanh),
                    ([2, 2], 4, Activation::Softmax),
                    ([1, 1], 2, Activation::Linear),
                ] {
                    let spec = Conv2dSpec {
                        filters: 4,
                        kernel_size: [2, 2],
                        padding,
                        data_format,
                        dilation_rate,
                        groups,
                        activation,
                        ..Conv2dSpec::default()
                    };
                    check_layer(&spec.into(), &Shape::from([4, 4, 4]));
                }
            }
        }
    }

    #[test]
    fn as_many_groups_as_channels_are_a_depthwise_convolution() {
        let shape = Shape::from([5, 4, 3]);
        let mut rng = crate::tensor::rng::Rng::new(1, crate::tensor::rng::Purpose::Init, 0, 0);
        let mut draw = |len: usize| (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect::<Vec<f32>>();
        let (input, params) = (Tensor::new(&shape.with_batch(2), draw(120)), draw(9 * 6 + 6));
        let grouped = Conv2dSpec { filters: 6, groups: 3, ..Conv2dSpec::default() };
        let depthwise = super::super::DepthwiseConv2dSpec {
            depth_multiplier: 2,
            ..super::super::DepthwiseConv2dSpec::default()
        };
        let grouped = grouped.build(&shape, 0).forward(&input, &params, Pass::Infer);
        let depthwise = depthwise.build(&shape, 0).forward(&input, &params, Pass::Infer);
        assert_eq!(grouped, depthwise);
    }

    #[test]
    fn what_keras_refuses_is_refused() {
        let image = Shape::from([9, 9, 3]);
        let shape = |spec: Conv2dSpec| spec.output_shape(&image);
        let spec = Conv2dSpec { filters: 4, ..Conv2dSpec::default() };
        let zero = |argument: &str| Err(LayerError::Zero { argument: argument.to_owned() });
        assert_eq!(shape(Conv2dSpec { groups: 0, ..spec.clone() }), zero("groups"));
        assert_eq!(shape(Conv2dSpec { dilation_rate: [1, 0], ..spec.clone() }), zero("dilation_rate"));
        let (argument, divisor) = ("filters".to_owned(), "groups".to_owned());
        let refused = LayerError::NotAMultiple { argument, divisor, got: 4, by: 3 };
        assert_eq!(shape(Conv2dSpec { groups: 3, ..spec.clone() }), Err(refused));
        let refused = LayerError::ChannelsNotAMultiple { channels: 3, groups: 2 };
        assert_eq!(shape(Conv2dSpec { groups: 2, ..spec.clone() }), Err(refused));
        let (strides, dilation_rate) = ([1, 2], [2, 1]);
        let refused = LayerError::StridesAndDilation { strides, dilation_rate };
        assert_eq!(shape(Conv2dSpec { strides, dilation_rate, ..spec }), Err(refused));
    }

    #[test]
    fn the_kernel_is_not_flipped() {
        let spec = Conv2dSpec { filters: 1, kernel_size: [2, 2], ..Conv2dSpec::default() };
        let input = Tensor::new(&[1, 2, 2, 1], vec![1.0, 2.0, 3.0, 4.0]);
        let mut layer = spec.build(&Shape::from([2, 2, 1]), 0);
        let output = layer.forward(&input, &[1.0, 10.0, 100.0, 1000.0, 0.5], Pass::Infer);
        assert_eq!(output, Tensor::new(&[1, 1, 1, 1], vec![4321.5]));
    }

    #[test]
    fn same_padding_keeps_height_and_width() {
        let spec = Conv2dSpec { padding: Padding::Same, kernel_size: [5, 5], ..Conv2dSpec::default() };
        assert_eq!(spec.output_shape(&Shape::from([28, 27, 3])), Ok(Shape::from([28, 27, 32])));
    }

    #[test]
    fn a_window_larger_than_its_image_is_refused_unless_padded() {
        let (small, mut spec) = (Shape::from([2, 9, 1]), Conv2dSpec::default());
        assert!(matches!(
            spec.output_shape(&small),
            Err(LayerError::WindowTooLarge { window_height: 3, .. })
        ));
        spec.padding = Padding::Same;
        assert_eq!(spec.output_shape(&small), Ok(Shape::from([2, 9, 32])));
        spec.filters = 0;
        assert_eq!(spec.output_shape(&small), Err(LayerError::Zero { argument: "filters".to_owned() }));
    }

    #[test]
    fn the_saved_names_are_those_of_keras() {
        let json = serde_json::to_value(super::super::LayerSpec::from(Conv2dSpec::default())).unwrap();
        let expected = serde_json::json!({ "Conv2D": {
            "filters": 32, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid",
            "data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1,
            "activation": "linear", "use_bias": true,
            "kernel_initializer": { "GlorotUniform": { "seed": null } },
            "bias_initializer": { "Zeros": {} },
            "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
            "kernel_constraint": null, "bias_constraint": null, "trainable": true,
        }});
        assert_eq!(json, expected);
    }
}
