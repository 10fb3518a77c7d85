//! Convolution, pooling and padding: windows over images.
//!
//! Keras's `same` puts the odd cell at the bottom and on the right, which torch's `padding` cannot say; then a
//! padding of its own stands in front.

use super::classes::Class;
use super::network::{Argument, Network, Order, count, flag, named, number, pair, plain, tuple};
use crate::engine::layers::{
    AveragePooling2dSpec, Conv2dSpec, DataFormat, DepthwiseConv2dSpec, MaxPooling2dSpec, Padding,
    SeparableConv2dSpec, ZeroPadding2dSpec,
};
use crate::formats::keras_code::python::Python;
use crate::formats::placed_layer::{PlacedLayer, Weight, borders, image, permuted};
use crate::tensor::product;

/// What moves over an image.
#[derive(Clone, Copy)]
struct Window {
    format: DataFormat,
    padding: Padding,
    size: [usize; 2],
    strides: [usize; 2],
    dilation: [usize; 2],
}

impl Window {
    fn borders(&self, layer: &PlacedLayer) -> [[usize; 2]; 2] {
        borders(self.padding, image(self.format, &layer.input), self.size, self.strides, self.dilation)
    }
}

/// The argument of a border that is the same on both sides: none if there is none.
fn even([rows, columns]: [[usize; 2]; 2]) -> Option<Vec<Argument>> {
    let is_even = rows[0] == rows[1] && columns[0] == columns[1];
    let border = [rows[0], columns[0]];
    let argument = || (border != [0, 0]).then(|| named("padding", pair(border))).into_iter().collect();
    is_even.then(argument)
}

/// `(left, right, top, bottom)`, as `F.pad` takes them.
fn around([rows, columns]: [[usize; 2]; 2]) -> Python {
    tuple(&[columns[0], columns[1], rows[0], rows[1]])
}

fn convolve(
    network: &mut Network,
    window: &Window,
    borders: [[usize; 2]; 2],
    [inputs, outputs, groups]: [usize; 3],
    kernel: Vec<f32>,
    bias: Option<&Weight>,
) {
    network.channels_first(window.format);
    let padding = even(borders).unwrap_or_else(|| {
        network.nn("ZeroPad2d", vec![plain(around(borders))]);
        Vec::new()
    });
    let mut arguments = vec![plain(count(inputs)), plain(count(outputs)), plain(pair(window.size))];
    for (name, values) in [("stride", window.strides), ("dilation", window.dilation)] {
        arguments.extend((values != [1, 1]).then(|| named(name, pair(values))));
    }
    arguments.extend(padding);
    arguments.extend((groups != 1).then(|| named("groups", count(groups))));
    arguments.extend(bias.is_none().then(|| named("bias", flag(false))));
    network.nn("Conv2d", arguments);
    let [kh, kw] = window.size;
    network.tensor("weight", vec![outputs, inputs / groups.max(1), kh, kw], kernel);
    if let Some(bias) = bias {
        network.tensor("bias", bias.extents.clone(), bias.values.to_vec());
    }
}

/// `[kh, kw, in, out]` → `[out, in, kh, kw]`
fn kernel(weight: &Weight) -> Vec<f32> {
    permuted(&weight.extents, &[3, 2, 0, 1], weight.values)
}

/// `[kh, kw, c, m]` → `[c·m, 1, kh, kw]`: as many groups as channels.
fn depthwise_kernel(weight: &Weight) -> Vec<f32> {
    permuted(&weight.extents, &[2, 3, 0, 1], weight.values)
}

pub fn conv2d(network: &mut Network, layer: &PlacedLayer, spec: &Conv2dSpec) {
    let window = Window {
        format: spec.data_format,
        padding: spec.padding,
        size: spec.kernel_size,
        strides: spec.strides,
        dilation: spec.dilation_rate,
    };
    let Some(weight) = layer.weight("kernel") else { return };
    let channels = [weight.extents[2] * spec.groups, spec.filters, spec.groups];
    convolve(network, &window, window.borders(layer), channels, kernel(weight), layer.weight("bias"));
}

pub fn depthwise_conv2d(network: &mut Network, layer: &PlacedLayer, spec: &DepthwiseConv2dSpec) {
    let window = Window {
        format: spec.data_format,
        padding: spec.padding,
        size: spec.kernel_size,
        strides: spec.strides,
        dilation: spec.dilation_rate,
    };
    let Some(weight) = layer.weight("kernel") else { return };
    let channels = weight.extents[2];
    let all = [channels, channels * spec.depth_multiplier, channels];
    convolve(network, &window, window.borders(layer), all, depthwise_kernel(weight), layer.weight("bias"));
}

pub fn separable_conv2d(network: &mut Network, layer: &PlacedLayer, spec: &SeparableConv2dSpec) {
    let window = Window {
        format: spec.data_format,
        padding: spec.padding,
        size: spec.kernel_size,
        strides: spec.strides,
        dilation: spec.dilation_rate,
    };
    let weights = (layer.weight("depthwise_kernel"), layer.weight("pointwise_kernel"));
    let (Some(depthwise), Some(pointwise)) = weights else { return };
    let channels = depthwise.extents[2];
    let between = channels * spec.depth_multiplier;
    let each = [channels, between, channels];
    convolve(network, &window, window.borders(layer), each, depthwise_kernel(depthwise), None);
    let cell = Window { size: [1, 1], strides: [1, 1], dilation: [1, 1], ..window };
    let mix = [between, spec.filters, 1];
    convolve(network, &cell, [[0, 0]; 2], mix, kernel(pointwise), layer.weight("bias"));
}

/// Size and, where it is another, stride.
fn pool_arguments(window: &Window) -> Vec<Argument> {
    let stride = (window.strides != window.size).then(|| named("stride", pair(window.strides)));
    std::iter::once(plain(pair(window.size))).chain(stride).collect()
}

pub fn max_pooling2d(network: &mut Network, layer: &PlacedLayer, spec: &MaxPooling2dSpec) {
    let (size, dilation) = (spec.pool_size, [1, 1]);
    let strides = spec.strides.unwrap_or(size);
    let window = Window { format: spec.data_format, padding: spec.padding, size, strides, dilation };
    network.channels_first(window.format);
    let borders = window.borders(layer);
    let mut arguments = pool_arguments(&window);
    match even(borders) {
        Some(padding) => arguments.extend(padding),
        // No cell of the border may be the largest.
        None => network.nn("ConstantPad2d", vec![plain(around(borders)), plain(Python::word("-torch.inf"))]),
    }
    network.nn("MaxPool2d", arguments);
}

pub fn average_pooling2d(network: &mut Network, layer: &PlacedLayer, spec: &AveragePooling2dSpec) {
    let (size, dilation) = (spec.pool_size, [1, 1]);
    let strides = spec.strides.unwrap_or(size);
    let window = Window { format: spec.data_format, padding: spec.padding, size, strides, dilation };
    network.channels_first(window.format);
    let borders = window.borders(layer);
    if let Some(padding) = even(borders) {
        let mut arguments = pool_arguments(&window);
        let is_padded = !padding.is_empty();
        arguments.extend(padding);
        arguments.extend(is_padded.then(|| named("count_include_pad", flag(false))));
        network.nn("AvgPool2d", arguments);
    } else {
        let arguments = [pair(size), pair(strides), around(borders)];
        network.own(Class::AveragePooling, arguments.map(plain).to_vec());
    }
}

/// `AdaptiveAvgPool2d` or `AdaptiveMaxPool2d`.
pub fn global_pooling2d(network: &mut Network, class_name: &str, format: DataFormat, keepdims: bool) {
    network.channels_first(format);
    network.nn(class_name, vec![plain(count(1))]);
    if !keepdims {
        network.nn("Flatten", vec![]);
        network.order = Order::Kept;
    }
}

pub fn zero_padding2d(network: &mut Network, spec: &ZeroPadding2dSpec) {
    network.channels_first(spec.data_format);
    network.nn("ZeroPad2d", vec![plain(around(spec.padding))]);
}

pub fn spatial_dropout2d(network: &mut Network, rate: f32, format: DataFormat) {
    network.channels_first(format);
    network.nn("Dropout2d", vec![plain(number(rate))]);
}

/// All axes become one as they lie; what follows has to know how.
pub fn flatten(network: &mut Network, format: DataFormat, layer: &PlacedLayer) {
    let extents = &layer.input.0;
    if extents.is_empty() {
        return network.nn("Unflatten", vec![plain(count(0)), plain(Python::word("(-1, 1)"))]);
    }
    if extents.len() == 1 {
        return;
    }
    if format == DataFormat::ChannelsFirst {
        network.keep();
    }
    let is_by_channel = format == DataFormat::ChannelsFirst || network.order == Order::ChannelsFirst;
    network.nn("Flatten", vec![]);
    let channels = image(format, &layer.input)[2];
    let channels = if extents.len() == 3 { channels } else { extents[0] };
    let cells = product(extents) / channels.max(1);
    network.order = if is_by_channel && channels > 1 && cells > 1 {
        Order::Flat { channels, cells }
    } else {
        Order::Kept
    };
}
