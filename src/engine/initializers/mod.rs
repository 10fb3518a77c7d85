//! How parameters begin. Formulas and fans as in Keras 3 `initializers/random_initializers.py`.

use serde::{Deserialize, Serialize};

use crate::tensor::rng::Rng;

/// The description of an initializer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InitializerSpec {
    /// All zeros.
    Zeros,
    /// Uniform in ±sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010, equation 16).
    GlorotUniform,
}

impl InitializerSpec {
    /// Fills `values`, a parameter of the given extents.
    pub fn fill(self, extents: &[usize], values: &mut [f32], rng: &mut Rng) {
        match self {
            Self::Zeros => values.fill(0.0),
            Self::GlorotUniform => {
                let (fan_in, fan_out) = fans(extents);
                let limit = (6.0 / (fan_in + fan_out) as f64).sqrt() as f32;
                values.fill_with(|| rng.uniform(-limit, limit));
            }
        }
    }
}

/// Keras's `compute_fans`: `[.., in, out]` times the size of the receptive field before them.
fn fans(extents: &[usize]) -> (usize, usize) {
    match *extents {
        [] => (1, 1),
        [n] => (n, n),
        [ref receptive @ .., fan_in, fan_out] => {
            let field: usize = receptive.iter().product();
            (fan_in * field, fan_out * field)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::rng::Purpose;

    #[test]
    fn fans_are_those_of_keras() {
        assert_eq!(fans(&[784, 128]), (784, 128));
        assert_eq!(fans(&[5, 5, 6, 16]), (150, 400));
        assert_eq!(fans(&[10]), (10, 10));
    }

    #[test]
    fn glorot_uniform_fills_its_range_evenly() {
        let mut values = vec![0.0; 100 * 50];
        let mut rng = Rng::new(1, Purpose::Init, 0, 0);
        InitializerSpec::GlorotUniform.fill(&[100, 50], &mut values, &mut rng);
        let limit = 0.2;
        assert!(values.iter().all(|v| v.abs() <= limit));
        let mean: f32 = values.iter().sum::<f32>() / values.len() as f32;
        let variance: f32 = values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32;
        // The variance of a uniform distribution on ±l is l²/3; 5,000 draws give it within 5 %.
        assert!(
            mean.abs() < 0.01 && (variance / (limit * limit / 3.0) - 1.0).abs() < 0.05,
            "{mean} {variance}"
        );
    }
}
