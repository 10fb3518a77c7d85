//! The transposed convolution: the way a convolution's gradient takes to its input, as a layer.
//!
//! Keras's `Conv2DTranspose` of `n` cells gives `n·s + max(k − s, 0)` cells with `valid` and `n·s` with
//! `same` padding. It is the same as putting `s − 1` zeros between the cells, a border around them, and
//! letting the kernel, turned by half a turn, slide over that one cell at a time.

use super::setup::BackSetup;
use crate::engine::layers::Padding;
use crate::tensor::Shape;
use crate::ui::one_layer;
use crate::ui::widgets::number_grid::NumberGrid;

/// One transposed convolution.
#[derive(Clone, Debug, PartialEq)]
pub struct TransposedState {
    /// The settings; their dilation is 1.
    pub setup: BackSetup,
    /// The input with zeros between its cells and around them.
    pub stuffed: NumberGrid,
    /// Rows and columns of the border before the first cell.
    pub border: [usize; 2],
    /// The kernel, turned by half a turn.
    pub turned: NumberGrid,
    /// What comes out.
    pub output: NumberGrid,
}

impl TransposedState {
    /// Computes it as the engine's gradient of the convolution whose output is this input.
    pub fn new(setup: &BackSetup) -> TransposedState {
        let setup = BackSetup { dilation_rate: 1, ..setup.clone() };
        let (input, kernel) = (&setup.input, &setup.kernel);
        let length = |n: usize, k: usize| match setup.padding {
            Padding::Valid => n * setup.strides + k.saturating_sub(setup.strides),
            Padding::Same => n * setup.strides,
        };
        let [rows, cols] = [length(input.rows, kernel.rows), length(input.cols, kernel.cols)];
        let shape = Shape::from([rows, cols, 1]);
        let zeros = vec![0.0; rows * cols];
        let grads = one_layer::backward(&setup.spec(), &shape, &zeros, &kernel.values, &input.values);
        let output = NumberGrid::new(cols, grads.map_or(zeros, |grads| grads.input));
        let before = |length: usize, k: usize| {
            setup.padding.along(length, k, setup.strides).map_or(0, |(_, before, _)| before)
        };
        let border =
            [kernel.rows - 1 - before(rows, kernel.rows), kernel.cols - 1 - before(cols, kernel.cols)];
        let mut stuffed =
            NumberGrid::new(1, vec![0.0]).resized(rows + kernel.rows - 1, cols + kernel.cols - 1);
        for row in 0..input.rows {
            for col in 0..input.cols {
                let at = (border[0] + row * setup.strides) * stuffed.cols + border[1] + col * setup.strides;
                stuffed.values[at] = input.at(row, col);
            }
        }
        let turned = NumberGrid::new(kernel.cols, kernel.values.iter().rev().copied().collect());
        TransposedState { setup, stuffed, border, turned, output }
    }

    /// Rows and columns of what comes out.
    pub fn cells(&self) -> [usize; 2] {
        [self.output.rows, self.output.cols]
    }

    /// Whether a cell of the stuffed input is one of the input's, not a zero put there.
    pub fn is_own(&self, row: usize, col: usize) -> bool {
        let along = |at: usize, border: usize, len: usize| {
            at.checked_sub(border)
                .is_some_and(|at| at.is_multiple_of(self.setup.strides) && at / self.setup.strides < len)
        };
        along(row, self.border[0], self.setup.input.rows) && along(col, self.border[1], self.setup.input.cols)
    }

    /// The products that add up to an output cell: number of the input, weight. Zeros put there take no part.
    pub fn products(&self, cell: usize) -> Vec<(f32, f32)> {
        let (top, left) = (cell / self.output.cols, cell % self.output.cols);
        let mut products = Vec::new();
        for row in 0..self.turned.rows {
            for col in 0..self.turned.cols {
                if self.is_own(top + row, left + col) {
                    products.push((self.stuffed.at(top + row, left + col), self.turned.at(row, col)));
                }
            }
        }
        products
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::rng::{Purpose, Rng};

    #[test]
    fn the_turned_kernel_over_the_stuffed_input_gives_the_engines_numbers() {
        let mut rng = Rng::new(9, Purpose::Init, 0, 0);
        for _ in 0..300 {
            let mut below = |limit: u32| rng.below(limit) as usize;
            let mut grid = |rows: usize, cols: usize| {
                NumberGrid::new(cols, (0..rows * cols).map(|_| below(9) as f32 - 4.0).collect())
            };
            let (input, kernel) = (grid(8, 8), grid(5, 5));
            let setup = BackSetup {
                input: input.resized(1 + below(8), 1 + below(8)),
                kernel: kernel.resized(1 + below(5), 1 + below(5)),
                strides: 1 + below(4),
                padding: [Padding::Valid, Padding::Same][below(2)],
                ..BackSetup::default()
            };
            let state = TransposedState::new(&setup);
            for (cell, value) in state.output.values.iter().enumerate() {
                let sum: f32 = state.products(cell).iter().map(|(x, weight)| x * weight).sum();
                assert!((value - sum).abs() < 1e-6, "{setup:?} at {cell}: {value}, {sum}");
            }
        }
    }

    #[test]
    fn sizes_are_those_of_keras() {
        let size = |n, k, strides, padding| {
            let grid = |side| NumberGrid::new(side, vec![1.0; side * side]);
            let setup =
                BackSetup { input: grid(n), kernel: grid(k), strides, padding, ..BackSetup::default() };
            TransposedState::new(&setup).output.rows
        };
        assert_eq!(size(3, 3, 2, Padding::Valid), 7);
        assert_eq!(size(3, 3, 2, Padding::Same), 6);
        assert_eq!(size(3, 2, 3, Padding::Valid), 9);
        assert_eq!(size(4, 1, 1, Padding::Valid), 4);
    }
}
