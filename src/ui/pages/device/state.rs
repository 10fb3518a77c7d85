//! What is known of this device so far.

use crate::protocol::{Quantity, RunId, WorkerError, WorkerEvent};

/// One measurement, in progress or over.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeviceState {
    run: Option<RunId>,
    /// Each quantity's rate per second, in the order they were measured.
    pub rates: Vec<(Quantity, f64)>,
    /// How many there will be; 0 before the first one.
    total: usize,
    /// Why there are none.
    pub error: Option<WorkerError>,
}

impl DeviceState {
    /// A measurement was asked for; what was known before is forgotten.
    pub fn begin(&mut self, run: RunId) {
        *self = Self { run: Some(run), ..Self::default() };
    }

    /// Takes the worker's answer; whether it was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> bool {
        if self.run != Some(event.run()) {
            return false;
        }
        match event {
            WorkerEvent::Measured { quantity, per_second, total, .. } => {
                self.rates.push((quantity, per_second));
                self.total = total;
                if self.is_complete() {
                    self.run = None;
                }
            }
            WorkerEvent::Failed { error, .. } => *self = Self { error: Some(error), ..Self::default() },
            // The shell says so; what was measured stays.
            WorkerEvent::Died { .. } => self.run = None,
            _ => return false,
        }
        true
    }

    /// Whether more is to come.
    pub fn is_measuring(&self) -> bool {
        self.run.is_some()
    }

    /// Whether everything was measured.
    pub fn is_complete(&self) -> bool {
        self.total > 0 && self.rates.len() == self.total
    }

    /// The part that is done, 0..1; `None` before the first answer.
    pub fn share(&self) -> Option<f64> {
        (self.total > 0).then(|| self.rates.len() as f64 / self.total as f64)
    }

    /// The rate of `quantity`, if it is known.
    pub fn rate(&self, quantity: Quantity) -> Option<f64> {
        self.rates.iter().find(|(known, _)| *known == quantity).map(|(_, rate)| *rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(run: u32, quantity: Quantity, per_second: f64) -> WorkerEvent {
        WorkerEvent::Measured { run: RunId(run), quantity, per_second, total: 2 }
    }

    #[test]
    fn it_measures_until_the_last_answer() {
        let mut state = DeviceState::default();
        state.begin(RunId(3));
        assert!(state.is_measuring() && state.share().is_none());
        assert!(state.apply(measured(3, Quantity::Peak, 5e10)));
        assert_eq!(state.share(), Some(0.5));
        assert!(state.is_measuring() && !state.is_complete());
        assert!(state.apply(measured(3, Quantity::Training { workload: 1 }, 800.0)));
        assert!(!state.is_measuring() && state.is_complete());
        assert_eq!(state.rate(Quantity::Training { workload: 1 }), Some(800.0));
        assert_eq!(state.rate(Quantity::Prediction { workload: 1 }), None);
    }

    #[test]
    fn events_of_another_run_change_nothing() {
        let mut state = DeviceState::default();
        state.begin(RunId(3));
        assert!(!state.apply(measured(2, Quantity::Peak, 1.0)));
        assert!(state.rates.is_empty());
    }

    #[test]
    fn a_dead_worker_ends_it() {
        let mut state = DeviceState::default();
        state.begin(RunId(3));
        state.apply(measured(3, Quantity::Peak, 5e10));
        state.apply(WorkerEvent::Died { run: RunId(3), message: String::new() });
        assert!(!state.is_measuring() && !state.is_complete());
        assert_eq!(state.rate(Quantity::Peak), Some(5e10));
    }
}
