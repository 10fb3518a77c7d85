//! Half cosines from the full rate down to `alpha` of it, one after the other (Loshchilov and Hutter
//! 2017, SGDR): each `t_mul` times as long as the one before, and starting `m_mul` times as high.

use std::f32::consts::PI;

use serde::{Deserialize, Serialize};

use super::{ScheduleError, check_count};
use crate::engine::argument::check;
use crate::tensor::math;

/// Keras's arguments; those that Keras demands have a beginner's default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CosineDecayRestartsSpec {
    /// Of the first step.
    pub initial_learning_rate: f32,
    /// Steps of the first cosine, above 0.
    pub first_decay_steps: u64,
    /// How much longer every cosine is than the one before, at least 1.
    pub t_mul: f32,
    /// What the height is multiplied by at every restart, not below 0.
    pub m_mul: f32,
    /// What is reached, as a fraction of `initial_learning_rate`.
    pub alpha: f32,
}

impl Default for CosineDecayRestartsSpec {
    fn default() -> Self {
        Self { initial_learning_rate: 0.01, first_decay_steps: 1_000, t_mul: 2.0, m_mul: 1.0, alpha: 0.0 }
    }
}

impl CosineDecayRestartsSpec {
    pub(in crate::engine) fn validate(&self) -> Result<(), ScheduleError> {
        check("initial_learning_rate", self.initial_learning_rate, 0.0, f32::MAX)?;
        check_count("first_decay_steps", self.first_decay_steps)?;
        // Below 1 the cosines together would have an end, past which Keras computes NaN.
        check("t_mul", self.t_mul, 1.0, f32::MAX)?;
        check("m_mul", self.m_mul, 0.0, f32::MAX)?;
        Ok(check("alpha", self.alpha, 0.0, f32::MAX)?)
    }

    pub(in crate::engine) fn at(&self, step: u64) -> f32 {
        let completed = step as f32 / self.first_decay_steps as f32;
        let (restarts, completed) = if self.t_mul == 1.0 {
            (completed.floor(), completed - completed.floor())
        } else {
            let restarts = (math::ln(1.0 - completed * (1.0 - self.t_mul)) / math::ln(self.t_mul)).floor();
            let length = math::pow(self.t_mul, restarts);
            let before = (1.0 - length) / (1.0 - self.t_mul);
            (restarts, (completed - before) / length)
        };
        let cosine = 0.5 * math::pow(self.m_mul, restarts) * (1.0 + math::cos(PI * completed));
        self.initial_learning_rate * ((1.0 - self.alpha) * cosine + self.alpha)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cosine_is_longer_and_lower() {
        let spec = CosineDecayRestartsSpec {
            initial_learning_rate: 1.0,
            first_decay_steps: 2,
            m_mul: 0.5,
            ..CosineDecayRestartsSpec::default()
        };
        let close = |step, expected: f32| assert!((spec.at(step) - expected).abs() < 1e-6, "{step}");
        for (step, expected) in [(0, 1.0), (1, 0.5), (2, 0.5), (4, 0.25), (6, 0.25), (10, 0.125)] {
            close(step, expected);
        }
    }

    #[test]
    fn cosines_that_get_shorter_are_refused() {
        let spec = CosineDecayRestartsSpec { t_mul: 0.5, ..CosineDecayRestartsSpec::default() };
        assert!(spec.validate().is_err());
    }
}
