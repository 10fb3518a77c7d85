//! [`LossWeight`]: what Keras's `compile(loss_weights=…)` takes for a model with one output.

use serde::de::{Error, IgnoredAny, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::engine::argument::{ArgumentError, check};
use crate::engine::loose::Number;

/// What the loss is multiplied by before penalties are added. JSON has `null`, a number, or a list that
/// holds one.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct LossWeight(pub Option<f32>);

impl LossWeight {
    /// 1 when there is none.
    pub fn factor(self) -> f32 {
        self.0.unwrap_or(1.0)
    }

    /// Checks that it is a number.
    ///
    /// # Errors
    /// If it is infinite or none.
    pub fn validate(self) -> Result<(), ArgumentError> {
        check("loss_weights", self.factor(), f32::MIN, f32::MAX)
    }
}

impl<'de> Deserialize<'de> for LossWeight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return Option::deserialize(deserializer).map(Self);
        }
        deserializer.deserialize_any(OneOutput)
    }
}

/// One number, alone or in a list. Other values are looked at and not kept: they may be large.
struct OneOutput;

const EXPECTED: &str = "one number, as the model has one output";

impl<'de> Visitor<'de> for OneOutput {
    type Value = LossWeight;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_unit<E: Error>(self) -> Result<LossWeight, E> {
        Ok(LossWeight(None))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<LossWeight, E> {
        Ok(LossWeight(Some(number as f32)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<LossWeight, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<LossWeight, E> {
        self.visit_f64(number as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<LossWeight, A::Error> {
        let first = items.next_element_seed(Number(EXPECTED))?;
        match (first, items.next_element::<IgnoredAny>()?) {
            (Some(number), None) => Ok(LossWeight(Some(number as f32))),
            _ => Err(Error::invalid_type(Unexpected::Seq, &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_alone_and_in_a_list_are_one() {
        let read = |text: &str| serde_json::from_str::<LossWeight>(text).ok();
        assert_eq!(read("0.5"), Some(LossWeight(Some(0.5))));
        assert_eq!(read("[0.5]"), Some(LossWeight(Some(0.5))));
        assert_eq!(read("null"), Some(LossWeight(None)));
        assert_eq!((read("[1, 2]"), read("[]"), read("true")), (None, None, None));
        for weight in [LossWeight(None), LossWeight(Some(2.0))] {
            let json = serde_json::to_string(&weight).unwrap();
            assert_eq!(read(&json), Some(weight));
            let wire = bincode::serialize(&weight).unwrap();
            assert_eq!(bincode::deserialize::<LossWeight>(&wire).unwrap(), weight);
        }
    }
}
