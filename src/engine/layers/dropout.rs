//! Keras's `Dropout`: in training each value is kept with probability `1 - rate` and divided by
//! it, otherwise set to 0; in inference nothing happens (Srivastava et al. 2014).

use serde::{Deserialize, Serialize};

use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Shape, Tensor};

/// Keras's arguments.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DropoutSpec {
    /// Fraction of values that are dropped, 0..1.
    pub rate: f32,
}

impl Default for DropoutSpec {
    fn default() -> Self {
        Self { rate: 0.5 }
    }
}

impl LayerDef for DropoutSpec {
    fn class_name(&self) -> &'static str {
        "Dropout"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        if (0.0..=1.0).contains(&self.rate) {
            Ok(input.clone())
        } else {
            Err(LayerError::OutOfRange { argument: "rate".to_owned(), min: 0.0, max: 1.0, got: self.rate })
        }
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, _input: &Shape, layer: usize) -> Box<dyn Layer> {
        Box::new(Dropout { rate: self.rate, layer: layer as u64, factors: None })
    }
}

/// Remembers what each value was multiplied by.
struct Dropout {
    rate: f32,
    layer: u64,
    factors: Option<Vec<f32>>,
}

impl Layer for Dropout {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        let Pass::Train { seed, step, first_sample } = pass else {
            self.factors = None;
            return input.clone();
        };
        // At rate 1 nothing is kept, so this infinite scale is never used.
        let scale = 1.0 / (1.0 - self.rate);
        let sample_size = input.sample_shape().size();
        let mut factors = Vec::with_capacity(input.values().len());
        for sample in 0..input.batch() as u64 {
            // One stream per sample: 2^24 batch positions leave 2^40 steps.
            let stream = (step << 24) | (first_sample + sample);
            let mut rng = Rng::new(seed, Purpose::Dropout, self.layer, stream);
            factors.extend((0..sample_size).map(|_| if rng.unit() < self.rate { 0.0 } else { scale }));
        }
        let mut output = input.clone();
        multiply(output.values_mut(), &factors);
        self.factors = Some(factors);
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let factors = self.factors.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        multiply(grad.values_mut(), &factors);
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.factors.is_some()
    }
}

fn multiply(values: &mut [f32], factors: &[f32]) {
    values.iter_mut().zip(factors).for_each(|(x, factor)| *x *= factor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    fn train(rate: f32, n: usize, first_sample: u64) -> Tensor {
        let spec = DropoutSpec { rate };
        let input = Tensor::new(&[n, 1000], vec![1.0; n * 1000]);
        let pass = Pass::Train { seed: 3, step: 5, first_sample };
        spec.build(&Shape::from([1000]), 2).forward(&input, &[], pass)
    }

    #[test]
    fn gradients_are_right_at_every_rate() {
        for rate in [0.0, 0.3, 1.0] {
            check_layer(&DropoutSpec { rate }.into(), &Shape::from([20]));
        }
    }

    #[test]
    fn keeps_the_expected_fraction_and_the_mean() {
        let output = train(0.25, 10, 0);
        let dropped = output.values().iter().filter(|x| **x == 0.0).count() as f32 / 10_000.0;
        assert!((dropped - 0.25).abs() < 0.02, "dropped {dropped}");
        assert!(output.values().iter().all(|x| *x == 0.0 || (*x - 4.0 / 3.0).abs() < 1e-6));
    }

    #[test]
    fn rate_1_drops_everything() {
        assert!(train(1.0, 1, 0).values().iter().all(|x| *x == 0.0));
    }

    #[test]
    fn a_split_batch_gets_the_masks_of_the_whole_one() {
        let whole = train(0.5, 4, 0);
        let half = train(0.5, 2, 2);
        assert_eq!(whole.values()[2000..], *half.values());
    }

    #[test]
    fn a_rate_outside_0_to_1_is_refused() {
        for rate in [-0.1, 1.5, f32::NAN] {
            assert!(DropoutSpec { rate }.output_shape(&Shape::from([3])).is_err(), "rate {rate}");
        }
    }
}
