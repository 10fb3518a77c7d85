//! Layers, losses and optimizers against Keras.

use std::collections::BTreeMap;

use svertka::data::{Batch, Targets};
use svertka::engine::layers::{LayerDef as _, Pass};
use svertka::engine::losses::LossSpec;
use svertka::engine::metrics::argmax_rows;
use svertka::engine::model::Sequential;
use svertka::engine::optimizers::OptimizedParam;
use svertka::engine::spec::ModelSpec;

use super::case::{Array, Comparison, LayerCase, LossCase, OptimizerCase};

pub const TRAIN: Pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };

pub fn layer(case: &LayerCase) -> Vec<Comparison> {
    let allowed = case.tolerance.allowed;
    let shapes = case.model.shapes().unwrap();
    let [layer_spec] = &case.model.layers[..] else { panic!("one layer") };
    let mut layer = layer_spec.build(&shapes[0], 0);
    let params = flat_params(&case.model, &case.params);
    let (input, grad_output) = (case.input.tensor(), case.grad_output.tensor());

    // Dropout is only compared in inference, where its gradient is the identity's.
    let in_training = layer_spec.class_name() != "Dropout";
    let inferred = layer.forward(&input, &params, Pass::Infer);
    assert_eq!(inferred.extents(), case.output.extents);
    assert_eq!(inferred.sample_shape(), shapes[1]);
    let mut comparisons =
        vec![Comparison::of_arrays("output", inferred.values(), &case.output.values, allowed)];
    if in_training {
        let output = layer.forward(&input, &params, TRAIN);
        let mut grads = vec![0.0; params.len()];
        let grad_input = layer.backward(&grad_output, &params, &mut grads, true).unwrap();
        comparisons.push(Comparison::of_arrays(
            "training output",
            output.values(),
            &case.output.values,
            allowed,
        ));
        comparisons.push(Comparison::of_arrays(
            "grad_input",
            grad_input.values(),
            &case.grad_input.values,
            allowed,
        ));
        comparisons.extend(param_grads(&case.model, &grads, &case.grad_params, |name, got, expected| {
            Comparison::of_arrays(name, got, expected, allowed)
        }));
    }
    comparisons
}

pub fn loss(case: &LossCase) -> Vec<Comparison> {
    let params = flat_params(&case.model, &case.params);
    let mut model = Sequential::with_params(&case.model, params).unwrap();
    let input = case.input.tensor();
    let loss = LossSpec::default();
    let batch = Batch::new(input.clone(), Targets::from(&case.classes[..]));
    let evaluated = model.evaluate_batch(&batch, loss);
    assert_eq!(argmax_rows(&evaluated.outputs.values), case.predicted);
    let trained = model.loss_and_gradients(&batch, loss, TRAIN);
    let (each, arrays) = (case.tolerance.losses, case.tolerance.arrays);
    let mut comparisons: Vec<_> = [("losses", evaluated.losses), ("training losses", trained)]
        .into_iter()
        .map(|(what, losses)| {
            Comparison::new(
                what,
                losses.iter().map(|loss| f64::from(*loss)).collect(),
                case.losses.clone(),
                each,
            )
        })
        .collect();
    comparisons.extend(param_grads(&case.model, model.grads(), &case.grad_params, |name, got, expected| {
        Comparison::of_arrays(name, got, expected, arrays)
    }));
    let prediction = model.predict(&input);
    comparisons.push(Comparison::of_arrays(
        "prediction",
        prediction.values(),
        &case.prediction.values,
        arrays,
    ));
    comparisons
}

pub fn optimizer(case: &OptimizerCase) -> Vec<Comparison> {
    let only = OptimizedParam { range: 0..1, extents: vec![1], is_kernel: false, trainable: true };
    let trace = |start: f32| {
        let mut optimizer = case.optimizer.build(std::slice::from_ref(&only));
        let mut weight = [start];
        let step = |gradient: &f32| {
            optimizer.step(&mut weight, &[*gradient]);
            f64::from(weight[0])
        };
        case.gradients.iter().map(step).collect::<Vec<_>>()
    };
    let compare = |expected: &super::case::Trace| {
        let what = format!("weight from {}", expected.start);
        Comparison::new(what, trace(expected.start), expected.weights.clone(), case.tolerance.allowed)
    };
    case.traces.iter().map(compare).collect()
}

/// The one layer's parameters as the model lays them out, `kernel` before `bias`.
pub fn flat_params(model: &ModelSpec, arrays: &BTreeMap<String, Array>) -> Vec<f32> {
    let mut flat = Vec::new();
    for param in model.params().unwrap() {
        let array = &arrays[param.spec.name];
        assert_eq!(param.spec.extents, array.extents, "{}", param.path);
        assert_eq!(param.offset, flat.len(), "{}", param.path);
        flat.extend(&array.values);
    }
    assert_eq!(model.params().unwrap().len(), arrays.len());
    flat
}

fn param_grads(
    model: &ModelSpec,
    grads: &[f32],
    expected: &BTreeMap<String, Array>,
    compare: impl Fn(String, &[f32], &[f32]) -> Comparison,
) -> Vec<Comparison> {
    let compare = |param: svertka::engine::spec::NamedParam| {
        let got = &grads[param.offset..param.offset + param.spec.size()];
        compare(format!("grad of {}", param.path), got, &expected[param.spec.name].values)
    };
    model.params().unwrap().into_iter().map(compare).collect()
}
