//! Stochastic gradient descent with momentum, in Keras's form.
//!
//! `v ← momentum·v − learning_rate·g`, then `w ← w + v`, or with Nesterov
//! `w ← w + momentum·v − learning_rate·g`. Without momentum `w ← w − learning_rate·g`.

use serde::{Deserialize, Serialize};

use super::Optimizer;
use crate::engine::argument::{ArgumentError, check};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SgdSpec {
    /// Step size, above 0.
    pub learning_rate: f32,
    /// How much of the last step goes on, 0..1.
    pub momentum: f32,
    /// Looks ahead along the momentum (Nesterov 1983).
    pub nesterov: bool,
}

impl Default for SgdSpec {
    fn default() -> Self {
        Self { learning_rate: 0.01, momentum: 0.0, nesterov: false }
    }
}

impl SgdSpec {
    pub(super) fn validate(&self) -> Result<(), ArgumentError> {
        check("learning_rate", self.learning_rate, 0.0, f32::MAX)?;
        check("momentum", self.momentum, 0.0, 1.0)
    }

    pub(super) fn build(self, num_params: usize) -> Sgd {
        let velocities = if self.momentum == 0.0 { 0 } else { num_params };
        Sgd { spec: self, velocity: vec![0.0; velocities] }
    }
}

pub(super) struct Sgd {
    spec: SgdSpec,
    velocity: Vec<f32>,
}

impl Optimizer for Sgd {
    fn step(&mut self, params: &mut [f32], grads: &[f32]) {
        assert_eq!(params.len(), grads.len(), "one gradient per parameter");
        let SgdSpec { learning_rate, momentum, nesterov } = self.spec;
        if momentum == 0.0 {
            params.iter_mut().zip(grads).for_each(|(w, g)| *w -= learning_rate * g);
            return;
        }
        assert_eq!(params.len(), self.velocity.len(), "built for another model");
        for ((w, g), v) in params.iter_mut().zip(grads).zip(&mut self.velocity) {
            *v = momentum * *v - learning_rate * g;
            *w += if nesterov { momentum * *v - learning_rate * g } else { *v };
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
        let sgd = SgdSpec { learning_rate: 0.1, ..SgdSpec::default() };
        let momentum = SgdSpec { momentum: 0.9, ..sgd };
        let nesterov = SgdSpec { nesterov: true, ..momentum };
        assert_close(&trace(&OptimizerSpec::Sgd(sgd)), [0.990_000_01, 1.009_999_99, 0.980_000_02]);
        assert_close(&trace(&OptimizerSpec::Sgd(momentum)), [0.990_000_01, 1.001_000_05, 0.980_900_05]);
        assert_close(&trace(&OptimizerSpec::Sgd(nesterov)), [0.981_000_01, 1.010_900_02, 0.962_810_04]);
    }

    #[test]
    fn arguments_out_of_range_are_refused() {
        let zero = SgdSpec { learning_rate: 0.0, ..SgdSpec::default() };
        let heavy = SgdSpec { momentum: 1.5, ..SgdSpec::default() };
        let nan = SgdSpec { learning_rate: f32::NAN, ..SgdSpec::default() };
        assert!(zero.validate().is_ok(), "Keras allows a rate of 0");
        assert!(heavy.validate().is_err() && nan.validate().is_err());
    }
}
