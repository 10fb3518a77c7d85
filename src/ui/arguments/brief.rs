//! A spec in one line, as it would be called in Keras.

use serde_json::Value;

use super::argument::{arguments, class_of, get};
use super::family::Family;
use super::kind::Kind;
use super::text::python;

/// The arguments that Keras insists on and those that are not as always:
/// `filters=32, kernel_size=(3, 3), activation='relu'`.
pub fn brief(family: Family, spec: &Value) -> String {
    let all = arguments(family, class_of(spec));
    let one = |argument: super::Argument| {
        let value = get(spec, &argument.name)?;
        if !argument.required && *value == argument.default {
            return None;
        }
        let text = match (argument.kind, value) {
            // A function is called by its name, a class is not.
            (Kind::Member(Family::Activation), Value::String(name)) => format!("'{name}'"),
            (kind, value) => python(&argument.name, kind, value),
        };
        Some(format!("{}={text}", argument.name))
    };
    all.into_iter().filter_map(one).collect::<Vec<_>>().join(", ")
}
