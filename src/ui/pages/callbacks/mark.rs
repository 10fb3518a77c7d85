//! What a callback did in an epoch, as one sign on its line under the curve.

use crate::engine::callbacks::{
    BackupAndRestoreAction, CallbackAction, CsvLoggerAction, EarlyStoppingAction,
    LearningRateSchedulerAction, ModelCheckpointAction, ReduceLrOnPlateauAction, TensorBoardAction,
};

/// A sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// A letter or two.
    pub sign: String,
    /// Whether it changed the run or a file: it is drawn also where there is little room.
    pub is_major: bool,
}

/// The sign of an action; some are nothing to draw.
pub fn mark(action: &CallbackAction) -> Option<Mark> {
    let minor = |sign: &str| Some(Mark { sign: sign.to_owned(), is_major: false });
    let major = |sign: &str| Some(Mark { sign: sign.to_owned(), is_major: true });
    match action {
        CallbackAction::EarlyStopping(action) => match action {
            EarlyStoppingAction::Improved { .. } => minor("✓"),
            EarlyStoppingAction::NotYet { .. } => minor("…"),
            EarlyStoppingAction::Waiting { wait, .. } => minor(&wait.to_string()),
            EarlyStoppingAction::Stopped { .. } => major("■"),
            // Drawn at the epoch whose weights are back, not at the one in which that happened.
            EarlyStoppingAction::Restored { .. } => None,
            EarlyStoppingAction::Missing { .. } => minor("?"),
        },
        CallbackAction::ReduceLrOnPlateau(action) => match action {
            ReduceLrOnPlateauAction::Improved { .. } => minor("✓"),
            ReduceLrOnPlateauAction::CoolingDown { .. } => minor("~"),
            ReduceLrOnPlateauAction::Waiting { wait, .. } => minor(&wait.to_string()),
            ReduceLrOnPlateauAction::Reduced { .. } => major("↓"),
            ReduceLrOnPlateauAction::AtMinimum { .. } => minor("="),
            ReduceLrOnPlateauAction::Missing { .. } => minor("?"),
        },
        CallbackAction::ModelCheckpoint(action) => match action {
            ModelCheckpointAction::Save { .. } => major("●"),
            ModelCheckpointAction::Skipped { .. } => minor("○"),
            ModelCheckpointAction::Failed { .. } => major("×"),
        },
        CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { before, after }) => {
            if after < before {
                major("↓")
            } else if after > before {
                major("↑")
            } else {
                minor("=")
            }
        }
        CallbackAction::CsvLogger(CsvLoggerAction::Row { .. })
        | CallbackAction::TensorBoard(TensorBoardAction::Log { .. }) => minor("≡"),
        CallbackAction::CsvLogger(CsvLoggerAction::Open { .. } | CsvLoggerAction::Header { .. })
        | CallbackAction::TensorBoard(TensorBoardAction::SaveEmbeddings { .. })
        | CallbackAction::BackupAndRestore(BackupAndRestoreAction::Delete { .. }) => None,
        CallbackAction::BackupAndRestore(BackupAndRestoreAction::Keep { .. }) => minor("●"),
        CallbackAction::TerminateOnNan { .. } => major("■"),
    }
}
