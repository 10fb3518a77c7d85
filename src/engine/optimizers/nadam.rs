//! Nadam (Dozat 2016): Adam with Nesterov's momentum, in Keras's form.
//!
//! With step `t` from 1: `u(t) = β₁·(1 − 0.96ᵗ/2)`, `U = u(1)·…·u(t)`, `m` and `v` as in Adam,
//! `m̂ = u(t+1)·m/(1 − U·u(t+1)) + (1 − u(t))·g/(1 − U)`, `v̂ = v/(1 − β₂ᵗ)`,
//! `w −= learning_rate·m̂/(sqrt(v̂) + ε)`.

use serde::{Deserialize, Serialize};

use super::OptimizerError;
use super::adam::{check_moments, moments};
use super::arguments::optimizer_spec;
use super::rule::{Place, Rule, StateSpec, Update};
use crate::engine::argument::complement;
use crate::tensor::math;

optimizer_spec! {
    /// Keras's arguments and defaults.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct NadamSpec {
        learning_rate = 0.001,
        weight_decay: Option<f32> = None,
        /// Decay of the mean gradient, 0..1.
        beta_1: f32 = 0.9,
        /// Decay of the mean squared gradient, 0..1.
        beta_2: f32 = 0.999,
        /// Keeps the divisor from 0.
        epsilon: f32 = 1e-7,
    }
}

impl NadamSpec {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        check_moments(self.beta_1, self.beta_2, self.epsilon)?;
        self.shared().validate()
    }

    pub(super) fn rule(&self) -> Nadam {
        Nadam { beta_1: self.beta_1, beta_2: self.beta_2, epsilon: self.epsilon }
    }

    #[expect(clippy::unused_self, reason = "every spec is asked")]
    pub(super) fn centralizes_gradients(&self) -> bool {
        false
    }
}

pub(super) struct Nadam {
    beta_1: f32,
    beta_2: f32,
    epsilon: f32,
}

impl Nadam {
    fn momentum_at(&self, number: u64) -> f32 {
        self.beta_1 * (1.0 - 0.5 * math::pow(0.96, number as f32))
    }
}

impl Rule for Nadam {
    fn state(&self) -> Vec<StateSpec> {
        let mut state = moments();
        state.push(StateSpec { name: "u_product", initial: 1.0, place: Place::Scalar });
        state
    }

    fn update(&mut self, params: &mut [f32], grads: &[f32], state: &mut [Vec<f32>], update: &Update<'_>) {
        let Nadam { beta_1, beta_2, epsilon } = *self;
        let (rest_1, rest_2) = (complement(beta_1), complement(beta_2));
        let [mean, mean_square, product] = state else { panic!("declared by state()") };
        let (now, next) = (self.momentum_at(update.number), self.momentum_at(update.number + 1));
        product[0] *= now;
        let product = product[0];
        let square_correction = 1.0 - math::pow(beta_2, update.number as f32);
        for span in update.spans {
            let params = params[span.clone()].iter_mut().zip(&grads[span.clone()]);
            let means = mean[span.clone()].iter_mut().zip(&mut mean_square[span.clone()]);
            for ((w, g), (m, v)) in params.zip(means) {
                *m += (g - *m) * rest_1;
                *v += (g * g - *v) * rest_2;
                let step = next * *m / (1.0 - product * next) + (1.0 - now) * g / (1.0 - product);
                *w -= step * update.learning_rate / ((*v / square_correction).sqrt() + epsilon);
            }
        }
    }
}
