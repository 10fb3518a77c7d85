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

pub use kinds::{Found, Wanted};
pub(in crate::formats) use names::Family;
pub use notes::{Became, KerasNote};

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::MAX_JSON;
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
    /// Longer than descriptions are.
    #[error("this has {got} bytes, at most {max} are read")]
    TooLong {
        /// The limit.
        max: usize,
        /// The text's length.
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
    read_value(serde_json::from_str(text).map_err(|error| RunJsonError::Json {
        line: error.line(),
        column: error.column(),
        detail: error.to_string(),
    })?)
}

/// As [`read_run`], of JSON that is read already.
///
/// # Errors
/// What is wrong, and where.
pub(in crate::formats) fn read_value(mut value: Value) -> Result<RunFile, RunJsonError> {
    if let Some(version) = value.get("version").filter(|version| version.as_u64() != Some(1)) {
        return Err(RunJsonError::OtherVersion { got: version.to_string() });
    }
    let notes = keras::normalize(&mut value);
    let mut unknown: Vec<Vec<Step>> = Vec::new();
    let mut track = serde_path_to_error::Track::new();
    let deserializer = serde_path_to_error::Deserializer::new(&value, &mut track);
    let run: Result<RunSpec, _> = serde_ignored::deserialize(deserializer, |path| unknown.push(steps(&path)));
    let run = run.map_err(|error| explain(&error, &track.path().to_string()))?;
    if unknown.is_empty() {
        return Ok(RunFile { run, notes });
    }
    let saved = serde_json::to_value(&run).unwrap_or_default();
    Err(RunJsonError::UnknownKeys {
        keys: unknown.iter().map(|path| unknown_key(path, &value, &saved)).collect(),
    })
}

/// One step of a path.
enum Step {
    Key(String),
    Index(usize),
    /// Into the arguments of a kind.
    Kind,
}

fn steps(path: &serde_ignored::Path) -> Vec<Step> {
    use serde_ignored::Path;
    let (parent, step) = match path {
        Path::Root => return Vec::new(),
        Path::Seq { parent, index } => (parent, Some(Step::Index(*index))),
        Path::Map { parent, key } => (parent, Some(Step::Key(key.clone()))),
        Path::NewtypeVariant { parent } => (parent, Some(Step::Kind)),
        Path::Some { parent } | Path::NewtypeStruct { parent } => (parent, None),
    };
    let mut steps = steps(parent);
    steps.extend(step);
    steps
}

/// Words for an unknown key: its path as `given` has it, and the most similar of the keys that the spec
/// itself saves at this place.
fn unknown_key(path: &[Step], given: &Value, saved: &Value) -> UnknownKey {
    let (mut text, mut given, mut saved) = (String::new(), Some(given), Some(saved));
    let mut suggestion = None;
    for step in path {
        match step {
            Step::Index(idx) => {
                let _ = write!(text, "[{idx}]");
                given = given.and_then(|value| value.get(idx));
                saved = saved.and_then(|value| value.get(idx));
            }
            Step::Key(key) => {
                push_key(&mut text, key);
                let known = saved.and_then(Value::as_object);
                suggestion = known
                    .and_then(|known| names::similar(key, known.keys().map(String::as_str)))
                    .map(str::to_owned);
                given = given.and_then(|value| value.get(key));
                saved = saved.and_then(|value| value.get(key));
            }
            Step::Kind => {
                if let Some((name, arguments)) =
                    given.and_then(Value::as_object).and_then(|o| o.iter().next())
                {
                    push_key(&mut text, name);
                    given = Some(arguments);
                    saved = saved.and_then(|value| value.get(name));
                }
            }
        }
    }
    UnknownKey { path: text, suggestion }
}

fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(key);
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
