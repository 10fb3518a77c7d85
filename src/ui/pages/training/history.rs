//! What a run has said: its curves, its epochs and its log.

use super::log_room::make_room;
use crate::engine::event::{Logs, TrainEvent};
use crate::ui::curves::RunCurves;

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Rises from line to line; a line that takes another one's place has its own.
    pub id: u32,
    /// What happened.
    pub event: TrainEvent,
    /// Of a [`TrainEvent::TrainBegin`] with which a run goes on: the epoch, from 0.
    pub goes_on_with: Option<usize>,
}

/// What a run that goes on has said before.
#[derive(Clone, Debug, Default)]
pub struct Earlier<'a> {
    /// The log, oldest first.
    pub log: &'a [TrainEvent],
    /// Lines of it that are forgotten.
    pub forgotten: usize,
    /// Time of training, in ms.
    pub running_ms: f64,
    /// Optimizer steps, which are the batches.
    pub steps: u64,
    /// The learning rate with which it goes on.
    pub learning_rate: Option<f32>,
    /// How often the reader changed it.
    pub rate_changes: usize,
}

/// Whether an event is worth saying aloud.
pub fn is_notable(event: &TrainEvent) -> bool {
    match event {
        TrainEvent::TrainBegin { .. }
        | TrainEvent::EpochEnd { .. }
        | TrainEvent::CallbackActed { .. }
        | TrainEvent::LearningRateSet { .. }
        | TrainEvent::TrainEnd { .. } => true,
        TrainEvent::EpochBegin { .. } | TrainEvent::BatchEnd { .. } | TrainEvent::TestBatchEnd { .. } => {
            false
        }
    }
}

/// Everything that stays of a run.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct History {
    /// The log, oldest first.
    pub log: Vec<LogLine>,
    /// Lines at its beginning that are forgotten.
    pub forgotten: usize,
    /// Values at the end of each completed epoch.
    pub epochs: Vec<Logs>,
    /// Everything that can be drawn.
    pub curves: RunCurves,
    next_id: u32,
    has_begun: bool,
}

impl History {
    /// Takes in what was said before, without what only says how far it was.
    pub fn recall(&mut self, earlier: &Earlier) {
        for event in earlier.log {
            self.push(event, false);
        }
        self.forgotten += earlier.forgotten;
        self.has_begun |= earlier.forgotten > 0;
        self.curves.steps.go_on_after(earlier.steps);
    }

    /// Adds an event. Without `keep_all`, what only says how far training is (a batch) gives way to
    /// the next event; whoever steps by hand wants to see every batch.
    pub fn push(&mut self, event: &TrainEvent, keep_all: bool) {
        self.curves.hear(event);
        if let TrainEvent::EpochEnd { logs, .. } = event {
            self.epochs.push(logs.clone());
        }
        if !keep_all && self.log.last().is_some_and(|line| !is_notable(&line.event)) {
            self.log.pop();
        }
        let begins = matches!(event, TrainEvent::TrainBegin { .. });
        let goes_on_with = (begins && self.has_begun).then(|| self.next_epoch());
        self.has_begun |= begins;
        self.forgotten += make_room(&mut self.log);
        self.log.push(LogLine { id: self.next_id, event: event.clone(), goes_on_with });
        self.next_id += 1;
    }

    fn next_epoch(&self) -> usize {
        self.curves.epochs.last().map_or(0, |(epoch, _)| epoch + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Monitor;

    fn batch(epoch: usize, batch: usize, loss: f64) -> TrainEvent {
        let logs = Logs::from([(Monitor::ACCURACY, 0.5), (Monitor::LOSS, loss)]);
        TrainEvent::BatchEnd { epoch, batch, batch_loss: loss, logs }
    }

    fn epoch_end(epoch: usize) -> TrainEvent {
        let logs = Logs::from([(Monitor::LOSS, 0.25), (Monitor::VAL_LOSS, 0.5)]);
        TrainEvent::EpochEnd { epoch, logs }
    }

    fn history(events: &[TrainEvent], keep_all: bool) -> History {
        let mut history = History::default();
        for event in events {
            history.push(event, keep_all);
        }
        history
    }

    #[test]
    fn epochs_are_kept_for_the_page_and_for_the_curves() {
        let got = history(&[batch(0, 1, 2.0), epoch_end(0), batch(1, 0, 0.5)], false);
        assert_eq!((got.epochs.len(), got.curves.epochs.len()), (1, 1));
        assert_eq!(got.curves.epochs[0], (0, got.epochs[0].clone()));
    }

    fn begin() -> TrainEvent {
        TrainEvent::TrainBegin { epochs: 5, steps_per_epoch: 2, samples: 20, validation_samples: 0 }
    }

    #[test]
    fn a_run_that_goes_on_says_with_which_epoch() {
        let first = [begin(), epoch_end(0), epoch_end(1)];
        let second = [begin(), epoch_end(2), begin()];
        let mut got = History::default();
        let log = &[first, second].concat()[..];
        got.recall(&Earlier { log, steps: 6, ..Earlier::default() });
        got.push(&begin(), false);
        let begins = |line: &&LogLine| matches!(line.event, TrainEvent::TrainBegin { .. });
        let went_on: Vec<_> = got.log.iter().filter(begins).map(|line| line.goes_on_with).collect();
        assert_eq!(went_on, [None, Some(2), Some(3), Some(3)]);
    }

    #[test]
    fn a_run_whose_beginning_is_forgotten_still_goes_on() {
        let mut got = History::default();
        got.recall(&Earlier { log: &[epoch_end(8)], forgotten: 40, ..Earlier::default() });
        got.push(&begin(), false);
        assert_eq!((got.log[1].goes_on_with, got.forgotten), (Some(9), 40));
    }

    #[test]
    fn a_log_without_end_does_not_fill_the_memory() {
        let mut got = History::default();
        for epoch in 0..5_000 {
            got.push(&epoch_end(epoch), false);
        }
        assert!(got.log.len() <= super::super::log_room::MOST_LINES);
        assert_eq!(got.log.len() + got.forgotten, 5_000);
        assert_eq!(got.log.last().map(|line| line.id), Some(4_999));
    }

    #[test]
    fn a_batch_gives_way_to_what_follows_unless_one_steps() {
        let events = [batch(0, 0, 1.0), batch(0, 1, 1.0), epoch_end(0)];
        assert_eq!(history(&events, false).log.len(), 1);
        let stepped = history(&events, true).log;
        assert_eq!(stepped.iter().map(|line| line.id).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
