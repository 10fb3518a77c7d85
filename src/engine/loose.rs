//! [`Loose`]: arguments that Keras takes in several forms, such as `save_freq="epoch"` or `save_freq=5`.
//!
//! In JSON they are what Python would write. The worker's binary codec has no such freedom and gets a
//! fixed form.

use serde::de::{DeserializeSeed, Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value in one of the forms that such arguments take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loose {
    /// `True`
    Bool(bool),
    /// `5`
    Int(usize),
    /// `"epoch"`
    Text(String),
    /// `[1, 4]`
    List(Vec<usize>),
}

/// A form or a value that an argument does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, got {got}")]
pub struct LooseError {
    /// In words.
    pub expected: &'static str,
    /// What was given.
    pub got: Loose,
}

impl std::fmt::Display for Loose {
    /// In serde's words, as every other error of a type.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = match self {
            Loose::Bool(value) => Unexpected::Bool(*value),
            Loose::Int(value) => Unexpected::Unsigned(*value as u64),
            Loose::Text(text) => Unexpected::Str(text),
            Loose::List(_) => Unexpected::Seq,
        };
        words.fmt(f)
    }
}

/// Reads a number of JSON that errors call so. A value of another kind is refused without being kept.
pub(crate) struct Number(pub &'static str);

impl<'de> DeserializeSeed<'de> for Number {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Number {
    type Value = f64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }
}

type Fixed = (u8, Vec<u64>, String);

impl Serialize for Loose {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            let fixed: Fixed = match self {
                Loose::Bool(value) => (0, vec![u64::from(*value)], String::new()),
                Loose::Int(value) => (1, vec![*value as u64], String::new()),
                Loose::Text(text) => (2, Vec::new(), text.clone()),
                Loose::List(values) => (3, values.iter().map(|value| *value as u64).collect(), String::new()),
            };
            return fixed.serialize(serializer);
        }
        match self {
            Loose::Bool(value) => serializer.serialize_bool(*value),
            Loose::Int(value) => serializer.serialize_u64(*value as u64),
            Loose::Text(text) => serializer.serialize_str(text),
            Loose::List(values) => values.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(AnyForm);
        }
        let (kind, numbers, text) = Fixed::deserialize(deserializer)?;
        let number = |value: u64| usize::try_from(value).map_err(D::Error::custom);
        let first = numbers.first().copied().unwrap_or(0);
        match kind {
            0 => Ok(Loose::Bool(first != 0)),
            1 => Ok(Loose::Int(number(first)?)),
            2 => Ok(Loose::Text(text)),
            _ => Ok(Loose::List(numbers.into_iter().map(number).collect::<Result<_, _>>()?)),
        }
    }
}

struct AnyForm;

impl<'de> Visitor<'de> for AnyForm {
    type Value = Loose;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("true or false, a number from 0, a text or a list of numbers")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Loose, E> {
        let too_large = |_| E::invalid_value(Unexpected::Unsigned(value), &self);
        usize::try_from(value).map(Loose::Int).map_err(too_large)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Loose, E> {
        Ok(Loose::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element::<usize>()? {
            values.push(value);
        }
        Ok(Loose::List(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_every_form() {
        for (json, loose) in [
            ("true", Loose::Bool(true)),
            ("5", Loose::Int(5)),
            ("\"epoch\"", Loose::Text("epoch".to_owned())),
            ("[1,4]", Loose::List(vec![1, 4])),
        ] {
            assert_eq!(serde_json::from_str::<Loose>(json).unwrap(), loose);
            assert_eq!(serde_json::to_string(&loose).unwrap(), json);
        }
        assert!(serde_json::from_str::<Loose>("-1").is_err());
        let error = LooseError { expected: "a number", got: Loose::Text("x".to_owned()) };
        assert_eq!(error.to_string(), "expected a number, got string \"x\"");
    }
}
