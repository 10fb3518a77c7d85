//! What a model learns from and is measured by: [`Samples`], and [`Arrays`], which hold anything.
//!
//! A sample is an input, a target and perhaps a weight. Targets are classes or values; a loss
//! decides what it makes of either.

use std::borrow::Cow;

use crate::tensor::{Buffer, Extents, Shape, Tensor};

use super::LabeledImages;

/// The right answers of some samples.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// One class per sample, counted from 0. Losses that want values of the output's shape take
    /// them one-hot.
    Classes(Buffer<u32>),
    /// Values of any shape, the first axis being the samples.
    Values(Tensor),
}

impl Targets {
    /// How many samples.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::Values(values) => values.batch(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape of one target; a class has no axes.
    pub fn sample_shape(&self) -> Shape {
        match self {
            Self::Classes(_) => Shape(Vec::new()),
            Self::Values(values) => values.sample_shape(),
        }
    }

    /// The targets at `indices`.
    ///
    /// # Panics
    /// If an index is past the end.
    #[must_use]
    pub fn select(&self, indices: &[u32]) -> Self {
        match self {
            Self::Classes(classes) => Self::Classes(Buffer::collect(
                indices.len(),
                indices.iter().map(|idx| classes[*idx as usize]),
            )),
            Self::Values(values) => Self::Values(rows(values, indices)),
        }
    }
}

impl From<&[u8]> for Targets {
    fn from(labels: &[u8]) -> Self {
        Self::Classes(Buffer::collect(labels.len(), labels.iter().map(|label| u32::from(*label))))
    }
}

/// Some samples, ready for a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// `[n, ...sample_shape]`
    pub input: Tensor,
    /// n right answers.
    pub targets: Targets,
    /// How much each sample counts in the loss: n weights, or n times as many as a sample's output
    /// has rows. Everything counts 1 when there are none.
    pub weights: Option<Buffer<f32>>,
}

impl Batch {
    /// A batch whose samples all count alike.
    pub fn new(input: Tensor, targets: Targets) -> Self {
        Self { input, targets, weights: None }
    }

    /// How many samples.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Targets and weights of the samples from `begin` up to `end`.
    ///
    /// # Panics
    /// If `end` is past the last sample.
    pub fn answers(&self, begin: usize, end: usize) -> (Targets, Option<Buffer<f32>>) {
        let indices = Buffer::collect(end - begin, begin as u32..end as u32);
        let weights = self.weights.as_ref().map(|weights| select_weights(weights, self.len(), &indices));
        (self.targets.select(&indices), weights)
    }

    /// The samples from `begin` up to `end`; a copy, unless these are all.
    ///
    /// # Panics
    /// If `end` is past the last sample.
    pub fn slice(&self, begin: usize, end: usize) -> Cow<'_, Self> {
        if begin == 0 && end == self.len() {
            return Cow::Borrowed(self);
        }
        let indices = Buffer::collect(end - begin, begin as u32..end as u32);
        let (targets, weights) = self.answers(begin, end);
        Cow::Owned(Self { input: rows(&self.input, &indices), targets, weights })
    }
}

/// Where batches come from.
pub trait Samples: Send + Sync {
    /// How many samples.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape of one input.
    fn sample_shape(&self) -> Shape;

    /// All targets, in order.
    fn targets(&self) -> Targets;

    /// The samples at `indices`, in that order.
    ///
    /// # Panics
    /// If an index is past the end.
    fn batch(&self, indices: &[u32]) -> Batch;

    /// Targets and weights of the samples at `indices` without their inputs.
    ///
    /// # Panics
    /// If an index is past the end.
    fn answers(&self, indices: &[u32]) -> (Targets, Option<Buffer<f32>>) {
        let Batch { targets, weights, .. } = self.batch(indices);
        (targets, weights)
    }
}

impl Samples for LabeledImages {
    fn len(&self) -> usize {
        LabeledImages::len(self)
    }

    fn sample_shape(&self) -> Shape {
        Shape::from(self.shape())
    }

    fn targets(&self) -> Targets {
        Targets::from(self.labels())
    }

    fn batch(&self, indices: &[u32]) -> Batch {
        let (input, labels) = LabeledImages::batch(self, indices);
        Batch::new(input, Targets::from(&labels[..]))
    }

    fn answers(&self, indices: &[u32]) -> (Targets, Option<Buffer<f32>>) {
        let labels = indices.iter().map(|idx| u32::from(self.labels()[*idx as usize]));
        (Targets::Classes(Buffer::collect(indices.len(), labels)), None)
    }
}

/// Inputs, targets and weights of any shape in memory: NumPy's arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrays {
    x: Tensor,
    y: Targets,
    sample_weight: Option<Vec<f32>>,
}

/// Arrays that do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArraysError {
    /// An array without a sample axis.
    #[error("{array} has no axes; its first one must count the samples")]
    NoAxes {
        /// `x` or `y`.
        array: &'static str,
    },
    /// Another number of targets than of inputs.
    #[error("y holds {got} samples, x holds {expected}")]
    WrongCount {
        /// Samples of x.
        expected: usize,
        /// Samples of y.
        got: usize,
    },
    /// Weights that cannot be shared out among the samples.
    #[error("sample_weight holds {got} values for {samples} samples")]
    WrongWeights {
        /// Samples of x.
        samples: usize,
        /// Weights.
        got: usize,
    },
}

impl Arrays {
    /// Arrays whose first axes all count the samples. `sample_weight` has one value per sample, or
    /// one for each row of each sample's output.
    ///
    /// # Errors
    /// If their lengths differ.
    pub fn new(x: Tensor, y: Targets, sample_weight: Option<Vec<f32>>) -> Result<Self, ArraysError> {
        if x.extents().is_empty() {
            return Err(ArraysError::NoAxes { array: "x" });
        }
        if matches!(&y, Targets::Values(values) if values.extents().is_empty()) {
            return Err(ArraysError::NoAxes { array: "y" });
        }
        let samples = x.batch();
        if y.len() != samples {
            return Err(ArraysError::WrongCount { expected: samples, got: y.len() });
        }
        if let Some(weights) = &sample_weight
            && (weights.is_empty() != (samples == 0) || !weights.len().is_multiple_of(samples.max(1)))
        {
            return Err(ArraysError::WrongWeights { samples, got: weights.len() });
        }
        Ok(Self { x, y, sample_weight })
    }

    /// The inputs.
    pub fn x(&self) -> &Tensor {
        &self.x
    }

    /// The targets.
    pub fn y(&self) -> &Targets {
        &self.y
    }

    /// The weights.
    pub fn sample_weight(&self) -> Option<&[f32]> {
        self.sample_weight.as_deref()
    }

    /// The samples from `begin` up to `end`.
    ///
    /// # Panics
    /// If `end` is past the last sample.
    #[must_use]
    pub fn slice(&self, begin: usize, end: usize) -> Self {
        let indices = Buffer::collect(end - begin, begin as u32..end as u32);
        let Batch { input, targets, weights } = self.batch(&indices);
        Self { x: input, y: targets, sample_weight: weights.map(Buffer::into_vec) }
    }
}

impl Samples for Arrays {
    fn len(&self) -> usize {
        self.x.batch()
    }

    fn sample_shape(&self) -> Shape {
        self.x.sample_shape()
    }

    fn targets(&self) -> Targets {
        self.y.clone()
    }

    fn batch(&self, indices: &[u32]) -> Batch {
        let (targets, weights) = self.answers(indices);
        Batch { input: rows(&self.x, indices), targets, weights }
    }

    fn answers(&self, indices: &[u32]) -> (Targets, Option<Buffer<f32>>) {
        let weights = self.sample_weight.as_ref().map(|all| select_weights(all, self.x.batch(), indices));
        (self.y.select(indices), weights)
    }
}

fn rows(tensor: &Tensor, indices: &[u32]) -> Tensor {
    let size = tensor.sample_size();
    let mut values = Buffer::with_capacity(indices.len() * size);
    for idx in indices {
        let begin = *idx as usize * size;
        values.extend_from_slice(&tensor.values()[begin..begin + size]);
    }
    let mut extents = Extents::from_slice(tensor.extents());
    extents[0] = indices.len();
    Tensor::over(&extents, values)
}

fn select_weights(weights: &[f32], samples: usize, indices: &[u32]) -> Buffer<f32> {
    let each = weights.len() / samples.max(1);
    let mut chosen = Buffer::with_capacity(indices.len() * each);
    for idx in indices {
        chosen.extend_from_slice(&weights[*idx as usize * each..][..each]);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrays() -> Arrays {
        let x = Tensor::new(&[3, 2], vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let y = Targets::Values(Tensor::new(&[3, 1, 2], vec![0.5, 1.5, 2.5, 3.5, 4.5, 5.5]));
        Arrays::new(x, y, Some(vec![1.0, 2.0, 3.0])).unwrap()
    }

    #[test]
    fn a_batch_holds_the_chosen_samples_in_the_chosen_order() {
        let batch = arrays().batch(&[2, 0]);
        assert_eq!(batch.input, Tensor::new(&[2, 2], vec![4.0, 5.0, 0.0, 1.0]));
        assert_eq!(batch.targets, Targets::Values(Tensor::new(&[2, 1, 2], vec![4.5, 5.5, 0.5, 1.5])));
        assert_eq!(batch.weights, Some(vec![3.0, 1.0].into()));
        assert_eq!(arrays().answers(&[2, 0]), (batch.targets.clone(), batch.weights.clone()));
        assert_eq!(batch.slice(1, 2).into_owned(), arrays().batch(&[0]));
        assert!(matches!(batch.slice(0, 2), Cow::Borrowed(whole) if *whole == batch));
        assert_eq!(arrays().slice(1, 3).batch(&[1]), arrays().batch(&[2]));
    }

    #[test]
    fn images_are_samples_whose_targets_are_classes() {
        let images = LabeledImages::new([1, 2, 1], vec![0, 255, 51, 0], vec![7, 9]);
        let batch = Samples::batch(&images, &[1]);
        assert_eq!(batch.targets, Targets::Classes(vec![9].into()));
        assert_eq!(images.answers(&[1]), (batch.targets, None));
        assert_eq!(batch.input, Tensor::new(&[1, 1, 2, 1], vec![0.2, 0.0]));
        assert_eq!(Samples::sample_shape(&images), Shape::from([1, 2, 1]));
    }

    #[test]
    fn arrays_of_different_lengths_are_refused() {
        let x = || Tensor::zeros(&[3, 2]);
        let classes = |n: u32| Targets::Classes((0..n).collect::<Vec<_>>().into());
        let wrong = Arrays::new(x(), classes(2), None).unwrap_err();
        assert_eq!(wrong, ArraysError::WrongCount { expected: 3, got: 2 });
        let wrong = Arrays::new(x(), classes(3), Some(vec![1.0; 4])).unwrap_err();
        assert_eq!(wrong, ArraysError::WrongWeights { samples: 3, got: 4 });
        assert!(Arrays::new(x(), classes(3), Some(vec![1.0; 6])).is_ok());
    }
}
