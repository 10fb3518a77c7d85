//! What is written to be run with real Keras: together everything that the engine has.

use serde_json::{Value, json};

use super::recorded_tests::read_run;
use super::{write_model, write_program};
use crate::engine::presets::Preset;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::run_json::Family;

fn model(layers: &Value, input_shape: &Value) -> ModelSpec {
    read_run(&json!({ "model": { "input_shape": input_shape, "layers": layers } })).model
}

/// A run with some of its parts replaced.
fn run_with(parts: &Value) -> RunSpec {
    let mut run = json!({
        "model": { "input_shape": [28, 28, 1], "layers": [
            "Flatten",
            { "Dense": { "units": 10, "activation": "softmax" } },
        ] },
        "compile": { "optimizer": "adam", "loss": "categorical_crossentropy", "metrics": ["accuracy"] },
        "data": { "samples": 500, "validation_samples": 100 },
    });
    for (section, values) in parts.as_object().unwrap() {
        for (key, value) in values.as_object().unwrap() {
            run[section][key] = value.clone();
        }
    }
    read_run(&run)
}

/// Models that together have every layer, with other arguments than Keras's defaults.
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn models() -> Vec<(&'static str, ModelSpec)> {
    let image = json!([12, 10, 3]);
    let mut models = vec![
        (
            "convolutions",
            model(
                &json!([
                    { "ZeroPadding2D": { "padding": [[1, 2], [0, 3]] } },
                    { "Conv2D": { "filters": 6, "kernel_size": [3, 2], "strides": [2, 1], "padding": "same",
                        "groups": 3, "activation": "elu", "use_bias": false, "kernel_initializer": "he_normal" } },
                    { "Conv2D": { "filters": 4, "kernel_size": 3, "dilation_rate": [2, 1], "trainable": false,
                        "kernel_regularizer": { "L1L2": { "l1": 1e-4, "l2": 1e-3 } },
                        "bias_constraint": "non_neg", "activity_regularizer": "l1" } },
                    { "DepthwiseConv2D": { "kernel_size": 2, "depth_multiplier": 2, "activation": "relu" } },
                    { "SeparableConv2D": { "filters": 5, "kernel_size": 2, "depth_multiplier": 3, "padding": "same",
                        "depthwise_regularizer": "l2", "pointwise_constraint": { "UnitNorm": { "axis": [0, 1, 2] } } } },
                    { "MaxPooling2D": { "pool_size": [2, 1], "strides": 1, "padding": "same" } },
                    { "AveragePooling2D": { "pool_size": 2 } },
                    { "GlobalAveragePooling2D": { "keepdims": true } },
                ]),
                &image,
            ),
        ),
        (
            "normalizations",
            model(
                &json!([
                    { "BatchNormalization": { "momentum": 0.9, "epsilon": 1e-5, "scale": false,
                        "beta_regularizer": { "L2": { "l2": 0.1 } }, "moving_mean_initializer": "ones" } },
                    { "BatchNormalization": { "axis": 2, "trainable": false } },
                    { "LayerNormalization": { "axis": [2, 3], "center": false } },
                    { "LayerNormalization": { "epsilon": 1e-6 } },
                    { "Dropout": { "rate": 0.25, "noise_shape": [null, 1, 1, 3] } },
                    { "SpatialDropout2D": { "rate": 0.125 } },
                    { "GaussianNoise": { "stddev": 0.1, "seed": 7 } },
                    { "ActivityRegularization": { "l1": 0.01 } },
                    "GlobalMaxPooling2D",
                ]),
                &image,
            ),
        ),
        (
            "curves",
            model(
                &json!([
                    { "ReLU": { "max_value": 6.0, "negative_slope": 0.1, "threshold": 0.5 } },
                    { "LeakyReLU": { "negative_slope": 0.2 } },
                    { "PReLU": { "shared_axes": [1, 2], "alpha_initializer": { "Constant": { "value": 0.25 } } } },
                    { "PReLU": { "alpha_constraint": { "MaxNorm": { "max_value": 1.5 } } } },
                    { "ELU": { "alpha": 0.5 } },
                    { "Softmax": { "axis": [2, 3] } },
                    "Softmax",
                    { "Activation": { "activation": "tanh" } },
                    { "Reshape": { "target_shape": [6, -1] } },
                    "Flatten",
                ]),
                &image,
            ),
        ),
        (
            "augmentations",
            model(
                &json!([
                    { "RandomTranslation": { "height_factor": 0.1, "width_factor": [-0.2, 0.3], "fill_mode": "nearest" } },
                    { "RandomRotation": { "factor": 0.05, "interpolation": "nearest", "seed": 3 } },
                    { "RandomZoom": { "height_factor": [-0.2, 0.1], "width_factor": 0.1, "fill_mode": "constant",
                        "fill_value": 0.5 } },
                    { "RandomZoom": { "height_factor": 0.3 } },
                    { "RandomFlip": { "mode": "horizontal" } },
                ]),
                &image,
            ),
        ),
        (
            "channels_first",
            model(
                &json!([
                    { "MaxPooling2D": { "data_format": "channels_first" } },
                    { "ZeroPadding2D": { "data_format": "channels_first" } },
                    { "Flatten": { "data_format": "channels_first" } },
                ]),
                &image,
            ),
        ),
    ];
    let dense = |key: &str, kinds: Vec<Value>| {
        let layers = kinds.into_iter().map(|kind| json!({ "Dense": { "units": 4, key: kind } }));
        model(&layers.collect(), &json!([4]))
    };
    let names = |family: Family| family.names().iter().map(|name| json!(*name)).collect::<Vec<_>>();
    models.push(("activations", dense("activation", names(Family::Activation))));
    models.push(("initializers", dense("kernel_initializer", names(Family::Initializer))));
    models.push((
        "initializers_arguments",
        dense(
            "kernel_initializer",
            vec![
                json!({ "RandomNormal": { "mean": 0.1, "stddev": 0.2, "seed": 1 } }),
                json!({ "RandomUniform": { "minval": -0.5, "maxval": 0.25 } }),
                json!({ "TruncatedNormal": { "stddev": 0.02 } }),
                json!({ "VarianceScaling": { "scale": 2.0, "mode": "fan_out", "distribution": "uniform" } }),
                json!({ "Orthogonal": { "gain": 1.5 } }),
                json!({ "GlorotNormal": { "seed": 5 } }),
            ],
        ),
    ));
    models.push(("constraints", dense("kernel_constraint", names(Family::Constraint))));
    let regularizers = names(Family::Regularizer).into_iter().filter(|name| name != "ElasticNet");
    models.push((
        "regularizers",
        dense(
            "kernel_regularizer",
            regularizers
                .chain([json!({ "OrthogonalRegularizer": { "factor": 0.1, "mode": "columns" } })])
                .collect(),
        ),
    ));
    models
}

/// Runs that together have everything that `compile` and `fit` take.
#[expect(clippy::too_many_lines, reason = "a list of cases")]
fn runs() -> Vec<(&'static str, RunSpec)> {
    let preset = |preset: Preset| RunSpec::new(preset.spec());
    let optimizer = |optimizer: Value| run_with(&json!({ "compile": { "optimizer": optimizer } }));
    let rate = |name: &str, schedule: Value| optimizer(json!({ name: { "learning_rate": schedule } }));
    let loss =
        |loss: Value, metrics: Value| run_with(&json!({ "compile": { "loss": loss, "metrics": metrics } }));
    let callbacks = |callbacks: Value| run_with(&json!({ "fit": { "callbacks": callbacks } }));
    let of_epoch = |schedule: Value| json!({ "LearningRateScheduler": { "schedule": schedule } });
    vec![
        ("preset_mlp", preset(Preset::Mlp)),
        ("preset_lenet5", preset(Preset::Lenet5)),
        ("preset_keras_cnn", preset(Preset::KerasCnn)),
        ("preset_mnist_cnn", preset(Preset::MnistCnn)),
        ("preset_fashion_cnn", preset(Preset::FashionCnn)),
        (
            "sgd",
            optimizer(
                json!({ "SGD": { "learning_rate": 0.1, "momentum": 0.9, "nesterov": true, "clipnorm": 1.0 } }),
            ),
        ),
        (
            "sgd_centralized",
            optimizer(json!({ "SGD": { "gradient_centralization": true, "weight_decay": 1e-4 } })),
        ),
        (
            "rmsprop",
            rate(
                "RMSprop",
                json!({ "ExponentialDecay": { "initial_learning_rate": 0.01, "decay_steps": 100, "decay_rate": 0.96, "staircase": true } }),
            ),
        ),
        (
            "adagrad",
            rate(
                "Adagrad",
                json!({ "CosineDecay": { "initial_learning_rate": 0.0, "decay_steps": 50, "warmup_target": 0.01, "warmup_steps": 5 } }),
            ),
        ),
        (
            "nadam",
            rate(
                "Nadam",
                json!({ "CosineDecayRestarts": { "initial_learning_rate": 0.01, "first_decay_steps": 20, "m_mul": 0.9 } }),
            ),
        ),
        (
            "adamw",
            rate(
                "AdamW",
                json!({ "PiecewiseConstantDecay": { "boundaries": [10, 20], "values": [0.01, 0.005, 0.001] } }),
            ),
        ),
        (
            "adam",
            optimizer(
                json!({ "Adam": { "beta_1": 0.8, "amsgrad": true, "use_ema": true, "ema_overwrite_frequency": 5, "global_clipnorm": 0.5 } }),
            ),
        ),
        (
            "polynomial",
            rate(
                "SGD",
                json!({ "PolynomialDecay": { "initial_learning_rate": 0.1, "decay_steps": 30, "power": 2.0, "cycle": true } }),
            ),
        ),
        (
            "inverse_time",
            rate(
                "Adam",
                json!({ "InverseTimeDecay": { "initial_learning_rate": 0.1, "decay_steps": 30, "decay_rate": 0.5 } }),
            ),
        ),
        (
            "losses_one_hot",
            loss(
                json!({ "CategoricalCrossentropy": { "from_logits": true, "label_smoothing": 0.1, "reduction": "sum" } }),
                json!([
                    "acc", "categorical_accuracy", { "TopKCategoricalAccuracy": { "k": 3 } }, { "Precision": { "class_id": 3, "top_k": 1 } },
                    { "Recall": { "thresholds": [0.3, 0.6] } }, { "F1Score": { "average": "macro" } }, { "FBetaScore": { "beta": 2.0, "threshold": 0.5 } },
                    { "AUC": { "num_thresholds": 50, "curve": "PR", "multi_label": true, "num_labels": 10 } }, "mse", { "MeanSquaredError": {} },
                    { "RootMeanSquaredError": { "name": "rmse" } }, "mae", "MAPE", "msle", { "CosineSimilarity": {} }, { "LogCoshError": {} },
                    "hinge", "squared_hinge", "categorical_hinge", "kl_divergence", "poisson", "categorical_crossentropy",
                    { "CategoricalCrossentropy": { "label_smoothing": 0.1 } }, { "BinaryCrossentropy": {} }, { "BinaryAccuracy": { "threshold": 0.25 } },
                ]),
            ),
        ),
        (
            "losses_classes",
            loss(
                json!({ "SparseCategoricalCrossentropy": { "ignore_class": 3 } }),
                json!([
                    "accuracy", { "Accuracy": { "name": "right" } }, "sparse_categorical_accuracy", { "SparseTopKCategoricalAccuracy": { "k": 2 } },
                    { "SparseCategoricalCrossentropy": {} },
                ]),
            ),
        ),
        ("losses_huber", loss(json!({ "Huber": { "delta": 0.5 } }), json!(["accuracy"]))),
        ("losses_crossentropy", loss(json!("crossentropy"), json!(["accuracy"]))),
        (
            "losses_kl",
            run_with(
                &json!({ "compile": { "loss": "kl_divergence", "loss_weights": 0.5, "weighted_metrics": ["mae"] } }),
            ),
        ),
        (
            "callbacks",
            callbacks(json!([
                { "EarlyStopping": { "monitor": "val_accuracy", "min_delta": 0.001, "patience": 3, "mode": "max", "baseline": 0.1, "restore_best_weights": true, "start_from_epoch": 1 } },
                { "ReduceLROnPlateau": { "factor": 0.5, "patience": 2, "cooldown": 1, "min_lr": 1e-5 } },
                { "ModelCheckpoint": { "filepath": "{epoch:02d}-{val_loss:.2f}.weights.h5", "save_weights_only": true, "save_best_only": true } },
                { "ModelCheckpoint": { "filepath": "{epoch}-{batch}.keras", "save_freq": 2 } },
                { "CSVLogger": { "filename": "log.csv", "separator": ";", "append": true } },
                { "BackupAndRestore": { "backup_dir": "kept", "save_freq": 2, "delete_checkpoint": false } },
                { "TerminateOnNaN": { "raise_error": true } }, "History",
            ])),
        ),
        (
            "callbacks_functions",
            callbacks(json!([
                of_epoch(json!({ "Constant": { "learning_rate": 0.01 } })),
                of_epoch(
                    json!({ "StepDecay": { "initial_learning_rate": 0.1, "drop": 0.5, "epochs_drop": 3 } })
                ),
                of_epoch(json!({ "Multiply": { "factor": 0.9, "from_epoch": 4 } })),
                of_epoch(json!({ "Exponential": { "initial_learning_rate": 0.1, "decay": 0.2 } })),
                of_epoch(json!({ "PerEpoch": { "learning_rates": [0.1, 0.05, 0.01] } })),
                of_epoch(
                    json!({ "CosineDecay": { "initial_learning_rate": 0.1, "decay_steps": 10, "alpha": 0.1 } })
                ),
                of_epoch(
                    json!({ "PolynomialDecay": { "initial_learning_rate": 0.1, "decay_steps": 8, "end_learning_rate": 0.01 } })
                ),
            ])),
        ),
        (
            "tensor_board",
            callbacks(
                json!([{ "TensorBoard": { "log_dir": "board", "write_graph": false, "update_freq": 2 } }]),
            ),
        ),
        (
            "fit",
            run_with(&json!({
                "fit": { "batch_size": 100, "epochs": 6, "verbose": 2, "validation_split": 0.25, "shuffle": false, "class_weight": { "0": 2.0, "3": 0.5 },
                    "initial_epoch": 2, "validation_steps": 1, "validation_batch_size": 50, "validation_freq": [3, 5] },
                "data": { "dataset": "fashion-mnist", "samples": 60_000, "validation_samples": 0, "test_samples": 10_000 },
            })),
        ),
    ]
}

/// Names, programs and the models in them.
pub fn programs() -> Vec<(&'static str, String, ModelSpec)> {
    let models = models().into_iter().map(|(name, model)| (name, write_model(&model), model));
    let runs = runs().into_iter().map(|(name, run)| (name, write_program(&run), run.model));
    models.chain(runs).collect()
}
