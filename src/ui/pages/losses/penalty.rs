//! A loss with a penalty on its one weight: the curves, the least of them, and gradient descent step by step.
//!
//! The loss is `MeanSquaredError` of the weight against w*, `(w − w*)²`. With `l1·|w| + l2·w²` the sum is least at
//! `sign(w*)·max(|w*| − l1/2, 0)/(1 + l2)`: L2 makes every weight smaller, L1 moves it by a constant, and to exactly 0
//! where `l1 ≥ 2·|w*|`.

use super::measure::measured;
use super::setup::LossSetup;
use crate::engine::losses::MeanSquaredErrorSpec;
use crate::engine::optimizers::{OptimizedParam, OptimizerSpec, SgdSpec};

/// Points of a curve.
const POINTS: usize = 321;

/// A weight with its loss, penalty and gradients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The weight.
    pub weight: f32,
    /// The loss.
    pub loss: f32,
    /// The penalty.
    pub penalty: f32,
    /// The gradient of the loss.
    pub of_loss: f32,
    /// The gradient of the penalty; at 0 that of the absolute value counts as 0, as in Keras.
    pub of_penalty: f32,
}

impl Place {
    /// What is minimized.
    pub fn sum(&self) -> f32 {
        self.loss + self.penalty
    }

    /// Its gradient.
    pub fn gradient(&self) -> f32 {
        self.of_loss + self.of_penalty
    }
}

/// Where the sum is least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Minimum {
    /// The weight and what it costs.
    pub place: Place,
    /// Whether a penalty brought it to exactly 0 from elsewhere.
    pub is_cut: bool,
    /// The least `l1` that does.
    pub cutting_l1: f32,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PenaltyState {
    /// Over the whole axis.
    pub curve: Vec<Place>,
    /// Where the sum is least.
    pub minimum: Minimum,
    /// The weight at the beginning and after each step.
    pub path: Vec<Place>,
}

impl PenaltyState {
    /// Computes all of it.
    pub fn new(setup: &LossSetup) -> PenaltyState {
        let [low, high] = [*LossSetup::WEIGHTS.start(), *LossSetup::WEIGHTS.end()];
        let at = |idx: usize| low + (high - low) * idx as f32 / (POINTS - 1) as f32;
        let curve = (0..POINTS).map(|idx| place(setup, at(idx))).collect();
        let [l1, l2] = setup.factors();
        let shrunk = (setup.optimum.abs() - l1 / 2.0).max(0.0) / (1.0 + l2);
        let least = if shrunk == 0.0 { 0.0 } else { shrunk * setup.optimum.signum() };
        let minimum = Minimum {
            place: place(setup, least),
            is_cut: least == 0.0 && setup.optimum != 0.0,
            cutting_l1: 2.0 * setup.optimum.abs(),
        };
        PenaltyState { curve, minimum, path: descent(setup) }
    }

    /// Where the weight is now.
    pub fn now(&self) -> Place {
        self.path[self.path.len() - 1]
    }
}

/// The engine's loss and penalty of a weight.
fn place(setup: &LossSetup, weight: f32) -> Place {
    let (losses, grads) = measured(MeanSquaredErrorSpec::default(), &[weight], None, &[setup.optimum], 1);
    let mut of_penalty = [0.0];
    let penalty = setup.penalty().map_or(0.0, |spec| {
        spec.add_gradient(&[1], &[weight], 1.0, &mut of_penalty);
        spec.value(&[1], &[weight])
    });
    Place { weight, loss: losses[0], penalty, of_loss: grads[0], of_penalty: of_penalty[0] }
}

/// The engine's gradient descent.
fn descent(setup: &LossSetup) -> Vec<Place> {
    let spec = OptimizerSpec::from(SgdSpec::default()).with_learning_rate(setup.learning_rate);
    let param = OptimizedParam { range: 0..1, is_kernel: true, extents: vec![1], trainable: true };
    let mut optimizer = spec.build(&[param]);
    let mut weights = [setup.weight];
    let mut path = vec![place(setup, setup.weight)];
    for _ in 0..setup.steps {
        let gradient = path[path.len() - 1].gradient();
        optimizer.step(&mut weights, &[gradient]);
        path.push(place(setup, weights[0]));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::losses::Regularizer;

    fn setups() -> impl Iterator<Item = LossSetup> {
        let kinds = Regularizer::ALL.into_iter();
        kinds.flat_map(|regularizer| {
            [(0.0, 0.0), (0.5, 0.25), (1.0, 2.0), (2.5, 0.1)].into_iter().flat_map(move |(l1, l2)| {
                [-2.0, -0.5, 0.0, 1.0, 3.0].map(|optimum| LossSetup {
                    regularizer,
                    l1,
                    l2,
                    optimum,
                    ..LossSetup::default()
                })
            })
        })
    }

    #[test]
    fn nothing_on_the_curve_lies_below_the_minimum() {
        for setup in setups() {
            let state = PenaltyState::new(&setup);
            let least = state.minimum.place.sum();
            for place in &state.curve {
                assert!(place.sum() >= least - 1e-5, "{setup:?} at {}", place.weight);
            }
            let near = state.curve.iter().min_by(|a, b| a.sum().total_cmp(&b.sum())).unwrap();
            assert!((near.weight - state.minimum.place.weight).abs() < 0.03, "{setup:?}");
        }
    }

    #[test]
    fn only_l1_makes_a_weight_exactly_zero() {
        let of = |regularizer, l1| LossSetup { regularizer, l1, l2: 9.0, ..LossSetup::default() };
        assert!(!PenaltyState::new(&of(Regularizer::L2, 9.0)).minimum.is_cut);
        assert!(!PenaltyState::new(&of(Regularizer::L1, 1.9)).minimum.is_cut);
        assert!(PenaltyState::new(&of(Regularizer::L1, 2.0)).minimum.is_cut);
        assert!(PenaltyState::new(&of(Regularizer::L1L2, 2.0)).minimum.is_cut);
    }

    #[test]
    fn a_step_goes_down_the_slope_and_many_arrive() {
        let setup = LossSetup { steps: 1, ..LossSetup::default() };
        let state = PenaltyState::new(&setup);
        let (first, second) = (state.path[0], state.now());
        // 2·(2.5 − 1) + 1 = 4
        assert!((first.gradient() - 4.0).abs() < 1e-6);
        assert!((second.weight - (2.5 - 0.1 * 4.0)).abs() < 1e-6);
        let far = PenaltyState::new(&LossSetup { steps: 200, ..setup });
        assert!((far.now().weight - far.minimum.place.weight).abs() < 1e-4);
    }
}
