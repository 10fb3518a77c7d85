//! Optimizers: turn gradients into steps. Each is a loop over the model's flat parameter block.

mod adam;
mod sgd;

pub use adam::AdamSpec;
pub use sgd::SgdSpec;

use serde::{Deserialize, Serialize};

use crate::engine::argument::ArgumentError;

/// A built optimizer with its state.
pub trait Optimizer: Send {
    /// Moves `params` one step against `grads`.
    ///
    /// # Panics
    /// If the lengths differ from the ones it was built for.
    fn step(&mut self, params: &mut [f32], grads: &[f32]);
}

/// Makes the enum of specs and its dispatch from one list.
macro_rules! optimizer_kinds {
    ($($kind:ident($spec:ty) = $name:literal),* $(,)?) => {
        /// The description of an optimizer, with Keras's arguments and defaults.
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
            /// The first argument out of range.
            pub fn validate(&self) -> Result<(), ArgumentError> {
                match self { $(OptimizerSpec::$kind(spec) => spec.validate()),* }
            }

            /// Step size, per step.
            pub fn learning_rate(&self) -> f32 {
                match self { $(OptimizerSpec::$kind(spec) => spec.learning_rate),* }
            }

            /// The same optimizer with another step size.
            #[must_use]
            pub fn with_learning_rate(mut self, learning_rate: f32) -> Self {
                match &mut self { $(OptimizerSpec::$kind(spec) => spec.learning_rate = learning_rate),* }
                self
            }

            /// Builds it for `num_params` parameters.
            pub fn build(&self, num_params: usize) -> Box<dyn Optimizer> {
                match self { $(OptimizerSpec::$kind(spec) => Box::new(spec.build(num_params))),* }
            }
        }
    };
}

optimizer_kinds! {
    Sgd(SgdSpec) = "SGD",
    Adam(AdamSpec) = "Adam",
}

impl Default for OptimizerSpec {
    fn default() -> Self {
        Self::Adam(AdamSpec::default())
    }
}

#[cfg(test)]
pub(super) fn trace(optimizer: &OptimizerSpec) -> Vec<f32> {
    let mut built = optimizer.build(1);
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
