//! [`DataSpec`]: which images a run uses, and as what.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::DatasetId;
use crate::engine::argument::ArgumentError;
use crate::engine::fit_spec::FitSpec;
use crate::engine::spec_error::SpecError;

/// Which images are used.
///
/// As in Keras with `validation_split = validation_samples / samples`: the validation part is the
/// last one and is cut off before any shuffling.
///
/// # Classes
/// With `class_counts` fewer images are used, in three steps whose order matters:
///
/// 1. The first `samples` images of the training file are taken, and the last of them cut off for
///    validation, as without it.
/// 2. Of what is left to train on, the first so many images of each class stay, in the file's order.
///    Other classes are not touched, and no other images take the places of those that go.
/// 3. A class with 0 is left out everywhere: its images neither validate nor test. Otherwise both parts
///    stay whole, so that a network trained on few images of a class is still judged by all of them.
///
/// The network's outputs stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSpec {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Images taken from the start of the training file, validation included; at most 60,000.
    pub samples: usize,
    /// How many of these, the last ones, are kept for validation; may be 0.
    pub validation_samples: usize,
    /// Images taken from the start of the test file; at most 10,000.
    pub test_samples: usize,
    /// How many images of a class are trained on, at most; classes that are not named keep all.
    pub class_counts: Option<BTreeMap<u32, usize>>,
}

impl Default for DataSpec {
    /// A subset small enough for a first result within a minute on a school laptop.
    fn default() -> Self {
        Self {
            dataset: DatasetId::Mnist,
            samples: 7_000,
            validation_samples: 1_000,
            test_samples: 1_000,
            class_counts: None,
        }
    }
}

/// The images of a run, as positions in the training file, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What the model learns from.
    pub train: Vec<u32>,
    /// What it is measured by after an epoch.
    pub validation: Vec<u32>,
}

impl DataSpec {
    /// How many of the images come before those that validate, which are the last ones. As with Keras's
    /// `validation_data`, a number of validation images of their own goes before
    /// [`FitSpec::validation_split`]. All of them are trained on unless [`DataSpec::class_counts`] says less.
    pub fn num_train(&self, fit: &FitSpec) -> usize {
        if self.validation_samples > 0 {
            self.samples.saturating_sub(self.validation_samples)
        } else {
            fit.split_at(self.samples)
        }
    }

    /// Whether images of this class are used nowhere.
    pub fn excludes(&self, class: u32) -> bool {
        self.class_counts.as_ref().is_some_and(|counts| counts.get(&class) == Some(&0))
    }

    /// Which images are trained on and which validate, given the class of each image from the start of the
    /// training file.
    pub fn choose(&self, fit: &FitSpec, classes: impl IntoIterator<Item = u32>) -> Choice {
        let num_train = self.num_train(fit);
        let mut left = self.class_counts.clone().unwrap_or_default();
        let mut choice = Choice::default();
        for (position, class) in classes.into_iter().take(self.samples).enumerate() {
            if position >= num_train {
                if !self.excludes(class) {
                    choice.validation.push(position as u32);
                }
                continue;
            }
            if let Some(left) = left.get_mut(&class) {
                let Some(fewer) = left.checked_sub(1) else { continue };
                *left = fewer;
            }
            choice.train.push(position as u32);
        }
        choice
    }

    /// Which images judge the network in the end, given the class of each image from the start of the test
    /// file; positions in that file.
    pub fn choose_test(&self, classes: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let used = classes.into_iter().take(self.test_samples).enumerate();
        used.filter(|(_, class)| !self.excludes(*class)).map(|(position, _)| position as u32).collect()
    }

    /// Checks that there is something to train on.
    ///
    /// # Errors
    /// [`SpecError::NoTrainingSamples`] when validation takes everything.
    pub fn validate(&self) -> Result<(), SpecError> {
        if self.validation_samples >= self.samples {
            return Err(SpecError::NoTrainingSamples {
                samples: self.samples,
                validation_samples: self.validation_samples,
            });
        }
        Ok(())
    }

    /// Checks that only classes of the dataset, which has so many, are named, and not all of them left out.
    ///
    /// # Errors
    /// The first class that there is not, or [`SpecError::NoneOfTheseClasses`].
    pub fn validate_classes(&self, classes: usize) -> Result<(), SpecError> {
        let Some(counts) = &self.class_counts else { return Ok(()) };
        if let Some(class) = counts.keys().find(|class| **class as usize >= classes) {
            let (max, got) = (classes.saturating_sub(1) as f64, f64::from(*class));
            let argument = "class_counts".to_owned();
            return Err(ArgumentError { argument, min: 0.0, max, got }.into());
        }
        if (0..classes as u32).all(|class| self.excludes(class)) {
            return Err(SpecError::NoneOfTheseClasses { samples: self.samples });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten images of three classes.
    const CLASSES: [u32; 10] = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];

    fn data(counts: &[(u32, usize)]) -> DataSpec {
        let class_counts = Some(counts.iter().copied().collect());
        DataSpec { samples: 9, validation_samples: 3, test_samples: 5, class_counts, ..DataSpec::default() }
    }

    fn choose(counts: &[(u32, usize)]) -> (Vec<u32>, Vec<u32>) {
        let Choice { train, validation } = data(counts).choose(&FitSpec::default(), CLASSES);
        (train, validation)
    }

    #[test]
    fn the_first_images_of_a_class_stay_in_the_files_order() {
        assert_eq!(choose(&[]), (vec![0, 1, 2, 3, 4, 5], vec![6, 7, 8]));
        assert_eq!(choose(&[(1, 1)]), (vec![0, 1, 2, 3, 5], vec![6, 7, 8]));
        assert_eq!(choose(&[(1, 100)]), choose(&[]));
    }

    #[test]
    fn a_class_left_out_neither_validates_nor_tests() {
        assert_eq!(choose(&[(2, 0), (0, 1)]), (vec![0, 1, 4], vec![6, 7]));
        assert_eq!(data(&[(2, 0)]).choose_test(CLASSES), [0, 1, 3, 4]);
        assert_eq!(data(&[(2, 1)]).choose_test(CLASSES), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_fraction_for_validation_is_cut_off_before_classes_are_counted() {
        let mut data = data(&[(0, 0)]);
        data.validation_samples = 0;
        let fit = FitSpec { validation_split: 0.25, ..FitSpec::default() };
        let choice = data.choose(&fit, CLASSES);
        assert_eq!((choice.train, choice.validation), (vec![1, 2, 4, 5], vec![7, 8]));
    }

    #[test]
    fn classes_that_make_no_sense_are_refused() {
        assert_eq!(data(&[(2, 5)]).validate_classes(3), Ok(()));
        assert!(matches!(data(&[(3, 5)]).validate_classes(3), Err(SpecError::Argument(_))));
        let none = Err(SpecError::NoneOfTheseClasses { samples: 9 });
        assert_eq!(data(&[(0, 0), (1, 0), (2, 0)]).validate_classes(3), none);
    }

    #[test]
    fn a_file_from_before_means_what_it_meant() {
        let old = r#"{"dataset":"mnist","samples":7000,"validation_samples":1000,"test_samples":1000}"#;
        assert_eq!(serde_json::from_str::<DataSpec>(old).unwrap(), DataSpec::default());
        let chosen = data(&[(3, 100), (8, 0)]);
        let json = serde_json::to_string(&chosen).unwrap();
        assert!(json.contains(r#""class_counts":{"3":100,"8":0}"#), "{json}");
        assert_eq!(serde_json::from_str::<DataSpec>(&json).unwrap(), chosen);
        let wire = bincode::serialize(&chosen).unwrap();
        assert_eq!(bincode::deserialize::<DataSpec>(&wire).unwrap(), chosen);
    }
}
