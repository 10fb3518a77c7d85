//! One image and what is known of it.

use crate::protocol::ImageSet;

/// What a network made of an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// Predicted class.
    pub predicted: u8,
    /// Probability of the predicted class, 0..1.
    pub confidence: f32,
    /// What else is worth telling.
    pub also: Also,
}

/// A second class to tell beside the predicted one, with its probability, 0..1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Also {
    /// None.
    #[default]
    Nothing,
    /// The one that came second.
    RunnerUp(u8, f32),
    /// What another network predicted.
    Other(u8, f32),
}

/// An image of a dataset with its true and its predicted class.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Position in the dataset's file, from 0.
    pub index: u32,
    /// `[h, w, c]`.
    pub shape: [usize; 3],
    /// Bytes 0..255, channels last.
    pub pixels: Vec<u8>,
    /// True class.
    pub label: u8,
    /// Predicted class.
    pub predicted: u8,
    /// Probability of the predicted class, 0..1.
    pub confidence: f32,
    /// What else is worth telling.
    pub also: Also,
}

/// The images of a set; `verdict` says what the network made of an image.
pub fn tiles(images: &ImageSet, verdict: impl Fn(u32) -> Option<Verdict>) -> Vec<Tile> {
    let size = images.shape.iter().product::<usize>().max(1);
    let parts = images.indices.iter().zip(&images.labels).zip(images.pixels.chunks_exact(size));
    let tile = |((index, label), pixels): ((&u32, &u8), &[u8])| {
        let Verdict { predicted, confidence, also } = verdict(*index)?;
        let pixels = pixels.to_vec();
        Some(Tile { index: *index, shape: images.shape, pixels, label: *label, predicted, confidence, also })
    };
    parts.filter_map(tile).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DatasetId, Split};

    #[test]
    fn every_image_gets_its_own_pixels_and_verdict() {
        let images = ImageSet {
            dataset: DatasetId::Mnist,
            split: Split::Test,
            shape: [1, 2, 1],
            indices: vec![7, 3],
            pixels: vec![1, 2, 3, 4],
            labels: vec![5, 6],
        };
        let found = tiles(&images, |index| {
            (index == 3).then_some(Verdict { predicted: 9, confidence: 0.5, also: Also::RunnerUp(6, 0.25) })
        });
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].index, found[0].label, found[0].predicted), (3, 6, 9));
        assert_eq!(found[0].also, Also::RunnerUp(6, 0.25));
        assert_eq!(found[0].pixels, [3, 4]);
    }
}
