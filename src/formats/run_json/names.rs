//! The names of a family of specs, asked of the spec's own type, and what is meant by a mistyped one.

use serde::de::value::Error as NameError;
use serde::de::{DeserializeOwned, Deserializer, Error, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Map, Value, json};

use crate::engine::callbacks::CallbackSpec;
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::layers::{Activation, LayerSpec};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::engine::schedules::ScheduleSpec;

/// What stands at a place of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Layer,
    Optimizer,
    Loss,
    Metric,
    Callback,
    Initializer,
    Regularizer,
    Constraint,
    Schedule,
    Activation,
}

/// Bytes of a name that may be meant for a known one. To compare two names takes the product of their lengths.
const LONGEST: usize = 100;

/// Names that Keras gives one thing.
const SYNONYMS: &[&[&str]] = &[
    &["mse", "mean_squared_error"],
    &["mae", "mean_absolute_error"],
    &["bce", "binary_crossentropy"],
    &["kld", "kl_divergence", "kullback_leibler_divergence"],
    &["huber", "huber_loss"],
    &["acc", "accuracy"],
    &["zero", "zeros"],
    &["one", "ones"],
    &["normal", "random_normal"],
    &["uniform", "random_uniform"],
    &["IdentityInitializer", "Identity"],
    &["OrthogonalInitializer", "Orthogonal"],
    &["ce", "crossentropy"],
    &["MaxPool2D", "MaxPooling2D"],
    &["AvgPool2D", "AveragePooling2D"],
    &["GlobalMaxPool2D", "GlobalMaxPooling2D"],
    &["GlobalAvgPool2D", "GlobalAveragePooling2D"],
    &["Convolution2D", "Conv2D"],
    &["DepthwiseConvolution2D", "DepthwiseConv2D"],
    &["SeparableConvolution2D", "SeparableConv2D"],
];

impl Family {
    /// Kinds whose members are classes.
    pub const OF_CLASSES: [Family; 9] = [
        Family::Layer,
        Family::Optimizer,
        Family::Loss,
        Family::Metric,
        Family::Callback,
        Family::Initializer,
        Family::Regularizer,
        Family::Constraint,
        Family::Schedule,
    ];

    /// Of the value at `key`, or of the elements of the list there.
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "layers" => Self::Layer,
            "optimizer" => Self::Optimizer,
            "loss" => Self::Loss,
            "metrics" | "weighted_metrics" => Self::Metric,
            "callbacks" => Self::Callback,
            "activation" => Self::Activation,
            "learning_rate" | "schedule" => Self::Schedule,
            _ if key.ends_with("_initializer") => Self::Initializer,
            _ if key.ends_with("_regularizer") => Self::Regularizer,
            _ if key.ends_with("_constraint") => Self::Constraint,
            _ => return None,
        })
    }

    /// The names of its kinds, as they are saved.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Layer => variants::<LayerSpec>(),
            Self::Optimizer => variants::<OptimizerSpec>(),
            Self::Loss => variants::<LossSpec>(),
            Self::Metric => variants::<MetricSpec>(),
            Self::Callback => variants::<CallbackSpec>(),
            Self::Initializer => variants::<InitializerSpec>(),
            Self::Regularizer => variants::<RegularizerSpec>(),
            Self::Constraint => variants::<ConstraintSpec>(),
            Self::Schedule => variants::<ScheduleSpec>(),
            Self::Activation => variants::<Activation>(),
        }
    }

    /// The saved name of what Keras calls `name`: `adam` is `Adam`, `l2` is `L2`, `mse` is
    /// `MeanSquaredError`.
    pub fn resolve(self, name: &str) -> Option<&'static str> {
        if name.len() > LONGEST {
            return None;
        }
        let find = |name: &str| self.names().iter().find(|known| squashed(known) == squashed(name)).copied();
        find(name).or_else(|| {
            let names = SYNONYMS.iter().find(|names| names.iter().any(|n| squashed(n) == squashed(name)))?;
            names.iter().find_map(|name| find(name))
        })
    }

    /// The kind called `name` with Keras's default arguments, as it is saved: a bare name if it has no
    /// arguments.
    pub fn default_value(self, name: &str) -> Option<Value> {
        let bare = Value::String(name.to_owned());
        match self {
            Self::Layer => saved::<LayerSpec>(bare),
            Self::Optimizer => saved::<OptimizerSpec>(bare),
            Self::Loss => saved::<LossSpec>(bare),
            Self::Metric => saved::<MetricSpec>(bare),
            Self::Callback => saved::<CallbackSpec>(bare),
            Self::Initializer => saved::<InitializerSpec>(bare),
            Self::Regularizer => saved::<RegularizerSpec>(bare),
            Self::Constraint => saved::<ConstraintSpec>(bare),
            Self::Schedule => saved::<ScheduleSpec>(bare),
            Self::Activation => saved::<Activation>(bare),
        }
    }

    /// The arguments of the kind called `name`.
    pub fn arguments(self, name: &str) -> Option<Map<String, Value>> {
        match self.default_value(name)?.get_mut(name)?.take() {
            Value::Object(arguments) => Some(arguments),
            _ => None,
        }
    }
}

fn saved<T: DeserializeOwned + Serialize>(name: Value) -> Option<Value> {
    let with_arguments = json!({ name.as_str()?: {} });
    let spec: T = serde_json::from_value(name).or_else(|_| serde_json::from_value(with_arguments)).ok()?;
    // By way of text, so that 32-bit numbers are the decimals that people write.
    serde_json::from_str(&serde_json::to_string(&spec).ok()?).ok()
}

/// `GlorotUniform` and `glorot_uniform` are one name.
fn squashed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// The one of `known` that is probably meant by `name`.
pub fn similar<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if name.len() > LONGEST {
        return None;
    }
    let name = squashed(name);
    let likeness = |known: &str| strsim::normalized_damerau_levenshtein(&name, &squashed(known));
    let best = known.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    // One wrong letter in a short name, two or three in a long one.
    (likeness(best) >= 0.6).then_some(best)
}

/// The variants of an enum.
fn variants<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Always an error: all that is wanted is what the type asks for.
    let _ = T::deserialize(Probe(&mut names));
    names
}

/// Notes which variants a type asks for.
struct Probe<'p>(&'p mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = NameError;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, NameError> {
        *self.0 = variants;
        Err(NameError::custom("only the names are wanted"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, NameError> {
        Err(NameError::custom("no enum"))
    }

    /// What people write has short forms beside the enum; the wire has the enum alone.
    fn is_human_readable(&self) -> bool {
        false
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_defaults_for_all_its_arguments() {
        for family in Family::OF_CLASSES.into_iter().chain([Family::Activation]) {
            assert!(!family.names().is_empty(), "{family:?}");
            for name in family.names() {
                assert!(family.default_value(name).is_some(), "{family:?} {name}");
            }
        }
    }

    #[test]
    fn keras_names_are_known() {
        let cases = [
            (Family::Optimizer, "adam", "Adam"),
            (Family::Optimizer, "sgd", "SGD"),
            (Family::Layer, "Flatten", "Flatten"),
            (Family::Loss, "mse", "MeanSquaredError"),
            (Family::Loss, "ce", "Crossentropy"),
            (Family::Initializer, "he_normal", "HeNormal"),
            (Family::Initializer, "normal", "RandomNormal"),
            (Family::Initializer, "uniform", "RandomUniform"),
            (Family::Initializer, "zero", "Zeros"),
            (Family::Initializer, "OrthogonalInitializer", "Orthogonal"),
            (Family::Regularizer, "l2", "L2"),
            (Family::Regularizer, "l1_l2", "L1L2"),
            (Family::Constraint, "max_norm", "MaxNorm"),
            (Family::Callback, "TerminateOnNaN", "TerminateOnNaN"),
        ];
        for (family, given, expected) in cases {
            assert_eq!(family.resolve(given), Some(expected));
        }
        assert!(Family::Initializer.resolve("GlorotUniform").is_some());
        assert!(Family::Initializer.resolve("glorot_uniform").is_some());
        assert_eq!(Family::Optimizer.resolve("lion_tamer"), None);
    }

    #[test]
    fn a_mistyped_name_is_recognized() {
        let known = ["units", "use_bias", "activation", "kernel_size"];
        for (given, meant) in [("unit", "units"), ("useBias", "use_bias"), ("activaton", "activation")] {
            assert_eq!(similar(given, known), Some(meant), "{given}");
        }
        assert_eq!(similar("zzz", known), None);
        assert_eq!(similar("x", []), None);
    }
}
