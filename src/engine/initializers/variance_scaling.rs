//! Keras's `VarianceScaling`: a distribution whose variance is `scale / n`, `n` the number of
//! inputs (`fan_in`), of outputs (`fan_out`) or their mean (`fan_avg`), at least 1.
//!
//! `uniform` is uniform in ±sqrt(3·scale/n), `untruncated_normal` normal, `truncated_normal`
//! normal without what is more than two standard deviations away, and widened so that the
//! variance stays `scale / n`.

use serde::{Deserialize, Serialize};

use super::Initializer;
use super::normal::{standard_normal, truncated_normal};
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::rng::Rng;

/// What the variance is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FanMode {
    /// The number of inputs of one output.
    #[default]
    FanIn,
    /// The number of outputs one input goes to.
    FanOut,
    /// The mean of both.
    FanAvg,
}

/// The shape of the distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// Keras calls it `normal` too.
    #[default]
    #[serde(alias = "normal")]
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
    /// Every value between two limits is as likely.
    Uniform,
}

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VarianceScalingSpec {
    /// Factor of the variance, above 0.
    pub scale: f32,
    /// What the variance is divided by.
    pub mode: FanMode,
    /// The shape of the distribution.
    pub distribution: Distribution,
    /// Of a stream of its own; without one, the model's.
    pub seed: Option<u64>,
}

impl Default for VarianceScalingSpec {
    fn default() -> Self {
        Self { scale: 1.0, mode: FanMode::FanIn, distribution: Distribution::TruncatedNormal, seed: None }
    }
}

/// The standard deviation of the standard normal distribution cut at ±2.
const TRUNCATED_STDDEV: f64 = 0.879_625_661_034_239_8;

impl Initializer for VarianceScalingSpec {
    fn fill(&self, extents: &[usize], values: &mut [f32], rng: &mut Rng) {
        let (fan_in, fan_out) = fans(extents);
        let fan = match self.mode {
            FanMode::FanIn => fan_in as f64,
            FanMode::FanOut => fan_out as f64,
            FanMode::FanAvg => (fan_in + fan_out) as f64 / 2.0,
        };
        let (scale, fan) = (f64::from(self.scale), fan.max(1.0));
        match self.distribution {
            Distribution::Uniform => {
                let limit = (3.0 * scale / fan).sqrt() as f32;
                values.fill_with(|| rng.uniform(-limit, limit));
            }
            Distribution::TruncatedNormal => {
                let stddev = ((scale / fan).sqrt() / TRUNCATED_STDDEV) as f32;
                values.fill_with(|| stddev * truncated_normal(rng));
            }
            Distribution::UntruncatedNormal => {
                let stddev = (scale / fan).sqrt() as f32;
                values.fill_with(|| stddev * standard_normal(rng));
            }
        }
    }

    /// Keras refuses a scale of 0.
    fn validate(&self) -> Result<(), ArgumentError> {
        check("scale", self.scale, f32::MIN_POSITIVE, f32::MAX)
    }

    fn seed(&self) -> Option<u64> {
        self.seed
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

    #[test]
    fn fans_are_those_of_keras() {
        assert_eq!(fans(&[784, 128]), (784, 128));
        assert_eq!(fans(&[5, 5, 6, 16]), (150, 400));
        assert_eq!(fans(&[10]), (10, 10));
    }
}
