//! Keras's `LearningRateScheduler`: sets the learning rate before every epoch.
//!
//! Keras takes a Python function `schedule(epoch, lr)`; here it is one of a few forms, as data, or one
//! of the optimizers' schedules with the epoch as its step, which in Keras is
//! `lambda epoch: float(schedule(epoch))`. The learning rate also goes into the logs of every epoch.
//! Source: Keras 3.15 `callbacks/learning_rate_scheduler.py`.

use serde::{Deserialize, Serialize};

use super::{Callback, CallbackAction, CallbackError, CallbackState, Context, Control};
use crate::engine::argument::ArgumentError;
use crate::engine::event::{Monitor, TrainEvent};
use crate::engine::schedules::{
    CosineDecayRestartsSpec, CosineDecaySpec, ExponentialDecaySpec, InverseTimeDecaySpec,
    PiecewiseConstantDecaySpec, PolynomialDecaySpec,
};
use crate::tensor::math::{exp_f64, pow_f64};

/// Keras's arguments.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LearningRateSchedulerSpec {
    /// The rate of each epoch.
    pub schedule: EpochScheduleSpec,
    /// 1 prints a message, 0 does not. Events are told either way.
    pub verbose: u8,
}

/// `schedule(epoch, lr)`, where `epoch` counts from 0 and `lr` is the rate so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum EpochScheduleSpec {
    /// Always `learning_rate`.
    Constant {
        /// Per step.
        learning_rate: f64,
    },
    /// `initial_learning_rate · drop^floor(epoch / epochs_drop)`.
    StepDecay {
        /// Of the first epochs.
        initial_learning_rate: f64,
        /// What the rate is multiplied by.
        drop: f64,
        /// Epochs between two drops, at least 1.
        epochs_drop: usize,
    },
    /// `lr` before `from_epoch`, then `lr · factor`: every epoch multiplies again.
    Multiply {
        /// `exp(-0.1)` in Keras's own example.
        factor: f64,
        /// From 0.
        from_epoch: usize,
    },
    /// `initial_learning_rate · exp(-decay·epoch)`.
    Exponential {
        /// Of epoch 0.
        initial_learning_rate: f64,
        /// Per epoch.
        decay: f64,
    },
    /// One rate for each epoch; the last one stays.
    PerEpoch {
        /// At least one.
        learning_rates: Vec<f64>,
    },
    /// The optimizers' schedule of that name, as all below: its steps are epochs here.
    ExponentialDecay(ExponentialDecaySpec),
    /// See [`CosineDecaySpec`].
    CosineDecay(CosineDecaySpec),
    /// See [`CosineDecayRestartsSpec`].
    CosineDecayRestarts(CosineDecayRestartsSpec),
    /// See [`PiecewiseConstantDecaySpec`].
    PiecewiseConstantDecay(PiecewiseConstantDecaySpec),
    /// See [`PolynomialDecaySpec`].
    PolynomialDecay(PolynomialDecaySpec),
    /// See [`InverseTimeDecaySpec`].
    InverseTimeDecay(InverseTimeDecaySpec),
}

impl Default for EpochScheduleSpec {
    fn default() -> Self {
        Self::Constant { learning_rate: 0.001 }
    }
}

impl EpochScheduleSpec {
    /// The rate of `epoch` when it was `learning_rate` before.
    pub fn at(&self, epoch: usize, learning_rate: f64) -> f64 {
        match self {
            Self::Constant { learning_rate } => *learning_rate,
            Self::StepDecay { initial_learning_rate, drop, epochs_drop } => {
                initial_learning_rate * pow_f64(*drop, (epoch / epochs_drop) as f64)
            }
            Self::Multiply { factor, from_epoch } => {
                if epoch < *from_epoch {
                    learning_rate
                } else {
                    learning_rate * factor
                }
            }
            Self::Exponential { initial_learning_rate, decay } => {
                initial_learning_rate * exp_f64(-decay * epoch as f64)
            }
            Self::PerEpoch { learning_rates } => {
                learning_rates.get(epoch).or(learning_rates.last()).copied().unwrap_or(learning_rate)
            }
            Self::ExponentialDecay(spec) => spec.at(epoch as u64).into(),
            Self::CosineDecay(spec) => spec.at(epoch as u64).into(),
            Self::CosineDecayRestarts(spec) => spec.at(epoch as u64).into(),
            Self::PiecewiseConstantDecay(spec) => spec.at(epoch as u64).into(),
            Self::PolynomialDecay(spec) => spec.at(epoch as u64).into(),
            Self::InverseTimeDecay(spec) => spec.at(epoch as u64).into(),
        }
    }
}

fn at_least(argument: &str, min: f64, got: f64) -> Result<(), CallbackError> {
    if got >= min {
        return Ok(());
    }
    Err(ArgumentError { argument: argument.to_owned(), min, max: f64::INFINITY, got }.into())
}

impl LearningRateSchedulerSpec {
    pub(super) fn validate(&self, context: &Context) -> Result<(), CallbackError> {
        if context.is_scheduled {
            return Err(CallbackError::ScheduledLearningRate);
        }
        match &self.schedule {
            EpochScheduleSpec::StepDecay { epochs_drop, .. } => {
                at_least("epochs_drop", 1.0, *epochs_drop as f64)
            }
            EpochScheduleSpec::PerEpoch { learning_rates } => {
                at_least("learning_rates", 1.0, learning_rates.len() as f64)
            }
            EpochScheduleSpec::Constant { .. }
            | EpochScheduleSpec::Multiply { .. }
            | EpochScheduleSpec::Exponential { .. } => Ok(()),
            EpochScheduleSpec::ExponentialDecay(spec) => Ok(spec.validate()?),
            EpochScheduleSpec::CosineDecay(spec) => Ok(spec.validate()?),
            EpochScheduleSpec::CosineDecayRestarts(spec) => Ok(spec.validate()?),
            EpochScheduleSpec::PiecewiseConstantDecay(spec) => Ok(spec.validate()?),
            EpochScheduleSpec::PolynomialDecay(spec) => Ok(spec.validate()?),
            EpochScheduleSpec::InverseTimeDecay(spec) => Ok(spec.validate()?),
        }
    }

    pub(super) fn build(&self, _context: &Context) -> LearningRateScheduler {
        LearningRateScheduler { schedule: self.schedule.clone() }
    }
}

/// What `LearningRateScheduler` did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LearningRateSchedulerAction {
    /// The rate of the epoch that begins.
    Set {
        /// As the optimizer had it.
        before: f64,
        /// As the schedule gives it; the optimizer rounds it to float32.
        after: f64,
    },
}

pub(super) struct LearningRateScheduler {
    schedule: EpochScheduleSpec,
}

impl Callback for LearningRateScheduler {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        match event {
            TrainEvent::EpochBegin { epoch } => {
                let before = control.learning_rate();
                let after = self.schedule.at(*epoch, before);
                control.set_learning_rate(after);
                let action = LearningRateSchedulerAction::Set { before, after };
                control.report(CallbackAction::LearningRateScheduler(action));
            }
            TrainEvent::EpochEnd { .. } => {
                control.add_to_logs(Monitor::LEARNING_RATE, control.learning_rate());
            }
            _ => {}
        }
    }

    fn state(&self) -> CallbackState {
        CallbackState::Stateless
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_gives_each_epochs_rate() {
        let step = EpochScheduleSpec::StepDecay { initial_learning_rate: 0.5, drop: 0.5, epochs_drop: 2 };
        assert_eq!([0, 1, 2, 3, 4].map(|epoch| step.at(epoch, 9.0)), [0.5, 0.5, 0.25, 0.25, 0.125]);
        let multiply = EpochScheduleSpec::Multiply { factor: 0.5, from_epoch: 1 };
        assert_eq!([multiply.at(0, 0.5), multiply.at(1, 0.5)], [0.5, 0.25]);
        let list = EpochScheduleSpec::PerEpoch { learning_rates: vec![0.5, 0.25] };
        assert_eq!([0, 1, 2].map(|epoch| list.at(epoch, 9.0)), [0.5, 0.25, 0.25]);
    }

    #[test]
    fn a_schedule_of_the_optimizers_takes_the_epoch_for_its_step() {
        let read = |text: &str| serde_json::from_str::<EpochScheduleSpec>(text).unwrap();
        let spec = read(
            r#"{"PolynomialDecay": {"initial_learning_rate": 1, "end_learning_rate": 0, "decay_steps": 4}}"#,
        );
        assert_eq!([0, 1, 2, 4, 9].map(|epoch| spec.at(epoch, 9.0)), [1.0, 0.75, 0.5, 0.0, 0.0]);
        let validate =
            |schedule| LearningRateSchedulerSpec { schedule, verbose: 0 }.validate(&Context::default());
        assert_eq!(validate(spec), Ok(()));
        let wrong = read(r#"{"PiecewiseConstantDecay": {"boundaries": [2, 4], "values": [1]}}"#);
        assert_eq!(validate(wrong), Err(CallbackError::ValueCount { boundaries: 2, values: 1 }));
    }

    #[test]
    fn the_rate_of_an_optimizer_with_a_schedule_cannot_be_set() {
        let context = Context { is_scheduled: true, ..Context::default() };
        let refused = LearningRateSchedulerSpec::default().validate(&context);
        assert_eq!(refused, Err(CallbackError::ScheduledLearningRate));
    }

    #[test]
    fn the_optimizer_and_the_logs_have_it_in_float32() {
        let schedule = EpochScheduleSpec::Constant { learning_rate: 0.001 };
        let spec = LearningRateSchedulerSpec { schedule, verbose: 0 };
        let mut callback = spec.build(&Context::default());
        let mut control = Control::new(&mut [], 1.0, 0);
        callback.on_event(&TrainEvent::EpochBegin { epoch: 0 }, 0, &mut control);
        let event = TrainEvent::EpochEnd { epoch: 0, logs: crate::engine::event::Logs::default() };
        callback.on_event(&event, 0, &mut control);
        let outcome = control.finish();
        assert_eq!(outcome.learning_rate, Some(0.001));
        assert_eq!(outcome.logs, [(Monitor::LEARNING_RATE, 0.001_000_000_047_497_451_3)]);
        let action = LearningRateSchedulerAction::Set { before: 1.0, after: 0.001 };
        assert_eq!(outcome.actions, [CallbackAction::LearningRateScheduler(action)]);
    }
}
