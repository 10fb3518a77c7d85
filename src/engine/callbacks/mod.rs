//! Callbacks: told of every event, allowed to ask for a few things through [`Control`].
//!
//! Semantics are Keras 3's. A callback sees events in the order of
//! [`crate::engine::spec::FitSpec::callbacks`] and answers with [`CallbackAction`]s, which carry
//! the numbers that caused them, so that a page can say why.

mod early_stopping;
mod terminate_on_nan;

pub use early_stopping::{EarlyStoppingAction, EarlyStoppingSpec, Mode};
pub use terminate_on_nan::TerminateOnNanSpec;

use serde::{Deserialize, Serialize};

use crate::engine::argument::ArgumentError;
use crate::engine::event::{StopReason, TrainEvent};

/// What a callback did, with the numbers that caused it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CallbackAction {
    /// `EarlyStopping` judged an epoch or restored weights.
    EarlyStopping(EarlyStoppingAction),
    /// `TerminateOnNaN` saw a loss that is no finite number.
    TerminateOnNan {
        /// From 0 within the epoch.
        batch: usize,
    },
}

/// What a callback may do to the training it watches.
pub struct Control<'a> {
    params: &'a mut [f32],
    actions: Vec<CallbackAction>,
    stop: Option<StopReason>,
}

impl<'a> Control<'a> {
    /// A handle on the model's flat parameter block.
    pub fn new(params: &'a mut [f32]) -> Self {
        Self { params, actions: Vec::new(), stop: None }
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

    /// Ends training after the current batch or epoch.
    pub fn stop(&mut self, reason: StopReason) {
        self.stop.get_or_insert(reason);
    }

    /// Says what was decided and why.
    pub fn report(&mut self, action: CallbackAction) {
        self.actions.push(action);
    }

    /// What was reported and whether to stop.
    pub fn finish(self) -> (Vec<CallbackAction>, Option<StopReason>) {
        (self.actions, self.stop)
    }
}

/// A built callback.
pub trait Callback: Send {
    /// Is told of `event`; `position` is its own place in the list.
    fn on_event(&mut self, event: &TrainEvent, position: usize, control: &mut Control);
}

/// Makes the enum of specs and its dispatch from one list.
macro_rules! callback_kinds {
    ($($kind:ident($spec:ty) = $name:literal),* $(,)?) => {
        /// The description of one callback.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum CallbackSpec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl CallbackSpec {
            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(CallbackSpec::$kind(_) => $name),* }
            }

            /// Checks ranges.
            ///
            /// # Errors
            /// The first argument out of range.
            pub fn validate(&self) -> Result<(), ArgumentError> {
                match self { $(CallbackSpec::$kind(spec) => spec.validate()),* }
            }

            /// Builds it, as at `on_train_begin`.
            pub fn build(&self) -> Box<dyn Callback> {
                match self { $(CallbackSpec::$kind(spec) => Box::new(spec.build())),* }
            }
        }
    };
}

callback_kinds! {
    EarlyStopping(EarlyStoppingSpec) = "EarlyStopping",
    TerminateOnNan(TerminateOnNanSpec) = "TerminateOnNaN",
}
