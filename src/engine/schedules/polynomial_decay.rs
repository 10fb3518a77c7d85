//! `(initial − end)·(1 − step/decay_steps)^power + end`, then `end`; or with `cycle` over ever
//! longer `decay_steps`, so that the rate rises again whenever it has reached the end.

use serde::{Deserialize, Serialize};

use super::{ScheduleError, check_decay};
use crate::engine::argument::check;
use crate::tensor::math;

/// Keras's arguments; those that Keras demands have a beginner's default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolynomialDecaySpec {
    /// Of the first step.
    pub initial_learning_rate: f32,
    /// Steps until `end_learning_rate`, above 0.
    pub decay_steps: u64,
    /// What is reached.
    pub end_learning_rate: f32,
    /// 1 is a straight line, not below 0.
    pub power: f32,
    /// Starts again after `decay_steps`, 2·`decay_steps`, ….
    pub cycle: bool,
}

impl Default for PolynomialDecaySpec {
    fn default() -> Self {
        Self {
            initial_learning_rate: 0.01,
            decay_steps: 1_000,
            end_learning_rate: 0.0001,
            power: 1.0,
            cycle: false,
        }
    }
}

impl PolynomialDecaySpec {
    pub(in crate::engine) fn validate(&self) -> Result<(), ScheduleError> {
        check_decay(self.initial_learning_rate, self.decay_steps)?;
        check("end_learning_rate", self.end_learning_rate, 0.0, f32::MAX)?;
        Ok(check("power", self.power, 0.0, f32::MAX)?)
    }

    pub(in crate::engine) fn at(&self, step: u64) -> f32 {
        let (mut step, mut decay_steps) = (step as f32, self.decay_steps as f32);
        if self.cycle {
            decay_steps *= if step == 0.0 { 1.0 } else { (step / decay_steps).ceil() };
        } else {
            step = step.min(decay_steps);
        }
        let left = math::pow(1.0 - step / decay_steps, self.power);
        (self.initial_learning_rate - self.end_learning_rate) * left + self.end_learning_rate
    }
}
