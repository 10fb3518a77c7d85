//! Keras's `TerminateOnNaN`: ends training when a batch's running loss is no finite number.

use serde::{Deserialize, Serialize};

use super::{Callback, CallbackAction, CallbackError, CallbackState, Context, Control};
use crate::engine::event::{Monitor, StopReason, TrainEvent};

/// Keras's argument.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TerminateOnNanSpec {
    /// Whether training ends at once, as if an exception was raised: without validating the epoch and
    /// without a word to the other callbacks.
    pub raise_error: bool,
}

#[expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "the same signature as every other callback's spec"
)]
impl TerminateOnNanSpec {
    pub(super) fn validate(&self, _context: &Context) -> Result<(), CallbackError> {
        Ok(())
    }

    pub(super) fn build(&self, _context: &Context) -> TerminateOnNan {
        TerminateOnNan { raise_error: self.raise_error }
    }
}

pub(super) struct TerminateOnNan {
    raise_error: bool,
}

impl Callback for TerminateOnNan {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        let TrainEvent::BatchEnd { epoch, batch, logs, .. } = event else { return };
        if logs.get(&Monitor::LOSS).is_some_and(|loss| !loss.is_finite()) {
            control.report(CallbackAction::TerminateOnNan { batch: *batch });
            let reason = StopReason::Diverged { epoch: *epoch, batch: *batch };
            if self.raise_error {
                control.abort(reason);
            } else {
                control.stop(reason);
            }
        }
    }

    fn state(&self) -> CallbackState {
        CallbackState::Stateless
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;

    fn batch_end(loss: f64) -> TrainEvent {
        TrainEvent::BatchEnd {
            epoch: 2,
            batch: 7,
            batch_loss: loss,
            logs: Logs::from([(Monitor::LOSS, loss)]),
        }
    }

    #[test]
    fn stops_on_infinity_and_nan_alone() {
        for (loss, stops) in [(0.5, false), (1e30, false), (f64::INFINITY, true), (f64::NAN, true)] {
            let mut params = [];
            let mut control = Control::new(&mut params, 0.0, 0);
            let mut callback = TerminateOnNanSpec::default().build(&Context::default());
            callback.on_event(&batch_end(loss), 0, &mut control);
            let outcome = control.finish();
            assert_eq!(outcome.stop.is_some(), stops, "loss {loss}");
            assert_eq!(outcome.actions.len(), usize::from(stops));
            assert!(!outcome.aborts);
        }
    }
    #[test]
    fn an_error_ends_it_at_once() {
        let mut control = Control::new(&mut [], 0.0, 0);
        let mut callback = TerminateOnNanSpec { raise_error: true }.build(&Context::default());
        callback.on_event(&batch_end(f64::NAN), 0, &mut control);
        assert!(control.finish().aborts);
    }
}
