//! Binary cross-entropy and the squared error of one prediction, as curves and at a point.

use super::measure::measured;
use super::setup::LossSetup;
use crate::engine::layers::{Activation, ActivationSpec, LayerSpec};
use crate::engine::losses::{BinaryCrossentropySpec, MeanSquaredErrorSpec};
use crate::tensor::Shape;
use crate::tensor::math;
use crate::ui::one_layer;

/// Points of a curve.
const POINTS: usize = 241;

/// One prediction and what both losses make of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinaryPoint {
    /// The probability p.
    pub probability: f32,
    /// The logit z behind it; infinite at the ends.
    pub logit: f32,
    /// `dp/dz`, the sigmoid's slope.
    pub slope: f32,
    /// Binary cross-entropy.
    pub loss: f32,
    /// Its gradient with respect to the probability.
    pub of_probability: f32,
    /// Its gradient with respect to the logit.
    pub of_logit: f32,
    /// The squared error.
    pub squared: f32,
    /// Its gradient with respect to the probability.
    pub squared_of_probability: f32,
    /// Its gradient with respect to the logit, through the sigmoid.
    pub squared_of_logit: f32,
}

/// Both losses over the prediction.
#[derive(Clone, Debug, PartialEq)]
pub struct BinaryState {
    /// The target after `label_smoothing`.
    pub target: f32,
    /// The prediction that is looked at.
    pub point: BinaryPoint,
    /// From the left end of the axis to the right one.
    pub curve: Vec<BinaryPoint>,
    /// Whether the axis is that of the logit.
    pub from_logits: bool,
}

impl BinaryState {
    /// Computes all of it.
    pub fn new(setup: &LossSetup) -> BinaryState {
        let ends = BinaryState::ends(setup.from_logits);
        let at = |idx: usize| ends[0] + (ends[1] - ends[0]) * idx as f32 / (POINTS - 1) as f32;
        let mut axis: Vec<f32> = (0..POINTS).map(at).collect();
        axis.push(if setup.from_logits { setup.logit } else { setup.prediction });
        let mut curve = points(setup, &axis);
        let smoothing = setup.binary_smoothing;
        let target = setup.target * (1.0 - smoothing) + 0.5 * smoothing;
        let point = curve.remove(POINTS);
        BinaryState { target, point, curve, from_logits: setup.from_logits }
    }

    /// The ends of the axis.
    pub fn ends(from_logits: bool) -> [f32; 2] {
        if from_logits { [*LossSetup::LOGITS.start(), *LossSetup::LOGITS.end()] } else { [0.0, 1.0] }
    }
}

impl BinaryPoint {
    /// Where it stands on the axis.
    pub fn at(&self, from_logits: bool) -> f32 {
        if from_logits { self.logit } else { self.probability }
    }
}

fn points(setup: &LossSetup, axis: &[f32]) -> Vec<BinaryPoint> {
    let sigmoid: LayerSpec = ActivationSpec { activation: Activation::Sigmoid }.into();
    let shape = Shape::from([axis.len()]);
    let (probabilities, logits): (Vec<f32>, Vec<f32>) = if setup.from_logits {
        let values = one_layer::forward(&sigmoid, &shape, axis, &[]);
        (values.map_or_else(|_| vec![0.5; axis.len()], |(_, values)| values), axis.to_vec())
    } else {
        (axis.to_vec(), axis.iter().map(|p| logit(*p)).collect())
    };
    let through = |grads: &[f32]| {
        let back = one_layer::backward(&sigmoid, &shape, &logits, &[], grads);
        back.map_or_else(|_| vec![0.0; axis.len()], |back| back.input)
    };
    let targets = vec![setup.target; axis.len()];
    let smoothing = setup.binary_smoothing;
    let spec = |from_logits| BinaryCrossentropySpec {
        from_logits,
        label_smoothing: smoothing,
        ..BinaryCrossentropySpec::default()
    };
    let (clipped, of_probability) = measured(spec(false), &probabilities, None, &targets, 1);
    let (exact, of_logit) = measured(spec(true), &logits, None, &targets, 1);
    let (squared, squared_of_probability) =
        measured(MeanSquaredErrorSpec::default(), &probabilities, None, &targets, 1);
    let (slope, squared_of_logit) = (through(&vec![1.0; axis.len()]), through(&squared_of_probability));
    let point = |idx: usize| BinaryPoint {
        probability: probabilities[idx],
        logit: logits[idx],
        slope: slope[idx],
        loss: if setup.from_logits { exact[idx] } else { clipped[idx] },
        of_probability: of_probability[idx],
        of_logit: of_logit[idx],
        squared: squared[idx],
        squared_of_probability: squared_of_probability[idx],
        squared_of_logit: squared_of_logit[idx],
    };
    (0..axis.len()).map(point).collect()
}

/// The number whose sigmoid is p; far out at the ends, where there is none.
fn logit(p: f32) -> f32 {
    const FAR: f32 = 20.0;
    if p <= 0.0 {
        -FAR
    } else if p >= 1.0 {
        FAR
    } else {
        math::ln(p / (1.0 - p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_axes_tell_of_the_same_losses() {
        for (y, z) in [(1.0f32, -2.0f32), (0.0, 1.5), (0.3, 0.25)] {
            let logits = LossSetup { target: y, logit: z, from_logits: true, ..LossSetup::default() };
            let by_logit = BinaryState::new(&logits).point;
            let p = by_logit.probability;
            let by_p = BinaryState::new(&LossSetup { prediction: p, from_logits: false, ..logits }).point;
            assert!((by_logit.loss - by_p.loss).abs() < 1e-5);
            assert!((by_logit.of_logit - (p - y)).abs() < 1e-6);
            assert!((by_p.of_probability * by_p.slope - by_p.of_logit).abs() < 1e-5, "the chain rule");
            assert!((by_p.squared_of_logit - 2.0 * (p - y) * p * (1.0 - p)).abs() < 1e-5);
        }
    }

    #[test]
    fn far_from_the_target_the_squared_error_has_no_gradient_left() {
        let setup = LossSetup { logit: -8.0, from_logits: true, ..LossSetup::default() };
        let point = BinaryState::new(&setup).point;
        assert!(point.of_logit < -0.99 && point.squared_of_logit > -0.001, "{point:?}");
        let clipped = BinaryState::new(&LossSetup { prediction: 0.0, ..LossSetup::default() }).point;
        assert!((clipped.loss - 16.118_096).abs() < 1e-4 && clipped.of_probability == 0.0);
    }

    #[test]
    fn smoothing_moves_the_least_loss_off_the_end() {
        let setup = LossSetup { binary_smoothing: 0.2, ..LossSetup::default() };
        let state = BinaryState::new(&setup);
        assert!((state.target - 0.9).abs() < 1e-6);
        let least = state.curve.iter().min_by(|a, b| a.loss.total_cmp(&b.loss)).unwrap();
        assert!((least.probability - 0.9).abs() < 0.005, "{least:?}");
    }
}
