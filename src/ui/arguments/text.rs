//! Values of arguments as numbers, as typed text, and as Python writes them.

use serde_json::Value;

use super::argument::class_of;
use super::bounds::FieldBounds;
use super::kind::{Kind, Layout};
use crate::ui::locale::{Language, parse_number};

impl Layout {
    /// How many numbers there are.
    pub fn len(self) -> usize {
        match self {
            Layout::One => 1,
            Layout::RowsColumns | Layout::LeastGreatest => 2,
            Layout::Border => 4,
        }
    }

    /// Never.
    pub fn is_empty(self) -> bool {
        false
    }
}

/// The numbers of a value; none where it is `None`.
pub fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(all) => all.iter().flat_map(numbers).collect(),
        other => other.as_f64().into_iter().collect(),
    }
}

/// The value with one of its numbers changed; where there were none, they all become this one, and without a
/// number there are none.
pub fn with_number(layout: Layout, bounds: FieldBounds, value: &Value, idx: usize, to: Option<f64>) -> Value {
    let Some(to) = to else { return Value::Null };
    let mut all = numbers(value);
    if all.len() == layout.len() {
        all[idx] = to;
    } else {
        all = vec![to; layout.len()];
    }
    let all: Vec<Value> = all.into_iter().map(|number| json_number(bounds, number)).collect();
    match (layout, &all[..]) {
        (Layout::One, [only]) => only.clone(),
        (Layout::Border, [top, bottom, left, right]) => {
            Value::from(vec![vec![top.clone(), bottom.clone()], vec![left.clone(), right.clone()]])
        }
        _ => Value::from(all),
    }
}

/// Whole numbers and decimals are told apart in JSON as they are in specs.
fn json_number(bounds: FieldBounds, number: f64) -> Value {
    if bounds.decimals == 0 { Value::from(number as i64) } else { Value::from(number) }
}

/// A list as it stands in its field.
pub fn list_to_text(language: Language, bounds: FieldBounds, value: &Value) -> String {
    let one = |value: &Value| match value.as_f64() {
        Some(number) => plain(language, number, bounds.decimals),
        None => "None".to_owned(),
    };
    match value {
        Value::Null => String::new(),
        // A decimal comma must not be taken for the one between two numbers.
        Value::Array(all) => {
            all.iter().map(one).collect::<Vec<_>>().join(if bounds.decimals == 0 { ", " } else { "; " })
        }
        only => one(only),
    }
}

/// A list from what was typed; nothing if one of its parts makes no sense.
pub fn list_from_text(bounds: FieldBounds, gaps: bool, text: &str) -> Option<Value> {
    let is_between =
        |letter: char| letter.is_whitespace() || letter == ';' || (letter == ',' && bounds.decimals == 0);
    let text = text.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let parts = text.split(is_between).map(|part| part.trim_end_matches(',')).filter(|part| !part.is_empty());
    let one = |part: &str| {
        if gaps && matches!(part, "None" | "null") {
            return Some(Value::Null);
        }
        parse_number(part).filter(|number| bounds.allows(*number)).map(|number| json_number(bounds, number))
    };
    parts.map(one).collect::<Option<Vec<Value>>>().map(Value::from)
}

/// A number as it stands in a field: without spaces between thousands.
pub fn plain(language: Language, number: f64, decimals: usize) -> String {
    let text = language.short(number, decimals);
    match language {
        Language::En => text.replace(',', ""),
        Language::Ru => text.replace('\u{202f}', ""),
    }
}

/// The value of the argument `name` as Python writes it: `(3, 3)`, `(784,)`, `None`, `'same'`, `GlorotUniform`.
pub fn python(name: &str, kind: Kind, value: &Value) -> String {
    match (kind, value) {
        (_, Value::Null) => "None".to_owned(),
        (_, Value::Bool(true)) => "True".to_owned(),
        (_, Value::Bool(false)) => "False".to_owned(),
        (Kind::Member(_) | Kind::Rate(_), Value::String(_) | Value::Object(_)) => class_of(value).to_owned(),
        (_, Value::String(text)) => format!("'{text}'"),
        (_, Value::Array(all)) => {
            let all: Vec<String> = all.iter().map(|value| python(name, kind, value)).collect();
            match &all[..] {
                // Keras takes one axis as a number, but no shape of one axis.
                [only] if name == "axis" => only.clone(),
                [only] => format!("({only},)"),
                all => format!("({})", all.join(", ")),
            }
        }
        (_, other) => other.as_f64().map(|number| number.to_string()).unwrap_or_default(),
    }
}
