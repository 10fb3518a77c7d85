//! Keras's `BackupAndRestore`: keeps what an interrupted run needs to go on.
//!
//! It writes nothing itself: it says what to keep. A run goes on when whoever drives it gives what was kept
//! to [`Trainer::resume`](crate::engine::trainer::Trainer::resume) before it begins. Source: Keras 3.15
//! `callbacks/backup_and_restore.py`. One thing differs: with a `save_freq` in batches, Keras writes down
//! epoch 0 until the first epoch of a run that goes on has ended, and here it is the epoch it is in.

use serde::{Deserialize, Serialize};

use super::save_freq::{BatchCounter, SaveFreq};
use super::{
    BackupAndRestoreState, Callback, CallbackAction, CallbackError, CallbackMemory, CallbackState, Context,
    Control,
};
use crate::engine::event::{StopReason, TrainEvent};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BackupAndRestoreSpec {
    /// Where it is kept; not empty.
    pub backup_dir: String,
    /// After every epoch or so many batches.
    pub save_freq: SaveFreq,
    /// Whether the backup before is kept too.
    pub double_checkpoint: bool,
    /// Whether backups go when training has ended.
    pub delete_checkpoint: bool,
}

impl Default for BackupAndRestoreSpec {
    fn default() -> Self {
        Self {
            backup_dir: "backup".to_owned(),
            save_freq: SaveFreq::Epoch,
            double_checkpoint: false,
            delete_checkpoint: true,
        }
    }
}

impl BackupAndRestoreSpec {
    pub(super) fn validate(&self, _context: &Context) -> Result<(), CallbackError> {
        if self.backup_dir.is_empty() {
            return Err(CallbackError::Empty { argument: "backup_dir".to_owned() });
        }
        self.save_freq.validate()
    }

    pub(super) fn build(&self, _context: &Context) -> BackupAndRestore {
        BackupAndRestore { spec: self.clone(), counter: BatchCounter::new(self.save_freq), epoch: 0 }
    }

    /// Where the weights and the optimizer's state are kept.
    pub fn weights(&self) -> String {
        format!("{}/latest.weights.h5", self.backup_dir.trim_end_matches('/'))
    }

    /// The file that says where training was.
    pub fn metadata(&self) -> String {
        format!("{}/training_metadata.json", self.backup_dir.trim_end_matches('/'))
    }
}

/// What `BackupAndRestore` wants to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackupAndRestoreAction {
    /// The weights and the optimizer's state now.
    Keep {
        /// File of the weights.
        weights: String,
        /// File that says where training was.
        metadata: String,
        /// The epoch to go on with, from 0: what the metadata say.
        epoch: usize,
        /// The last batch of it that was done, from 0; 0 also when none was, as in Keras.
        batch: usize,
        /// Whether the files that are there, if any, are first copied to names that end in `.bkp`.
        keep_previous: bool,
    },
    /// All of it can go.
    Delete {
        /// The folder.
        backup_dir: String,
    },
}

pub(super) struct BackupAndRestore {
    spec: BackupAndRestoreSpec,
    counter: BatchCounter,
    epoch: usize,
}

impl BackupAndRestore {
    fn keep(&self, batch: usize) -> BackupAndRestoreAction {
        BackupAndRestoreAction::Keep {
            weights: self.spec.weights(),
            metadata: self.spec.metadata(),
            epoch: self.epoch,
            batch,
            keep_previous: self.spec.double_checkpoint,
        }
    }
}

impl Callback for BackupAndRestore {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        let action = match event {
            TrainEvent::EpochBegin { epoch } => {
                self.epoch = *epoch;
                return;
            }
            TrainEvent::BatchEnd { batch, .. } if self.counter.is_due(*batch) => self.keep(*batch),
            TrainEvent::EpochEnd { epoch, .. } => {
                self.epoch = epoch + 1;
                if self.spec.save_freq != SaveFreq::Epoch {
                    return;
                }
                self.keep(0)
            }
            // A run that was interrupted is what backups are for.
            TrainEvent::TrainEnd { reason, .. }
                if self.spec.delete_checkpoint && *reason != StopReason::Requested =>
            {
                BackupAndRestoreAction::Delete { backup_dir: self.spec.backup_dir.clone() }
            }
            _ => return,
        };
        control.report(CallbackAction::BackupAndRestore(action));
    }

    fn state(&self) -> CallbackState {
        let (epoch, batches) = (self.epoch, self.counter.since_saved());
        CallbackState::BackupAndRestore(BackupAndRestoreState { epoch, batches })
    }

    fn memory(&self) -> CallbackMemory {
        CallbackMemory::of(self.counter.memory())
    }

    fn recall(&mut self, memory: &CallbackMemory) {
        if let Some(counter) = memory.numbers() {
            self.counter.recall(counter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;

    fn actions(spec: &BackupAndRestoreSpec, reason: StopReason) -> Vec<BackupAndRestoreAction> {
        let mut callback = spec.build(&Context::default());
        let mut control = Control::new(&mut [], 0.0, 0);
        let logs = Logs::default();
        for epoch in 0..2 {
            callback.on_event(&TrainEvent::EpochBegin { epoch }, 0, &mut control);
            for batch in 0..3 {
                let event = TrainEvent::BatchEnd { epoch, batch, batch_loss: 0.0, logs: logs.clone() };
                callback.on_event(&event, 0, &mut control);
            }
            callback.on_event(&TrainEvent::EpochEnd { epoch, logs: logs.clone() }, 0, &mut control);
        }
        callback.on_event(&TrainEvent::TrainEnd { reason, epochs: 2 }, 0, &mut control);
        let own = |action| match action {
            CallbackAction::BackupAndRestore(action) => action,
            other => panic!("{other:?}"),
        };
        control.finish().actions.into_iter().map(own).collect()
    }

    fn keep(epoch: usize, batch: usize, keep_previous: bool) -> BackupAndRestoreAction {
        let (weights, metadata) = ("b/latest.weights.h5".to_owned(), "b/training_metadata.json".to_owned());
        BackupAndRestoreAction::Keep { weights, metadata, epoch, batch, keep_previous }
    }

    #[test]
    fn every_epoch_is_kept_until_training_ends() {
        let spec = BackupAndRestoreSpec { backup_dir: "b".to_owned(), ..BackupAndRestoreSpec::default() };
        let delete = BackupAndRestoreAction::Delete { backup_dir: "b".to_owned() };
        let expected = [keep(1, 0, false), keep(2, 0, false), delete];
        assert_eq!(actions(&spec, StopReason::Completed), expected);
        assert_eq!(actions(&spec, StopReason::Requested), expected[..2]);
    }

    #[test]
    fn batches_are_kept_across_epochs_and_the_backup_before_them() {
        let spec = BackupAndRestoreSpec {
            backup_dir: "b/".to_owned(),
            save_freq: SaveFreq::Batches(2),
            double_checkpoint: true,
            delete_checkpoint: false,
        };
        let expected = [keep(0, 1, true), keep(1, 0, true), keep(1, 2, true)];
        assert_eq!(actions(&spec, StopReason::Completed), expected);
    }
}
