//! The dilated convolution: its kernel is stretched, `d` cells from one weight to the next.
//!
//! A kernel of `k` weights spans `k + (k − 1)(d − 1)` cells. The dense kernel of that size, with zeros in the gaps,
//! gives the very same numbers: what is added between the same products are zeros.

use super::setup::BackSetup;
use crate::engine::layers::{LayerError, Padding};
use crate::tensor::Shape;
use crate::ui::convolution::{Axis, PadChoice};
use crate::ui::one_layer;
use crate::ui::widgets::number_grid::NumberGrid;

/// A dilated convolution and the dense one that is the same.
#[derive(Clone, Debug, PartialEq)]
pub struct DilatedState {
    /// The settings; their stride is 1, as Keras refuses others.
    pub setup: BackSetup,
    /// How the window moves along rows and columns.
    pub axes: [Axis; 2],
    /// The kernel without gaps: zeros stand in them.
    pub dense_kernel: NumberGrid,
    /// What comes out of the dilated convolution.
    pub output: NumberGrid,
    /// What comes out of the dense one.
    pub dense_output: NumberGrid,
}

/// What a window of the dilated convolution does with the cells that it spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned {
    /// All of them.
    pub all: usize,
    /// Those that a weight meets.
    pub met: usize,
    /// Of these, those in the padding.
    pub padding: usize,
}

impl DilatedState {
    /// What the view shows first.
    ///
    /// # Panics
    /// Never: its window fits.
    pub fn first() -> DilatedState {
        DilatedState::new(&BackSetup::dilated()).expect("a window of 5 × 5 fits into 7 × 7 cells")
    }

    /// Computes both with the engine.
    ///
    /// # Errors
    /// If the window does not fit into the input.
    pub fn new(setup: &BackSetup) -> Result<DilatedState, LayerError> {
        let setup = BackSetup { strides: 1, ..setup.clone() };
        let (input, rate) = (&setup.input, setup.dilation_rate);
        let axis = |length: usize, window: usize| {
            let padding = if setup.padding == Padding::Same { PadChoice::Same } else { PadChoice::Valid };
            Axis { length, window, stride: 1, dilation: rate, padding }
        };
        let axes = [axis(input.rows, setup.kernel.rows), axis(input.cols, setup.kernel.cols)];
        let shape = Shape::from([input.rows, input.cols, 1]);
        let forward = |setup: &BackSetup| {
            let output = one_layer::forward(&setup.spec(), &shape, &input.values, &setup.kernel.values)?.1;
            Ok::<_, LayerError>(NumberGrid::new(axes[1].output().max(1), output))
        };
        let output = forward(&setup)?;
        let dense_kernel = stretched(&setup.kernel, rate);
        let dense = BackSetup { kernel: dense_kernel.clone(), dilation_rate: 1, ..setup.clone() };
        let dense_output = forward(&dense)?;
        Ok(DilatedState { setup, axes, dense_kernel, output, dense_output })
    }

    /// Rows and columns of what comes out.
    pub fn cells(&self) -> [usize; 2] {
        [self.output.rows, self.output.cols]
    }

    /// Whether a cell of the dense kernel is a gap of the dilated one.
    pub fn is_gap(&self, row: usize, col: usize) -> bool {
        let rate = self.setup.dilation_rate;
        !(row.is_multiple_of(rate) && col.is_multiple_of(rate))
    }

    /// The cell of the padded input that the window's first weight meets for a cell of the result.
    pub fn corner(&self, cell: usize) -> [usize; 2] {
        let (row, col) = (cell / self.output.cols, cell % self.output.cols);
        [self.axes[0].met(row, 0), self.axes[1].met(col, 0)]
    }

    /// The products that add up to a cell of the result: number of the input, weight. Padding takes no part.
    pub fn products(&self, cell: usize) -> Vec<(f32, f32)> {
        let corner = self.corner(cell);
        let (kernel, input) = (&self.setup.kernel, &self.setup.input);
        let place = |axis: usize, tap: usize| {
            let at = (corner[axis] + tap * self.setup.dilation_rate).checked_sub(self.axes[axis].before())?;
            (at < self.axes[axis].length).then_some(at)
        };
        let product = |tap: usize| {
            let (row, col) = (place(0, tap / kernel.cols)?, place(1, tap % kernel.cols)?);
            Some((input.at(row, col), kernel.values[tap]))
        };
        (0..kernel.values.len()).filter_map(product).collect()
    }

    /// What the window of a cell does with the cells that it spans.
    pub fn spanned(&self, cell: usize) -> Spanned {
        let met = self.setup.kernel.values.len();
        let all = self.dense_kernel.values.len();
        Spanned { all, met, padding: met - self.products(cell).len() }
    }

    /// Whether both results are the same, to the last bit.
    pub fn is_same(&self) -> bool {
        let bits = |grid: &NumberGrid| grid.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        bits(&self.output) == bits(&self.dense_output)
    }

    /// The cells of the input that no weight meets at any position of the window, row and column.
    pub fn unmet(&self) -> Vec<(usize, usize)> {
        let [rows, cols] = self.axes.map(|axis| {
            let own = axis.reached().into_iter().skip(axis.before()).take(axis.length);
            own.collect::<Vec<bool>>()
        });
        let cells = (0..rows.len()).flat_map(|row| (0..cols.len()).map(move |col| (row, col)));
        cells.filter(|(row, col)| !(rows[*row] && cols[*col])).collect()
    }

    /// The cell of the result whose window is centred nearest to a cell of the padded input.
    pub fn over(&self, row: usize, col: usize) -> usize {
        self.axes[0].over(row) * self.output.cols + self.axes[1].over(col)
    }
}

/// A kernel with `rate` cells from one weight to the next and zeros between.
fn stretched(kernel: &NumberGrid, rate: usize) -> NumberGrid {
    let span = |weights: usize| weights + (weights - 1) * (rate - 1);
    let mut dense = NumberGrid::new(1, vec![0.0]).resized(span(kernel.rows), span(kernel.cols));
    dense.values.fill(0.0);
    for (tap, weight) in kernel.values.iter().enumerate() {
        let (row, col) = (tap / kernel.cols * rate, tap % kernel.cols * rate);
        dense.values[row * dense.cols + col] = *weight;
    }
    dense
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::rng::{Purpose, Rng};

    #[test]
    fn the_dense_kernel_gives_the_same_bits_and_the_named_products_the_same_numbers() {
        let mut rng = Rng::new(11, Purpose::Init, 0, 0);
        let (mut computed, mut gaps) = (0, 0);
        for _ in 0..500 {
            let mut below = |limit: u32| rng.below(limit) as usize;
            let (sizes, rate) = ([1 + below(8), 1 + below(8), 1 + below(5), 1 + below(5)], 1 + below(4));
            let padding = [Padding::Valid, Padding::Same][below(2)];
            let mut grid = |rows: usize, cols: usize| {
                // Neither halves nor quarters: sums round, and in another order would round otherwise.
                let value = |_| (below(2001) as f32 - 1000.0) / 70.0 * (below(3) as f32);
                NumberGrid::new(cols, (0..rows * cols).map(value).collect())
            };
            let (input, kernel) = (grid(sizes[0], sizes[1]), grid(sizes[2], sizes[3]));
            let setup = BackSetup {
                input,
                kernel,
                dilation_rate: rate,
                padding,
                // Not heeded here.
                strides: 3,
                ..BackSetup::dilated()
            };
            let Ok(state) = DilatedState::new(&setup) else {
                assert_eq!(padding, Padding::Valid);
                continue;
            };
            computed += 1;
            assert!(state.is_same(), "{setup:?}");
            assert_eq!(state.cells(), state.axes.map(Axis::output));
            assert_eq!(
                [state.dense_kernel.rows, state.dense_kernel.cols],
                state.axes.map(Axis::effective),
                "{setup:?}"
            );
            for (cell, value) in state.output.values.iter().enumerate() {
                let products: Vec<f32> = state.products(cell).iter().map(|(x, weight)| x * weight).collect();
                let (sum, size) =
                    (products.iter().sum::<f32>(), products.iter().map(|x| x.abs()).sum::<f32>());
                assert!((value - sum).abs() <= 1e-5 * size, "{setup:?}: {value}, {sum}");
            }
            for (idx, weight) in state.dense_kernel.values.iter().enumerate() {
                if state.is_gap(idx / state.dense_kernel.cols, idx % state.dense_kernel.cols) {
                    gaps += 1;
                    assert_eq!(weight.to_bits(), 0);
                }
            }
        }
        assert!(computed > 250 && gaps > 1000, "{computed}, {gaps}");
    }

    #[test]
    fn other_numbers_would_be_noticed() {
        let mut state = DilatedState::first();
        assert!(state.is_same());
        state.dense_output.values[0] = f32::from_bits(state.dense_output.values[0].to_bits() ^ 1);
        assert!(!state.is_same());
    }

    #[test]
    fn a_window_meets_its_weights_and_skips_the_rest() {
        let state = DilatedState::first();
        assert_eq!((state.cells(), state.spanned(4)), ([3, 3], Spanned { all: 25, met: 9, padding: 0 }));
        assert_eq!(state.corner(4), [1, 1]);
        let same = DilatedState::new(&BackSetup { padding: Padding::Same, ..BackSetup::dilated() }).unwrap();
        assert_eq!((same.cells(), same.spanned(0)), ([7, 7], Spanned { all: 25, met: 9, padding: 5 }));
        assert_eq!((same.over(2, 2), same.over(10, 10)), (0, 48));
    }

    #[test]
    fn cells_that_no_weight_ever_meets_are_named() {
        assert!(DilatedState::first().unmet().is_empty());
        // One position alone: rows and columns 1 and 3 of 5 fall into the gaps.
        let setup = BackSetup { input: NumberGrid::new(5, vec![1.0; 25]), ..BackSetup::dilated() };
        let unmet = DilatedState::new(&setup).unwrap().unmet();
        assert_eq!(unmet.len(), 25 - 9);
        assert!(unmet.contains(&(1, 0)) && unmet.contains(&(0, 3)) && !unmet.contains(&(2, 4)));
    }

    #[test]
    fn a_stretched_window_that_does_not_fit_is_refused() {
        let setup = BackSetup { dilation_rate: 4, ..BackSetup::dilated() };
        let fault = DilatedState::new(&setup);
        assert!(matches!(fault, Err(LayerError::WindowTooLarge { window_height: 9, height: 7, .. })));
    }
}
