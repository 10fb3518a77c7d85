//! Whole models: gradients, logits, chunks.

use super::*;
use crate::data::Targets;
use crate::engine::layers::{
    Activation, ActivationSpec, ActivityRegularizationSpec, DenseSpec, DropoutSpec, FlattenSpec, LayerSpec,
    SoftmaxSpec,
};
use crate::engine::work::MAX_CHUNK;

fn spec(layers: Vec<LayerSpec>) -> ModelSpec {
    ModelSpec { name: "test".to_owned(), input_shape: Shape::from([2, 3, 1]), layers }
}

fn dense(units: usize, activation: Activation) -> LayerSpec {
    DenseSpec { units, activation, ..DenseSpec::default() }.into()
}

fn small(activation: Activation) -> ModelSpec {
    spec(vec![FlattenSpec::default().into(), dense(4, Activation::Tanh), dense(3, activation)])
}

fn input() -> Tensor {
    Tensor::new(&[2, 2, 3, 1], (0..12).map(|i| (i as f32 * 0.7).sin()).collect())
}

const PASS: Pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };

fn loss() -> LossSpec {
    LossSpec::default()
}

fn batch(labels: &[u8]) -> Batch {
    Batch::new(input(), Targets::from(labels))
}

#[test]
fn gradients_of_the_whole_model_agree_with_differences() {
    for activation in [Activation::Softmax, Activation::Sigmoid] {
        let mut model = Sequential::new(&small(activation), 5).unwrap();
        model.loss_and_gradients(&batch(&[2, 0]), loss(), PASS);
        let grads = model.grads().to_vec();
        for (idx, analytic) in grads.iter().enumerate() {
            let w = model.params()[idx];
            let mut loss_at = |w: f32| {
                model.params_mut()[idx] = w;
                let losses = model.evaluate_batch(&batch(&[2, 0]), loss()).losses;
                losses.iter().map(|l| f64::from(*l)).sum::<f64>() / 2.0
            };
            let (up, down) = (w + 1e-2, w - 1e-2);
            let numeric = (loss_at(up) - loss_at(down)) / f64::from(up - down);
            loss_at(w);
            assert!(
                (numeric - f64::from(*analytic)).abs() < 1e-3,
                "{activation:?} {idx}: {numeric} {analytic}"
            );
        }
    }
}

#[test]
fn a_softmax_layer_at_the_end_is_fused_like_an_activation() {
    let mut inside = Sequential::new(&small(Activation::Softmax), 5).unwrap();
    for layer in [ActivationSpec { activation: Activation::Softmax }.into(), SoftmaxSpec::default().into()] {
        let mut layers = small(Activation::Linear).layers;
        layers.push(layer);
        let mut apart = Sequential::new(&spec(layers), 5).unwrap();
        assert_eq!(inside.predict(&input()), apart.predict(&input()));
        let results =
            [&mut inside, &mut apart].map(|model| model.loss_and_gradients(&batch(&[1, 1]), loss(), PASS));
        assert_eq!(results[0], results[1]);
        assert_eq!(inside.grads(), apart.grads());
    }
}

/// As Keras's TensorFlow backend does it, which knows the logits behind a sigmoid too.
#[test]
fn a_sigmoid_at_the_end_is_fused_as_if_it_were_a_softmax() {
    let mut softmax = Sequential::new(&small(Activation::Softmax), 5).unwrap();
    let mut sigmoid = Sequential::new(&small(Activation::Sigmoid), 5).unwrap();
    let results =
        [&mut softmax, &mut sigmoid].map(|model| model.loss_and_gradients(&batch(&[1, 2]), loss(), PASS));
    assert_eq!(results[0], results[1]);
    assert_eq!(softmax.grads(), sigmoid.grads());
    assert_ne!(softmax.predict(&input()), sigmoid.predict(&input()));
}

#[test]
fn chunks_add_up_to_the_batch() {
    let mut model = Sequential::new(&small(Activation::Softmax), 5).unwrap();
    let n = 2 * MAX_CHUNK + 5;
    let values: Vec<f32> = (0..n * 6).map(|i| (i as f32 * 0.37).sin()).collect();
    let labels: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
    let whole = Batch::new(Tensor::new(&[n, 2, 3, 1], values), Targets::from(&labels[..]));
    assert_eq!(model.cut(&whole, loss(), 1, 0).num_chunks(), 3);
    assert_eq!(model.loss_and_gradients(&whole, loss(), PASS).len(), n);
    let in_chunks = model.grads().to_vec();
    let mut sums = vec![0.0; in_chunks.len()];
    for idx in 0..n {
        model.loss_and_gradients(&whole.slice(idx, idx + 1), loss(), PASS);
        sums.iter_mut().zip(model.grads()).for_each(|(sum, g)| *sum += f64::from(*g) / n as f64);
    }
    for (chunked, sum) in in_chunks.iter().zip(sums) {
        assert!((f64::from(*chunked) - sum).abs() < 1e-6, "{chunked} {sum}");
    }
}

/// As Keras 3.15.1 on TensorFlow: fit's loss of a dropped-out softmax is clipped, evaluate's not.
#[test]
fn dropout_hides_the_logits_in_training_only() {
    let layers = |rate| {
        vec![
            FlattenSpec::default().into(),
            dense(3, Activation::Softmax),
            DropoutSpec { rate, ..DropoutSpec::default() }.into(),
        ]
    };
    for (rate, in_training) in [(0.1, false), (0.0, true)] {
        let mut model = Sequential::new(&spec(layers(rate)), 5).unwrap();
        assert!(model.forward(&input(), Pass::Infer).logits.is_some());
        assert_eq!(model.forward(&input(), PASS).logits.is_some(), in_training);
        model.loss_and_gradients(&batch(&[0, 1]), loss(), PASS);
        assert!(model.grads().iter().any(|g| *g != 0.0));
    }
}

/// As Keras 3.15.1 on TensorFlow, where the layer returns the tensor it was given.
#[test]
fn a_layer_that_only_penalizes_does_not_hide_the_logits() {
    let penalty = || LayerSpec::from(ActivityRegularizationSpec { l1: 0.1, l2: 0.2 });
    let dropout = |rate| LayerSpec::from(DropoutSpec { rate, ..DropoutSpec::default() });
    for (tail, in_inference, in_training) in [
        (vec![penalty()], true, true),
        (vec![penalty(), penalty()], true, true),
        (vec![dropout(0.0), penalty()], true, true),
        (vec![dropout(0.5), penalty()], true, false),
        (vec![penalty(), FlattenSpec::default().into()], false, false),
    ] {
        let layers = [vec![FlattenSpec::default().into(), dense(3, Activation::Softmax)], tail].concat();
        let mut model = Sequential::new(&spec(layers), 5).unwrap();
        assert_eq!(model.forward(&input(), Pass::Infer).logits.is_some(), in_inference);
        assert_eq!(model.forward(&input(), PASS).logits.is_some(), in_training);
    }
}

#[test]
fn predictions_are_probabilities() {
    let output = Sequential::new(&small(Activation::Softmax), 5).unwrap().predict(&input());
    for row in output.values().chunks(3) {
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}

#[test]
fn the_same_seed_gives_the_same_parameters() {
    let params = |seed| Sequential::new(&small(Activation::Softmax), seed).unwrap().params().to_vec();
    assert_eq!(params(5), params(5));
    assert_ne!(params(5), params(6));
}

#[test]
fn layers_without_parameters_below_the_first_one_need_no_gradient() {
    let layers = vec![
        DropoutSpec { rate: 0.5, ..DropoutSpec::default() }.into(),
        FlattenSpec::default().into(),
        dense(3, Activation::Softmax),
    ];
    let mut model = Sequential::new(&spec(layers), 5).unwrap();
    model.loss_and_gradients(&batch(&[0, 1]), loss(), PASS);
    assert!(model.grads().iter().any(|g| *g != 0.0));
}

/// Normalization couples the samples of a batch, which is then not cut into chunks.
#[test]
fn a_batch_is_normalized_as_a_whole_and_moves_statistics_once() {
    use crate::engine::layers::BatchNormalizationSpec;
    let layers = vec![FlattenSpec::default().into(), BatchNormalizationSpec::default().into()];
    let mut model = Sequential::new(&spec(layers), 5).unwrap();
    let n = 2 * MAX_CHUNK + 5;
    let values: Vec<f32> = (0..n * 6).map(|i| (i as f32 * 0.37).sin() + 3.0).collect();
    let labels: Vec<u8> = (0..n).map(|i| (i % 6) as u8).collect();
    let mean = values.iter().step_by(6).map(|x| f64::from(*x)).sum::<f64>() / n as f64;
    let whole = Batch::new(Tensor::new(&[n, 2, 3, 1], values), Targets::from(&labels[..]));
    assert_eq!(model.chunk_size(n), n);
    model.loss_and_gradients(&whole, loss(), PASS);
    // gamma and beta of six values each come first.
    let moving_mean = f64::from(model.params()[12]);
    assert!((moving_mean - 0.01 * mean).abs() < 1e-6, "{moving_mean} {mean}");
    let before = model.params().to_vec();
    model.evaluate_batch(&whole, loss());
    assert_eq!(model.params(), before, "inference moves nothing");
}
