//! Arguments that Keras takes as one number or as two: `kernel_size: 3` is `kernel_size: [3, 3]`.
//!
//! Text a person may have written has either form; on the wire there is only the long one.

use std::fmt;

use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, SeqAccess, Unexpected, Visitor};

/// Rows and columns from one number for both or from two.
///
/// # Errors
/// If it is neither.
pub(super) fn pair<'de, D: Deserializer<'de>>(from: D) -> Result<[usize; 2], D::Error> {
    if from.is_human_readable() { from.deserialize_any(OneOrTwo) } else { Deserialize::deserialize(from) }
}

/// As [`pair`], or `null`.
///
/// # Errors
/// If it is neither.
pub(super) fn optional_pair<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[usize; 2]>, D::Error> {
    Ok(if from.is_human_readable() {
        Option::<Written<[usize; 2]>>::deserialize(from)?.map(|written| written.0)
    } else {
        Deserialize::deserialize(from)?
    })
}

/// `[[top, bottom], [left, right]]` from one number for all four, from `[rows, columns]`, or with
/// two numbers in either place.
///
/// # Errors
/// If it is none of these.
pub(super) fn pair_of_pairs<'de, D: Deserializer<'de>>(from: D) -> Result<[[usize; 2]; 2], D::Error> {
    if from.is_human_readable() {
        from.deserialize_any(OneOrTwoPairs)
    } else {
        Deserialize::deserialize(from)
    }
}

/// A value in a form that a person may have written.
struct Written<T>(T);

impl<'de> Deserialize<'de> for Written<[usize; 2]> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(OneOrTwo).map(Written)
    }
}

struct OneOrTwo;

impl<'de> Visitor<'de> for OneOrTwo {
    type Value = [usize; 2];

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("one number or two")
    }

    fn visit_u64<E: serde::de::Error>(self, both: u64) -> Result<Self::Value, E> {
        let too_large = |_| E::invalid_value(Unexpected::Unsigned(both), &self);
        usize::try_from(both).map(|both| [both; 2]).map_err(too_large)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(seq))
    }
}

struct OneOrTwoPairs;

impl<'de> Visitor<'de> for OneOrTwoPairs {
    type Value = [[usize; 2]; 2];

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("one number, two, or two pairs")
    }

    fn visit_u64<E: serde::de::Error>(self, all: u64) -> Result<Self::Value, E> {
        OneOrTwo.visit_u64(all).map(|both| [both; 2])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let [Written(rows), Written(columns)] = Deserialize::deserialize(SeqAccessDeserializer::new(seq))?;
        Ok([rows, columns])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Spec {
        #[serde(deserialize_with = "pair")]
        size: [usize; 2],
        #[serde(deserialize_with = "optional_pair")]
        strides: Option<[usize; 2]>,
        #[serde(deserialize_with = "pair_of_pairs")]
        padding: [[usize; 2]; 2],
    }

    fn read(size: &str, strides: &str, padding: &str) -> Result<Spec, serde_json::Error> {
        serde_json::from_str(&format!(r#"{{"size": {size}, "strides": {strides}, "padding": {padding}}}"#))
    }

    #[test]
    fn every_form_of_keras_is_read() {
        let spec = |size, strides, padding| Spec { size, strides, padding };
        assert_eq!(read("3", "null", "1").unwrap(), spec([3, 3], None, [[1, 1], [1, 1]]));
        assert_eq!(read("[3, 2]", "2", "[1, 2]").unwrap(), spec([3, 2], Some([2, 2]), [[1, 1], [2, 2]]));
        assert_eq!(
            read("[3, 2]", "[2, 1]", "[[1, 2], [0, 3]]").unwrap(),
            spec([3, 2], Some([2, 1]), [[1, 2], [0, 3]])
        );
        assert_eq!(read("3", "null", "[[1, 2], 3]").unwrap(), spec([3, 3], None, [[1, 2], [3, 3]]));
    }

    #[test]
    fn other_forms_are_refused() {
        for (size, strides, padding) in [
            ("[3]", "null", "1"),
            ("[3, 3, 3]", "null", "1"),
            ("-3", "null", "1"),
            ("2.5", "null", "1"),
            ("null", "null", "1"),
            ("3", "\"2\"", "1"),
            ("3", "null", "[1]"),
            ("3", "null", "[[1, 2, 3], 1]"),
            ("3", "null", "-1"),
        ] {
            assert!(read(size, strides, padding).is_err(), "{size} {strides} {padding}");
        }
    }

    #[test]
    fn the_wire_has_one_form() {
        for strides in [None, Some([2, 1])] {
            let spec = Spec { size: [3, 2], strides, padding: [[1, 2], [3, 4]] };
            let bytes = bincode::serialize(&spec).unwrap();
            assert_eq!(bincode::deserialize::<Spec>(&bytes).unwrap(), spec);
        }
    }
}
