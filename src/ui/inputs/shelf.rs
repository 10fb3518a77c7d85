//! Looking through a data set's images, a few at a time.

use crate::data::{DatasetId, Split};
use crate::protocol::ImageSet;
use crate::ui::convolution::{Picture, Sample};

/// A place in a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The data set.
    pub dataset: DatasetId,
    /// Which of its files.
    pub split: Split,
    /// Only images of this class.
    pub class: Option<u8>,
    /// Where looking begins.
    pub first: u32,
}

/// An image on the shelf.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Which one.
    pub sample: Sample,
    /// Its true class.
    pub class: u8,
    /// Rows, columns, channels.
    pub shape: [usize; 3],
    /// Bytes, 0 paper to 255 ink.
    pub pixels: Vec<u8>,
}

impl Default for Shelf {
    fn default() -> Shelf {
        Shelf { dataset: DatasetId::Mnist, split: Split::Test, class: None, first: 0 }
    }
}

impl Shelf {
    /// Images that are shown at a time, at most.
    pub const SHOWN: usize = 12;
    /// Images among which those of one class are sought: one in ten is.
    const SOUGHT: u32 = 240;

    /// Images looked at from `first` on.
    fn reach(self) -> u32 {
        if self.class.is_some() { Shelf::SOUGHT } else { Shelf::SHOWN as u32 }
    }

    /// The images to ask for.
    pub fn indices(self) -> Vec<u32> {
        (self.first..Sample::count(self.split).min(self.first + self.reach())).collect()
    }

    /// Of the images that came, those to show.
    pub fn tiles(self, images: &ImageSet) -> Vec<Tile> {
        if (images.dataset, images.split) != (self.dataset, self.split) {
            return Vec::new();
        }
        let size = images.shape.iter().product::<usize>().max(1);
        let parts = images.indices.iter().zip(&images.labels).zip(images.pixels.chunks_exact(size));
        let wanted = parts.filter(|((_, class), _)| self.class.is_none_or(|wanted| wanted == **class));
        let tile = |((idx, class), pixels): ((&u32, &u8), &[u8])| Tile {
            sample: Sample { dataset: self.dataset, split: self.split, idx: *idx },
            class: *class,
            shape: images.shape,
            pixels: pixels.to_vec(),
        };
        wanted.map(tile).take(Shelf::SHOWN).collect()
    }

    /// The next images, given those that are shown; from the end it begins anew.
    #[must_use]
    pub fn next(self, shown: &[Tile]) -> Shelf {
        let after = match (self.class, shown.last()) {
            // The ones sought but not shown come next.
            (Some(_), Some(last)) if shown.len() == Shelf::SHOWN => last.sample.idx + 1,
            _ => self.first + self.reach(),
        };
        Shelf { first: if after < Sample::count(self.split) { after } else { 0 }, ..self }
    }

    /// The images before; from the beginning it goes to the end.
    #[must_use]
    pub fn previous(self) -> Shelf {
        let count = Sample::count(self.split);
        let step = if self.class.is_some() { Shelf::SOUGHT / 2 } else { Shelf::SHOWN as u32 };
        let first = if self.first == 0 { count - step } else { self.first.saturating_sub(step) };
        Shelf { first, ..self }
    }

    /// The image with this number first; the nearest there is.
    #[must_use]
    pub fn from(self, first: u32) -> Shelf {
        Shelf { first: first.min(Sample::count(self.split) - 1), ..self }
    }
}

impl Tile {
    /// The picture, 0 paper to 1 ink.
    pub fn picture(&self) -> Picture {
        Picture {
            shape: self.shape,
            values: self.pixels.iter().map(|byte| f32::from(*byte) / 255.0).collect(),
        }
    }
}

/// The names of a data set's classes, as its manifest has them: locale keys, or the digits themselves.
pub fn class_keys(dataset: DatasetId) -> [&'static str; 10] {
    match dataset {
        DatasetId::Mnist => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        DatasetId::FashionMnist => [
            "dataset.fashion_mnist.class.t_shirt",
            "dataset.fashion_mnist.class.trouser",
            "dataset.fashion_mnist.class.pullover",
            "dataset.fashion_mnist.class.dress",
            "dataset.fashion_mnist.class.coat",
            "dataset.fashion_mnist.class.sandal",
            "dataset.fashion_mnist.class.shirt",
            "dataset.fashion_mnist.class.sneaker",
            "dataset.fashion_mnist.class.bag",
            "dataset.fashion_mnist.class.ankle_boot",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Images whose class is the last digit of their number.
    fn answer(shelf: Shelf) -> ImageSet {
        let indices = shelf.indices();
        ImageSet {
            dataset: shelf.dataset,
            split: shelf.split,
            shape: [1, 2, 1],
            pixels: indices.iter().flat_map(|idx| [*idx as u8, 255]).collect(),
            labels: indices.iter().map(|idx| (idx % 10) as u8).collect(),
            indices,
        }
    }

    #[test]
    fn a_class_is_looked_through_without_gaps_or_repeats() {
        let mut shelf = Shelf { class: Some(3), ..Shelf::default() };
        let mut seen = Vec::new();
        for _ in 0..5 {
            let tiles = shelf.tiles(&answer(shelf));
            assert_eq!(tiles.len(), Shelf::SHOWN);
            seen.extend(tiles.iter().map(|tile| tile.sample.idx));
            shelf = shelf.next(&tiles);
        }
        assert_eq!(seen, (0..60).map(|count| count * 10 + 3).collect::<Vec<_>>());
    }

    #[test]
    fn all_images_are_reached_both_ways_and_never_one_that_is_not() {
        let shelf = Shelf::default();
        let tiles = shelf.tiles(&answer(shelf));
        assert_eq!(tiles.len(), 12);
        assert_eq!(tiles[5].picture().values, [5.0 / 255.0, 1.0]);
        assert_eq!(shelf.next(&tiles).first, 12);
        assert_eq!(shelf.previous().first, 9_988);
        let last = shelf.from(1_000_000);
        assert_eq!((last.first, last.indices()), (9_999, vec![9_999]));
        assert_eq!(last.next(&last.tiles(&answer(last))).first, 0);
    }

    #[test]
    fn images_of_another_data_set_are_not_shown() {
        let other = Shelf { dataset: DatasetId::FashionMnist, ..Shelf::default() };
        assert!(Shelf::default().tiles(&answer(other)).is_empty());
    }

    #[test]
    fn classes_and_counts_are_those_of_the_manifests() {
        for (dataset, manifest) in [
            (DatasetId::Mnist, include_str!("../../../www/data/mnist/manifest.json")),
            (DatasetId::FashionMnist, include_str!("../../../www/data/fashion-mnist/manifest.json")),
        ] {
            let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap();
            assert_eq!(manifest["classes"], serde_json::json!(class_keys(dataset)));
            assert_eq!(manifest["test"]["count"], Sample::count(Split::Test));
            assert_eq!(manifest["train"]["count"], Sample::count(Split::Train));
        }
    }
}
