//! [`Snapshot`]: a model at the end of an epoch, and what its training needs to go on from there.

use serde::{Deserialize, Serialize};

use crate::engine::callbacks::CallbackMemory;
use crate::engine::spec::RunSpec;
use crate::engine::trainer;

/// A model at the end of an epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// How it was made.
    pub job: RunSpec,
    /// Completed epochs.
    pub epochs: usize,
    /// All parameters in model order.
    pub params: Vec<f32>,
    /// How to go on; `None` where that cannot be: training is over, or was stopped within an epoch.
    pub progress: Option<Progress>,
}

/// What a training has besides its parameters: see [`trainer::Snapshot`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// The epoch to go on with, from 0.
    pub epoch: usize,
    /// Optimizer steps done.
    pub steps: u64,
    /// The learning rate now.
    pub learning_rate: f32,
    /// The optimizer's variables.
    pub slots: Vec<Vec<f32>>,
    /// What the callbacks have counted.
    pub callbacks: Vec<CallbackMemory>,
}

impl Snapshot {
    /// Of a training between two epochs.
    pub fn between_epochs(job: RunSpec, state: trainer::Snapshot) -> Self {
        let trainer::Snapshot { epoch, steps, learning_rate, params, slots, callbacks } = state;
        let progress = Some(Progress { epoch, steps, learning_rate, slots, callbacks });
        Self { job, epochs: epoch, params, progress }
    }

    /// What a trainer takes up; `None` where training cannot go on.
    pub fn into_state(self) -> Option<trainer::Snapshot> {
        let Progress { epoch, steps, learning_rate, slots, callbacks } = self.progress?;
        Some(trainer::Snapshot { epoch, steps, learning_rate, params: self.params, slots, callbacks })
    }
}
