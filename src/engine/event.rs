//! [`TrainEvent`]: everything training can say. Renderers and logs only consume it.

use serde::{Deserialize, Serialize};

use crate::engine::callbacks::CallbackAction;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Fraction of samples whose largest output is the right class, 0..1.
    Accuracy,
    /// The loss with everything added to it.
    Loss,
}

/// A key of [`Logs`]; displayed as Keras names it: `loss`, `val_accuracy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Monitor {
    /// Measured on the validation samples.
    pub validation: bool,
    /// What is measured.
    pub quantity: Quantity,
}

impl Monitor {
    /// `loss`
    pub const LOSS: Monitor = Monitor { validation: false, quantity: Quantity::Loss };
    /// `accuracy`
    pub const ACCURACY: Monitor = Monitor { validation: false, quantity: Quantity::Accuracy };
    /// `val_loss`
    pub const VAL_LOSS: Monitor = Monitor { validation: true, quantity: Quantity::Loss };
    /// `val_accuracy`
    pub const VAL_ACCURACY: Monitor = Monitor { validation: true, quantity: Quantity::Accuracy };
    /// All, in Keras's order.
    pub const ALL: [Monitor; 4] = [Self::ACCURACY, Self::LOSS, Self::VAL_ACCURACY, Self::VAL_LOSS];
}

impl std::fmt::Display for Monitor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self.quantity {
            Quantity::Accuracy => "accuracy",
            Quantity::Loss => "loss",
        };
        write!(f, "{}{name}", if self.validation { "val_" } else { "" })
    }
}

/// Measured values, sorted by key as Keras hands them to callbacks.
///
/// Batch logs are running means from the start of the epoch, not the last batch's values.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Logs(pub Vec<(Monitor, f64)>);

impl Logs {
    /// The value of `monitor`, if it was measured.
    pub fn get(&self, monitor: Monitor) -> Option<f64> {
        self.0.iter().find(|(key, _)| *key == monitor).map(|(_, value)| *value)
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
        /// Position in [`crate::engine::spec::TrainSpec::callbacks`].
        callback: usize,
        /// What, with the numbers that caused it.
        action: CallbackAction,
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
        /// Position in [`crate::engine::spec::TrainSpec::callbacks`].
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
