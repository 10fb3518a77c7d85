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

fn refused(model: Value) -> KerasFileError {
    match read(model, None, false).unwrap_err() {
        FormatError::KerasFile(error) => error,
        other => panic!("{other}"),
    }
}

fn shape_of(model: Value) -> Shape {
    read(model, None, false).unwrap().model.input_shape
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
    let config = read(model, None, false).unwrap();
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
        assert_eq!(read(graph(&layers, outputs), None, false).unwrap().model.layers.len(), 2);
    }
    // Keras 2 has lists where Keras 3 has tensors.
    let mut old = graph(&layers, json!([["b", 0, 0]]));
    old["class_name"] = json!("Model");
    for (layer, source) in [(1, "in"), (2, "a")] {
        old["config"]["layers"][layer]["inbound_nodes"] = json!([[[source, 0, 0, {}]]]);
    }
    assert_eq!(read(old, None, true).unwrap().model.layers.len(), 2);
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
    let mut always = graph(&[("in", "InputLayer", &[]), ("a", "Dropout", &["in"])], json!([["a", 0, 0]]));
    always["config"]["layers"][1]["inbound_nodes"][0]["kwargs"] = json!({ "training": true });
    let expected = KerasFileError::NotAChain { layer: "a".to_owned(), problem: ChainProblem::AlwaysTraining };
    assert_eq!(refused(always), expected);
    let other = json!({ "class_name": "MyModel", "config": { "layers": [] } });
    assert_eq!(refused(other), KerasFileError::OtherModel { class_name: "MyModel".to_owned() });
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
    assert!(read(hard.clone(), None, false).is_ok());
    let error = read(hard, None, true).unwrap_err().to_string();
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
        (json!({ "optimizer": "adam", "loss": "mse", "metrics": ["wit"] }), "compile.metrics[0]"),
    ] {
        let config = read(model.clone(), Some(compile), false).unwrap();
        assert_eq!(config.job, None, "{path}");
        let notes: Vec<&str> = config.notes.iter().map(|note| note.path.as_str()).collect();
        assert_eq!(notes, [path]);
    }
    // Not compiled is nothing to speak of.
    let config = read(model, Some(json!({})), false).unwrap();
    assert_eq!((config.job, config.notes), (None, Vec::new()));
}
