//! [`FitField`]: the arguments of `fit` that the form takes as text, within which bounds.

use std::collections::BTreeMap;

use crate::data::DatasetId;
use crate::engine::spec::{FitSpec, ValidationFreq};
use crate::ui::arguments::FieldBounds;
use crate::ui::locale::{Language, parse_decimals};

/// The largest count of batches.
const MOST_BATCHES: f64 = 100_000.0;
/// The latest epoch that can be named.
const LAST_EPOCH: usize = 1_000;
/// Epochs of a list, at most.
const MOST_EPOCHS: usize = 200;
/// Letters of a list, at most.
const MAX_LETTERS: usize = 2_000;

/// One argument, or the weight of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FitField {
    /// The part of the images, the last ones, that validates. 0..1
    ValidationSplit,
    /// The epoch, from 0, at which training begins.
    InitialEpoch,
    /// Batches per epoch.
    StepsPerEpoch,
    /// Batches of a validation.
    ValidationSteps,
    /// Images per batch of a validation.
    ValidationBatchSize,
    /// After which epochs it is validated.
    ValidationFreq,
    /// How much the images of this class count in the loss.
    ClassWeight(u32),
}

impl FitField {
    /// Those that are arguments of their own, in Keras's order.
    pub const ALONE: [FitField; 6] = [
        FitField::ValidationSplit,
        FitField::InitialEpoch,
        FitField::StepsPerEpoch,
        FitField::ValidationSteps,
        FitField::ValidationBatchSize,
        FitField::ValidationFreq,
    ];

    /// All of them, where there are so many classes.
    pub fn all(classes: u32) -> impl Iterator<Item = FitField> {
        Self::ALONE.into_iter().chain((0..classes).map(FitField::ClassWeight))
    }

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            FitField::ValidationSplit => "validation_split",
            FitField::InitialEpoch => "initial_epoch",
            FitField::StepsPerEpoch => "steps_per_epoch",
            FitField::ValidationSteps => "validation_steps",
            FitField::ValidationBatchSize => "validation_batch_size",
            FitField::ValidationFreq => "validation_freq",
            FitField::ClassWeight(_) => "class_weight",
        }
    }

    /// The argument of that name.
    pub fn named(name: &str) -> Option<FitField> {
        Self::ALONE.into_iter().find(|field| field.name() == name)
    }

    /// Which numbers it takes. A split of 1 would leave nothing to train on, so it is less.
    pub fn bounds(self) -> FieldBounds {
        let whole = |min, max| FieldBounds { min, max, step: 1.0, decimals: 0 };
        match self {
            FitField::ValidationSplit => FieldBounds { min: 0.0, max: 1.0, step: 0.05, decimals: 6 },
            FitField::InitialEpoch => whole(0.0, LAST_EPOCH as f64),
            FitField::StepsPerEpoch | FitField::ValidationSteps => whole(1.0, MOST_BATCHES),
            FitField::ValidationBatchSize => FieldBounds { step: 16.0, ..whole(1.0, 1_024.0) },
            FitField::ValidationFreq => whole(1.0, LAST_EPOCH as f64),
            FitField::ClassWeight(_) => FieldBounds { min: 0.0, max: 1_000.0, step: 0.5, decimals: 6 },
        }
    }

    /// Whether nothing, Keras's None, is a value.
    pub fn is_optional(self) -> bool {
        matches!(self, FitField::StepsPerEpoch | FitField::ValidationSteps | FitField::ValidationBatchSize)
    }

    fn allows(self, value: f64) -> bool {
        self.bounds().allows(value) && (self != FitField::ValidationSplit || value < 1.0)
    }

    /// Its number; nothing for None and for a list.
    fn get(self, fit: &FitSpec) -> Option<f64> {
        let count = |count: usize| count as f64;
        match self {
            FitField::ValidationSplit => Some(fit.validation_split),
            FitField::InitialEpoch => Some(count(fit.initial_epoch)),
            FitField::StepsPerEpoch => fit.steps_per_epoch.map(count),
            FitField::ValidationSteps => fit.validation_steps.map(count),
            FitField::ValidationBatchSize => fit.validation_batch_size.map(count),
            FitField::ValidationFreq => match &fit.validation_freq {
                ValidationFreq::Every(every) => Some(count(*every)),
                ValidationFreq::Epochs(_) => None,
            },
            // As the decimal that was meant: 0.1, not 0.10000000149.
            FitField::ClassWeight(class) => fit.weight_of(class).to_string().parse().ok(),
        }
    }

    fn set(self, fit: &mut FitSpec, value: Option<f64>) {
        let count = value.map(|value| value as usize);
        match self {
            FitField::ValidationSplit => fit.validation_split = value.unwrap_or_default(),
            FitField::InitialEpoch => fit.initial_epoch = count.unwrap_or_default(),
            FitField::StepsPerEpoch => fit.steps_per_epoch = count,
            FitField::ValidationSteps => fit.validation_steps = count,
            FitField::ValidationBatchSize => fit.validation_batch_size = count,
            FitField::ValidationFreq => fit.validation_freq = ValidationFreq::Every(count.unwrap_or(1)),
            FitField::ClassWeight(class) => set_class_weight(fit, class, value.unwrap_or(1.0) as f32),
        }
    }

    /// Its value as the field shows it; nothing for None.
    pub fn text(self, fit: &FitSpec, language: Language) -> String {
        if let (FitField::ValidationFreq, ValidationFreq::Epochs(epochs)) = (self, &fit.validation_freq) {
            let epochs: Vec<String> = epochs.iter().map(usize::to_string).collect();
            return format!("[{}]", epochs.join(", "));
        }
        self.get(fit).map(|value| self.number(value, language)).unwrap_or_default()
    }

    /// A number without the signs between thousands.
    fn number(self, value: f64, language: Language) -> String {
        let text = language.short(value, self.bounds().decimals);
        match language {
            Language::En => text.replace(',', ""),
            Language::Ru => text.replace('\u{202f}', ""),
        }
    }

    /// Takes what a person typed; false, and nothing changes, if it is no value.
    pub fn accept(self, text: &str, fit: &mut FitSpec) -> bool {
        let text = text.trim();
        if self.is_optional() && (text.is_empty() || text == "None") {
            self.set(fit, None);
            return true;
        }
        if self == FitField::ValidationFreq
            && let Some(list) = epochs_from_text(text)
        {
            let fits = list.iter().all(|epoch| (1..=LAST_EPOCH).contains(epoch)) && list.len() <= MOST_EPOCHS;
            if fits {
                fit.validation_freq = ValidationFreq::Epochs(list);
            }
            return fits;
        }
        let number = parse_decimals(text, self.bounds().decimals).filter(|value| self.allows(*value));
        if number.is_some() {
            self.set(fit, number);
        }
        number.is_some()
    }

    /// Goes to the next number up or down; from None to the least, and a list stays.
    pub fn nudge(self, fit: &mut FitSpec, up: bool) {
        if matches!((self, &fit.validation_freq), (FitField::ValidationFreq, ValidationFreq::Epochs(_))) {
            return;
        }
        let bounds = self.bounds();
        let next = self.get(fit).map_or(bounds.min, |value| bounds.nudged(value, up));
        // Sums of decimals are seldom decimals themselves.
        let next = (next * 1e10).round() / 1e10;
        if self.allows(next) {
            self.set(fit, Some(next));
        }
    }

    /// Whether its value is one that nobody could type; a link may bring such.
    pub fn is_wrong(self, fit: &FitSpec) -> bool {
        if let (FitField::ValidationFreq, ValidationFreq::Epochs(epochs)) = (self, &fit.validation_freq) {
            return epochs.len() > MOST_EPOCHS || epochs.iter().any(|it| !(1..=LAST_EPOCH).contains(it));
        }
        self.get(fit).is_some_and(|value| !self.allows(value))
    }

    /// Keras's default, as Python writes it.
    pub fn default_text(self) -> &'static str {
        match self {
            FitField::ValidationSplit => "0.0",
            FitField::InitialEpoch => "0",
            FitField::ValidationFreq => "1",
            FitField::StepsPerEpoch
            | FitField::ValidationSteps
            | FitField::ValidationBatchSize
            | FitField::ClassWeight(_) => "None",
        }
    }
}

/// The epochs of a list: `[2, 5]`, or several numbers without the brackets. One number alone is no list.
fn epochs_from_text(text: &str) -> Option<Vec<usize>> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let is_separator = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';');
    let parts = || inner.unwrap_or(text).split(is_separator).filter(|part| !part.is_empty());
    if text.len() > MAX_LETTERS || inner.is_none() && parts().count() < 2 {
        return None;
    }
    parts().map(|part| part.parse().ok()).collect()
}

/// Gives a class a weight. Weights of 1 are as good as none, so they are not kept.
fn set_class_weight(fit: &mut FitSpec, class: u32, weight: f32) {
    let mut all = fit.class_weight.take().unwrap_or_default();
    if weight.to_bits() == 1.0_f32.to_bits() {
        all.remove(&class);
    } else {
        all.insert(class, weight);
    }
    fit.class_weight = (!all.is_empty()).then_some(all);
}

/// How often each class occurs among all images of the training file.
pub fn class_counts(dataset: DatasetId) -> [u32; 10] {
    match dataset {
        DatasetId::Mnist => [5_923, 6_742, 5_958, 6_131, 5_842, 5_421, 5_918, 6_265, 5_851, 5_949],
        DatasetId::FashionMnist => [6_000; 10],
    }
}

/// Lets every class count the same in sum: the rarer it is in the training file, the larger its weight.
/// With `n` images in `k` classes the weight of a class of `m` images is `n / (k·m)`.
pub fn balance_classes(fit: &mut FitSpec, dataset: DatasetId) {
    let counts = class_counts(dataset);
    let mean = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    // Four digits are shown, and are enough.
    let weight = |count: u32| ((mean / f64::from(count) * 1e4).round() / 1e4) as f32;
    fit.class_weight = None;
    for (class, count) in (0..).zip(counts) {
        set_class_weight(fit, class, weight(count));
    }
}

/// Whether a class is weighted that the data do not have; nothing comes of it, as in Keras.
pub fn has_unknown_class(fit: &FitSpec, classes: u32) -> bool {
    fit.class_weight.as_ref().and_then(BTreeMap::last_key_value).is_some_and(|(class, _)| *class >= classes)
}

#[cfg(test)]
#[path = "fit_field_tests.rs"]
mod tests;
