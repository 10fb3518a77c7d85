//! [`Coalescer`]: holds events back so that the page is not flooded.

use crate::engine::event::TrainEvent;

/// The least time between two deliveries, in milliseconds: about 20 a second.
const INTERVAL_MS: f64 = 50.0;

/// Collects events; of batches that follow each other only the last one is kept.
#[derive(Debug, Default)]
pub struct Coalescer {
    events: Vec<TrainEvent>,
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

    /// Everything collected, if the page has had time to breathe since the last delivery.
    pub fn take_if_due(&mut self, now_ms: f64) -> Option<Vec<TrainEvent>> {
        if now_ms - self.delivered_ms < INTERVAL_MS { None } else { self.take(now_ms) }
    }

    /// Everything collected, now; `None` if there is nothing.
    pub fn take(&mut self, now_ms: f64) -> Option<Vec<TrainEvent>> {
        if self.events.is_empty() {
            return None;
        }
        self.delivered_ms = now_ms;
        Some(std::mem::take(&mut self.events))
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
        assert_eq!(coalescer.take(0.0), Some(vec![batch(0, 1), end, batch(1, 1)]));
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
}
