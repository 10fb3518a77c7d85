//! Images in memory: subsets, splits, the order of an epoch, batches.

use std::ops::Range;

use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Buffer, Tensor};

/// Images of one shape with their labels, one byte per pixel, channels last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabeledImages {
    shape: [usize; 3],
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl LabeledImages {
    /// Images of shape `[h, w, c]`, one after the other in `pixels`, and the class of each.
    ///
    /// # Panics
    /// If `pixels.len()` is not `labels.len() * h * w * c`.
    pub fn new(shape: [usize; 3], pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        let expected = labels.len() * size(shape);
        assert_eq!(pixels.len(), expected, "pixels of {} images of shape {shape:?}", labels.len());
        Self { shape, pixels, labels }
    }

    /// No images yet.
    pub fn empty(shape: [usize; 3]) -> Self {
        Self { shape, pixels: Vec::new(), labels: Vec::new() }
    }

    /// `[h, w, c]` of every image.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// How many images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// All pixels, image after image, 0..=255.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixels of image `index`, rows from the top, 0..=255.
    ///
    /// # Panics
    /// If there is no such image.
    pub fn image(&self, index: usize) -> &[u8] {
        let size = size(self.shape);
        &self.pixels[index * size..(index + 1) * size]
    }

    /// Adds the images of `other` at the end.
    ///
    /// # Panics
    /// If their shape differs.
    pub fn append(&mut self, other: &Self) {
        assert_eq!(other.shape, self.shape, "images of two shapes do not go together");
        self.pixels.extend_from_slice(&other.pixels);
        self.labels.extend_from_slice(&other.labels);
    }

    /// Keeps the first `len` images; does nothing when there are not more.
    pub fn truncate(&mut self, len: usize) {
        self.pixels.truncate(len.saturating_mul(size(self.shape)));
        self.labels.truncate(len);
    }

    /// A copy of the images in `range`.
    ///
    /// # Panics
    /// If the range leads past the end.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let size = size(self.shape);
        let pixels = self.pixels[range.start * size..range.end * size].to_vec();
        Self { shape: self.shape, pixels, labels: self.labels[range].to_vec() }
    }

    /// A copy of the images at `positions`.
    ///
    /// # Panics
    /// If a position is past the end.
    #[must_use]
    pub fn select(&self, positions: &[u32]) -> Self {
        let pixels = positions.iter().flat_map(|at| self.image(*at as usize)).copied().collect();
        let labels = positions.iter().map(|at| self.labels[*at as usize]).collect();
        Self { shape: self.shape, pixels, labels }
    }

    /// Cuts off and returns the images from position `at` on.
    ///
    /// # Panics
    /// If `at` is past the end.
    #[must_use]
    pub fn split_off(&mut self, at: usize) -> Self {
        let pixels = self.pixels.split_off(at * size(self.shape));
        Self { shape: self.shape, pixels, labels: self.labels.split_off(at) }
    }

    /// The class of each image, as targets have it.
    pub fn classes(&self) -> impl Iterator<Item = u32> + '_ {
        self.labels.iter().map(|label| u32::from(*label))
    }

    /// How often each class occurs, for labels below `num_classes`.
    pub fn class_counts(&self, num_classes: usize) -> Vec<usize> {
        let mut counts = vec![0; num_classes];
        for label in &self.labels {
            if let Some(count) = counts.get_mut(usize::from(*label)) {
                *count += 1;
            }
        }
        counts
    }

    /// The images at `indices` as the network sees them, `[n, h, w, c]` in 0..=1, and their labels.
    ///
    /// # Panics
    /// If an index is past the end.
    pub fn batch(&self, indices: &[u32]) -> (Tensor, Buffer<u8>) {
        let mut values = Buffer::with_capacity(indices.len() * size(self.shape));
        for idx in indices {
            values.extend(self.image(*idx as usize).iter().map(|pixel| f32::from(*pixel) / 255.0));
        }
        let labels = indices.iter().map(|idx| self.labels[*idx as usize]);
        let [h, w, c] = self.shape;
        (Tensor::over(&[indices.len(), h, w, c], values), Buffer::collect(indices.len(), labels))
    }
}

/// The three parts of a run's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetSplits {
    /// What the model learns from.
    pub train: LabeledImages,
    /// What it is measured by after each epoch.
    pub validation: LabeledImages,
    /// What it is judged by in the end.
    pub test: LabeledImages,
}

impl DatasetSplits {
    /// Cuts the last `validation_samples` off the first `samples` of `images`, before any shuffling, as
    /// Keras does with `validation_split`.
    ///
    /// # Panics
    /// If there are fewer than `samples` images, or validation would leave none to train on; both are
    /// checked where the numbers come from, by `shards_for` and by the run's spec.
    pub fn new(
        mut images: LabeledImages,
        test: LabeledImages,
        samples: usize,
        validation_samples: usize,
    ) -> Self {
        assert!(samples <= images.len(), "{samples} samples of {}", images.len());
        assert!(validation_samples < samples, "{validation_samples} of {samples} samples for validation");
        images.truncate(samples);
        let validation = images.split_off(samples - validation_samples);
        Self { train: images, validation, test }
    }
}

/// The order in which `len` samples are visited in `epoch` (from 0): a new permutation for each epoch and
/// seed, or `0, 1, 2, …` without `shuffle`.
pub fn epoch_order(len: usize, seed: u64, epoch: usize, shuffle: bool) -> Vec<u32> {
    let mut order: Vec<u32> = (0..len as u32).collect();
    if shuffle {
        Rng::new(seed, Purpose::Shuffle, epoch as u64, 0).shuffle(&mut order);
    }
    order
}

fn size(shape: [usize; 3]) -> usize {
    shape.into_iter().product()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `len` images of 2×2 whose every pixel is the image's position.
    fn numbered(len: u8) -> LabeledImages {
        let pixels = (0..len).flat_map(|i| [i; 4]).collect();
        LabeledImages::new([2, 2, 1], pixels, (0..len).map(|i| i % 3).collect())
    }

    #[test]
    fn a_batch_holds_the_chosen_images_scaled_to_one() {
        let images = numbered(9);
        let (x, labels) = images.batch(&[7, 0, 7]);
        assert_eq!(x.extents(), [3, 2, 2, 1]);
        assert_eq!(labels[..], [1, 0, 1]);
        let seven = 7.0 / 255.0;
        assert_eq!(x.values(), [[seven; 4], [0.0; 4], [seven; 4]].concat());
    }

    #[test]
    fn every_pixel_value_is_scaled_as_by_double_precision() {
        // NumPy divides a byte image by 255.0 in f64 and Keras rounds to f32 afterwards.
        let images = LabeledImages::new([16, 16, 1], (0..=255).collect(), vec![0]);
        for (pixel, value) in images.batch(&[0]).0.values().iter().enumerate() {
            assert_eq!(value.to_bits(), ((pixel as f64 / 255.0) as f32).to_bits(), "pixel {pixel}");
        }
    }

    #[test]
    fn validation_is_the_last_part_of_the_subset() {
        let splits = DatasetSplits::new(numbered(9), numbered(2), 7, 2);
        assert_eq!(splits.train, numbered(9).slice(0..5));
        assert_eq!(splits.validation, numbered(9).slice(5..7));
        assert_eq!(splits.test, numbered(2));
    }

    #[test]
    fn append_truncate_and_slice_keep_images_with_their_labels() {
        let mut images = LabeledImages::empty([2, 2, 1]);
        images.append(&numbered(9).slice(4..9));
        images.append(&numbered(4));
        images.truncate(7);
        images.truncate(100);
        assert_eq!((images.len(), images.is_empty()), (7, false));
        assert_eq!(images.labels(), [1, 2, 0, 1, 2, 0, 1]);
        assert_eq!((images.image(0), images.image(6)), (&[4; 4][..], &[1; 4][..]));
        assert_eq!(images.class_counts(3), [2, 3, 2]);
    }

    #[test]
    fn every_epoch_visits_each_sample_once_in_an_order_of_its_own() {
        let order = |seed, epoch| epoch_order(500, seed, epoch, true);
        assert_eq!(order(1, 0), order(1, 0));
        assert_ne!(order(1, 0), order(1, 1));
        assert_ne!(order(1, 0), order(2, 0));
        let mut sorted = order(1, 0);
        sorted.sort_unstable();
        assert_eq!(sorted, epoch_order(500, 1, 0, false));
    }
}
