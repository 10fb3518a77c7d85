//! [`Control`]: what a callback may do to the training it watches.

use super::CallbackAction;
use crate::engine::event::{Monitor, StopReason};

/// A narrow handle on a run, made anew for every callback and event.
pub struct Control<'a> {
    params: &'a mut [f32],
    learning_rate: f32,
    iterations: u64,
    outcome: Outcome,
}

/// What a callback asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// What it says it did.
    pub actions: Vec<CallbackAction>,
    /// Why training is to end after the current batch or epoch.
    pub stop: Option<StopReason>,
    /// Whether it is to end at once, without validation and without a word to the callbacks, as when
    /// a callback raises an exception in Keras.
    pub aborts: bool,
    /// The new learning rate.
    pub learning_rate: Option<f32>,
    /// Values for later callbacks to see beside the measured ones.
    pub logs: Vec<(Monitor, f64)>,
}

impl<'a> Control<'a> {
    /// A handle on the model's flat parameter block, for an optimizer with this learning rate that has
    /// done so many steps.
    pub fn new(params: &'a mut [f32], learning_rate: f32, iterations: u64) -> Self {
        Self { params, learning_rate, iterations, outcome: Outcome::default() }
    }

    /// The model's parameters now.
    pub fn params(&self) -> &[f32] {
        self.params
    }

    /// Puts saved parameters back.
    ///
    /// # Panics
    /// If `saved` is not from this model.
    pub fn restore(&mut self, saved: &[f32]) {
        self.params.copy_from_slice(saved);
    }

    /// The optimizer's learning rate, a float32 as in Keras: 0.001 is 0.0010000000474974513.
    pub fn learning_rate(&self) -> f64 {
        self.outcome.learning_rate.unwrap_or(self.learning_rate).into()
    }

    /// Sets it, rounded to float32.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        self.outcome.learning_rate = Some(learning_rate as f32);
    }

    /// Optimizer steps done so far.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }

    /// Adds a value to the logs, which callbacks after this one see.
    pub fn add_to_logs(&mut self, monitor: Monitor, value: f64) {
        self.outcome.logs.push((monitor, value));
    }

    /// Ends training after the current batch or epoch.
    pub fn stop(&mut self, reason: StopReason) {
        self.outcome.stop.get_or_insert(reason);
    }

    /// Ends training at once, as an exception does in Keras.
    pub fn abort(&mut self, reason: StopReason) {
        self.stop(reason);
        self.outcome.aborts = true;
    }

    /// Says what was decided and why.
    pub fn report(&mut self, action: CallbackAction) {
        self.outcome.actions.push(action);
    }

    /// What was asked for.
    pub fn finish(self) -> Outcome {
        self.outcome
    }
}
