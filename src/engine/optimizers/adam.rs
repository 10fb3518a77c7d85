//! Adam (Kingma and Ba 2015), in Keras's form.
//!
//! With step `t` from 1: `α = learning_rate·sqrt(1 − β₂ᵗ)/(1 − β₁ᵗ)`, `m += (g − m)(1 − β₁)`,
//! `v += (g² − v)(1 − β₂)`, `w −= m·α/(sqrt(v) + ε)`. ε stands beside the *uncorrected* root, the
//! paper's "epsilon hat", unlike the paper's Algorithm 1.

use serde::{Deserialize, Serialize};

use super::Optimizer;
use crate::engine::argument::{ArgumentError, check};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdamSpec {
    /// Step size, above 0.
    pub learning_rate: f32,
    /// Decay of the mean gradient, 0..1.
    pub beta_1: f32,
    /// Decay of the mean squared gradient, 0..1.
    pub beta_2: f32,
    /// Keeps the divisor from 0.
    pub epsilon: f32,
}

impl Default for AdamSpec {
    fn default() -> Self {
        Self { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 }
    }
}

impl AdamSpec {
    pub(super) fn validate(&self) -> Result<(), ArgumentError> {
        check("learning_rate", self.learning_rate, 0.0, f32::MAX)?;
        // At 1 the bias correction would divide by 0.
        check("beta_1", self.beta_1, 0.0, 1.0 - f32::EPSILON)?;
        check("beta_2", self.beta_2, 0.0, 1.0 - f32::EPSILON)?;
        check("epsilon", self.epsilon, 0.0, f32::MAX)
    }

    pub(super) fn build(self, num_params: usize) -> Adam {
        let zeros = vec![0.0; num_params];
        Adam { spec: self, beta_1_power: 1.0, beta_2_power: 1.0, mean: zeros.clone(), mean_square: zeros }
    }
}

pub(super) struct Adam {
    spec: AdamSpec,
    /// β₁ᵗ, kept as a product because `pow` is not the same on every target.
    beta_1_power: f64,
    beta_2_power: f64,
    mean: Vec<f32>,
    mean_square: Vec<f32>,
}

impl Optimizer for Adam {
    fn step(&mut self, params: &mut [f32], grads: &[f32]) {
        assert_eq!(params.len(), grads.len(), "one gradient per parameter");
        assert_eq!(params.len(), self.mean.len(), "built for another model");
        let AdamSpec { learning_rate, beta_1, beta_2, epsilon } = self.spec;
        self.beta_1_power *= f64::from(beta_1);
        self.beta_2_power *= f64::from(beta_2);
        let correction = (1.0 - self.beta_2_power).sqrt() / (1.0 - self.beta_1_power);
        let alpha = (f64::from(learning_rate) * correction) as f32;
        let state = self.mean.iter_mut().zip(&mut self.mean_square);
        for ((w, g), (m, v)) in params.iter_mut().zip(grads).zip(state) {
            *m += (g - *m) * (1.0 - beta_1);
            *v += (g * g - *v) * (1.0 - beta_2);
            *w -= *m * alpha / (v.sqrt() + epsilon);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{OptimizerSpec, assert_close, trace};
    use super::*;

    /// Keras 3.15.1: one scalar w = 1, gradients 0.1, −0.2, 0.3.
    #[test]
    fn steps_are_those_of_keras() {
        let adam = OptimizerSpec::Adam(AdamSpec::default());
        assert_close(&trace(&adam), [0.999_000_01, 0.999_366_10, 0.999_022_84]);
    }

    #[test]
    fn betas_of_one_are_refused() {
        assert!(AdamSpec { beta_1: 1.0, ..AdamSpec::default() }.validate().is_err());
        assert!(AdamSpec { beta_2: 1.0, ..AdamSpec::default() }.validate().is_err());
    }
}
