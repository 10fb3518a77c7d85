//! [`Thresholds`]: what Keras takes as one number or as a list.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::loose::Number;

/// Some numbers; JSON has one or a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thresholds(pub Vec<f32>);

impl Serialize for Thresholds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Thresholds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return Vec::deserialize(deserializer).map(Self);
        }
        deserializer.deserialize_any(Numbers)
    }
}

/// A number or a list of them. Other values are looked at and not kept: they may be large.
struct Numbers;

const NUMBERS: &str = "a number or a list of numbers";

impl<'de> Visitor<'de> for Numbers {
    type Value = Thresholds;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(NUMBERS)
    }

    fn visit_unit<E: Error>(self) -> Result<Thresholds, E> {
        Ok(Thresholds::default())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Thresholds, E> {
        Ok(Thresholds(vec![number as f32]))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Thresholds, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Thresholds, E> {
        self.visit_f64(number as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Thresholds, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = items.next_element_seed(Number(NUMBERS))? {
            numbers.push(number as f32);
        }
        Ok(Thresholds(numbers))
    }
}
