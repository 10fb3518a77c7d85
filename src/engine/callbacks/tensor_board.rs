//! Keras's `TensorBoard`: what it would log, as data.
//!
//! No file is written here: [`TensorBoardAction::Log`] carries the events, whoever has a disk writes
//! them. With `update_freq` in batches Keras lets every event of training pass only when the number of
//! the training batch is a multiple of it, those at the end of an epoch too, and `evaluation_` events by
//! the number of the validation batch. Source: Keras 3.15 `callbacks/tensorboard.py`, run with
//! TensorFlow 2.21.

use serde::{Deserialize, Serialize};

use super::memory::{count, number};
use super::summary_event::{SummaryEvent, SummaryRun, SummaryValue, histogram, images};
use super::{
    Callback, CallbackAction, CallbackError, CallbackMemory, CallbackState, Context, Control,
    TensorBoardState, WeightName,
};
use crate::engine::argument::ArgumentError;
use crate::engine::event::{Logs, Monitor, TrainEvent};
use crate::engine::loose::{Loose, LooseError};

/// Keras's arguments and defaults. `embeddings_metadata` is missing: there are no embeddings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TensorBoardSpec {
    /// Holds the folders `train` and `validation`.
    pub log_dir: String,
    /// Weights are drawn as histograms every so many epochs; 0 for never.
    pub histogram_freq: usize,
    /// Whether the model is described.
    pub write_graph: bool,
    /// Whether weights are drawn as pictures too, with the histograms.
    pub write_images: bool,
    /// Whether speed is logged.
    pub write_steps_per_second: bool,
    /// After every epoch alone, or after so many batches too.
    pub update_freq: UpdateFreq,
    /// Which batches to profile, counted from 1; 0 for none.
    pub profile_batch: ProfileBatch,
    /// Weights are saved for the projector every so many epochs; 0 for never.
    pub embeddings_freq: usize,
}

impl Default for TensorBoardSpec {
    fn default() -> Self {
        Self {
            log_dir: "logs".to_owned(),
            histogram_freq: 0,
            write_graph: true,
            write_images: false,
            write_steps_per_second: false,
            update_freq: UpdateFreq::Epoch,
            profile_batch: ProfileBatch { start: 0, stop: 0 },
            embeddings_freq: 0,
        }
    }
}

/// How often TensorBoard logs. In JSON `"epoch"`, `"batch"` or a number of batches, as in Keras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Loose", into = "Loose")]
pub enum UpdateFreq {
    /// After every epoch.
    #[default]
    Epoch,
    /// After this many batches, at least 1.
    Batches(usize),
}

impl From<UpdateFreq> for Loose {
    fn from(update_freq: UpdateFreq) -> Self {
        match update_freq {
            UpdateFreq::Epoch => Loose::Text("epoch".to_owned()),
            UpdateFreq::Batches(batches) => Loose::Int(batches),
        }
    }
}

impl TryFrom<Loose> for UpdateFreq {
    type Error = LooseError;

    fn try_from(loose: Loose) -> Result<Self, LooseError> {
        match loose {
            Loose::Text(text) if text == "epoch" => Ok(UpdateFreq::Epoch),
            Loose::Text(text) if text == "batch" => Ok(UpdateFreq::Batches(1)),
            Loose::Int(batches) => Ok(UpdateFreq::Batches(batches)),
            got => Err(LooseError { expected: "\"epoch\", \"batch\" or a number of batches", got }),
        }
    }
}

/// The first and the last batch of a profile. In JSON a number or a pair, as in Keras.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Loose", into = "Loose")]
pub struct ProfileBatch {
    /// From 1; 0 for no profile.
    pub start: usize,
    /// Not before the start.
    pub stop: usize,
}

impl From<ProfileBatch> for Loose {
    fn from(ProfileBatch { start, stop }: ProfileBatch) -> Self {
        if start == stop { Loose::Int(start) } else { Loose::List(vec![start, stop]) }
    }
}

impl TryFrom<Loose> for ProfileBatch {
    type Error = LooseError;

    fn try_from(loose: Loose) -> Result<Self, LooseError> {
        match loose {
            Loose::Int(batch) => Ok(ProfileBatch { start: batch, stop: batch }),
            Loose::List(pair) if pair.len() == 2 => Ok(ProfileBatch { start: pair[0], stop: pair[1] }),
            got => Err(LooseError { expected: "a batch or the first and the last batch", got }),
        }
    }
}

impl TensorBoardSpec {
    pub(super) fn validate(&self, _context: &Context) -> Result<(), CallbackError> {
        if self.update_freq == UpdateFreq::Batches(0) {
            let argument = "update_freq".to_owned();
            return Err(ArgumentError { argument, min: 1.0, max: f64::INFINITY, got: 0.0 }.into());
        }
        let ProfileBatch { start, stop } = self.profile_batch;
        if stop < start {
            let (argument, min) = ("profile_batch".to_owned(), start as f64);
            return Err(ArgumentError { argument, min, max: f64::INFINITY, got: stop as f64 }.into());
        }
        Ok(())
    }

    pub(super) fn build(&self, context: &Context) -> TensorBoard {
        TensorBoard {
            spec: self.clone(),
            weights: context.weights.clone(),
            train_batch: 0,
            test_batch: 0,
            is_tracing: false,
            iterations_before: 0,
        }
    }
}

/// What `TensorBoard` wants to be written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TensorBoardAction {
    /// Into the event files.
    Log {
        /// In Keras's order for each run.
        events: Vec<SummaryEvent>,
    },
    /// Weights for the projector.
    SaveEmbeddings {
        /// File.
        path: String,
    },
}

pub(super) struct TensorBoard {
    spec: TensorBoardSpec,
    weights: Vec<WeightName>,
    /// Batches begun so far, over all epochs.
    train_batch: usize,
    test_batch: usize,
    /// Whether a profile has begun and not ended.
    is_tracing: bool,
    iterations_before: u64,
}

impl TensorBoard {
    fn is_due(&self, batch: usize) -> bool {
        match self.spec.update_freq {
            UpdateFreq::Epoch => true,
            UpdateFreq::Batches(batches) => batch.is_multiple_of(batches),
        }
    }

    fn after_batch(&mut self, logs: &Logs) -> Vec<SummaryEvent> {
        self.train_batch += 1;
        let step = self.train_batch as u64;
        let mut events = Vec::new();
        if self.spec.update_freq != UpdateFreq::Epoch && self.is_due(self.train_batch) {
            if self.spec.write_steps_per_second {
                let value = SummaryValue::StepsPerSecond { steps: 1 };
                events.push(train("batch_steps_per_second".to_owned(), step, value));
            }
            events.extend(logs.0.iter().map(|(monitor, value)| {
                train(format!("batch_{monitor}"), step, SummaryValue::Scalar(*value))
            }));
        }
        let ProfileBatch { start, stop } = self.spec.profile_batch;
        self.is_tracing |= start > 0 && self.train_batch == start;
        if self.is_tracing && self.train_batch >= stop {
            self.is_tracing = false;
            // As every event of training it is lost when it does not come with a due batch.
            if self.is_due(self.train_batch) {
                events.push(self.trace());
            }
        }
        events
    }

    /// Keras names it by the batch that was meant to be the last one, even where training ends before.
    fn trace(&self) -> SummaryEvent {
        let stop = self.spec.profile_batch.stop;
        train(format!("batch_{stop}"), stop as u64, SummaryValue::Trace)
    }

    fn after_epoch(&self, epoch: usize, logs: &Logs, control: &Control) -> Vec<SummaryEvent> {
        let step = epoch as u64;
        let mut events = Vec::new();
        let of_validation = || logs.0.iter().filter(|(monitor, _)| monitor.is_validation());
        // Keras logs these when validation ends, before the epoch does.
        if self.is_due(self.test_batch) {
            events.extend(of_validation().map(|(monitor, value)| {
                let tag = format!("evaluation_{}_vs_iterations", monitor.quantity());
                validation(tag, control.iterations(), *value)
            }));
        }
        if !self.is_due(self.train_batch) {
            return events;
        }
        let is_own = |monitor: &Monitor| !monitor.is_validation() && *monitor != Monitor::LEARNING_RATE;
        let own = logs.0.iter().filter(|(monitor, _)| is_own(monitor));
        events.extend(
            own.map(|(monitor, value)| train(format!("epoch_{monitor}"), step, SummaryValue::Scalar(*value))),
        );
        let learning_rate = SummaryValue::Scalar(control.learning_rate());
        events.push(train("epoch_learning_rate".to_owned(), step, learning_rate));
        if self.spec.write_steps_per_second {
            let steps = control.iterations() - self.iterations_before;
            let value = SummaryValue::StepsPerSecond { steps };
            events.push(train("epoch_steps_per_second".to_owned(), step, value));
        }
        events.extend(
            of_validation()
                .map(|(monitor, value)| validation(format!("epoch_{}", monitor.quantity()), step, *value)),
        );
        if is_every(self.spec.histogram_freq, epoch) {
            self.draw_weights(step, control.params(), &mut events);
        }
        events
    }

    fn draw_weights(&self, step: u64, params: &[f32], events: &mut Vec<SummaryEvent>) {
        for WeightName { path, offset, extents } in &self.weights {
            let values = &params[*offset..offset + extents.iter().product::<usize>()];
            events.push(train(format!("{path}/histogram"), step, histogram(values)));
            if self.spec.write_images {
                let value = images(values, extents);
                events.extend(value.map(|value| train(format!("{path}/image"), step, value)));
            }
        }
    }
}

fn is_every(freq: usize, epoch: usize) -> bool {
    freq > 0 && epoch.is_multiple_of(freq)
}

fn train(tag: String, step: u64, value: SummaryValue) -> SummaryEvent {
    SummaryEvent { run: SummaryRun::Train, tag, step, value }
}

fn validation(tag: String, step: u64, value: f64) -> SummaryEvent {
    SummaryEvent { run: SummaryRun::Validation, tag, step, value: SummaryValue::Scalar(value) }
}

impl Callback for TensorBoard {
    fn on_event(&mut self, event: &TrainEvent, _position: usize, control: &mut Control) {
        let events = match event {
            TrainEvent::TrainBegin { .. } if self.spec.write_graph => {
                vec![train("keras".to_owned(), 0, SummaryValue::Model)]
            }
            TrainEvent::EpochBegin { .. } => {
                self.iterations_before = control.iterations();
                return;
            }
            TrainEvent::BatchEnd { logs, .. } => self.after_batch(logs),
            TrainEvent::TestBatchEnd { .. } => {
                self.test_batch += 1;
                return;
            }
            TrainEvent::EpochEnd { epoch, logs } => self.after_epoch(*epoch, logs, control),
            TrainEvent::TrainEnd { .. } if std::mem::take(&mut self.is_tracing) => vec![self.trace()],
            _ => return,
        };
        if !events.is_empty() {
            control.report(CallbackAction::TensorBoard(TensorBoardAction::Log { events }));
        }
        if let TrainEvent::EpochEnd { epoch, .. } = event
            && is_every(self.spec.embeddings_freq, *epoch)
        {
            let path = format!("{}/train/keras_embedding.ckpt-{epoch}.weights.h5", self.spec.log_dir);
            control.report(CallbackAction::TensorBoard(TensorBoardAction::SaveEmbeddings { path }));
        }
    }

    fn state(&self) -> CallbackState {
        let (train_batches, test_batches) = (self.train_batch, self.test_batch);
        let is_tracing = self.is_tracing;
        CallbackState::TensorBoard(TensorBoardState { train_batches, test_batches, is_tracing })
    }

    fn memory(&self) -> CallbackMemory {
        let is_tracing = number(usize::from(self.is_tracing));
        CallbackMemory::of([number(self.train_batch), number(self.test_batch), is_tracing])
    }

    fn recall(&mut self, memory: &CallbackMemory) {
        let Some([train_batch, test_batch, is_tracing]) = memory.numbers() else { return };
        (self.train_batch, self.test_batch) = (count(train_batch), count(test_batch));
        self.is_tracing = count(is_tracing) > 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three epochs of five batches and two validation batches.
    fn tags(spec: &TensorBoardSpec) -> Vec<String> {
        let mut callback = spec.build(&Context::default());
        let mut tags = Vec::new();
        let mut tell = |event: TrainEvent, iterations| {
            let mut control = Control::new(&mut [], 0.01, iterations);
            callback.on_event(&event, 0, &mut control);
            for action in control.finish().actions {
                let CallbackAction::TensorBoard(TensorBoardAction::Log { events }) = action else { continue };
                tags.extend(events.iter().map(|event| format!("{} {}", event.step, event.tag)));
            }
        };
        let logs = Logs::from([(Monitor::LOSS, 0.5)]);
        for epoch in 0..3 {
            for batch in 0..5 {
                let event = TrainEvent::BatchEnd { epoch, batch, batch_loss: 0.5, logs: logs.clone() };
                tell(event, 1);
            }
            for batch in 0..2 {
                tell(TrainEvent::TestBatchEnd { epoch, batch, batches: 2 }, 1);
            }
            let logs = Logs::from([(Monitor::LOSS, 0.5), (Monitor::VAL_LOSS, 0.25)]);
            tell(TrainEvent::EpochEnd { epoch, logs }, 5 * (epoch as u64 + 1));
        }
        tags
    }

    #[test]
    fn without_an_update_frequency_every_epoch_is_logged() {
        let epochs = tags(&TensorBoardSpec::default());
        let first =
            ["5 evaluation_loss_vs_iterations", "0 epoch_loss", "0 epoch_learning_rate", "0 epoch_loss"];
        assert_eq!(epochs[..4], first);
        assert_eq!(epochs.len(), 12);
    }

    /// Seen in TensorFlow's files: what is not a multiple of `update_freq` is lost, epochs too.
    #[test]
    fn an_update_frequency_holds_for_the_ends_of_epochs_too() {
        let spec = TensorBoardSpec { update_freq: UpdateFreq::Batches(3), ..TensorBoardSpec::default() };
        let expected = [
            "3 batch_loss",
            "6 batch_loss",
            "9 batch_loss",
            "12 batch_loss",
            "15 batch_loss",
            "15 evaluation_loss_vs_iterations",
            "2 epoch_loss",
            "2 epoch_learning_rate",
            "2 epoch_loss",
        ];
        assert_eq!(tags(&spec), expected);
    }
}
