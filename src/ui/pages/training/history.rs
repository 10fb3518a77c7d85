//! What a run has said: its curves, its epochs and its log.

use crate::engine::event::{Logs, Monitor, TrainEvent};

/// Points of a curve per epoch, at most; more cannot be told apart on a screen.
const POINTS_PER_EPOCH: f64 = 300.0;

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// Rises from line to line; a line that takes another one's place has its own.
    pub id: u32,
    /// What happened.
    pub event: TrainEvent,
}

/// Whether an event is worth saying aloud.
pub fn is_notable(event: &TrainEvent) -> bool {
    match event {
        TrainEvent::TrainBegin { .. }
        | TrainEvent::EpochEnd { .. }
        | TrainEvent::CallbackActed { .. }
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
    /// Values at the end of each completed epoch.
    pub epochs: Vec<Logs>,
    /// Points of each of [`Monitor::ALL`]; x counts epochs, with running means inside an epoch.
    curves: [Vec<(f64, f64)>; 4],
    next_id: u32,
}

impl History {
    /// The points of one curve.
    pub fn curve(&self, monitor: &Monitor) -> &[(f64, f64)] {
        let idx = Monitor::ALL.iter().position(|known| known == monitor);
        idx.map_or(&[], |idx| &self.curves[idx])
    }

    /// Adds an event. Without `keep_all`, what only says how far training is (a batch) gives way to
    /// the next event; whoever steps by hand wants to see every batch.
    pub fn push(&mut self, event: &TrainEvent, steps_per_epoch: usize, keep_all: bool) {
        match event {
            TrainEvent::BatchEnd { epoch, batch, logs, .. } => {
                let x = *epoch as f64 + (batch + 1) as f64 / steps_per_epoch.max(1) as f64;
                self.add_points(x, logs, if keep_all { 0.0 } else { 1.0 / POINTS_PER_EPOCH });
            }
            TrainEvent::EpochEnd { epoch, logs } => {
                self.add_points((epoch + 1) as f64, logs, 0.0);
                self.epochs.push(logs.clone());
            }
            TrainEvent::TrainBegin { .. }
            | TrainEvent::EpochBegin { .. }
            | TrainEvent::TestBatchEnd { .. }
            | TrainEvent::CallbackActed { .. }
            | TrainEvent::TrainEnd { .. } => {}
        }
        if !keep_all && self.log.last().is_some_and(|line| !is_notable(&line.event)) {
            self.log.pop();
        }
        self.log.push(LogLine { id: self.next_id, event: event.clone() });
        self.next_id += 1;
    }

    fn add_points(&mut self, x: f64, logs: &Logs, least_distance: f64) {
        for (monitor, curve) in Monitor::ALL.into_iter().zip(&mut self.curves) {
            let Some(y) = logs.get(&monitor) else { continue };
            match curve.last_mut() {
                // An epoch's last running mean is the epoch's value.
                Some(last) if (x - last.0).abs() < 1e-9 => last.1 = y,
                Some(last) if x - last.0 < least_distance => {}
                _ => curve.push((x, y)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            history.push(event, 4, keep_all);
        }
        history
    }

    #[test]
    fn running_means_lie_inside_the_epoch_and_its_value_at_its_end() {
        let got = history(&[batch(0, 1, 2.0), batch(0, 3, 1.0), epoch_end(0), batch(1, 0, 0.5)], false);
        assert_eq!(got.curve(&Monitor::LOSS), [(0.5, 2.0), (1.0, 0.25), (1.25, 0.5)]);
        assert_eq!(got.curve(&Monitor::VAL_LOSS), [(1.0, 0.5)]);
        assert_eq!(got.epochs.len(), 1);
    }

    #[test]
    fn a_batch_gives_way_to_what_follows_unless_one_steps() {
        let events = [batch(0, 0, 1.0), batch(0, 1, 1.0), epoch_end(0)];
        assert_eq!(history(&events, false).log.len(), 1);
        let stepped = history(&events, true).log;
        assert_eq!(stepped.iter().map(|line| line.id).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn a_long_epoch_does_not_fill_the_memory() {
        let mut history = History::default();
        for number in 0..10_000 {
            history.push(&batch(0, number, 1.0), 10_000, false);
        }
        assert!((200..=301).contains(&history.curve(&Monitor::LOSS).len()));
    }
}
