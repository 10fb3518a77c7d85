//! Adagrad (Duchi, Hazan and Singer 2011), in Keras's form.
//!
//! `a ← a + g²`, `w ← w − learning_rate·g/sqrt(a + ε)`.

use serde::{Deserialize, Serialize};

use super::OptimizerError;
use super::arguments::optimizer_spec;
use super::rule::{Place, Rule, StateSpec, Update};
use crate::engine::argument::check;

optimizer_spec! {
    /// Keras's arguments and defaults.
    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    pub struct AdagradSpec {
        learning_rate = 0.001,
        weight_decay: Option<f32> = None,
        /// What the sum of squared gradients starts with, not below 0.
        initial_accumulator_value: f32 = 0.1,
        /// Keeps the divisor from 0.
        epsilon: f32 = 1e-7,
    }
}

impl AdagradSpec {
    pub(super) fn validate(&self) -> Result<(), OptimizerError> {
        check("initial_accumulator_value", self.initial_accumulator_value, 0.0, f32::MAX)?;
        check("epsilon", self.epsilon, 0.0, f32::MAX)?;
        self.shared().validate()
    }

    pub(super) fn rule(&self) -> Adagrad {
        Adagrad { initial: self.initial_accumulator_value, epsilon: self.epsilon }
    }

    #[expect(clippy::unused_self, reason = "every spec is asked")]
    pub(super) fn centralizes_gradients(&self) -> bool {
        false
    }
}

pub(super) struct Adagrad {
    initial: f32,
    epsilon: f32,
}

impl Rule for Adagrad {
    fn state(&self) -> Vec<StateSpec> {
        vec![StateSpec { name: "accumulator", initial: self.initial, place: Place::Apart }]
    }

    fn update(&mut self, params: &mut [f32], grads: &[f32], state: &mut [Vec<f32>], update: &Update<'_>) {
        let [accumulator] = state else { panic!("declared by state()") };
        for span in update.spans {
            let params = params[span.clone()].iter_mut().zip(&grads[span.clone()]);
            for ((w, g), a) in params.zip(&mut accumulator[span.clone()]) {
                *a += g * g;
                *w -= update.learning_rate * g / (*a + self.epsilon).sqrt();
            }
        }
    }
}
