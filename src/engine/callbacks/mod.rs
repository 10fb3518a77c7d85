//! Callbacks: told of every event, allowed to ask for a few things through [`Control`].
//!
//! Semantics are Keras 3's. [`CallbackList`] tells callbacks of events in the order of
//! [`crate::engine::spec::FitSpec::callbacks`]. They answer with [`CallbackAction`]s, which carry the
//! numbers that caused them, so that a page can say why. No callback touches a file: what Keras writes
//! is an action too, for whoever runs the training to fulfil.

mod backup_and_restore;
mod context;
mod control;
mod csv_logger;
mod early_stopping;
mod error;
mod history;
mod improvement;
mod learning_rate_scheduler;
mod list;
mod memory;
mod model_checkpoint;
mod path_template;
mod progbar_logger;
mod python_format;
mod reduce_lr_on_plateau;
mod save_freq;
mod state;
mod summary_event;
mod tensor_board;
mod terminate_on_nan;
mod verbose;

pub use backup_and_restore::{BackupAndRestoreAction, BackupAndRestoreSpec};
pub use context::{Context, WeightName};
pub use control::{Control, Outcome};
pub use csv_logger::{CsvLoggerAction, CsvLoggerSpec};
pub use early_stopping::{EarlyStoppingAction, EarlyStoppingSpec};
pub use error::CallbackError;
pub use history::{History, HistorySpec};
pub use improvement::{Direction, Directions, Mode};
pub use learning_rate_scheduler::{
    EpochScheduleSpec, LearningRateSchedulerAction, LearningRateSchedulerSpec,
};
pub use list::{CallbackList, Told};
pub use memory::CallbackMemory;
pub use model_checkpoint::{ModelCheckpointAction, ModelCheckpointSpec, SaveReason};
pub use path_template::TemplateError;
pub use progbar_logger::{ProgbarLogger, ProgbarLoggerSpec};
pub use python_format::repr;
pub use reduce_lr_on_plateau::{ReduceLrOnPlateauAction, ReduceLrOnPlateauSpec};
pub use save_freq::SaveFreq;
pub use state::{
    BackupAndRestoreState, CallbackState, CsvLoggerState, EarlyStoppingState, ModelCheckpointState,
    ReduceLrOnPlateauState, TensorBoardState,
};
pub use summary_event::{SummaryEvent, SummaryRun, SummaryValue, buckets};
pub use tensor_board::{ProfileBatch, TensorBoardAction, TensorBoardSpec, UpdateFreq};
pub use terminate_on_nan::TerminateOnNanSpec;
pub use verbose::Verbose;

use serde::{Deserialize, Serialize};

use crate::engine::event::TrainEvent;

/// What a callback did, with the numbers that caused it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CallbackAction {
    /// `EarlyStopping` judged an epoch or restored weights.
    EarlyStopping(EarlyStoppingAction),
    /// `ReduceLROnPlateau` judged an epoch.
    ReduceLrOnPlateau(ReduceLrOnPlateauAction),
    /// `ModelCheckpoint` wants the model saved, or not.
    ModelCheckpoint(ModelCheckpointAction),
    /// `TensorBoard` wants values logged.
    TensorBoard(TensorBoardAction),
    /// `CSVLogger` wants a line written.
    CsvLogger(CsvLoggerAction),
    /// `LearningRateScheduler` set the learning rate.
    LearningRateScheduler(LearningRateSchedulerAction),
    /// `BackupAndRestore` wants the run's state kept.
    BackupAndRestore(BackupAndRestoreAction),
    /// `TerminateOnNaN` saw a loss that is no finite number.
    TerminateOnNan {
        /// From 0 within the epoch.
        batch: usize,
    },
}

impl CallbackAction {
    /// Whether it is done when training ends, and so belongs to no epoch.
    pub fn is_of_train_end(&self) -> bool {
        matches!(
            self,
            Self::EarlyStopping(EarlyStoppingAction::Restored { .. })
                | Self::BackupAndRestore(BackupAndRestoreAction::Delete { .. })
        )
    }
}

/// A built callback.
pub trait Callback: Send {
    /// Is told of `event`; `position` is its own place in the list.
    fn on_event(&mut self, event: &TrainEvent, position: usize, control: &mut Control);

    /// What it remembers now.
    fn state(&self) -> CallbackState;

    /// What it has counted so far.
    fn memory(&self) -> CallbackMemory {
        CallbackMemory::default()
    }

    /// Goes on counting where another of the same spec was; begins anew if `memory` is not of one.
    fn recall(&mut self, memory: &CallbackMemory) {
        let _ = memory;
    }
}

/// Makes the enum of specs and its dispatch from one list.
macro_rules! callback_kinds {
    ($($kind:ident($spec:ty) = $name:literal),* $(,)?) => {
        /// The description of one callback.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum CallbackSpec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl CallbackSpec {
            /// One of each kind, with Keras's default arguments.
            pub fn palette() -> Vec<CallbackSpec> {
                vec![$(CallbackSpec::$kind(<$spec>::default())),*]
            }

            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(CallbackSpec::$kind(_) => $name),* }
            }

            /// Checks the arguments, for a model and an optimizer.
            ///
            /// # Errors
            /// The first argument that is wrong.
            pub fn validate(&self, context: &Context) -> Result<(), CallbackError> {
                match self { $(CallbackSpec::$kind(spec) => spec.validate(context)),* }
            }

            /// Builds it, as at `on_train_begin`.
            ///
            /// # Panics
            /// If it is not valid.
            pub fn build(&self, context: &Context) -> Box<dyn Callback> {
                match self { $(CallbackSpec::$kind(spec) => Box::new(spec.build(context))),* }
            }
        }
    };
}

callback_kinds! {
    EarlyStopping(EarlyStoppingSpec) = "EarlyStopping",
    ReduceLrOnPlateau(ReduceLrOnPlateauSpec) = "ReduceLROnPlateau",
    ModelCheckpoint(ModelCheckpointSpec) = "ModelCheckpoint",
    TensorBoard(TensorBoardSpec) = "TensorBoard",
    CsvLogger(CsvLoggerSpec) = "CSVLogger",
    LearningRateScheduler(LearningRateSchedulerSpec) = "LearningRateScheduler",
    TerminateOnNan(TerminateOnNanSpec) = "TerminateOnNaN",
    BackupAndRestore(BackupAndRestoreSpec) = "BackupAndRestore",
    History(HistorySpec) = "History",
    ProgbarLogger(ProgbarLoggerSpec) = "ProgbarLogger",
}

impl CallbackSpec {
    /// What it watches, if it watches a value.
    pub fn monitor(&self) -> Option<&crate::engine::event::Monitor> {
        match self {
            CallbackSpec::EarlyStopping(spec) => Some(&spec.monitor),
            CallbackSpec::ReduceLrOnPlateau(spec) => Some(&spec.monitor),
            CallbackSpec::ModelCheckpoint(spec) => Some(&spec.monitor),
            CallbackSpec::TensorBoard(_)
            | CallbackSpec::CsvLogger(_)
            | CallbackSpec::LearningRateScheduler(_)
            | CallbackSpec::TerminateOnNan(_)
            | CallbackSpec::BackupAndRestore(_)
            | CallbackSpec::History(_)
            | CallbackSpec::ProgbarLogger(_) => None,
        }
    }
}
