//! [`Rehearsal`]: the engine's own callbacks, told of a run in which nothing is trained.
//!
//! The order of what they are told is that of [`Trainer`](crate::engine::trainer::Trainer); the values come
//! from a drawn [`Curve`]. The model has one weight, and its value is the number of the epoch, so that weights
//! that are put back can be told by their epoch.

use std::ops::Range;

use super::curve::Curve;
use super::hook::Hook;
use super::record::Record;
use crate::engine::callbacks::{
    CallbackAction, CallbackError, CallbackList, CallbackSpec, CallbackState, Context, Direction, Directions,
    WeightName,
};
use crate::engine::event::{Logs, Monitor, StopReason, TrainEvent};

/// Batches of validation after every epoch.
pub const TEST_BATCHES: usize = 2;

/// Why there is nothing to rehearse: Keras would raise an error when `fit` is called, or before.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Position in the list.
    pub callback: usize,
    /// What is wrong.
    pub error: CallbackError,
}

/// One call of a hook on every callback.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Which.
    pub hook: Hook,
    /// The epoch it is in; the last one for the end.
    pub epoch: usize,
    /// The batch, of training or of validation, it belongs to.
    pub batch: Option<usize>,
    /// What callbacks answered, each with its position.
    pub actions: Vec<(usize, CallbackAction)>,
    /// The logs as the last callback saw them, at the end of an epoch.
    pub logs: Option<Logs>,
    /// The learning rate after it.
    pub learning_rate: f32,
    /// The epoch whose weights the model has; none before the first batch.
    pub weights: Option<usize>,
    /// Position in [`Rehearsal::states`].
    states: usize,
}

/// A whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct Rehearsal {
    /// Everything that was called, in order; at least the beginning.
    pub moments: Vec<Moment>,
    /// What the callbacks remembered, one entry for every time it changed.
    states: Vec<Vec<CallbackState>>,
    /// Why it ended.
    pub reason: StopReason,
    /// Completed epochs.
    pub epochs: usize,
    /// Batches of training in an epoch.
    pub steps: usize,
    callbacks: Vec<CallbackSpec>,
}

/// What callbacks know of the rehearsed run.
pub fn rehearsal_context() -> Context {
    let directions = vec![("accuracy".to_owned(), Direction::Up), ("loss".to_owned(), Direction::Down)];
    let weight = WeightName { path: "rehearsal/epoch".to_owned(), offset: 0, extents: vec![1] };
    Context { directions: Directions(directions), weights: vec![weight], is_scheduled: false }
}

impl Rehearsal {
    /// Runs through `curve`, with `steps` batches in every epoch.
    ///
    /// # Errors
    /// The first callback that cannot be built.
    pub fn run(
        curve: &Curve,
        callbacks: &[CallbackSpec],
        learning_rate: f32,
        steps: usize,
    ) -> Result<Rehearsal, Fault> {
        let context = rehearsal_context();
        for (callback, spec) in callbacks.iter().enumerate() {
            spec.validate(&context).map_err(|error| Fault { callback, error })?;
        }
        let list = CallbackList::new(callbacks, &context);
        let mut driver = Driver {
            list,
            weight: [0.0],
            learning_rate,
            iterations: 0,
            epoch: 0,
            stop: None,
            is_aborted: false,
            moments: Vec::new(),
            states: Vec::new(),
        };
        let epochs = driver.run(curve, steps);
        let reason = driver.stop.unwrap_or(StopReason::Completed);
        let callbacks = callbacks.to_vec();
        Ok(Rehearsal { moments: driver.moments, states: driver.states, reason, epochs, steps, callbacks })
    }

    /// What each callback remembers after a moment.
    pub fn states(&self, moment: usize) -> &[CallbackState] {
        self.moments.get(moment).map_or(&[], |moment| &self.states[moment.states])
    }

    /// The last moment of an epoch: its end, or for the last one the end of training.
    pub fn end_of(&self, epoch: usize) -> Option<usize> {
        self.range_of(epoch).next_back()
    }

    /// Everything that was called in an epoch.
    pub fn moments_of(&self, epoch: usize) -> &[Moment] {
        &self.moments[self.range_of(epoch)]
    }

    /// Where an epoch's moments are: they come epoch by epoch. A pointer that moves asks for many.
    fn range_of(&self, epoch: usize) -> Range<usize> {
        let begin = self.moments.partition_point(|moment| moment.epoch < epoch);
        let len = self.moments[begin..].partition_point(|moment| moment.epoch == epoch);
        begin..begin + len
    }

    /// What each callback has done up to a moment, that included.
    pub fn record(&self, moment: usize) -> Record {
        let mut record = Record::new(&self.callbacks);
        for moment in self.moments.iter().take(moment + 1) {
            if let Some(logs) = &moment.logs {
                record.epoch_ended(logs);
            }
            for (callback, action) in &moment.actions {
                record.acted(moment.epoch, *callback, action);
            }
        }
        record.remember(self.states(moment).to_vec());
        record
    }

    /// Everything that callbacks did in an epoch, with the end of training for the last one.
    pub fn actions_in(&self, epoch: usize) -> impl Iterator<Item = &(usize, CallbackAction)> {
        self.moments_of(epoch).iter().flat_map(|moment| &moment.actions)
    }
}

struct Driver {
    list: CallbackList,
    weight: [f32; 1],
    learning_rate: f32,
    iterations: u64,
    epoch: usize,
    stop: Option<StopReason>,
    is_aborted: bool,
    moments: Vec<Moment>,
    states: Vec<Vec<CallbackState>>,
}

impl Driver {
    /// Gives the number of completed epochs.
    fn run(&mut self, curve: &Curve, steps: usize) -> usize {
        let (epochs, samples) = (curve.epochs(), steps);
        let begin = TrainEvent::TrainBegin {
            epochs,
            steps_per_epoch: steps,
            samples,
            validation_samples: TEST_BATCHES,
        };
        self.tell(Hook::TrainBegin, None, begin);
        for epoch in 0..epochs {
            if self.stop.is_some() || self.is_aborted {
                break;
            }
            self.epoch = epoch;
            self.run_epoch(curve, steps);
        }
        let completed = self.moments.iter().filter(|moment| moment.hook == Hook::EpochEnd).count();
        // An exception in a callback leaves `fit` without a word to the others.
        if !self.is_aborted {
            let reason = self.stop.clone().unwrap_or(StopReason::Completed);
            self.tell(Hook::TrainEnd, None, TrainEvent::TrainEnd { reason, epochs: completed });
        }
        completed
    }

    fn run_epoch(&mut self, curve: &Curve, steps: usize) {
        let epoch = self.epoch;
        self.tell(Hook::EpochBegin, None, TrainEvent::EpochBegin { epoch });
        let batch_logs = curve.batch_logs(epoch);
        for batch in 0..steps {
            // As in Keras, a stop within an epoch still lets the epoch be validated.
            if self.is_aborted || self.stop.is_some() {
                break;
            }
            self.note(Hook::TrainBatchBegin, Some(batch));
            self.weight[0] = (epoch + 1) as f32;
            self.iterations += 1;
            let batch_loss = batch_logs.get(&Monitor::LOSS).unwrap_or_default();
            let event = TrainEvent::BatchEnd { epoch, batch, batch_loss, logs: batch_logs.clone() };
            self.tell(Hook::TrainBatchEnd, Some(batch), event);
        }
        if self.is_aborted {
            return;
        }
        self.note(Hook::TestBegin, None);
        for batch in 0..TEST_BATCHES {
            self.note(Hook::TestBatchBegin, Some(batch));
            let event = TrainEvent::TestBatchEnd { epoch, batch, batches: TEST_BATCHES };
            self.tell(Hook::TestBatchEnd, Some(batch), event);
        }
        self.note(Hook::TestEnd, None);
        self.tell(Hook::EpochEnd, None, TrainEvent::EpochEnd { epoch, logs: curve.logs(epoch) });
    }

    fn tell(&mut self, hook: Hook, batch: Option<usize>, event: TrainEvent) {
        let told = self.list.tell(event, &mut self.weight, self.learning_rate, self.iterations);
        self.learning_rate = told.learning_rate.unwrap_or(self.learning_rate);
        self.stop = self.stop.take().or(told.stop);
        self.is_aborted |= told.aborts;
        let logs = match told.event {
            TrainEvent::EpochEnd { logs, .. } => Some(logs),
            _ => None,
        };
        self.note(hook, batch);
        if let Some(moment) = self.moments.last_mut() {
            (moment.actions, moment.logs) = (told.actions, logs);
        }
    }

    /// A hook that none of the engine's callbacks needs to be told of.
    fn note(&mut self, hook: Hook, batch: Option<usize>) {
        let states = self.list.states();
        if self.states.last() != Some(&states) {
            self.states.push(states);
        }
        let weights = (self.weight[0] as usize).checked_sub(1);
        let (epoch, learning_rate) = (self.epoch, self.learning_rate);
        let states = self.states.len() - 1;
        let (actions, logs) = (Vec::new(), None);
        self.moments.push(Moment { hook, epoch, batch, actions, logs, learning_rate, weights, states });
    }
}

#[cfg(test)]
#[path = "rehearsal_tests.rs"]
mod tests;
