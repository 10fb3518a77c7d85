//! [`CallbackList`]: tells callbacks of events in Keras's order.

use super::history::History;
use super::{Callback, CallbackAction, CallbackMemory, CallbackSpec, CallbackState, Context, Control};
use crate::engine::event::{StopReason, TrainEvent};

/// The callbacks of a run: the user's in their order, then History.
///
/// A callback that adds to the logs of an epoch is heard by those after it alone.
pub struct CallbackList {
    callbacks: Vec<Box<dyn Callback>>,
    history: History,
    /// Where the user put a History of their own, if they did; otherwise it is last.
    history_at: usize,
}

/// An event as the last callback saw it, and what all of them asked for.
#[derive(Debug)]
pub struct Told {
    /// With the logs that callbacks added.
    pub event: TrainEvent,
    /// In the order in which they were reported, each with its callback's position.
    pub actions: Vec<(usize, CallbackAction)>,
    /// Why training is to end; the first reason counts.
    pub stop: Option<StopReason>,
    /// Whether it is to end at once.
    pub aborts: bool,
    /// The new learning rate.
    pub learning_rate: Option<f32>,
}

impl CallbackList {
    /// Builds callbacks, as at `on_train_begin`.
    pub fn new(specs: &[CallbackSpec], context: &Context) -> Self {
        let own = specs.iter().position(|spec| matches!(spec, CallbackSpec::History(_)));
        Self {
            callbacks: specs.iter().map(|spec| spec.build(context)).collect(),
            history: History::default(),
            history_at: own.unwrap_or(specs.len()),
        }
    }

    /// What each callback has counted so far.
    pub fn memories(&self) -> Vec<CallbackMemory> {
        self.callbacks.iter().map(|callback| callback.memory()).collect()
    }

    /// Lets the callbacks go on counting; those without a memory begin anew.
    pub fn recall(&mut self, memories: &[CallbackMemory]) {
        for (callback, memory) in self.callbacks.iter_mut().zip(memories) {
            callback.recall(memory);
        }
    }

    /// What was measured so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What each of the user's callbacks remembers now, in their order.
    pub fn states(&self) -> Vec<CallbackState> {
        self.callbacks.iter().map(|callback| callback.state()).collect()
    }

    /// Tells every callback of `event`. The optimizer has `learning_rate` and has done `iterations` steps.
    pub fn tell(
        &mut self,
        event: TrainEvent,
        params: &mut [f32],
        learning_rate: f32,
        iterations: u64,
    ) -> Told {
        let mut event = event;
        if let TrainEvent::EpochEnd { logs, .. } | TrainEvent::BatchEnd { logs, .. } = &mut event {
            logs.0.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        let mut told = Told { event, actions: Vec::new(), stop: None, aborts: false, learning_rate: None };
        for (position, callback) in self.callbacks.iter_mut().enumerate() {
            if position == self.history_at {
                self.history.on_event(&told.event);
            }
            let now = told.learning_rate.unwrap_or(learning_rate);
            let mut control = Control::new(params, now, iterations);
            callback.on_event(&told.event, position, &mut control);
            let outcome = control.finish();
            told.actions.extend(outcome.actions.into_iter().map(|action| (position, action)));
            told.stop = told.stop.or(outcome.stop);
            told.learning_rate = outcome.learning_rate.or(told.learning_rate);
            if let TrainEvent::EpochEnd { logs, .. } = &mut told.event {
                for (monitor, value) in outcome.logs {
                    logs.set(monitor, value);
                }
            }
            if outcome.aborts {
                told.aborts = true;
                return told;
            }
        }
        if self.history_at == self.callbacks.len() {
            self.history.on_event(&told.event);
        }
        told
    }
}
