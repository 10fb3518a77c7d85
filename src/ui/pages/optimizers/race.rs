//! One racer's way: the engine's own optimizer moves two numbers, a kernel of two inputs and one output.

use super::setup::Setup;
use super::surface::Surface;
use crate::engine::optimizers::{OptimizedParam, Optimizer, OptimizerError, OptimizerSpec};
use crate::tensor::math::pow_f64;
use crate::tensor::rng::{Purpose, Rng};

/// A racer that is further out than this is not followed any more.
const LOST: f32 = 1e6;

/// What led to a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The step size that was in force.
    pub learning_rate: f32,
    /// By how much it moved.
    pub update: [f32; 2],
    /// The optimizer's state afterwards, by Keras's names: two numbers each, or one.
    pub slots: Vec<(&'static str, Vec<f32>)>,
    /// `1 − β₁ᵗ` and `1 − β₂ᵗ`, by which Adam divides its means.
    pub corrections: Option<[f64; 2]>,
}

/// A racer after some steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Where it is.
    pub at: [f32; 2],
    /// How high it is there.
    pub value: f32,
    /// The gradient there as the optimizer is told it, noise included.
    pub gradient: [f32; 2],
    /// What led here; nothing at the start.
    pub step: Option<Step>,
}

/// How a racer went astray.
#[derive(Clone, Debug, PartialEq)]
pub struct Astray {
    /// The first step that ended outside the picture.
    pub step: usize,
    /// The learning rate of that step.
    pub learning_rate: f32,
    /// The largest curvature that it met before.
    pub curvature: f64,
    /// What their product must stay below for steps to shrink, where there is such a bound.
    pub bound: Option<f64>,
    /// Whether it is back inside at the end.
    pub is_back: bool,
    /// Whether it ended with numbers too large to be followed, at which step.
    pub lost: Option<usize>,
}

/// A racer's way.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// From the start on; fewer than the steps if it was lost.
    pub moments: Vec<Moment>,
    /// Whether and how it left the picture.
    pub astray: Option<Astray>,
}

/// Two numbers as one kernel of shape (2, 1).
pub fn build(optimizer: &OptimizerSpec) -> Optimizer {
    optimizer.build(&[OptimizedParam { range: 0..2, extents: vec![2, 1], is_kernel: true, trainable: true }])
}

/// What is added to the gradient of a step: the same for every racer, evenly spread with this deviation.
pub fn noise(setup: &Setup, step: usize) -> [f32; 2] {
    if setup.noise == 0.0 {
        return [0.0; 2];
    }
    let mut rng = Rng::new(setup.seed.into(), Purpose::Shuffle, 0, step as u64);
    // Between −√3 and √3 the deviation is 1.
    let reach = setup.noise * 3.0f32.sqrt();
    [rng.uniform(-reach, reach), rng.uniform(-reach, reach)]
}

impl Trace {
    /// Runs.
    ///
    /// # Errors
    /// If the optimizer's arguments make no sense.
    pub fn run(setup: &Setup, spec: &OptimizerSpec) -> Result<Trace, OptimizerError> {
        spec.validate()?;
        let surface = setup.surface();
        let mut optimizer = build(spec);
        let mut at = setup.start;
        let mut moments = Vec::with_capacity(setup.steps + 1);
        let mut led = None;
        for step in 0..=setup.steps {
            let (slope, noise) = (surface.gradient(at), noise(setup, step));
            let gradient = [slope[0] + noise[0], slope[1] + noise[1]];
            moments.push(Moment { at, value: surface.value(at), gradient, step: led.take() });
            if at.iter().any(|number| !number.is_finite() || number.abs() > LOST) || step == setup.steps {
                break;
            }
            let (before, learning_rate) = (at, optimizer.learning_rate());
            optimizer.step(&mut at, &gradient);
            let slots = optimizer.slots().iter().map(|slot| (slot.name, slot.values.to_vec())).collect();
            let update = [at[0] - before[0], at[1] - before[1]];
            let corrections = corrections(spec, optimizer.updates());
            led = Some(Step { learning_rate, update, slots, corrections });
        }
        let astray = astray(setup, spec, surface, &moments);
        Ok(Trace { moments, astray })
    }

    /// The racer after so many steps, or where it was lost.
    pub fn moment(&self, step: usize) -> &Moment {
        &self.moments[step.min(self.moments.len() - 1)]
    }
}

/// What Adam divides its means by after so many updates.
fn corrections(spec: &OptimizerSpec, updates: u64) -> Option<[f64; 2]> {
    let (beta_1, beta_2) = match spec {
        OptimizerSpec::Adam(spec) => (spec.beta_1, spec.beta_2),
        OptimizerSpec::AdamW(spec) => (spec.beta_1, spec.beta_2),
        _ => return None,
    };
    Some([beta_1, beta_2].map(|beta| 1.0 - pow_f64(f64::from(beta), updates as f64)))
}

/// Below which `learning_rate × curvature` the steps of SGD on a bowl shrink: 2, with momentum β `2 + 2β`, with
/// Nesterov's `(2 + 2β)/(1 + 2β)`. Gradients that are changed before use have no such bound.
fn bound(spec: &OptimizerSpec) -> Option<f64> {
    let OptimizerSpec::Sgd(sgd) = spec else { return None };
    let is_changed = sgd.gradient_centralization
        || sgd.clipnorm.is_some()
        || sgd.clipvalue.is_some()
        || sgd.global_clipnorm.is_some()
        || sgd.weight_decay.is_some()
        || sgd.gradient_accumulation_steps.is_some()
        || sgd.use_ema;
    let beta = f64::from(sgd.momentum);
    let bound = if sgd.nesterov { (2.0 + 2.0 * beta) / (1.0 + 2.0 * beta) } else { 2.0 + 2.0 * beta };
    (!is_changed).then_some(bound)
}

fn astray(setup: &Setup, spec: &OptimizerSpec, surface: Surface, moments: &[Moment]) -> Option<Astray> {
    let region = setup.kind.region();
    let step = moments.iter().position(|moment| !region.contains(moment.at)).filter(|step| *step > 0)?;
    let learning_rate = moments[step].step.as_ref()?.learning_rate;
    let met = moments[..step].iter().map(|moment| surface.curvature(moment.at));
    let last = moments.last()?;
    let is_lost = moments.len() <= setup.steps
        || last.at.iter().any(|number| !number.is_finite() || number.abs() > LOST);
    Some(Astray {
        step,
        learning_rate,
        curvature: met.fold(f64::NEG_INFINITY, f64::max),
        bound: bound(spec),
        is_back: region.contains(last.at),
        lost: is_lost.then_some(moments.len() - 1),
    })
}

#[cfg(test)]
mod tests {
    use super::super::surface::SurfaceKind;
    use super::*;
    use crate::engine::optimizers::{AdamSpec, SgdSpec};

    fn sgd(learning_rate: f32) -> SgdSpec {
        SgdSpec { learning_rate: learning_rate.into(), ..SgdSpec::default() }
    }

    #[test]
    fn a_racers_way_is_the_engines_own_steps() {
        for optimizer in OptimizerSpec::palette() {
            for kind in SurfaceKind::ALL {
                let setup = Setup { kind, noise: 0.25, start: kind.start(), steps: 30, ..Setup::default() };
                let trace = Trace::run(&setup, &optimizer).unwrap();
                let mut own = build(&optimizer);
                let mut weights = setup.start;
                // Rates that are too large for a surface end a way early.
                for step in 0..trace.moments.len() - 1 {
                    let (slope, noise) = (setup.surface().gradient(weights), noise(&setup, step));
                    own.step(&mut weights, &[slope[0] + noise[0], slope[1] + noise[1]]);
                    assert_eq!(trace.moments[step + 1].at, weights, "{} {kind:?}", optimizer.class_name());
                }
                let slots = &trace.moments.last().unwrap().step.as_ref().unwrap().slots;
                assert_eq!(slots.len(), own.slots().len());
            }
        }
    }

    #[test]
    fn sgd_leaves_the_bowl_exactly_beyond_its_bound() {
        // So near that the first swings do not reach the edge.
        let setup = Setup { condition: 20.0, start: [-1.0, 0.2], steps: 300, ..Setup::default() };
        for (spec, bound) in [
            (sgd(0.1), 2.0),
            (SgdSpec { momentum: 0.5, ..sgd(0.1) }, 3.0),
            (SgdSpec { momentum: 0.5, nesterov: true, ..sgd(0.1) }, 1.5),
        ] {
            let run = |product: f64| {
                let rate = (product / 20.0) as f32;
                let spec = SgdSpec { learning_rate: rate.into(), ..spec.clone() };
                Trace::run(&setup, &spec.into()).unwrap()
            };
            assert_eq!(run(bound * 0.97).astray, None, "{spec:?}");
            let astray = run(bound * 1.03).astray.unwrap();
            assert_eq!(astray.bound, Some(bound));
            assert!(f64::from(astray.learning_rate) * astray.curvature > bound);
            assert!(!astray.is_back);
        }
    }

    #[test]
    fn centralized_gradients_leave_the_sum_as_it_is() {
        let setup = Setup { steps: 40, ..Setup::default() };
        let spec = SgdSpec { gradient_centralization: true, ..sgd(0.05) };
        let trace = Trace::run(&setup, &spec.into()).unwrap();
        let sum = |moment: &Moment| moment.at[0] + moment.at[1];
        let first = sum(&trace.moments[0]);
        assert!(trace.moments.iter().all(|moment| (sum(moment) - first).abs() < 1e-4));
        assert!(trace.moments[40].at != trace.moments[0].at);
    }

    #[test]
    fn a_lost_racer_is_followed_no_further_and_bad_arguments_are_told() {
        let setup = Setup { steps: 500, ..Setup::default() };
        let trace = Trace::run(&setup, &sgd(1.0).into()).unwrap();
        let lost = trace.astray.as_ref().unwrap().lost.unwrap();
        assert!(lost < 20 && trace.moments.len() == lost + 1);
        assert_eq!(trace.moment(400), trace.moments.last().unwrap());
        let bad = AdamSpec { beta_1: 1.0, ..AdamSpec::default() };
        assert!(Trace::run(&setup, &bad.into()).is_err());
    }

    #[test]
    fn noise_repeats_with_its_seed_and_has_its_deviation() {
        let setup = Setup { noise: 2.0, seed: 5, ..Setup::default() };
        assert_eq!(noise(&setup, 3), noise(&setup, 3));
        assert_ne!(noise(&setup, 3), noise(&Setup { seed: 6, ..setup.clone() }, 3));
        let all: Vec<f32> = (0..2000).flat_map(|step| noise(&setup, step)).collect();
        let variance = all.iter().map(|value| value * value).sum::<f32>() / all.len() as f32;
        assert!((variance.sqrt() - 2.0).abs() < 0.1, "{variance}");
    }

    #[test]
    fn adams_corrections_go_to_one() {
        let setup = Setup { steps: 200, ..Setup::default() };
        let trace = Trace::run(&setup, &AdamSpec::default().into()).unwrap();
        let of = |step: usize| trace.moments[step].step.as_ref().unwrap().corrections.unwrap();
        assert!((of(1)[0] - 0.1).abs() < 1e-6 && (of(1)[1] - 0.001).abs() < 1e-6);
        assert!(of(200)[0] > 0.999 && of(200)[1] < 0.2);
    }
}
