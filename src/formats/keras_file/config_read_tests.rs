#![expect(clippy::needless_pass_by_value, reason = "`json!` makes values, and the tests read better so")]

use serde_json::json;

use super::*;
use crate::engine::layers::LayerSpec;
use crate::formats::keras_file::ChainProblem;
use crate::tensor::Shape;

fn layer(class_name: &str, config: Value) -> Value {
    json!({ "module": "keras.layers", "class_name": class_name, "config": config, "registered_name": null })
}

fn input(shape: Value) -> Value {
    layer("InputLayer", json!({ "batch_shape": shape, "dtype": "float32", "name": "input_layer" }))
}

fn dense(units: usize) -> Value {
    layer("Dense", json!({ "units": units }))
}

fn sequential(layers: &[Value]) -> Value {
    json!({ "class_name": "Sequential", "config": { "name": "net", "layers": layers } })
}

fn read_all(model: Value, compile: Option<Value>, is_old: bool) -> Result<ReadConfig, FormatError> {
    read(model, compile, is_old, &mut Budget::new(usize::MAX))
}

fn refused(model: Value) -> KerasFileError {
    match read_all(model, None, false).unwrap_err() {
        FormatError::KerasFile(error) => error,
        other => panic!("{other}"),
    }
}

fn shape_of(model: Value) -> Shape {
    read_all(model, None, false).unwrap().model.input_shape
}

#[test]
fn the_input_shape_is_found_wherever_a_version_had_it() {
    assert_eq!(shape_of(sequential(&[input(json!([null, 3, 2])), dense(1)])), Shape::from([3, 2]));
    for config in [
        json!({ "units": 1, "batch_input_shape": [null, 3, 2] }),
        json!({ "units": 1, "input_shape": [3, 2] }),
    ] {
        assert_eq!(shape_of(sequential(&[layer("Dense", config)])), Shape::from([3, 2]));
    }
    let config = json!({ "units": 1, "input_dim": 3 });
    assert_eq!(shape_of(sequential(&[layer("Dense", config)])), Shape::from([3]));
    let mut built = sequential(&[dense(1)]);
    built["build_config"] = json!({ "input_shape": [null, 7] });
    assert_eq!(shape_of(built), Shape::from([7]));
    let nested = sequential(&[sequential(&[input(json!([null, 5])), dense(1)]), dense(2)]);
    assert_eq!(shape_of(nested), Shape::from([5]));
    assert_eq!(refused(sequential(&[dense(1)])), KerasFileError::NoInputShape);
    let open = sequential(&[input(json!([null, null, 3])), dense(1)]);
    assert_eq!(refused(open), KerasFileError::OpenInputShape { got: "[null,null,3]".to_owned() });
}

#[test]
fn models_within_a_model_are_flattened_and_know_where_their_weights_lie() {
    let inner = |trainable: bool| {
        let mut inner = sequential(&[input(json!([null, 4])), dense(4), dense(4)]);
        inner["config"]["trainable"] = json!(trainable);
        inner
    };
    let model = sequential(&[input(json!([null, 4])), dense(4), inner(true), dense(4), inner(false)]);
    let config = read_all(model, None, false).unwrap();
    let places: Vec<String> = config.places.iter().map(|place| place.join("/")).collect();
    assert_eq!(
        places,
        [
            "layers/dense",
            "layers/sequential/layers/dense",
            "layers/sequential/layers/dense_1",
            "layers/dense_1",
            "layers/sequential_1/layers/dense",
            "layers/sequential_1/layers/dense_1",
        ]
    );
    let tops: Vec<usize> = config.tops.iter().map(|(top, _)| *top).collect();
    assert_eq!(tops, [0, 1, 1, 2, 3, 3]);
    let trainable = config.model.layers.iter().map(|layer| match layer {
        LayerSpec::Dense(dense) => dense.trainable,
        other => panic!("{other:?}"),
    });
    assert_eq!(trainable.collect::<Vec<_>>(), [true, true, true, true, false, false]);
}

/// A graph of these layers, each with the names of those that it takes.
fn graph(layers: &[(&str, &str, &[&str])], outputs: Value) -> Value {
    let node = |sources: &[&str]| {
        let tensor = |name: &&str| {
            json!({ "class_name": "__keras_tensor__",
                "config": { "shape": [null, 4], "dtype": "float32", "keras_history": [name, 0, 0] } })
        };
        json!({ "args": sources.iter().map(tensor).collect::<Vec<_>>(), "kwargs": { "mask": null } })
    };
    let layers: Vec<Value> = layers
        .iter()
        .map(|(name, class, sources)| {
            let mut layer = match *class {
                "InputLayer" => input(json!([null, 4])),
                "Dense" => dense(4),
                class => layer(class, json!({})),
            };
            layer["name"] = json!(name);
            layer["inbound_nodes"] = if sources.is_empty() { json!([]) } else { json!([node(sources)]) };
            layer
        })
        .collect();
    let config = json!({ "name": "net", "layers": layers, "output_layers": outputs });
    json!({ "class_name": "Functional", "config": config })
}

#[test]
fn a_graph_that_is_a_chain_is_a_sequential() {
    let layers: [(&str, &str, &[&str]); 3] =
        [("in", "InputLayer", &[]), ("a", "Dense", &["in"]), ("b", "Dense", &["a"])];
    for outputs in [json!([["b", 0, 0]]), json!(["b", 0, 0])] {
        assert_eq!(read_all(graph(&layers, outputs), None, false).unwrap().model.layers.len(), 2);
    }
    // Keras 2 has lists where Keras 3 has tensors.
    let mut old = graph(&layers, json!([["b", 0, 0]]));
    old["class_name"] = json!("Model");
    for (layer, source) in [(1, "in"), (2, "a")] {
        old["config"]["layers"][layer]["inbound_nodes"] = json!([[[source, 0, 0, {}]]]);
    }
    assert_eq!(read_all(old, None, true).unwrap().model.layers.len(), 2);
}

#[test]
fn other_graphs_name_the_layer_that_is_too_much() {
    let problem = |layers: &[(&str, &str, &[&str])], outputs: Value| match refused(graph(layers, outputs)) {
        KerasFileError::NotAChain { layer, problem } => (layer, problem),
        other => panic!("{other}"),
    };
    let of = |name: &str, problem: ChainProblem| (name.to_owned(), problem);
    let two: [(&str, &str, &[&str]); 3] =
        [("in", "InputLayer", &[]), ("a", "Dense", &["in"]), ("b", "Dense", &["in"])];
    let fed = of("in", ChainProblem::Outputs { got: 2 });
    assert_eq!(problem(&two, json!([["a", 0, 0], ["b", 0, 0]])), fed);
    let merged: [(&str, &str, &[&str]); 3] =
        [("in", "InputLayer", &[]), ("a", "Dense", &["in"]), ("b", "Add", &["a", "in"])];
    assert_eq!(problem(&merged, json!([["b", 0, 0]])), of("b", ChainProblem::Inputs { got: 2 }));
    let unused: [(&str, &str, &[&str]); 2] = [("in", "InputLayer", &[]), ("a", "Dense", &[])];
    assert_eq!(problem(&unused, json!([["a", 0, 0]])), of("a", ChainProblem::Uses { got: 0 }));
    let other = json!({ "class_name": "MyModel", "config": { "layers": [] } });
    assert_eq!(refused(other), KerasFileError::OtherModel { class_name: "MyModel".to_owned() });
}

/// A graph of one layer, whose call says `training`; in the way of Keras 2 or 3.
fn called(class: &str, trainable: bool, training: bool, is_old: bool) -> Option<FormatError> {
    let mut model = graph(&[("in", "InputLayer", &[]), ("a", class, &["in"])], json!([["a", 0, 0]]));
    let layer = &mut model["config"]["layers"][1];
    if is_old {
        layer["inbound_nodes"] = json!([[["in", 0, 0, { "training": training }]]]);
    } else {
        layer["inbound_nodes"][0]["kwargs"] = json!({ "training": training });
    }
    layer["config"]["trainable"] = json!(trainable);
    read_all(model, None, is_old).err()
}

#[test]
fn keras_2_keeps_to_what_a_call_says_of_training() {
    let problem =
        |problem| Some(FormatError::KerasFile(KerasFileError::NotAChain { layer: "a".to_owned(), problem }));
    assert_eq!(called("Dropout", true, true, true), problem(ChainProblem::AlwaysTraining));
    for class in ["Dropout", "GaussianNoise", "RandomFlip", "BatchNormalization"] {
        assert_eq!(called(class, true, false, true), problem(ChainProblem::AlwaysInference), "{class}");
    }
    assert_eq!(called("BatchNormalization", false, false, true), None);
    assert_eq!(called("Flatten", true, false, true), None);
}

#[test]
fn keras_3_tells_every_layer_what_the_model_is_used_for() {
    for class in ["Dropout", "GaussianNoise", "BatchNormalization", "Flatten"] {
        for training in [false, true] {
            assert_eq!(called(class, true, training, false), None, "{class}, {training}");
        }
    }
}

#[test]
fn what_is_not_known_is_refused_with_its_place() {
    let with = |layer: Value| sequential(&[input(json!([null, 4])), layer]);
    for (given, expected) in [
        (layer("Embedding", json!({ "input_dim": 3 })), "model.layers[0]: there is no Embedding"),
        (layer("Custom>Dense", json!({ "units": 3 })), "model.layers[0]: there is no Custom>Dense"),
        (layer("Dense", json!({ "units": 3, "moods": 2 })), "model.layers[0].Dense.moods: unknown key"),
        (layer("Dense", json!({ "units": 3, "activation": "sparkle" })), "model.layers[0].Dense.activation"),
        (
            layer(
                "Dense",
                json!({ "units": 3, "name": "d", "dtype": {
                "module": "keras", "class_name": "DTypePolicy", "config": { "name": "mixed_bfloat16" } } }),
            ),
            "d computes in mixed_bfloat16, expected float32",
        ),
    ] {
        let error = refused(with(given)).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let hard = with(layer("Dense", json!({ "units": 3, "activation": "hard_sigmoid" })));
    assert!(read_all(hard.clone(), None, false).is_ok());
    let error = read_all(hard, None, true).unwrap_err().to_string();
    assert!(error.starts_with("Dense has the activation hard_sigmoid of Keras 2"), "{error}");
}

#[test]
fn training_that_is_not_understood_leaves_the_model() {
    let model = sequential(&[input(json!([null, 4])), dense(2)]);
    for (compile, path) in [
        (json!({ "optimizer": { "class_name": "Lion", "config": {} }, "loss": "mse" }), "compile.optimizer"),
        (
            json!({ "optimizer": "adam", "loss": { "class_name": "Custom>MyLoss", "config": {} } }),
            "compile.loss.Custom>MyLoss",
        ),
        (json!({ "optimizer": "adam", "loss": null }), "compile.loss"),
        (json!({ "optimizer": "adam", "loss": "wit", "metrics": ["wit"] }), "compile.loss"),
    ] {
        let config = read_all(model.clone(), Some(compile), false).unwrap();
        assert_eq!(config.job, None, "{path}");
        let notes: Vec<&str> = config.notes.iter().map(|note| note.path.as_str()).collect();
        assert_eq!(notes, [path]);
        let said = "cannot be taken over, so all of compile and the optimizer's state were left out";
        assert!(config.notes[0].to_string().ends_with(said), "{}", config.notes[0]);
    }
    // Not compiled is nothing to speak of.
    let config = read_all(model, Some(json!({})), false).unwrap();
    assert_eq!((config.job, config.notes), (None, Vec::new()));
}

#[test]
fn a_metric_that_is_not_known_is_left_out_alone() {
    let model = sequential(&[input(json!([null, 4])), dense(2)]);
    let r2 = json!({ "class_name": "R2Score", "config": { "name": "r2" } });
    let top = json!({ "class_name": "TopKCategoricalAccuracy", "config": { "k": 0 } });
    let compile = json!({ "optimizer": "sgd", "loss": "mse", "loss_weights": 0.5,
        "metrics": [["mae", r2, "wit"]], "weighted_metrics": ["mse", top] });
    let config = read_all(model, Some(compile), false).unwrap();
    let compile = config.job.unwrap().compile;
    assert_eq!(compile.optimizer.class_name(), "SGD");
    assert_eq!(compile.loss_weights.0, Some(0.5));
    assert_eq!([compile.metrics.len(), compile.weighted_metrics.len()], [1, 1]);
    let notes: Vec<String> = config.notes.iter().map(ToString::to_string).collect();
    let said = |what: &str| format!("{what} exists in Keras but not here, and was left out");
    let expected = [
        "compile.metrics[1]: R2Score of metrics",
        "compile.metrics[2]: wit of metrics",
        "compile.weighted_metrics[1]: TopKCategoricalAccuracy of weighted_metrics",
    ];
    assert_eq!(notes, expected.map(said));
}

#[test]
fn arguments_with_which_a_layer_has_other_weights_are_refused_by_name() {
    let of = |class: &str, config: Value| sequential(&[input(json!([null, 4])), layer(class, config)]);
    let renorm =
        |renorm: bool| of("BatchNormalization", json!({ "renorm": renorm, "renorm_momentum": 0.99 }));
    assert!(read_all(renorm(false), None, false).is_ok());
    let lora = |rank: Value| of("Dense", json!({ "units": 2, "lora_rank": rank, "lora_alpha": rank }));
    assert!(read_all(lora(Value::Null), None, false).is_ok());
    for (model, said) in [
        (renorm(true), "BatchNormalization has renorm, which exists in Keras but not here"),
        (lora(json!(2)), "Dense has lora_rank, which exists in Keras but not here"),
    ] {
        assert_eq!(refused(model).to_string(), said);
    }
}

#[test]
fn a_layer_as_an_activation_is_a_layer_of_its_own() {
    let activation = layer("LeakyReLU", json!({ "name": "leaky", "negative_slope": 0.25 }));
    let dense = layer("Dense", json!({ "units": 3, "activation": activation, "trainable": false }));
    let config = read_all(sequential(&[input(json!([null, 4])), dense]), None, false).unwrap();
    let names: Vec<String> = config.model.layer_names();
    assert_eq!(names, ["dense", "leaky_re_lu"]);
    assert_eq!(config.places[1], ["layers", "dense", "activation"]);
    assert_eq!(config.tops[0], config.tops[1]);
    let kept = layer("Dense", json!({ "units": 3, "activation": layer("PELU", json!({})) }));
    assert!(matches!(refused(sequential(&[input(json!([null, 4])), kept])), KerasFileError::Config(_)));
}
