//! What callbacks decide, as sentences. Epochs and batches count from 1 for the reader.

use super::words::Words;
use crate::engine::callbacks::{
    BackupAndRestoreAction, CallbackAction, CallbackSpec, CsvLoggerAction, EarlyStoppingAction,
    LearningRateSchedulerAction, ModelCheckpointAction, ReduceLrOnPlateauAction, SaveReason,
    TensorBoardAction,
};
use crate::engine::event::Monitor;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::t_string;

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl Words {
    /// What `spec`'s callback decided and why.
    pub(super) fn action(self, action: &CallbackAction, spec: Option<&CallbackSpec>) -> String {
        let default = Monitor::VAL_LOSS;
        let watched = spec.and_then(CallbackSpec::monitor).unwrap_or(&default);
        match action {
            CallbackAction::EarlyStopping(action) => self.early_stopping(action, watched),
            CallbackAction::ReduceLrOnPlateau(action) => self.plateau(action, watched),
            CallbackAction::ModelCheckpoint(action) => self.checkpoint(action, watched),
            CallbackAction::TensorBoard(action) => match action {
                TensorBoardAction::Log { events } => {
                    let n = self.count(events.len());
                    say!(self, training.log.tensor_board.log, n)
                }
                TensorBoardAction::SaveEmbeddings { path } => {
                    say!(self, training.log.tensor_board.embeddings, path = path.clone())
                }
            },
            CallbackAction::CsvLogger(action) => match action {
                CsvLoggerAction::Open { filename, append: _ } => {
                    say!(self, training.log.csv.open, filename = filename.clone())
                }
                CsvLoggerAction::Header { line, only_if_empty: _ } | CsvLoggerAction::Row { line } => {
                    say!(self, training.log.csv.line, line = line.trim_end().to_owned())
                }
            },
            CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { before, after }) => {
                let (before, after) = (self.rate(*before), self.rate(*after));
                say!(self, training.log.scheduler, before, after)
            }
            CallbackAction::BackupAndRestore(action) => match action {
                BackupAndRestoreAction::Keep { weights, epoch, .. } => {
                    say!(self, training.log.backup.keep, path = weights.clone(), epoch = epoch + 1)
                }
                BackupAndRestoreAction::Delete { backup_dir } => {
                    say!(self, training.log.backup.delete, path = backup_dir.clone())
                }
            },
            CallbackAction::TerminateOnNan { batch } => say!(self, training.log.nan, batch = batch + 1),
        }
    }

    fn rate(self, value: f64) -> String {
        self.language.short(value, 8)
    }

    fn early_stopping(self, action: &EarlyStoppingAction, watched: &Monitor) -> String {
        let monitor = watched.to_string();
        let number = |value: f64| self.value(watched, value);
        match action {
            EarlyStoppingAction::Improved { value, before: None, .. } => {
                say!(self, training.log.first, monitor, value = number(*value))
            }
            EarlyStoppingAction::Improved { value, before: Some(before), reset, wait: _ } => {
                let (value, before) = (number(*value), number(*before));
                if *reset {
                    say!(self, training.log.improved, monitor, value, before)
                } else {
                    say!(self, training.log.below_baseline, monitor, value, before)
                }
            }
            EarlyStoppingAction::NotYet { value, start_from_epoch } => {
                let epoch = start_from_epoch + 1;
                say!(self, training.log.not_yet, monitor, value = number(*value), epoch)
            }
            EarlyStoppingAction::Waiting { value, best, best_epoch, wait, patience, threshold: _ } => {
                let (value, best, best_epoch) = (number(*value), number(*best), best_epoch + 1);
                let (wait, patience) = (*wait, *patience);
                say!(self, training.log.waiting, monitor, value, best, best_epoch, wait, patience)
            }
            EarlyStoppingAction::Stopped { value, best, best_epoch, wait, .. } => {
                let (value, best, best_epoch) = (number(*value), number(*best), best_epoch + 1);
                let (count, n) = (*wait, self.count(*wait));
                say!(self, training.log.stopped, monitor, value, best, best_epoch, count, n)
            }
            EarlyStoppingAction::Restored { best_epoch } => {
                say!(self, training.log.restored, epoch = best_epoch + 1)
            }
            EarlyStoppingAction::Missing { monitor } => {
                say!(self, training.log.missing, monitor = monitor.to_string())
            }
        }
    }

    fn plateau(self, action: &ReduceLrOnPlateauAction, watched: &Monitor) -> String {
        let monitor = watched.to_string();
        let number = |value: f64| self.value(watched, value);
        match action {
            ReduceLrOnPlateauAction::Improved { value, before: None, .. } => {
                say!(self, training.log.plateau.first, monitor, value = number(*value))
            }
            ReduceLrOnPlateauAction::Improved { value, before: Some(before), .. } => {
                let (value, before) = (number(*value), number(*before));
                say!(self, training.log.plateau.improved, monitor, value, before)
            }
            ReduceLrOnPlateauAction::CoolingDown { value, best, cooldown, learning_rate: _ } => {
                let (value, best, cooldown) = (number(*value), number(*best), *cooldown);
                say!(self, training.log.plateau.cooling, monitor, value, best, cooldown)
            }
            ReduceLrOnPlateauAction::Waiting { value, best, wait, patience, .. } => {
                let (value, best, wait, patience) = (number(*value), number(*best), *wait, *patience);
                say!(self, training.log.plateau.waiting, monitor, value, best, wait, patience)
            }
            ReduceLrOnPlateauAction::Reduced { value, best, before, after, .. } => {
                let (value, best) = (number(*value), number(*best));
                let (before, after) = (self.rate(*before), self.rate(*after));
                say!(self, training.log.plateau.reduced, monitor, value, best, before, after)
            }
            ReduceLrOnPlateauAction::AtMinimum { value, best, learning_rate, .. } => {
                let (value, best) = (number(*value), number(*best));
                let rate = self.rate(*learning_rate);
                say!(self, training.log.plateau.minimum, monitor, value, best, rate)
            }
            ReduceLrOnPlateauAction::Missing { monitor } => {
                say!(self, training.log.plateau.missing, monitor = monitor.to_string())
            }
        }
    }

    fn checkpoint(self, action: &ModelCheckpointAction, watched: &Monitor) -> String {
        let monitor = watched.to_string();
        let number = |value: f64| self.value(watched, value);
        match action {
            ModelCheckpointAction::Save { path, why, weights_only: _ } => {
                let path = path.clone();
                match why {
                    SaveReason::Always => say!(self, training.log.checkpoint.always, path),
                    SaveReason::Improved { value, before: None } => {
                        say!(self, training.log.checkpoint.first, monitor, value = number(*value), path)
                    }
                    SaveReason::Improved { value, before: Some(before) } => {
                        let (value, before) = (number(*value), number(*before));
                        say!(self, training.log.checkpoint.improved, monitor, value, before, path)
                    }
                    SaveReason::MonitorMissing { monitor } => {
                        say!(self, training.log.checkpoint.missing, monitor = monitor.to_string(), path)
                    }
                }
            }
            ModelCheckpointAction::Skipped { value, best } => {
                let (value, best) = (number(*value), number(*best));
                say!(self, training.log.checkpoint.skipped, monitor, value, best)
            }
            ModelCheckpointAction::Failed { error } => {
                let text = ErrorText { i18n: self.i18n, language: self.language };
                say!(self, training.log.checkpoint.failed, error = text.template(error))
            }
        }
    }
}
