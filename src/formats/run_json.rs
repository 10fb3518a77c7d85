//! `run.json`: a whole run (model, compile, fit, data, seed) as people write it.
//!
//! It is [`RunSpec`] in JSON. Only `model` with `input_shape` and `layers` must be there; whatever else is
//! left out has Keras's default. A complete example:
//!
//! ```json
#![doc = include_str!("../../examples/run.json")]
//! ```
//!
//! What Keras's users are used to is understood too:
//!
//! - a bare name for what has only defaults: `"adam"` is `{"Adam": {}}`, `"l2"` is `{"L2": {}}`, `"Flatten"` is
//!   `{"Flatten": {}}`, `"mse"` is the mean squared error;
//! - Keras's own saved form, `{"class_name": "Dense", "config": {"units": 10}}`, for every part and for the
//!   whole `Sequential`;
//! - `input_shape` in the first layer, or an `InputLayer`, instead of `model.input_shape`;
//! - arguments that Keras 3 no longer has: each is left out with a [`KerasNote`] that says what became of it.
//!
//! JSON has no comments, so the key `"//"` is for them, wherever there are keys.
//!
//! Anything else that is not understood is an error that names its path, what was expected and what was given.

mod keras;
mod kinds;
mod names;
mod notes;
mod unknown;

pub use kinds::{Found, Wanted};
pub(in crate::formats) use names::Family;
pub use notes::{Became, KerasNote};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MAX_JSON;
use super::json_tree::{Budget, TooMuch, fair_memory, tree_and_copies_bytes};
use crate::engine::callbacks::CallbackSpec;
use crate::engine::layers::LayerSpec;
use crate::engine::metrics::MetricSpec;
use crate::engine::spec::RunSpec;

/// A run as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFile {
    /// The run; its values are of the right types, but nothing more was checked.
    pub run: RunSpec,
    /// What was understood and left out.
    pub notes: Vec<KerasNote>,
}

/// A key that nothing here has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownKey {
    /// Where it stands: `model.layers[1].Dense.unit`.
    pub path: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

/// Why a run cannot be read. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RunJsonError {
    /// Longer than descriptions are, or more in memory than its length allows for.
    #[error("this takes {got} bytes, at most {max} are read")]
    TooLong {
        /// The limit.
        max: usize,
        /// The text's length, or what is made of it.
        got: usize,
    },
    /// The text is no JSON.
    #[error("this is no JSON, line {line}, column {column}: {detail}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The parser's own words.
        detail: String,
    },
    /// Written by a later version.
    #[error("version: expected 1, got {got}")]
    OtherVersion {
        /// What the file says.
        got: String,
    },
    /// Keys that nothing here has.
    #[error("{}", .keys.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    UnknownKeys {
        /// All of them.
        keys: Vec<UnknownKey>,
    },
    /// A layer, optimizer or the like that does not exist.
    #[error("{path}: there is no {got}{}; expected {}", did_you_mean(.suggestion.as_ref()), .expected.join(", "))]
    UnknownName {
        /// Where it stands.
        path: String,
        /// What was given.
        got: String,
        /// What there is.
        expected: Vec<String>,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// Something necessary is not there.
    #[error("{path}: {key} is missing")]
    Missing {
        /// Of what.
        path: String,
        /// What.
        key: String,
    },
    /// A value of another type.
    #[error("{path}: expected {expected}, got {got}")]
    WrongType {
        /// Where it stands.
        path: String,
        /// What would do.
        expected: String,
        /// What was given.
        got: String,
    },
    /// A value that the spec itself refuses.
    #[error("{path}: {detail}")]
    Refused {
        /// Where it stands.
        path: String,
        /// The spec's own words.
        detail: String,
    },
}

impl From<TooMuch> for RunJsonError {
    fn from(TooMuch { max, got }: TooMuch) -> Self {
        Self::TooLong { max, got }
    }
}

fn did_you_mean(suggestion: Option<&String>) -> String {
    suggestion.map_or_else(String::new, |meant| format!(", did you mean {meant}?"))
}

impl std::fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: unknown key{}", self.path, did_you_mean(self.suggestion.as_ref()))
    }
}

/// The text of `run.json`, with everything that has a default written out.
pub fn write_run(run: &RunSpec) -> String {
    serde_json::to_string_pretty(run).expect("specs hold nothing that JSON cannot say")
}

/// Reads a run and checks that every key and every type is right.
///
/// # Errors
/// What is wrong, and where.
pub fn read_run(text: &str) -> Result<RunFile, RunJsonError> {
    if text.len() > MAX_JSON {
        return Err(RunJsonError::TooLong { max: MAX_JSON, got: text.len() });
    }
    let mut budget = Budget::new(fair_memory(text.len()));
    budget.take(tree_and_copies_bytes(text.as_bytes()))?;
    let value = serde_json::from_str(text).map_err(|error| RunJsonError::Json {
        line: error.line(),
        column: error.column(),
        detail: error.to_string(),
    })?;
    read_value(value, &mut budget)
}

/// As [`read_run`], of JSON that is read already; `budget` is what may be made of it beside that.
///
/// # Errors
/// What is wrong, and where.
pub(in crate::formats) fn read_value(mut value: Value, budget: &mut Budget) -> Result<RunFile, RunJsonError> {
    if let Some(version) = value.get("version").filter(|version| version.as_u64() != Some(1)) {
        let got = version.to_string();
        return Err(RunJsonError::OtherVersion { got });
    }
    let notes = keras::normalize(&mut value, budget)?;
    budget.take(lists_bytes(&value))?;
    let (mut unknown, mut too_many) = (Vec::new(), Ok(()));
    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(&value, &mut track);
    let run: Result<RunSpec, _> = serde_ignored::deserialize(deserializer, |path| {
        if too_many.is_ok() {
            too_many = budget.take(unknown::path_bytes(&path));
        }
        if too_many.is_ok() {
            unknown.push(unknown::steps(&path));
        }
    });
    too_many?;
    let run = run.map_err(|error| explain(&error, &track.path().to_string()))?;
    if unknown.is_empty() {
        return Ok(RunFile { run, notes });
    }
    let known = unknown::Known::of(run);
    Err(RunJsonError::UnknownKeys { keys: unknown.iter().map(|path| known.explain(path, &value)).collect() })
}

/// What the lists of a run take as specs, for which place is made before the first is read.
fn lists_bytes(run: &Value) -> usize {
    let lists = [
        ("/model/layers", size_of::<LayerSpec>()),
        ("/compile/metrics", size_of::<MetricSpec>()),
        ("/compile/weighted_metrics", size_of::<MetricSpec>()),
        ("/fit/callbacks", size_of::<CallbackSpec>()),
    ];
    let len = |path: &str| run.pointer(path).and_then(Value::as_array).map_or(0, Vec::len);
    lists.iter().map(|(path, size)| len(path).saturating_mul(*size)).sum()
}

/// Turns serde's words, which stand in one sentence, into values.
fn explain(error: &serde_json::Error, path: &str) -> RunJsonError {
    let detail = error.to_string();
    let path = if path == "." { "run".to_owned() } else { path.to_owned() };
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if detail.starts_with("missing field") {
        return RunJsonError::Missing { path, key: quoted(&detail) };
    }
    // A spec that takes several forms says it the other way round.
    let turned = detail.strip_prefix("expected ").and_then(|words| words.rsplit_once(", got "));
    if let Some((expected, got)) = turned {
        return RunJsonError::WrongType { path, expected: in_words(expected), got: got.to_owned() };
    }
    // Only a weight of classes has numbers for keys.
    if detail.contains("expected key to be a number in quotes") {
        let expected = "weights under numbers of classes".to_owned();
        return RunJsonError::WrongType { path, expected, got: "map".to_owned() };
    }
    let Some((got, expected)) = detail.split_once(", expected ") else {
        return RunJsonError::Refused { path, detail };
    };
    if got.starts_with("unknown variant") {
        let names: Vec<String> = expected.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let got = quoted(got);
        let suggestion = names::similar(&got, names.iter().map(String::as_str)).map(str::to_owned);
        return RunJsonError::UnknownName { path, got, expected: names, suggestion };
    }
    let got = got.split_once(": ").map_or(got, |(_, got)| got).to_owned();
    RunJsonError::WrongType { path, expected: in_words(expected), got }
}

/// `usize` says nothing to who writes JSON.
fn in_words(expected: &str) -> String {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "string or map" | "map with a single key" => "a name or a map of one of them".to_owned(),
        other if other.starts_with("struct ") => "an object in braces".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests;
