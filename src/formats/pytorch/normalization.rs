//! Normalization along any axis.

use super::classes::Class;
use super::network::{Network, Order, count, flag, named, number, plain, tuple};
use crate::engine::layers::{BatchNormalizationSpec, DataFormat, LayerNormalizationSpec};
use crate::formats::keras_code::python::Python;
use crate::formats::placed_layer::{PlacedLayer, permuted, sample_axes, sample_axis};
use crate::tensor::product;

/// A weight along the features of a vector, in the order that the vector has here.
fn along(network: &Network, values: &[f32]) -> Vec<f32> {
    match network.order {
        Order::Flat { channels, cells } => permuted(&[cells, channels], &[1, 0], values),
        Order::Kept | Order::ChannelsFirst => values.to_vec(),
    }
}

/// A missing gamma is 1, a missing beta 0: torch has both or none.
pub fn batch_normalization(network: &mut Network, layer: &PlacedLayer, spec: &BatchNormalizationSpec) {
    let rank = layer.input.rank();
    let sample_axis = sample_axis(spec.axis, rank);
    let len = layer.input.0[sample_axis];
    // The last axis of an image holds its channels.
    if rank == 3 && sample_axis == 2 {
        network.channels_first(DataFormat::ChannelsLast);
    }
    let axis = network.axis(sample_axis);
    let eps = named("eps", number(spec.epsilon));
    // Torch's momentum is the part that a batch adds, Keras's the part that it leaves.
    let momentum = named("momentum", Python::word(format!("1 - {}", number(spec.momentum).flat())));
    let mut arguments = vec![plain(count(len)), eps, momentum];
    match (axis, rank) {
        (1, 1 | 2) => network.nn("BatchNorm1d", arguments),
        (1, 3) => network.nn("BatchNorm2d", arguments),
        _ => {
            arguments.insert(1, named("axis", count(axis)));
            network.own(Class::BatchNormalization, arguments);
        }
    }
    let names = [
        ("weight", "gamma", 1.0),
        ("bias", "beta", 0.0),
        ("running_mean", "moving_mean", 0.0),
        ("running_var", "moving_variance", 1.0),
    ];
    for (name, of_keras, missing) in names {
        let values =
            layer.weight(of_keras).map_or_else(|| vec![missing; len], |weight| weight.values.to_vec());
        let values = along(network, &values);
        network.tensor(name, vec![len], values);
    }
}

/// Torch's own module normalizes the last axes.
pub fn layer_normalization(network: &mut Network, layer: &PlacedLayer, spec: &LayerNormalizationSpec) {
    if network.order == Order::ChannelsFirst {
        network.keep();
    }
    let rank = layer.input.rank();
    let axes = sample_axes(&spec.axis.0, rank);
    let are_last = axes.iter().rev().enumerate().all(|(idx, axis)| axis + idx + 1 == rank);
    let (gamma, beta) = (layer.weight("gamma"), layer.weight("beta"));
    let eps = named("eps", number(spec.epsilon));
    let (extents, has_weights) = if are_last && !spec.rms_scaling {
        let extents = layer.input.0[axes[0]..].to_vec();
        let has_weights = gamma.is_some() || beta.is_some();
        let mut arguments = vec![plain(tuple(&extents)), eps];
        arguments.extend((!has_weights).then(|| named("elementwise_affine", flag(false))));
        network.nn("LayerNorm", arguments);
        (extents, has_weights)
    } else {
        let mut extents = vec![1; rank];
        for axis in &axes {
            extents[*axis] = layer.input.0[*axis];
        }
        let axes: Vec<usize> = axes.iter().map(|axis| network.axis(*axis)).collect();
        let mut arguments = vec![plain(tuple(&extents)), named("axes", tuple(&axes)), eps];
        arguments.extend(spec.rms_scaling.then(|| named("rms", flag(true))));
        network.own(Class::LayerNormalization, arguments);
        (extents, true)
    };
    if !has_weights {
        return;
    }
    for (name, weight, missing) in [("weight", gamma, 1.0), ("bias", beta, 0.0)] {
        let values =
            weight.map_or_else(|| vec![missing; product(&extents)], |weight| along(network, weight.values));
        network.tensor(name, extents.clone(), values);
    }
}
