//! [`Argument`]: one argument of a class, and how it is read and changed in a spec.

use serde::Serialize;
use serde_json::Value;

use super::family::Family;
use super::kind::{Kind, kind};
use super::meanings::meaning;

/// One argument of a class.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Keras's class name.
    pub owner: String,
    /// Keras's name of it.
    pub name: String,
    /// What it takes.
    pub kind: Kind,
    /// What it is when nobody says anything.
    pub default: Value,
    /// Whether it may be `None`.
    pub optional: bool,
    /// Whether Keras insists on it; then the default is ours and not Keras's.
    pub required: bool,
    /// The key of the words that say what it is for.
    pub meaning: &'static str,
}

impl Argument {
    /// Whether beginners never touch it.
    pub fn is_rare(&self) -> bool {
        const RARE: &[&str] = &[
            "data_format",
            "trainable",
            "seed",
            "noise_shape",
            "keepdims",
            "rms_scaling",
            "shared_axes",
            "fill_value",
            "interpolation",
            "weight_decay",
            "clipnorm",
            "clipvalue",
            "global_clipnorm",
            "use_ema",
            "ema_momentum",
            "ema_overwrite_frequency",
            "gradient_accumulation_steps",
            "loss_scale_factor",
            "gradient_centralization",
            "initial_accumulator_value",
            "epsilon",
            "reduction",
            "axis",
        ];
        // What is the class's only concern is never rare.
        let is_concern = matches!(
            (self.owner.as_str(), self.name.as_str()),
            ("Softmax", "axis") | ("AdamW", "weight_decay") | ("PReLU", "alpha_initializer")
        );
        let is_member =
            matches!(self.kind, Kind::Member(Family::Initializer | Family::Regularizer | Family::Constraint));
        !is_concern && (is_member || RARE.contains(&self.name.as_str()))
    }
}

/// The arguments of a class in Keras's order. An argument without a kind is left out; a test finds none.
pub fn arguments(family: Family, class: &str) -> Vec<Argument> {
    let Some(class) = family.class(class) else { return Vec::new() };
    let argument = |(name, default): &(String, Value)| {
        Some(Argument {
            owner: class.name.clone(),
            name: name.clone(),
            kind: kind(&class.name, name)?,
            default: default.clone(),
            optional: default.is_null(),
            required: is_required(&class.name, name),
            meaning: meaning(&class.name, name)?,
        })
    };
    class.arguments.iter().filter_map(argument).collect()
}

/// Arguments for which Keras has no default.
fn is_required(owner: &str, name: &str) -> bool {
    match name {
        "units"
        | "filters"
        | "kernel_size"
        | "target_shape"
        | "initial_learning_rate"
        | "decay_steps"
        | "first_decay_steps"
        | "decay_rate"
        | "boundaries"
        | "values"
        | "height_factor" => true,
        "activation" => owner == "Activation",
        "rate" => owner.contains("Dropout"),
        "stddev" => owner == "GaussianNoise",
        "width_factor" => owner == "RandomTranslation",
        "factor" => owner == "RandomRotation",
        _ => false,
    }
}

/// A spec in the form that forms change: decimals are those that a person would write.
///
/// # Panics
/// Never for specs: they hold nothing that JSON cannot say.
pub fn to_value<T: Serialize>(spec: &T) -> Value {
    let text = serde_json::to_string(spec).expect("specs hold nothing that JSON cannot say");
    serde_json::from_str(&text).expect("what was just written can be read")
}

/// The class of a spec; empty for what is none.
pub fn class_of(spec: &Value) -> &str {
    match spec {
        Value::String(name) => name,
        Value::Object(only) => only.keys().next().map_or("", String::as_str),
        _ => "",
    }
}

/// An argument of a spec.
pub fn get<'s>(spec: &'s Value, argument: &str) -> Option<&'s Value> {
    spec.as_object()?.values().next()?.get(argument)
}

/// Changes an argument of a spec that has it.
pub fn set(spec: &mut Value, argument: &str, value: Value) {
    let arguments = spec.as_object_mut().and_then(|only| only.values_mut().next());
    if let Some(Value::Object(arguments)) = arguments
        && arguments.contains_key(argument)
    {
        arguments.insert(argument.to_owned(), value);
    }
}
