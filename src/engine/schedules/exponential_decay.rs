//! `initial_learning_rate · decay_rate^(step/decay_steps)`.

use serde::{Deserialize, Serialize};

use super::{ScheduleError, check_decay, periods};
use crate::engine::argument::check;
use crate::tensor::math;

/// Keras's arguments; those that Keras demands have a beginner's default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExponentialDecaySpec {
    /// Of the first step.
    pub initial_learning_rate: f32,
    /// Steps after which `decay_rate` has been applied once, above 0.
    pub decay_steps: u64,
    /// The factor per `decay_steps`, not below 0.
    pub decay_rate: f32,
    /// Decays at every whole multiple of `decay_steps` only.
    pub staircase: bool,
}

impl Default for ExponentialDecaySpec {
    fn default() -> Self {
        Self { initial_learning_rate: 0.01, decay_steps: 1_000, decay_rate: 0.9, staircase: false }
    }
}

impl ExponentialDecaySpec {
    pub(in crate::engine) fn validate(&self) -> Result<(), ScheduleError> {
        check_decay(self.initial_learning_rate, self.decay_steps)?;
        Ok(check("decay_rate", self.decay_rate, 0.0, f32::MAX)?)
    }

    pub(in crate::engine) fn at(&self, step: u64) -> f32 {
        let periods = periods(step, self.decay_steps, self.staircase);
        self.initial_learning_rate * math::pow(self.decay_rate, periods)
    }
}
