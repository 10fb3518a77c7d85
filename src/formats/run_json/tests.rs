use serde_json::json;

use super::*;
use crate::engine::callbacks::CallbackSpec;
use crate::engine::layers::LayerDef;
use crate::engine::metrics::MetricSpec;
use crate::engine::optimizers::OptimizerSpec;
use crate::engine::presets::Preset;
use crate::tensor::Shape;

fn read(run: &Value) -> Result<RunFile, RunJsonError> {
    read_run(&run.to_string())
}

/// A run with these layers, read.
fn with_layers(layers: &Value) -> RunFile {
    read(&json!({ "model": { "input_shape": [4], "layers": layers } })).unwrap()
}

fn refused(run: &Value) -> String {
    read(run).unwrap_err().to_string()
}

#[test]
fn every_preset_comes_back() {
    for preset in Preset::ALL {
        let run = RunSpec::new(preset.spec());
        assert_eq!(read_run(&write_run(&run)), Ok(RunFile { run, notes: Vec::new() }));
    }
}

#[test]
fn the_example_is_read_and_fits_its_data() {
    let file = read_run(include_str!("../../../examples/run.json")).unwrap();
    assert_eq!(file.notes, []);
    assert_eq!(file.run.validate(&Shape::from([28, 28, 1]), 10), Ok(()));
    assert_eq!(file.run.fit.callbacks.len(), 2);
}

#[test]
fn names_alone_mean_defaults() {
    let run = read(&json!({
        "model": { "input_shape": [2, 2, 1], "layers": ["Flatten", "dense"] },
        "compile": { "optimizer": "sgd", "loss": "CategoricalCrossentropy" },
        "fit": { "callbacks": ["TerminateOnNaN", "early_stopping"] },
    }))
    .unwrap()
    .run;
    let classes: Vec<&str> = run.model.layers.iter().map(LayerDef::class_name).collect();
    assert_eq!(classes, ["Flatten", "Dense"]);
    assert!(matches!(run.compile.optimizer, OptimizerSpec::Sgd(_)));
    let callbacks: Vec<&str> = run.fit.callbacks.iter().map(CallbackSpec::class_name).collect();
    assert_eq!(callbacks, ["TerminateOnNaN", "EarlyStopping"]);
}

#[test]
fn what_keras_saves_is_read() {
    let keras = json!({
        "class_name": "Sequential",
        "config": {
            "name": "sequential",
            "trainable": true,
            "layers": [
                { "module": "keras.layers", "class_name": "InputLayer", "registered_name": null,
                  "config": { "batch_shape": [null, 6, 6, 1], "dtype": "float32", "name": "input" } },
                { "module": "keras.layers", "class_name": "Flatten", "config": { "name": "flatten" } },
                { "module": "keras.layers", "class_name": "Dense", "config": { "units": 3, "activation": null } },
            ],
        },
    });
    let file = read(&json!({
        "model": keras,
        "compile": { "optimizer": { "class_name": "Adam", "config": { "learning_rate": 0.25 } } },
    }))
    .unwrap();
    assert_eq!(file.run.model.input_shape, Shape::from([6, 6, 1]));
    assert_eq!(file.run.model.shapes().unwrap()[2], Shape::from([3]));
    let saved = serde_json::to_value(&file.run).unwrap();
    assert_eq!(saved["compile"]["optimizer"]["Adam"]["learning_rate"], 0.25);
}

#[test]
fn what_keras_saves_though_nobody_gave_it_is_no_error_and_no_news() {
    let initializer = json!({ "class_name": "HeNormal",
        "config": { "seed": null, "input_axes": null, "output_axes": null } });
    let convolution = json!({ "class_name": "Conv2D", "config": {
        "filters": 2, "kernel_size": [3, 3], "trainable": true, "kernel_initializer": initializer } });
    let auc = json!({ "class_name": "AUC", "config": { "name": "auc", "num_labels": null, "label_weights": null } });
    let file = read(&json!({
        "model": { "input_shape": [6, 6, 1], "layers": [
            convolution,
            { "Flatten": { "trainable": true, "data_format": null } },
            { "Dense": { "units": 2, "lora_rank": null, "quantization_config": null } },
        ] },
        "compile": {
            "optimizer": { "class_name": "Adam", "config": { "clipnorm": null } },
            "metrics": [auc, { "class_name": "CategoricalCrossentropy", "config": { "axis": -1 } }],
            "loss_weights": null,
            "weighted_metrics": null,
        },
        "fit": { "x": null, "validation_data": null, "batch_size": null, "callbacks": null },
    }))
    .unwrap();
    assert_eq!(file.notes, []);
    assert_eq!(file.run.fit.batch_size, 32);
    let error = refused(&json!({
        "model": { "input_shape": [4], "layers": ["Flatten"] },
        "compile": { "metrics": [{ "AUC": { "dtype_policy": 2 } }] },
    }));
    assert!(error.starts_with("compile.metrics[0].AUC.dtype_policy: unknown key"), "{error}");
}

#[test]
fn keras_has_several_words_for_one_thing() {
    let file = read(&json!({
        "model": { "input_shape": [6, 6, 1], "layers": [
            { "Convolution2D": { "filters": 2, "kernel_size": 3, "padding": "SAME" } },
            "MaxPool2D",
            { "LeakyReLU": { "alpha": 0.25 } },
            "GlobalAvgPool2D",
        ] },
        "compile": { "metrics": ["acc", "mse", { "top_k_categorical_accuracy": { "k": 2 } }] },
        "fit": { "nb_epoch": 7, "callbacks": { "EarlyStopping": { "patience": 3 } } },
    }))
    .unwrap();
    let classes: Vec<&str> = file.run.model.layers.iter().map(LayerDef::class_name).collect();
    assert_eq!(classes, ["Conv2D", "MaxPooling2D", "LeakyReLU", "GlobalAveragePooling2D"]);
    let metrics: Vec<&str> = file.run.compile.metrics.iter().map(MetricSpec::name).collect();
    assert_eq!(metrics, ["acc", "mse", "top_k_categorical_accuracy"]);
    let saved = serde_json::to_value(&file.run).unwrap();
    assert_eq!(saved["model"]["layers"][0]["Conv2D"]["padding"], "same");
    assert_eq!(saved["model"]["layers"][2]["LeakyReLU"]["negative_slope"], 0.25);
    assert_eq!((file.run.fit.epochs, file.run.fit.callbacks.len()), (7, 1));
}

#[test]
fn the_first_layer_may_name_the_input_shape() {
    let dense = json!({ "units": 2, "input_shape": [5] });
    let run = json!({ "model": { "layers": [{ "Dense": dense }] } });
    let file = read(&run).unwrap();
    assert_eq!(file.run.model.input_shape, Shape::from([5]));
    let [note] = &file.notes[..] else { panic!("{:?}", file.notes) };
    assert_eq!(note.what, Became::Moved { to: "model.input_shape".to_owned() });
    let run = json!({ "model": { "layers": [{ "Dense": { "units": 2, "input_dim": 7 } }] } });
    assert_eq!(read(&run).unwrap().run.model.input_shape, Shape::from([7]));
}

#[test]
fn arguments_of_keras_2_get_a_note() {
    let file = read(&json!({
        "model": { "input_shape": [4], "layers": [{ "Dense": { "units": 2, "name": "head" } }] },
        "compile": { "optimizer": { "SGD": { "lr": 0.5, "decay": 0.1 } }, "run_eagerly": true },
        "fit": { "workers": 4, "max_queue_size": 10, "use_multiprocessing": false },
    }))
    .unwrap();
    let notes: Vec<(&str, &Became)> = file.notes.iter().map(|n| (n.path.as_str(), &n.what)).collect();
    let renamed = Became::Renamed { to: "learning_rate".to_owned() };
    let replaced = Became::Replaced { by: "learning_rate=InverseTimeDecay(…)".to_owned() };
    assert_eq!(
        notes,
        [
            ("compile.run_eagerly", &Became::WithoutEffect),
            ("fit.max_queue_size", &Became::Removed),
            ("fit.use_multiprocessing", &Became::Removed),
            ("fit.workers", &Became::Removed),
            ("compile.optimizer.SGD.decay", &replaced),
            ("compile.optimizer.SGD.lr", &renamed),
            ("model.layers[0].Dense.name", &Became::WithoutEffect),
        ]
    );
    assert_eq!(serde_json::to_value(&file.run).unwrap()["compile"]["optimizer"]["SGD"]["learning_rate"], 0.5);
}

#[test]
fn what_keras_has_and_we_have_not_is_said() {
    let file = read(&json!({ "model": { "input_shape": [4], "layers": [
        { "BatchNormalization": { "renorm": true, "synchronized": false, "activity_regularizer": null } },
        { "ReLU": { "activity_regularizer": "l2" } },
        { "Dense": { "units": 2, "activity_regularizer": "l2", "kernel_initializer": "normal" } },
    ] } }))
    .unwrap();
    let notes: Vec<String> = file.notes.iter().map(ToString::to_string).collect();
    let expected = [
        "model.layers[0].BatchNormalization.renorm: renorm of BatchNormalization exists in Keras but not here, and \
         was left out",
        "model.layers[1].ReLU.activity_regularizer: activity_regularizer of ReLU exists in Keras but not here, and \
         was left out; use ActivityRegularization",
    ];
    assert_eq!(notes, expected);
}

#[test]
fn unknown_keys_are_named_with_their_path_and_what_was_meant() {
    let error = refused(&json!({
        "model": { "input_shape": [4], "layers": ["Flatten", { "Dense": { "unit": 3, "glitter": 1 } }] },
        "fit": { "epoch": 3 },
        "sed": 1,
    }));
    for part in [
        "model.layers[1].Dense.unit: unknown key, did you mean units?",
        "model.layers[1].Dense.glitter: unknown key;",
        "fit.epoch: unknown key, did you mean epochs?",
        "sed: unknown key, did you mean seed?",
    ] {
        assert!((error.clone() + ";").contains(part), "{part} is not in {error}");
    }
}

#[test]
fn wrong_names_and_types_say_where_and_what_is_expected() {
    let layers = |layers: Value| json!({ "model": { "input_shape": [4], "layers": layers } });
    let with = |key: &str, value: Value| {
        let mut run = layers(json!(["Flatten"]));
        run[key] = value;
        run
    };
    let cases = [
        (
            layers(json!([{ "Dens": { "units": 3 } }])),
            "there is no Dens, did you mean Dense?; expected Dense,",
        ),
        (layers(json!(["Flaten"])), "there is no Flaten, did you mean Flatten?"),
        (
            layers(json!([{ "Dense": { "units": "3" } }])),
            "model.layers[0].Dense.units: expected a whole number from 0, got string \"3\"",
        ),
        (
            layers(json!([{ "Dense": { "units": -3 } }])),
            "units: expected a whole number from 0, got integer `-3`",
        ),
        (layers(json!({})), "model.layers: expected a list, got map"),
        (
            with("fit", json!({ "epochs": 2.5 })),
            "fit.epochs: expected a whole number from 0, got floating point `2.5`",
        ),
        (
            with("fit", json!({ "shuffle": 1 })),
            "fit.shuffle: expected true, false or \"batch\", got integer `1`",
        ),
        (
            with("compile", json!({ "optimizer": "adamm" })),
            "compile.optimizer: there is no adamm, did you mean Adam?",
        ),
        (with("version", json!(2)), "version: expected 1, got 2"),
        (json!({ "model": { "layers": ["Flatten"] } }), "model: input_shape is missing"),
        (json!({}), "run: model is missing"),
        (json!([]), "run: expected an object in braces"),
    ];
    for (run, part) in cases {
        let error = refused(&run);
        assert!(error.contains(part), "{error} is not {part}");
    }
    assert!(matches!(read_run("{"), Err(RunJsonError::Json { line: 1, .. })));
}

#[test]
fn comments_are_left_out() {
    let file = with_layers(&json!([{ "//": "the head", "Dense": { "//": "ten classes", "units": 10 } }]));
    assert_eq!((file.run.model.layers.len(), file.notes.len()), (1, 0));
}
