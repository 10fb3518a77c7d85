//! Images and labels as a program cuts and prepares them, as far as that says which ones are used.

use super::error::Got;
use super::models::described;
use super::tokens::Position;
use super::value::{Ledger, Placed, Value};
use crate::data::DatasetId;
use crate::engine::spec::{DataSpec, FitSpec};
use crate::formats::json_tree::TooMuch;

/// Images of the two parts of both datasets.
const TRAINING: usize = 60_000;
const TEST: usize = 10_000;
/// Their rows and columns.
const IMAGE: [usize; 2] = [28, 28];

/// Some images or labels of a dataset, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    pub dataset: DatasetId,
    pub is_test: bool,
    /// Positions in the dataset's file.
    pub start: usize,
    pub end: usize,
    /// Of one sample; not known after some changes.
    pub shape: Option<Vec<usize>>,
}

/// What `keras.datasets.<name>.load_data()` gives, if the dataset is here too.
///
/// # Errors
/// If there is no memory for it.
pub fn load(name: &str, position: Position, ledger: &Ledger) -> Result<Option<Value>, TooMuch> {
    let dataset = match name {
        "mnist" => DatasetId::Mnist,
        "fashion_mnist" => DatasetId::FashionMnist,
        _ => return Ok(None),
    };
    let placed = |value| Placed { value, position };
    let pair = |is_test| {
        let end = if is_test { TEST } else { TRAINING };
        let part = |shape: &[usize]| {
            let data = Data { dataset, is_test, start: 0, end, shape: Some(shape.to_vec()) };
            placed(Value::Data(data.into()))
        };
        Value::sequence(vec![part(&IMAGE), part(&[])], true, ledger).map(placed)
    };
    Value::sequence(vec![pair(false)?, pair(true)?], true, ledger).map(Some)
}

impl Data {
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// `data[from:to]`, where negative numbers count from the end.
    pub fn cut(&self, from: Option<i64>, to: Option<i64>) -> Self {
        let len = self.len();
        let place = |at: i64| match usize::try_from(at) {
            Ok(at) => at.min(len),
            Err(_) => len.saturating_sub(at.unsigned_abs().try_into().unwrap_or(usize::MAX)),
        };
        let from = from.map_or(0, place);
        let to = to.map_or(len, place).max(from);
        Self { start: self.start + from, end: self.start + to, ..self.clone() }
    }

    /// The same values in another shape.
    pub fn with_shape(&self, shape: Option<Vec<usize>>) -> Self {
        /// No sample has as many axes.
        const MAX_RANK: usize = 8;
        let shape = shape.filter(|shape| shape.len() <= MAX_RANK);
        Self { shape, ..self.clone() }
    }

    /// `reshape` to these extents, samples first; -1 is whatever is left.
    pub fn reshaped(&self, extents: &[i64]) -> Self {
        let size = self
            .shape
            .as_ref()
            .and_then(|shape| shape.iter().try_fold(1usize, |product, extent| product.checked_mul(*extent)));
        let known: Option<usize> = extents
            .iter()
            .skip(1)
            .filter(|e| **e >= 0)
            .try_fold(1usize, |product, extent| product.checked_mul(usize::try_from(*extent).ok()?));
        let sample = extents.iter().skip(1).map(|extent| match usize::try_from(*extent) {
            Ok(extent) => Some(extent),
            Err(_) => size?.checked_div(known?),
        });
        self.with_shape(sample.collect())
    }

    /// One more axis at the end, or nothing known.
    pub fn expanded(&self, axis: i64) -> Self {
        let shape = self.shape.clone().and_then(|mut shape| {
            let rank = i64::try_from(shape.len()).ok()?;
            (axis == -1 || axis == rank + 1).then(|| {
                shape.push(1);
                shape
            })
        });
        self.with_shape(shape)
    }

    /// `data.shape`
    ///
    /// # Errors
    /// If there is no memory for it.
    pub fn shape_value(&self, position: Position, ledger: &Ledger) -> Result<Option<Value>, TooMuch> {
        let Some(shape) = self.shape.clone() else { return Ok(None) };
        let extents = std::iter::once(self.len()).chain(shape);
        let items = extents.map(|extent| {
            let value = i64::try_from(extent).map_or(Value::None, Value::Int);
            Placed { value, position }
        });
        Value::sequence(items.collect(), true, ledger).map(Some)
    }
}

/// What `fit` was given to train and to validate with.
#[derive(Debug, Default)]
pub struct Given {
    pub train: Option<Placed>,
    pub validation: Option<Placed>,
    /// Of `evaluate`.
    pub test: Option<Data>,
}

/// How the images that `fit` was given are described here.
#[derive(Debug, PartialEq)]
pub enum Chosen {
    /// Exactly so.
    Exactly(DataSpec),
    /// With these training images at the end instead of the test images for validation.
    WithoutTest(DataSpec),
    /// Not at all: where it stands and what it is.
    Unknown(Position, Got),
    /// There was nothing to choose.
    Nothing,
}

fn first(placed: &Placed) -> &Placed {
    placed.value.items().and_then(<[Placed]>::first).unwrap_or(placed)
}

fn unknown(placed: &Placed) -> Chosen {
    Chosen::Unknown(placed.position, described(&placed.value))
}

/// Describes the images that a program trains, validates and tests with.
pub fn choose(given: &Given, fit: Option<&FitSpec>) -> Chosen {
    let Some(train) = &given.train else { return Chosen::Nothing };
    let Value::Data(train_data) = &first(train).value else { return unknown(first(train)) };
    if train_data.is_test || train_data.start != 0 {
        return Chosen::Unknown(train.position, "x".into());
    }
    let test = given.test.as_ref().filter(|test| test.is_test && test.start == 0);
    let spec = DataSpec {
        dataset: train_data.dataset,
        samples: train_data.len(),
        validation_samples: 0,
        test_samples: test.map_or(TEST, Data::len),
        class_counts: None,
    };
    let Some(validation) = &given.validation else { return Chosen::Exactly(spec) };
    let Value::Data(data) = &first(validation).value else { return unknown(first(validation)) };
    if data.dataset == train_data.dataset && !data.is_test && data.start == train_data.end {
        let samples = train_data.len() + data.len();
        return Chosen::Exactly(DataSpec { samples, validation_samples: data.len(), ..spec });
    }
    if !data.is_test || data.dataset != train_data.dataset {
        return Chosen::Unknown(validation.position, "validation_data".into());
    }
    // A split asked for besides is ignored by Keras, and already leaves images to validate here.
    let has_split = fit.is_some_and(|fit| fit.validation_split > 0.0);
    let validation_samples = if has_split { 0 } else { data.len().min(spec.samples / 6) };
    Chosen::WithoutTest(DataSpec { validation_samples, test_samples: data.len(), ..spec })
}
