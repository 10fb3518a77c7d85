//! [`LearningRateSpec`]: a number or a schedule, as Keras's optimizers take it.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ScheduleError, ScheduleSpec};
use crate::engine::argument::check;

/// What sets the step size. In JSON a number is a number, and a schedule is
/// `{"ExponentialDecay": {…}}`.
#[derive(Debug, Clone, PartialEq)]
pub enum LearningRateSpec {
    /// Constant until somebody changes it.
    Number(f32),
    /// A function of the step.
    Schedule(ScheduleSpec),
}

impl LearningRateSpec {
    /// The number, unless it is a schedule.
    pub fn number(&self) -> Option<f32> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Schedule(_) => None,
        }
    }

    /// The learning rate of the step that follows `step` others.
    pub fn at(&self, step: u64) -> f32 {
        match self {
            Self::Number(number) => *number,
            Self::Schedule(schedule) => schedule.at(step),
        }
    }

    /// Checks ranges.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn validate(&self) -> Result<(), ScheduleError> {
        match self {
            Self::Number(number) => Ok(check("learning_rate", *number, 0.0, f32::MAX)?),
            Self::Schedule(schedule) => schedule.validate(),
        }
    }
}

impl From<f32> for LearningRateSpec {
    fn from(number: f32) -> Self {
        Self::Number(number)
    }
}

impl<S: Into<ScheduleSpec>> From<S> for LearningRateSpec {
    fn from(schedule: S) -> Self {
        Self::Schedule(schedule.into())
    }
}

impl fmt::Display for LearningRateSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Schedule(schedule) => write!(f, "{} from {}", schedule.class_name(), schedule.at(0)),
        }
    }
}

/// The form on the wire, whose codec must be told which of the two comes.
#[derive(Serialize, Deserialize)]
enum WireLearningRateSpec {
    Number(f32),
    Schedule(ScheduleSpec),
}

impl Serialize for LearningRateSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) if serializer.is_human_readable() => number.serialize(serializer),
            Self::Schedule(schedule) if serializer.is_human_readable() => schedule.serialize(serializer),
            Self::Number(number) => WireLearningRateSpec::Number(*number).serialize(serializer),
            Self::Schedule(schedule) => {
                WireLearningRateSpec::Schedule(schedule.clone()).serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for LearningRateSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(NumberOrSchedule);
        }
        Ok(match WireLearningRateSpec::deserialize(deserializer)? {
            WireLearningRateSpec::Number(number) => Self::Number(number),
            WireLearningRateSpec::Schedule(schedule) => Self::Schedule(schedule),
        })
    }
}

struct NumberOrSchedule;

impl<'de> Visitor<'de> for NumberOrSchedule {
    type Value = LearningRateSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a schedule such as {\"ExponentialDecay\": {…}}")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(LearningRateSpec::Number(number as f32))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(LearningRateSpec::Number(number as f32))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(LearningRateSpec::Number(number as f32))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        ScheduleSpec::deserialize(MapAccessDeserializer::new(map)).map(LearningRateSpec::Schedule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_a_number_in_json() {
        let read = |text: &str| serde_json::from_str::<LearningRateSpec>(text).unwrap();
        assert_eq!(read("0.001"), LearningRateSpec::Number(0.001));
        assert_eq!(read("1"), LearningRateSpec::Number(1.0));
        assert_eq!(serde_json::to_string(&LearningRateSpec::Number(0.001)).unwrap(), "0.001");
        let schedule = read(r#"{"ExponentialDecay": {"decay_steps": 5}}"#);
        assert_eq!(read(&serde_json::to_string(&schedule).unwrap()), schedule);
        assert!(serde_json::from_str::<LearningRateSpec>("\"fast\"").is_err());
    }

    #[test]
    fn both_survive_the_wire() {
        let schedules = ScheduleSpec::palette().into_iter().map(LearningRateSpec::Schedule);
        for spec in schedules.chain([LearningRateSpec::Number(0.5)]) {
            let bytes = bincode::serialize(&spec).unwrap();
            assert_eq!(bincode::deserialize::<LearningRateSpec>(&bytes).unwrap(), spec);
        }
    }
}
