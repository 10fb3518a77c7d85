//! What the settings lead to: the pooled map, where each number came from, and where its gradient goes.

use super::axis::PoolAxis;
use super::setup::{PoolKind, PoolSetup};
use crate::engine::layers::{LayerDef, LayerError};
use crate::tensor::Shape;
use crate::ui::one_layer;
use crate::ui::widgets::number_grid::NumberGrid;
use crate::ui::widgets::sliding_filter::Known;

/// A map and its pooling by the engine's own layer.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolState {
    /// The settings.
    pub setup: PoolSetup,
    /// The map.
    pub grid: NumberGrid,
    /// Rows and columns.
    pub axes: [PoolAxis; 2],
    /// The pooled map.
    pub output: NumberGrid,
}

impl PoolState {
    /// The lecture's example.
    ///
    /// # Panics
    /// Never: its window fits.
    pub fn first() -> PoolState {
        PoolState::new(&PoolSetup::default()).expect("a window of 2 × 2 fits into 4 × 4 cells")
    }

    /// Pools.
    ///
    /// # Errors
    /// If no window fits.
    pub fn new(setup: &PoolSetup) -> Result<PoolState, LayerError> {
        let grid = setup.input.grid();
        let (_, values) = one_layer::forward(&setup.spec(), &shape(&grid), &grid.values, &[])?;
        let axis = |idx: usize, length| {
            PoolAxis::new(length, setup.pool_size[idx], setup.stride()[idx], setup.padding)
        };
        let axes = [axis(0, grid.rows), axis(1, grid.cols)];
        let [Some(rows), Some(cols)] = axes else {
            let [window_height, window_width] = setup.pool_size;
            let (height, width) = (grid.rows, grid.cols);
            return Err(LayerError::WindowTooLarge { window_height, window_width, height, width });
        };
        let output = NumberGrid::new(cols.output, values);
        Ok(PoolState { setup: setup.clone(), grid, axes: [rows, cols], output })
    }

    /// Rows and columns of the pooled map.
    pub fn cells(&self) -> [usize; 2] {
        [self.output.rows, self.output.cols]
    }

    /// A cell's row and column in the pooled map.
    pub fn place(&self, idx: usize) -> (usize, usize) {
        (idx / self.output.cols, idx % self.output.cols)
    }

    /// The cells of the map under a window, in row order: row, column, number. Padding has none.
    pub fn under(&self, idx: usize) -> Vec<(usize, usize, f32)> {
        let (row, col) = self.place(idx);
        let [rows, cols] = [self.axes[0].inside(row), self.axes[1].inside(col)];
        rows.flat_map(|row| cols.clone().map(move |col| (row, col)))
            .map(|(row, col)| (row, col, self.grid.at(row, col)))
            .collect()
    }

    /// The cell that a maximum came from: the first in row order that holds it.
    pub fn winner(&self, idx: usize) -> Option<(usize, usize)> {
        let greatest = self.output.values[idx];
        let found = self.under(idx).into_iter().find(|(_, _, value)| *value >= greatest);
        found.filter(|_| self.setup.kind == PoolKind::Max).map(|(row, col, _)| (row, col))
    }

    /// How many cells under a window hold its maximum.
    pub fn ties(&self, idx: usize) -> usize {
        let greatest = self.output.values[idx];
        self.under(idx).iter().filter(|(_, _, value)| *value >= greatest).count()
    }

    /// The gradient of the map when each of the first `grown` pooled cells has the gradient 1.
    pub fn gradient(&self, grown: usize) -> NumberGrid {
        self.gradient_of(|idx| idx < grown)
    }

    /// The gradient of the map when each of these pooled cells has the gradient 1.
    pub fn gradient_of(&self, is_sent: impl Fn(usize) -> bool) -> NumberGrid {
        let sent: Vec<f32> =
            (0..self.output.values.len()).map(|idx| f32::from(u8::from(is_sent(idx)))).collect();
        let shape = shape(&self.grid);
        let grads = one_layer::backward(&self.setup.spec(), &shape, &self.grid.values, &[], &sent);
        // The same layer has taken the same input forward.
        let values = grads.map_or_else(|_| vec![0.0; self.grid.values.len()], |grads| grads.input);
        NumberGrid::new(self.grid.cols, values)
    }

    /// The pooled map as far as it is known while `current` is looked at; other cells are NaN.
    pub fn shown(&self, known: &Known, current: usize) -> NumberGrid {
        let value = |(idx, value): (usize, &f32)| if known.has(idx, current) { *value } else { f32::NAN };
        NumberGrid::new(self.output.cols, self.output.values.iter().enumerate().map(value).collect())
    }

    /// The position whose window lies nearest to a cell, counted with padding.
    pub fn over(&self, row: usize, col: usize) -> usize {
        self.axes[0].over(row) * self.output.cols + self.axes[1].over(col)
    }
}

/// Why a setting leads to nothing, or nothing if it does lead somewhere.
pub fn fault(setup: &PoolSetup) -> Option<LayerError> {
    let grid = setup.input.grid();
    setup.spec().output_shape(&shape(&grid)).err()
}

fn shape(grid: &NumberGrid) -> Shape {
    Shape::from([grid.rows, grid.cols, 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Padding;
    use crate::tensor::rng::{Purpose, Rng};
    use crate::ui::pages::pooling::PoolInput;

    /// Settings of every kind, with maps whose numbers are often equal.
    fn random_setups() -> Vec<PoolSetup> {
        let mut rng = Rng::new(7, Purpose::Init, 0, 0);
        let mut below = |limit: usize| rng.below(limit as u32) as usize;
        (0..500)
            .map(|_| {
                let [rows, cols] = [1 + below(8), 1 + below(8)];
                let values = (0..rows * cols).map(|_| below(9) as f32 - 4.0).collect();
                PoolSetup {
                    kind: [PoolKind::Max, PoolKind::Average][below(2)],
                    pool_size: [1 + below(5), 1 + below(5)],
                    strides: (below(3) > 0).then(|| [1 + below(4), 1 + below(4)]),
                    padding: [Padding::Valid, Padding::Same][below(2)],
                    input: PoolInput::of(NumberGrid::new(cols, values)),
                }
            })
            .collect()
    }

    #[test]
    fn what_the_page_says_of_each_window_is_what_the_layer_does() {
        let mut computed = 0;
        for setup in random_setups() {
            let state = PoolState::new(&setup);
            assert_eq!(state.as_ref().err(), fault(&setup).as_ref());
            let Ok(state) = state else { continue };
            computed += 1;
            let cells = state.cells();
            assert_eq!(cells, state.axes.map(|axis| axis.output));
            for idx in 0..state.output.values.len() {
                let under: Vec<f32> = state.under(idx).iter().map(|(_, _, value)| *value).collect();
                let expected = match setup.kind {
                    PoolKind::Max => under.iter().copied().fold(f32::NEG_INFINITY, f32::max),
                    PoolKind::Average => under.iter().sum::<f32>() / under.len() as f32,
                };
                assert_eq!(state.output.values[idx].to_bits(), expected.to_bits(), "{setup:?} at {idx}");
            }
        }
        assert!(computed > 300, "{computed}");
    }

    #[test]
    fn gradients_go_to_the_cell_that_the_page_names_or_to_all_evenly() {
        for setup in random_setups() {
            let Ok(state) = PoolState::new(&setup) else { continue };
            let len = state.output.values.len();
            let mut expected = vec![0.0f32; state.grid.values.len()];
            for idx in 0..len {
                let under = state.under(idx);
                match state.winner(idx) {
                    Some((row, col)) => expected[row * state.grid.cols + col] += 1.0,
                    None => under.iter().for_each(|(row, col, _)| {
                        expected[row * state.grid.cols + col] += 1.0 / under.len() as f32;
                    }),
                }
            }
            assert_eq!(state.gradient(len).values, expected, "{setup:?}");
            assert!(state.gradient(0).values.iter().all(|grad| *grad == 0.0));
        }
    }

    #[test]
    fn the_lectures_example_is_the_first_thing_shown() {
        let state = PoolState::new(&PoolSetup::default()).unwrap();
        assert_eq!(state.output.values, [20.0, 30.0, 112.0, 37.0]);
        assert_eq!(
            (0..4).map(|idx| state.winner(idx)).collect::<Vec<_>>(),
            [Some((0, 1)), Some((0, 2)), Some((3, 0)), Some((2, 2))]
        );
        let ties = PoolSetup { input: PoolInput::Ties, ..PoolSetup::default() };
        let ties = PoolState::new(&ties).unwrap();
        assert_eq!((ties.ties(0), ties.winner(0)), (4, Some((0, 0))));
    }
}
