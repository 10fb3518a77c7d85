//! Layers that draw, against the outcomes that Keras's have.

use serde::Deserialize;
use svertka::engine::layers::{LayerDef as _, Pass};
use svertka::engine::spec::ModelSpec;
use svertka::tensor::Tensor;

use super::case::{Array, Comparison, Tolerance};
use super::check::TRAIN;

/// A sample of which a batch of copies goes through one layer in training.
#[derive(Deserialize)]
pub struct RandomCase {
    pub model: ModelSpec,
    pub tolerance: Tolerance,
    pub input: Array,
    pub copies: usize,
    /// Every outcome there is, in the order of their values.
    pub outcomes: Option<Vec<Vec<f32>>>,
    /// Where they cannot be listed.
    pub spread: Option<Spread>,
}

/// Of all values of all copies.
#[derive(Deserialize)]
pub struct Spread {
    mean: f64,
    stddev: f64,
}

pub fn random(case: &RandomCase) -> Vec<Comparison> {
    let [layer_spec] = &case.model.layers[..] else { panic!("one layer") };
    let mut layer = layer_spec.build(&case.model.input_shape, 0);
    let allowed = case.tolerance.allowed;
    let inferred = layer.forward(&case.input.tensor(), &[], Pass::Infer);
    assert_eq!(inferred.values(), case.input.values, "nothing is drawn in inference");

    let extents = [&[case.copies], &case.input.extents[1..]].concat();
    let output = layer.forward(&Tensor::new(&extents, case.input.values.repeat(case.copies)), &[], TRAIN);
    let mut comparisons = Vec::new();
    if let Some(expected) = &case.outcomes {
        let got = outcomes(output.values(), case.input.values.len());
        comparisons.push(Comparison::of_arrays("outcomes", &got, &expected.concat(), allowed));
    }
    if let Some(Spread { mean, stddev }) = case.spread {
        let values = || output.values().iter().map(|value| f64::from(*value));
        let count = values().count() as f64;
        let got_mean = values().sum::<f64>() / count;
        let got_stddev = (values().map(|value| (value - got_mean).powi(2)).sum::<f64>() / count).sqrt();
        // Four standard errors of a difference.
        let reach = 4.0 * stddev * (2.0 / count).sqrt();
        assert!((got_mean - mean).abs() < reach, "mean {got_mean}, Keras has {mean}");
        assert!((got_stddev - stddev).abs() < reach, "deviation {got_stddev}, Keras has {stddev}");
    }
    assert!(case.outcomes.is_some() || case.spread.is_some());
    comparisons
}

/// Each once, in the order of their values; differences of rounding make no other outcome.
fn outcomes(values: &[f32], size: usize) -> Vec<f32> {
    let rounded = |row: &[f32]| row.iter().map(|value| (value * 1000.0).round() as i64).collect::<Vec<_>>();
    let mut rows: Vec<(Vec<i64>, &[f32])> = values.chunks(size).map(|row| (rounded(row), row)).collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.dedup_by(|a, b| a.0 == b.0);
    rows.into_iter().flat_map(|(_, row)| row.iter().copied()).collect()
}
