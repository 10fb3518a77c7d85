//! Convolution, pooling and padding: windows over images, which ONNX has channels first.

use super::graph::{Graph, counts, int, ints};
use crate::engine::layers::{
    AveragePooling2dSpec, Conv2dSpec, DataFormat, DepthwiseConv2dSpec, MaxPooling2dSpec, Padding,
    SeparableConv2dSpec, ZeroPadding2dSpec,
};
use crate::formats::placed_layer::{PlacedLayer, Weight, borders, image, permuted};
use crate::tensor::Shape;

/// What moves over an image.
struct Window {
    format: DataFormat,
    padding: Padding,
    size: [usize; 2],
    strides: [usize; 2],
    dilation: [usize; 2],
}

impl Window {
    /// `auto_pad` could say `same`, but says nothing to who reads the file.
    fn attributes(&self, input: &Shape) -> Vec<super::proto::AttributeProto> {
        let Self { format, padding, size, strides, dilation } = *self;
        let [[top, bottom], [left, right]] = borders(padding, image(format, input), size, strides, dilation);
        vec![
            counts("kernel_shape", &size),
            counts("strides", &strides),
            counts("pads", &[top, left, bottom, right]),
        ]
    }
}

fn convolve(graph: &mut Graph, layer: &PlacedLayer, window: &Window, kernel: &str, groups: usize) {
    graph.channels_first(window.format);
    let mut attributes = window.attributes(&layer.input);
    attributes.extend([counts("dilations", &window.dilation), int("group", groups as i64)]);
    let bias = layer.weight("bias").map(|bias| graph.floats("bias", &bias.extents, bias.values));
    let inputs: Vec<&str> = std::iter::once(kernel).chain(bias.as_deref()).collect();
    graph.then("Conv", &inputs, attributes);
}

/// `[kh, kw, in, out]` → `[out, in, kh, kw]`.
fn kernel(graph: &mut Graph, weight: &Weight) -> String {
    let (order, extents) = ([3, 2, 0, 1], &weight.extents);
    let values = permuted(extents, &order, weight.values);
    graph.floats(weight.name, &order.map(|axis| extents[axis]), &values)
}

/// `[kh, kw, c, m]` → `[c·m, 1, kh, kw]`: as many groups as channels.
fn depthwise_kernel(graph: &mut Graph, weight: &Weight) -> String {
    let extents = &weight.extents;
    let values = permuted(extents, &[2, 3, 0, 1], weight.values);
    graph.floats(weight.name, &[extents[2] * extents[3], 1, extents[0], extents[1]], &values)
}

pub fn conv2d(graph: &mut Graph, layer: &PlacedLayer, spec: &Conv2dSpec) {
    let window = Window {
        format: spec.data_format,
        padding: spec.padding,
        size: spec.kernel_size,
        strides: spec.strides,
        dilation: spec.dilation_rate,
    };
    let Some(weight) = layer.weight("kernel") else { return };
    let kernel = kernel(graph, weight);
    convolve(graph, layer, &window, &kernel, spec.groups);
}

pub fn depthwise_conv2d(graph: &mut Graph, layer: &PlacedLayer, spec: &DepthwiseConv2dSpec) {
    let window = Window {
        format: spec.data_format,
        padding: spec.padding,
        size: spec.kernel_size,
        strides: spec.strides,
        dilation: spec.dilation_rate,
    };
    let Some(weight) = layer.weight("kernel") else { return };
    let kernel = depthwise_kernel(graph, weight);
    convolve(graph, layer, &window, &kernel, weight.extents[2]);
}

pub fn separable_conv2d(graph: &mut Graph, layer: &PlacedLayer, spec: &SeparableConv2dSpec) {
    let window = Window {
        format: spec.data_format,
        padding: spec.padding,
        size: spec.kernel_size,
        strides: spec.strides,
        dilation: spec.dilation_rate,
    };
    let weights = (layer.weight("depthwise_kernel"), layer.weight("pointwise_kernel"));
    let (Some(depthwise), Some(pointwise)) = weights else { return };
    let each = depthwise_kernel(graph, depthwise);
    graph.channels_first(window.format);
    let mut attributes = window.attributes(&layer.input);
    attributes.extend([counts("dilations", &window.dilation), int("group", depthwise.extents[2] as i64)]);
    graph.then("Conv", &[&each], attributes);
    let mix = kernel(graph, pointwise);
    let (strides, dilation) = ([1, 1], [1, 1]);
    let cell = Window { padding: Padding::Valid, size: [1, 1], strides, dilation, ..window };
    convolve(graph, layer, &cell, &mix, 1);
}

pub fn max_pooling2d(graph: &mut Graph, layer: &PlacedLayer, spec: &MaxPooling2dSpec) {
    let (size, dilation) = (spec.pool_size, [1, 1]);
    let strides = spec.strides.unwrap_or(size);
    let window = Window { format: spec.data_format, padding: spec.padding, size, strides, dilation };
    graph.channels_first(window.format);
    graph.then("MaxPool", &[], window.attributes(&layer.input));
}

pub fn average_pooling2d(graph: &mut Graph, layer: &PlacedLayer, spec: &AveragePooling2dSpec) {
    let (size, dilation) = (spec.pool_size, [1, 1]);
    let strides = spec.strides.unwrap_or(size);
    let window = Window { format: spec.data_format, padding: spec.padding, size, strides, dilation };
    graph.channels_first(window.format);
    let mut attributes = window.attributes(&layer.input);
    attributes.push(int("count_include_pad", 0));
    graph.then("AveragePool", &[], attributes);
}

/// `GlobalAveragePool` or `GlobalMaxPool`.
pub fn global_pooling2d(graph: &mut Graph, op_type: &str, format: DataFormat, keepdims: bool) {
    graph.channels_first(format);
    graph.then(op_type, &[], vec![]);
    if !keepdims {
        graph.then("Flatten", &[], vec![int("axis", 1)]);
        graph.layout = super::graph::Layout::Kept;
    }
}

pub fn zero_padding2d(graph: &mut Graph, spec: &ZeroPadding2dSpec) {
    graph.channels_first(spec.data_format);
    let [[top, bottom], [left, right]] = spec.padding.map(|pair| pair.map(|cells| cells as i64));
    let pads = graph.ints("pads", &[0, 0, top, left, 0, 0, bottom, right]);
    graph.then("Pad", &[&pads], vec![]);
}

/// All axes of a sample become one; `channels_first` means that the first axis of a sample, as Keras has it, goes last
/// before that, whatever layers stand in front.
pub fn flatten(graph: &mut Graph, format: DataFormat, rank: usize) {
    graph.keep();
    if format == DataFormat::ChannelsFirst && rank > 1 {
        let order: Vec<i64> = std::iter::once(0).chain(2..=rank as i64).chain([1]).collect();
        graph.then("Transpose", &[], vec![ints("perm", &order)]);
    }
    graph.then("Flatten", &[], vec![int("axis", 1)]);
}
