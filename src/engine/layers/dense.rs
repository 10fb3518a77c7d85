//! Keras's `Dense`: `y[..,o] = act(bias[o] + Σ_i x[..,i]·kernel[i,o])`, on the last axis.

use serde::{Deserialize, Serialize};

use super::activation::{Kept, last_axis};
use super::{Activation, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::kernels::{add_bias, gemm, product, sum_rows};
use crate::tensor::{Extents, Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - input `[n, .., inputs]`
/// - output `[n, .., units]`
/// - kernel `[inputs, units]`, bias `[units]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DenseSpec {
    /// Outputs; at least 1.
    pub units: usize,
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

impl Default for DenseSpec {
    fn default() -> Self {
        Self {
            units: 32,
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

impl LayerDef for DenseSpec {
    fn class_name(&self) -> &'static str {
        "Dense"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        if self.units == 0 {
            return Err(LayerError::Zero { argument: "units".to_owned() });
        }
        let mut output = input.clone();
        let Some(last) = output.0.last_mut() else {
            return Err(LayerError::WrongRank { expected: 1, got: input.clone() });
        };
        *last = self.units;
        Ok(output)
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let kernel = ParamSpec {
            name: "kernel",
            extents: vec![inputs(input), self.units],
            initializer: self.kernel_initializer.clone(),
            regularizer: self.kernel_regularizer.clone(),
            constraint: self.kernel_constraint.clone(),
            trainable: self.trainable,
        };
        let bias = ParamSpec {
            name: "bias",
            extents: vec![self.units],
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
        Box::new(Dense { spec: self.clone(), inputs: inputs(input), cache: None })
    }
}

/// The extent of the last axis, which is summed over.
fn inputs(input: &Shape) -> usize {
    input.0.last().copied().unwrap_or(0)
}

/// Remembers its input and what its activation needs for `backward`.
struct Dense {
    spec: DenseSpec,
    inputs: usize,
    cache: Option<(Tensor, Kept)>,
}

impl Layer for Dense {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (inputs, units) = (self.inputs, self.spec.units);
        assert_eq!(last_axis(input), inputs, "Dense was built for another input");
        let rows = input.values().len() / inputs;
        let (kernel, bias) = params.split_at(inputs * units);
        let mut extents = Extents::from_slice(input.extents());
        extents.pop();
        extents.push(units);

        let mut output = Tensor::zeros(&extents);
        if self.spec.use_bias {
            add_bias(output.values_mut(), bias);
        }
        product::nn(rows, units, inputs, input.values(), kernel, output.values_mut());
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
        let (inputs, units) = (self.inputs, self.spec.units);
        let rows = input.values().len() / inputs;
        let (kernel, _) = params.split_at(inputs * units);
        let (grad_kernel, grad_bias) = grads.split_at_mut(inputs * units);

        let mut grad = grad_output.clone();
        self.spec.activation.backward(&kept, grad.values_mut(), units);
        product::tn(inputs, units, rows, input.values(), grad.values(), grad_kernel);
        if self.spec.use_bias {
            sum_rows(grad.values(), grad_bias);
        }
        wants.then(|| {
            let mut grad_input = Tensor::zeros(input.extents());
            gemm::nt(rows, inputs, units, grad.values(), kernel, grad_input.values_mut());
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
                check_layer(
                    &DenseSpec { units: 5, activation, use_bias, ..DenseSpec::default() }.into(),
                    &Shape::from([7]),
                );
            }
        }
    }

    #[test]
    fn several_axes_are_taken_row_by_row() {
        check_layer(&DenseSpec { units: 3, ..DenseSpec::default() }.into(), &Shape::from([2, 3, 4]));
        let spec = DenseSpec { units: 3, ..DenseSpec::default() };
        assert_eq!(spec.output_shape(&Shape::from([28, 28, 1])), Ok(Shape::from([28, 28, 3])));
        assert_eq!(spec.params(&Shape::from([28, 28, 1]))[0].extents, [1, 3]);
    }

    #[test]
    fn zero_units_and_no_axis_are_refused() {
        let zero = DenseSpec { units: 0, ..DenseSpec::default() };
        assert_eq!(
            zero.output_shape(&Shape::from([3])),
            Err(LayerError::Zero { argument: "units".to_owned() })
        );
        let nothing = Shape::from([]);
        let wrong = Err(LayerError::WrongRank { expected: 1, got: nothing.clone() });
        assert_eq!(DenseSpec::default().output_shape(&nothing), wrong);
    }
}
