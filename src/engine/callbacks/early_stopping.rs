//! Keras's `EarlyStopping`: ends training when a monitored value has stopped improving.
//!
//! Each epoch `wait` grows by one; an improvement, `value < best - min_delta` (or
//! `value > best + min_delta` for `max`), sets it back to 0, if the value also beats `baseline`
//! where one is given. When `wait >= patience`, and not in epoch 0, training ends. Source:
//! Keras 3.15 `callbacks/early_stopping.py` and `callbacks/monitor_callback.py`.
//!
//! Keras's pull request 23559, merged after 3.16, lets every improvement set `wait` back to 0, below
//! `baseline` too, and refuses a negative `patience`. The first is the switch
//! [`EarlyStoppingSpec::reset_below_baseline`]; a negative `patience` is always refused.

use serde::{Deserialize, Serialize};

use super::improvement::{Improvement, Mode};
use super::memory::{count, number};
use super::{
    Callback, CallbackAction, CallbackError, CallbackMemory, CallbackState, Context, Control,
    EarlyStoppingState,
};
use crate::engine::argument::ArgumentError;
use crate::engine::event::{Monitor, StopReason, TrainEvent};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EarlyStoppingSpec {
    /// The watched value.
    pub monitor: Monitor,
    /// An improvement must exceed this; its sign is ignored, as in Keras.
    pub min_delta: f64,
    /// Epochs without improvement before training ends; 0 and 1 do the same.
    pub patience: usize,
    /// 1 prints a message, 0 does not. Events are told either way.
    pub verbose: u8,
    /// Which direction is better.
    pub mode: Mode,
    /// A value to beat; until it is beaten `wait` keeps growing, see `reset_below_baseline`.
    pub baseline: Option<f64>,
    /// Whether the best epoch's weights come back at the end, however training ends.
    pub restore_best_weights: bool,
    /// Epochs before this one (from 0) are not judged.
    pub start_from_epoch: usize,
    /// Whether an improvement that does not beat `baseline` sets `wait` back to 0 as well. Keras has
    /// no such argument: up to 3.16 it does not, since its pull request 23559 it does.
    pub reset_below_baseline: bool,
}

impl Default for EarlyStoppingSpec {
    fn default() -> Self {
        Self {
            monitor: Monitor::VAL_LOSS,
            min_delta: 0.0,
            patience: 0,
            verbose: 0,
            mode: Mode::Auto,
            baseline: None,
            restore_best_weights: false,
            start_from_epoch: 0,
            reset_below_baseline: false,
        }
    }
}

/// What `EarlyStopping` decided. Epochs count from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EarlyStoppingAction {
    /// The best value so far.
    Improved {
        /// The new best.
        value: f64,
        /// The best before, if any.
        before: Option<f64>,
        /// Whether `wait` went back to 0; it does not below a baseline.
        reset: bool,
        /// Epochs without improvement beyond the baseline: 0 if it was reset.
        wait: usize,
    },
    /// Too early to be judged.
    NotYet {
        /// This epoch's value.
        value: f64,
        /// The first epoch that is judged.
        start_from_epoch: usize,
    },
    /// No improvement; training goes on.
    Waiting {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
        /// What would have been an improvement.
        threshold: f64,
        /// Its epoch.
        best_epoch: usize,
        /// Epochs without improvement.
        wait: usize,
        /// Epochs allowed.
        patience: usize,
    },
    /// No improvement for too long; training ends.
    Stopped {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
        /// What would have been an improvement.
        threshold: f64,
        /// Its epoch.
        best_epoch: usize,
        /// Epochs without improvement.
        wait: usize,
        /// Epochs allowed.
        patience: usize,
    },
    /// The best epoch's weights are back.
    Restored {
        /// That epoch.
        best_epoch: usize,
    },
    /// The monitored value was not measured, so nothing can be judged.
    Missing {
        /// What was looked for.
        monitor: Monitor,
    },
}

impl EarlyStoppingSpec {
    pub(super) fn validate(&self, context: &Context) -> Result<(), CallbackError> {
        if !self.min_delta.is_finite() {
            let argument = "min_delta".to_owned();
            return Err(ArgumentError { argument, min: 0.0, max: f64::MAX, got: self.min_delta }.into());
        }
        self.mode.direction(&self.monitor, &context.directions).map(|_| ())
    }

    pub(super) fn build(&self, context: &Context) -> EarlyStopping {
        EarlyStopping {
            improvement: Improvement::new(self.mode, &self.monitor, self.min_delta, &context.directions),
            spec: self.clone(),
            wait: 0,
            best: None,
            best_epoch: 0,
            best_params: None,
            stopped_epoch: None,
        }
    }
}

pub(super) struct EarlyStopping {
    spec: EarlyStoppingSpec,
    improvement: Improvement,
    wait: usize,
    best: Option<f64>,
    best_epoch: usize,
    best_params: Option<Vec<f32>>,
    stopped_epoch: Option<usize>,
}

impl EarlyStopping {
    fn judge(
        &mut self,
        epoch: usize,
        value: f64,
        position: usize,
        control: &mut Control,
    ) -> EarlyStoppingAction {
        if self.spec.restore_best_weights && self.best_params.is_none() {
            self.best_params = Some(control.params().to_vec());
            self.best_epoch = epoch;
        }
        self.wait += 1;
        let best = match self.best {
            Some(best) if !self.improvement.is_better(value, Some(best)) => best,
            before => {
                self.best = Some(value);
                self.best_epoch = epoch;
                if self.spec.restore_best_weights {
                    self.best_params = Some(control.params().to_vec());
                }
                // Keras shifts the value by min_delta for the baseline as well.
                let reset =
                    self.spec.reset_below_baseline || self.improvement.is_better(value, self.spec.baseline);
                if reset {
                    self.wait = 0;
                }
                return EarlyStoppingAction::Improved { value, before, reset, wait: self.wait };
            }
        };
        let (best_epoch, wait, patience) = (self.best_epoch, self.wait, self.spec.patience);
        let threshold = self.improvement.threshold(best);
        if wait >= patience && epoch > 0 {
            self.stopped_epoch = Some(epoch);
            control.stop(StopReason::Callback { callback: position });
            EarlyStoppingAction::Stopped { value, best, threshold, best_epoch, wait, patience }
        } else {
            EarlyStoppingAction::Waiting { value, best, threshold, best_epoch, wait, patience }
        }
    }
}

impl Callback for EarlyStopping {
    fn on_event(&mut self, event: &TrainEvent, position: usize, control: &mut Control) {
        let action = match event {
            TrainEvent::EpochEnd { epoch, logs } => match logs.get(&self.spec.monitor) {
                None => EarlyStoppingAction::Missing { monitor: self.spec.monitor.clone() },
                Some(value) if *epoch < self.spec.start_from_epoch => {
                    EarlyStoppingAction::NotYet { value, start_from_epoch: self.spec.start_from_epoch }
                }
                Some(value) => self.judge(*epoch, value, position, control),
            },
            TrainEvent::TrainEnd { .. } => {
                let Some(params) = self.best_params.take() else { return };
                control.restore(&params);
                EarlyStoppingAction::Restored { best_epoch: self.best_epoch }
            }
            _ => return,
        };
        control.report(CallbackAction::EarlyStopping(action));
    }

    fn state(&self) -> CallbackState {
        CallbackState::EarlyStopping(EarlyStoppingState {
            direction: self.improvement.direction(),
            best: self.best,
            threshold: self.best.map(|best| self.improvement.threshold(best)),
            best_epoch: self.best_epoch,
            wait: self.wait,
            patience: self.spec.patience,
            keeps_weights: self.best_params.is_some(),
            stopped_epoch: self.stopped_epoch,
        })
    }

    fn memory(&self) -> CallbackMemory {
        let params = self.best_params.clone().unwrap_or_default();
        let values = [number(self.wait), self.best, number(self.best_epoch)];
        CallbackMemory { params, ..CallbackMemory::of(values) }
    }

    fn recall(&mut self, memory: &CallbackMemory) {
        let Some([wait, best, best_epoch]) = memory.numbers() else { return };
        (self.wait, self.best, self.best_epoch) = (count(wait), best, count(best_epoch));
        self.best_params = (!memory.params.is_empty()).then(|| memory.params.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;

    /// Feeds `val_loss` values as Keras would; gives (epochs run, `stopped_epoch`, `best_epoch`).
    fn trace(spec: &EarlyStoppingSpec, values: &[f64]) -> (usize, usize, usize) {
        let mut callback = spec.build(&Context::default());
        for (epoch, value) in values.iter().enumerate() {
            let mut params = [epoch as f32];
            let mut control = Control::new(&mut params, 0.0, 0);
            let event = TrainEvent::EpochEnd { epoch, logs: Logs::from([(Monitor::VAL_LOSS, *value)]) };
            callback.on_event(&event, 0, &mut control);
            if control.finish().stop.is_some() {
                return (epoch + 1, epoch, callback.best_epoch);
            }
        }
        (values.len(), 0, callback.best_epoch)
    }

    fn spec(patience: usize) -> EarlyStoppingSpec {
        EarlyStoppingSpec { patience, ..EarlyStoppingSpec::default() }
    }

    /// Traces of Keras 3.15.1.
    #[test]
    fn stops_where_keras_stops() {
        assert_eq!(trace(&spec(0), &[1.0, 0.9, 0.95, 0.8]), (3, 2, 1));
        assert_eq!(trace(&spec(0), &[1.0, 1.1, 0.8]), (2, 1, 0));
        assert_eq!(trace(&spec(2), &[1.0, 0.9, 0.95, 0.95, 0.5]), (4, 3, 1));
        let delta = EarlyStoppingSpec { min_delta: 0.1, ..spec(2) };
        assert_eq!(trace(&delta, &[1.0, 0.95, 0.92, 0.1]), (3, 2, 0));
        let late = EarlyStoppingSpec { start_from_epoch: 3, ..spec(0) };
        assert_eq!(trace(&late, &[1.0, 1.1, 1.2, 1.3, 1.4, 1.5]), (5, 4, 3));
        let baseline = EarlyStoppingSpec { baseline: Some(0.5), ..spec(2) };
        assert_eq!(trace(&baseline, &[1.0, 0.9, 0.8, 0.7, 0.65, 0.6]), (6, 0, 5));
    }

    #[test]
    fn below_the_baseline_wait_grows_or_not_as_the_switch_says() {
        let values = [1.0, 0.9, 0.8, 0.85, 0.8, 0.81];
        let spec =
            |reset_below_baseline| EarlyStoppingSpec { baseline: Some(0.5), reset_below_baseline, ..spec(2) };
        assert_eq!(trace(&spec(false), &values), (4, 3, 2));
        assert_eq!(trace(&spec(true), &values), (5, 4, 2));
    }

    #[test]
    fn the_first_nan_becomes_best_and_nothing_beats_it() {
        assert_eq!(trace(&spec(2), &[f64::NAN, 0.5, 0.4, 0.3]), (3, 2, 0));
    }

    #[test]
    fn restores_the_best_weights_however_training_ends() {
        let mut callback =
            EarlyStoppingSpec { restore_best_weights: true, ..spec(5) }.build(&Context::default());
        let mut params = [0.0];
        for (epoch, value) in [1.0, 0.5, 0.7].into_iter().enumerate() {
            params[0] = epoch as f32;
            let event = TrainEvent::EpochEnd { epoch, logs: Logs::from([(Monitor::VAL_LOSS, value)]) };
            callback.on_event(&event, 0, &mut Control::new(&mut params, 0.0, 0));
        }
        let end = TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: 3 };
        let mut control = Control::new(&mut params, 0.0, 0);
        callback.on_event(&end, 0, &mut control);
        let restored = CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch: 1 });
        assert_eq!(control.finish().actions, vec![restored]);
        assert_eq!(params, [1.0]);
    }

    #[test]
    fn a_value_that_is_not_measured_is_reported() {
        let mut params = [];
        let mut control = Control::new(&mut params, 0.0, 0);
        spec(0).build(&Context::default()).on_event(
            &TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() },
            0,
            &mut control,
        );
        let missing = EarlyStoppingAction::Missing { monitor: Monitor::VAL_LOSS };
        assert_eq!(control.finish().actions, vec![CallbackAction::EarlyStopping(missing)]);
    }
}
