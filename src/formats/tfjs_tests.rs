//! The layers model is read again as JSON; `scripts/interop/tfjs_check.mjs` opens it in TensorFlow.js.

use std::collections::BTreeSet;

use super::*;
use crate::engine::presets::Preset;
use crate::formats::model_zoo::{filled, zoo};

fn wrapping() -> Wrapping {
    Wrapping {
        stem: "m".to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: crate::formats::Language::English,
    }
}

fn parts(model: &crate::engine::spec::ModelSpec) -> Result<(Value, Vec<u8>), FormatError> {
    let files = write(&filled(model), &wrapping())?;
    let [json, weights] = &files[..] else { panic!("{} files", files.len()) };
    assert_eq!((&*json.name, &*weights.name), ("model.json", WEIGHTS));
    Ok((serde_json::from_slice(&json.bytes).unwrap(), weights.bytes.clone()))
}

#[test]
fn every_preset_is_written_with_all_its_weights() {
    for preset in Preset::ALL {
        let model = preset.spec();
        let (json, bytes) = parts(&model).unwrap();
        let manifest = &json["weightsManifest"][0];
        let sizes = manifest["weights"].as_array().unwrap().iter().map(|weight| {
            weight["shape"].as_array().unwrap().iter().map(|extent| extent.as_u64().unwrap()).product::<u64>()
        });
        assert_eq!(sizes.sum::<u64>() * 4, bytes.len() as u64);
        assert_eq!(bytes.len(), model.num_params().unwrap() * 4);
        let layers = &json["modelTopology"]["model_config"]["config"]["layers"];
        assert_eq!(layers[0]["config"]["batch_input_shape"], json!([null, 28, 28, 1]));
        // The first layers of some act in training alone.
        let names: Vec<&str> = layers
            .as_array()
            .unwrap()
            .iter()
            .map(|layer| layer["config"]["name"].as_str().unwrap())
            .collect();
        let expected: Vec<String> =
            model.layer_names().into_iter().filter(|name| !name.starts_with("random_")).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn the_zoo_is_written_or_refused_by_name() {
    let mut refused = BTreeSet::new();
    for model in zoo() {
        match parts(&model) {
            Ok(_) => {}
            Err(FormatError::Unsupported { format, part, reason }) => {
                assert_eq!(format, ModelFormat::TensorFlowJs);
                let layer = part.split('.').next().unwrap();
                assert!(model.layer_names().contains(&layer.to_owned()), "{part}");
                let said = reason.to_string();
                refused.insert(
                    said.split(" = ").next().unwrap().trim_start_matches("it has nothing that ").to_owned(),
                );
            }
            Err(other) => panic!("{}: {other}", model.name),
        }
    }
    let expected = [
        "alpha",
        "axis",
        "data_format",
        "dilation_rate",
        "does the same as exponential",
        "does the same as hard_shrink",
        "does the same as hard_sigmoid",
        "does the same as hard_silu",
        "does the same as hard_tanh",
        "does the same as log_sigmoid",
        "does the same as soft_shrink",
        "does the same as sparse_plus",
        "does the same as sparse_sigmoid",
        "does the same as squareplus",
        "does the same as tanh_shrink",
        "groups",
        "input_shape",
        "keepdims",
        "negative_slope",
        "rms_scaling",
        "threshold",
    ];
    assert_eq!(refused.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn what_tensorflow_js_calls_otherwise_is_called_so() {
    let model = zoo().into_iter().find(|model| model.name == "activation-leaky_relu").unwrap();
    let (json, _) = parts(&model).unwrap();
    let layers = json["modelTopology"]["model_config"]["config"]["layers"].as_array().unwrap();
    assert_eq!(layers[0]["config"]["activation"], "linear");
    assert_eq!(layers[1]["class_name"], "LeakyReLU");
    assert_eq!(layers[1]["config"], json!({ "name": "conv2d_leaky_re_lu", "alpha": LEAKY_SLOPE }));
    let names: Vec<&str> = json["weightsManifest"][0]["weights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|weight| weight["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"depthwise_conv2d/depthwise_kernel"), "{names:?}");
}

#[test]
fn penalties_are_said_as_there_and_what_it_would_act_on_is_left_out() {
    let regularizer = |json: Value| super::regularizer(&json);
    let expected = |l1, l2| Some(json!({ "class_name": "L1L2", "config": { "l1": l1, "l2": l2 } }));
    assert_eq!(regularizer(json!({ "L2": { "l2": 0.1 } })), expected(0.0, 0.1));
    assert_eq!(regularizer(json!({ "ElasticNet": { "l": 0.25, "beta": 0.5 } })), expected(0.25, 0.125));
    assert_eq!(regularizer(Value::Null), None);
    let layer = json!({ "Dense": {
        "units": 2,
        "kernel_constraint": { "MinMaxNorm": { "min_value": 0.1, "max_value": 0.9, "rate": 0.5, "axis": 0 } },
        "bias_constraint": "NonNeg",
        "activity_regularizer": { "L2": { "l2": 0.1 } },
    } });
    let layers = vec![serde_json::from_value(layer).unwrap()];
    let model =
        crate::engine::spec::ModelSpec { name: "left_out".to_owned(), input_shape: Shape(vec![3]), layers };
    let mut saved = filled(&model);
    let config = |saved: &SavedModel| {
        let files = write(saved, &wrapping()).unwrap();
        let json: Value = serde_json::from_slice(&files[0].bytes).unwrap();
        json["modelTopology"]["model_config"]["config"]["layers"][0]["config"].clone()
    };
    // Outside of what the constraints allow: they would move the weights.
    saved.params = vec![3.0, 2.0, 1.0, -1.0, 2.0, -2.0, -0.5, 0.5];
    let got = config(&saved);
    let keys = ["kernel_constraint", "bias_constraint", "activity_regularizer"];
    assert_eq!(keys.map(|key| got.get(key)), [None, None, None]);
    saved.params = vec![0.3, 0.2, 0.1, -0.1, 0.2, -0.2, 0.0, 0.5];
    let got = config(&saved);
    assert_eq!(got["kernel_constraint"]["class_name"], "MinMaxNorm");
    assert_eq!(got["kernel_constraint"]["config"]["rate"], 0.5);
    assert_eq!(got["bias_constraint"], json!({ "class_name": "NonNeg", "config": {} }));
    assert_eq!(got.get("activity_regularizer"), None);
}
