//! Initializers, regularizers and constraints, and penalized models, against Keras.

use std::collections::BTreeMap;

use serde::Deserialize;
use svertka::data::{Batch, Targets};
use svertka::engine::constraints::ConstraintSpec;
use svertka::engine::initializers::InitializerSpec;
use svertka::engine::layers::Pass;
use svertka::engine::losses::LossSpec;
use svertka::engine::model::Sequential;
use svertka::engine::optimizers::{OptimizerSpec, SgdSpec};
use svertka::engine::regularizers::RegularizerSpec;
use svertka::engine::spec::ModelSpec;
use svertka::tensor::rng::{Purpose, Rng};

use super::case::{Array, Case, Comparison, Tolerance, case_names};

/// What many draws of Keras's were like.
#[derive(Deserialize)]
pub struct InitializerCase {
    pub initializer: InitializerSpec,
    pub extents: Vec<usize>,
    pub mean: f64,
    pub stddev: f64,
    pub smallest: f64,
    pub largest: f64,
}

/// A parameter before and after a constraint or an initializer without randomness.
#[derive(Deserialize)]
pub struct TransformedCase {
    #[serde(default)]
    pub initializer: Option<InitializerSpec>,
    #[serde(default)]
    pub constraint: Option<ConstraintSpec>,
    pub tolerance: Tolerance,
    pub before: Array,
    pub after: Array,
}

/// A penalty on a kernel and its gradient.
#[derive(Deserialize)]
pub struct RegularizerCase {
    pub regularizer: RegularizerSpec,
    pub tolerance: Tolerance,
    pub kernel: Array,
    pub value: f64,
    pub gradient: Array,
}

/// An evaluation, and then an epoch of SGD in order.
#[derive(Deserialize)]
pub struct PenalizedCase {
    pub model: ModelSpec,
    pub learning_rate: f32,
    pub batch_size: usize,
    pub tolerance: Tolerance,
    pub input: Array,
    pub classes: Vec<u8>,
    pub params: BTreeMap<String, Array>,
    pub evaluated: f64,
    pub trained: f64,
    pub after: BTreeMap<String, Array>,
}

pub fn transformed(case: &TransformedCase) -> Vec<Comparison> {
    let (extents, mut values) = (&case.before.extents, case.before.values.clone());
    if let Some(initializer) = &case.initializer {
        initializer.fill(extents, &mut values, &mut Rng::new(1, Purpose::Init, 0, 0));
    }
    if let Some(constraint) = &case.constraint {
        constraint.validate(extents.len()).unwrap();
        constraint.apply(extents, &mut values);
    }
    vec![Comparison::of_arrays("values", &values, &case.after.values, case.tolerance.allowed)]
}

pub fn regularizer(case: &RegularizerCase) -> Vec<Comparison> {
    let (extents, kernel) = (&case.kernel.extents, &case.kernel.values);
    let value = f64::from(case.regularizer.value(extents, kernel));
    let mut gradient = vec![0.0; kernel.len()];
    case.regularizer.add_gradient(extents, kernel, 1.0, &mut gradient);
    let allowed = case.tolerance.allowed;
    vec![
        Comparison::new("value", vec![value], vec![case.value], allowed),
        Comparison::of_arrays("gradient", &gradient, &case.gradient.values, allowed),
    ]
}

pub fn penalized(case: &PenalizedCase) -> Vec<Comparison> {
    let named = case.model.params().unwrap();
    let params = named.iter().flat_map(|param| case.params[&param.path].values.clone()).collect();
    let mut model = Sequential::with_params(&case.model, params).unwrap();
    let all = Batch::new(case.input.tensor(), Targets::from(&case.classes[..]));
    let loss = LossSpec::default();
    let sgd = SgdSpec { learning_rate: case.learning_rate.into(), ..SgdSpec::default() };
    let mut optimizer = OptimizerSpec::from(sgd).build(&model.optimized_params());

    let (mut evaluated, mut trained) = (0.0, 0.0);
    let batches: Vec<Batch> = (0..all.len())
        .step_by(case.batch_size)
        .map(|begin| all.slice(begin, (begin + case.batch_size).min(all.len())).into_owned())
        .collect();
    for batch in &batches {
        let result = model.evaluate_batch(batch, loss);
        let batch_loss = loss.reduce(&result.losses, result.divisor) + f64::from(result.penalty);
        evaluated += batch_loss * batch.len() as f64 / all.len() as f64;
    }
    for (step, batch) in batches.iter().enumerate() {
        // Before the step, as Keras logs it; no layer here is another one in training.
        let result = model.evaluate_batch(batch, loss);
        let batch_loss = loss.reduce(&result.losses, result.divisor) + f64::from(result.penalty);
        trained += batch_loss * batch.len() as f64 / all.len() as f64;
        model.loss_and_gradients(batch, loss, Pass::Train { seed: 1, step: step as u64, first_sample: 0 });
        let (params, grads) = model.params_and_grads();
        optimizer.step(params, grads);
        model.constrain();
    }

    let allowed = case.tolerance.allowed;
    let mut comparisons = vec![
        Comparison::new("evaluated loss", vec![evaluated], vec![case.evaluated], allowed),
        Comparison::new("training loss", vec![trained], vec![case.trained], allowed),
    ];
    comparisons.extend(named.iter().map(|param| {
        let got = &model.params()[param.offset..param.offset + param.spec.size()];
        Comparison::of_arrays(param.path.clone(), got, &case.after[&param.path].values, allowed)
    }));
    comparisons
}

/// Draws differ, their distributions do not: 144,000 draws here and in Keras give means within 6
/// standard errors, deviations within 1 %, and ends within 1 %, or 20 % where nothing bounds them.
#[test]
fn initializers_draw_from_keras_distributions() {
    for name in case_names() {
        let Case::Initializer(case) = Case::read(&name) else { continue };
        let mut values = vec![f32::NAN; case.extents.iter().product()];
        case.initializer.fill(&case.extents, &mut values, &mut Rng::new(1, Purpose::Init, 0, 0));
        let count = values.len() as f64;
        let values = || values.iter().map(|value| f64::from(*value));
        let mean = values().sum::<f64>() / count;
        let stddev = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
        let (smallest, largest) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));

        let unbounded = ["random_normal", "untruncated_normal", "orthogonal"];
        let ends = if unbounded.iter().any(|end| name.ends_with(end)) { 0.2 } else { 0.01 };
        let near = |got: f64, expected: f64, distance: f64| (got - expected).abs() <= distance + 1e-7;
        assert!(near(mean, case.mean, 6.0 * case.stddev / count.sqrt()), "{name}: mean {mean}");
        assert!(near(stddev, case.stddev, 0.01 * case.stddev), "{name}: standard deviation {stddev}");
        let reach = ends * (case.largest - case.smallest) / 2.0;
        assert!(near(smallest, case.smallest, reach), "{name}: smallest {smallest}");
        assert!(near(largest, case.largest, reach), "{name}: largest {largest}");
    }
}
