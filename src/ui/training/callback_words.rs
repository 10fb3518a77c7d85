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

/// A value that was no improvement, and what it was compared with.
#[derive(Clone, Copy)]
struct Judged {
    value: f64,
    best: f64,
    best_epoch: Option<usize>,
    threshold: f64,
}

impl Judged {
    fn new(value: f64, best: f64, best_epoch: Option<usize>, threshold: f64) -> Self {
        Self { value, best, best_epoch, threshold }
    }
}

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl Words {
    /// What `spec`'s callback decided and why.
    pub fn action(self, action: &CallbackAction, spec: Option<&CallbackSpec>) -> String {
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

    /// A learning rate. Optimizers keep it as a float32: 0.3, not 0.30000001.
    pub fn rate(self, value: f64) -> String {
        let plain = (value as f32).to_string().parse().unwrap_or(value);
        self.language.short(plain, 8)
    }

    /// A change of a measured value: with its unit, and with as many digits as it has.
    fn change(self, monitor: &Monitor, value: f64) -> String {
        if !monitor.is_share() {
            return self.language.short(value, 8);
        }
        let is_enough = |decimals: &usize| {
            let scaled = value * 10f64.powi(*decimals as i32 + 2);
            (scaled - scaled.round()).abs() < 1e-6
        };
        self.language.percent(value, (0..6).find(is_enough).unwrap_or(6))
    }

    /// What a value was not better than, with the numbers of the comparison. Where there is no `min_delta`
    /// to take from the best value, or no number to compare with, that is said instead.
    fn versus(self, watched: &Monitor, judged: Judged) -> String {
        let Judged { value, best, best_epoch, threshold } = judged;
        let number = |value: f64| self.value(watched, value);
        let best_text = match best_epoch {
            Some(epoch) => {
                say!(self, training.log.versus.best_in_epoch, best = number(best), epoch = epoch + 1)
            }
            None => number(best),
        };
        if best.is_nan() {
            return say!(self, training.log.versus.nan_best);
        }
        if value.is_nan() {
            return say!(self, training.log.versus.nan, best = best_text);
        }
        let min_delta = (best - threshold).abs();
        let is_visible = min_delta >= 5e-9;
        let (delta, limit) = (self.change(watched, min_delta), number(threshold));
        if is_visible && threshold < best {
            say!(self, training.log.versus.below, best = best_text, delta, threshold = limit)
        } else if is_visible && threshold > best {
            say!(self, training.log.versus.above, best = best_text, delta, threshold = limit)
        } else {
            say!(self, training.log.versus.plain, best = best_text)
        }
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
            EarlyStoppingAction::Waiting { value, best, best_epoch, wait, patience, threshold } => {
                let judged = Judged::new(*value, *best, Some(*best_epoch), *threshold);
                let (value, versus) = (number(*value), self.versus(watched, judged));
                let (wait, patience) = (*wait, *patience);
                say!(self, training.log.waiting, monitor, value, versus, wait, patience)
            }
            EarlyStoppingAction::Stopped { value, best, best_epoch, wait, patience, threshold } => {
                let judged = Judged::new(*value, *best, Some(*best_epoch), *threshold);
                let (value, versus) = (number(*value), self.versus(watched, judged));
                let (wait, patience) = (*wait, *patience);
                say!(self, training.log.stopped, monitor, value, versus, wait, patience)
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
            ReduceLrOnPlateauAction::Waiting { value, best, threshold, wait, patience, .. } => {
                let versus = self.versus(watched, Judged::new(*value, *best, None, *threshold));
                let (value, wait, patience) = (number(*value), *wait, *patience);
                say!(self, training.log.plateau.waiting, monitor, value, versus, wait, patience)
            }
            ReduceLrOnPlateauAction::Reduced {
                value,
                best,
                threshold,
                wait,
                patience,
                before,
                after,
                cooldown,
            } => {
                let versus = self.versus(watched, Judged::new(*value, *best, None, *threshold));
                let (value, wait, patience) = (number(*value), *wait, *patience);
                let (before, after) = (self.rate(*before), self.rate(*after));
                let said = say!(
                    self,
                    training.log.plateau.reduced,
                    monitor,
                    value,
                    versus,
                    wait,
                    patience,
                    before,
                    after
                );
                let rest = say!(self, training.log.plateau.cooldown, cooldown = *cooldown);
                if *cooldown > 0 { format!("{said} {rest}") } else { said }
            }
            ReduceLrOnPlateauAction::AtMinimum { value, best, threshold, learning_rate, .. } => {
                let versus = self.versus(watched, Judged::new(*value, *best, None, *threshold));
                let (value, rate) = (number(*value), self.rate(*learning_rate));
                say!(self, training.log.plateau.minimum, monitor, value, versus, rate)
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
