//! Each kind of layer as nodes of a graph.

use super::graph::{Graph, Layout, float};
use super::{activations, normalization, windows};
use crate::engine::layers::{DenseSpec, LayerSpec};
use crate::formats::placed_layer::{PlacedLayer, permuted, sample_axes};

/// Adds what `layer` does in inference.
pub fn add(graph: &mut Graph, layer: &PlacedLayer) {
    graph.enter(&layer.name);
    let (input_rank, rank) = (layer.input.rank(), layer.output.rank());
    match layer.spec {
        LayerSpec::Dense(spec) => dense(graph, layer, spec),
        LayerSpec::Conv2d(spec) => {
            windows::conv2d(graph, layer, spec);
            activations::add(graph, spec.activation, rank);
        }
        LayerSpec::DepthwiseConv2d(spec) => {
            windows::depthwise_conv2d(graph, layer, spec);
            activations::add(graph, spec.activation, rank);
        }
        LayerSpec::SeparableConv2d(spec) => {
            windows::separable_conv2d(graph, layer, spec);
            activations::add(graph, spec.activation, rank);
        }
        LayerSpec::MaxPooling2d(spec) => windows::max_pooling2d(graph, layer, spec),
        LayerSpec::AveragePooling2d(spec) => windows::average_pooling2d(graph, layer, spec),
        LayerSpec::GlobalMaxPooling2d(spec) => {
            windows::global_pooling2d(graph, "GlobalMaxPool", spec.data_format, spec.keepdims);
        }
        LayerSpec::GlobalAveragePooling2d(spec) => {
            windows::global_pooling2d(graph, "GlobalAveragePool", spec.data_format, spec.keepdims);
        }
        LayerSpec::ZeroPadding2d(spec) => windows::zero_padding2d(graph, spec),
        LayerSpec::Flatten(spec) => windows::flatten(graph, spec.data_format, input_rank),
        LayerSpec::Reshape(_) => {
            graph.keep();
            // 0 is the batch, whatever its length.
            let extents = layer.output.0.iter().map(|extent| *extent as i64);
            let shape = graph.ints("shape", &std::iter::once(0).chain(extents).collect::<Vec<_>>());
            graph.then("Reshape", &[&shape], vec![]);
        }
        LayerSpec::Activation(spec) => activations::add(graph, spec.activation, rank),
        LayerSpec::Softmax(spec) => activations::softmax_over(graph, &sample_axes(&spec.axis.0, rank)),
        LayerSpec::Relu(spec) => activations::relu(graph, spec),
        LayerSpec::LeakyRelu(spec) => {
            graph.then("LeakyRelu", &[], vec![float("alpha", spec.negative_slope)]);
        }
        LayerSpec::Elu(spec) => graph.then("Elu", &[], vec![float("alpha", spec.alpha)]),
        LayerSpec::Prelu(_) => prelu(graph, layer),
        LayerSpec::BatchNormalization(spec) => normalization::batch_normalization(graph, layer, spec),
        LayerSpec::LayerNormalization(spec) => normalization::layer_normalization(graph, layer, spec),
        // In inference these pass their input on.
        LayerSpec::ActivityRegularization(_)
        | LayerSpec::Dropout(_)
        | LayerSpec::SpatialDropout2d(_)
        | LayerSpec::GaussianNoise(_)
        | LayerSpec::RandomTranslation(_)
        | LayerSpec::RandomRotation(_)
        | LayerSpec::RandomZoom(_)
        | LayerSpec::RandomFlip(_) => {}
    }
}

/// One matrix product over the last axis. `Gemm` takes samples of one axis only.
fn dense(graph: &mut Graph, layer: &PlacedLayer, spec: &DenseSpec) {
    graph.keep();
    let Some(kernel) = layer.weight("kernel") else { return };
    let kernel = graph.floats("kernel", &kernel.extents, kernel.values);
    let bias = layer.weight("bias").map(|bias| graph.floats("bias", &bias.extents, bias.values));
    if layer.input.rank() == 1 {
        let inputs: Vec<&str> = std::iter::once(&*kernel).chain(bias.as_deref()).collect();
        graph.then("Gemm", &inputs, vec![]);
    } else {
        graph.then("MatMul", &[&kernel], vec![]);
        if let Some(bias) = bias {
            graph.then("Add", &[&bias], vec![]);
        }
    }
    activations::add(graph, spec.activation, layer.output.rank());
}

/// Alpha lies as the values do.
fn prelu(graph: &mut Graph, layer: &PlacedLayer) {
    let Some(alpha) = layer.weight("alpha") else { return };
    let slope = match graph.layout {
        Layout::Kept => graph.floats("alpha", &alpha.extents, alpha.values),
        Layout::ChannelsFirst => {
            let order = [2, 0, 1];
            let values = permuted(&alpha.extents, &order, alpha.values);
            graph.floats("alpha", &order.map(|axis| alpha.extents[axis]), &values)
        }
    };
    graph.then("PRelu", &[&slope], vec![]);
}
