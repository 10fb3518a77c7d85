//! One axis of a pooling window: where it starts, what of it lies inside, what it never reaches.

use crate::engine::layers::Padding;
use std::ops::Range;

/// A window of `pool` cells that moves by `stride` over `length` cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolAxis {
    /// Cells of the map.
    pub length: usize,
    /// Cells of the window.
    pub pool: usize,
    /// Cells between two positions of the window.
    pub stride: usize,
    /// Positions of the window.
    pub output: usize,
    /// Padded cells before the first.
    pub before: usize,
    /// Padded cells after the last.
    pub after: usize,
}

impl PoolAxis {
    /// `None` if no window fits.
    pub fn new(length: usize, pool: usize, stride: usize, padding: Padding) -> Option<PoolAxis> {
        let (output, before, after) = padding.along(length, pool, stride)?;
        Some(PoolAxis { length, pool, stride, output, before, after })
    }

    /// Cells with padding.
    pub fn padded(self) -> usize {
        self.before + self.length + self.after
    }

    /// The window's first cell, counted with padding.
    pub fn start(self, idx: usize) -> usize {
        idx * self.stride
    }

    /// The cells of the map under the window.
    pub fn inside(self, idx: usize) -> Range<usize> {
        let start = self.start(idx);
        let from = start.saturating_sub(self.before).min(self.length);
        from..(start + self.pool).saturating_sub(self.before).min(self.length)
    }

    /// Cells of the map that no window reaches: the remainder at the end, and gaps where the stride is
    /// larger than the window.
    pub fn unreached(self) -> Vec<usize> {
        let reached = |cell: &usize| (0..self.output).any(|idx| self.inside(idx).contains(cell));
        (0..self.length).filter(|cell| !reached(cell)).collect()
    }

    /// The position whose window is centred nearest to a cell, counted with padding.
    pub fn over(self, cell: usize) -> usize {
        let from_first = (2 * cell + 1).saturating_sub(self.pool);
        // Twice the distance, so that halves stay whole.
        ((from_first + self.stride) / (2 * self.stride)).min(self.output.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(length: usize, pool: usize, stride: usize, padding: Padding) -> PoolAxis {
        PoolAxis::new(length, pool, stride, padding).unwrap()
    }

    #[test]
    fn the_remainder_and_the_gaps_are_what_no_window_reaches() {
        assert_eq!(axis(4, 2, 2, Padding::Valid).unreached(), [0usize; 0]);
        assert_eq!(axis(5, 2, 2, Padding::Valid).unreached(), [4]);
        assert_eq!(axis(7, 2, 3, Padding::Valid).unreached(), [2, 5, 6]);
        assert_eq!(axis(5, 2, 2, Padding::Same).unreached(), [0usize; 0]);
        assert_eq!(PoolAxis::new(2, 3, 1, Padding::Valid), None);
    }

    #[test]
    fn a_window_over_the_edge_has_fewer_cells_inside() {
        let same = axis(5, 3, 2, Padding::Same);
        assert_eq!((same.output, same.before, same.after), (3, 1, 1));
        assert_eq!([0, 1, 2].map(|idx| same.inside(idx)), [0..2, 1..4, 3..5]);
    }

    #[test]
    fn pointing_at_a_windows_middle_finds_it() {
        for (length, pool, stride) in [(9, 3, 1), (9, 2, 2), (9, 3, 3), (12, 5, 2), (7, 1, 3)] {
            for padding in [Padding::Valid, Padding::Same] {
                let axis = axis(length, pool, stride, padding);
                for idx in 0..axis.output {
                    assert_eq!(axis.over(axis.start(idx) + pool / 2), idx, "{axis:?}");
                }
                assert_eq!(axis.over(1000), axis.output - 1);
            }
        }
    }
}
