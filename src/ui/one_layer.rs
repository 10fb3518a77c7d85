//! One layer by itself, forward and backward: what the laboratory's pages show is what the engine computes.

use crate::engine::layers::{LayerDef, LayerError, LayerSpec, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// How many parameters a layer has for this input.
pub fn num_params(spec: &LayerSpec, shape: &Shape) -> usize {
    spec.params(shape).iter().map(ParamSpec::size).sum()
}

/// The layer's output for one sample, with its shape.
///
/// # Errors
/// If the layer does not take this input.
///
/// # Panics
/// If `input` does not fill `shape`, or `params` are not the layer's.
pub fn forward(
    spec: &LayerSpec,
    shape: &Shape,
    input: &[f32],
    params: &[f32],
) -> Result<(Shape, Vec<f32>), LayerError> {
    let output = spec.output_shape(shape)?;
    let mut layer = spec.build(shape, 0);
    let values = layer.forward(&Tensor::new(&shape.with_batch(1), input.to_vec()), params, Pass::Infer);
    Ok((output, values.into_values()))
}

/// What a gradient of the output leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradients {
    /// The gradient of the input.
    pub input: Vec<f32>,
    /// The gradient of the parameters.
    pub params: Vec<f32>,
}

/// The gradients of `Σ y · grad_output` for one sample.
///
/// # Errors
/// If the layer does not take this input.
///
/// # Panics
/// As [`forward`], or if `grad_output` does not fill the output.
pub fn backward(
    spec: &LayerSpec,
    shape: &Shape,
    input: &[f32],
    params: &[f32],
    grad_output: &[f32],
) -> Result<Gradients, LayerError> {
    let output = spec.output_shape(shape)?;
    let mut layer = spec.build(shape, 0);
    let pass = Pass::Train { seed: 0, step: 0, first_sample: 0 };
    layer.forward(&Tensor::new(&shape.with_batch(1), input.to_vec()), params, pass);
    let mut grads = vec![0.0; params.len()];
    let grad = Tensor::new(&output.with_batch(1), grad_output.to_vec());
    let input = layer.backward(&grad, params, &mut grads, true).map_or_else(Vec::new, Tensor::into_values);
    Ok(Gradients { input, params: grads })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::MaxPooling2dSpec;

    #[test]
    fn the_lectures_example_comes_out_and_its_gradient_goes_to_the_winners() {
        let spec: LayerSpec = MaxPooling2dSpec::default().into();
        let shape = Shape::from([4, 4, 1]);
        let input =
            [12.0, 20.0, 30.0, 0.0, 8.0, 12.0, 2.0, 0.0, 34.0, 70.0, 37.0, 4.0, 112.0, 100.0, 25.0, 12.0];
        let (output, values) = forward(&spec, &shape, &input, &[]).unwrap();
        assert_eq!((output, values), (Shape::from([2, 2, 1]), vec![20.0, 30.0, 112.0, 37.0]));
        let grads = backward(&spec, &shape, &input, &[], &[1.0, 2.0, 3.0, 4.0]).unwrap();
        let reached: Vec<_> = grads.input.iter().enumerate().filter(|(_, grad)| **grad != 0.0).collect();
        assert_eq!(reached, [(1, &1.0), (2, &2.0), (10, &4.0), (12, &3.0)]);
        assert!(forward(&spec, &Shape::from([1, 4, 1]), &[0.0; 4], &[]).is_err());
    }
}
