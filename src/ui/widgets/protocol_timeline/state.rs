//! Where in the protocol a run is.

use crate::engine::callbacks::{BackupAndRestoreAction, CallbackAction, EarlyStoppingAction};
use crate::engine::event::TrainEvent;
use crate::ui::callbacks::Hook;

/// The hook that was called last, and the loops around it. Numbers count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ProtocolState {
    /// The hook; none before the run.
    pub hook: Option<Hook>,
    /// The epoch.
    pub epoch: usize,
    /// Planned epochs.
    pub epochs: usize,
    /// The last batch of training in this epoch, once there is one.
    pub batch: Option<usize>,
    /// Batches of training in an epoch.
    pub batches: usize,
    /// The last batch of validation in this epoch, once there is one.
    pub test_batch: Option<usize>,
    /// Batches of validation, as far as they are known.
    pub test_batches: usize,
    /// Positions of the callbacks that acted in this hook, each once.
    pub acted: Vec<usize>,
}

impl ProtocolState {
    /// Goes on to what an event tells of.
    pub fn hear(&mut self, event: &TrainEvent) {
        if let TrainEvent::CallbackActed { callback, action, .. } = event {
            return self.hear_action(*callback, action);
        }
        let Some(hook) = Hook::of(event) else { return };
        // What callbacks do at the end is told before the end itself.
        if hook != Hook::TrainEnd || self.hook != Some(Hook::TrainEnd) {
            self.acted.clear();
        }
        self.hook = Some(hook);
        match event {
            TrainEvent::TrainBegin { epochs, steps_per_epoch, .. } => {
                *self =
                    Self { hook: self.hook, epochs: *epochs, batches: *steps_per_epoch, ..Self::default() };
            }
            TrainEvent::EpochBegin { epoch } => {
                (self.epoch, self.batch, self.test_batch) = (*epoch, None, None);
            }
            TrainEvent::BatchEnd { epoch, batch, .. } => {
                (self.epoch, self.batch) = (*epoch, Some(*batch));
            }
            TrainEvent::TestBatchEnd { epoch, batch, batches } => {
                (self.epoch, self.test_batch, self.test_batches) = (*epoch, Some(*batch), *batches);
            }
            TrainEvent::EpochEnd { .. }
            | TrainEvent::TrainEnd { .. }
            | TrainEvent::CallbackActed { .. }
            | TrainEvent::LearningRateSet { .. } => {}
        }
    }

    fn hear_action(&mut self, callback: usize, action: &CallbackAction) {
        let belongs_to_end = matches!(
            action,
            CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { .. })
                | CallbackAction::BackupAndRestore(BackupAndRestoreAction::Delete { .. })
        );
        if belongs_to_end && self.hook != Some(Hook::TrainEnd) {
            self.hook = Some(Hook::TrainEnd);
            self.acted.clear();
        }
        if !self.acted.contains(&callback) {
            self.acted.push(callback);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::{Logs, StopReason};

    fn acted(callback: usize, action: CallbackAction) -> TrainEvent {
        TrainEvent::CallbackActed { epoch: 0, callback, action }
    }

    fn state(events: &[TrainEvent]) -> ProtocolState {
        let mut state = ProtocolState::default();
        for event in events {
            state.hear(event);
        }
        state
    }

    #[test]
    fn the_loops_follow_the_events() {
        let begin =
            TrainEvent::TrainBegin { epochs: 3, steps_per_epoch: 9, samples: 9, validation_samples: 2 };
        let batch = TrainEvent::BatchEnd { epoch: 1, batch: 4, batch_loss: 0.0, logs: Logs::default() };
        let test = TrainEvent::TestBatchEnd { epoch: 1, batch: 0, batches: 2 };
        let events = [begin, TrainEvent::EpochBegin { epoch: 1 }, batch, test];
        let got = state(&events);
        assert_eq!((got.hook, got.epoch, got.epochs), (Some(Hook::TestBatchEnd), 1, 3));
        assert_eq!((got.batch, got.batches, got.test_batch, got.test_batches), (Some(4), 9, Some(0), 2));
        let next = state(&[&events[..], &[TrainEvent::EpochBegin { epoch: 2 }]].concat());
        assert_eq!((next.epoch, next.batch, next.test_batch), (2, None, None));
    }

    #[test]
    fn who_acts_belongs_to_the_hook_it_answered() {
        let nan = || acted(2, CallbackAction::TerminateOnNan { batch: 0 });
        let end = TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() };
        assert_eq!(state(&[end.clone(), nan(), nan()]).acted, [2]);
        assert!(state(&[end.clone(), nan(), TrainEvent::EpochBegin { epoch: 1 }]).acted.is_empty());
        let restored = CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch: 0 });
        let over = TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: 1 };
        let got = state(&[end, nan(), acted(0, restored), over]);
        assert_eq!((got.hook, &got.acted[..]), (Some(Hook::TrainEnd), &[0][..]));
    }
}
