//! Keras's `History`, which every run has: the values of every epoch, by name.

use serde::{Deserialize, Serialize};

use super::{Callback, CallbackError, CallbackState, Context, Control};
use crate::engine::event::{Monitor, TrainEvent};

/// Has no arguments. Listed among the callbacks it sees what callbacks before it wrote and not what
/// those after it do; otherwise it comes after all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HistorySpec {}

#[expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the same signatures as every other callback's spec"
)]
impl HistorySpec {
    pub(super) fn validate(&self, _context: &Context) -> Result<(), CallbackError> {
        Ok(())
    }

    pub(super) fn build(&self, _context: &Context) -> Silent {
        Silent
    }
}

/// A place in the list whose work others do.
pub(super) struct Silent;

impl Callback for Silent {
    fn on_event(&mut self, _event: &TrainEvent, _position: usize, _control: &mut Control) {}

    fn state(&self) -> CallbackState {
        CallbackState::Stateless
    }
}

/// What `fit` returns in Keras.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// The epochs that ended, from 0.
    pub epoch: Vec<usize>,
    /// The values of each name, in the order in which names appeared.
    pub history: Vec<(Monitor, Vec<f64>)>,
    /// Planned epochs.
    pub epochs: usize,
    /// Batches per epoch.
    pub steps: usize,
}

impl History {
    /// The values of one name, one per epoch in which it was measured.
    pub fn get(&self, monitor: &Monitor) -> Option<&[f64]> {
        self.history.iter().find(|(key, _)| key == monitor).map(|(_, values)| &values[..])
    }

    pub(super) fn on_event(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::TrainBegin { epochs, steps_per_epoch, .. } => {
                (self.epochs, self.steps) = (*epochs, *steps_per_epoch);
                self.epoch.clear();
            }
            TrainEvent::EpochEnd { epoch, logs } => {
                self.epoch.push(*epoch);
                for (monitor, value) in &logs.0 {
                    match self.history.iter_mut().find(|(key, _)| key == monitor) {
                        Some((_, values)) => values.push(*value),
                        None => self.history.push((monitor.clone(), vec![*value])),
                    }
                }
            }
            _ => {}
        }
    }
}
