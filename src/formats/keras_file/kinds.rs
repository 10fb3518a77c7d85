//! A layer, an optimizer or the like as Keras saves it: `{"module", "class_name", "config", "registered_name"}`.
//!
//! Only what differs from Keras's default is written, and what has none: older versions refuse keys that they
//! do not know. An image's `data_format` is written always, as Keras's default for it is a user's setting.

use serde_json::{Map, Value};

use crate::formats::keras_code::signatures;
use crate::formats::run_json::Family;
use crate::formats::{FormatError, ModelFormat, Unsupported};

/// Keras makes its generators of a seed that is an unsigned integer of 32 bits.
const MAX_SEED: u64 = u32::MAX as u64;

/// Which file is written, for errors.
#[derive(Debug, Clone, Copy)]
pub struct Kinds {
    /// Its kind.
    pub format: ModelFormat,
}

/// A spec as JSON, 32-bit numbers as the decimals that people write.
pub fn saved(spec: &impl serde::Serialize) -> Value {
    let text = serde_json::to_string(spec).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// What Keras saves for an object.
pub fn object(module: &str, class_name: &str, config: Map<String, Value>) -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    let members = [
        ("module", text(module)),
        ("class_name", text(class_name)),
        ("config", Value::Object(config)),
        ("registered_name", Value::Null),
    ];
    Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

impl Kinds {
    /// What Keras saves for a kind that the spec saves as `value`. `part` says where it stands.
    ///
    /// # Errors
    /// If Keras cannot say it.
    pub fn write(self, family: Family, value: &Value, part: &str) -> Result<Value, FormatError> {
        let Some((name, Value::Object(arguments))) = value.as_object().and_then(|o| o.iter().next()) else {
            return Ok(value.clone());
        };
        if (family, name.as_str()) == (Family::Regularizer, "ElasticNet") {
            return Ok(object("keras.regularizers", "L1L2", elastic_net(arguments)));
        }
        let config = self.config(family, name, arguments, part)?;
        Ok(object(&format!("keras.{}", signatures::module(family)), name, config))
    }

    /// The arguments that are written.
    ///
    /// # Errors
    /// If Keras cannot say one.
    pub fn config(
        self,
        family: Family,
        name: &str,
        arguments: &Map<String, Value>,
        part: &str,
    ) -> Result<Map<String, Value>, FormatError> {
        let defaults = family.arguments(name).unwrap_or_default();
        let parameters = signatures::of_kind(family, name).unwrap_or_default();
        let is_necessary = |key: &str| {
            parameters.iter().any(|parameter| parameter.name == key && parameter.default.is_none())
        };
        let mut config = Map::new();
        for (key, value) in arguments {
            let is_default = defaults.get(key) == Some(value);
            let unknown = key == "gradient_centralization"
                || (key == "seed" && value.as_u64().is_some_and(|seed| seed > MAX_SEED));
            if unknown && !is_default {
                return Err(self.unsupported(part, key, value));
            }
            // A metric has no name of its own until it is given one.
            let is_unnamed = (family, key.as_str()) == (Family::Metric, "name") && value.is_null();
            // The first versions of Keras 3 did not know it of layers that draw.
            let is_format = key == "data_format" && !name.starts_with("Random");
            let is_told = is_necessary(key) || is_format || key == "learning_rate";
            if !unknown && !is_unnamed && (is_told || !is_default) {
                config.insert(key.clone(), self.argument(key, value, part)?);
            }
        }
        Ok(config)
    }

    fn argument(self, key: &str, value: &Value, part: &str) -> Result<Value, FormatError> {
        match Family::of_key(key) {
            Some(family) => self.write(family, value, &format!("{part}.{key}")),
            None => match (key, value) {
                // Keras 3 forgets a list of one in some files of the old kind.
                ("axis", Value::Array(axes)) if axes.len() == 1 => Ok(axes[0].clone()),
                _ => Ok(value.clone()),
            },
        }
    }

    /// The error for an argument that Keras cannot say.
    pub fn unsupported(self, part: &str, argument: &str, value: &Value) -> FormatError {
        let value = match value {
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            Value::Null => "None".to_owned(),
            other => other.to_string(),
        };
        let reason = Unsupported::Argument { argument: argument.to_owned(), value };
        FormatError::Unsupported { format: self.format, part: part.to_owned(), reason }
    }
}

/// `l·Σ(beta·w² + |w|)` in Keras's words.
fn elastic_net(arguments: &Map<String, Value>) -> Map<String, Value> {
    let number = |key: &str| arguments.get(key).and_then(Value::as_f64).unwrap_or_default() as f32;
    // The engine multiplies 32-bit numbers.
    let product = number("beta") * number("l");
    let config = [("l1", saved(&number("l"))), ("l2", saved(&product))];
    config.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
