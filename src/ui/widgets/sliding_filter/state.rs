//! The padded image, the kernel and the whole activation map.
//!
//! `y[oh, ow] = Σ over kh, kw of x[oh·s + kh, ow·s + kw] · k[kh, kw]` on the padded image: the kernel is
//! laid on as it is, not turned round, as in Keras. Cells are numbered row by row; a position is such a
//! number, and playing counts through them.

use crate::ui::digits::{SIDE, digit};
use crate::ui::widgets::kernel_editor::Kernel;
use crate::ui::widgets::products::Products;
use crate::ui::widgets::size_formula::{Axis, WINDOW};

/// Everything one setting of digit, kernel, padding and stride leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct SlidingFilterState {
    /// The digit, 0..=9.
    pub class: usize,
    /// The weights.
    pub kernel: Kernel,
    /// The size of either axis; image and window are square.
    pub axis: Axis,
    /// The padded image, row by row, 0..1.
    pub padded: Vec<f32>,
    /// The activation map, row by row.
    pub map: Vec<f32>,
    /// The map's greatest value regardless of sign, 1 where all is zero.
    pub scale: f32,
}

/// A way to move the window by keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One cell on, into the next row at the end.
    Next,
    /// One cell back.
    Previous,
    /// Within the map: down, up, right, left; stays at the edge.
    By(isize, isize),
    /// To the first cell.
    First,
    /// To the last cell.
    Last,
}

impl SlidingFilterState {
    /// Pads the digit and computes the whole map.
    pub fn new(class: usize, kernel: Kernel, axis: Axis) -> SlidingFilterState {
        let (side, before) = (axis.padded(), axis.before());
        let mut padded = vec![0.0; side * side];
        for (row, pixels) in digit(class).chunks(SIDE).enumerate() {
            let start = (row + before) * side + before;
            padded[start..start + SIDE].copy_from_slice(pixels);
        }
        let mut state = SlidingFilterState { class, kernel, axis, padded, map: Vec::new(), scale: 1.0 };
        state.map = (0..axis.output() * axis.output()).map(|idx| state.products(idx).sum).collect();
        let greatest = state.map.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        if greatest > 0.0 {
            state.scale = greatest;
        }
        state
    }

    /// Cells of the map.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether the map has no cell, which no offered setting leads to.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// A map cell's row and column, from 0.
    pub fn cell(&self, idx: usize) -> (usize, usize) {
        let cols = self.axis.output().max(1);
        (idx / cols, idx % cols)
    }

    /// The window's top row and left column in the padded image.
    pub fn corner(&self, idx: usize) -> (usize, usize) {
        let (row, col) = self.cell(idx);
        (row * self.axis.stride, col * self.axis.stride)
    }

    /// The 25 products of one position.
    pub fn products(&self, idx: usize) -> Products {
        let (top, left) = self.corner(idx);
        let side = self.axis.padded();
        let pixel = |at: usize| self.padded[(top + at / WINDOW) * side + left + at % WINDOW];
        Products::new(std::array::from_fn(pixel), self.kernel)
    }

    /// Where a step leads from a position.
    pub fn stepped(&self, idx: usize, step: Step) -> usize {
        let last = self.len().saturating_sub(1);
        let cols = self.axis.output().max(1);
        let (row, col) = self.cell(idx);
        let shift = |at: usize, by: isize| at.saturating_add_signed(by).min(cols - 1);
        match step {
            Step::Next => (idx + 1).min(last),
            Step::Previous => idx.saturating_sub(1),
            Step::By(rows, columns) => shift(row, rows) * cols + shift(col, columns),
            Step::First => 0,
            Step::Last => last,
        }
    }

    /// The position whose window is centred nearest to a cell of the padded image.
    pub fn over(&self, row: usize, col: usize) -> usize {
        let cols = self.axis.output().max(1);
        let along = |at: usize| (at.saturating_sub(WINDOW / 2) + self.axis.stride / 2) / self.axis.stride;
        along(row).min(cols - 1) * cols + along(col).min(cols - 1)
    }

    /// The position here whose window lies most nearly where `other`'s lies at `idx`.
    pub fn same_place(&self, other: &SlidingFilterState, idx: usize) -> usize {
        let (top, left) = other.corner(idx);
        let moved = |at: usize| (at + WINDOW / 2 + self.axis.before()).saturating_sub(other.axis.before());
        self.over(moved(top), moved(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::kernel_editor::Preset;
    use crate::ui::widgets::size_formula::PadChoice;

    fn state(preset: Preset, padding: PadChoice, stride: usize) -> SlidingFilterState {
        let axis = Axis { length: SIDE, stride, padding };
        SlidingFilterState::new(3, Kernel(preset.weights()), axis)
    }

    #[test]
    fn the_identity_kernel_gives_the_digit_back() {
        let same = state(Preset::Identity, PadChoice::Same, 1);
        assert_eq!(same.map, digit(3));
    }

    #[test]
    fn an_edge_filter_is_not_turned_round() {
        let vertical = state(Preset::Vertical, PadChoice::Valid, 1);
        // Paper on the left, ink on the right: positive, as the weights on the right are.
        let row = 10;
        let first = vertical.map[row * 24..][..24].iter().find(|value| value.abs() > 1.0);
        assert!(first.is_some_and(|value| *value > 0.0), "{first:?}");
    }

    #[test]
    fn every_window_lies_inside_the_padded_image() {
        for choice in PadChoice::ALL {
            for stride in 1..=4 {
                let state = state(Preset::Blur, choice, stride);
                let (top, left) = state.corner(state.len() - 1);
                assert!(top + WINDOW <= state.axis.padded() && left + WINDOW <= state.axis.padded());
            }
        }
    }

    #[test]
    fn steps_stay_on_the_map() {
        let state = state(Preset::Blur, PadChoice::Valid, 1);
        assert_eq!(state.stepped(23, Step::Next), 24);
        assert_eq!(state.stepped(23, Step::By(0, 1)), 23);
        assert_eq!(state.stepped(23, Step::By(1, 0)), 47);
        assert_eq!(state.stepped(0, Step::Previous), 0);
        assert_eq!(state.stepped(0, Step::Last), 575);
    }

    #[test]
    fn pointing_finds_the_window_around_the_pixel() {
        let state = state(Preset::Blur, PadChoice::Cells(2), 2);
        for idx in 0..state.len() {
            let (top, left) = state.corner(idx);
            assert_eq!(state.over(top + 2, left + 2), idx);
        }
        assert_eq!(state.over(0, 0), 0);
        assert_eq!(state.over(31, 31), state.len() - 1);
    }

    #[test]
    fn a_change_of_padding_keeps_the_window_where_it_was() {
        let (plain, padded) =
            (state(Preset::Blur, PadChoice::Valid, 1), state(Preset::Blur, PadChoice::Cells(3), 1));
        let idx = 10 * 24 + 7;
        let moved = padded.same_place(&plain, idx);
        assert_eq!(padded.cell(moved), (13, 10));
        assert_eq!(plain.same_place(&padded, moved), idx);
    }
}
