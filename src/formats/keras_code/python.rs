//! Python as it is written: values, calls and lists, broken into lines where they are long.

use std::fmt::Write;

use crate::engine::callbacks::repr;

/// Columns of a line.
const WIDTH: usize = 88;
const INDENT: usize = 4;

/// An expression to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Python {
    /// As it stands.
    Word(String),
    /// A function and its arguments, with names or without.
    Call(String, Vec<(Option<String>, Python)>),
    List(Vec<Python>),
    Tuple(Vec<Python>),
    Dict(Vec<(Python, Python)>),
    /// With something right before it and right behind it.
    Within(String, Box<Python>, &'static str),
}

impl Python {
    pub fn word(word: impl Into<String>) -> Self {
        Self::Word(word.into())
    }

    /// A text in quotes.
    pub fn text(text: &str) -> Self {
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push('"');
        for letter in text.chars() {
            match letter {
                '"' | '\\' => quoted.extend(['\\', letter]),
                '\n' => quoted.push_str("\\n"),
                '\t' => quoted.push_str("\\t"),
                '\r' => quoted.push_str("\\r"),
                other => quoted.push(other),
            }
        }
        quoted.push('"');
        Self::Word(quoted)
    }

    /// A number as Python writes it.
    pub fn float(number: f64) -> Self {
        Self::Word(repr(number))
    }

    /// On one line.
    pub fn flat(&self) -> String {
        let joined = |parts: &[Python]| parts.iter().map(Self::flat).collect::<Vec<_>>().join(", ");
        match self {
            Self::Word(word) => word.clone(),
            Self::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(flat_argument).collect();
                format!("{name}({})", arguments.join(", "))
            }
            Self::List(parts) => format!("[{}]", joined(parts)),
            Self::Tuple(parts) if parts.len() == 1 => format!("({},)", parts[0].flat()),
            Self::Tuple(parts) => format!("({})", joined(parts)),
            Self::Dict(pairs) => {
                let pairs: Vec<String> =
                    pairs.iter().map(|(key, value)| format!("{}: {}", key.flat(), value.flat())).collect();
                format!("{{{}}}", pairs.join(", "))
            }
            Self::Within(before, inner, behind) => format!("{before}{}{behind}", inner.flat()),
        }
    }

    /// Behind `used` columns of a line that is indented by `indent`, with `after` columns behind it.
    pub fn render(&self, indent: usize, used: usize, after: usize) -> String {
        let flat = self.flat();
        if used + flat.chars().count() + after <= WIDTH {
            return flat;
        }
        self.broken(indent)
    }

    /// One part a line.
    pub fn broken(&self, indent: usize) -> String {
        let inner = indent + INDENT;
        let lines = |open: &str, parts: Vec<String>, close: &str| {
            let mut text = format!("{open}\n");
            for part in parts {
                let _ = writeln!(text, "{:inner$}{part},", "");
            }
            text + &format!("{:indent$}{close}", "")
        };
        let each = |parts: &[Python]| parts.iter().map(|part| part.render(inner, inner, 1)).collect();
        match self {
            Self::Word(word) => word.clone(),
            Self::Call(name, arguments) if arguments.is_empty() => format!("{name}()"),
            Self::Call(name, arguments) => {
                let arguments = arguments.iter().map(|(argument, value)| match argument {
                    Some(argument) => {
                        let used = inner + argument.chars().count() + 1;
                        format!("{argument}={}", value.render(inner, used, 1))
                    }
                    None => value.render(inner, inner, 1),
                });
                lines(&format!("{name}("), arguments.collect(), ")")
            }
            Self::List(parts) if parts.is_empty() => "[]".to_owned(),
            Self::List(parts) => lines("[", each(parts), "]"),
            Self::Tuple(parts) if parts.is_empty() => "()".to_owned(),
            Self::Tuple(parts) => lines("(", each(parts), ")"),
            Self::Dict(pairs) => {
                let pairs = pairs.iter().map(|(key, value)| {
                    let key = key.flat();
                    let used = inner + key.chars().count() + 2;
                    format!("{key}: {}", value.render(inner, used, 1))
                });
                lines("{", pairs.collect(), "}")
            }
            Self::Within(before, inner, behind) => format!("{before}{}{behind}", inner.broken(indent)),
        }
    }
}

fn flat_argument((name, value): &(Option<String>, Python)) -> String {
    match name {
        Some(name) => format!("{name}={}", value.flat()),
        None => value.flat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_calls_stand_on_one_line_and_long_ones_on_many() {
        let argument = |name: &str| (Some(name.to_owned()), Python::float(0.5));
        let short = Python::Call("f".to_owned(), vec![(None, Python::word("x")), argument("rate")]);
        assert_eq!(short.render(0, 0, 0), "f(x, rate=0.5)");
        let names = ["a_long_name", "another_long_name", "yet_another_long_name", "the_last_of_the_names"];
        let long = Python::Call("f".to_owned(), names.map(argument).to_vec());
        let text = long.render(0, 0, 0);
        assert!(text.starts_with("f(\n    a_long_name=0.5,\n"), "{text}");
        assert!(text.ends_with(",\n)"), "{text}");
    }

    #[test]
    fn texts_are_quoted_and_tuples_of_one_keep_their_comma() {
        assert_eq!(Python::text("a\"\\\n").flat(), "\"a\\\"\\\\\\n\"");
        assert_eq!(Python::Tuple(vec![Python::word("1")]).flat(), "(1,)");
        let pair = (Python::word("0"), Python::float(1e-5));
        assert_eq!(Python::Dict(vec![pair]).flat(), "{0: 1e-05}");
    }
}
