//! Files for `scripts/interop/keras_check.py`, which opens them in real Keras.
//!
//! `SVERTKA_KERAS_CASES=folder cargo test keras_cases -- --ignored` writes them; `SVERTKA_KERAS_RUNS=folder`
//! adds the runs of that folder, one JSON each.

use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};

use super::golden_tests::numbers;
use crate::data::{Batch, Targets};
use crate::engine::layers::{LayerSpec, Pass};
use crate::engine::losses::LossSpec;
use crate::engine::model::Sequential;
use crate::engine::optimizers::Optimizer;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::run_json::read_run;
use crate::formats::{ModelFormat, OptimizerState, SavedModel, Wrapping, write};
use crate::tensor::{Buffer, Shape, Tensor};

/// Steps before the files are written, and after.
const STEPS: usize = 3;
const MORE: usize = 20;
const BATCH: usize = 6;

/// Layers without parameters to choose by, for images of `[8, 8, 2]`.
fn image_layers() -> Value {
    json!([
        [{ "Conv2D": { "filters": 4, "kernel_size": 3, "strides": [1, 2], "padding": "same", "activation": "relu" } }],
        [{ "Conv2D": { "filters": 4, "kernel_size": [2, 1], "dilation_rate": 2, "groups": 2, "use_bias": false,
            "kernel_initializer": { "VarianceScaling": { "scale": 2.0, "mode": "fan_out", "distribution": "uniform", "seed": 3 } },
            "kernel_regularizer": { "ElasticNet": { "beta": 0.5, "l": 0.01 } } } }],
        [{ "DepthwiseConv2D": { "kernel_size": 3, "depth_multiplier": 2, "activation": "gelu",
            "depthwise_regularizer": { "L1L2": { "l1": 0.001, "l2": 0.002 } } } }],
        [{ "SeparableConv2D": { "filters": 3, "kernel_size": 2, "depth_multiplier": 2, "padding": "same", "activation": "silu",
            "pointwise_constraint": { "MinMaxNorm": { "min_value": 0.1, "max_value": 0.9, "rate": 0.5, "axis": [0, 1, 2] } } } }],
        [{ "BatchNormalization": { "momentum": 0.9, "epsilon": 0.01, "beta_constraint": "NonNeg", "gamma_regularizer": "L2" } },
            { "BatchNormalization": { "axis": 1, "scale": false } }, { "BatchNormalization": { "center": false, "trainable": false } }],
        [{ "LayerNormalization": { "axis": [2, 3], "epsilon": 0.00001 } }, { "LayerNormalization": { "rms_scaling": true } },
            { "LayerNormalization": { "center": false, "gamma_constraint": "UnitNorm" } }],
        [{ "PReLU": { "alpha_initializer": "HeNormal", "shared_axes": [1, 2] } }, { "PReLU": { "alpha_initializer": { "Constant": { "value": 0.3 } } } }],
        [{ "MaxPooling2D": { "pool_size": [2, 1], "padding": "same" } }, { "AveragePooling2D": { "pool_size": 2, "strides": 1 } }],
        [{ "MaxPooling2D": { "data_format": "channels_first", "pool_size": 2 } }],
        [{ "GlobalAveragePooling2D": { "keepdims": true } }, { "GlobalMaxPooling2D": {} }],
        [{ "ZeroPadding2D": { "padding": [[1, 0], [2, 1]] } }, { "Flatten": { "data_format": "channels_first" } }],
        [{ "Reshape": { "target_shape": [-1, 4] } }, { "Softmax": { "axis": [1, 2] } }, { "Softmax": { "axis": 1 } }],
        [{ "ReLU": { "max_value": 0.8, "negative_slope": 0.1, "threshold": 0.05 } }, { "LeakyReLU": { "negative_slope": 0.2 } }, { "ELU": { "alpha": 0.7 } }],
        [{ "Dropout": { "rate": 0.2, "noise_shape": [null, 1, 1, null], "seed": u32::MAX } }, { "SpatialDropout2D": { "rate": 0.1 } },
            { "GaussianNoise": { "stddev": 0.2, "seed": 3 } }, { "ActivityRegularization": { "l1": 0.001, "l2": 0.002 } }],
        [{ "RandomFlip": { "mode": "vertical", "seed": 2 } }, { "RandomTranslation": { "height_factor": [-0.2, 0.1], "width_factor": 0.1, "fill_mode": "constant", "fill_value": 0.5 } },
            { "RandomRotation": { "factor": [0.0, 0.2], "interpolation": "nearest" } }, { "RandomZoom": { "height_factor": [-0.3, 0.2], "width_factor": [0.0, 0.1], "fill_mode": "wrap" } },
            { "RandomZoom": { "height_factor": 0.1, "fill_mode": "nearest" } }],
        [{ "Dense": { "units": 3, "activation": "tanh", "kernel_initializer": "Orthogonal", "bias_initializer": { "RandomUniform": { "minval": -0.1, "maxval": 0.2 } },
            "kernel_constraint": { "MaxNorm": { "max_value": 2.0, "axis": 0 } }, "activity_regularizer": { "L1": { "l1": 0.001 } }, "trainable": false } },
            { "Dense": { "units": 4, "kernel_regularizer": { "OrthogonalRegularizer": { "factor": 0.02, "mode": "columns" } } } }],
    ])
}

/// Networks that together have every layer and many arguments; the last layer is a softmax over 3 classes.
fn networks() -> Vec<RunSpec> {
    let network = |layers: Vec<Value>| {
        let mut layers = layers;
        layers.extend([json!("Flatten"), json!({ "Dense": { "units": 3, "activation": "softmax" } })]);
        run(&json!({ "model": { "name": "net", "input_shape": [8, 8, 2], "layers": layers },
            "compile": { "loss": "SparseCategoricalCrossentropy" } }))
    };
    let groups = image_layers();
    let mut runs: Vec<RunSpec> =
        groups.as_array().unwrap().iter().map(|group| network(group.as_array().unwrap().clone())).collect();
    for activation in crate::engine::layers::Activation::ALL {
        runs.push(network(vec![
            json!({ "Conv2D": { "filters": 2, "kernel_size": 3, "activation": activation.name() } }),
        ]));
        runs.push(network(vec![json!({ "Activation": { "activation": activation.name() } })]));
    }
    for layer in LayerSpec::palette() {
        // As it stands, where an image of this size can go through.
        let mut run = network(vec![json!("Flatten")]);
        run.model.layers[0] = layer;
        runs.extend(run.model.validate().is_ok().then_some(run));
    }
    runs
}

fn run(json: &Value) -> RunSpec {
    read_run(&json.to_string()).unwrap_or_else(|error| panic!("{json}: {error}")).run
}

/// One network for every optimizer, schedule, loss and metric, with arguments.
fn trainings() -> Vec<RunSpec> {
    let layers = json!([
        { "Conv2D": { "filters": 3, "kernel_size": 3, "activation": "tanh", "kernel_constraint": { "MaxNorm": { "max_value": 0.9, "axis": [0, 1, 2] } } } },
        "BatchNormalization", "Flatten",
        { "Dense": { "units": 3, "activation": "softmax", "kernel_regularizer": "L2" } },
    ]);
    let with = |compile: Value| {
        let mut compile = compile;
        let loss = json!("SparseCategoricalCrossentropy");
        compile.as_object_mut().unwrap().entry("loss").or_insert(loss);
        run(&json!({ "model": { "input_shape": [6, 6, 1], "layers": layers }, "compile": compile }))
    };
    let optimizer = |name: &str, arguments: Value| with(json!({ "optimizer": { name: arguments } }));
    let schedule = |schedule: Value| optimizer("SGD", json!({ "learning_rate": schedule, "momentum": 0.5 }));
    let mut runs = vec![
        optimizer("SGD", json!({ "learning_rate": 0.05 })),
        optimizer(
            "SGD",
            json!({ "learning_rate": 0.05, "momentum": 0.8, "nesterov": true, "clipnorm": 0.5 }),
        ),
        optimizer(
            "RMSprop",
            json!({ "learning_rate": 0.003, "rho": 0.8, "momentum": 0.5, "centered": true, "epsilon": 0.001 }),
        ),
        optimizer(
            "Adagrad",
            json!({ "learning_rate": 0.02, "initial_accumulator_value": 0.2, "weight_decay": 0.01 }),
        ),
        optimizer("Nadam", json!({ "learning_rate": 0.002, "beta_1": 0.8 })),
        optimizer(
            "Adam",
            json!({ "learning_rate": 0.002, "amsgrad": true, "global_clipnorm": 0.5, "epsilon": 0.001 }),
        ),
        optimizer("AdamW", json!({ "learning_rate": 0.002, "weight_decay": 0.02, "epsilon": 0.001 })),
        optimizer(
            "Adam",
            json!({ "learning_rate": 0.002, "use_ema": true, "ema_momentum": 0.9, "ema_overwrite_frequency": 4, "epsilon": 0.001 }),
        ),
        optimizer(
            "Adam",
            json!({ "learning_rate": 0.002, "gradient_accumulation_steps": 2, "epsilon": 0.001 }),
        ),
        optimizer(
            "SGD",
            json!({ "learning_rate": 0.05, "loss_scale_factor": 8.0, "clipvalue": 0.1, "use_ema": true, "gradient_accumulation_steps": 3 }),
        ),
        schedule(
            json!({ "ExponentialDecay": { "initial_learning_rate": 0.05, "decay_steps": 4, "decay_rate": 0.8, "staircase": true } }),
        ),
        schedule(
            json!({ "CosineDecay": { "initial_learning_rate": 0.01, "decay_steps": 30, "alpha": 0.1, "warmup_target": 0.05, "warmup_steps": 5 } }),
        ),
        schedule(
            json!({ "CosineDecayRestarts": { "initial_learning_rate": 0.05, "first_decay_steps": 5, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.1 } }),
        ),
        schedule(
            json!({ "PiecewiseConstantDecay": { "boundaries": [5, 10], "values": [0.05, 0.02, 0.01] } }),
        ),
        schedule(
            json!({ "PolynomialDecay": { "initial_learning_rate": 0.05, "decay_steps": 8, "end_learning_rate": 0.01, "power": 2.0, "cycle": true } }),
        ),
        schedule(
            json!({ "InverseTimeDecay": { "initial_learning_rate": 0.05, "decay_steps": 4, "decay_rate": 0.5 } }),
        ),
        with(
            json!({ "loss_weights": 0.5, "loss": { "SparseCategoricalCrossentropy": { "ignore_class": 5 } },
            "optimizer": { "SGD": { "learning_rate": 0.05 } } }),
        ),
    ];
    let sgd = json!({ "SGD": { "learning_rate": 0.02 } });
    for loss in LossSpec::palette() {
        runs.push(with(json!({ "optimizer": sgd, "loss": serde_json::to_value(loss).unwrap() })));
    }
    for metric in crate::engine::metrics::MetricSpec::palette() {
        let metric = serde_json::to_value(metric).unwrap();
        runs.push(with(
            json!({ "optimizer": sgd, "metrics": [metric, "accuracy"], "weighted_metrics": [metric] }),
        ));
    }
    runs
}

fn samples(count: usize, shape: &Shape, seed: usize) -> Tensor {
    let extents = shape.with_batch(count);
    Tensor::new(&extents, numbers(extents.iter().product(), seed))
}

fn takes_classes(loss: LossSpec) -> bool {
    matches!(loss, LossSpec::SparseCategoricalCrossentropy(_) | LossSpec::Crossentropy(_))
}

/// Whether every step is what Keras makes of the same batch: nothing is drawn.
fn is_certain(model: &ModelSpec) -> bool {
    let draws = |layer: &LayerSpec| {
        let class = crate::engine::layers::LayerDef::class_name(layer);
        class.starts_with("Random") || class.ends_with("Noise") || class.contains("Dropout")
    };
    !model.layers.iter().any(draws)
}

fn train(model: &mut Sequential, optimizer: &mut Optimizer, job: &RunSpec, seeds: std::ops::Range<usize>) {
    let outputs = model.output_shape().size();
    for seed in seeds {
        let classes: Buffer<u32> = (0..BATCH).map(|idx| ((7 * idx + seed) % outputs) as u32).collect();
        let mut batch = Batch::new(samples(BATCH, &job.model.input_shape, seed), Targets::Classes(classes));
        batch.weights = job.compile.loss_weights.0.map(|weight| vec![weight; BATCH].into());
        let pass = Pass::Train { seed: 1, step: optimizer.iterations(), first_sample: 0 };
        model.loss_and_gradients(&batch, job.compile.loss, pass);
        let (params, grads) = model.params_and_grads();
        optimizer.step(params, grads);
        model.constrain();
    }
}

/// Writes a run's files after some steps, and what the engine makes of them.
fn write_case(folder: &Path, name: &str, job: &RunSpec) {
    let mut model = Sequential::new(&job.model, 5).unwrap();
    // Nothing shall be 0 or 1 by chance.
    let spread = numbers(model.params().len(), 11);
    model.params_mut().iter_mut().zip(spread).for_each(|(param, more)| *param += 0.05 * more.abs());
    let mut optimizer = job.compile.optimizer.build(&model.optimized_params());
    train(&mut model, &mut optimizer, job, 0..STEPS);
    let predict =
        |model: &mut Sequential| model.predict(&samples(3, &job.model.input_shape, 7)).into_values();
    let saved = SavedModel {
        model: job.model.clone(),
        params: model.params().to_vec(),
        job: Some(job.clone()),
        epochs: Some(1),
        optimizer: Some(OptimizerState {
            steps: optimizer.iterations(),
            learning_rate: optimizer.learning_rate(),
            slots: optimizer.slots().iter().map(|slot| slot.values.to_vec()).collect(),
        }),
    };
    let wrapping = Wrapping {
        stem: name.to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: crate::formats::Language::English,
    };
    let formats = [ModelFormat::Keras, ModelFormat::KerasWeights, ModelFormat::KerasH5];
    // The last cannot say every loss.
    let num_formats = if matches!(job.compile.loss, LossSpec::Crossentropy(_)) { 2 } else { 3 };
    for format in formats.into_iter().take(num_formats) {
        for file in write(format, &saved, &wrapping).unwrap_or_else(|error| panic!("{name}: {error}")) {
            fs::write(folder.join(file.name), file.bytes).unwrap();
        }
    }
    let predictions = predict(&mut model);
    let after = is_certain(&job.model).then(|| {
        train(&mut model, &mut optimizer, job, STEPS..STEPS + MORE);
        predict(&mut model)
    });
    let case = json!({
        "input_shape": job.model.input_shape.0,
        "classes": takes_classes(job.compile.loss),
        "batch": BATCH,
        "next_seed": STEPS,
        "steps": MORE,
        "iterations": saved.optimizer.as_ref().map(|state| state.steps),
        "variables": saved.optimizer.as_ref().map(|state| state.slots.len()),
        "predictions": predictions,
        "after": after,
        "run": serde_json::to_value(job).unwrap(),
    });
    fs::write(folder.join(format!("{name}.json")), case.to_string()).unwrap();
}

#[test]
#[ignore = "writes files for scripts/interop/keras_check.py"]
fn keras_cases() {
    let folder = env::var("SVERTKA_KERAS_CASES").expect("a folder to write to");
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).unwrap();
    let mut runs = networks();
    runs.extend(trainings());
    if let Ok(more) = env::var("SVERTKA_KERAS_RUNS") {
        let mut files: Vec<_> = fs::read_dir(more).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        runs.extend(files.iter().map(|file| read_run(&fs::read_to_string(file).unwrap()).unwrap().run));
    }
    let invalid: Vec<String> = runs
        .iter()
        .filter_map(|job| job.model.validate().err().map(|error| format!("{error}: {:?}", job.model)))
        .collect();
    assert!(invalid.is_empty(), "{}", invalid.join("\n"));
    for (number, job) in runs.iter().enumerate() {
        write_case(folder, &format!("case_{number:03}"), job);
    }
}
