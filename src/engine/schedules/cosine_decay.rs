//! Half a cosine from the full rate down to `alpha` of it (Loshchilov and Hutter 2017, SGDR),
//! optionally after a straight rise to `warmup_target`.

use std::f32::consts::PI;

use serde::{Deserialize, Serialize};

use super::{ScheduleError, check_decay};
use crate::engine::argument::{check, complement};
use crate::tensor::math;

/// Keras's arguments; those that Keras demands have a beginner's default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CosineDecaySpec {
    /// Of the first step.
    pub initial_learning_rate: f32,
    /// Steps of the cosine, after the warm-up, above 0.
    pub decay_steps: u64,
    /// What is reached, as a fraction of the rate at the cosine's start.
    pub alpha: f32,
    /// Where the warm-up ends and the cosine starts; without one there is no warm-up.
    pub warmup_target: Option<f32>,
    /// Steps of the warm-up.
    pub warmup_steps: u64,
}

impl Default for CosineDecaySpec {
    fn default() -> Self {
        Self {
            initial_learning_rate: 0.01,
            decay_steps: 1_000,
            alpha: 0.0,
            warmup_target: None,
            warmup_steps: 0,
        }
    }
}

impl CosineDecaySpec {
    pub(in crate::engine) fn validate(&self) -> Result<(), ScheduleError> {
        check_decay(self.initial_learning_rate, self.decay_steps)?;
        check("alpha", self.alpha, 0.0, f32::MAX)?;
        self.warmup_target.map_or(Ok(()), |target| Ok(check("warmup_target", target, 0.0, f32::MAX)?))
    }

    pub(in crate::engine) fn at(&self, step: u64) -> f32 {
        let (step, decay_steps) = (step as f32, self.decay_steps as f32);
        let Some(target) = self.warmup_target else {
            return self.decayed(step.min(decay_steps) / decay_steps, self.initial_learning_rate);
        };
        let warmup_steps = self.warmup_steps as f32;
        let step = step.min(decay_steps + warmup_steps);
        if step < warmup_steps {
            (target - self.initial_learning_rate) * (step / warmup_steps) + self.initial_learning_rate
        } else {
            self.decayed((step - warmup_steps) / decay_steps, target)
        }
    }

    fn decayed(&self, completed: f32, from: f32) -> f32 {
        let cosine = 0.5 * (1.0 + math::cos(PI * completed));
        from * (complement(self.alpha) * cosine + self.alpha)
    }
}
