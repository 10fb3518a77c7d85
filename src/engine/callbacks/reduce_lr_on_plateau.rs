//! Keras's `ReduceLROnPlateau`: multiplies the learning rate by `factor` when a value has stopped improving.
//!
//! At the end of each epoch the learning rate it was trained with goes into the logs. Then a running
//! cooldown is shortened by one and `wait` set to 0; an improvement sets `wait` to 0; otherwise, outside
//! a cooldown, `wait` grows, and from `patience` on the rate becomes `max(rate·factor, min_lr)`, if it is
//! larger than `min_lr`. The epoch in which a cooldown runs out already counts. Source: Keras 3.15
//! `callbacks/reduce_lr_on_plateau.py`.

use serde::{Deserialize, Serialize};

use super::improvement::{Improvement, Mode};
use super::memory::{count, number};
use super::{
    Callback, CallbackAction, CallbackError, CallbackMemory, CallbackState, Context, Control,
    ReduceLrOnPlateauState,
};
use crate::engine::argument::ArgumentError;
use crate::engine::event::{Monitor, TrainEvent};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReduceLrOnPlateauSpec {
    /// The watched value.
    pub monitor: Monitor,
    /// The learning rate is multiplied by this, less than 1.
    pub factor: f64,
    /// Epochs without improvement before the rate is reduced; 0 and 1 do the same.
    pub patience: usize,
    /// 1 prints a message, 0 does not. Events are told either way.
    pub verbose: u8,
    /// Which direction is better.
    pub mode: Mode,
    /// An improvement must exceed this; its sign is ignored, as in Keras.
    pub min_delta: f64,
    /// Epochs after a reduction in which nothing is counted.
    pub cooldown: usize,
    /// The rate is never reduced below this.
    pub min_lr: f64,
}

impl Default for ReduceLrOnPlateauSpec {
    fn default() -> Self {
        Self {
            monitor: Monitor::VAL_LOSS,
            factor: 0.1,
            patience: 10,
            verbose: 0,
            mode: Mode::Auto,
            min_delta: 1e-4,
            cooldown: 0,
            min_lr: 0.0,
        }
    }
}

impl ReduceLrOnPlateauSpec {
    pub(super) fn validate(&self, context: &Context) -> Result<(), CallbackError> {
        // Keras has no lower bound for the factor, but a negative rate climbs.
        if self.factor.is_nan() || self.factor >= 1.0 {
            let argument = "factor".to_owned();
            return Err(ArgumentError { argument, min: 0.0, max: 1.0, got: self.factor }.into());
        }
        if context.is_scheduled {
            return Err(CallbackError::ScheduledLearningRate);
        }
        self.mode.direction(&self.monitor, &context.directions).map(|_| ())
    }

    pub(super) fn build(&self, context: &Context) -> ReduceLrOnPlateau {
        ReduceLrOnPlateau {
            improvement: Improvement::new(self.mode, &self.monitor, self.min_delta, &context.directions),
            spec: self.clone(),
            best: None,
            wait: 0,
            cooldown_counter: 0,
        }
    }
}

/// What `ReduceLROnPlateau` decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ReduceLrOnPlateauAction {
    /// The best value so far.
    Improved {
        /// The new best.
        value: f64,
        /// The best before, if any.
        before: Option<f64>,
        /// Epochs of cooldown that are left.
        cooldown: usize,
        /// It stays as it is.
        learning_rate: f64,
    },
    /// No improvement, but a reduction is too recent.
    CoolingDown {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
        /// Epochs of cooldown that are left.
        cooldown: usize,
        /// It stays as it is.
        learning_rate: f64,
    },
    /// No improvement; the rate stays for now.
    Waiting {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
        /// What would have been an improvement.
        threshold: f64,
        /// Epochs without improvement.
        wait: usize,
        /// Epochs allowed.
        patience: usize,
        /// It stays as it is.
        learning_rate: f64,
    },
    /// No improvement for too long.
    Reduced {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
        /// What would have been an improvement.
        threshold: f64,
        /// Epochs without improvement.
        wait: usize,
        /// Epochs allowed.
        patience: usize,
        /// The learning rate of this epoch.
        before: f64,
        /// From the next epoch on.
        after: f64,
        /// Epochs in which nothing will be counted.
        cooldown: usize,
    },
    /// No improvement for too long, but the rate cannot be reduced further.
    AtMinimum {
        /// This epoch's value.
        value: f64,
        /// The best so far.
        best: f64,
        /// What would have been an improvement.
        threshold: f64,
        /// Epochs without improvement.
        wait: usize,
        /// Epochs allowed.
        patience: usize,
        /// It stays as it is.
        learning_rate: f64,
        /// The lower bound.
        min_lr: f64,
    },
    /// The monitored value was not measured, so nothing can be judged.
    Missing {
        /// What was looked for.
        monitor: Monitor,
    },
}

pub(super) struct ReduceLrOnPlateau {
    spec: ReduceLrOnPlateauSpec,
    improvement: Improvement,
    best: Option<f64>,
    wait: usize,
    cooldown_counter: usize,
}

impl ReduceLrOnPlateau {
    fn judge(&mut self, value: f64, control: &mut Control) -> ReduceLrOnPlateauAction {
        let learning_rate = control.learning_rate();
        if self.cooldown_counter > 0 {
            self.cooldown_counter -= 1;
            self.wait = 0;
        }
        let cooldown = self.cooldown_counter;
        let best = match self.best {
            Some(best) if !self.improvement.is_better(value, Some(best)) => best,
            before => {
                self.best = Some(value);
                self.wait = 0;
                return ReduceLrOnPlateauAction::Improved { value, before, cooldown, learning_rate };
            }
        };
        if cooldown > 0 {
            return ReduceLrOnPlateauAction::CoolingDown { value, best, cooldown, learning_rate };
        }
        self.wait += 1;
        let (wait, patience, min_lr) = (self.wait, self.spec.patience, self.spec.min_lr);
        let threshold = self.improvement.threshold(best);
        if wait < patience {
            return ReduceLrOnPlateauAction::Waiting {
                value,
                best,
                threshold,
                wait,
                patience,
                learning_rate,
            };
        }
        if learning_rate <= f64::from(min_lr as f32) {
            return ReduceLrOnPlateauAction::AtMinimum {
                value,
                best,
                threshold,
                wait,
                patience,
                learning_rate,
                min_lr,
            };
        }
        // As Keras says it in its message; the optimizer rounds it to float32.
        let after = (learning_rate * self.spec.factor).max(min_lr);
        control.set_learning_rate(after);
        self.cooldown_counter = self.spec.cooldown;
        self.wait = 0;
        ReduceLrOnPlateauAction::Reduced {
            value,
            best,
            threshold,
            wait,
            patience,
            before: learning_rate,
            after,
            cooldown: self.spec.cooldown,
        }
    }
}

impl Callback for ReduceLrOnPlateau {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        let TrainEvent::EpochEnd { logs, .. } = event else { return };
        let learning_rate = control.learning_rate();
        control.add_to_logs(Monitor::LEARNING_RATE, learning_rate);
        // It may watch what it has just written.
        let value = match &self.spec.monitor {
            monitor if *monitor == Monitor::LEARNING_RATE => Some(learning_rate),
            monitor => logs.get(monitor),
        };
        let action = match value {
            Some(value) => self.judge(value, control),
            None => ReduceLrOnPlateauAction::Missing { monitor: self.spec.monitor.clone() },
        };
        control.report(CallbackAction::ReduceLrOnPlateau(action));
    }

    fn state(&self) -> CallbackState {
        CallbackState::ReduceLrOnPlateau(ReduceLrOnPlateauState {
            direction: self.improvement.direction(),
            best: self.best,
            threshold: self.best.map(|best| self.improvement.threshold(best)),
            wait: self.wait,
            patience: self.spec.patience,
            cooldown: self.cooldown_counter,
        })
    }

    fn memory(&self) -> CallbackMemory {
        CallbackMemory::of([self.best, number(self.wait), number(self.cooldown_counter)])
    }

    fn recall(&mut self, memory: &CallbackMemory) {
        let Some([best, wait, cooldown]) = memory.numbers() else { return };
        (self.best, self.wait, self.cooldown_counter) = (best, count(wait), count(cooldown));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;

    /// The learning rates after each of `epochs` epochs without any change, from 1.
    fn rates(spec: &ReduceLrOnPlateauSpec, epochs: usize) -> Vec<f32> {
        let mut callback = spec.build(&Context::default());
        let mut learning_rate = 1.0;
        let epoch = |epoch| {
            let event = TrainEvent::EpochEnd { epoch, logs: Logs::from([(Monitor::VAL_LOSS, 0.5)]) };
            let mut control = Control::new(&mut [], learning_rate, 0);
            callback.on_event(&event, 0, &mut control);
            let outcome = control.finish();
            assert_eq!(outcome.logs, [(Monitor::LEARNING_RATE, f64::from(learning_rate))]);
            learning_rate = outcome.learning_rate.unwrap_or(learning_rate);
            learning_rate
        };
        (0..epochs).map(epoch).collect()
    }

    /// Traces of Keras 3.15.1.
    #[test]
    fn reduces_when_keras_reduces() {
        let spec = ReduceLrOnPlateauSpec { patience: 2, factor: 0.5, ..ReduceLrOnPlateauSpec::default() };
        assert_eq!(rates(&spec, 8), [1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]);
        let spec = ReduceLrOnPlateauSpec { cooldown: 2, ..spec };
        assert_eq!(rates(&spec, 10), [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125]);
        let spec = ReduceLrOnPlateauSpec { patience: 1, min_lr: 0.05, ..ReduceLrOnPlateauSpec::default() };
        assert_eq!(rates(&spec, 4), [1.0, 0.1, 0.05, 0.05]);
    }

    #[test]
    fn a_factor_of_one_is_refused() {
        for factor in [1.0, 2.0, f64::NAN] {
            let spec = ReduceLrOnPlateauSpec { factor, ..ReduceLrOnPlateauSpec::default() };
            assert!(spec.validate(&Context::default()).is_err());
        }
    }
}
