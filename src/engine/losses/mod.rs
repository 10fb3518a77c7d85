//! Losses: outputs and targets in, a value per row and the gradient out.
//!
//! A **row** is what a loss looks at together: the values along its `axis`, normally the last. A
//! batch of vectors has one row per sample, a batch of images one per pixel. Each row's loss is
//! multiplied by its weight; a [`Reduction`] says what the sum is divided by.
//!
//! Keras's TensorFlow backend keeps the logits behind a final softmax or sigmoid, and every
//! cross-entropy takes those, whatever `from_logits` says. Source: Keras 3 `losses/losses.py`,
//! `losses/loss.py`, `backend/tensorflow/nn.py`.

mod align;
mod binary_crossentropy;
mod categorical_crossentropy;
mod compute;
mod cosine_similarity;
mod crossentropy;
mod distances;
mod hinge;
mod huber;
mod kl_divergence;
mod poisson;
mod reduction;
mod sparse_categorical_crossentropy;
mod weight;

pub(in crate::engine) use align::Meeting;
pub use align::TargetError;
pub use binary_crossentropy::BinaryCrossentropySpec;
pub use categorical_crossentropy::CategoricalCrossentropySpec;
pub(in crate::engine) use compute::in_shape;
pub use compute::{Losses, Outputs};
pub use cosine_similarity::CosineSimilaritySpec;
pub use crossentropy::CrossentropySpec;
pub use distances::{
    LogCoshSpec, MeanAbsoluteErrorSpec, MeanAbsolutePercentageErrorSpec, MeanSquaredErrorSpec,
    MeanSquaredLogarithmicErrorSpec,
};
pub use hinge::{CategoricalHingeSpec, HingeSpec, SquaredHingeSpec};
pub use huber::HuberSpec;
pub use kl_divergence::KlDivergenceSpec;
pub use poisson::PoissonSpec;
pub use reduction::Reduction;
pub use sparse_categorical_crossentropy::SparseCategoricalCrossentropySpec;
pub use weight::LossWeight;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::data::Targets;
use crate::engine::argument::ArgumentError;

/// Keras's `backend.epsilon()`: probabilities are kept this far from 0 and 1.
pub(in crate::engine) const EPSILON: f32 = 1e-7;

/// What a loss takes as a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Takes {
    /// One class per row.
    Classes,
    /// Values shaped exactly as the output.
    SameShape,
    /// Values that broadcast with the output.
    Broadcast,
}

/// What a loss's spec answers.
pub(in crate::engine) trait LossDef {
    /// How the rows' values become one.
    fn reduction(&self) -> Reduction;

    /// The axis its rows lie along; negative ones count from the end.
    fn axis(&self) -> i32 {
        -1
    }

    /// What its targets must be.
    fn takes(&self) -> Takes {
        Takes::Broadcast
    }

    /// Whether it looks behind a final softmax or sigmoid.
    fn looks_for_logits(&self) -> bool {
        false
    }

    /// Whether it takes the model's outputs for logits where none are known to be behind them.
    fn takes_logits(&self) -> bool {
        false
    }

    /// Rows of this class do not count.
    fn ignore_class(&self) -> Option<i32> {
        None
    }

    /// Checks ranges.
    fn validate(&self) -> Result<(), ArgumentError> {
        Ok(())
    }

    /// Changes the targets of all rows beforehand; `last` is the extent of their last axis.
    fn prepare_targets(&self, _targets: &mut [f32], _last: usize) {}

    /// One row's loss. Replaces the row by the loss's gradient with respect to it, times `scale`.
    fn row(&self, row: &mut [f32], target: &[f32], are_logits: bool, scale: f32) -> f32;
}

/// Makes the serde enum of the family and its dispatch from one list.
macro_rules! loss_kinds {
    ($($kind:ident($spec:ty) = $name:literal | $($other:literal)|+),* $(,)?) => {
        /// The description of a loss, with Keras's arguments and defaults.
        ///
        /// In JSON `{"Huber": {"delta": 2.0}}`; Keras's short forms `"huber"`, `"mse"` are read too.
        #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
        #[serde(remote = "Self")]
        pub enum LossSpec {
            $(
                #[doc = concat!("Keras's `", $name, "`.")]
                #[serde(rename = $name)]
                $kind($spec),
            )*
        }

        impl LossSpec {
            /// One of each kind, with Keras's default arguments.
            pub fn palette() -> Vec<LossSpec> {
                vec![$(LossSpec::$kind(<$spec>::default())),*]
            }

            /// The classes' names.
            const NAMES: &[&str] = &[$($name),*];

            /// Keras's class name.
            pub fn class_name(&self) -> &'static str {
                match self { $(LossSpec::$kind(_) => $name),* }
            }

            /// The loss Keras's `compile` takes `name` for, with default arguments.
            pub fn named(name: &str) -> Option<LossSpec> {
                match name {
                    $($name $(| $other)+ => Some(LossSpec::$kind(<$spec>::default())),)*
                    _ => None,
                }
            }

            pub(in crate::engine) fn def(&self) -> &dyn LossDef {
                match self { $(LossSpec::$kind(spec) => spec),* }
            }
        }

        $(impl From<$spec> for LossSpec {
            fn from(spec: $spec) -> Self { LossSpec::$kind(spec) }
        })*
    };
}

loss_kinds! {
    CategoricalCrossentropy(CategoricalCrossentropySpec) = "CategoricalCrossentropy" | "categorical_crossentropy",
    SparseCategoricalCrossentropy(SparseCategoricalCrossentropySpec) =
        "SparseCategoricalCrossentropy" | "sparse_categorical_crossentropy",
    BinaryCrossentropy(BinaryCrossentropySpec) = "BinaryCrossentropy" | "binary_crossentropy" | "bce" | "BCE",
    KlDivergence(KlDivergenceSpec) = "KLDivergence" | "kl_divergence" | "kld" | "KLD",
    MeanSquaredError(MeanSquaredErrorSpec) = "MeanSquaredError" | "mean_squared_error" | "mse" | "MSE",
    MeanAbsoluteError(MeanAbsoluteErrorSpec) = "MeanAbsoluteError" | "mean_absolute_error" | "mae" | "MAE",
    Huber(HuberSpec) = "Huber" | "huber",
    MeanAbsolutePercentageError(MeanAbsolutePercentageErrorSpec) =
        "MeanAbsolutePercentageError" | "mean_absolute_percentage_error" | "mape" | "MAPE",
    MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorSpec) =
        "MeanSquaredLogarithmicError" | "mean_squared_logarithmic_error" | "msle" | "MSLE",
    LogCosh(LogCoshSpec) = "LogCosh" | "log_cosh",
    Hinge(HingeSpec) = "Hinge" | "hinge",
    SquaredHinge(SquaredHingeSpec) = "SquaredHinge" | "squared_hinge",
    CategoricalHinge(CategoricalHingeSpec) = "CategoricalHinge" | "categorical_hinge",
    CosineSimilarity(CosineSimilaritySpec) = "CosineSimilarity" | "cosine_similarity",
    Poisson(PoissonSpec) = "Poisson" | "poisson",
    Crossentropy(CrossentropySpec) = "Crossentropy" | "crossentropy" | "ce" | "CE",
}

impl Default for LossSpec {
    /// Categorical cross-entropy with default arguments.
    fn default() -> Self {
        Self::CategoricalCrossentropy(CategoricalCrossentropySpec::default())
    }
}

impl LossSpec {
    /// Checks ranges.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self) -> Result<(), ArgumentError> {
        self.def().validate()
    }

    /// What is computed for these outputs and targets: itself, unless shapes choose.
    pub(in crate::engine) fn resolved(&self, outputs: &[usize], targets: &Targets) -> LossSpec {
        let LossSpec::Crossentropy(_) = self else { return *self };
        CrossentropySpec::resolved(outputs, &targets.sample_shape().with_batch(targets.len()))
    }
}

impl Serialize for LossSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        LossSpec::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for LossSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(NameOrSpec)
        } else {
            LossSpec::deserialize(deserializer)
        }
    }
}

/// Reads `"mse"` as well as `{"MeanSquaredError": {}}`.
struct NameOrSpec;

impl<'de> de::Visitor<'de> for NameOrSpec {
    type Value = LossSpec;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a loss, or a loss with its arguments")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<LossSpec, E> {
        LossSpec::named(name).ok_or_else(|| E::unknown_variant(name, LossSpec::NAMES))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<LossSpec, A::Error> {
        LossSpec::deserialize(de::value::MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
#[path = "loss_tests.rs"]
mod tests;
