//! [`TrainEvent`]: everything training can say. Renderers and logs only consume it.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::engine::callbacks::CallbackAction;

/// A key of [`Logs`], as Keras names it: `loss`, `val_accuracy`, `learning_rate`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Monitor(pub SmolStr);

impl Monitor {
    /// `loss`
    pub const LOSS: Monitor = Monitor(SmolStr::new_static("loss"));
    /// `accuracy`
    pub const ACCURACY: Monitor = Monitor(SmolStr::new_static("accuracy"));
    /// `val_loss`
    pub const VAL_LOSS: Monitor = Monitor(SmolStr::new_static("val_loss"));
    /// `val_accuracy`
    pub const VAL_ACCURACY: Monitor = Monitor(SmolStr::new_static("val_accuracy"));
    /// `learning_rate`, which some callbacks write.
    pub const LEARNING_RATE: Monitor = Monitor(SmolStr::new_static("learning_rate"));
    /// What is always measured, in Keras's order.
    pub const ALL: [Monitor; 4] = [Self::ACCURACY, Self::LOSS, Self::VAL_ACCURACY, Self::VAL_LOSS];

    /// The key of that name.
    pub fn named(name: impl Into<SmolStr>) -> Self {
        Self(name.into())
    }

    /// The key as text.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether it is measured on the validation samples.
    pub fn is_validation(&self) -> bool {
        self.0.starts_with(VALIDATION)
    }

    /// The name without `val_`.
    pub fn quantity(&self) -> &str {
        self.0.strip_prefix(VALIDATION).unwrap_or(&self.0)
    }

    /// Whether it is a share of right answers, 0..1, which people read as percent: `accuracy`,
    /// `val_top_k_categorical_accuracy`.
    pub fn is_share(&self) -> bool {
        self.0.contains("accuracy")
    }

    /// The same quantity, measured on the validation samples.
    #[must_use]
    pub fn of_validation(&self) -> Self {
        Self::named(format!("{VALIDATION}{}", self.quantity()))
    }
}

const VALIDATION: &str = "val_";

impl std::fmt::Display for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Measured values, sorted by key as Keras hands them to callbacks.
///
/// Batch logs are running means from the start of the epoch, not the last batch's values. They are
/// made for every batch, so few of them take no memory of their own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Logs(pub SmallVec<[(Monitor, f64); 4]>);

impl<const N: usize> From<[(Monitor, f64); N]> for Logs {
    fn from(values: [(Monitor, f64); N]) -> Self {
        Self(values.into_iter().collect())
    }
}

impl Logs {
    /// The value of `monitor`, if it was measured.
    pub fn get(&self, monitor: &Monitor) -> Option<f64> {
        self.0.iter().find(|(key, _)| key == monitor).map(|(_, value)| *value)
    }

    /// Puts a value at the end, or in the place of the one of the same name.
    pub fn set(&mut self, monitor: Monitor, value: f64) {
        match self.0.iter_mut().find(|(key, _)| *key == monitor) {
            Some((_, before)) => *before = value,
            None => self.0.push((monitor, value)),
        }
    }
}

/// One thing that happened. Epochs and batches count from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TrainEvent {
    /// Before anything.
    TrainBegin {
        /// Planned epochs.
        epochs: usize,
        /// Batches per epoch.
        steps_per_epoch: usize,
        /// Training samples.
        samples: usize,
        /// Validation samples; may be 0.
        validation_samples: usize,
    },
    /// Before an epoch's first batch.
    EpochBegin {
        /// From 0.
        epoch: usize,
    },
    /// After one optimizer step.
    BatchEnd {
        /// From 0.
        epoch: usize,
        /// From 0 within the epoch.
        batch: usize,
        /// This batch alone, not a running mean.
        batch_loss: f64,
        /// Running means from the start of the epoch.
        logs: Logs,
    },
    /// After one batch of validation.
    TestBatchEnd {
        /// The epoch being validated.
        epoch: usize,
        /// From 0.
        batch: usize,
        /// How many there are.
        batches: usize,
    },
    /// After an epoch and its validation.
    EpochEnd {
        /// From 0.
        epoch: usize,
        /// With `val_` values if there is validation.
        logs: Logs,
    },
    /// A callback decided something.
    CallbackActed {
        /// The epoch in which it did.
        epoch: usize,
        /// Position in [`crate::engine::spec::FitSpec::callbacks`].
        callback: usize,
        /// What, with the numbers that caused it.
        action: CallbackAction,
    },
    /// Whoever drives the training changed the learning rate.
    LearningRateSet {
        /// The epoch in which it was changed.
        epoch: usize,
        /// The first batch with it, from 0 within the epoch; as many as the epoch has, if they were over.
        batch: usize,
        /// The rate until then.
        before: f32,
        /// The rate from then on.
        after: f32,
    },
    /// After everything.
    TrainEnd {
        /// Why it ended.
        reason: StopReason,
        /// Epochs that were completed.
        epochs: usize,
    },
}

/// Why training ended. None of these is an error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StopReason {
    /// All epochs ran.
    Completed,
    /// The user stopped it.
    Requested,
    /// A callback stopped it: [`crate::engine::callbacks::CallbackSpec`] at this position.
    Callback {
        /// Position in [`crate::engine::spec::FitSpec::callbacks`].
        callback: usize,
    },
    /// The loss became infinite or not a number.
    Diverged {
        /// From 0.
        epoch: usize,
        /// From 0 within the epoch.
        batch: usize,
    },
}
