//! ONNX, the Open Neural Network Exchange: one file that holds a graph of operators and their weights, for
//! runtimes of all languages.
//!
//! Source: the operators' documentation of opset 17 and `onnx.proto`, IR version 8, which ONNX Runtime reads
//! since 1.11. The graph takes and gives what Keras does, images `[batch, h, w, c]` among it; between its
//! operators, which know images as `[n, c, h, w]` only, an image stays so until a layer asks for its axes in
//! order. What acts in training alone is left out.

mod activations;
mod graph;
mod layers;
mod normalization;
mod proto;
#[cfg(test)]
mod tests;
mod windows;

use prost::Message;

use self::graph::Graph;
use self::proto::{ModelProto, OperatorSetIdProto};
use super::placed_layer::placed_layers;
use super::{FormatError, NamedFile, SavedModel, Wrapping};

const IR_VERSION: i64 = 8;
const OPSET: i64 = 17;

/// `<stem>.onnx`.
///
/// # Errors
/// If the model is not valid, or has another number of parameters. Every layer can be said.
pub fn write(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let layers = placed_layers(saved)?;
    let mut graph = Graph::new();
    for layer in &layers {
        layers::add(&mut graph, layer);
    }
    let shapes = saved.model.shapes()?;
    let name = if saved.model.name.is_empty() { "sequential" } else { &saved.model.name };
    let model = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "svertka".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        graph: Some(graph.finish(name, &shapes[0], &shapes[shapes.len() - 1])),
        opset_import: vec![OperatorSetIdProto { domain: Some(String::new()), version: OPSET }],
    };
    Ok(vec![NamedFile { name: format!("{}.onnx", wrapping.stem), bytes: model.encode_to_vec() }])
}
