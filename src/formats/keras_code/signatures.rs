//! Keras's own signatures: in which order arguments without a name come, and which ones are necessary.
//!
//! `signatures.txt` is recorded from real Keras by `tests/golden/keras_code/record.py`, one call a line.

use crate::formats::run_json::Family;

const SIGNATURES: &str = include_str!("signatures.txt");

/// One argument of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub name: &'static str,
    /// As Python writes it; none if the argument is necessary.
    pub default: Option<&'static str>,
}

/// The arguments of `call`, for instance `layers.Dense` or `fit`.
pub fn parameters(call: &str) -> Option<Vec<Parameter>> {
    let arguments = SIGNATURES.lines().find_map(|line| {
        let arguments = line.strip_prefix(call)?.strip_prefix('(')?;
        arguments.strip_suffix(')')
    })?;
    Some(split(arguments).into_iter().map(parameter).collect())
}

/// The arguments of a `family`'s class.
pub fn of_kind(family: Family, class_name: &str) -> Option<Vec<Parameter>> {
    parameters(&format!("{}.{class_name}", module(family)))
}

/// The module of Keras's that has a `family`'s classes, without `keras.`.
pub fn module(family: Family) -> &'static str {
    match family {
        Family::Layer => "layers",
        Family::Optimizer => "optimizers",
        Family::Loss => "losses",
        Family::Metric => "metrics",
        Family::Callback => "callbacks",
        Family::Initializer => "initializers",
        Family::Regularizer => "regularizers",
        Family::Constraint => "constraints",
        Family::Schedule => "optimizers.schedules",
        Family::Activation => "activations",
    }
}

fn parameter(text: &'static str) -> Parameter {
    match text.split_once('=') {
        Some((name, default)) => Parameter { name, default: Some(default) },
        None => Parameter { name: text, default: None },
    }
}

/// Splits at the commas that stand in no brackets or quotes.
fn split(arguments: &'static str) -> Vec<&'static str> {
    let (mut parts, mut begun, mut depth, mut in_quotes) = (Vec::new(), 0, 0, false);
    for (idx, letter) in arguments.char_indices() {
        match letter {
            '\'' => in_quotes = !in_quotes,
            '(' | '[' if !in_quotes => depth += 1,
            ')' | ']' if !in_quotes => depth -= 1,
            ',' if !in_quotes && depth == 0 => {
                parts.push(arguments[begun..idx].trim());
                begun = idx + 1;
            }
            _ => {}
        }
    }
    parts.push(arguments[begun..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_may_hold_commas() {
        let parts = split("filename, separator=',', size=(2, 2)");
        assert_eq!(parts, ["filename", "separator=','", "size=(2, 2)"]);
        assert_eq!(parameter(parts[1]), Parameter { name: "separator", default: Some("','") });
    }

    #[test]
    fn calls_are_found_by_their_whole_name() {
        let dense = parameters("layers.Dense").unwrap();
        assert_eq!(dense[0], Parameter { name: "units", default: None });
        assert_eq!(dense[1], Parameter { name: "activation", default: Some("None") });
        assert_eq!(parameters("layers.Den"), None);
        assert!(of_kind(Family::Schedule, "CosineDecay").is_some());
    }
}
