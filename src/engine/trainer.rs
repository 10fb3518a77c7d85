//! [`Trainer`]: Keras's `fit`, one batch at a time.
//!
//! The order of events is Keras's: train begin → (epoch begin → batches → validation batches →
//! epoch end) … → train end. The trainer never loops by itself: [`Trainer::step`] does one batch
//! at most and gives one event, so whoever drives it can pause, stop or show progress.

mod learning_rate;
mod snapshot;
mod watching;

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use crate::data::{Batch, Batches, LabeledImages, Samples, Selected, Targets};
use crate::engine::callbacks::{CallbackList, CallbackState, History};
use crate::engine::class_weight::weight_classes;
use crate::engine::evaluator::Evaluator;
use crate::engine::event::{Logs, Monitor, StopReason, TrainEvent};
use crate::engine::metrics::Measures;
use crate::engine::model::Sequential;
use crate::engine::optimizers::Optimizer;
use crate::engine::shared_batch::SharedBatch;
use crate::engine::shared_inference::SharedInference;
use crate::engine::spec::{Choice, RunSpec};
use crate::engine::watch::Watch;
use crate::tensor::Tensor;
pub use learning_rate::LearningRateError;
pub use snapshot::Snapshot;
use snapshot::batches;

/// What [`Trainer::step`] gave.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Something happened; there is more.
    Continue(TrainEvent),
    /// Training has ended; the last event was [`TrainEvent::TrainEnd`].
    Done,
}

/// What comes next.
enum Phase {
    TrainBegin,
    EpochBegin,
    Batch(Box<Epoch>),
    Validation { evaluator: Box<Evaluator>, training: Logs },
    EpochEnd { logs: Logs },
    TrainEnd,
    Done,
}

/// An epoch in progress.
struct Epoch {
    /// This batch, once it has begun.
    current: Option<SharedBatch>,
    measures: Measures,
}

/// A run in progress.
pub struct Trainer {
    run: RunSpec,
    optimizer: Optimizer,
    callbacks: CallbackList,
    samples: Arc<dyn Samples>,
    /// Samples before this one are trained on.
    num_train: usize,
    /// Samples from there up to this one validate.
    num_samples: usize,
    /// Which images each step takes.
    batches: Batches,
    /// The samples of the batch after the one in progress, once somebody had time to make them ready.
    following: Option<Batch>,
    phase: Phase,
    epoch: usize,
    optimizer_steps: u64,
    stop: Option<StopReason>,
    /// Whether a callback ended training as an exception would in Keras.
    is_aborted: bool,
    pending: VecDeque<TrainEvent>,
    watch: Watch,
    /// Last, so that a batch that was begun is freed with it.
    model: Sequential,
}

impl Trainer {
    /// Prepares a run of a valid spec. Of the first of `samples` those that `run.data` chooses are trained
    /// on and validate, in their order.
    ///
    /// # Panics
    /// If there are fewer samples than `run.data` says, `run` is not valid, or classes are to be counted of
    /// samples whose targets are none.
    pub fn new(model: Sequential, run: &RunSpec, samples: Arc<dyn Samples>) -> Self {
        let data = &run.data;
        assert!(data.validate().is_ok() && run.validate_training().is_ok(), "validate() comes first");
        assert!(samples.len() >= data.samples, "{} samples, {} wanted", samples.len(), data.samples);
        let (samples, num_train, num_samples) = chosen(run, samples);
        Self {
            optimizer: run.compile.optimizer.build(&model.optimized_params()),
            callbacks: CallbackList::new(&run.fit.callbacks, &run.callback_context()),
            watch: Watch::new(&model),
            run: run.clone(),
            model,
            batches: batches(run, num_train, run.fit.initial_epoch),
            following: None,
            num_train,
            num_samples,
            samples,
            phase: Phase::TrainBegin,
            epoch: run.fit.initial_epoch,
            optimizer_steps: 0,
            stop: None,
            is_aborted: false,
            pending: VecDeque::new(),
        }
    }

    /// The model as it is now.
    pub fn model(&mut self) -> &mut Sequential {
        &mut self.model
    }

    /// Keras's `History`: the values of every epoch so far.
    pub fn history(&self) -> &History {
        self.callbacks.history()
    }

    /// What each callback of the run's spec remembers now.
    pub fn callback_states(&self) -> Vec<CallbackState> {
        self.callbacks.states()
    }

    /// The model, when training is over.
    pub fn into_model(self) -> Sequential {
        self.model
    }

    /// Ends training at the next step; the epoch it is in does not count as completed.
    pub fn request_stop(&mut self) {
        self.stop.get_or_insert(StopReason::Requested);
    }

    /// Does a batch at most and says what happened. What was lent is computed here.
    pub fn step(&mut self) -> Step {
        loop {
            match &mut self.phase {
                Phase::Batch(epoch) => epoch.current.iter_mut().for_each(SharedBatch::take_back_all),
                Phase::Validation { evaluator, .. } => evaluator.inference().take_back_all(),
                _ => {}
            }
            if let Some(step) = self.step_part() {
                return step;
            }
        }
    }

    /// Whether the next [`Trainer::step_part`] only tells what has already happened.
    pub fn has_more_to_say(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The training batch in progress, or the one that is next and begins with this, with the model
    /// that it changes: whoever has help can lend chunks of it. `None` while there is something else
    /// to do.
    pub fn shared_batch(&mut self) -> Option<(&mut Sequential, &mut SharedBatch)> {
        if !self.pending.is_empty() || self.is_over() {
            return None;
        }
        let Phase::Batch(epoch) = &mut self.phase else { return None };
        let model = &mut self.model;
        let begin = || {
            let current = || gather(&self.run, &*self.samples, self.batches.current());
            begin_batch(&self.run, self.following.take().unwrap_or_else(current), model, self.optimizer_steps)
        };
        let batch = epoch.current.get_or_insert_with(begin);
        Some((&mut self.model, batch))
    }

    /// Makes the samples of the next batch ready: for whoever must wait anyway.
    pub fn look_ahead(&mut self) {
        let is_begun = matches!(&self.phase, Phase::Batch(epoch) if epoch.current.is_some());
        if !is_begun || self.following.is_some() {
            return;
        }
        let following = self.batches.following();
        if !following.is_empty() {
            self.following = Some(gather(&self.run, &*self.samples, following));
        }
    }

    /// The validation in progress, with the model and the samples that it takes: whoever has help can
    /// lend batches of it. `None` while there is something else to do.
    pub fn shared_validation(&mut self) -> Option<(&mut Sequential, &mut SharedInference, &dyn Samples)> {
        if !self.pending.is_empty() || self.is_over() {
            return None;
        }
        let Phase::Validation { evaluator, .. } = &mut self.phase else { return None };
        Some((&mut self.model, evaluator.inference(), &*self.samples))
    }

    /// Does one chunk of a batch at most, or one batch of a validation; `None` when there is nothing to
    /// tell yet. For whoever must stay responsive while a large batch is computed. Does nothing while the
    /// batch in progress [`SharedBatch::is_waiting`], or the validation [`SharedInference::is_waiting`].
    pub fn step_part(&mut self) -> Option<Step> {
        if self.pending.is_empty() {
            if matches!(self.phase, Phase::Done) {
                return Some(Step::Done);
            }
            self.advance();
        }
        self.pending.pop_front().map(Step::Continue)
    }

    /// Whether nothing is left but the end.
    fn is_over(&self) -> bool {
        self.is_aborted || self.stop == Some(StopReason::Requested)
    }

    fn advance(&mut self) {
        if self.is_over() && !matches!(self.phase, Phase::Done) {
            self.phase = Phase::TrainEnd;
        }
        self.phase = match std::mem::replace(&mut self.phase, Phase::Done) {
            Phase::TrainBegin => {
                self.see_model(self.epoch);
                self.emit(TrainEvent::TrainBegin {
                    epochs: self.run.fit.epochs,
                    steps_per_epoch: self.batches.steps_per_epoch(),
                    samples: self.num_train,
                    validation_samples: self.num_samples - self.num_train,
                });
                if self.epoch < self.run.fit.epochs { Phase::EpochBegin } else { Phase::TrainEnd }
            }
            Phase::EpochBegin => {
                self.emit(TrainEvent::EpochBegin { epoch: self.epoch });
                self.batches.begin_epoch();
                self.following = None;
                Phase::Batch(Box::new(Epoch { current: None, measures: self.run.compile.measures() }))
            }
            Phase::Batch(epoch) => self.train_chunk(epoch),
            Phase::Validation { evaluator, training } => self.validate_batch(evaluator, training),
            Phase::EpochEnd { logs } => self.end_epoch(logs),
            Phase::TrainEnd => {
                // Before callbacks hear of the end, as in Keras: one may put other weights back.
                self.optimizer.finalize(self.model.params_mut());
                let reason = self.stop.clone().unwrap_or(StopReason::Completed);
                let event = TrainEvent::TrainEnd { reason, epochs: self.epoch };
                if self.is_aborted {
                    self.pending.push_back(event);
                } else {
                    self.emit(event);
                }
                Phase::Done
            }
            Phase::Done => Phase::Done,
        };
    }

    fn train_chunk(&mut self, mut epoch: Box<Epoch>) -> Phase {
        let mut batch = epoch.current.take().unwrap_or_else(|| {
            let current = || gather(&self.run, &*self.samples, self.batches.current());
            let samples = self.following.take().unwrap_or_else(current);
            begin_batch(&self.run, samples, &mut self.model, self.optimizer_steps)
        });
        if let Some(batch_loss) = batch.advance(&mut self.model, &mut epoch.measures) {
            return self.end_batch(epoch, batch_loss);
        }
        epoch.current = Some(batch);
        Phase::Batch(epoch)
    }

    fn end_batch(&mut self, epoch: Box<Epoch>, batch_loss: f64) -> Phase {
        self.watch.see_step(self.model.grads(), self.optimizer.learning_rate());
        let (params, grads) = self.model.params_and_grads();
        self.optimizer.step(params, grads);
        self.model.constrain();
        self.optimizer_steps += 1;
        let logs = logs_of(&epoch.measures);
        let (number, batch) = (self.epoch, self.batches.step());
        self.batches.advance();
        self.emit(TrainEvent::BatchEnd { epoch: number, batch, batch_loss, logs: logs.clone() });
        // As in Keras, a stop within an epoch still lets the epoch be validated.
        let validation = self.validation_images();
        if self.batches.has_next() && self.stop.is_none() {
            Phase::Batch(epoch)
        } else if !validation.is_empty() && self.run.fit.validation_freq.includes(self.epoch) {
            let evaluator = Evaluator::new(validation, self.run.fit.validation_batch())
                .with_id(self.optimizer_steps)
                .measuring(self.run.compile.measures())
                .weighing(self.run.compile.loss_weights);
            Phase::Validation { evaluator: Box::new(evaluator), training: logs }
        } else {
            Phase::EpochEnd { logs }
        }
    }

    /// Where the images stand that a validation takes.
    fn validation_images(&self) -> Range<usize> {
        let fit = &self.run.fit;
        let most =
            fit.validation_steps.map_or(usize::MAX, |steps| steps.saturating_mul(fit.validation_batch()));
        self.num_train..self.num_samples.min(self.num_train.saturating_add(most))
    }

    fn validate_batch(&mut self, mut evaluator: Box<Evaluator>, mut training: Logs) -> Phase {
        if !evaluator.step_part(&mut self.model, &*self.samples, self.run.compile.loss) {
            return Phase::Validation { evaluator, training };
        }
        let (batch, batches) = (evaluator.batches_done() - 1, evaluator.num_batches());
        self.emit(TrainEvent::TestBatchEnd { epoch: self.epoch, batch, batches });
        if batch + 1 < batches {
            return Phase::Validation { evaluator, training };
        }
        let validation = logs_of(evaluator.measures()).0;
        training.0.extend(validation.into_iter().map(|(key, value)| (key.of_validation(), value)));
        training.0.sort_by(|a, b| a.0.cmp(&b.0));
        Phase::EpochEnd { logs: training }
    }

    fn end_epoch(&mut self, logs: Logs) -> Phase {
        // Before callbacks may put other weights back.
        self.see_model(self.epoch + 1);
        self.emit(TrainEvent::EpochEnd { epoch: self.epoch, logs });
        self.epoch += 1;
        if self.stop.is_some() || self.epoch == self.run.fit.epochs {
            Phase::TrainEnd
        } else {
            Phase::EpochBegin
        }
    }

    /// Queues `event` as the callbacks left it, and what they answer to it; the very last event stays last.
    fn emit(&mut self, event: TrainEvent) {
        let learning_rate = self.optimizer.learning_rate();
        let params = self.model.params_mut();
        let told = self.callbacks.tell(event, params, learning_rate, self.optimizer.updates());
        if let Some(learning_rate) = told.learning_rate {
            let set = self.optimizer.set_learning_rate(learning_rate);
            debug_assert!(set.is_ok(), "validate() refuses to set a scheduled rate");
        }
        self.stop = self.stop.take().or(told.stop);
        self.is_aborted |= told.aborts;
        let epoch = self.epoch;
        let actions = told.actions.into_iter();
        let actions = actions.map(|(callback, action)| TrainEvent::CallbackActed { epoch, callback, action });
        if matches!(told.event, TrainEvent::TrainEnd { .. }) {
            self.pending.extend(actions);
            self.pending.push_back(told.event);
        } else {
            self.pending.push_back(told.event);
            self.pending.extend(actions);
        }
    }
}

/// The samples that a run uses, how many of them it trains on, and where those that validate end.
fn chosen(run: &RunSpec, samples: Arc<dyn Samples>) -> (Arc<dyn Samples>, usize, usize) {
    let data = &run.data;
    if data.class_counts.is_none() {
        return (samples, data.num_train(&run.fit), data.samples);
    }
    let Targets::Classes(classes) = samples.targets() else {
        panic!("classes are counted of targets without")
    };
    let Choice { train, validation } = data.choose(&run.fit, classes.iter().copied());
    let (num_train, num_samples) = (train.len(), train.len() + validation.len());
    let positions = train.into_iter().chain(validation).collect();
    (Arc::new(Selected::new(samples, positions)), num_train, num_samples)
}

fn begin_batch(run: &RunSpec, samples: Batch, model: &mut Sequential, step: u64) -> SharedBatch {
    SharedBatch::new(model, samples, &run.compile, run.seed, step)
}

/// The samples of a training batch, with the weights of their classes.
fn gather(run: &RunSpec, samples: &dyn Samples, indices: &[u32]) -> Batch {
    let mut batch = samples.batch(indices);
    if run.fit.class_weight.is_some() {
        weight_classes(&mut batch, &run.fit);
    }
    batch
}

/// Keras's order: sorted by name. Keras's metrics are float32, so values that differ by less are the same
/// to its callbacks, and its files hold the digits of a float32.
fn logs_of(measures: &Measures) -> Logs {
    let float32 = |value: f64| f64::from(value as f32);
    let logs = measures.logs().into_iter();
    Logs(logs.map(|(name, value)| (Monitor(name), float32(value))).collect())
}

/// Runs a trainer to its end, as the command line and tests do.
pub fn fit(trainer: &mut Trainer, mut report: impl FnMut(TrainEvent)) {
    while let Step::Continue(event) = trainer.step() {
        report(event);
    }
}

/// Probabilities of a batch of images, as [`Sequential::predict`].
pub fn predict(model: &mut Sequential, images: &LabeledImages, indices: &[u32]) -> Tensor {
    let (input, _) = images.batch(indices);
    model.predict(&input)
}

#[cfg(test)]
#[path = "trainer_tests.rs"]
mod tests;
