//! File names with places for the epoch and the values measured: `model.{epoch:02d}-{val_loss:.2f}.keras`.
//!
//! The language is that of Python's `str.format` with named fields, `{{` and `}}` for braces.

use serde::{Deserialize, Serialize};

use super::python_format::{FormatSpec, Number};

/// A path that cannot be read or filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TemplateError {
    /// A name that is neither `epoch`, `batch` nor among the values measured. Python's `KeyError`.
    #[error("{template}: {key} is not known here, only {}", known.join(", "))]
    UnknownKey {
        /// The whole path.
        template: String,
        /// The name in braces.
        key: String,
        /// The names that would do.
        known: Vec<String>,
    },
    /// A format that does not fit the value or is none at all. Python's `ValueError`.
    #[error("{template}: {key} cannot be written as {format:?}")]
    WrongFormat {
        /// The whole path.
        template: String,
        /// The name in braces.
        key: String,
        /// What follows the colon.
        format: String,
    },
    /// A brace without its other half.
    #[error("{template}: a brace at character {at} has no other half")]
    LoneBrace {
        /// The whole path.
        template: String,
        /// From 0.
        at: usize,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field { key: String, format: String, spec: FormatSpec },
}

/// A path that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    template: String,
    pieces: Vec<Piece>,
}

impl PathTemplate {
    /// Reads a path.
    ///
    /// # Errors
    /// A lone brace, or a format that Python does not know.
    pub fn parse(template: &str) -> Result<Self, TemplateError> {
        let lone = |at| TemplateError::LoneBrace { template: template.to_owned(), at };
        let chars: Vec<char> = template.chars().collect();
        let (mut pieces, mut text, mut at) = (Vec::new(), String::new(), 0);
        while let Some(letter) = chars.get(at).copied() {
            let doubled = chars.get(at + 1) == Some(&letter);
            match letter {
                '{' | '}' if doubled => {
                    text.push(letter);
                    at += 2;
                }
                '{' => {
                    let len = chars[at + 1..].iter().position(|c| *c == '}').ok_or_else(|| lone(at))?;
                    let field: String = chars[at + 1..at + 1 + len].iter().collect();
                    if let Some(inner) = field.find('{') {
                        return Err(lone(at + 1 + inner));
                    }
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(read_field(template, &field)?);
                    at += len + 2;
                }
                '}' => return Err(lone(at)),
                _ => {
                    text.push(letter);
                    at += 1;
                }
            }
        }
        pieces.push(Piece::Text(text));
        Ok(Self { template: template.to_owned(), pieces })
    }

    /// The path with every field filled in.
    ///
    /// # Errors
    /// A name that is not among `values`, or a format that does not fit its value.
    pub fn fill(&self, values: &[(&str, Number)]) -> Result<String, TemplateError> {
        let template = || self.template.clone();
        let mut path = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => path += text,
                Piece::Field { key, format, spec } => {
                    let found = values.iter().find(|(name, _)| name == key);
                    let (_, value) = found.ok_or_else(|| TemplateError::UnknownKey {
                        template: template(),
                        key: key.clone(),
                        known: values.iter().map(|(name, _)| (*name).to_owned()).collect(),
                    })?;
                    path += &spec.format(*value).ok_or_else(|| TemplateError::WrongFormat {
                        template: template(),
                        key: key.clone(),
                        format: format.clone(),
                    })?;
                }
            }
        }
        Ok(path)
    }
}

fn read_field(template: &str, field: &str) -> Result<Piece, TemplateError> {
    let (key, format) = field.split_once(':').unwrap_or((field, ""));
    let (key, format) = (key.to_owned(), format.to_owned());
    match FormatSpec::parse(&format) {
        Some(spec) => Ok(Piece::Field { key, format, spec }),
        None => Err(TemplateError::WrongFormat { template: template.to_owned(), key, format }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(template: &str) -> Result<String, TemplateError> {
        let values = [("epoch", Number::Int(3)), ("val_loss", Number::Float(0.126_5))];
        PathTemplate::parse(template)?.fill(&values)
    }

    #[test]
    fn fields_are_filled_in_as_python_does() {
        assert_eq!(fill("m.{epoch:02d}-{val_loss:.2f}.keras").unwrap(), "m.03-0.13.keras");
        assert_eq!(fill("{{{epoch}}}.h5").unwrap(), "{3}.h5");
        assert_eq!(fill("plain.keras").unwrap(), "plain.keras");
    }

    #[test]
    fn what_python_refuses_is_refused() {
        let template = |text: &str| text.to_owned();
        assert_eq!(
            fill("{val_acc:.2f}.keras"),
            Err(TemplateError::UnknownKey {
                template: template("{val_acc:.2f}.keras"),
                key: "val_acc".to_owned(),
                known: vec!["epoch".to_owned(), "val_loss".to_owned()],
            })
        );
        assert!(matches!(fill("{val_loss:02d}"), Err(TemplateError::WrongFormat { .. })));
        assert!(matches!(fill("{epoch:z}"), Err(TemplateError::WrongFormat { .. })));
        assert_eq!(fill("a{epoch"), Err(TemplateError::LoneBrace { template: template("a{epoch"), at: 1 }));
        assert_eq!(fill("a}b"), Err(TemplateError::LoneBrace { template: template("a}b"), at: 1 }));
    }
}
