//! Layers that a batch changes, and images read at transformed positions, against Keras.

use std::collections::BTreeMap;

use serde::Deserialize;
use svertka::engine::layers::{AffineReader, FillMode, Interpolation, LayerDef as _, Pass};
use svertka::engine::spec::ModelSpec;

use super::case::{Array, Comparison, Tolerance};
use super::check::{TRAIN, flat_params};

/// One layer over several training batches, which move its statistics.
#[derive(Deserialize)]
pub struct BatchesCase {
    pub model: ModelSpec,
    pub tolerance: Tolerance,
    pub params: BTreeMap<String, Array>,
    pub steps: Vec<BatchStep>,
}

#[derive(Deserialize)]
pub struct BatchStep {
    pub input: Array,
    pub grad_output: Array,
    pub output: Array,
    pub grad_input: Array,
    /// Of the trained ones.
    pub grad_params: BTreeMap<String, Array>,
    pub params_after: BTreeMap<String, Array>,
    /// The same input in inference afterwards.
    pub inference: Array,
}

/// One image read through one matrix.
#[derive(Deserialize)]
pub struct AffineCase {
    pub tolerance: Tolerance,
    pub image: Array,
    pub matrix: [f32; 6],
    pub fill_value: f32,
    pub readings: Vec<Reading>,
}

#[derive(Deserialize)]
pub struct Reading {
    pub fill_mode: FillMode,
    pub interpolation: Interpolation,
    pub output: Array,
}

pub fn batches(case: &BatchesCase) -> Vec<Comparison> {
    let allowed = case.tolerance.allowed;
    let shapes = case.model.shapes().unwrap();
    let [layer_spec] = &case.model.layers[..] else { panic!("one layer") };
    let mut layer = layer_spec.build(&shapes[0], 0);
    let mut params = flat_params(&case.model, &case.params);
    let mut comparisons = Vec::new();
    for (batch, step) in case.steps.iter().enumerate() {
        let mut compare = |what: &str, got: &[f32], expected: &[f32]| {
            comparisons.push(Comparison::of_arrays(format!("{what} {batch}"), got, expected, allowed));
        };
        let input = step.input.tensor();
        let output = layer.forward(&input, &params, TRAIN);
        let mut grads = vec![0.0; params.len()];
        let grad_input = layer.backward(&step.grad_output.tensor(), &params, &mut grads, true).unwrap();
        layer.after_batch(&mut params);
        compare("output", output.values(), &step.output.values);
        compare("grad_input", grad_input.values(), &step.grad_input.values);
        for param in case.model.params().unwrap() {
            let name = param.spec.name;
            let range = param.offset..param.offset + param.spec.size();
            compare(name, &params[range.clone()], &step.params_after[name].values);
            let trained = step.grad_params.get(name);
            assert_eq!(trained.is_some(), param.spec.trainable, "{name}");
            let nothing = vec![0.0; param.spec.size()];
            let expected = trained.map_or(&nothing, |array| &array.values);
            compare(&format!("grad of {name}"), &grads[range], expected);
        }
        let inference = layer.forward(&input, &params, Pass::Infer);
        compare("inference", inference.values(), &step.inference.values);
    }
    comparisons
}

pub fn affine(case: &AffineCase) -> Vec<Comparison> {
    let [height, width, channels] = case.image.extents[..] else { panic!("an image") };
    let read = |reading: &Reading| {
        let reader = AffineReader {
            image: [height, width, channels],
            fill_mode: reading.fill_mode,
            interpolation: reading.interpolation,
            fill_value: case.fill_value,
        };
        let mut output = vec![0.0; case.image.values.len()];
        reader.read(&case.matrix, &case.image.values, &mut output);
        let what = format!("{:?} {:?}", reading.fill_mode, reading.interpolation);
        Comparison::of_arrays(what, &output, &reading.output.values, case.tolerance.allowed)
    };
    case.readings.iter().map(read).collect()
}
