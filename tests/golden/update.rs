//! Optimizers with all their arguments, and schedules, against Keras.

use svertka::engine::optimizers::{OptimizedParam, Slot};
use svertka::engine::schedules::LearningRateSpec;

use super::case::{Allowed, Comparison, ScheduleCase, UpdateCase};

/// A schedule's own rounding, as in the cases of schedules.
const RATES: Allowed = Allowed::OfLargest(5e-7);

pub fn update(case: &UpdateCase) -> Vec<Comparison> {
    assert_eq!(case.optimizer.validate(), Ok(()));
    let mut params: Vec<OptimizedParam> = Vec::new();
    for param in &case.params {
        let begin = params.last().map_or(0, |last| last.range.end);
        params.push(OptimizedParam {
            range: begin..begin + param.values.len(),
            extents: param.extents.clone(),
            is_kernel: param.name.ends_with("kernel"),
            trainable: true,
        });
    }
    let mut weights: Vec<f32> = case.params.iter().flat_map(|param| param.values.clone()).collect();
    let mut optimizer = case.optimizer.build(&params);
    let (mut comparisons, mut rates) = (Vec::new(), Vec::new());
    for (step, (gradients, expected)) in case.gradients.iter().zip(&case.weights).enumerate() {
        rates.push(optimizer.learning_rate());
        optimizer.step(&mut weights, gradients);
        let what = format!("weights after step {step}");
        comparisons.push(Comparison::of_arrays(what, &weights, expected, case.tolerance.weights));
    }
    comparisons.push(Comparison::of_arrays("learning rates", &rates, &case.learning_rates, RATES));

    let slots = optimizer.slots();
    let name = |slot: &Slot<'_>| {
        slot.param
            .map_or_else(|| slot.name.to_owned(), |idx| format!("{}_{}", case.params[idx].name, slot.name))
    };
    let names: Vec<String> = slots.iter().map(name).collect();
    let expected: Vec<&String> = case.slots.iter().map(|slot| &slot.name).collect();
    assert_eq!(names.iter().collect::<Vec<_>>(), expected);
    for (slot, expected) in slots.iter().zip(&case.slots) {
        let compared =
            Comparison::of_arrays(&expected.name, slot.values, &expected.values, case.tolerance.slots);
        comparisons.push(compared);
    }
    optimizer.finalize(&mut weights);
    comparisons.push(Comparison::of_arrays("finalized", &weights, &case.finalized, case.tolerance.weights));
    comparisons
}

pub fn schedule(case: &ScheduleCase) -> Vec<Comparison> {
    assert_eq!(case.schedule.validate(), Ok(()));
    let rates: Vec<f32> = case.steps.iter().map(|step| case.schedule.at(*step)).collect();
    // An optimizer follows it as it is.
    let followed = LearningRateSpec::from(case.schedule.clone());
    assert_eq!(rates, case.steps.iter().map(|step| followed.at(*step)).collect::<Vec<_>>());
    vec![Comparison::of_arrays("rates", &rates, &case.rates, case.tolerance.allowed)]
}
