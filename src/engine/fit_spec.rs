//! [`FitSpec`]: what Keras's `fit` takes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data::Shuffle;
use crate::engine::argument::ArgumentError;
use crate::engine::callbacks::CallbackSpec;
pub use crate::engine::callbacks::Verbose;
use crate::engine::spec_error::SpecError;

/// What Keras's `fit` takes, the data apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FitSpec {
    /// Samples per step; the last batch of an epoch may be smaller.
    pub batch_size: usize,
    /// The epoch before which training ends, counted from the first epoch of all: with
    /// `initial_epoch` 3 and `epochs` 5 two epochs run.
    pub epochs: usize,
    /// What is printed meanwhile.
    pub verbose: Verbose,
    /// Asked in this order after every event.
    pub callbacks: Vec<CallbackSpec>,
    /// The fraction of the samples, the last ones, that is kept for validation; cut off before any
    /// shuffling, and ignored when there are validation samples of their own. 0..1
    pub validation_split: f64,
    /// How the order of samples changes from epoch to epoch.
    pub shuffle: Shuffle,
    /// How much the samples of a class count in the loss; classes that are not named count 1. Not
    /// together with weights of single samples.
    pub class_weight: Option<BTreeMap<u32, f32>>,
    /// The epoch, from 0, at which training begins: to go on with an earlier run.
    pub initial_epoch: usize,
    /// Batches per epoch; otherwise as many as the samples fill. The next epoch goes on where the
    /// last one ended.
    pub steps_per_epoch: Option<usize>,
    /// Batches of a validation; otherwise all.
    pub validation_steps: Option<usize>,
    /// Samples per batch of a validation; otherwise `batch_size`.
    pub validation_batch_size: Option<usize>,
    /// After which epochs it is validated.
    pub validation_freq: ValidationFreq,
}

impl Default for FitSpec {
    /// Keras's defaults but for a batch of 64 and 5 epochs, with which the lessons begin; Keras has
    /// 32 and 1.
    fn default() -> Self {
        Self {
            batch_size: 64,
            epochs: 5,
            verbose: Verbose::Auto,
            callbacks: Vec::new(),
            validation_split: 0.0,
            shuffle: Shuffle::All,
            class_weight: None,
            initial_epoch: 0,
            steps_per_epoch: None,
            validation_steps: None,
            validation_batch_size: None,
            validation_freq: ValidationFreq::Every(1),
        }
    }
}

impl FitSpec {
    /// Checks ranges, but not those of callbacks, which depend on the model too.
    ///
    /// # Errors
    /// The first argument out of range.
    pub fn validate(&self) -> Result<(), SpecError> {
        let counts = [
            ("batch_size", Some(self.batch_size)),
            ("epochs", Some(self.epochs)),
            ("steps_per_epoch", self.steps_per_epoch),
            ("validation_steps", self.validation_steps),
            ("validation_batch_size", self.validation_batch_size),
            ("validation_freq", self.validation_freq.every()),
        ];
        for (argument, value) in counts {
            if value == Some(0) {
                return Err(out_of_range(argument, 1.0, f64::INFINITY, 0.0));
            }
        }
        // A split of 1 would leave nothing to train on.
        if !(0.0..1.0).contains(&self.validation_split) {
            return Err(out_of_range("validation_split", 0.0, 1.0 - f64::EPSILON, self.validation_split));
        }
        if self.initial_epoch > self.epochs {
            let (max, got) = (self.epochs as f64, self.initial_epoch as f64);
            return Err(out_of_range("initial_epoch", 0.0, max, got));
        }
        for weight in self.class_weight.iter().flat_map(BTreeMap::values) {
            if !weight.is_finite() {
                return Err(out_of_range("class_weight", f64::MIN, f64::MAX, f64::from(*weight)));
            }
        }
        Ok(())
    }

    /// How many of `samples` are trained on when the last part validates, as Keras counts them:
    /// `floor(samples · (1 − validation_split))`.
    pub fn split_at(&self, samples: usize) -> usize {
        (samples as f64 * (1.0 - self.validation_split)).floor() as usize
    }

    /// Samples per batch of a validation.
    pub fn validation_batch(&self) -> usize {
        self.validation_batch_size.unwrap_or(self.batch_size)
    }

    /// How much a sample of `class` counts in the loss.
    pub fn weight_of(&self, class: u32) -> f32 {
        self.class_weight.as_ref().and_then(|weights| weights.get(&class)).copied().unwrap_or(1.0)
    }
}

fn out_of_range(argument: &str, min: f64, max: f64, got: f64) -> SpecError {
    ArgumentError { argument: argument.to_owned(), min, max, got }.into()
}

/// After which epochs it is validated; in JSON a number or a list of epochs, as in Keras.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidationFreq {
    /// After every so manieth epoch.
    Every(usize),
    /// After these epochs, counted from 1 as in Keras.
    Epochs(Vec<usize>),
}

impl ValidationFreq {
    /// Whether it is validated after `epoch`, counted from 0.
    pub fn includes(&self, epoch: usize) -> bool {
        match self {
            Self::Every(every) => (epoch + 1).is_multiple_of(*every),
            Self::Epochs(epochs) => epochs.contains(&(epoch + 1)),
        }
    }

    /// After how many of these epochs, counted from 0, it is validated.
    pub fn count(&self, epochs: Range<usize>) -> usize {
        match self {
            Self::Every(every) => {
                let until = |epoch: usize| epoch / (*every).max(1);
                until(epochs.end).saturating_sub(until(epochs.start))
            }
            Self::Epochs(list) => {
                let within = list.iter().filter(|epoch| (epochs.start + 1..=epochs.end).contains(*epoch));
                within.collect::<BTreeSet<_>>().len()
            }
        }
    }

    fn every(&self) -> Option<usize> {
        match self {
            Self::Every(every) => Some(*every),
            Self::Epochs(_) => None,
        }
    }
}

impl Serialize for ValidationFreq {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (serializer.is_human_readable(), self) {
            (true, Self::Every(every)) => serializer.serialize_u64(*every as u64),
            (true, Self::Epochs(epochs)) => epochs.serialize(serializer),
            // On the wire always a pair, since the binary codec cannot look ahead.
            (false, Self::Every(every)) => (Some(*every as u64), Vec::<usize>::new()).serialize(serializer),
            (false, Self::Epochs(epochs)) => (None::<u64>, epochs).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ValidationFreq {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_any(FreqVisitor);
        }
        let (every, epochs) = <(Option<u64>, Vec<usize>)>::deserialize(deserializer)?;
        Ok(every.map_or(Self::Epochs(epochs), |every| Self::Every(every as usize)))
    }
}

struct FreqVisitor;

impl<'de> Visitor<'de> for FreqVisitor {
    type Value = ValidationFreq;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number of epochs or a list of epochs")
    }

    fn visit_u64<E: serde::de::Error>(self, every: u64) -> Result<ValidationFreq, E> {
        Ok(ValidationFreq::Every(every as usize))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<ValidationFreq, A::Error> {
        let mut epochs = Vec::new();
        while let Some(epoch) = items.next_element()? {
            epochs.push(epoch);
        }
        Ok(ValidationFreq::Epochs(epochs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survives(spec: &FitSpec) {
        let json = serde_json::to_string(spec).unwrap();
        assert_eq!(serde_json::from_str::<FitSpec>(&json).unwrap(), *spec, "{json}");
        let wire = bincode::serialize(spec).unwrap();
        assert_eq!(bincode::deserialize::<FitSpec>(&wire).unwrap(), *spec);
    }

    #[test]
    fn validations_are_counted_as_they_happen() {
        let lists = [vec![], vec![1], vec![2, 5, 5, 9], vec![3, 40]];
        let freqs = (1..5).map(ValidationFreq::Every).chain(lists.map(ValidationFreq::Epochs));
        for freq in freqs {
            for (first, end) in [(0, 0), (0, 1), (0, 10), (1, 4), (4, 9), (7, 7), (5, 3)] {
                let happen = (first..end).filter(|epoch| freq.includes(*epoch)).count();
                assert_eq!(freq.count(first..end), happen, "{freq:?} {first}..{end}");
            }
        }
    }

    #[test]
    fn every_form_survives_a_file_and_the_wire() {
        let freqs = [ValidationFreq::Every(3), ValidationFreq::Epochs(vec![1, 4])];
        for validation_freq in freqs {
            for verbose in [Verbose::Auto, Verbose::Silent, Verbose::Bar, Verbose::Line] {
                let class_weight = Some(BTreeMap::from([(0, 0.5), (7, 2.0)]));
                let validation_freq = validation_freq.clone();
                survives(&FitSpec { verbose, class_weight, validation_freq, ..FitSpec::default() });
            }
        }
    }

    #[test]
    fn the_written_forms_are_those_of_keras() {
        let text =
            r#"{"verbose": 2, "shuffle": "batch", "validation_freq": [2, 3], "class_weight": {"1": 2}}"#;
        let spec: FitSpec = serde_json::from_str(text).unwrap();
        assert_eq!((spec.verbose, spec.shuffle), (Verbose::Line, Shuffle::WithinBatch));
        assert!(!spec.validation_freq.includes(0) && spec.validation_freq.includes(1));
        assert_eq!((spec.weight_of(1), spec.weight_of(0)), (2.0, 1.0));
        for text in [r#"{"verbose": 4}"#, r#"{"validation_freq": "2"}"#, r#"{"verbose": "bar"}"#] {
            assert!(serde_json::from_str::<FitSpec>(text).is_err(), "{text}");
        }
    }

    /// As Keras 3.15.1 cuts: `floor(n·(1 − split))` in double precision.
    #[test]
    fn validation_is_cut_where_keras_cuts() {
        let at = |n, validation_split| FitSpec { validation_split, ..FitSpec::default() }.split_at(n);
        assert_eq!((at(10, 0.25), at(10, 0.1), at(100, 0.3), at(7, 0.0)), (7, 9, 70, 7));
        assert_eq!(at(10, 0.9), 0, "1 - 0.9 is a little less than 0.1");
    }

    #[test]
    fn arguments_out_of_range_are_named() {
        let wrong = |change: fn(&mut FitSpec)| {
            let mut spec = FitSpec::default();
            change(&mut spec);
            match spec.validate() {
                Err(SpecError::Argument(error)) => error.argument,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(wrong(|spec| spec.batch_size = 0), "batch_size");
        assert_eq!(wrong(|spec| spec.steps_per_epoch = Some(0)), "steps_per_epoch");
        assert_eq!(wrong(|spec| spec.validation_freq = ValidationFreq::Every(0)), "validation_freq");
        assert_eq!(wrong(|spec| spec.validation_split = 1.0), "validation_split");
        assert_eq!(wrong(|spec| spec.validation_split = f64::NAN), "validation_split");
        assert_eq!(wrong(|spec| spec.initial_epoch = 6), "initial_epoch");
        assert_eq!(wrong(|spec| spec.class_weight = Some(BTreeMap::from([(1, f32::NAN)]))), "class_weight");
    }
}
