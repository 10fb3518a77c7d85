//! Models that together use every layer, activation and option: what every writer is tested with, here and in
//! the real tools. `examples/write_zoo.rs` writes them for those.
//!
//! Each is small, so that a mistake is found in a page of numbers, and as JSON, in which an option is a word.

use serde_json::{Value, json};
use svertka::engine::constraints::ConstraintSpec;
use svertka::engine::initializers::InitializerSpec;
use svertka::engine::layers::{Activation, LayerSpec};
use svertka::engine::presets::Preset;
use svertka::engine::regularizers::RegularizerSpec;
use svertka::engine::spec::ModelSpec;
use svertka::formats::SavedModel;
use svertka::tensor::Shape;
use svertka::tensor::rng::{Purpose, Rng};

/// All of them; their names are different and good for folders.
pub fn zoo() -> Vec<ModelSpec> {
    let mut models: Vec<ModelSpec> = Preset::ALL.into_iter().map(Preset::spec).collect();
    models.extend(Activation::ALL.into_iter().map(activation));
    for format in ["channels_last", "channels_first"] {
        models.extend(windows(format));
        models.extend(others(format));
    }
    models.extend(shapes());
    models.extend(normalizations());
    models.extend(pointwise());
    models.extend(training_alone());
    models
}

/// The model with parameters such as training leaves: no zeros, no ones, variances that are some.
pub fn filled(model: &ModelSpec) -> SavedModel {
    let mut params = Vec::new();
    for (idx, param) in model.params().expect("models of the zoo are valid").into_iter().enumerate() {
        let mut rng = Rng::new(11, Purpose::Init, param.layer as u64, idx as u64);
        let (outputs, inputs) = param
            .spec
            .extents
            .split_last()
            .map_or((1, 1), |(last, rest)| (*last, rest.iter().product::<usize>()));
        // A depthwise kernel sums over its window alone, which makes this smaller than it might be.
        let bound = if param.spec.extents.len() > 1 { (4.0 / (inputs + outputs) as f32).sqrt() } else { 0.3 };
        let (low, high) = match param.spec.name {
            "gamma" | "moving_variance" => (0.5, 1.5),
            _ => (-bound, bound),
        };
        params.extend((0..param.spec.size()).map(|_| rng.uniform(low, high)));
    }
    SavedModel { model: model.clone(), params, job: None, epochs: None, optimizer: None }
}

/// So many samples for `model`, one behind the other.
pub fn samples(model: &ModelSpec, n: usize) -> Vec<f32> {
    let mut rng = Rng::new(12, Purpose::Shuffle, 0, 0);
    (0..n * model.input_shape.size()).map(|_| rng.uniform(-1.5, 1.5)).collect()
}

fn model(name: impl Into<String>, input_shape: &[usize], layers: &Value) -> ModelSpec {
    let layers: Vec<LayerSpec> = serde_json::from_value(layers.clone()).expect("layers are written right");
    ModelSpec { name: name.into(), input_shape: Shape(input_shape.to_vec()), layers }
}

/// One function at the end of every layer that takes one, over all layouts of values.
fn activation(activation: Activation) -> ModelSpec {
    let name = activation.name();
    // Between them normalization, or a chain of exponentials would leave the numbers there are.
    // A small epsilon would make large numbers of the last digits where a function leaves next to nothing.
    let normalized = json!({ "LayerNormalization": { "epsilon": 0.1 } });
    let layers = json!([
        { "Conv2D": { "filters": 4, "kernel_size": 2, "activation": name } },
        normalized,
        { "DepthwiseConv2D": { "kernel_size": 2, "padding": "same", "activation": name } },
        normalized,
        { "SeparableConv2D": { "filters": 3, "kernel_size": 2, "activation": name } },
        normalized,
        { "Activation": { "activation": name } },
        { "BatchNormalization": {} },
        { "Dense": { "units": 4, "activation": name } },
        { "Flatten": {} },
        normalized,
        { "Activation": { "activation": name } },
        normalized,
        { "Dense": { "units": 5, "activation": name } },
    ]);
    model(format!("activation-{name}"), &[5, 6, 3], &layers)
}

/// An image of that format.
fn image(format: &str, [h, w, c]: [usize; 3]) -> Vec<usize> {
    if format == "channels_first" { vec![c, h, w] } else { vec![h, w, c] }
}

/// `layers` with an image of 9×8 cells and 4 channels, once as they are and once in front of a Dense layer.
fn of_images(name: &str, format: &str, layers: &Value) -> [ModelSpec; 2] {
    let mut layers = layers.clone();
    let all = layers.as_array_mut().expect("a list");
    for arguments in all.iter_mut().filter_map(|layer| layer.as_object_mut()?.values_mut().next()) {
        arguments["data_format"] = json!(format);
    }
    let alone = json!(all);
    all.extend([json!({ "Flatten": { "data_format": format } }), json!({ "Dense": { "units": 3 } })]);
    let shape = image(format, [9, 8, 4]);
    [
        model(format!("{name}-{format}"), &shape, &alone),
        model(format!("{name}-{format}-dense"), &shape, &layers),
    ]
}

fn windows(format: &str) -> Vec<ModelSpec> {
    let mut models = Vec::new();
    for (kind, own) in [
        ("Conv2D", json!({ "filters": 6 })),
        ("DepthwiseConv2D", json!({ "depth_multiplier": 2 })),
        ("SeparableConv2D", json!({ "filters": 5, "depth_multiplier": 2 })),
    ] {
        let both = |more: Value| {
            let mut arguments = own.clone();
            let all = arguments.as_object_mut().expect("a map");
            all.extend(more.as_object().expect("a map").clone());
            json!({ kind: arguments })
        };
        let cases = [
            ("strides-valid", json!([both(json!({ "kernel_size": [3, 2], "strides": 2 }))])),
            ("strides-same", json!([both(json!({ "kernel_size": 3, "strides": 2, "padding": "same" }))])),
            ("even-same", json!([both(json!({ "kernel_size": [2, 4], "padding": "same" }))])),
            ("odd-same", json!([both(json!({ "kernel_size": [5, 3], "padding": "same" }))])),
            ("dilation-valid", json!([both(json!({ "kernel_size": [3, 2], "dilation_rate": 2 }))])),
            (
                "dilation-same",
                json!([both(json!({ "kernel_size": [3, 2], "dilation_rate": 2, "padding": "same" }))]),
            ),
            ("large-same", json!([both(json!({ "kernel_size": 11, "padding": "same" }))])),
            ("without-bias", json!([both(json!({ "kernel_size": 3, "use_bias": false }))])),
        ];
        let name = kind.to_lowercase();
        models.extend(
            cases.iter().flat_map(|(case, layers)| of_images(&format!("{name}-{case}"), format, layers)),
        );
    }
    let uneven = json!({ "filters": 6, "kernel_size": [3, 5], "strides": [3, 2], "padding": "same" });
    models.extend(of_images("conv2d-uneven-strides", format, &json!([{ "Conv2D": uneven }])));
    let grouped = json!({ "filters": 6, "kernel_size": 3, "groups": 2, "padding": "same" });
    models.extend(of_images("conv2d-groups", format, &json!([{ "Conv2D": grouped }])));
    // Only this layer has strides and gaps at once.
    let both = json!({ "kernel_size": 2, "strides": 2, "dilation_rate": [2, 2], "padding": "same" });
    models.extend(of_images("depthwise-strides-and-dilation", format, &json!([{ "DepthwiseConv2D": both }])));
    for kind in ["MaxPooling2D", "AveragePooling2D"] {
        let cases = [
            ("default", json!({})),
            ("same", json!({ "padding": "same" })),
            ("odd-same", json!({ "pool_size": 3, "strides": 1, "padding": "same" })),
            ("even-same", json!({ "pool_size": [2, 4], "strides": 1, "padding": "same" })),
            ("strides", json!({ "pool_size": [3, 2], "strides": [2, 3] })),
            ("strides-same", json!({ "pool_size": [3, 2], "strides": [2, 3], "padding": "same" })),
            ("wide-same", json!({ "pool_size": 1, "strides": 3, "padding": "same" })),
            ("large-same", json!({ "pool_size": 12, "strides": 2, "padding": "same" })),
        ];
        for (case, arguments) in cases {
            let name = format!("{}-{case}", kind.to_lowercase());
            models.extend(of_images(&name, format, &json!([{ kind: arguments }])));
        }
    }
    models
}

/// What else has a format.
fn others(format: &str) -> Vec<ModelSpec> {
    let mut models = Vec::new();
    for kind in ["GlobalMaxPooling2D", "GlobalAveragePooling2D"] {
        for keepdims in [false, true] {
            let name = format!("{}{}", kind.to_lowercase(), if keepdims { "-keepdims" } else { "" });
            models.extend(of_images(&name, format, &json!([{ kind: { "keepdims": keepdims } }])));
        }
    }
    let padding = json!([{ "ZeroPadding2D": { "padding": [[1, 2], [0, 3]] } }]);
    models.extend(of_images("zeropadding2d", format, &padding));
    let (axis, features) = if format == "channels_first" { (1, "[2,3]") } else { (-1, "[1,2]") };
    let shared: Value = serde_json::from_str(features).expect("a list");
    let chain = json!([
        { "Conv2D": { "filters": 4, "padding": "same", "data_format": format, "use_bias": false } },
        { "BatchNormalization": { "axis": axis } },
        { "PReLU": { "shared_axes": shared } },
        { "MaxPooling2D": { "data_format": format } },
        { "SpatialDropout2D": { "rate": 0.25, "data_format": format } },
        { "LayerNormalization": { "axis": axis } },
        { "Softmax": { "axis": axis } },
        { "DepthwiseConv2D": { "data_format": format, "activation": "softmax" } },
        { "PReLU": {} },
        { "Flatten": { "data_format": format } },
        { "BatchNormalization": {} },
        { "PReLU": {} },
        { "LayerNormalization": {} },
        { "Dropout": {} },
        { "Activation": { "activation": "softmax" } },
        { "Dense": { "units": 4, "activation": "softmax" } },
    ]);
    models.push(model(format!("chain-{format}"), &image(format, [9, 8, 3]), &chain));
    for (name, then) in [
        ("end", json!([])),
        ("flatten", json!([{ "Flatten": {} }])),
        ("reshape", json!([{ "Reshape": { "target_shape": [-1, 2] } }, { "Dense": { "units": 2 } }])),
        ("softmax", json!([{ "Softmax": {} }])),
        ("center", json!([{ "BatchNormalization": { "scale": false } }, { "Dense": { "units": 2 } }])),
    ] {
        let mut layers = json!([
            { "Conv2D": { "filters": 2, "data_format": format } },
            { "Flatten": { "data_format": format } },
        ]);
        let all = layers.as_array_mut().expect("a list");
        all.extend(then.as_array().expect("a list").clone());
        models.push(model(format!("flat-{name}-{format}"), &image(format, [5, 4, 3]), &layers));
    }
    models
}

/// Values of any rank, and both formats in one model.
fn shapes() -> Vec<ModelSpec> {
    let dense = json!({ "Dense": { "units": 3, "use_bias": false, "activation": "tanh" } });
    vec![
        model("dense-vector", &[6], &json!([dense])),
        model("dense-matrix", &[4, 6], &json!([dense, { "Flatten": {} }, { "Dense": { "units": 2 } }])),
        model("dense-image", &[4, 5, 6], &json!([dense, { "Conv2D": { "filters": 2 } }])),
        model("dense-volume", &[2, 3, 4, 5], &json!([dense, { "Flatten": {} }, { "Dense": { "units": 2 } }])),
        model(
            "dense-behind-convolution",
            &[6, 7, 2],
            &json!([{ "Conv2D": { "filters": 3 } }, dense, { "MaxPooling2D": {} }, { "Flatten": {} }]),
        ),
        model("flatten-vector", &[6], &json!([{ "Flatten": {} }, dense])),
        model(
            "flatten-matrix-first",
            &[4, 3],
            &json!([{ "Flatten": { "data_format": "channels_first" } }, dense]),
        ),
        model("flatten-twice", &[2, 3, 4], &json!([{ "Flatten": {} }, { "Flatten": {} }, dense])),
        model(
            "reshape",
            &[6, 4, 3],
            &json!([
                { "Conv2D": { "filters": 4, "padding": "same" } },
                { "Reshape": { "target_shape": [8, -1, 6] } },
                { "Conv2D": { "filters": 2, "kernel_size": [3, 1] } },
                { "Reshape": { "target_shape": [-1] } },
                { "Reshape": { "target_shape": [6, 2, 2, 1] } },
                { "Reshape": { "target_shape": [4, 6] } },
                dense,
            ]),
        ),
        model(
            "formats-mixed",
            &[6, 7, 4],
            &json!([
                { "Conv2D": { "filters": 3, "padding": "same" } },
                { "MaxPooling2D": { "data_format": "channels_first", "pool_size": 2 } },
                { "Conv2D": { "filters": 4, "kernel_size": 2, "data_format": "channels_last" } },
                { "PReLU": { "shared_axes": [1] } },
                { "Flatten": { "data_format": "channels_first" } },
                dense,
            ]),
        ),
        // The format of what flattens is its own, whatever lies in front.
        model(
            "flatten-first-behind-last",
            &[6, 5, 3],
            &json!([
                { "Conv2D": { "filters": 4, "kernel_size": 2, "activation": "relu" } },
                { "Flatten": { "data_format": "channels_first" } },
                { "Dense": { "units": 3 } },
            ]),
        ),
        model(
            "flatten-last-behind-first",
            &[3, 6, 5],
            &json!([
                { "MaxPooling2D": { "data_format": "channels_first" } },
                { "Flatten": {} },
                { "Dense": { "units": 3 } },
            ]),
        ),
        model(
            "flatten-first-of-volumes",
            &[2, 3, 4, 5],
            &json!([{ "Flatten": { "data_format": "channels_first" } }, { "Dense": { "units": 3 } }]),
        ),
        model("nothing", &[3, 2, 4], &json!([{ "Dropout": {} }])),
        model("single", &[1], &json!([{ "Dense": { "units": 1 } }])),
    ]
}

fn normalizations() -> Vec<ModelSpec> {
    let mut models = Vec::new();
    for (shape, axes) in [
        (vec![5], vec![json!(-1)]),
        (vec![4, 3], vec![json!(-1), json!(1)]),
        (vec![4, 5, 3], vec![json!(-1), json!(1), json!(2), json!(-2)]),
        (vec![2, 3, 2, 4], vec![json!(-1), json!(1), json!(2)]),
    ] {
        let rank = shape.len();
        for axis in axes {
            let both = [(true, true), (true, false), (false, true), (false, false)];
            let layers: Vec<Value> = both
                .map(|(scale, center)| {
                    json!({ "BatchNormalization": {
                        "axis": axis, "scale": scale, "center": center, "epsilon": 0.01, "momentum": 0.9,
                    } })
                })
                .to_vec();
            models.push(model(format!("batchnormalization-{rank}-axis{axis}"), &shape, &json!(layers)));
        }
    }
    for (shape, axes) in [
        (vec![5], vec![json!(-1)]),
        (
            vec![4, 5, 3],
            vec![json!(-1), json!(1), json!([1, 2]), json!([3, 1]), json!([2, -1]), json!([1, 2, 3])],
        ),
    ] {
        for axis in axes {
            let both = [(true, true), (true, false), (false, true), (false, false)];
            let mut layers: Vec<Value> = both
                .map(|(scale, center)| {
                    json!({ "LayerNormalization": { "axis": axis, "scale": scale, "center": center } })
                })
                .to_vec();
            layers.push(json!({ "LayerNormalization": { "axis": axis, "epsilon": 0.1 } }));
            let words = axis.to_string().replace(['[', ']'], "").replace(',', "_");
            models.push(model(
                format!("layernormalization-{}-axis{words}", shape.len()),
                &shape,
                &json!(layers),
            ));
            let layers = json!([{ "LayerNormalization": { "axis": axis, "rms_scaling": true } }]);
            models.push(model(format!("rms-{}-axis{words}", shape.len()), &shape, &layers));
        }
    }
    models
}

/// Layers that are functions, in front of a convolution and behind it.
fn pointwise() -> Vec<ModelSpec> {
    let cases = [
        ("relu", json!({ "ReLU": {} })),
        ("relu-max", json!({ "ReLU": { "max_value": 0.5 } })),
        ("relu-slope", json!({ "ReLU": { "negative_slope": 0.2 } })),
        ("relu-max-slope", json!({ "ReLU": { "max_value": 0.5, "negative_slope": 0.2 } })),
        ("relu-threshold", json!({ "ReLU": { "threshold": 0.25 } })),
        ("relu-all", json!({ "ReLU": { "max_value": 0.75, "negative_slope": 0.1, "threshold": 0.25 } })),
        ("relu-max-below", json!({ "ReLU": { "max_value": 0.25, "negative_slope": 0.1, "threshold": 0.5 } })),
        ("leakyrelu", json!({ "LeakyReLU": { "negative_slope": 0.15 } })),
        ("elu", json!({ "ELU": { "alpha": 0.7 } })),
        ("elu-negative", json!({ "ELU": { "alpha": -0.3 } })),
        ("prelu", json!({ "PReLU": {} })),
        ("prelu-channels", json!({ "PReLU": { "shared_axes": [1, 2] } })),
        ("prelu-rows", json!({ "PReLU": { "shared_axes": [2, 3] } })),
        ("prelu-one", json!({ "PReLU": { "shared_axes": [1, 2, 3] } })),
        ("prelu-counted-from-behind", json!({ "PReLU": { "shared_axes": [0, -1] } })),
        ("softmax", json!({ "Softmax": {} })),
        ("softmax-rows", json!({ "Softmax": { "axis": 1 } })),
        ("softmax-image", json!({ "Softmax": { "axis": [1, 2] } })),
        ("softmax-all", json!({ "Softmax": { "axis": [1, 2, 3] } })),
        ("softmax-mixed", json!({ "Softmax": { "axis": [-1, 1] } })),
    ];
    let mut models = Vec::new();
    for (name, layer) in cases {
        let conv = json!({ "Conv2D": { "filters": 3, "kernel_size": 2 } });
        models.push(model(format!("layer-{name}"), &[5, 4, 3], &json!([layer, conv, layer])));
    }
    let vector = json!([{ "PReLU": {} }, { "Dense": { "units": 4 } }, { "PReLU": { "shared_axes": [1] } }, { "Softmax": {} }]);
    models.push(model("layer-on-vectors", &[5], &vector));
    models
}

/// Options that change nothing in inference: every layer of the palette with every one of them.
fn training_alone() -> Vec<ModelSpec> {
    let mut models = vec![families()];
    for (idx, layer) in LayerSpec::palette().into_iter().enumerate() {
        let mut json = serde_json::to_value(&layer).expect("a layer has a form in JSON");
        let (class_name, arguments) = json
            .as_object_mut()
            .and_then(|layer| layer.iter_mut().next())
            .map(|(name, arguments)| (name.clone(), arguments))
            .expect("a layer is a map with its name");
        let names: Vec<String> =
            arguments.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
        for (offset, name) in names.into_iter().enumerate() {
            let mut choices = choices(&class_name, &name);
            choices.retain(|choice| *choice != arguments[&name]);
            // Another choice for every argument of every layer, so that all are had.
            let turned =
                (0..choices.len()).map(|turn| choices[(turn + idx + 3 * offset) % choices.len()].clone());
            let before = arguments[&name].clone();
            for choice in turned {
                arguments[&name] = choice;
                if is_valid(&class_name, arguments) {
                    break;
                }
                arguments[&name] = before.clone();
            }
        }
        models.push(options(&class_name, arguments));
    }
    models
}

/// Every initializer, regularizer and constraint.
fn families() -> ModelSpec {
    let [initializers, regularizers, constraints] =
        ["_initializer", "_regularizer", "_constraint"].map(family);
    let dense = |(idx, initializer): (usize, &Value)| {
        json!({ "Dense": {
            "units": 6,
            "activation": "tanh",
            "kernel_initializer": initializer,
            "kernel_regularizer": regularizers[idx % regularizers.len()],
            "kernel_constraint": constraints[idx % constraints.len()],
        } })
    };
    model("options-families", &[6], &initializers.iter().enumerate().map(dense).collect())
}

fn is_valid(class_name: &str, arguments: &Value) -> bool {
    let layer = json!({ class_name: arguments });
    serde_json::from_value::<LayerSpec>(layer).is_ok() && options(class_name, arguments).validate().is_ok()
}

fn options(class_name: &str, arguments: &Value) -> ModelSpec {
    let layers = json!([{ class_name: arguments }, { "Flatten": {} }, { "Dense": { "units": 2 } }]);
    // LayerNormalization's weights have the rank of its axes, the others' that of images and kernels.
    model(format!("options-{}", class_name.to_lowercase()), &[6, 5, 3], &layers)
}

/// One of each kind, as JSON, for the argument that ends so.
fn family(end: &str) -> Vec<Value> {
    let all = match end {
        "_initializer" => serde_json::to_value(InitializerSpec::palette()),
        "_regularizer" => serde_json::to_value(RegularizerSpec::palette()),
        _ => serde_json::to_value(ConstraintSpec::palette()),
    };
    let all = all.expect("a spec has a form in JSON");
    all.as_array().cloned().unwrap_or_default()
}

/// Values that an argument may have which acts in training alone.
fn choices(class_name: &str, argument: &str) -> Vec<Value> {
    let end = argument.rfind('_').map_or("", |position| &argument[position..]);
    match argument {
        _ if matches!(end, "_initializer" | "_regularizer" | "_constraint") => family(end),
        "trainable" => vec![json!(false)],
        "seed" => vec![json!(7)],
        "noise_shape" => vec![json!([null, 1, null, 3])],
        "rate" | "stddev" | "l1" | "l2" => vec![json!(0.2)],
        "momentum" => vec![json!(0.8)],
        "factor" => vec![json!([-0.2, 0.3])],
        "height_factor" | "width_factor" => vec![json!([-0.1, 0.2])],
        "fill_mode" => vec![json!("nearest"), json!("constant"), json!("wrap")],
        "fill_value" => vec![json!(0.5)],
        "interpolation" => vec![json!("nearest")],
        "mode" => vec![json!("vertical"), json!("horizontal")],
        "data_format" if class_name.starts_with("Random") => vec![json!("channels_first")],
        _ => Vec::new(),
    }
}

#[cfg(test)]
#[path = "model_zoo_tests.rs"]
mod tests;
