//! [`Coalescer`]: holds events back so that the page is not flooded.
//!
//! The weights of a completed epoch are held back with the event that tells of it. Otherwise a
//! fast network's weights would be ahead of the log, and after a worker's death the page would
//! hold another epoch than it says.

use crate::engine::event::TrainEvent;
use crate::protocol::Snapshot;

/// The least time between two deliveries, in milliseconds: about 20 a second.
const INTERVAL_MS: f64 = 50.0;

/// What is sent together: events, and the weights after the last completed epoch among them.
#[derive(Debug, PartialEq)]
pub struct Delivery {
    /// In the order in which they happened.
    pub events: Vec<TrainEvent>,
    /// To be sent after the events.
    pub snapshot: Option<Snapshot>,
}

/// Collects events; of batches that follow each other only the last one is kept, of snapshots the
/// newest.
#[derive(Debug, Default)]
pub struct Coalescer {
    events: Vec<TrainEvent>,
    snapshot: Option<Snapshot>,
    delivered_ms: f64,
}

impl Coalescer {
    /// Adds the next event.
    pub fn push(&mut self, event: TrainEvent) {
        if let Some(last) = self.events.last_mut()
            && replaces(&event, last)
        {
            *last = event;
        } else {
            self.events.push(event);
        }
    }

    /// Adds the weights that belong to the last event.
    pub fn keep(&mut self, snapshot: Snapshot) {
        self.snapshot = Some(snapshot);
    }

    /// Everything collected, if the page has had time to breathe since the last delivery.
    pub fn take_if_due(&mut self, now_ms: f64) -> Option<Delivery> {
        if now_ms - self.delivered_ms < INTERVAL_MS { None } else { self.take(now_ms) }
    }

    /// Everything collected, now; `None` if there is nothing.
    pub fn take(&mut self, now_ms: f64) -> Option<Delivery> {
        if self.events.is_empty() && self.snapshot.is_none() {
            return None;
        }
        self.delivered_ms = now_ms;
        Some(Delivery { events: std::mem::take(&mut self.events), snapshot: self.snapshot.take() })
    }
}

fn replaces(next: &TrainEvent, last: &TrainEvent) -> bool {
    match (next, last) {
        (TrainEvent::BatchEnd { epoch, .. }, TrainEvent::BatchEnd { epoch: before, .. })
        | (TrainEvent::TestBatchEnd { epoch, .. }, TrainEvent::TestBatchEnd { epoch: before, .. }) => {
            epoch == before
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;

    fn batch(epoch: usize, batch: usize) -> TrainEvent {
        TrainEvent::BatchEnd { epoch, batch, batch_loss: 0.0, logs: Logs::default() }
    }

    #[test]
    fn only_the_last_of_a_row_of_batches_is_kept() {
        let mut coalescer = Coalescer::default();
        let end = TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() };
        for event in [batch(0, 0), batch(0, 1), end.clone(), batch(1, 0), batch(1, 1)] {
            coalescer.push(event);
        }
        let events = vec![batch(0, 1), end, batch(1, 1)];
        assert_eq!(coalescer.take(0.0), Some(Delivery { events, snapshot: None }));
        assert_eq!(coalescer.take(0.0), None);
    }

    #[test]
    fn deliveries_keep_their_distance() {
        let mut coalescer = Coalescer::default();
        coalescer.push(batch(0, 0));
        assert!(coalescer.take_if_due(60.0).is_some());
        coalescer.push(batch(0, 1));
        assert_eq!(coalescer.take_if_due(100.0), None);
        assert!(coalescer.take_if_due(110.0).is_some());
    }

    #[test]
    fn weights_never_arrive_before_the_epoch_that_made_them() {
        let snapshot =
            |epochs| Snapshot { job: RunSpec::new(Preset::Mlp.spec()), epochs, params: vec![epochs as f32] };
        let end = |epoch| TrainEvent::EpochEnd { epoch, logs: Logs::default() };
        let mut coalescer = Coalescer::default();
        coalescer.push(end(0));
        coalescer.keep(snapshot(1));
        assert!(coalescer.take_if_due(50.0).is_some());
        for epoch in 1..4 {
            coalescer.push(end(epoch));
            coalescer.keep(snapshot(epoch + 1));
            assert_eq!(coalescer.take_if_due(60.0), None, "neither events nor weights are due");
        }
        coalescer.push(batch(4, 0));
        let events = vec![end(1), end(2), end(3), batch(4, 0)];
        assert_eq!(coalescer.take_if_due(100.0), Some(Delivery { events, snapshot: Some(snapshot(4)) }));
    }
}
