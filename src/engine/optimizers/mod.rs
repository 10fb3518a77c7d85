//! Optimizers: turn gradients into steps. Each is a rule over the model's flat parameter block,
//! inside an [`Optimizer`] that does what they have in common.

mod adagrad;
mod adam;
mod arguments;
mod centralization;
mod clipping;
mod nadam;
mod optimizer;
mod rms_prop;
mod rule;
mod sgd;

pub use adagrad::AdagradSpec;
pub use adam::{AdamSpec, AdamWSpec};
pub use nadam::NadamSpec;
pub use optimizer::{OptimizedParam, Optimizer, ScheduledRateError, Slot, WrongSlotsError};
pub use rms_prop::RmsPropSpec;
pub use sgd::SgdSpec;

use serde::{Deserialize, Serialize};

use crate::engine::argument::ArgumentError;
use crate::engine::schedules::{LearningRateSpec, ScheduleError};

/// Makes the enum of specs and its dispatch from one list.
macro_rules! optimizer_kinds {
    ($($kind:ident($spec:ty) = $name:literal),* $(,)?) => {
        /// The description of an optimizer, with Keras's arguments and defaults.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum OptimizerSpec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl OptimizerSpec {
            /// One of each kind, with Keras's default arguments.
            pub fn palette() -> Vec<OptimizerSpec> {
                vec![$(OptimizerSpec::$kind(<$spec>::default())),*]
            }

            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(OptimizerSpec::$kind(_) => $name),* }
            }

            /// Checks ranges.
            ///
            /// # Errors
            /// The first thing that is wrong.
            pub fn validate(&self) -> Result<(), OptimizerError> {
                match self { $(OptimizerSpec::$kind(spec) => spec.validate()),* }
            }

            /// Step size, per step.
            pub fn learning_rate(&self) -> &LearningRateSpec {
                match self { $(OptimizerSpec::$kind(spec) => &spec.learning_rate),* }
            }

            /// The same optimizer with another step size.
            #[must_use]
            pub fn with_learning_rate(mut self, learning_rate: impl Into<LearningRateSpec>) -> Self {
                let learning_rate = learning_rate.into();
                match &mut self { $(OptimizerSpec::$kind(spec) => spec.learning_rate = learning_rate),* }
                self
            }

            /// Builds it for a model with these parameter arrays.
            pub fn build(&self, params: &[OptimizedParam]) -> Optimizer {
                match self {
                    $(OptimizerSpec::$kind(spec) => Optimizer::new(
                        spec.shared(),
                        spec.centralizes_gradients(),
                        Box::new(spec.rule()),
                        params,
                    )),*
                }
            }
        }

        $(
            impl From<$spec> for OptimizerSpec {
                fn from(spec: $spec) -> Self {
                    Self::$kind(spec)
                }
            }
        )*
    };
}

optimizer_kinds! {
    Sgd(SgdSpec) = "SGD",
    RmsProp(RmsPropSpec) = "RMSprop",
    Adagrad(AdagradSpec) = "Adagrad",
    Nadam(NadamSpec) = "Nadam",
    AdamW(AdamWSpec) = "AdamW",
    Adam(AdamSpec) = "Adam",
}

impl Default for OptimizerSpec {
    fn default() -> Self {
        Self::Adam(AdamSpec::default())
    }
}

/// Why an optimizer cannot be built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum OptimizerError {
    /// An argument out of range.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    /// More than one way to clip gradients.
    #[error(
        "only one of clipnorm, clipvalue and global_clipnorm can be set, \
         got {clipnorm:?}, {clipvalue:?} and {global_clipnorm:?}"
    )]
    SeveralClips {
        /// What was given.
        clipnorm: Option<f32>,
        /// What was given.
        clipvalue: Option<f32>,
        /// What was given.
        global_clipnorm: Option<f32>,
    },
    /// `PiecewiseConstantDecay` needs a value before, between and after its boundaries.
    #[error("values must be one more than boundaries: expected {}, got {values}", boundaries + 1)]
    ValueCount {
        /// How many boundaries there are.
        boundaries: usize,
        /// How many values were given.
        values: usize,
    },
}

impl From<ScheduleError> for OptimizerError {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::Argument(error) => Self::Argument(error),
            ScheduleError::ValueCount { boundaries, values } => Self::ValueCount { boundaries, values },
        }
    }
}

#[cfg(test)]
pub(super) fn trace(optimizer: &OptimizerSpec) -> Vec<f32> {
    let only = OptimizedParam { range: 0..1, extents: vec![1], is_kernel: false, trainable: true };
    let mut built = optimizer.build(&[only]);
    let mut w = [1.0];
    [0.1, -0.2, 0.3]
        .into_iter()
        .map(|gradient| {
            built.step(&mut w, &[gradient]);
            w[0]
        })
        .collect()
}

#[cfg(test)]
pub(super) fn assert_close(got: &[f32], expected: [f64; 3]) {
    for (got, expected) in got.iter().zip(expected) {
        // The expected values are written with 8 decimals; f32 near 1 has steps of 6e-8.
        assert!((f64::from(*got) - expected).abs() < 1.2e-7, "{got} is not {expected}");
    }
}
