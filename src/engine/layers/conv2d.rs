//! Keras's `Conv2D`:
//! `y[n,oh,ow,o] = act(bias[o] + Σ_kh Σ_kw Σ_c x[n, oh*s + kh - pad, ow*s + kw - pad, c]·kernel[kh,kw,c,o])`.
//!
//! A cross-correlation: the kernel is not flipped. Padding is 0.

use serde::{Deserialize, Serialize};

use super::activation::Kept;
use super::{Activation, DataFormat, Layer, LayerDef, LayerError, Padding, ParamSpec, Pass};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::kernels::{Window, add_bias, conv2d, gemm, sum_rows};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, h, w, c]`
/// - output `[n, oh, ow, filters]`, where along each axis `oh = floor((h - k)/s) + 1` for `valid`
///   and `ceil(h/s)` for `same` padding
/// - kernel `[kh, kw, c, filters]`, bias `[filters]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conv2dSpec {
    /// Output channels; at least 1.
    pub filters: usize,
    /// Rows and columns of the window; at least 1.
    pub kernel_size: [usize; 2],
    /// Rows and columns the window moves by; at least 1.
    pub strides: [usize; 2],
    /// How the window meets the border.
    pub padding: Padding,
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
    fn window(&self, input: &Shape) -> Result<Window, LayerError> {
        if self.filters == 0 {
            return Err(LayerError::Zero { argument: "filters".to_owned() });
        }
        self.padding.window(
            DataFormat::ChannelsLast.image(input)?,
            "kernel_size",
            self.kernel_size,
            self.strides,
            [1, 1],
        )
    }
}

impl LayerDef for Conv2dSpec {
    fn class_name(&self) -> &'static str {
        "Conv2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let [oh, ow] = self.window(input)?.output;
        Ok(Shape::from([oh, ow, self.filters]))
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let [kh, kw] = self.kernel_size;
        let channels = input.0.last().copied().unwrap_or(0);
        let kernel = ParamSpec {
            name: "kernel",
            extents: vec![kh, kw, channels, self.filters],
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

    fn activity_regularizer(&self) -> Option<&RegularizerSpec> {
        self.activity_regularizer.as_ref()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let window = self.window(input).expect("build is called after output_shape accepted this input");
        Box::new(Conv2d { spec: self.clone(), window, columns: Vec::new(), cache: None })
    }
}

/// Remembers its input and what its activation needs for `backward`; the matrix of windows is
/// cheaper to write again than to keep.
struct Conv2d {
    spec: Conv2dSpec,
    window: Window,
    /// What the windows of one image see, `[oh*ow, kh*kw*c]`: room that is used again and again.
    columns: Vec<f32>,
    cache: Option<(Tensor, Kept)>,
}

impl Layer for Conv2d {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (window, filters) = (self.window, self.spec.filters);
        let [height, width, channels] = window.input;
        let n = input.batch();
        assert_eq!(input.extents(), [n, height, width, channels], "Conv2D was built for another input");
        let (cells, inputs) = (window.num_cells(), window.num_inputs());
        let (kernel, bias) = params.split_at(inputs * filters);
        self.columns.resize(cells * inputs, 0.0);

        let mut output = Tensor::zeros(&[n, window.output[0], window.output[1], filters]);
        if self.spec.use_bias {
            add_bias(output.values_mut(), bias);
        }
        let images = input.values().chunks_exact(window.image_len());
        for (image, output) in images.zip(output.values_mut().chunks_exact_mut(cells * filters)) {
            conv2d::im2col(&window, image, &mut self.columns);
            gemm::nn(cells, filters, inputs, &self.columns, kernel, output);
        }
        let kept = self.spec.activation.forward(&mut output, pass);
        self.cache = kept.map(|kept| (input.clone(), kept));
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let (input, kept) = self.cache.take().expect("backward follows a training forward");
        let (window, filters) = (self.window, self.spec.filters);
        let (cells, inputs) = (window.num_cells(), window.num_inputs());
        let (kernel, _) = params.split_at(inputs * filters);
        let (grad_kernel, grad_bias) = grads.split_at_mut(inputs * filters);

        let mut grad = grad_output.clone();
        self.spec.activation.backward(&kept, grad.values_mut(), filters);
        let images = input.values().chunks_exact(window.image_len());
        for (image, grad) in images.zip(grad.values().chunks_exact(cells * filters)) {
            conv2d::im2col(&window, image, &mut self.columns);
            gemm::tn(inputs, filters, cells, &self.columns, grad, grad_kernel);
        }
        if self.spec.use_bias {
            sum_rows(grad.values(), grad_bias);
        }
        wants.then(|| {
            let mut grad_input = Tensor::zeros(input.extents());
            let images = grad_input.values_mut().chunks_exact_mut(window.image_len());
            for (image, grad) in images.zip(grad.values().chunks_exact(cells * filters)) {
                self.columns.fill(0.0);
                gemm::nt(cells, inputs, filters, grad, kernel, &mut self.columns);
                conv2d::col2im(&window, &self.columns, image);
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
            "activation": "linear", "use_bias": true,
            "kernel_initializer": { "GlorotUniform": { "seed": null } },
            "bias_initializer": { "Zeros": {} },
            "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null,
            "kernel_constraint": null, "bias_constraint": null, "trainable": true,
        }});
        assert_eq!(json, expected);
    }
}
