//! Learning-rate schedules: the step size as a function of the number of steps made so far.
//!
//! Everything is computed in 32-bit floats in Keras's order of operations, with the step counted
//! from 0. Powers and cosines go through [`crate::tensor::math`], so that every target has the same
//! bits.

mod cosine_decay;
mod cosine_decay_restarts;
mod exponential_decay;
mod inverse_time_decay;
mod learning_rate;
mod piecewise_constant_decay;
mod polynomial_decay;

pub use cosine_decay::CosineDecaySpec;
pub use cosine_decay_restarts::CosineDecayRestartsSpec;
pub use exponential_decay::ExponentialDecaySpec;
pub use inverse_time_decay::InverseTimeDecaySpec;
pub use learning_rate::LearningRateSpec;
pub use piecewise_constant_decay::PiecewiseConstantDecaySpec;
pub use polynomial_decay::PolynomialDecaySpec;

use serde::{Deserialize, Serialize};

use crate::engine::argument::{ArgumentError, check};

/// Makes the enum of specs and its dispatch from one list.
macro_rules! schedule_kinds {
    ($($kind:ident($spec:ty)),* $(,)?) => {
        /// The description of a schedule, with Keras's arguments.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum ScheduleSpec {
            $(
                #[doc = concat!("Keras's `", stringify!($kind), "`.")]
                $kind($spec),
            )*
        }

        impl ScheduleSpec {
            /// One of each kind.
            pub fn palette() -> Vec<ScheduleSpec> {
                vec![$(ScheduleSpec::$kind(<$spec>::default())),*]
            }

            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(ScheduleSpec::$kind(_) => stringify!($kind)),* }
            }

            /// Checks the arguments.
            ///
            /// # Errors
            /// The first thing that is wrong.
            pub fn validate(&self) -> Result<(), ScheduleError> {
                match self { $(ScheduleSpec::$kind(spec) => spec.validate()),* }
            }

            /// The learning rate of the step that follows `step` others.
            pub fn at(&self, step: u64) -> f32 {
                match self { $(ScheduleSpec::$kind(spec) => spec.at(step)),* }
            }
        }

        $(
            impl From<$spec> for ScheduleSpec {
                fn from(spec: $spec) -> Self {
                    Self::$kind(spec)
                }
            }
        )*
    };
}

schedule_kinds! {
    ExponentialDecay(ExponentialDecaySpec),
    CosineDecay(CosineDecaySpec),
    CosineDecayRestarts(CosineDecayRestartsSpec),
    PiecewiseConstantDecay(PiecewiseConstantDecaySpec),
    PolynomialDecay(PolynomialDecaySpec),
    InverseTimeDecay(InverseTimeDecaySpec),
}

/// Why a schedule cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum ScheduleError {
    /// An argument out of range.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    /// `PiecewiseConstantDecay` needs a value before, between and after its boundaries.
    #[error("values must be one more than boundaries: expected {}, got {values}", boundaries + 1)]
    ValueCount {
        /// How many boundaries there are.
        boundaries: usize,
        /// How many values were given.
        values: usize,
    },
}

/// Checks what all decays have in common.
fn check_decay(initial_learning_rate: f32, decay_steps: u64) -> Result<(), ScheduleError> {
    check("initial_learning_rate", initial_learning_rate, 0.0, f32::MAX)?;
    check_count("decay_steps", decay_steps)
}

/// Checks that there is at least one.
fn check_count(argument: &str, got: u64) -> Result<(), ScheduleError> {
    if got > 0 {
        return Ok(());
    }
    Err(ArgumentError { argument: argument.to_owned(), min: 1.0, max: f64::INFINITY, got: 0.0 }.into())
}

/// `step / decay_steps`, cut off to whole numbers for a staircase.
fn periods(step: u64, decay_steps: u64, staircase: bool) -> f32 {
    let periods = step as f32 / decay_steps as f32;
    if staircase { periods.floor() } else { periods }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_legal_and_start_at_a_positive_rate() {
        for schedule in ScheduleSpec::palette() {
            assert_eq!(schedule.validate(), Ok(()), "{}", schedule.class_name());
            assert!(schedule.at(0) > 0.0, "{}", schedule.class_name());
        }
    }

    #[test]
    fn no_steps_to_decay_over_are_refused() {
        let spec = InverseTimeDecaySpec { decay_steps: 0, ..InverseTimeDecaySpec::default() };
        let Err(ScheduleError::Argument(error)) = spec.validate() else { panic!("not refused") };
        assert_eq!((error.argument.as_str(), error.min), ("decay_steps", 1.0));
    }
}
