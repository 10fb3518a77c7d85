//! [`LossWeight`]: what Keras's `compile(loss_weights=…)` takes for a model with one output.

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::engine::argument::{ArgumentError, check};
use crate::engine::loose::unexpected;

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
        let value = serde_json::Value::deserialize(deserializer)?;
        let one = match &value {
            serde_json::Value::Null => return Ok(Self(None)),
            serde_json::Value::Array(all) if all.len() == 1 => &all[0],
            other => other,
        };
        let number = one.as_f64().map(|number| Self(Some(number as f32)));
        let expected = "one number, as the model has one output";
        number.ok_or_else(|| de::Error::invalid_type(unexpected(one), &expected))
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
