//! Stochastic gradient descent with momentum, in Keras's form.
//!
//! `v ← momentum·v − learning_rate·g`, then `w ← w + v`, or with Nesterov
//! `w ← w + momentum·v − learning_rate·g`. Without momentum `w ← w − learning_rate·g`.

use serde::{Deserialize, Serialize};

use super::OptimizerError;
use super::arguments::optimizer_spec;
use super::rule::{Rule, StateSpec, Update};
use crate::engine::argument::check;

optimizer_spec! {
    /// Keras's arguments and defaults, and gradient centralization.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct SgdSpec {
        learning_rate = 0.01,
        weight_decay: Option<f32> = None,
        /// How much of the last step goes on, 0..1.
        momentum: f32 = 0.0,
        /// Looks ahead along the momentum (Nesterov 1983).
        nesterov: bool = false,
        /// Takes the mean off every kernel's gradient first (Yong et al. 2020, Algorithm 1). Keras
        /// has no such option.
        gradient_centralization: bool = false,
    }
}

impl SgdSpec {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        check("momentum", self.momentum, 0.0, 1.0)?;
        self.shared().validate()
    }

    pub(super) fn rule(&self) -> Sgd {
        Sgd { momentum: self.momentum, nesterov: self.nesterov }
    }

    pub(super) fn centralizes_gradients(&self) -> bool {
        self.gradient_centralization
    }
}

pub(super) struct Sgd {
    momentum: f32,
    nesterov: bool,
}

impl Rule for Sgd {
    fn state(&self) -> Vec<StateSpec> {
        if self.momentum == 0.0 { Vec::new() } else { vec![StateSpec::zeros("momentum")] }
    }

    fn update(&mut self, params: &mut [f32], grads: &[f32], state: &mut [Vec<f32>], update: &Update<'_>) {
        let (Sgd { momentum, nesterov }, learning_rate) = (&*self, update.learning_rate);
        for span in update.spans {
            let params = params[span.clone()].iter_mut().zip(&grads[span.clone()]);
            let [velocity] = state else {
                params.for_each(|(w, g)| *w -= learning_rate * g);
                continue;
            };
            for ((w, g), v) in params.zip(&mut velocity[span.clone()]) {
                *v = momentum * *v - learning_rate * g;
                *w += if *nesterov { momentum * *v - learning_rate * g } else { *v };
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
        let sgd = SgdSpec { learning_rate: 0.1.into(), ..SgdSpec::default() };
        let momentum = SgdSpec { momentum: 0.9, ..sgd.clone() };
        let nesterov = SgdSpec { nesterov: true, ..momentum.clone() };
        let clipped = SgdSpec { clipnorm: Some(0.05), ..sgd.clone() };
        assert_close(&trace(&OptimizerSpec::Sgd(sgd)), [0.990_000_01, 1.009_999_99, 0.980_000_02]);
        assert_close(&trace(&OptimizerSpec::Sgd(momentum)), [0.990_000_01, 1.001_000_05, 0.980_900_05]);
        assert_close(&trace(&OptimizerSpec::Sgd(nesterov)), [0.981_000_01, 1.010_900_02, 0.962_810_04]);
        assert_close(&trace(&OptimizerSpec::Sgd(clipped)), [0.995, 1.0, 0.995]);
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        let zero = SgdSpec { learning_rate: 0.0.into(), ..SgdSpec::default() };
        let heavy = SgdSpec { momentum: 1.5, ..SgdSpec::default() };
        let nan = SgdSpec { learning_rate: f32::NAN.into(), ..SgdSpec::default() };
        assert!(zero.validate().is_ok(), "Keras allows a rate of 0");
        assert!(heavy.validate().is_err() && nan.validate().is_err());
    }
}
