//! [`Wanted`] and [`Found`]: serde's words for a value that does not do, told apart, so that they can be said in
//! any language.

/// What would have done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A whole number from 0.
    Count,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// True or false.
    Flag,
    /// A text.
    Text,
    /// A list.
    List,
    /// A list of this many.
    ListOf(usize),
    /// A shorter list.
    ShorterList,
    /// Names with values.
    Arguments,
    /// A class or its name.
    Class,
    /// One number or two.
    OneOrTwo,
    /// One number, two, or two pairs.
    OneOrPairs,
    /// An axis or a list of axes.
    Axes,
    /// Weights under the numbers of their classes.
    WeightOfClasses,
    /// A number of epochs or a list of epochs.
    Epochs,
    /// A number or a list of numbers.
    Numbers,
    /// One number, as there is one output.
    OneOutput,
    /// A number or a schedule.
    Rate,
    /// `"auto"`, 0, 1 or 2.
    Verbose,
    /// True, false or `"batch"`.
    Shuffle,
    /// `"epoch"` or a number of batches.
    SaveFreq,
    /// `"epoch"`, `"batch"` or a number of batches.
    UpdateFreq,
    /// A batch or the first and the last one.
    ProfileBatch,
    /// True or false, a number from 0, a text or a list of numbers.
    Loose,
}

impl Wanted {
    /// Of the words of [`RunJsonError::WrongType`](super::RunJsonError::WrongType); nothing for words that are not
    /// known.
    pub fn of(words: &str) -> Option<Self> {
        Some(match words {
            "a whole number from 0" => Self::Count,
            "a whole number" => Self::Whole,
            "a number" => Self::Number,
            "true or false" => Self::Flag,
            "a string" => Self::Text,
            "a list" => Self::List,
            "fewer elements in array" | "fewer elements in map" => Self::ShorterList,
            "an object in braces" | "a map" => Self::Arguments,
            "one number or two" | "a number or two" => Self::OneOrTwo,
            "one number, two, or two pairs" => Self::OneOrPairs,
            "an axis or a list of axes" => Self::Axes,
            "weights under numbers of classes" => Self::WeightOfClasses,
            "a number of epochs or a list of epochs" => Self::Epochs,
            "a number or a list of numbers" => Self::Numbers,
            "one number, as the model has one output" => Self::OneOutput,
            "\"auto\", 0, 1 or 2" => Self::Verbose,
            "true, false or \"batch\"" => Self::Shuffle,
            "\"epoch\" or a number of batches" => Self::SaveFreq,
            "\"epoch\", \"batch\" or a number of batches" => Self::UpdateFreq,
            "a batch or the first and the last batch" => Self::ProfileBatch,
            "true or false, a number from 0, a text or a list of numbers" => Self::Loose,
            "enum" => Self::Class,
            _ if words.starts_with("a number or a schedule") => Self::Rate,
            _ if words.starts_with("a name or a map of one of") || words.starts_with("the name of a ") => {
                Self::Class
            }
            _ => return words.strip_prefix("an array of length ")?.parse().ok().map(Self::ListOf),
        })
    }
}

/// What was given instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A number, a text, or a word, as Python writes it.
    Code(String),
    /// A list.
    List,
    /// A list of this many.
    ListOf(usize),
    /// Names with values.
    Dictionary,
}

impl Found {
    /// Of the words of [`RunJsonError::WrongType`](super::RunJsonError::WrongType); nothing for words that are not
    /// known.
    pub fn of(words: &str) -> Option<Self> {
        let code = |code: &str| Some(Self::Code(code.to_owned()));
        match words {
            "null" | "unit value" => return code("None"),
            "boolean `true`" => return code("True"),
            "boolean `false`" => return code("False"),
            "sequence" => return Some(Self::List),
            "map" => return Some(Self::Dictionary),
            _ => {}
        }
        if let Some(text) = words.strip_prefix("string ") {
            return code(text);
        }
        if let Some(length) = words.strip_prefix("invalid length ") {
            return length.parse().ok().map(Self::ListOf);
        }
        let number = words.strip_prefix("integer `").or(words.strip_prefix("floating point `"));
        code(number?.strip_suffix('`')?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::names::Family;
    use super::super::{RunJsonError, read_value};
    use super::*;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;
    use crate::formats::json_tree::Budget;

    /// Values of every kind; most arguments refuse most of them.
    fn anything() -> Vec<Value> {
        vec![
            Value::Null,
            json!(true),
            json!(-3),
            json!(7),
            json!(2.5),
            json!(u64::MAX),
            json!("x"),
            json!([]),
            json!([1, 2, 3]),
            json!([[1, 2, 3], [4]]),
            json!(["x"]),
            json!({}),
            json!({ "Nothing": {} }),
            json!({ "a": 1, "b": 2 }),
        ]
    }

    /// Every place of a run where an argument stands, as JSON pointers into a run that has it.
    fn runs() -> Vec<(Value, String)> {
        let base = serde_json::to_value(RunSpec::new(Preset::Mlp.spec())).unwrap();
        let places = [
            (Family::Layer, "/model/layers/0"),
            (Family::Optimizer, "/compile/optimizer"),
            (Family::Loss, "/compile/loss"),
            (Family::Metric, "/compile/metrics/0"),
            (Family::Callback, "/fit/callbacks/0"),
        ];
        let mut found = Vec::new();
        for (family, place) in places {
            for name in family.names() {
                let mut run = base.clone();
                run["compile"]["metrics"] = json!(["accuracy"]);
                run["fit"]["callbacks"] = json!(["History"]);
                let Some(arguments) = family.arguments(name) else { continue };
                found.extend(arguments.keys().map(|key| {
                    let mut run = run.clone();
                    *run.pointer_mut(place).unwrap() = json!({ *name: arguments.clone() });
                    (run, format!("{place}/{name}/{key}"))
                }));
            }
        }
        for section in ["model", "compile", "fit", "data"] {
            for key in base[section].as_object().unwrap().keys() {
                found.push((base.clone(), format!("/{section}/{key}")));
            }
        }
        found
            .extend(["/seed", "/model", "/compile", "/fit", "/data"].map(|it| (base.clone(), it.to_owned())));
        found
    }

    #[test]
    fn whatever_is_given_wherever_the_words_are_known() {
        let runs = runs();
        assert!(runs.len() > 150, "{}", runs.len());
        let mut wrong = 0;
        for (run, place) in runs {
            for value in anything() {
                let mut run = run.clone();
                *run.pointer_mut(&place).unwrap() = value.clone();
                match read_value(run, &mut Budget::new(usize::MAX)) {
                    Err(RunJsonError::WrongType { expected, got, .. }) => {
                        assert!(Wanted::of(&expected).is_some(), "{place} = {value}: {expected}");
                        assert!(Found::of(&got).is_some(), "{place} = {value}: {got}");
                        wrong += 1;
                    }
                    // The spec's own words are English.
                    Err(RunJsonError::Refused { detail, .. }) => panic!("{place} = {value}: {detail}"),
                    _ => {}
                }
            }
        }
        assert!(wrong > 1_000, "{wrong}");
    }

    #[test]
    fn what_was_given_is_shown_as_python_writes_it() {
        let code = |code: &str| Some(Found::Code(code.to_owned()));
        assert_eq!(Found::of("string \"a: b\""), code("\"a: b\""));
        assert_eq!(Found::of("integer `-3`"), code("-3"));
        assert_eq!(Found::of("floating point `2.5`"), code("2.5"));
        assert_eq!((Found::of("null"), Found::of("boolean `true`")), (code("None"), code("True")));
        assert_eq!(Found::of("invalid length 3"), Some(Found::ListOf(3)));
        assert_eq!((Found::of("newtype variant"), Wanted::of("unit struct X")), (None, None));
        assert_eq!(Wanted::of("an array of length 2"), Some(Wanted::ListOf(2)));
    }
}
