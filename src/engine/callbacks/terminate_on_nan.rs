//! Keras's `TerminateOnNaN`: ends training when a batch's running loss is no finite number.

use serde::{Deserialize, Serialize};

use super::{Callback, CallbackAction, Control};
use crate::engine::argument::ArgumentError;
use crate::engine::event::{Monitor, StopReason, TrainEvent};

/// Has no arguments.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TerminateOnNanSpec {}

#[expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the same signatures as every other callback's spec"
)]
impl TerminateOnNanSpec {
    pub(super) fn validate(&self) -> Result<(), ArgumentError> {
        Ok(())
    }

    pub(super) fn build(&self) -> TerminateOnNan {
        TerminateOnNan
    }
}

pub(super) struct TerminateOnNan;

impl Callback for TerminateOnNan {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        let TrainEvent::BatchEnd { epoch, batch, logs, .. } = event else { return };
        if logs.get(&Monitor::LOSS).is_some_and(|loss| !loss.is_finite()) {
            control.report(CallbackAction::TerminateOnNan { batch: *batch });
            control.stop(StopReason::Diverged { epoch: *epoch, batch: *batch });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;

    fn batch_end(loss: f64) -> TrainEvent {
        TrainEvent::BatchEnd { epoch: 2, batch: 7, batch_loss: loss, logs: Logs(vec![(Monitor::LOSS, loss)]) }
    }

    #[test]
    fn stops_on_infinity_and_nan_alone() {
        for (loss, stops) in [(0.5, false), (1e30, false), (f64::INFINITY, true), (f64::NAN, true)] {
            let mut params = [];
            let mut control = Control::new(&mut params);
            TerminateOnNanSpec {}.build().on_event(&batch_end(loss), 0, &mut control);
            let (actions, stop) = control.finish();
            assert_eq!(stop.is_some(), stops, "loss {loss}");
            assert_eq!(actions.len(), usize::from(stops));
        }
    }
}
