//! One image and what is known of it.

use crate::protocol::ImageSet;

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
}

/// The images of a set; `verdict` gives an image's predicted class and its probability.
pub fn tiles(images: &ImageSet, verdict: impl Fn(u32) -> Option<(u8, f32)>) -> Vec<Tile> {
    let size = images.shape.iter().product::<usize>().max(1);
    let parts = images.indices.iter().zip(&images.labels).zip(images.pixels.chunks_exact(size));
    let tile = |((index, label), pixels): ((&u32, &u8), &[u8])| {
        let (predicted, confidence) = verdict(*index)?;
        let pixels = pixels.to_vec();
        Some(Tile { index: *index, shape: images.shape, pixels, label: *label, predicted, confidence })
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
        let found = tiles(&images, |index| (index == 3).then_some((9, 0.5)));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].index, found[0].label, found[0].predicted), (3, 6, 9));
        assert_eq!(found[0].pixels, [3, 4]);
    }
}
