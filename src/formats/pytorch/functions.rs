//! Layers that are functions of single values or of rows.

use super::classes::Class;
use super::network::{Network, Order, count, named, number, plain, tuple};
use crate::engine::layers::{Activation, ReluSpec};
use crate::formats::keras_code::python::Python;
use crate::formats::placed_layer::{PlacedLayer, permuted};
use crate::tensor::product;

/// Applies `activation` to samples of so many axes.
pub fn activation(network: &mut Network, activation: Activation, rank: usize) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => network.nn("ReLU", vec![]),
        Activation::Sigmoid => network.nn("Sigmoid", vec![]),
        Activation::Tanh => network.nn("Tanh", vec![]),
        Activation::Softmax => over_last_axis(network, "Softmax", rank),
        Activation::LogSoftmax => over_last_axis(network, "LogSoftmax", rank),
        Activation::LeakyRelu => network.nn("LeakyReLU", vec![plain(number(0.2))]),
        Activation::Relu6 => network.nn("ReLU6", vec![]),
        Activation::Elu => network.nn("ELU", vec![]),
        Activation::Celu => network.nn("CELU", vec![]),
        Activation::Selu => network.nn("SELU", vec![]),
        Activation::Gelu => network.nn("GELU", vec![]),
        Activation::Silu => network.nn("SiLU", vec![]),
        Activation::HardSilu => network.nn("Hardswish", vec![]),
        Activation::Softplus => network.nn("Softplus", vec![]),
        Activation::Softsign => network.nn("Softsign", vec![]),
        Activation::HardSigmoid => network.nn("Hardsigmoid", vec![]),
        Activation::SparseSigmoid => network.own(Class::SparseSigmoid, vec![]),
        Activation::LogSigmoid => network.nn("LogSigmoid", vec![]),
        Activation::HardTanh => network.nn("Hardtanh", vec![]),
        Activation::TanhShrink => network.nn("Tanhshrink", vec![]),
        Activation::SoftShrink => network.nn("Softshrink", vec![]),
        Activation::HardShrink => network.nn("Hardshrink", vec![]),
        Activation::Squareplus => network.own(Class::Squareplus, vec![]),
        Activation::SparsePlus => network.own(Class::SparsePlus, vec![]),
        Activation::Exponential => network.own(Class::Exponential, vec![]),
        Activation::Mish => network.nn("Mish", vec![]),
    }
}

/// Over Keras's last axis, wherever it lies. A vector's order does not matter to it.
fn over_last_axis(network: &mut Network, class_name: &str, rank: usize) {
    let axis = network.axis(rank.saturating_sub(1));
    network.nn(class_name, vec![named("dim", count(axis))]);
}

/// Keras's layer `Softmax`.
pub fn softmax(network: &mut Network, sample_axes: &[usize]) {
    let axes: Vec<usize> = sample_axes.iter().map(|axis| network.axis(*axis)).collect();
    match axes[..] {
        [axis] => network.nn("Softmax", vec![named("dim", count(axis))]),
        _ => network.own(Class::Softmax, axes.iter().map(|axis| plain(count(*axis))).collect()),
    }
}

/// Keras's layer `ReLU`.
pub fn relu(network: &mut Network, spec: &ReluSpec) {
    let ReluSpec { max_value, negative_slope, threshold } = *spec;
    match (max_value, negative_slope, threshold) {
        (None, 0.0, 0.0) => network.nn("ReLU", vec![]),
        (None, slope, 0.0) => network.nn("LeakyReLU", vec![plain(number(slope))]),
        (Some(6.0), 0.0, 0.0) => network.nn("ReLU6", vec![]),
        _ => {
            let mut arguments: Vec<_> =
                max_value.map(|max| named("max_value", number(max))).into_iter().collect();
            let others = [("negative_slope", negative_slope), ("threshold", threshold)];
            let given = others.into_iter().filter(|(_, value)| *value != 0.0);
            arguments.extend(given.map(|(name, value)| named(name, number(value))));
            network.own(Class::Relu, arguments);
        }
    }
}

/// Alpha lies as the values do; torch's own module has one of them or one per channel.
pub fn prelu(network: &mut Network, layer: &PlacedLayer) {
    let Some(alpha) = layer.weight("alpha") else { return };
    let (mut extents, mut values) = (alpha.extents.clone(), alpha.values.to_vec());
    match network.order {
        Order::ChannelsFirst => {
            values = permuted(&extents, &[2, 0, 1], &values);
            extents.rotate_right(1);
        }
        Order::Flat { channels, cells } if values.len() > 1 => {
            values = permuted(&[cells, channels], &[1, 0], &values);
        }
        Order::Kept | Order::Flat { .. } => {}
    }
    let len = product(&extents);
    if extents.first() == Some(&len) {
        network.nn("PReLU", if len == 1 { vec![] } else { vec![plain(count(len))] });
        network.tensor("weight", vec![len], values);
    } else {
        network.own(Class::Prelu, extents.iter().map(|extent| plain(count(*extent))).collect());
        network.tensor("weight", extents, values);
    }
}

/// Keras's layer `Dropout`, whose mask may be smaller than its input.
pub fn dropout(network: &mut Network, rate: f32, noise_shape: Option<&[Option<usize>]>) {
    let Some(shape) = noise_shape else { return network.nn("Dropout", vec![plain(number(rate))]) };
    let mut shape = shape.to_vec();
    if network.order == Order::ChannelsFirst && shape.len() > 1 {
        shape[1..].rotate_right(1);
    }
    let extents = shape.iter().map(|extent| extent.map_or_else(|| Python::word("None"), count)).collect();
    network.own(Class::Dropout, vec![plain(number(rate)), plain(Python::Tuple(extents))]);
}

/// Keras's layer `Reshape`.
pub fn reshape(network: &mut Network, layer: &PlacedLayer) {
    network.keep();
    match layer.input.rank() {
        // Only the batch: its axis is cut into itself and the rest.
        0 => return network.nn("Unflatten", vec![plain(count(0)), plain(unflattened(&layer.output.0))]),
        1 => {}
        _ => network.nn("Flatten", vec![]),
    }
    if layer.output.rank() > 1 {
        network.nn("Unflatten", vec![plain(count(1)), plain(tuple(&layer.output.0))]);
    }
}

/// The batch, whatever its length, and these.
fn unflattened(extents: &[usize]) -> Python {
    Python::Tuple(std::iter::once(Python::word("-1")).chain(extents.iter().map(|e| count(*e))).collect())
}
