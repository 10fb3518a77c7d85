//! What is written is read back as the same run.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{read_program, write_model, write_program};
use crate::data::{DatasetId, Shuffle};
use crate::engine::callbacks::CallbackSpec;
use crate::engine::constraints::ConstraintSpec;
use crate::engine::fit_spec::{ValidationFreq, Verbose};
use crate::engine::initializers::InitializerSpec;
use crate::engine::layers::{Activation, DenseSpec, LayerSpec};
use crate::engine::losses::{LossSpec, LossWeight};
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::engine::regularizers::RegularizerSpec;
use crate::engine::schedules::{LearningRateSpec, ScheduleSpec};
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::tensor::Shape;
use crate::tensor::rng::{Purpose, Rng};

/// `run` as it is when Keras has said it: an elastic net is an L1L2, and the like.
fn in_keras_words(run: &RunSpec) -> RunSpec {
    fn change(value: &mut Value) {
        if let Some(net) = value.get("ElasticNet") {
            let number = |key: &str| net[key].as_f64().unwrap();
            let l2: f64 = (number("beta") as f32 * number("l") as f32).to_string().parse().unwrap();
            *value = json!({ "L1L2": { "l1": number("l"), "l2": l2 } });
        }
        if value.pointer("/Accuracy/name") == Some(&json!("accuracy")) {
            *value = json!({ "Accuracy": { "name": null } });
        }
        match value {
            Value::Object(members) => {
                members.remove("reset_below_baseline");
                members.values_mut().for_each(change);
            }
            Value::Array(items) => items.iter_mut().for_each(change),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(&serde_json::to_string(run).unwrap()).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

fn comes_back(run: &RunSpec) {
    let text = write_program(run);
    let program = read_program(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let other = RunSpec::new(Preset::Mlp.spec());
    assert_eq!(program.applied_to(&other), in_keras_words(run), "\n{text}");
    // What shows results is left out, and nothing else.
    let said: Vec<String> = program.notes.iter().map(ToString::to_string).collect();
    let is_left_out = |note: &String| note.contains("left out: ") && !note.contains("model = ");
    assert!(said.iter().all(is_left_out), "{said:?}\n{text}");
    let model = read_program(&write_model(&run.model)).unwrap();
    assert_eq!((&model.model, model.compile, model.fit), (&in_keras_words(run).model, None, None));
}

fn with_layer(input: &[usize], layer: LayerSpec) -> RunSpec {
    let model = ModelSpec { name: String::new(), input_shape: Shape(input.to_vec()), layers: vec![layer] };
    RunSpec::new(model)
}

/// With a square kernel, which every initializer and regularizer takes.
fn dense(spec: DenseSpec) -> RunSpec {
    with_layer(&[4], DenseSpec { units: 4, ..spec }.into())
}

fn plain() -> RunSpec {
    RunSpec::new(Preset::Lenet5.spec())
}

#[test]
fn every_preset_comes_back() {
    for preset in Preset::ALL {
        comes_back(&RunSpec::new(preset.spec()));
    }
}

#[test]
fn every_layer_comes_back() {
    for layer in LayerSpec::palette() {
        comes_back(&with_layer(&[28, 28, 1], layer));
    }
}

#[test]
fn every_activation_initializer_regularizer_and_constraint_comes_back() {
    for activation in Activation::ALL {
        comes_back(&dense(DenseSpec { activation, ..DenseSpec::default() }));
    }
    for initializer in InitializerSpec::palette() {
        comes_back(&dense(DenseSpec { kernel_initializer: initializer, ..DenseSpec::default() }));
    }
    for regularizer in RegularizerSpec::palette() {
        let kernel_regularizer = Some(regularizer);
        comes_back(&dense(DenseSpec { kernel_regularizer, ..DenseSpec::default() }));
    }
    for constraint in ConstraintSpec::palette() {
        comes_back(&dense(DenseSpec { kernel_constraint: Some(constraint), ..DenseSpec::default() }));
    }
}

#[test]
fn every_optimizer_schedule_loss_and_metric_comes_back() {
    let mut run = plain();
    for optimizer in OptimizerSpec::palette() {
        for schedule in ScheduleSpec::palette() {
            run.compile.optimizer =
                optimizer.clone().with_learning_rate(LearningRateSpec::Schedule(schedule));
            comes_back(&run);
        }
        run.compile.optimizer = optimizer;
        comes_back(&run);
    }
    for loss in LossSpec::palette() {
        run.compile.loss = loss;
        comes_back(&run);
    }
    for metric in MetricSpec::palette() {
        run.compile.metrics = vec![metric.clone(), MetricSpec::accuracy()];
        run.compile.weighted_metrics = vec![metric];
        comes_back(&run);
    }
    run.compile.metrics =
        ["mse", "acc", "MAE", "categorical_crossentropy", "AUC", "hinge", "top_k_categorical_accuracy"]
            .map(|name| MetricSpec::named(name).unwrap())
            .to_vec();
    run.compile.loss_weights = LossWeight(Some(0.25));
    comes_back(&run);
}

#[test]
fn every_callback_comes_back() {
    let mut run = plain();
    run.fit.callbacks = CallbackSpec::palette();
    comes_back(&run);
    for schedule in [
        json!({ "Constant": { "learning_rate": 1e-5 } }),
        json!({ "StepDecay": { "initial_learning_rate": 0.01, "drop": 0.5, "epochs_drop": 10 } }),
        json!({ "StepDecay": { "initial_learning_rate": 0.01, "drop": -0.5, "epochs_drop": 1 } }),
        json!({ "Multiply": { "factor": 0.9, "from_epoch": 0 } }),
        json!({ "Multiply": { "factor": 0.9, "from_epoch": 10 } }),
        json!({ "Exponential": { "initial_learning_rate": 0.01, "decay": 0.1 } }),
        json!({ "Exponential": { "initial_learning_rate": 0.01, "decay": -0.1 } }),
        json!({ "PerEpoch": { "learning_rates": [0.01] } }),
        json!({ "PerEpoch": { "learning_rates": [0.01, 0.005, 0.001] } }),
    ] {
        let callback = json!({ "LearningRateScheduler": { "schedule": schedule, "verbose": 1 } });
        run.fit.callbacks = vec![serde_json::from_value(callback).unwrap()];
        comes_back(&run);
    }
    for schedule in ScheduleSpec::palette() {
        let callback = json!({ "LearningRateScheduler": { "schedule": schedule } });
        run.fit.callbacks = vec![serde_json::from_value(callback).unwrap()];
        comes_back(&run);
    }
}

#[test]
fn every_argument_of_fit_and_every_choice_of_images_comes_back() {
    let mut run = plain();
    run.fit.batch_size = 32;
    run.fit.epochs = 1;
    run.fit.verbose = Verbose::Line;
    run.fit.validation_split = 0.125;
    run.fit.shuffle = Shuffle::WithinBatch;
    run.fit.class_weight = Some(BTreeMap::from([(0, 0.5), (7, 2.0)]));
    run.fit.steps_per_epoch = Some(3);
    run.fit.validation_steps = Some(2);
    run.fit.validation_batch_size = Some(100);
    run.fit.validation_freq = ValidationFreq::Epochs(vec![1, 3]);
    run.seed = 123_456_789;
    comes_back(&run);
    run.fit.epochs = 7;
    run.fit.initial_epoch = 5;
    run.fit.shuffle = Shuffle::Off;
    run.fit.validation_freq = ValidationFreq::Every(2);
    run.data.dataset = DatasetId::FashionMnist;
    run.data.validation_samples = 0;
    run.data.samples = 60_000;
    run.data.test_samples = 10_000;
    comes_back(&run);
    run.data.validation_samples = 10_000;
    comes_back(&run);
}

#[test]
fn other_inputs_and_names_come_back() {
    for input in [vec![28, 28], vec![784], vec![14, 14, 4]] {
        comes_back(&with_layer(&input, DenseSpec::default().into()));
    }
    let mut run = plain();
    run.model.name = "my.net-2".to_owned();
    comes_back(&run);
}

/// A value of the same kind.
fn changed(rng: &mut Rng, value: &Value) -> Value {
    let pick = |rng: &mut Rng, values: &[Value]| values[rng.below(values.len() as u32) as usize].clone();
    match value {
        Value::Bool(on) => json!(!on),
        Value::Number(number) if number.is_f64() => {
            pick(rng, &[0.25, 0.5, 1.0, 0.1, 1e-7, 3e-5].map(|number| json!(number)))
        }
        Value::Number(_) => pick(rng, &[1, 2, 3, 5].map(|number| json!(number))),
        Value::String(_) => pick(
            rng,
            &[
                "valid",
                "same",
                "channels_first",
                "relu",
                "softmax",
                "he_normal",
                "nearest",
                "horizontal",
                "max",
                "x.keras",
            ]
            .map(|text| json!(text)),
        ),
        Value::Array(items) => items.iter().map(|item| changed(rng, item)).collect(),
        Value::Null => pick(
            rng,
            &[
                json!(2),
                json!([1, 2]),
                json!(0.5),
                json!({ "L2": { "l2": 0.1 } }),
                json!({ "MaxNorm": {} }),
                json!("name_2"),
            ],
        ),
        Value::Object(_) => value.clone(),
    }
}

/// `spec` with some of its arguments changed; as it is if that cannot be read.
fn with_changes<T: serde::Serialize + serde::de::DeserializeOwned>(rng: &mut Rng, spec: &T) -> T {
    let text = serde_json::to_string(spec).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    if let Some(Value::Object(arguments)) = json.as_object_mut().and_then(|kind| kind.values_mut().next()) {
        for value in arguments.values_mut() {
            if rng.unit() < 0.3 {
                *value = changed(rng, value);
            }
        }
    }
    serde_json::from_value(json).unwrap_or_else(|_| serde_json::from_str(&text).unwrap())
}

/// One of a palette with some of its arguments changed.
fn draw<T: serde::Serialize + serde::de::DeserializeOwned>(rng: &mut Rng, palette: &[T]) -> T {
    let kind = &palette[rng.below(palette.len() as u32) as usize];
    with_changes(rng, kind)
}

#[test]
fn random_runs_come_back() {
    let pick = |rng: &mut Rng, count: usize| rng.below(count as u32) as usize;
    let (mut drawn, mut legal) = (0, 0);
    while legal < 400 {
        drawn += 1;
        let mut rng = Rng::new(drawn, Purpose::Init, 0, 0);
        let shapes = [vec![6], vec![4, 3], vec![7, 6, 1], vec![8, 8, 4], vec![28, 28, 1]];
        let input_shape = Shape(shapes[pick(&mut rng, shapes.len())].clone());
        let palette = LayerSpec::palette();
        let count = 1 + pick(&mut rng, 4);
        let mut layers = Vec::new();
        while layers.len() < count {
            layers.push(draw(&mut rng, &palette));
        }
        let mut run = RunSpec::new(ModelSpec { name: "random".to_owned(), input_shape, layers });
        let optimizers = OptimizerSpec::palette();
        run.compile.optimizer = draw(&mut rng, &optimizers);
        let losses = LossSpec::palette();
        run.compile.loss = draw(&mut rng, &losses);
        let metrics = MetricSpec::palette();
        run.compile.metrics.push(draw(&mut rng, &metrics));
        let callbacks = CallbackSpec::palette();
        run.fit.callbacks.push(draw(&mut rng, &callbacks));
        if run.model.validate().is_err() || run.validate_training().is_err() {
            continue;
        }
        legal += 1;
        comes_back(&run);
    }
    assert!(drawn > 400, "some must have been illegal");
}
