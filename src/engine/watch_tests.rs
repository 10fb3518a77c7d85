use super::*;
use crate::data::{Batch, Targets};
use crate::engine::layers::{Activation, DenseSpec, DropoutSpec, FlattenSpec};
use crate::engine::losses::LossSpec;
use crate::engine::regularizers::{L2Spec, RegularizerSpec};
use crate::tensor::Shape;

fn dense(units: usize, activation: Activation) -> DenseSpec {
    DenseSpec { units, activation, ..DenseSpec::default() }
}

fn model(layers: Vec<LayerSpec>) -> ModelSpec {
    ModelSpec { name: "watched".to_owned(), input_shape: Shape::from([2, 2]), layers }
}

/// Numbers without a pattern that the script can make too.
fn numbers(len: usize, step: usize, modulus: usize) -> Vec<f32> {
    (0..len).map(|idx| ((idx * step) % modulus) as f32 / modulus as f32 - 0.5).collect()
}

#[test]
fn the_norm_is_tensorflows_global_norm() {
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../../tests/golden/gradient_norm/gradient_norm.json")).unwrap();
    for case in golden["cases"].as_array().unwrap() {
        let kernel_regularizer = case["l2"].as_f64().map(|l2| RegularizerSpec::L2(L2Spec { l2: l2 as f32 }));
        let hidden = DenseSpec { kernel_regularizer, ..dense(5, Activation::Relu) };
        let spec =
            model(vec![FlattenSpec::default().into(), hidden.into(), dense(3, Activation::Softmax).into()]);
        let num = spec.num_params().unwrap();
        let mut model = Sequential::with_params(&spec, numbers(num, 7, 23)).unwrap();
        let input = Tensor::new(&[6, 2, 2], numbers(24, 5, 17));
        let batch = Batch::new(input, Targets::Classes(vec![0, 1, 2, 0, 1, 2].into()));
        model.loss_and_gradients(
            &batch,
            LossSpec::default(),
            Pass::Train { seed: 1, step: 0, first_sample: 0 },
        );
        let mut watch = Watch::new(&model);
        watch.see_step(model.grads(), 0.25);
        assert_eq!(watch.last, StepMeasures { learning_rate: 0.25, gradient_norm: None }, "nobody asked");
        watch.spec.gradient_norm = true;
        watch.see_step(model.grads(), 0.25);
        let (got, expected) = (watch.last.gradient_norm.unwrap(), case["global_norm"].as_f64().unwrap());
        // Keras adds up in another order: a few units in the last place.
        assert!((f64::from(got) - expected).abs() < 1e-6 * expected, "{case}: {got}");
    }
}

#[test]
fn frozen_parameters_do_not_count() {
    let frozen = DenseSpec { trainable: false, ..dense(3, Activation::Relu) };
    let spec = model(vec![FlattenSpec::default().into(), frozen.into(), dense(2, Activation::Linear).into()]);
    let model = Sequential::new(&spec, 1).unwrap();
    let mut watch = Watch::new(&model);
    watch.spec.gradient_norm = true;
    let mut grads = vec![100.0; spec.num_params().unwrap()];
    let begin = grads.len() - 8;
    grads[begin..].fill(0.5);
    watch.see_step(&grads, 0.1);
    assert_eq!(watch.last.gradient_norm, Some(2f32.sqrt()), "eight times 0.5²");
}

#[test]
fn a_histogram_counts_every_value_and_knows_its_spread() {
    let got = HistogramEvent::of(&[-1.0, 1.0, 1.0, 3.0]);
    assert_eq!((got.min, got.max, got.mean, got.std), (-1.0, 3.0, 1.0, 2f64.sqrt()));
    assert_eq!((got.counts.len(), got.counts.iter().sum::<u32>()), (30, 4));
    assert_eq!((got.counts[0], got.counts[15], got.counts[29]), (1, 2, 1));
    assert_eq!(HistogramEvent::of(&[1.0, f32::INFINITY]), HistogramEvent::default());
    assert_eq!(HistogramEvent::of(&[1.0, f32::NAN, 2.0]), HistogramEvent::default());
    assert_eq!(HistogramEvent::of(&[]), HistogramEvent::default());
}

#[test]
fn every_weight_and_every_layer_that_computes_has_its_histogram() {
    let layers = vec![
        FlattenSpec::default().into(),
        dense(5, Activation::Relu).into(),
        DropoutSpec::default().into(),
        dense(3, Activation::Softmax).into(),
    ];
    let spec = model(layers);
    let mut model = Sequential::new(&spec, 1).unwrap();
    let input = Tensor::new(&[6, 2, 2], numbers(24, 5, 17));
    let names = |all: &[NamedHistogramEvent]| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
    let weights = weights(&spec, model.params());
    assert_eq!(names(&weights), ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]);
    let seen = activations(&spec, model.params(), &input);
    assert_eq!(names(&seen), ["dense", "dense_1"]);
    assert_eq!(seen[1].histogram, HistogramEvent::of(model.predict(&input).values()));
    assert_eq!(seen[0].histogram.min, 0.0, "ReLU gives nothing below");
}
