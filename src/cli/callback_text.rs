//! What callbacks decide, in words.

use super::text::number;
use crate::engine::callbacks::{
    CallbackAction, CallbackSpec, CsvLoggerAction, EarlyStoppingAction, LearningRateSchedulerAction,
    ModelCheckpointAction, ReduceLrOnPlateauAction, SaveReason, repr,
};

/// Whether a callback was told to speak by itself, as Keras's `verbose=1`.
pub fn is_verbose(spec: &CallbackSpec) -> bool {
    match spec {
        CallbackSpec::EarlyStopping(spec) => spec.verbose > 0,
        CallbackSpec::ReduceLrOnPlateau(spec) => spec.verbose > 0,
        CallbackSpec::ModelCheckpoint(spec) => spec.verbose > 0,
        CallbackSpec::LearningRateScheduler(spec) => spec.verbose > 0,
        // Has no such argument and always speaks.
        CallbackSpec::TerminateOnNan(_) => true,
        CallbackSpec::TensorBoard(_)
        | CallbackSpec::CsvLogger(_)
        | CallbackSpec::BackupAndRestore(_)
        | CallbackSpec::History(_)
        | CallbackSpec::ProgbarLogger(_) => false,
    }
}

/// A decision of `spec`'s callback, if it is worth a line: what stands in a file needs none. People count
/// epochs and batches from 1.
pub fn action(spec: &CallbackSpec, action: &CallbackAction) -> Option<String> {
    let monitor = spec.monitor().map_or_else(String::new, ToString::to_string);
    Some(match action {
        CallbackAction::EarlyStopping(action) => early_stopping(&monitor, action),
        CallbackAction::ReduceLrOnPlateau(action) => plateau(&monitor, action),
        CallbackAction::ModelCheckpoint(action) => checkpoint(&monitor, action),
        CallbackAction::CsvLogger(CsvLoggerAction::Open { filename, append }) => {
            format!("{} {filename}", if *append { "appends to" } else { "begins" })
        }
        CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { before: _, after }) => {
            format!("learning rate set to {}", repr(*after))
        }
        CallbackAction::TerminateOnNan { batch } => {
            format!("batch {}: invalid loss, training ends", batch + 1)
        }
        CallbackAction::CsvLogger(CsvLoggerAction::Header { .. } | CsvLoggerAction::Row { .. })
        | CallbackAction::TensorBoard(_)
        | CallbackAction::BackupAndRestore(_) => return None,
    })
}

fn improved(monitor: &str, value: f64, before: Option<f64>) -> String {
    match before {
        None => format!("{monitor} is {}, the first value", number(value)),
        Some(before) => format!("{monitor} improved from {} to {}", number(before), number(value)),
    }
}

fn not_improved(monitor: &str, value: f64, best: f64) -> String {
    format!("{monitor} is {}, no better than {}", number(value), number(best))
}

fn early_stopping(monitor: &str, action: &EarlyStoppingAction) -> String {
    match action {
        EarlyStoppingAction::Improved { value, before, .. } => improved(monitor, *value, *before),
        EarlyStoppingAction::NotYet { value, start_from_epoch } => {
            format!("{monitor} is {}, judged from epoch {} on", number(*value), start_from_epoch + 1)
        }
        EarlyStoppingAction::Waiting { value, best, best_epoch, wait, patience, .. } => {
            let epoch = best_epoch + 1;
            not_improved(monitor, *value, *best) + &format!(" in epoch {epoch}, waited {wait} of {patience}")
        }
        EarlyStoppingAction::Stopped { value, best, best_epoch, wait, .. } => {
            not_improved(monitor, *value, *best)
                + &format!(" in epoch {}, waited {wait} epochs, training ends", best_epoch + 1)
        }
        EarlyStoppingAction::Restored { best_epoch } => {
            format!("the weights of epoch {} are back", best_epoch + 1)
        }
        EarlyStoppingAction::Missing { monitor } => format!("{monitor} was not measured"),
    }
}

fn plateau(monitor: &str, action: &ReduceLrOnPlateauAction) -> String {
    match action {
        ReduceLrOnPlateauAction::Improved { value, before, .. } => improved(monitor, *value, *before),
        ReduceLrOnPlateauAction::CoolingDown { value, best, cooldown, .. } => {
            not_improved(monitor, *value, *best) + &format!(", {cooldown} epochs of cooldown left")
        }
        ReduceLrOnPlateauAction::Waiting { value, best, wait, patience, .. } => {
            not_improved(monitor, *value, *best) + &format!(", waited {wait} of {patience}")
        }
        ReduceLrOnPlateauAction::Reduced { value, best, before, after, .. } => {
            let (before, after) = (repr(*before), repr(*after));
            not_improved(monitor, *value, *best)
                + &format!(", learning rate reduced from {before} to {after}")
        }
        ReduceLrOnPlateauAction::AtMinimum { value, best, learning_rate, .. } => {
            not_improved(monitor, *value, *best)
                + &format!(", but the learning rate {} is the least", repr(*learning_rate))
        }
        ReduceLrOnPlateauAction::Missing { monitor } => format!("{monitor} was not measured"),
    }
}

fn checkpoint(monitor: &str, action: &ModelCheckpointAction) -> String {
    match action {
        ModelCheckpointAction::Save { path, why, .. } => match why {
            SaveReason::Always => format!("saves {path}"),
            SaveReason::Improved { value, before } => {
                improved(monitor, *value, *before) + &format!(", saves {path}")
            }
            SaveReason::MonitorMissing { monitor } => format!("{monitor} was not measured, saves {path}"),
        },
        ModelCheckpointAction::Skipped { value, best } => not_improved(monitor, *value, *best),
        ModelCheckpointAction::Failed { error } => error.to_string(),
    }
}
