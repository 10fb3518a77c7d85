//! Keras's `GaussianNoise`: in training each value gets a normally distributed number added,
//! otherwise nothing happens.

use serde::{Deserialize, Serialize};

use super::dropout::sample_rng;
use super::{Layer, LayerDef, LayerError, ParamSpec, Pass, in_unit_range};
use crate::tensor::rng::Rng;
use crate::tensor::{Shape, Tensor, math};

/// Keras's arguments.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GaussianNoiseSpec {
    /// Standard deviation of what is added, 0..1.
    pub stddev: f32,
    /// In place of the run's seed.
    pub seed: Option<u64>,
}

impl Default for GaussianNoiseSpec {
    fn default() -> Self {
        Self { stddev: 0.1, seed: None }
    }
}

impl LayerDef for GaussianNoiseSpec {
    fn class_name(&self) -> &'static str {
        "GaussianNoise"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        in_unit_range("stddev", self.stddev)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, _input: &Shape, layer: usize) -> Box<dyn Layer> {
        Box::new(GaussianNoise { spec: self.clone(), layer: layer as u64, is_trained: false })
    }
}

/// Remembers nothing but that a training pass was made.
struct GaussianNoise {
    spec: GaussianNoiseSpec,
    layer: u64,
    is_trained: bool,
}

impl Layer for GaussianNoise {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        self.is_trained = pass.is_training();
        let mut output = input.clone();
        let size = input.sample_size();
        if pass.is_training() && self.spec.stddev > 0.0 {
            for (sample, values) in output.values_mut().chunks_exact_mut(size).enumerate() {
                let mut rng = sample_rng(self.spec.seed, pass, self.layer, sample);
                for x in values {
                    *x += self.spec.stddev * normal(&mut rng);
                }
            }
        }
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        assert!(std::mem::take(&mut self.is_trained), "backward follows a training forward");
        Some(grad_output.clone())
    }

    fn has_cache(&self) -> bool {
        self.is_trained
    }
}

/// A normally distributed number of mean 0 and variance 1 (Box and Muller 1958).
fn normal(rng: &mut Rng) -> f32 {
    // In (0, 1], so that its logarithm is finite.
    let radius = 1.0 - rng.unit();
    let angle = rng.uniform(0.0, std::f32::consts::TAU);
    (-2.0 * math::ln(radius)).sqrt() * math::cos(angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    fn noise(spec: &GaussianNoiseSpec, n: usize, first_sample: u64) -> Tensor {
        let pass = Pass::Train { seed: 3, step: 5, first_sample };
        spec.build(&Shape::from([1000]), 2).forward(&Tensor::zeros(&[n, 1000]), &[], pass)
    }

    #[test]
    fn gradients_are_right() {
        for stddev in [0.0, 0.5] {
            check_layer(&GaussianNoiseSpec { stddev, seed: Some(4) }.into(), &Shape::from([4, 3]));
        }
    }

    #[test]
    fn noise_has_its_mean_and_deviation() {
        let values = noise(&GaussianNoiseSpec { stddev: 0.5, seed: None }, 20, 0).into_values();
        let mean = values.iter().sum::<f32>() / 20_000.0;
        let deviation = (values.iter().map(|x| x * x).sum::<f32>() / 20_000.0).sqrt();
        assert!(mean.abs() < 0.02 && (deviation - 0.5).abs() < 0.01, "{mean} {deviation}");
        // A normal distribution's fourth moment is 3σ⁴.
        let fourth = values.iter().map(|x| x.powi(4)).sum::<f32>() / 20_000.0;
        assert!((fourth / (3.0 * 0.0625) - 1.0).abs() < 0.1, "{fourth}");
    }

    #[test]
    fn a_split_batch_gets_the_noise_of_the_whole_one() {
        let spec = GaussianNoiseSpec::default();
        assert_eq!(noise(&spec, 4, 0).values()[2000..], *noise(&spec, 2, 2).values());
    }

    #[test]
    fn a_seed_of_its_own_replaces_that_of_the_run() {
        let seeded = |seed| noise(&GaussianNoiseSpec { stddev: 0.5, seed }, 1, 0);
        assert_eq!(seeded(Some(3)), seeded(None));
        assert_ne!(seeded(Some(4)), seeded(None));
    }

    #[test]
    fn a_deviation_outside_0_to_1_is_refused() {
        for stddev in [-0.1, 1.5, f32::NAN] {
            let spec = GaussianNoiseSpec { stddev, seed: None };
            assert!(spec.output_shape(&Shape::from([3])).is_err(), "stddev {stddev}");
        }
    }
}
