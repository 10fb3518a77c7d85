//! [`Hook`]: the methods that Keras's `fit` calls on every callback, in the order in which it calls them.

use crate::engine::callbacks::CallbackSpec;
use crate::engine::event::TrainEvent;

/// One method of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Before anything.
    TrainBegin,
    /// Before an epoch.
    EpochBegin,
    /// Before a batch is learnt from.
    TrainBatchBegin,
    /// After it.
    TrainBatchEnd,
    /// Before an epoch is validated.
    TestBegin,
    /// Before a batch of validation.
    TestBatchBegin,
    /// After it.
    TestBatchEnd,
    /// After validation.
    TestEnd,
    /// After an epoch and its validation.
    EpochEnd,
    /// After everything.
    TrainEnd,
}

impl Hook {
    /// Every hook, in the order of a run of one epoch with one batch of each kind.
    pub const ALL: [Hook; 10] = [
        Hook::TrainBegin,
        Hook::EpochBegin,
        Hook::TrainBatchBegin,
        Hook::TrainBatchEnd,
        Hook::TestBegin,
        Hook::TestBatchBegin,
        Hook::TestBatchEnd,
        Hook::TestEnd,
        Hook::EpochEnd,
        Hook::TrainEnd,
    ];

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            Hook::TrainBegin => "on_train_begin",
            Hook::EpochBegin => "on_epoch_begin",
            Hook::TrainBatchBegin => "on_train_batch_begin",
            Hook::TrainBatchEnd => "on_train_batch_end",
            Hook::TestBegin => "on_test_begin",
            Hook::TestBatchBegin => "on_test_batch_begin",
            Hook::TestBatchEnd => "on_test_batch_end",
            Hook::TestEnd => "on_test_end",
            Hook::EpochEnd => "on_epoch_end",
            Hook::TrainEnd => "on_train_end",
        }
    }

    /// In how many loops it stands: none, that over epochs, that over batches.
    pub fn depth(self) -> usize {
        match self {
            Hook::TrainBegin | Hook::TrainEnd => 0,
            Hook::EpochBegin | Hook::TestBegin | Hook::TestEnd | Hook::EpochEnd => 1,
            Hook::TrainBatchBegin | Hook::TrainBatchEnd | Hook::TestBatchBegin | Hook::TestBatchEnd => 2,
        }
    }

    /// The hook that an event stands for; what a callback or the reader did stands for none.
    pub fn of(event: &TrainEvent) -> Option<Hook> {
        match event {
            TrainEvent::TrainBegin { .. } => Some(Hook::TrainBegin),
            TrainEvent::EpochBegin { .. } => Some(Hook::EpochBegin),
            TrainEvent::BatchEnd { .. } => Some(Hook::TrainBatchEnd),
            TrainEvent::TestBatchEnd { .. } => Some(Hook::TestBatchEnd),
            TrainEvent::EpochEnd { .. } => Some(Hook::EpochEnd),
            TrainEvent::TrainEnd { .. } => Some(Hook::TrainEnd),
            TrainEvent::CallbackActed { .. } | TrainEvent::LearningRateSet { .. } => None,
        }
    }

    /// Whether Keras's class has a method for this hook. It may still do nothing there.
    pub fn is_heard_by(self, spec: &CallbackSpec) -> bool {
        use Hook::{
            EpochBegin, EpochEnd, TestBegin, TestEnd, TrainBatchBegin, TrainBatchEnd, TrainBegin, TrainEnd,
        };
        let heard: &[Hook] = match spec {
            CallbackSpec::EarlyStopping(_) | CallbackSpec::CsvLogger(_) => &[TrainBegin, EpochEnd, TrainEnd],
            CallbackSpec::ReduceLrOnPlateau(_) | CallbackSpec::History(_) => &[TrainBegin, EpochEnd],
            CallbackSpec::ModelCheckpoint(_) => &[EpochBegin, TrainBatchEnd, EpochEnd],
            CallbackSpec::TensorBoard(_) => &[
                TrainBegin,
                EpochBegin,
                TrainBatchBegin,
                TrainBatchEnd,
                TestBegin,
                Hook::TestBatchBegin,
                TestEnd,
                EpochEnd,
                TrainEnd,
            ],
            CallbackSpec::LearningRateScheduler(_) => &[EpochBegin, EpochEnd],
            CallbackSpec::TerminateOnNan(_) => &[TrainBatchEnd],
            CallbackSpec::BackupAndRestore(_) => &[TrainBegin, TrainBatchEnd, EpochEnd, TrainEnd],
            CallbackSpec::ProgbarLogger(_) => {
                &[TrainBegin, EpochBegin, TrainBatchEnd, TestBegin, Hook::TestBatchEnd, TestEnd, EpochEnd]
            }
        };
        heard.contains(&self)
    }
}
