//! Activation functions as ONNX's operators, or as several where opset 17 has none.

use super::graph::{Graph, float, int, ints};
use crate::engine::layers::{Activation, ReluSpec};

/// Applies `activation` to samples of so many axes.
pub fn add(graph: &mut Graph, activation: Activation, rank: usize) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => graph.then("Relu", &[], vec![]),
        Activation::Sigmoid => graph.then("Sigmoid", &[], vec![]),
        Activation::Tanh => graph.then("Tanh", &[], vec![]),
        Activation::Softmax => softmax(graph, "Softmax", rank),
        Activation::LogSoftmax => softmax(graph, "LogSoftmax", rank),
        Activation::LeakyRelu => graph.then("LeakyRelu", &[], vec![float("alpha", 0.2)]),
        Activation::Relu6 => clip(graph, 0.0, 6.0),
        // Of the same values; they differ in the slope at 0.
        Activation::Elu | Activation::Celu => graph.then("Elu", &[], vec![float("alpha", 1.0)]),
        Activation::Selu => graph.then("Selu", &[], vec![]),
        Activation::Gelu => gelu(graph),
        Activation::Silu => times_its(graph, "Sigmoid"),
        Activation::HardSilu => graph.then("HardSwish", &[], vec![]),
        Activation::Softplus => graph.then("Softplus", &[], vec![]),
        Activation::Softsign => graph.then("Softsign", &[], vec![]),
        Activation::HardSigmoid => hard_sigmoid(graph, 1.0 / 6.0),
        Activation::SparseSigmoid => hard_sigmoid(graph, 0.5),
        Activation::LogSigmoid => {
            graph.then("Neg", &[], vec![]);
            graph.then("Softplus", &[], vec![]);
            graph.then("Neg", &[], vec![]);
        }
        Activation::HardTanh => clip(graph, -1.0, 1.0),
        Activation::TanhShrink => {
            let x = graph.value.clone();
            let tanh = graph.op("Tanh", &[&x], vec![]);
            graph.then("Sub", &[&tanh], vec![]);
        }
        Activation::SoftShrink => shrink(graph, 0.5),
        Activation::HardShrink => shrink(graph, 0.0),
        Activation::Squareplus => squareplus(graph),
        Activation::SparsePlus => sparse_plus(graph),
        Activation::Exponential => graph.then("Exp", &[], vec![]),
        Activation::Mish => {
            let x = graph.value.clone();
            graph.then("Softplus", &[], vec![]);
            graph.then("Tanh", &[], vec![]);
            graph.then("Mul", &[&x], vec![]);
        }
    }
}

/// Over Keras's last axis, wherever it lies.
fn softmax(graph: &mut Graph, op_type: &str, rank: usize) {
    let axis = graph.axis(rank.saturating_sub(1));
    graph.then(op_type, &[], vec![int("axis", axis)]);
}

/// Softmax over several axes, which no operator has: shifted by the largest value as Keras does.
pub fn softmax_over(graph: &mut Graph, sample_axes: &[usize]) {
    let axes: Vec<i64> = sample_axes.iter().map(|axis| graph.axis(*axis)).collect();
    if let [axis] = axes[..] {
        return graph.then("Softmax", &[], vec![int("axis", axis)]);
    }
    let x = graph.value.clone();
    let largest = graph.op("ReduceMax", &[&x], vec![ints("axes", &axes), int("keepdims", 1)]);
    graph.then("Sub", &[&largest], vec![]);
    graph.then("Exp", &[], vec![]);
    let (powers, axes) = (graph.value.clone(), graph.ints("axes", &axes));
    let sum = graph.op("ReduceSum", &[&powers, &axes], vec![int("keepdims", 1)]);
    graph.then("Div", &[&sum], vec![]);
}

/// Keras's layer `ReLU`.
pub fn relu(graph: &mut Graph, spec: &ReluSpec) {
    let ReluSpec { max_value, negative_slope, threshold } = *spec;
    if threshold == 0.0 {
        match (max_value, negative_slope) {
            (None, 0.0) => graph.then("Relu", &[], vec![]),
            (None, slope) => graph.then("LeakyRelu", &[], vec![float("alpha", slope)]),
            (Some(max), 0.0) => clip(graph, 0.0, max),
            (Some(max), slope) => {
                graph.then("LeakyRelu", &[], vec![float("alpha", slope)]);
                let max = graph.number(max);
                graph.then("Min", &[&max], vec![]);
            }
        }
        return;
    }
    let x = graph.value.clone();
    let limit = graph.number(threshold);
    let is_above = graph.op("Greater", &[&x, &limit], vec![]);
    let above = match max_value {
        Some(max) => {
            let max = graph.number(max);
            graph.op("Min", &[&x, &max], vec![])
        }
        None => x.clone(),
    };
    let distance = graph.op("Sub", &[&x, &limit], vec![]);
    let slope = graph.number(negative_slope);
    let below = graph.op("Mul", &[&distance, &slope], vec![]);
    graph.value = graph.op("Where", &[&is_above, &above, &below], vec![]);
}

fn clip(graph: &mut Graph, low: f32, high: f32) {
    let (low, high) = (graph.number(low), graph.number(high));
    graph.then("Clip", &[&low, &high], vec![]);
}

/// `min(max(slope·x + 1/2, 0), 1)`
fn hard_sigmoid(graph: &mut Graph, slope: f32) {
    graph.then("HardSigmoid", &[], vec![float("alpha", slope), float("beta", 0.5)]);
}

/// 0 near 0; elsewhere moved towards it by `bias`.
fn shrink(graph: &mut Graph, bias: f32) {
    graph.then("Shrink", &[], vec![float("lambd", 0.5), float("bias", bias)]);
}

/// `x·f(x)`
fn times_its(graph: &mut Graph, op_type: &str) {
    let x = graph.value.clone();
    graph.then(op_type, &[], vec![]);
    graph.then("Mul", &[&x], vec![]);
}

/// `x·(1 + erf(x/√2))/2`; the operator came with opset 20.
fn gelu(graph: &mut Graph) {
    let x = graph.value.clone();
    let factor = graph.number(std::f32::consts::FRAC_1_SQRT_2);
    let (one, half) = (graph.number(1.0), graph.number(0.5));
    graph.then("Mul", &[&factor], vec![]);
    graph.then("Erf", &[], vec![]);
    graph.then("Add", &[&one], vec![]);
    graph.then("Mul", &[&x], vec![]);
    graph.then("Mul", &[&half], vec![]);
}

/// `(x + √(x² + 4))/2`
fn squareplus(graph: &mut Graph) {
    let x = graph.value.clone();
    let (four, half) = (graph.number(4.0), graph.number(0.5));
    graph.then("Mul", &[&x], vec![]);
    graph.then("Add", &[&four], vec![]);
    graph.then("Sqrt", &[], vec![]);
    graph.then("Add", &[&x], vec![]);
    graph.then("Mul", &[&half], vec![]);
}

/// `(clip(x, -1, 1) + 1)²/4 + relu(x - 1)`: the three pieces without a choice among them.
fn sparse_plus(graph: &mut Graph) {
    let x = graph.value.clone();
    let (one, quarter) = (graph.number(1.0), graph.number(0.25));
    let beyond = graph.op("Sub", &[&x, &one], vec![]);
    let beyond = graph.op("Relu", &[&beyond], vec![]);
    clip(graph, -1.0, 1.0);
    graph.then("Add", &[&one], vec![]);
    let root = graph.value.clone();
    graph.then("Mul", &[&root], vec![]);
    graph.then("Mul", &[&quarter], vec![]);
    graph.then("Add", &[&beyond], vec![]);
}
