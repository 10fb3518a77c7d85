//! Normalization along any axis.

use super::graph::{Graph, Layout, float, int, ints};
use crate::engine::layers::{BatchNormalizationSpec, DataFormat, LayerNormalizationSpec};
use crate::formats::placed_layer::{PlacedLayer, sample_axes, sample_axis};
use crate::tensor::product;

/// The operator normalizes axis 1; along others it is subtracted, multiplied and added.
pub fn batch_normalization(graph: &mut Graph, layer: &PlacedLayer, spec: &BatchNormalizationSpec) {
    let rank = layer.input.rank();
    let axis = sample_axis(spec.axis, rank);
    let len = layer.input.0[axis];
    let values = |name: &str, missing: f32| {
        layer.weight(name).map_or_else(|| vec![missing; len], |weight| weight.values.to_vec())
    };
    let (gamma, beta) = (values("gamma", 1.0), values("beta", 0.0));
    let (mean, variance) = (values("moving_mean", 0.0), values("moving_variance", 1.0));
    // The last axis of an image holds its channels.
    if graph.layout == Layout::Kept && rank == 3 && axis == 2 {
        graph.channels_first(DataFormat::ChannelsLast);
    }
    if graph.axis(axis) == 1 {
        let names =
            [("gamma", &gamma), ("beta", &beta), ("moving_mean", &mean), ("moving_variance", &variance)]
                .map(|(name, values)| graph.floats(name, &[len], values));
        let names = names.each_ref().map(String::as_str);
        return graph.then("BatchNormalization", &names, vec![float("epsilon", spec.epsilon)]);
    }
    graph.keep();
    let mut extents = vec![1; rank];
    extents[axis] = len;
    let scale = |(gamma, variance): (&f32, &f32)| {
        (f64::from(*gamma) / (f64::from(*variance) + f64::from(spec.epsilon)).sqrt()) as f32
    };
    let factors: Vec<f32> = gamma.iter().zip(&variance).map(scale).collect();
    for (op_type, name, values) in
        [("Sub", "moving_mean", &mean), ("Mul", "factor", &factors), ("Add", "beta", &beta)]
    {
        let name = graph.floats(name, &extents, values);
        graph.then(op_type, &[&name], vec![]);
    }
}

/// The operator normalizes the last axes; over others it is said with means.
pub fn layer_normalization(graph: &mut Graph, layer: &PlacedLayer, spec: &LayerNormalizationSpec) {
    graph.keep();
    let rank = layer.input.rank();
    let axes = sample_axes(&spec.axis.0, rank);
    // Keras keeps the axes' own order among the weights, whatever order they are named in.
    let mut extents = vec![1; rank];
    for axis in &axes {
        extents[*axis] = layer.input.0[*axis];
    }
    let are_last = axes.iter().rev().enumerate().all(|(idx, axis)| axis + idx + 1 == rank);
    if are_last && !spec.rms_scaling {
        return with_operator(graph, layer, spec, &extents[axes[0]..], axes[0]);
    }
    let axes: Vec<i64> = axes.iter().map(|axis| graph.axis(*axis)).collect();
    let mean = |graph: &mut Graph, of: &str| {
        graph.op("ReduceMean", &[of], vec![ints("axes", &axes), int("keepdims", 1)])
    };
    let x = graph.value.clone();
    let average = mean(graph, &x);
    let centered = graph.op("Sub", &[&x, &average], vec![]);
    let squares = graph.op("Mul", &[&centered, &centered], vec![]);
    let variance = mean(graph, &squares);
    let epsilon = graph.number(spec.epsilon);
    let sum = graph.op("Add", &[&variance, &epsilon], vec![]);
    let deviation = graph.op("Sqrt", &[&sum], vec![]);
    graph.value = if spec.rms_scaling { x } else { centered };
    graph.then("Div", &[&deviation], vec![]);
    for (op_type, name) in [("Mul", "gamma"), ("Add", "beta")] {
        if let Some(weight) = layer.weight(name) {
            let name = graph.floats(name, &extents, weight.values);
            graph.then(op_type, &[&name], vec![]);
        }
    }
}

fn with_operator(
    graph: &mut Graph,
    layer: &PlacedLayer,
    spec: &LayerNormalizationSpec,
    extents: &[usize],
    first: usize,
) {
    let ones = vec![1.0; product(extents)];
    let gamma = layer.weight("gamma").map_or(&ones[..], |weight| weight.values);
    let gamma = graph.floats("gamma", extents, gamma);
    let beta = layer.weight("beta").map(|weight| graph.floats("beta", extents, weight.values));
    let inputs: Vec<&str> = std::iter::once(&*gamma).chain(beta.as_deref()).collect();
    let attributes = vec![int("axis", graph.axis(first)), float("epsilon", spec.epsilon)];
    graph.then("LayerNormalization", &inputs, attributes);
}
