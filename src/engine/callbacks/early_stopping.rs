//! Keras's `EarlyStopping`: ends training when a monitored value has stopped improving.
//!
//! Each epoch `wait` grows by one; an improvement, `value < best - min_delta` (or
//! `value > best + min_delta` for `max`), sets it back to 0, if the value also beats `baseline`
//! where one is given. When `wait >= patience`, and not in epoch 0, training ends. Source:
//! Keras 3.15 `callbacks/early_stopping.py` and `callbacks/monitor_callback.py`.

use serde::{Deserialize, Serialize};

use super::{Callback, CallbackAction, Control};
use crate::engine::argument::ArgumentError;
use crate::engine::event::{Monitor, StopReason, TrainEvent};

/// Which direction is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// `min` for a loss, `max` for an accuracy.
    #[default]
    Auto,
    /// Smaller is better.
    Min,
    /// Larger is better.
    Max,
}

impl Mode {
    /// Whether larger values of `monitor` are better.
    pub fn wants_max(self, monitor: &Monitor) -> bool {
        match self {
            Mode::Auto => monitor.quantity() == Monitor::ACCURACY.quantity(),
            Mode::Min => false,
            Mode::Max => true,
        }
    }
}

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
    /// Which direction is better.
    pub mode: Mode,
    /// A value to beat; until it is beaten `wait` keeps growing.
    pub baseline: Option<f64>,
    /// Whether the best epoch's weights come back at the end, however training ends.
    pub restore_best_weights: bool,
    /// Epochs before this one (from 0) are not judged.
    pub start_from_epoch: usize,
}

impl Default for EarlyStoppingSpec {
    fn default() -> Self {
        Self {
            monitor: Monitor::VAL_LOSS,
            min_delta: 0.0,
            patience: 0,
            mode: Mode::Auto,
            baseline: None,
            restore_best_weights: false,
            start_from_epoch: 0,
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
    },
    /// No improvement; training goes on.
    Waiting {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
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
    pub(super) fn validate(&self) -> Result<(), ArgumentError> {
        if self.min_delta.is_finite() {
            Ok(())
        } else {
            Err(ArgumentError {
                argument: "min_delta".to_owned(),
                min: 0.0,
                max: f64::MAX,
                got: self.min_delta,
            })
        }
    }

    pub(super) fn build(&self) -> EarlyStopping {
        EarlyStopping { spec: self.clone(), wait: 0, best: None, best_epoch: 0, best_params: None }
    }
}

pub(super) struct EarlyStopping {
    spec: EarlyStoppingSpec,
    wait: usize,
    best: Option<f64>,
    best_epoch: usize,
    best_params: Option<Vec<f32>>,
}

impl EarlyStopping {
    fn beats(&self, value: f64, reference: Option<f64>) -> bool {
        // Keras shifts the value by min_delta for the baseline as well; NaN beats nothing.
        let min_delta = self.spec.min_delta.abs();
        match reference {
            None => true,
            Some(reference) if self.spec.mode.wants_max(&self.spec.monitor) => value - min_delta > reference,
            Some(reference) => value + min_delta < reference,
        }
    }

    fn judge(&mut self, epoch: usize, value: f64, position: usize, control: &mut Control) {
        if self.spec.restore_best_weights && self.best_params.is_none() {
            self.best_params = Some(control.params().to_vec());
            self.best_epoch = epoch;
        }
        self.wait += 1;
        let before = self.best;
        if self.beats(value, before) {
            self.best = Some(value);
            self.best_epoch = epoch;
            if self.spec.restore_best_weights {
                self.best_params = Some(control.params().to_vec());
            }
            let reset = self.beats(value, self.spec.baseline);
            if reset {
                self.wait = 0;
            }
            let action = EarlyStoppingAction::Improved { value, before, reset };
            return control.report(CallbackAction::EarlyStopping(action));
        }
        let (best, best_epoch) = (before.unwrap_or(value), self.best_epoch);
        let (wait, patience) = (self.wait, self.spec.patience);
        let action = if wait >= patience && epoch > 0 {
            control.stop(StopReason::Callback { callback: position });
            EarlyStoppingAction::Stopped { value, best, best_epoch, wait, patience }
        } else {
            EarlyStoppingAction::Waiting { value, best, best_epoch, wait, patience }
        };
        control.report(CallbackAction::EarlyStopping(action));
    }
}

impl Callback for EarlyStopping {
    fn on_event(&mut self, event: &TrainEvent, position: usize, control: &mut Control) {
        match event {
            TrainEvent::EpochEnd { epoch, logs } => match logs.get(&self.spec.monitor) {
                None => control.report(CallbackAction::EarlyStopping(EarlyStoppingAction::Missing {
                    monitor: self.spec.monitor.clone(),
                })),
                Some(_) if *epoch < self.spec.start_from_epoch => {}
                Some(value) => self.judge(*epoch, value, position, control),
            },
            TrainEvent::TrainEnd { .. } => {
                if let Some(params) = self.best_params.take() {
                    control.restore(&params);
                    let action = EarlyStoppingAction::Restored { best_epoch: self.best_epoch };
                    control.report(CallbackAction::EarlyStopping(action));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;

    /// Feeds `val_loss` values as Keras would; gives (epochs run, `stopped_epoch`, `best_epoch`).
    fn trace(spec: &EarlyStoppingSpec, values: &[f64]) -> (usize, usize, usize) {
        let mut callback = spec.build();
        for (epoch, value) in values.iter().enumerate() {
            let mut params = [epoch as f32];
            let mut control = Control::new(&mut params);
            let event = TrainEvent::EpochEnd { epoch, logs: Logs(vec![(Monitor::VAL_LOSS, *value)]) };
            callback.on_event(&event, 0, &mut control);
            if control.finish().1.is_some() {
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
    fn the_first_nan_becomes_best_and_nothing_beats_it() {
        assert_eq!(trace(&spec(2), &[f64::NAN, 0.5, 0.4, 0.3]), (3, 2, 0));
    }

    #[test]
    fn restores_the_best_weights_however_training_ends() {
        let mut callback = EarlyStoppingSpec { restore_best_weights: true, ..spec(5) }.build();
        let mut params = [0.0];
        for (epoch, value) in [1.0, 0.5, 0.7].into_iter().enumerate() {
            params[0] = epoch as f32;
            let event = TrainEvent::EpochEnd { epoch, logs: Logs(vec![(Monitor::VAL_LOSS, value)]) };
            callback.on_event(&event, 0, &mut Control::new(&mut params));
        }
        let end = TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: 3 };
        let mut control = Control::new(&mut params);
        callback.on_event(&end, 0, &mut control);
        let restored = CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch: 1 });
        assert_eq!(control.finish().0, vec![restored]);
        assert_eq!(params, [1.0]);
    }

    #[test]
    fn auto_mode_wants_a_larger_accuracy() {
        assert!(Mode::Auto.wants_max(&Monitor::VAL_ACCURACY));
        assert!(!Mode::Auto.wants_max(&Monitor::VAL_LOSS));
    }

    #[test]
    fn a_value_that_is_not_measured_is_reported() {
        let mut params = [];
        let mut control = Control::new(&mut params);
        spec(0).build().on_event(&TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() }, 0, &mut control);
        let missing = EarlyStoppingAction::Missing { monitor: Monitor::VAL_LOSS };
        assert_eq!(control.finish().0, vec![CallbackAction::EarlyStopping(missing)]);
    }
}
