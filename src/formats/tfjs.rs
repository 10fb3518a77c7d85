//! TensorFlow.js's layers model: `model.json` says the layers as Keras 2 did, `group1-shard1of1.bin` holds
//! their weights in Keras's own layout.
//!
//! Source: the classes of tfjs-layers 4.22. What it lacks is refused by name; what acts in training alone and is
//! lacking is left out. An activation or layer that has another name or class there is written as that.

use serde_json::{Map, Value, json};

use super::placed_layer::{PlacedLayer, placed_layers, sample_axes, sample_axis};
use super::{FormatError, ModelFormat, NamedFile, SavedModel, Unsupported, Wrapping};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::layers::{Activation, LayerDef, LayerSpec, ReluSpec};
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::Shape;

const WEIGHTS: &str = "group1-shard1of1.bin";
/// The Keras that wrote such files last.
const KERAS_VERSION: &str = "2.15.0";
/// Axes of a tensor, at most, the batch among them.
const MAX_RANK: usize = 6;
/// By what part of itself a weight may change under its own constraint: divided by its norm of 1 it does.
const MOVED: f32 = 1e-6;
/// Of the activation function; the layer's own is another.
const LEAKY_SLOPE: f32 = 0.2;

type Config = Map<String, Value>;

/// `model.json` and `group1-shard1of1.bin`.
///
/// # Errors
/// If the model is not valid or has another number of parameters, or TensorFlow.js lacks a part of it.
pub fn write(saved: &SavedModel, _wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let placed = placed_layers(saved)?;
    let mut layers = Vec::new();
    for layer in &placed {
        layers.extend(written(layer)?);
    }
    if layers.is_empty() {
        layers.push(("Activation".to_owned(), named("identity", json!({ "activation": "linear" }))));
    }
    let first = layers.first_mut().map(|(_, config)| config);
    if let Some(config) = first {
        config.insert("batch_input_shape".to_owned(), batch_shape(&saved.model.input_shape));
        config.insert("dtype".to_owned(), json!("float32"));
    }
    let layers: Vec<Value> = layers
        .into_iter()
        .map(|(class_name, config)| json!({ "class_name": class_name, "config": config }))
        .collect();
    let (mut weights, mut bytes) = (Vec::new(), Vec::new());
    for layer in &placed {
        for weight in &layer.weights {
            let name = format!("{}/{}", layer.name, weight_name(layer.spec, weight.name));
            weights.push(json!({ "name": name, "shape": weight.extents, "dtype": "float32" }));
            bytes.extend(weight.values.iter().flat_map(|value| value.to_le_bytes()));
        }
    }
    let name = if saved.model.name.is_empty() { "sequential" } else { &saved.model.name };
    let config = json!({ "class_name": "Sequential", "config": { "name": name, "layers": layers } });
    let model = json!({
        "format": "layers-model",
        "generatedBy": concat!("Svertka ", env!("CARGO_PKG_VERSION")),
        "convertedBy": null,
        "modelTopology": {
            "keras_version": KERAS_VERSION,
            "backend": "tensorflow",
            "model_config": config,
        },
        "weightsManifest": [{ "paths": [WEIGHTS], "weights": weights }],
    });
    let text = format!("{model:#}\n");
    let json = NamedFile { name: "model.json".to_owned(), bytes: text.into_bytes() };
    Ok(vec![json, NamedFile { name: WEIGHTS.to_owned(), bytes }])
}

fn named(name: &str, mut config: Value) -> Config {
    config["name"] = json!(name);
    match config {
        Value::Object(config) => config,
        _ => Config::new(),
    }
}

fn batch_shape(sample: &Shape) -> Value {
    let extents = sample.0.iter().map(|extent| json!(extent));
    std::iter::once(Value::Null).chain(extents).collect()
}

/// TensorFlow.js has kept Keras 2's name of one.
fn weight_name<'n>(layer: &LayerSpec, name: &'n str) -> &'n str {
    match layer {
        LayerSpec::DepthwiseConv2d(_) if name == "kernel" => "depthwise_kernel",
        _ => name,
    }
}

/// An error that names an option of the layer.
fn unsupported(layer: &PlacedLayer, argument: &str, value: &impl ToString) -> FormatError {
    let reason = Unsupported::Argument { argument: argument.to_owned(), value: value.to_string() };
    FormatError::Unsupported {
        format: ModelFormat::TensorFlowJs,
        part: format!("{}.{argument}", layer.name),
        reason,
    }
}

/// Refuses an argument that has another value than the only one there is.
fn only<T: PartialEq + ToString>(
    layer: &PlacedLayer,
    argument: &str,
    got: &T,
    known: &T,
) -> Result<(), FormatError> {
    if got == known { Ok(()) } else { Err(unsupported(layer, argument, got)) }
}

/// The layer as one or two of TensorFlow.js, or none where it does nothing.
fn written(layer: &PlacedLayer) -> Result<Vec<(String, Config)>, FormatError> {
    let rank = layer.input.rank();
    if rank.max(layer.output.rank()) >= MAX_RANK {
        return Err(unsupported(layer, "input_shape", &batch_shape(&layer.input)));
    }
    let mut class_name = layer.spec.class_name();
    let mut config = arguments(layer);
    match layer.spec {
        LayerSpec::Conv2d(spec) => only(layer, "groups", &spec.groups, &1)?,
        LayerSpec::DepthwiseConv2d(spec) => {
            // It has the argument, and computes without it.
            if spec.dilation_rate != [1, 1] {
                return Err(unsupported(layer, "dilation_rate", &pair(spec.dilation_rate)));
            }
        }
        LayerSpec::SeparableConv2d(spec) => {
            // Its bias and its activation meet the channels in the wrong place.
            if config["data_format"] == "channels_first" {
                return Err(unsupported(layer, "data_format", &"channels_first"));
            }
            if spec.strides != [1, 1] && spec.dilation_rate != [1, 1] {
                return Err(unsupported(layer, "dilation_rate", &pair(spec.dilation_rate)));
            }
        }
        LayerSpec::GlobalMaxPooling2d(spec) => only(layer, "keepdims", &spec.keepdims, &false)?,
        LayerSpec::GlobalAveragePooling2d(spec) => only(layer, "keepdims", &spec.keepdims, &false)?,
        // It flattens nothing that is flat.
        LayerSpec::Flatten(_) if rank < 2 => {
            class_name = "Reshape";
            config = named(&layer.name, json!({ "target_shape": layer.output.0 }));
        }
        LayerSpec::Reshape(_) => config["target_shape"] = json!(layer.output.0),
        LayerSpec::Softmax(spec) => config["axis"] = softmax_axis(layer, &sample_axes(&spec.axis.0, rank))?,
        LayerSpec::Relu(spec) => (class_name, config) = relu(layer, spec)?,
        LayerSpec::LeakyRelu(spec) => config = named(&layer.name, json!({ "alpha": spec.negative_slope })),
        LayerSpec::Elu(spec) => only(layer, "alpha", &spec.alpha, &1.0)?,
        LayerSpec::Prelu(_) => {
            // Its own way to count: from 1, and never from the end.
            let extents = layer.weight("alpha").map_or(&[][..], |alpha| &alpha.extents);
            let is_shared = |axis: &usize| extents[axis - 1] == 1 && layer.input.0[axis - 1] != 1;
            config["shared_axes"] = json!((1..=extents.len()).filter(is_shared).collect::<Vec<_>>());
        }
        LayerSpec::BatchNormalization(spec) => {
            check_rank(layer)?;
            let axis = sample_axis(spec.axis, rank) + 1;
            // Along another axis it takes the weights as if they were those of the last one.
            only(layer, "axis", &axis, &rank)?;
            config["axis"] = json!(axis);
        }
        LayerSpec::LayerNormalization(spec) => {
            check_rank(layer)?;
            only(layer, "rms_scaling", &spec.rms_scaling, &false)?;
            // The weights lie in the order in which Keras sorts the axes, those counted from behind before the others.
            let mut axes = spec.axis.0.clone();
            axes.sort_unstable();
            let axes = axes.iter().map(|axis| sample_axis(*axis, rank) + 1);
            config["axis"] = json!(axes.collect::<Vec<_>>());
        }
        LayerSpec::SpatialDropout2d(spec) => {
            class_name = "Dropout";
            let is_first = config["data_format"] == "channels_first";
            let noise_shape = if is_first { json!([null, null, 1, 1]) } else { json!([null, 1, 1, null]) };
            config = named(&layer.name, json!({ "rate": spec.rate, "noise_shape": noise_shape }));
        }
        LayerSpec::ActivityRegularization(_)
        | LayerSpec::RandomTranslation(_)
        | LayerSpec::RandomRotation(_)
        | LayerSpec::RandomZoom(_)
        | LayerSpec::RandomFlip(_) => return Ok(Vec::new()),
        LayerSpec::Dense(_)
        | LayerSpec::MaxPooling2d(_)
        | LayerSpec::AveragePooling2d(_)
        | LayerSpec::ZeroPadding2d(_)
        | LayerSpec::Flatten(_)
        | LayerSpec::Activation(_)
        | LayerSpec::Dropout(_)
        | LayerSpec::GaussianNoise(_) => {}
    }
    with_activation(layer, class_name.to_owned(), config)
}

/// Keras's arguments as far as they have a meaning there; weights are loaded, so nothing says how they begin.
fn arguments(layer: &PlacedLayer) -> Config {
    // By way of text, so that 32-bit numbers are the decimals that people write.
    let text = serde_json::to_string(layer.spec).unwrap_or_default();
    let mut json: Value = serde_json::from_str(&text).unwrap_or_default();
    let Value::Object(all) = json[layer.spec.class_name()].take() else {
        return named(&layer.name, json!({}));
    };
    let mut config = Config::new();
    config.insert("name".to_owned(), json!(layer.name));
    for (argument, value) in all {
        if argument == "activity_regularizer" {
            // It does not run a layer that has one.
            continue;
        }
        if let Some(start) = argument.strip_suffix("_constraint") {
            config.extend(constraint(layer, start, &value).map(|value| (argument, value)));
        } else if argument.ends_with("_regularizer") {
            config.extend(regularizer(&value).map(|value| (argument, value)));
        } else if !argument.ends_with("_initializer")
            && !matches!(&*argument, "groups" | "keepdims" | "rms_scaling")
        {
            config.insert(argument, value);
        }
    }
    config
}

/// A constraint, unless it would move the weights that are in the file: it acts already when they are loaded, and
/// predictions would be others.
fn constraint(layer: &PlacedLayer, argument: &str, value: &Value) -> Option<Value> {
    let spec: ConstraintSpec = serde_json::from_value(value.clone()).ok()?;
    // `depthwise_constraint` is of the kernel, or of the depthwise kernel where there are two.
    let is_its = |name: &str| {
        name == argument
            || name.strip_suffix("_kernel") == Some(argument)
            || argument == "depthwise" && name == "kernel"
    };
    let weight = layer.weights.iter().find(|weight| is_its(weight.name))?;
    let mut moved = weight.values.to_vec();
    spec.apply(&weight.extents, &mut moved);
    let stays = |(moved, value): (&f32, &f32)| (moved - value).abs() <= MOVED * value.abs();
    let class_name = spec.class_name();
    let stay = moved.iter().zip(weight.values).all(stays);
    let config = value.get(class_name).cloned().unwrap_or_else(|| json!({}));
    stay.then(|| json!({ "class_name": class_name, "config": config }))
}

/// The one class there is; penalties of other kinds are left out.
fn regularizer(value: &Value) -> Option<Value> {
    let (l1, l2) = match serde_json::from_value(value.clone()).ok()? {
        RegularizerSpec::L1(spec) => (spec.l1, 0.0),
        RegularizerSpec::L2(spec) => (0.0, spec.l2),
        RegularizerSpec::L1L2(spec) => (spec.l1, spec.l2),
        RegularizerSpec::ElasticNet(spec) => (spec.l, spec.l * spec.beta),
        RegularizerSpec::OrthogonalRegularizer(_) => return None,
    };
    let decimal = |factor: f32| factor.to_string().parse::<f64>().unwrap_or_default();
    Some(json!({ "class_name": "L1L2", "config": { "l1": decimal(l1), "l2": decimal(l2) } }))
}

fn pair([rows, columns]: [usize; 2]) -> String {
    format!("({rows}, {columns})")
}

/// Normalization is there for tensors of up to four axes.
fn check_rank(layer: &PlacedLayer) -> Result<(), FormatError> {
    if layer.input.rank() <= 3 {
        Ok(())
    } else {
        Err(unsupported(layer, "input_shape", &batch_shape(&layer.input)))
    }
}

/// The last axis alone, or several.
fn softmax_axis(layer: &PlacedLayer, axes: &[usize]) -> Result<Value, FormatError> {
    match axes {
        [axis] if axis + 1 == layer.input.rank() => Ok(json!(-1)),
        [axis] => Err(unsupported(layer, "axis", &(axis + 1))),
        _ => Ok(json!(axes.iter().map(|axis| axis + 1).collect::<Vec<_>>())),
    }
}

/// Keras's `ReLU`, of whose arguments there is one at a time.
fn relu(layer: &PlacedLayer, spec: &ReluSpec) -> Result<(&'static str, Config), FormatError> {
    let ReluSpec { max_value, negative_slope, threshold } = *spec;
    match (max_value, negative_slope, threshold) {
        (None, 0.0, 0.0) => Ok(("ReLU", named(&layer.name, json!({})))),
        (Some(max), 0.0, 0.0) => Ok(("ReLU", named(&layer.name, json!({ "max_value": max })))),
        (None, slope, 0.0) => Ok(("LeakyReLU", named(&layer.name, json!({ "alpha": slope })))),
        (None, 0.0, threshold) => Ok(("ThresholdedReLU", named(&layer.name, json!({ "theta": threshold })))),
        (_, slope, 0.0) => Err(unsupported(layer, "negative_slope", &slope)),
        (_, _, threshold) => Err(unsupported(layer, "threshold", &threshold)),
    }
}

/// What TensorFlow.js calls a function, if it has it.
fn activation_name(activation: Activation) -> Option<&'static str> {
    match activation {
        Activation::Linear
        | Activation::Relu
        | Activation::Sigmoid
        | Activation::Tanh
        | Activation::Softmax
        | Activation::LogSoftmax
        | Activation::Relu6
        | Activation::Elu
        | Activation::Selu
        | Activation::Gelu
        | Activation::Softplus
        | Activation::Softsign
        | Activation::Mish => Some(activation.name()),
        // Of the same values.
        Activation::Celu => Some("elu"),
        Activation::Silu => Some("swish"),
        // Its hard sigmoid is Keras 2's, of another slope.
        Activation::LeakyRelu
        | Activation::HardSilu
        | Activation::HardSigmoid
        | Activation::SparseSigmoid
        | Activation::LogSigmoid
        | Activation::HardTanh
        | Activation::TanhShrink
        | Activation::SoftShrink
        | Activation::HardShrink
        | Activation::Squareplus
        | Activation::SparsePlus
        | Activation::Exponential => None,
    }
}

/// Puts the activation's name there into `config`, or a layer of its own behind.
fn with_activation(
    layer: &PlacedLayer,
    class_name: String,
    mut config: Config,
) -> Result<Vec<(String, Config)>, FormatError> {
    let Some(value) = config.get("activation") else { return Ok(vec![(class_name, config)]) };
    let activation: Activation = serde_json::from_value(value.clone()).unwrap_or_default();
    if let Some(name) = activation_name(activation) {
        config.insert("activation".to_owned(), json!(name));
        return Ok(vec![(class_name, config)]);
    }
    if activation != Activation::LeakyRelu {
        let reason = Unsupported::NoEquivalent { class_name: activation.name().to_owned() };
        let part = format!("{}.activation", layer.name);
        return Err(FormatError::Unsupported { format: ModelFormat::TensorFlowJs, part, reason });
    }
    config.insert("activation".to_owned(), json!("linear"));
    let behind = named(&format!("{}_leaky_re_lu", layer.name), json!({ "alpha": LEAKY_SLOPE }));
    Ok(vec![(class_name, config), ("LeakyReLU".to_owned(), behind)])
}

#[cfg(test)]
#[path = "tfjs_tests.rs"]
mod tests;
