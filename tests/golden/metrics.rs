//! Metrics with all their arguments over several batches, with and without weights, against Keras.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use svertka::data::{Arrays, Samples as _};
use svertka::engine::evaluator::Evaluator;
use svertka::engine::model::Sequential;
use svertka::engine::spec::{CompileSpec, ModelSpec};

use super::case::{Allowed, Array, Comparison, Tolerance};
use super::losses::TargetsCase;

/// One activation measured by some metrics, plainly and with weights.
#[derive(Deserialize)]
pub struct MetricsCase {
    pub model: ModelSpec,
    pub compile: CompileSpec,
    pub tolerance: Tolerance,
    pub input: Array,
    pub targets: TargetsCase,
    pub sample_weight: Array,
    /// Each begins anew.
    pub passes: Vec<MetricsPass>,
}

#[derive(Deserialize)]
pub struct MetricsPass {
    pub batch_size: usize,
    /// After each batch.
    pub logs: Vec<Written>,
}

/// Numbers by name; none where Keras has no finite one.
pub type Written = BTreeMap<String, Option<f64>>;

pub fn metrics(case: &MetricsCase) -> Vec<Comparison> {
    let weights = Some(case.sample_weight.values.clone());
    let samples = Arrays::new(case.input.tensor(), case.targets.targets(), weights).unwrap();
    let mut model = Sequential::with_params(&case.model, Vec::new()).unwrap();
    let mut comparisons = Vec::new();
    for (number, pass) in case.passes.iter().enumerate() {
        case.compile.validate().unwrap();
        let targets = samples.targets();
        case.compile.check_targets(model.output_shape(), &targets, pass.batch_size).unwrap();
        let mut evaluator =
            Evaluator::new(0..samples.len(), pass.batch_size).measuring(case.compile.measures());
        for (batch, expected) in pass.logs.iter().enumerate() {
            assert!(evaluator.step(&mut model, &samples, case.compile.loss));
            let what = format!("pass {number}, batch {batch}");
            let got = evaluator.measures().logs();
            comparisons.extend(compare_logs(&what, &got, expected, |_| case.tolerance.allowed));
        }
        assert_eq!(evaluator.batches_done(), evaluator.num_batches());
    }
    comparisons
}

/// One comparison for each name.
///
/// # Panics
/// If the names are not those of Keras.
pub fn compare_logs(
    what: &str,
    got: &[(impl AsRef<str>, f64)],
    expected: &Written,
    allowed: impl Fn(&str) -> Allowed,
) -> Vec<Comparison> {
    let names: BTreeSet<&str> = got.iter().map(|(name, _)| name.as_ref()).collect();
    assert_eq!(names, expected.keys().map(String::as_str).collect(), "{what}");
    let compare = |(name, value): (&str, f64)| {
        let Some(expected) = expected[name] else {
            assert!(!value.is_finite(), "{what}: {name} is {value}, Keras's is not finite");
            return None;
        };
        Some(Comparison::new(format!("{what}: {name}"), vec![value], vec![expected], allowed(name)))
    };
    got.iter().map(|(name, value)| (name.as_ref(), *value)).filter_map(compare).collect()
}
