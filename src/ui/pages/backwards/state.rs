//! The gradients of one convolution, and the check by small changes.
//!
//! With `L = Σ g·y`, where `g` is the gradient that comes back:
//! `∂L/∂k[kh,kw] = Σ over (oh,ow) of g[oh,ow]·x[oh·s + kh·d − pad, ow·s + kw·d − pad]`, and each
//! `g[oh,ow]·k[kh,kw]` is added to the gradient of the cell of `x` that it multiplied.

use super::setup::BackSetup;
use crate::engine::layers::LayerError;
use crate::tensor::Shape;
use crate::ui::one_layer;
use crate::ui::pages::chain::Geometry;
use crate::ui::widgets::number_grid::{NumberGrid, scale_of};

/// By how much a number is changed either way. The loss is linear in each, so that the step may be as
/// large as is exact in float32.
const STEP: f32 = 0.5;

/// A convolution with the gradient that comes back to it.
#[derive(Clone, Debug, PartialEq)]
pub struct BackState {
    /// The settings.
    pub setup: BackSetup,
    /// How the window moves along rows and columns.
    pub axes: [Geometry; 2],
    /// The layer's output.
    pub output: NumberGrid,
    /// The gradient of the output.
    pub sent: NumberGrid,
}

/// How far the gradients are from what small changes show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Check {
    /// The greatest difference among the kernel's, in parts of the greatest gradient there.
    pub kernel: f64,
    /// The same for the input's.
    pub input: f64,
}

impl Check {
    /// What rounding in float32 may make of it.
    pub const TOLERANCE: f64 = 1e-3;

    /// Whether both are within the tolerance.
    pub fn holds(self) -> bool {
        self.kernel <= Check::TOLERANCE && self.input <= Check::TOLERANCE
    }
}

impl BackState {
    /// The first settings.
    ///
    /// # Panics
    /// Never: their window fits.
    pub fn first() -> BackState {
        BackState::new(&BackSetup::default()).expect("a window of 2 × 2 fits into 4 × 4 cells")
    }

    /// Takes the input forward.
    ///
    /// # Errors
    /// If the layer does not take this input.
    pub fn new(setup: &BackSetup) -> Result<BackState, LayerError> {
        let (spec, input) = (setup.spec(), &setup.input);
        let (output, values) = one_layer::forward(&spec, &shape(input), &input.values, &setup.kernel.values)?;
        let axes = [Geometry::of(&spec, 0, input.rows), Geometry::of(&spec, 1, input.cols)];
        let [Some(rows), Some(cols)] = axes else {
            return Err(LayerError::WrongRank { expected: 3, got: output });
        };
        let output = NumberGrid::new(cols.output, values);
        let ones = || NumberGrid::new(output.cols, vec![1.0; output.values.len()]);
        let sent = setup.sent.as_ref().map_or_else(ones, |sent| sent.resized(output.rows, output.cols));
        Ok(BackState { setup: setup.clone(), axes: [rows, cols], output, sent })
    }

    /// Rows and columns of the output.
    pub fn cells(&self) -> [usize; 2] {
        [self.output.rows, self.output.cols]
    }

    /// The cell of the input that a weight multiplies for an output cell; `None` in the padding.
    pub fn partner(&self, cell: usize, weight: usize) -> Option<(usize, usize)> {
        let (row, col) = (cell / self.output.cols, cell % self.output.cols);
        let (kh, kw) = (weight / self.setup.kernel.cols, weight % self.setup.kernel.cols);
        let along = |axis: Geometry, cell: usize, tap: usize| {
            let at = (cell * axis.stride + tap * axis.dilation).checked_sub(axis.before)?;
            (at < axis.length).then_some(at)
        };
        Some((along(self.axes[0], row, kh)?, along(self.axes[1], col, kw)?))
    }

    /// The pairs that add up to a weight's gradient: output cell, number of the input, gradient.
    pub fn pairs(&self, weight: usize) -> Vec<(usize, f32, f32)> {
        let pair = |cell: usize| {
            let (row, col) = self.partner(cell, weight)?;
            Some((cell, self.setup.input.at(row, col), self.sent.values[cell]))
        };
        (0..self.sent.values.len()).filter_map(pair).collect()
    }

    /// The gradients of kernel and input from the first `grown` cells of the gradient that comes back.
    pub fn gradients(&self, grown: usize) -> (NumberGrid, NumberGrid) {
        let sent: Vec<f32> = self
            .sent
            .values
            .iter()
            .enumerate()
            .map(|(idx, grad)| if idx < grown { *grad } else { 0.0 })
            .collect();
        let (input, kernel) = (&self.setup.input, &self.setup.kernel);
        let grads =
            one_layer::backward(&self.setup.spec(), &shape(input), &input.values, &kernel.values, &sent);
        // The same layer has taken the same input forward.
        let zeros = |grid: &NumberGrid| vec![0.0; grid.values.len()];
        let (of_kernel, of_input) =
            grads.map_or_else(|_| (zeros(kernel), zeros(input)), |grads| (grads.params, grads.input));
        (NumberGrid::new(kernel.cols, of_kernel), NumberGrid::new(input.cols, of_input))
    }

    /// `Σ g·y`, added in f64, for changed numbers.
    fn loss(&self, input: &[f32], kernel: &[f32]) -> f64 {
        let output = one_layer::forward(&self.setup.spec(), &shape(&self.setup.input), input, kernel);
        let pairs = output.iter().flat_map(|(_, values)| values.iter().zip(&self.sent.values));
        pairs.map(|(y, g)| f64::from(*y) * f64::from(*g)).sum()
    }

    /// Changes every number a little either way and compares what the loss does with the gradients.
    pub fn check(&self) -> Check {
        let (of_kernel, of_input) = self.gradients(self.sent.values.len());
        let (input, kernel) = (&self.setup.input.values, &self.setup.kernel.values);
        let of = |values: &[f32], grads: &[f32], loss: &dyn Fn(&[f32]) -> f64| {
            let mut worst = 0.0f64;
            for (idx, grad) in grads.iter().enumerate() {
                let (mut up, mut down) = (values.to_vec(), values.to_vec());
                up[idx] += STEP;
                down[idx] -= STEP;
                // The step that was really taken.
                let taken = f64::from(up[idx]) - f64::from(down[idx]);
                let slope = (loss(&up) - loss(&down)) / taken;
                worst = worst.max((slope - f64::from(*grad)).abs());
            }
            worst / f64::from(scale_of(grads))
        };
        Check {
            kernel: of(kernel, &of_kernel.values, &|kernel| self.loss(input, kernel)),
            input: of(input, &of_input.values, &|input| self.loss(input, kernel)),
        }
    }
}

fn shape(grid: &NumberGrid) -> Shape {
    Shape::from([grid.rows, grid.cols, 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Padding;
    use crate::tensor::rng::{Purpose, Rng};

    #[test]
    fn the_pairs_that_the_page_names_add_up_to_the_engines_gradients() {
        let mut rng = Rng::new(5, Purpose::Init, 0, 0);
        let mut below = |limit: u32| rng.below(limit) as usize;
        let mut computed = 0;
        for _ in 0..300 {
            let mut grid = |rows: usize, cols: usize| {
                NumberGrid::new(cols, (0..rows * cols).map(|_| below(9) as f32 - 4.0).collect())
            };
            let (input, kernel, sent) = (grid(6, 7), grid(3, 2), grid(8, 8));
            let input = input.resized(1 + below(8), 1 + below(8));
            let kernel = kernel.resized(1 + below(3), 1 + below(3));
            let (strides, dilation_rate) = if below(2) == 0 { (1 + below(3), 1) } else { (1, 1 + below(3)) };
            let padding = [Padding::Valid, Padding::Same][below(2)];
            let sent = Some(sent);
            let setup =
                BackSetup { input, kernel, sent, strides, dilation_rate, padding, ..BackSetup::default() };
            let Ok(state) = BackState::new(&setup) else { continue };
            computed += 1;
            let (of_kernel, of_input) = state.gradients(state.sent.values.len());
            let mut expected = vec![0.0; setup.input.values.len()];
            for (weight, value) in setup.kernel.values.iter().enumerate() {
                let sum: f32 = state.pairs(weight).iter().map(|(_, x, g)| x * g).sum();
                // Whole numbers: sums are exact in any order.
                assert!((of_kernel.values[weight] - sum).abs() < 1e-6, "{setup:?}");
                for (cell, grad) in state.sent.values.iter().enumerate() {
                    if let Some((row, col)) = state.partner(cell, weight) {
                        expected[row * setup.input.cols + col] += grad * value;
                    }
                }
            }
            assert_eq!(of_input.values, expected, "{setup:?}");
            assert!(state.check().holds(), "{setup:?}: {:?}", state.check());
        }
        assert!(computed > 200, "{computed}");
    }

    #[test]
    fn a_wrong_gradient_would_be_noticed() {
        let state = BackState::first();
        let check = state.check();
        assert!(check.holds(), "{check:?}");
        assert!(!Check { kernel: 0.01, ..check }.holds());
        assert!(state.gradients(0).0.values.iter().all(|grad| *grad == 0.0));
    }

    #[test]
    fn what_keras_refuses_is_refused() {
        let setup = BackSetup { strides: 2, dilation_rate: 2, ..BackSetup::default() };
        assert!(matches!(BackState::new(&setup), Err(LayerError::StridesAndDilation { .. })));
    }
}
