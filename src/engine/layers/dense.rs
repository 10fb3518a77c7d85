//! Keras's `Dense`: `y[n,o] = act(Σ_i x[n,i]·kernel[i,o] + bias[o])`.

use serde::{Deserialize, Serialize};

use super::{Activation, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::engine::initializers::InitializerSpec;
use crate::tensor::kernels::{add_bias, gemm, sum_rows};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, inputs]`
/// - output `[n, units]`
/// - kernel `[inputs, units]`, bias `[units]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DenseSpec {
    /// Outputs; at least 1.
    pub units: usize,
    /// Applied last.
    pub activation: Activation,
    /// Whether a bias is added.
    pub use_bias: bool,
}

impl Default for DenseSpec {
    fn default() -> Self {
        Self { units: 32, activation: Activation::Linear, use_bias: true }
    }
}

impl LayerDef for DenseSpec {
    fn class_name(&self) -> &'static str {
        "Dense"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        if self.units == 0 {
            return Err(LayerError::Zero { argument: "units".to_owned() });
        }
        if input.rank() != 1 {
            return Err(LayerError::WrongRank { expected: 1, got: input.clone() });
        }
        Ok(Shape::from([self.units]))
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let kernel = ParamSpec {
            name: "kernel",
            extents: vec![input.size(), self.units],
            initializer: InitializerSpec::GlorotUniform,
        };
        let bias = ParamSpec { name: "bias", extents: vec![self.units], initializer: InitializerSpec::Zeros };
        if self.use_bias { vec![kernel, bias] } else { vec![kernel] }
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Box::new(Dense { spec: self.clone(), inputs: input.size(), cache: None })
    }
}

/// Remembers its input and its output for `backward`.
struct Dense {
    spec: DenseSpec,
    inputs: usize,
    cache: Option<(Tensor, Tensor)>,
}

impl Layer for Dense {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (n, units) = (input.batch(), self.spec.units);
        assert_eq!(input.extents(), [n, self.inputs], "Dense was built for another input");
        let (kernel, bias) = params.split_at(self.inputs * units);
        let mut output = Tensor::zeros(&[n, units]);
        gemm::nn(n, units, self.inputs, input.values(), kernel, output.values_mut());
        if self.spec.use_bias {
            add_bias(output.values_mut(), bias);
        }
        self.spec.activation.apply(output.values_mut(), units);
        self.cache = pass.is_training().then(|| (input.clone(), output.clone()));
        output
    }

    fn backward(&mut self, grad_output: &Tensor, params: &[f32], grads: &mut [f32], wants: bool) -> Option<Tensor> {
        let (input, output) = self.cache.take().expect("backward follows a training forward");
        let (n, units) = (input.batch(), self.spec.units);
        let (kernel, _) = params.split_at(self.inputs * units);
        let (grad_kernel, grad_bias) = grads.split_at_mut(self.inputs * units);
        let mut grad = grad_output.clone();
        self.spec.activation.backward(output.values(), grad.values_mut(), units);
        if self.spec.use_bias {
            sum_rows(grad.values(), grad_bias);
        }
        gemm::tn(self.inputs, units, n, input.values(), grad.values(), grad_kernel);
        wants.then(|| {
            let mut grad_input = Tensor::zeros(&[n, self.inputs]);
            gemm::nt(n, self.inputs, units, grad.values(), kernel, grad_input.values_mut());
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
    fn gradients_are_right_with_and_without_bias_for_every_activation() {
        for activation in Activation::ALL {
            for use_bias in [true, false] {
                check_layer(&DenseSpec { units: 5, activation, use_bias }.into(), &Shape::from([7]));
            }
        }
    }

    #[test]
    fn zero_units_and_an_image_are_refused() {
        let zero = DenseSpec { units: 0, ..DenseSpec::default() };
        assert_eq!(zero.output_shape(&Shape::from([3])), Err(LayerError::Zero { argument: "units".to_owned() }));
        let image = Shape::from([4, 4, 1]);
        let wrong = Err(LayerError::WrongRank { expected: 1, got: image.clone() });
        assert_eq!(DenseSpec::default().output_shape(&image), wrong);
    }
}
