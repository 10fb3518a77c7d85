//! Penalties in the loss and gradients of whole models.

use std::sync::Arc;

use crate::data::{Arrays, Batch, Targets};
use crate::engine::constraints::{Axes, MaxNormSpec, NonNegSpec};
use crate::engine::event::TrainEvent;
use crate::engine::initializers::{ConstantSpec, OrthogonalSpec};
use crate::engine::layers::{
    Activation, ActivationSpec, ActivityRegularizationSpec, DenseSpec, DropoutSpec, LayerSpec, Pass,
};
use crate::engine::losses::LossSpec;
use crate::engine::model::Sequential;
use crate::engine::optimizers::SgdSpec;
use crate::engine::regularizers::{L1L2Spec, L1Spec, L2Spec, RegularizerSpec};
use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
use crate::engine::trainer::{Trainer, fit};
use crate::engine::work::MAX_CHUNK;
use crate::tensor::{Shape, Tensor};

const PASS: Pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };
const SAMPLES: usize = MAX_CHUNK + 3;

fn dense(units: usize, activation: Activation) -> DenseSpec {
    DenseSpec { units, activation, ..DenseSpec::default() }
}

fn model(layers: Vec<LayerSpec>) -> Sequential {
    let spec = ModelSpec { name: "test".to_owned(), input_shape: Shape::from([4]), layers };
    Sequential::new(&spec, 5).unwrap()
}

fn batch() -> Batch {
    let values = (0..SAMPLES * 4).map(|i| (i as f32 * 0.7).sin()).collect();
    let labels: Vec<u8> = (0..SAMPLES).map(|i| (i % 3) as u8).collect();
    Batch::new(Tensor::new(&[SAMPLES, 4], values), Targets::from(labels.as_slice()))
}

fn loss_of(model: &mut Sequential, loss: LossSpec) -> f64 {
    let result = model.evaluate_batch(&batch(), loss);
    loss.reduce(&result.losses, result.divisor) + f64::from(result.penalty)
}

/// The gradient of the whole loss, penalties and all, against differences.
fn assert_gradients(model: Sequential) {
    assert_gradients_of(model, LossSpec::default());
}

fn assert_gradients_of(mut model: Sequential, loss: LossSpec) {
    model.loss_and_gradients(&batch(), loss, PASS);
    for (idx, analytic) in model.grads().to_vec().into_iter().enumerate() {
        let w = model.params()[idx];
        let mut loss_at = |w: f32| {
            model.params_mut()[idx] = w;
            loss_of(&mut model, loss)
        };
        let (up, down) = (w + 1e-2, w - 1e-2);
        let numeric = (loss_at(up) - loss_at(down)) / f64::from(up - down);
        loss_at(w);
        assert!(
            (numeric - f64::from(analytic)).abs() < 1e-3,
            "{:?} {idx}: {numeric} {analytic}",
            model.spec()
        );
    }
}

fn l2() -> RegularizerSpec {
    L2Spec { l2: 0.3 }.into()
}

#[test]
fn penalties_on_parameters_and_outputs_are_in_loss_and_gradients() {
    let mut first = dense(5, Activation::Tanh);
    first.kernel_regularizer = Some(l2());
    first.activity_regularizer = Some(l2());
    for activation in [Activation::Softmax, Activation::Sigmoid, Activation::LogSoftmax] {
        let mut last = dense(3, activation);
        last.activity_regularizer = Some(l2());
        assert_gradients(model(vec![first.clone().into(), last.clone().into()]));
        // Behind dropout a training pass knows no logits; at a rate of 0 it does.
        let dropout = DropoutSpec { rate: 0.0, ..DropoutSpec::default() };
        assert_gradients(model(vec![first.clone().into(), last.into(), dropout.into()]));
    }
    let mut logits = dense(3, Activation::Linear);
    logits.activity_regularizer = Some(l2());
    let softmax = ActivationSpec { activation: Activation::Softmax };
    assert_gradients(model(vec![first.into(), logits.into(), softmax.into()]));
}

/// Whether the loss knows the gradient of the logits, as a cross-entropy does, or that of the output.
#[test]
fn every_layer_behind_the_logits_is_penalized() {
    let penalty = |l2| LayerSpec::from(ActivityRegularizationSpec { l1: 0.1, l2 });
    let mut last = dense(3, Activation::Softmax);
    last.activity_regularizer = Some(l2());
    let dropout = DropoutSpec { rate: 0.0, ..DropoutSpec::default() };
    let behind = vec![last.into(), penalty(0.7), dropout.into(), penalty(1.9)];
    let softmax = ActivationSpec { activation: Activation::Softmax };
    let apart = vec![dense(3, Activation::Linear).into(), softmax.into(), penalty(0.7)];
    for layers in [behind, apart] {
        for loss in ["categorical_crossentropy", "mse"] {
            assert_gradients_of(model(layers.clone()), LossSpec::named(loss).unwrap());
        }
    }
}

#[test]
fn the_penalty_is_that_of_the_whole_batch_and_comes_once() {
    let mut only = dense(3, Activation::Softmax);
    only.kernel_regularizer = Some(L1L2Spec { l1: 0.1, l2: 0.2 }.into());
    only.activity_regularizer = Some(L1Spec { l1: 0.5 }.into());
    let mut model = model(vec![only.into()]);
    // Each sample's probabilities sum to 1.
    let kernel = &model.params()[..12];
    let expected: f32 = kernel.iter().map(|w| 0.1 * w.abs() + 0.2 * w * w).sum::<f32>() + 0.5;
    for _ in 0..2 {
        let penalty = model.evaluate_batch(&batch(), LossSpec::default()).penalty;
        assert!((penalty - expected).abs() < 1e-6, "{penalty} {expected}");
    }
}

#[test]
fn frozen_parameters_are_neither_penalized_nor_changed() {
    let mut frozen = dense(5, Activation::Tanh);
    frozen.kernel_regularizer = Some(l2());
    frozen.kernel_constraint = Some(NonNegSpec {}.into());
    frozen.trainable = false;
    let mut model = model(vec![frozen.into(), dense(3, Activation::Softmax).into()]);
    let before = model.params().to_vec();
    assert_eq!(model.evaluate_batch(&batch(), LossSpec::default()).penalty, 0.0);
    model.loss_and_gradients(&batch(), LossSpec::default(), PASS);
    assert!(model.grads()[..25].iter().all(|g| *g == 0.0));
    assert!(model.grads()[25..].iter().any(|g| *g != 0.0));
    model.constrain();
    assert_eq!(model.params(), before);
    assert!(model.optimized_params().iter().take(2).all(|param| !param.trainable));
}

#[test]
fn constraints_change_their_parameter_alone() {
    let mut only = dense(3, Activation::Softmax);
    only.kernel_constraint = Some(MaxNormSpec { max_value: 0.5, ..MaxNormSpec::default() }.into());
    only.bias_constraint = Some(NonNegSpec {}.into());
    let mut model = model(vec![only.into()]);
    model
        .params_mut()
        .copy_from_slice(&[1.0, 0.1, 0.0, 1.0, 0.1, 0.0, 1.0, 0.1, 0.0, 1.0, 0.1, 0.0, -1.0, 2.0, 0.0]);
    model.constrain();
    let expected = [0.25, 0.1, 0.0, 0.25, 0.1, 0.0, 0.25, 0.1, 0.0, 0.25, 0.1, 0.0, 0.0, 2.0, 0.0];
    assert!(
        model.params().iter().zip(expected).all(|(got, w)| (got - w).abs() < 1e-6),
        "{:?}",
        model.params()
    );
}

#[test]
fn arguments_that_do_not_fit_their_parameter_are_refused() {
    let refused = |layer: DenseSpec| {
        let spec =
            ModelSpec { name: String::new(), input_shape: Shape::from([4]), layers: vec![layer.into()] };
        spec.validate().is_err()
    };
    assert!(!refused(dense(3, Activation::Relu)));
    assert!(refused(DenseSpec {
        bias_initializer: OrthogonalSpec::default().into(),
        ..dense(3, Activation::Relu)
    }));
    assert!(refused(DenseSpec {
        kernel_regularizer: Some(L2Spec { l2: -1.0 }.into()),
        ..dense(3, Activation::Relu)
    }));
    assert!(refused(DenseSpec {
        activity_regularizer: Some(L2Spec { l2: -1.0 }.into()),
        ..dense(3, Activation::Relu)
    }));
    let filters = MaxNormSpec { axis: Axes(vec![0, 1, 2]), ..MaxNormSpec::default() };
    assert!(refused(DenseSpec { kernel_constraint: Some(filters.into()), ..dense(3, Activation::Relu) }));
}

/// One weight w that meets y = 3 at x = 1, by hand: the loss is (w - 3)² + w²/10, each step
/// w ← w - (2(w - 3) + w/5)/10, cut to 1.
#[test]
fn a_trainer_penalizes_and_then_constrains_every_step() {
    let mut only = dense(1, Activation::Linear);
    only.use_bias = false;
    only.kernel_initializer = ConstantSpec { value: 0.5 }.into();
    only.kernel_regularizer = Some(L2Spec { l2: 0.1 }.into());
    only.kernel_constraint = Some(MaxNormSpec { max_value: 1.0, ..MaxNormSpec::default() }.into());
    let spec =
        ModelSpec { name: "test".to_owned(), input_shape: Shape::from([1]), layers: vec![only.into()] };
    let sgd = SgdSpec { learning_rate: 0.1.into(), ..SgdSpec::default() };
    let compile = CompileSpec {
        optimizer: sgd.into(),
        loss: LossSpec::named("mse").unwrap(),
        metrics: Vec::new(),
        ..CompileSpec::default()
    };
    let fit_spec = FitSpec { batch_size: 1, epochs: 1, ..FitSpec::default() };
    let data = DataSpec { samples: 4, validation_samples: 1, ..DataSpec::default() };
    let run = RunSpec { compile, fit: fit_spec, data, ..RunSpec::new(spec) };
    let ones = Tensor::new(&[4, 1], vec![1.0; 4]);
    let threes = Targets::Values(Tensor::new(&[4, 1], vec![3.0; 4]));
    let samples = Arrays::new(ones, threes, None).unwrap();
    let mut trainer = Trainer::new(Sequential::new(&run.model, run.seed).unwrap(), &run, Arc::new(samples));
    let mut losses = Vec::new();
    fit(&mut trainer, |event| match event {
        TrainEvent::BatchEnd { batch_loss, .. } => losses.push(batch_loss),
        TrainEvent::EpochEnd { logs, .. } => losses.extend(logs.0.iter().map(|(_, value)| *value)),
        _ => {}
    });
    // w is 0.5, 0.99, 1 and 1; then loss and val_loss of the epoch
    let expected = [6.275, 4.138_11, 4.1, (6.275 + 4.138_11 + 4.1) / 3.0, 4.1];
    assert_eq!(losses.len(), expected.len());
    assert!(losses.iter().zip(expected).all(|(got, loss)| (got - loss).abs() < 2e-6), "{losses:?}");
    assert!((trainer.into_model().params()[0] - 1.0).abs() < 1e-6);
}
