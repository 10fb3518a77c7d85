//! The bytes are parsed again with the same messages; `scripts/interop/onnx_check.py` runs them in ONNX Runtime.

use std::collections::BTreeSet;

use super::proto::{FLOAT, GraphProto, INT64, NodeProto, OF_FLOAT, OF_INT, OF_INTS, TensorProto};
use super::*;
use crate::engine::presets::Preset;
use crate::engine::spec::ModelSpec;
use crate::formats::model_zoo::{filled, zoo};
use crate::tensor::Shape;

fn wrapping() -> Wrapping {
    Wrapping {
        stem: "mnist-cnn".to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: crate::formats::Language::English,
    }
}

fn parsed(model: &ModelSpec) -> GraphProto {
    let files = write(&filled(model), &wrapping()).unwrap();
    let [file] = &files[..] else { panic!("{} files", files.len()) };
    assert_eq!(file.name, "mnist-cnn.onnx");
    let parsed = ModelProto::decode(&file.bytes[..]).unwrap();
    assert_eq!((parsed.ir_version, parsed.opset_import[0].version), (8, 17));
    parsed.graph.unwrap()
}

fn named(name: &str) -> GraphProto {
    parsed(&zoo().into_iter().find(|model| model.name == name).unwrap())
}

fn op_types(graph: &GraphProto) -> Vec<&str> {
    graph.node.iter().map(|node| &*node.op_type).collect()
}

fn check_tensor(tensor: &TensorProto) {
    let len: i64 = tensor.dims.iter().product();
    let width = match tensor.data_type {
        FLOAT => 4,
        INT64 => 8,
        other => panic!("{}: type {other}", tensor.name),
    };
    assert_eq!(tensor.raw_data.len() as i64, len * width, "{}", tensor.name);
}

fn check_node(node: &NodeProto) {
    for attribute in &node.attribute {
        let holds = (attribute.f.is_some(), attribute.i.is_some(), !attribute.ints.is_empty());
        let expected = match attribute.r#type {
            OF_FLOAT => (true, false, false),
            OF_INT => (false, true, false),
            OF_INTS => (false, false, true),
            other => panic!("{}: attribute of type {other}", node.name),
        };
        assert_eq!(holds, expected, "{}.{}", node.name, attribute.name);
    }
}

/// The extents after the batch.
fn extents(value: &super::proto::ValueInfoProto) -> Vec<usize> {
    let tensor = value.r#type.as_ref().unwrap().tensor_type.as_ref().unwrap();
    assert_eq!(tensor.elem_type, FLOAT);
    let [batch, rest @ ..] = &tensor.shape.as_ref().unwrap().dim[..] else { panic!("no batch") };
    assert_eq!((batch.dim_param.as_deref(), batch.dim_value), (Some("batch"), None));
    rest.iter().map(|extent| extent.dim_value.unwrap() as usize).collect()
}

#[test]
fn every_model_is_a_graph_in_order_without_loose_ends() {
    for model in zoo() {
        let graph = parsed(&model);
        let shapes = model.shapes().unwrap();
        assert_eq!(extents(&graph.input[0]), model.input_shape.0, "{}", model.name);
        assert_eq!(extents(&graph.output[0]), shapes[shapes.len() - 1].0, "{}", model.name);
        graph.initializer.iter().for_each(check_tensor);
        graph.node.iter().for_each(check_node);
        let mut known: BTreeSet<&str> = graph.initializer.iter().map(|tensor| &*tensor.name).collect();
        assert_eq!(known.len(), graph.initializer.len(), "{}: a name twice", model.name);
        known.insert(&graph.input[0].name);
        let mut used = BTreeSet::from([&*graph.output[0].name]);
        for node in &graph.node {
            for input in &node.input {
                assert!(known.contains(&**input), "{}: {} is not known yet", model.name, input);
                used.insert(input);
            }
            assert!(
                node.output.iter().all(|output| known.insert(output)),
                "{}: {} twice",
                model.name,
                node.name
            );
        }
        let loose: Vec<_> = known.difference(&used).collect();
        assert!(loose.is_empty(), "{}: nobody takes {loose:?}", model.name);
    }
}

#[test]
fn every_parameter_is_there() {
    for model in zoo() {
        let graph = parsed(&model);
        let missing: Vec<String> = model
            .params()
            .unwrap()
            .into_iter()
            .map(|param| param.path)
            // Along other axes than 1 a variance becomes part of a factor.
            .filter(|path| !path.ends_with("gamma") && !path.ends_with("moving_variance"))
            .filter(|path| graph.initializer.iter().all(|tensor| tensor.name != *path))
            .collect();
        assert!(missing.is_empty(), "{}: {missing:?}", model.name);
    }
}

#[test]
fn a_chain_of_convolutions_turns_its_image_once_and_back_once() {
    let graph = parsed(&Preset::Lenet5.spec());
    let expected = [
        "Transpose",
        "Conv",
        "Relu",
        "MaxPool",
        "Conv",
        "Relu",
        "MaxPool",
        "Transpose",
        "Flatten",
        "Gemm",
        "Relu",
        "Gemm",
        "Relu",
        "Gemm",
        "Softmax",
    ];
    assert_eq!(op_types(&graph), expected);
    assert_eq!(graph.node[0].attribute[0].ints, [0, 3, 1, 2]);
    assert_eq!(graph.node[7].attribute[0].ints, [0, 2, 3, 1]);
    let kernel = &graph.initializer[0];
    assert_eq!((&*kernel.name, &kernel.dims[..]), ("conv2d/kernel", &[6, 1, 5, 5][..]));
    assert_eq!(graph.node[14].output, ["output"]);
}

#[test]
fn channels_first_needs_no_turn() {
    let graph = named("maxpooling2d-default-channels_first");
    assert_eq!(op_types(&graph), ["MaxPool"]);
    let graph = named("conv2d-strides-same-channels_first-dense");
    assert_eq!(op_types(&graph), ["Conv", "Transpose", "Flatten", "Gemm"]);
}

/// Behind images that lie channels first in the graph, but last for Keras.
#[test]
fn a_flatten_of_its_own_format_turns_what_keras_has() {
    let graph = named("flatten-first-behind-last");
    assert_eq!(op_types(&graph), ["Transpose", "Conv", "Relu", "Transpose", "Transpose", "Flatten", "Gemm"]);
    let turns = [&graph.node[3], &graph.node[4]].map(|node| &node.attribute[0].ints[..]);
    assert_eq!(turns, [[0, 2, 3, 1], [0, 2, 3, 1]]);
    assert_eq!(op_types(&named("flatten-last-behind-first")), ["MaxPool", "Flatten", "Gemm"]);
    let graph = named("flatten-first-of-volumes");
    assert_eq!(op_types(&graph), ["Transpose", "Flatten", "Gemm"]);
    assert_eq!(graph.node[0].attribute[0].ints, [0, 2, 3, 4, 1]);
}

#[test]
fn same_padding_is_said_cell_by_cell() {
    let graph = named("conv2d-strides-same-channels_last");
    let pads = graph.node[1].attribute.iter().find(|attribute| attribute.name == "pads").unwrap();
    // 9 rows and 8 columns under 3×3 windows that move by 2: the odd column comes after.
    assert_eq!(pads.ints, [1, 0, 1, 1]);
}

#[test]
fn a_model_that_does_nothing_in_inference_is_an_identity() {
    assert_eq!(op_types(&named("nothing")), ["Identity"]);
}

#[test]
fn other_numbers_of_parameters_are_refused() {
    let mut saved = filled(&Preset::Softmax.spec());
    saved.params.pop();
    let error = write(&saved, &wrapping()).unwrap_err();
    assert_eq!(
        error,
        FormatError::WrongExtents { name: "params".to_owned(), expected: vec![7850], got: vec![7849] }
    );
    saved.model.input_shape = Shape::from([0]);
    assert!(matches!(write(&saved, &wrapping()), Err(FormatError::Spec(_))));
}
