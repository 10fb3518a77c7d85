//! Keras's `ModelCheckpoint`: saves the model, or its weights alone, after epochs or batches.
//!
//! It writes nothing itself: it says what to save where, as [`ModelCheckpointAction::Save`], and
//! whoever runs the training does it. Source: Keras 3.15 `callbacks/model_checkpoint.py`. One thing
//! differs: with `save_best_only` and a `save_freq` in batches, Keras raises a `TypeError` at the second
//! save of the first epoch, and here the values are compared.

use serde::{Deserialize, Serialize};

use super::improvement::{Improvement, Mode};
use super::path_template::{PathTemplate, TemplateError};
use super::python_format::Number;
use super::save_freq::{BatchCounter, SaveFreq};
use super::{
    Callback, CallbackAction, CallbackError, CallbackMemory, CallbackState, Context, Control,
    ModelCheckpointState,
};
use crate::engine::event::{Logs, Monitor, StopReason, TrainEvent};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelCheckpointSpec {
    /// May hold `{epoch:02d}`, `{batch:02d}`, `{val_loss:.2f}` and every other value measured; epochs
    /// and batches count from 1 there. Ends in `.weights.h5`, or `.keras` or `.h5` for whole models.
    pub filepath: String,
    /// The watched value.
    pub monitor: Monitor,
    /// 1 prints a message, 0 does not. Events are told either way.
    pub verbose: u8,
    /// Only when the watched value is the best so far.
    pub save_best_only: bool,
    /// The weights without the model.
    pub save_weights_only: bool,
    /// Which direction is better.
    pub mode: Mode,
    /// After every epoch or so many batches.
    pub save_freq: SaveFreq,
    /// The first value to beat.
    pub initial_value_threshold: Option<f64>,
}

impl Default for ModelCheckpointSpec {
    fn default() -> Self {
        Self {
            filepath: "model.keras".to_owned(),
            monitor: Monitor::VAL_LOSS,
            verbose: 0,
            save_best_only: false,
            save_weights_only: false,
            mode: Mode::Auto,
            save_freq: SaveFreq::Epoch,
            initial_value_threshold: None,
        }
    }
}

const WEIGHTS: &[&str] = &[".weights.h5"];
const MODELS: &[&str] = &[".keras", ".h5"];

impl ModelCheckpointSpec {
    pub(super) fn validate(&self, context: &Context) -> Result<(), CallbackError> {
        let ends = if self.save_weights_only { WEIGHTS } else { MODELS };
        if !ends.iter().any(|end| self.filepath.ends_with(end)) {
            return Err(CallbackError::WrongSuffix {
                filepath: self.filepath.clone(),
                expected: ends.iter().map(|end| (*end).to_owned()).collect(),
            });
        }
        PathTemplate::parse(&self.filepath)?;
        self.save_freq.validate()?;
        // Keras asks for the direction even when it saves every time.
        self.mode.direction(&self.monitor, &context.directions).map(|_| ())
    }

    pub(super) fn build(&self, context: &Context) -> ModelCheckpoint {
        ModelCheckpoint {
            template: PathTemplate::parse(&self.filepath).expect("validate() comes before build()"),
            improvement: Improvement::new(self.mode, &self.monitor, 0.0, &context.directions),
            best: self.initial_value_threshold,
            counter: BatchCounter::new(self.save_freq),
            spec: self.clone(),
        }
    }
}

/// What `ModelCheckpoint` decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum ModelCheckpointAction {
    /// To be saved now.
    Save {
        /// Filled in.
        path: String,
        /// Without the model.
        weights_only: bool,
        /// What led to it.
        why: SaveReason,
    },
    /// Not saved: no better than the best so far.
    Skipped {
        /// This time's value.
        value: f64,
        /// The best so far, which is also what had to be beaten.
        best: f64,
    },
    /// The path asks for a value that is not measured; training ends, as with Keras's `KeyError`.
    Failed {
        /// What is wrong with the path.
        error: TemplateError,
    },
}

/// Why a model is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SaveReason {
    /// It is saved every time.
    Always,
    /// The watched value is the best so far.
    Improved {
        /// The new best.
        value: f64,
        /// The best before, if any.
        before: Option<f64>,
    },
    /// The watched value was not measured, so Keras warns and saves.
    MonitorMissing {
        /// What was looked for.
        monitor: Monitor,
    },
}

pub(super) struct ModelCheckpoint {
    spec: ModelCheckpointSpec,
    template: PathTemplate,
    improvement: Improvement,
    best: Option<f64>,
    counter: BatchCounter,
}

impl ModelCheckpoint {
    fn path(&self, epoch: usize, batch: Option<usize>, logs: &Logs) -> Result<String, TemplateError> {
        let mut values = vec![("epoch", Number::Int(epoch as i64 + 1))];
        values.extend(batch.map(|batch| ("batch", Number::Int(batch as i64 + 1))));
        values.extend(logs.0.iter().map(|(monitor, value)| (monitor.name(), Number::Float(*value))));
        self.template.fill(&values)
    }

    fn decide(&mut self, logs: &Logs, path: String) -> ModelCheckpointAction {
        let why = if self.spec.save_best_only {
            match (logs.get(&self.spec.monitor), self.best) {
                (None, _) => SaveReason::MonitorMissing { monitor: self.spec.monitor.clone() },
                (Some(value), Some(best)) if !self.improvement.is_better(value, Some(best)) => {
                    return ModelCheckpointAction::Skipped { value, best };
                }
                (Some(value), before) => {
                    self.best = Some(value);
                    SaveReason::Improved { value, before }
                }
            }
        } else {
            SaveReason::Always
        };
        ModelCheckpointAction::Save { path, weights_only: self.spec.save_weights_only, why }
    }
}

impl Callback for ModelCheckpoint {
    fn on_event(&mut self, event: &TrainEvent, position: usize, control: &mut Control) {
        let (epoch, batch, logs) = match event {
            TrainEvent::BatchEnd { epoch, batch, logs, .. } if self.counter.is_due(*batch) => {
                (*epoch, Some(*batch), logs)
            }
            TrainEvent::EpochEnd { epoch, logs } if self.spec.save_freq == SaveFreq::Epoch => {
                (*epoch, None, logs)
            }
            _ => return,
        };
        let action = match self.path(epoch, batch, logs) {
            Ok(path) => self.decide(logs, path),
            Err(error) => {
                control.abort(StopReason::Callback { callback: position });
                ModelCheckpointAction::Failed { error }
            }
        };
        control.report(CallbackAction::ModelCheckpoint(action));
    }

    fn state(&self) -> CallbackState {
        CallbackState::ModelCheckpoint(ModelCheckpointState {
            direction: self.improvement.direction(),
            best: self.best.filter(|_| self.spec.save_best_only),
            batches: self.counter.since_saved(),
        })
    }

    fn memory(&self) -> CallbackMemory {
        let [since_saved, last] = self.counter.memory();
        CallbackMemory::of([self.best, since_saved, last])
    }

    fn recall(&mut self, memory: &CallbackMemory) {
        let Some([best, since_saved, last]) = memory.numbers() else { return };
        self.best = best;
        self.counter.recall([since_saved, last]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(spec: &ModelCheckpointSpec, events: &[TrainEvent]) -> Vec<ModelCheckpointAction> {
        let mut callback = spec.build(&Context::default());
        let mut control = Control::new(&mut [], 0.0, 0);
        for event in events {
            callback.on_event(event, 0, &mut control);
        }
        let own = |action| match action {
            CallbackAction::ModelCheckpoint(action) => action,
            other => panic!("{other:?}"),
        };
        control.finish().actions.into_iter().map(own).collect()
    }

    fn epoch_end(epoch: usize, val_loss: f64) -> TrainEvent {
        TrainEvent::EpochEnd { epoch, logs: Logs::from([(Monitor::VAL_LOSS, val_loss)]) }
    }

    #[test]
    fn only_the_best_is_saved_under_the_name_of_its_epoch() {
        let filepath = "w.{epoch:02d}-{val_loss:.2f}.weights.h5".to_owned();
        let (save_best_only, save_weights_only) = (true, true);
        let spec = ModelCheckpointSpec { filepath, save_best_only, save_weights_only, ..Default::default() };
        let events = [epoch_end(0, 0.5), epoch_end(1, 0.75), epoch_end(2, 0.25)];
        let save = |path: &str, value, before| ModelCheckpointAction::Save {
            path: path.to_owned(),
            weights_only: true,
            why: SaveReason::Improved { value, before },
        };
        let expected = [
            save("w.01-0.50.weights.h5", 0.5, None),
            ModelCheckpointAction::Skipped { value: 0.75, best: 0.5 },
            save("w.03-0.25.weights.h5", 0.25, Some(0.5)),
        ];
        assert_eq!(actions(&spec, &events), expected);
    }

    #[test]
    fn an_unknown_value_in_the_name_ends_training() {
        let filepath = "{val_acc:.2f}.keras".to_owned();
        let spec = ModelCheckpointSpec { filepath, ..Default::default() };
        let failed = actions(&spec, &[epoch_end(0, 0.5)]);
        assert!(matches!(&failed[..], [ModelCheckpointAction::Failed { .. }]), "{failed:?}");
    }

    /// The lecture's names of the Keras 2 time are among those that Keras 3 refuses.
    #[test]
    fn the_name_must_say_what_is_in_the_file() {
        for (filepath, save_weights_only, is_legal) in [
            ("model.{epoch:02d}-{val_loss:.2f}.h5", false, true),
            ("model.keras", false, true),
            ("model.hdf5", false, false),
            ("my_model", false, false),
            ("weights.{epoch:02d}.hdf5", true, false),
            ("my_model_weights.h5", true, false),
            ("my_model.weights.h5", true, true),
        ] {
            let filepath = filepath.to_owned();
            let spec = ModelCheckpointSpec { filepath, save_weights_only, ..Default::default() };
            assert_eq!(spec.validate(&Context::default()).is_ok(), is_legal, "{}", spec.filepath);
        }
    }
}
