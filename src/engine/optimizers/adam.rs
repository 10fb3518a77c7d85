//! Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), in Keras's form.
//!
//! With step `t` from 1: `α = learning_rate·sqrt(1 − β₂ᵗ)/(1 − β₁ᵗ)`, `m += (g − m)(1 − β₁)`,
//! `v += (g² − v)(1 − β₂)`, `w −= m·α/(sqrt(v) + ε)`. ε stands beside the *uncorrected* root, the
//! paper's "epsilon hat", unlike the paper's Algorithm 1. With `amsgrad` (Reddi, Kale and Kumar 2018)
//! the root is that of the largest `v` so far. AdamW is Adam with a weight decay.

use serde::{Deserialize, Serialize};

use super::OptimizerError;
use super::arguments::optimizer_spec;
use super::rule::{Place, Power, Rule, StateSpec, Update};
use crate::engine::argument::{ArgumentError, check, complement};

optimizer_spec! {
    /// Keras's arguments and defaults, and gradient centralization.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct AdamSpec {
        learning_rate = 0.001,
        weight_decay: Option<f32> = None,
        /// Decay of the mean gradient, 0..1.
        beta_1: f32 = 0.9,
        /// Decay of the mean squared gradient, 0..1.
        beta_2: f32 = 0.999,
        /// Keeps the divisor from 0.
        epsilon: f32 = 1e-7,
        /// Divides by the largest mean square so far.
        amsgrad: bool = false,
        /// Takes the mean off every kernel's gradient first (Yong et al. 2020, Algorithm 2). Keras
        /// has no such option.
        gradient_centralization: bool = false,
    }
}

optimizer_spec! {
    /// Keras's arguments and defaults; `weight_decay` is a must.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct AdamWSpec {
        learning_rate = 0.001,
        weight_decay: f32 = 0.004,
        /// Decay of the mean gradient, 0..1.
        beta_1: f32 = 0.9,
        /// Decay of the mean squared gradient, 0..1.
        beta_2: f32 = 0.999,
        /// Keeps the divisor from 0.
        epsilon: f32 = 1e-7,
        /// Divides by the largest mean square so far.
        amsgrad: bool = false,
    }
}

impl AdamSpec {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        check_moments(self.beta_1, self.beta_2, self.epsilon)?;
        self.shared().validate()
    }

    pub(super) fn rule(&self) -> Adam {
        Adam::new(self.beta_1, self.beta_2, self.epsilon, self.amsgrad)
    }

    pub(super) fn centralizes_gradients(&self) -> bool {
        self.gradient_centralization
    }
}

impl AdamWSpec {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        check_moments(self.beta_1, self.beta_2, self.epsilon)?;
        self.shared().validate()
    }

    pub(super) fn rule(&self) -> Adam {
        Adam::new(self.beta_1, self.beta_2, self.epsilon, self.amsgrad)
    }

    #[expect(clippy::unused_self, reason = "every spec is asked")]
    pub(super) fn centralizes_gradients(&self) -> bool {
        false
    }
}

/// Checks what Adam and Nadam share.
pub(super) fn check_moments(beta_1: f32, beta_2: f32, epsilon: f32) -> Result<(), ArgumentError> {
    // At 1 the bias correction would divide by 0.
    check("beta_1", beta_1, 0.0, 1.0 - f32::EPSILON)?;
    check("beta_2", beta_2, 0.0, 1.0 - f32::EPSILON)?;
    check("epsilon", epsilon, 0.0, f32::MAX)
}

/// The means that Adam and Nadam keep.
pub(super) fn moments() -> Vec<StateSpec> {
    vec![StateSpec::zeros("momentum"), StateSpec { place: Place::InTurns, ..StateSpec::zeros("velocity") }]
}

pub(super) struct Adam {
    /// 1 − beta_1.
    rest_1: f32,
    /// 1 − beta_2.
    rest_2: f32,
    epsilon: f32,
    amsgrad: bool,
    beta_1_power: Power,
    beta_2_power: Power,
}

impl Adam {
    fn new(beta_1: f32, beta_2: f32, epsilon: f32, amsgrad: bool) -> Self {
        let (rest_1, rest_2) = (complement(beta_1), complement(beta_2));
        let (beta_1_power, beta_2_power) = (Power::new(beta_1), Power::new(beta_2));
        Self { rest_1, rest_2, epsilon, amsgrad, beta_1_power, beta_2_power }
    }
}

impl Rule for Adam {
    fn state(&self) -> Vec<StateSpec> {
        let mut state = moments();
        state.extend(self.amsgrad.then(|| StateSpec::zeros("velocity_hat")));
        state
    }

    fn update(&mut self, params: &mut [f32], grads: &[f32], state: &mut [Vec<f32>], update: &Update<'_>) {
        let Adam { rest_1, rest_2, epsilon, .. } = *self;
        let beta_1_power = self.beta_1_power.raised_to(update.number);
        let beta_2_power = self.beta_2_power.raised_to(update.number);
        let correction = (1.0 - beta_2_power).sqrt() / (1.0 - beta_1_power);
        let alpha = (f64::from(update.learning_rate) * correction) as f32;
        let [mean, mean_square, largest @ ..] = state else { panic!("declared by state()") };
        for span in update.spans {
            let params = params[span.clone()].iter_mut().zip(&grads[span.clone()]);
            let means = mean[span.clone()].iter_mut().zip(&mut mean_square[span.clone()]);
            let moved = params.zip(means).map(|((w, g), (m, v))| {
                *m += (g - *m) * rest_1;
                *v += (g * g - *v) * rest_2;
                (w, *m, *v)
            });
            if let [largest] = largest {
                for ((w, m, v), largest) in moved.zip(&mut largest[span.clone()]) {
                    *largest = largest.max(v);
                    *w -= m * alpha / (largest.sqrt() + epsilon);
                }
            } else {
                moved.for_each(|(w, m, v)| *w -= m * alpha / (v.sqrt() + epsilon));
            }
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
        let adam_w = OptimizerSpec::AdamW(AdamWSpec::default());
        assert_close(&trace(&adam_w), [0.998_996_02, 0.999_358_12, 0.999_010_86]);
    }

    #[test]
    fn betas_of_one_are_refused() {
        assert!(AdamSpec { beta_1: 1.0, ..AdamSpec::default() }.validate().is_err());
        assert!(AdamSpec { beta_2: 1.0, ..AdamSpec::default() }.validate().is_err());
    }
}
