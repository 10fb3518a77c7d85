//! What two distributions lead to: entropies, cross-entropy, divergences, and the gradient of the logits.

use super::measure::measured;
use super::setup::LossSetup;
use crate::engine::losses::{
    CategoricalCrossentropySpec, KlDivergenceSpec, SparseCategoricalCrossentropySpec,
};
use crate::tensor::math;

/// Stands for a logit of −∞, the logarithm of nothing: far below every other.
const NO_LOGIT: f32 = -80.0;

/// Entropies of p and q in nats. What is infinite is so here, though Keras clips it.
#[derive(Clone, Debug, PartialEq)]
pub struct EntropyState {
    /// The target after `label_smoothing`: what the loss sees.
    pub p: Vec<f32>,
    /// The prediction.
    pub q: Vec<f32>,
    /// `−pᵢ ln pᵢ` of each class.
    pub own: Vec<f64>,
    /// `−pᵢ ln qᵢ` of each class; infinite where q is 0 and p is not.
    pub cross: Vec<f64>,
    /// H(p).
    pub entropy_p: f64,
    /// H(q).
    pub entropy_q: f64,
    /// H(p,q).
    pub cross_entropy: f64,
    /// KL(p‖q).
    pub divergence: f64,
    /// KL(q‖p).
    pub reverse: f64,
    /// What `CategoricalCrossentropy` gives, which clips q at 1e-7.
    pub keras_cross_entropy: f32,
    /// What `KLDivergence` gives, which clips both.
    pub keras_divergence: f32,
    /// What `SparseCategoricalCrossentropy` gives for the one class of a one-hot target without smoothing.
    pub sparse: Option<(usize, f32)>,
    /// The gradient with respect to the logits behind q: `q − p`.
    pub gradient: Vec<f32>,
}

impl EntropyState {
    /// Computes all of it.
    pub fn new(setup: &LossSetup) -> EntropyState {
        let (given, q) = (setup.p.values(), setup.q.values());
        let (classes, smoothing) = (given.len(), setup.smoothing);
        let p: Vec<f32> = given.iter().map(|p| p * (1.0 - smoothing) + smoothing / classes as f32).collect();
        let (own, cross) = (terms(&p, &p), terms(&p, &q));
        let (own_q, cross_q) = (terms(&q, &q), terms(&q, &p));
        let sum = |terms: &[f64]| terms.iter().sum::<f64>();
        let keras = CategoricalCrossentropySpec { label_smoothing: smoothing, ..Default::default() };
        let logits: Vec<f32> = q.iter().map(|q| if *q > 0.0 { math::ln(*q) } else { NO_LOGIT }).collect();
        let (_, gradient) = measured(keras, &q, Some(&logits), &given, classes);
        let only = setup.p.only().filter(|_| smoothing == 0.0);
        EntropyState {
            entropy_p: sum(&own),
            entropy_q: sum(&own_q),
            cross_entropy: sum(&cross),
            // Of equal distributions nothing is left, not even what rounding leaves.
            divergence: (sum(&cross) - sum(&own)).max(0.0),
            reverse: (sum(&cross_q) - sum(&own_q)).max(0.0),
            keras_cross_entropy: measured(keras, &q, None, &given, classes).0[0],
            keras_divergence: measured(KlDivergenceSpec::default(), &q, None, &p, classes).0[0],
            sparse: only.map(|class| (class, sparse(&q, class))),
            gradient,
            p,
            q,
            own,
            cross,
        }
    }

    /// The first class that q gives nothing though p gives it something.
    pub fn impossible(&self) -> Option<usize> {
        self.cross.iter().position(|term| term.is_infinite())
    }

    /// The part of KL(p‖q) that is a class's: `pᵢ ln(pᵢ/qᵢ)`.
    pub fn part(&self, class: usize) -> f64 {
        self.cross[class] - self.own[class]
    }
}

/// `−pᵢ ln qᵢ` of each class by the engine's cross-entropy, one row for each: a target that is pᵢ there and 0
/// elsewhere.
fn terms(p: &[f32], q: &[f32]) -> Vec<f64> {
    let classes = p.len();
    let outputs = q.repeat(classes);
    let mut targets = vec![0.0; classes * classes];
    for (class, p) in p.iter().enumerate() {
        targets[class * classes + class] = *p;
    }
    let losses = measured(CategoricalCrossentropySpec::default(), &outputs, None, &targets, classes).0;
    let term = |class: usize| match (p[class] > 0.0, q[class]) {
        (true, 0.0) => f64::INFINITY,
        // Keras clips at 1 − 1e-7; the logarithm of 1 is 0.
        (false, _) | (true, 1.0) => 0.0,
        _ => f64::from(losses[class]),
    };
    (0..classes).map(term).collect()
}

fn sparse(q: &[f32], class: usize) -> f32 {
    use crate::data::Targets;
    use crate::engine::losses::{LossSpec, Outputs};
    use crate::tensor::{Buffer, Tensor};
    let outputs = Outputs { values: Tensor::new(&[1, q.len()], q.to_vec()), logits: None };
    let spec = LossSpec::from(SparseCategoricalCrossentropySpec::default());
    let targets = Targets::Classes(Buffer::copy_of(&[class as u32]));
    spec.compute(&outputs, &targets, None, 1.0).values[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::losses::{Preset, Shares};

    fn close(got: f64, expected: f64) -> bool {
        (got - expected).abs() < 2e-6
    }

    #[test]
    fn the_lengths_add_up() {
        let mut setup = LossSetup::default();
        for step in 1..300u32 {
            setup.p.give(step as usize % 4, step * 131 % 9_000 + 1);
            setup.q.give((step as usize + 1) % 4, step * 577 % 9_000 + 1);
            let state = EntropyState::new(&setup);
            assert!(close(state.entropy_p + state.divergence, state.cross_entropy), "{setup:?}");
            let parts: f64 = (0..4).map(|class| state.part(class)).sum();
            assert!(close(parts, state.divergence), "{parts} {}", state.divergence);
            assert!(close(f64::from(state.keras_cross_entropy), state.cross_entropy));
            for ((gradient, q), p) in state.gradient.iter().zip(&state.q).zip(&state.p) {
                assert!((gradient - (q - p)).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn nothing_where_something_is_expected_is_infinite_and_keras_clips_it() {
        let mut setup = LossSetup::default();
        setup.take(Preset::Zero);
        let state = EntropyState::new(&setup);
        assert!(state.cross_entropy.is_infinite() && state.divergence.is_infinite());
        assert_eq!(state.impossible(), Some(0));
        assert!((state.keras_cross_entropy - 16.118_096).abs() < 1e-5);
        assert!(state.gradient.iter().all(|gradient| gradient.is_finite()));
        assert_eq!(state.sparse.map(|(class, _)| class), Some(0));
    }

    #[test]
    fn a_one_hot_target_has_no_entropy_and_its_loss_is_one_logarithm() {
        let setup = LossSetup { q: Shares::peak(4, 0, 5_000), ..LossSetup::default() };
        let state = EntropyState::new(&setup);
        assert!(state.entropy_p.abs() < 1e-12);
        assert!(close(state.cross_entropy, std::f64::consts::LN_2));
        assert!(close(f64::from(state.sparse.unwrap().1), std::f64::consts::LN_2));
        let uniform = LossSetup { p: Shares::uniform(4), ..setup };
        let state = EntropyState::new(&uniform);
        assert!(close(state.entropy_p, 2.0 * std::f64::consts::LN_2));
        assert_eq!(state.sparse, None);
    }

    #[test]
    fn smoothing_is_that_of_the_loss() {
        let mut setup = LossSetup::default();
        setup.take(Preset::Smoothing);
        let state = EntropyState::new(&setup);
        assert!((state.p[0] - 0.925).abs() < 1e-6 && (state.p[1] - 0.025).abs() < 1e-6);
        assert!(close(f64::from(state.keras_cross_entropy), state.cross_entropy));
    }
}
