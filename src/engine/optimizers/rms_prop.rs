//! RMSprop (Hinton 2012, lecture 6), in Keras's form.
//!
//! `s ← ρ·s + (1 − ρ)·g²`, and the step is `learning_rate·g/sqrt(s + ε)`, with ε *inside* the root.
//! Centered, the divisor is `sqrt(s − a² + ε)` with `a ← ρ·a + (1 − ρ)·g`. With momentum
//! `b ← momentum·b + step`, `w ← w − b`.

use serde::{Deserialize, Serialize};

use super::OptimizerError;
use super::arguments::optimizer_spec;
use super::rule::{Rule, StateSpec, Update};
use crate::engine::argument::{check, complement};

optimizer_spec! {
    /// Keras's arguments and defaults.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct RmsPropSpec {
        learning_rate = 0.001,
        weight_decay: Option<f32> = None,
        /// Decay of the mean squared gradient, 0..1.
        rho: f32 = 0.9,
        /// How much of the last step goes on, 0..1.
        momentum: f32 = 0.0,
        /// Keeps the divisor from 0.
        epsilon: f32 = 1e-7,
        /// Divides by the spread of the gradients and not by their size.
        centered: bool = false,
    }
}

impl RmsPropSpec {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        check("rho", self.rho, 0.0, 1.0)?;
        check("momentum", self.momentum, 0.0, 1.0)?;
        check("epsilon", self.epsilon, 0.0, f32::MAX)?;
        self.shared().validate()
    }

    pub(super) fn rule(&self) -> RmsProp {
        RmsProp {
            rho: self.rho,
            rest: complement(self.rho),
            momentum: self.momentum,
            epsilon: self.epsilon,
            centered: self.centered,
        }
    }

    #[expect(clippy::unused_self, reason = "every spec is asked")]
    pub(super) fn centralizes_gradients(&self) -> bool {
        false
    }
}

pub(super) struct RmsProp {
    rho: f32,
    /// 1 − rho.
    rest: f32,
    momentum: f32,
    epsilon: f32,
    centered: bool,
}

impl Rule for RmsProp {
    fn state(&self) -> Vec<StateSpec> {
        let momentum = (self.momentum > 0.0).then(|| StateSpec::zeros("momentum"));
        let average = self.centered.then(|| StateSpec::zeros("average_gradient"));
        [Some(StateSpec::zeros("velocity")), momentum, average].into_iter().flatten().collect()
    }

    fn update(&mut self, params: &mut [f32], grads: &[f32], state: &mut [Vec<f32>], update: &Update<'_>) {
        let RmsProp { rho, rest, momentum, epsilon, .. } = *self;
        let (velocity, others) = state.split_first_mut().expect("declared by state()");
        let (momentums, averages) = others.split_at_mut(usize::from(momentum > 0.0));
        for idx in update.spans.iter().cloned().flatten() {
            let (g, v) = (grads[idx], &mut velocity[idx]);
            *v = rho * *v + rest * (g * g);
            let spread = match averages.first_mut() {
                Some(average) => {
                    average[idx] = rho * average[idx] + rest * g;
                    *v - average[idx] * average[idx]
                }
                None => *v,
            };
            let step = update.learning_rate * g / (spread + epsilon).sqrt();
            params[idx] -= match momentums.first_mut() {
                Some(momentums) => {
                    momentums[idx] = momentum * momentums[idx] + step;
                    momentums[idx]
                }
                None => step,
            };
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
        let plain = RmsPropSpec::default();
        let momentum = RmsPropSpec { momentum: 0.9, ..plain.clone() };
        let centered = RmsPropSpec { centered: true, ..plain.clone() };
        assert_close(&trace(&OptimizerSpec::RmsProp(plain)), [0.996_837_85, 0.999_694_94, 0.997_104_29]);
        assert_close(&trace(&OptimizerSpec::RmsProp(momentum)), [0.996_837_85, 0.996_849_06, 0.994_268_54]);
        assert_close(&trace(&OptimizerSpec::RmsProp(centered)), [0.996_666_85, 0.999_559_88, 0.996_929_35]);
    }

    #[test]
    fn a_rho_past_one_is_refused() {
        assert!(RmsPropSpec { rho: 1.5, ..RmsPropSpec::default() }.validate().is_err());
    }
}
