//! [`Selected`]: some of other samples.

use std::sync::Arc;

use super::{Batch, Samples, Targets};
use crate::tensor::{Buffer, Shape};

/// Samples of another source, in an order of their own; nothing is copied before a batch is made.
pub struct Selected {
    samples: Arc<dyn Samples>,
    positions: Vec<u32>,
}

impl Selected {
    /// The samples at `positions`.
    ///
    /// # Panics
    /// If a position is past the end.
    pub fn new(samples: Arc<dyn Samples>, positions: Vec<u32>) -> Self {
        let len = samples.len();
        assert!(positions.iter().all(|at| (*at as usize) < len), "positions of {len} samples");
        Self { samples, positions }
    }

    fn places(&self, indices: &[u32]) -> Buffer<u32> {
        Buffer::collect(indices.len(), indices.iter().map(|idx| self.positions[*idx as usize]))
    }
}

impl Samples for Selected {
    fn len(&self) -> usize {
        self.positions.len()
    }

    fn sample_shape(&self) -> Shape {
        self.samples.sample_shape()
    }

    fn targets(&self) -> Targets {
        self.samples.targets().select(&self.positions)
    }

    fn batch(&self, indices: &[u32]) -> Batch {
        self.samples.batch(&self.places(indices))
    }

    fn answers(&self, indices: &[u32]) -> (Targets, Option<Buffer<f32>>) {
        self.samples.answers(&self.places(indices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::LabeledImages;

    #[test]
    fn a_selection_has_the_samples_of_its_source_in_its_own_order() {
        let images = Arc::new(LabeledImages::new([1, 1, 1], vec![0, 51, 102, 153], vec![7, 8, 9, 7]));
        let selected = Selected::new(images.clone(), vec![3, 1]);
        assert_eq!((selected.len(), selected.sample_shape()), (2, Shape::from([1, 1, 1])));
        assert_eq!(selected.targets(), Targets::Classes(vec![7, 8].into()));
        assert_eq!(selected.batch(&[1, 0]), Samples::batch(&*images, &[1, 3]));
        assert_eq!(selected.answers(&[0]), images.answers(&[3]));
    }
}
