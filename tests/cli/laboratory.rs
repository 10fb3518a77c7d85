//! The command line as a laboratory: runs, weights and arrays from files, numbers out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use svertka::engine::spec::ModelSpec;
use svertka::formats::npy::Npy;
use svertka::formats::run_json::read_run;
use svertka::formats::write_weights;

use crate::arrays::{floats, integers, write_npz};
use crate::{folder, json_lines, line, stdout, svertka};

/// The files of one run.
pub struct Laboratory {
    pub folder: PathBuf,
    model: ModelSpec,
}

impl Laboratory {
    pub fn new(name: &str, run: &Value, arrays: &[(&str, Vec<u8>)]) -> Self {
        let folder = folder(name);
        fs::write(folder.join("run.json"), run.to_string()).unwrap();
        write_npz(&folder.join("arrays.npz"), arrays);
        let model = read_run(&run.to_string()).unwrap().run.model;
        Self { folder, model }
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    pub fn model(&self) -> &ModelSpec {
        &self.model
    }

    fn init(&self, params: &[f32]) {
        fs::write(self.folder.join("init.safetensors"), write_weights(&self.model, params).unwrap()).unwrap();
    }

    /// `svertka fit` with the run, the arrays and more.
    pub fn fit(&self, more: &[&str]) -> Vec<Value> {
        let (run, arrays) = (self.path("run.json"), self.path("arrays.npz"));
        json_lines(&svertka(&[&["fit", "--run", &run, "--data", &arrays, "--log", "json"], more].concat()))
    }
}

pub fn all<'a>(lines: &'a [Value], event: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["event"] == event).collect()
}

fn close(got: &Value, expected: f64) {
    let got = got.as_f64().unwrap_or_else(|| panic!("{got} is no number"));
    assert!((got - expected).abs() <= 1e-4 * expected.abs(), "{got} is not {expected}");
}

/// The example of Keras's `EarlyStopping`: `Dense(10)`, SGD, mse, `np.arange(100).reshape(5, 20)`,
/// `np.zeros(5)`, 10 epochs of batches of 1. The loss only grows, so training ends after the 4th epoch. The
/// losses are those of Keras 3.15.1 on TensorFlow from the same weights.
#[test]
fn the_snippet_of_the_lecture_stops_as_keras_stops() {
    let run = json!({
        "model": { "input_shape": [20], "layers": [{ "Dense": { "units": 10 } }] },
        "compile": { "optimizer": "sgd", "loss": "mse" },
        "fit": {
            "batch_size": 1,
            "epochs": 10,
            "callbacks": [{ "EarlyStopping": { "monitor": "loss", "patience": 3 } }],
        },
    });
    let x = integers(&[5, 20], 0..100);
    let arrays = [("x_train", x), ("y_train", floats(&[5], [0.0; 5]))];
    let laboratory = Laboratory::new("snippet", &run, &arrays);
    let kernel = (0..200).map(|i| (f32::from((i * 37 % 101) as u8) / 101.0 - 0.5) * 0.4);
    laboratory.init(&kernel.chain([0.0; 10]).collect::<Vec<_>>());
    let lines = laboratory.fit(&["--init", &laboratory.path("init.safetensors"), "--no-shuffle"]);
    let epochs = all(&lines, "epoch_end");
    assert_eq!(epochs.len(), 4);
    close(&epochs[0]["loss"], 3_246_899_981_189_120.0);
    close(&epochs[1]["loss"], 1.446_177_337_628_682e33);
    assert!(epochs[2]["loss"].is_null() && epochs[3]["loss"].is_null(), "infinite in Keras, too: {epochs:?}");
    let actions: Vec<&str> =
        all(&lines, "callback").iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["improved", "waiting", "waiting", "stopped"]);
    assert_eq!(line(&lines, "train_end")["reason"], "callback");
}

pub fn points() -> Value {
    json!({
        "model": {
            "input_shape": [2],
            "layers": [{ "Dense": { "units": 3, "activation": "tanh" } }, { "Dense": { "units": 2, "activation": "softmax" } }],
        },
        "compile": { "optimizer": { "SGD": { "learning_rate": 0.5 } }, "loss": "sparse_categorical_crossentropy" },
        "fit": { "batch_size": 4, "epochs": 2 },
    })
}

pub fn point_arrays() -> Vec<(&'static str, Vec<u8>)> {
    let x = |n: usize| floats(&[n, 2], (0..2 * n).map(|i| (i * 7 % 5) as f32 - 2.0));
    let y = |n: usize| integers(&[n], (0..n as i64).map(|i| i % 2));
    vec![
        ("x_train", x(10)),
        ("y_train", y(10)),
        ("x_val", x(6)),
        ("y_val", y(6)),
        ("x_test", x(5)),
        ("y_test", y(5)),
    ]
}

#[test]
fn arrays_train_validate_and_judge() {
    let laboratory = Laboratory::new("points", &points(), &point_arrays());
    let out = laboratory.path("model.safetensors");
    let lines = laboratory.fit(&["--log-steps", "--out", &out]);
    let begin = line(&lines, "train_begin");
    assert_eq!((&begin["samples"], &begin["validation_samples"]), (&json!(10), &json!(6)));
    let steps = all(&lines, "batch_end");
    assert_eq!(steps.len(), 6, "10 samples are two batches of 4 and one of 2");
    // After the first batch the running mean is that batch's loss.
    close(&steps[3]["loss"], steps[3]["batch_loss"].as_f64().unwrap());
    let mean =
        (0..3).map(|i| steps[i]["batch_loss"].as_f64().unwrap() * [4.0, 4.0, 2.0][i]).sum::<f64>() / 10.0;
    close(&all(&lines, "epoch_end")[0]["loss"], mean);
    assert!(all(&lines, "epoch_end").iter().all(|line| line["val_loss"].is_f64()));
    let judged = line(&lines, "evaluation");
    assert_eq!(judged["samples"], 5);

    let (run, arrays) = (laboratory.path("run.json"), laboratory.path("arrays.npz"));
    let trained = ["--weights", &out, "--run", &run, "--data", &arrays, "--log", "json"];
    let again = json_lines(&svertka(&[&["evaluate"], &trained[..]].concat()));
    assert_eq!(&again[0], judged);
    // What is beside the weights says the same as the run.
    let again = json_lines(&svertka(&["evaluate", "--weights", &out, "--data", &arrays, "--log", "json"]));
    assert_eq!(&again[0], judged);

    let outputs = json_lines(&svertka(&[&["predict"], &trained[..]].concat()));
    assert_eq!(outputs.len(), 5);
    let npy = laboratory.path("outputs.npy");
    let told =
        json_lines(&svertka(&[&["predict", "--array", "x_train", "--out", &npy], &trained[..]].concat()));
    assert_eq!(told[0]["shape"], json!([10, 2]));
    let bytes = fs::read(npy).unwrap();
    let values = Npy::parse(&bytes).unwrap().floats();
    assert!(values.chunks(2).all(|row| (row[0] + row[1] - 1.0).abs() < 1e-6), "{values:?}");
    let first: Vec<f32> = serde_json::from_value(outputs[0]["output"].clone()).unwrap();
    // x_test begins as x_train does.
    assert_eq!(first, values[..2]);
}

#[test]
fn initial_weights_and_the_order_decide_everything() {
    let laboratory = Laboratory::new("init", &points(), &point_arrays());
    laboratory.init(&(0..17).map(|i| (i as f32 * 0.7).sin() * 0.5).collect::<Vec<_>>());
    let init = laboratory.path("init.safetensors");
    let losses = |more: &[&str]| {
        let lines = laboratory.fit(more);
        all(&lines, "epoch_end").iter().map(|line| line["loss"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let ordered = losses(&["--init", &init, "--no-shuffle", "--seed", "1"]);
    assert_eq!(ordered, losses(&["--init", &init, "--no-shuffle", "--seed", "2"]));
    assert_ne!(ordered, losses(&["--no-shuffle", "--seed", "2"]));
    assert_ne!(ordered, losses(&["--init", &init, "--seed", "2"]));
}

#[test]
fn the_example_runs_and_a_preset_can_be_printed_and_run() {
    let args = ["fit", "--run", "examples/run.json", "--epochs", "1", "--log", "json"];
    let lines = json_lines(&svertka(&args));
    assert_eq!(all(&lines, "epoch_end").len(), 1);
    assert_eq!(line(&lines, "evaluation")["samples"], 500);

    let dir = folder("print-run");
    let run = dir.join("run.json");
    let small = ["--samples", "300", "--test-samples", "100", "--epochs", "1"];
    let printed = stdout(&svertka(&[&["fit", "--preset", "mlp", "--print-run"], &small[..]].concat()));
    fs::write(&run, printed).unwrap();
    let weights = |name: &str, source: &[&str]| {
        let out = dir.join(name);
        stdout(&svertka(&[&["fit", "--out", out.to_str().unwrap()], source].concat()));
        fs::read(out).unwrap()
    };
    let of_run = weights("a.safetensors", &["--run", run.to_str().unwrap()]);
    let of_preset = weights("b.safetensors", &[&["--preset", "mlp"], &small[..]].concat());
    assert_eq!(of_run, of_preset);
}

#[test]
fn what_is_left_out_of_a_run_is_said() {
    let mut run = points();
    run["fit"]["workers"] = json!(4);
    let laboratory = Laboratory::new("notes", &run, &point_arrays());
    let lines = laboratory.fit(&[]);
    assert_eq!(lines[0]["event"], "note");
    assert_eq!((&lines[0]["path"], &lines[0]["argument"]), (&json!("fit.workers"), &json!("workers")));
}

/// A run or an array is changed, and this must be said.
#[test]
fn what_is_wrong_with_a_run_or_an_array_is_said() {
    let told = |name: &str, run: &Value, arrays: &[(&str, Vec<u8>)], code: i32, part: &str| {
        let dir = folder(name);
        fs::write(dir.join("run.json"), run.to_string()).unwrap();
        write_npz(&dir.join("arrays.npz"), arrays);
        let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
        let output = svertka(&["fit", "--run", &path("run.json"), "--data", &path("arrays.npz")]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.contains(part), "{error:?} does not say {part:?}");
    };
    let with = |name: &'static str, bytes: Vec<u8>| {
        let mut arrays = point_arrays();
        arrays.retain(|(other, _)| *other != name);
        arrays.push((name, bytes));
        arrays
    };
    let mut unknown = points();
    unknown["fit"]["epoch"] = json!(3);
    told("unknown", &unknown, &point_arrays(), 2, "fit.epoch: unknown key, did you mean epochs?");
    let without: Vec<(&str, Vec<u8>)> = point_arrays().into_iter().skip(1).collect();
    told("without", &points(), &without, 1, "has no x_train; it holds y_train, x_val");
    let wrong = with("x_train", floats(&[10, 3], [0.0; 30]));
    told("shape", &points(), &wrong, 1, "the model expects input (None, 2), the data has (None, 3)");
    let wrong = with("y_val", integers(&[5], 0..5));
    told("count", &points(), &wrong, 1, "val: y holds 5 samples, x holds 6");
    let wrong = with("y_train", integers(&[10], [7; 10]));
    told("class", &points(), &wrong, 1, "classes from 0 to 1, got 7");
    let wrong = with("x_train", b"\x93NUMPY\x01\x00".to_vec());
    told("damaged", &points(), &wrong, 1, "x_train: this is no .npy file");
    let mut split = points();
    split["fit"]["validation_split"] = json!(0.95);
    let training_only: Vec<(&str, Vec<u8>)> = point_arrays().into_iter().take(2).collect();
    told("split", &split, &training_only, 2, "none is left to train on");
    let mut weighed = points();
    weighed["fit"]["class_weight"] = json!({ "0": 2.0 });
    let both = with("sample_weight", floats(&[10], [1.0; 10]));
    told("weighed", &weighed, &both, 2, "class_weight and sample_weight cannot be given together");
    let output = svertka(&["summary", "--run", Path::new("absent.json").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
}

/// Keras 3.15.1 prints exactly this for the same layers in a `Sequential` called `net`.
#[test]
fn the_summary_is_printed_as_keras_prints_it() {
    let run = json!({
        "model": {
            "name": "net",
            "input_shape": [28, 28, 1],
            "layers": [
                { "Conv2D": { "filters": 6, "kernel_size": 5, "padding": "same" } },
                "BatchNormalization",
                "GlobalAveragePooling2D",
                { "Dense": { "units": 10 } },
            ],
        },
    });
    let path = folder("summary").join("run.json");
    fs::write(&path, run.to_string()).unwrap();
    let expected = [
        "Model: \"net\"",
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓",
        "┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃",
        "┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩",
        "│ conv2d (Conv2D)                 │ (None, 28, 28, 6)      │           156 │",
        "├─────────────────────────────────┼────────────────────────┼───────────────┤",
        "│ batch_normalization             │ (None, 28, 28, 6)      │            24 │",
        "│ (BatchNormalization)            │                        │               │",
        "├─────────────────────────────────┼────────────────────────┼───────────────┤",
        "│ global_average_pooling2d        │ (None, 6)              │             0 │",
        "│ (GlobalAveragePooling2D)        │                        │               │",
        "├─────────────────────────────────┼────────────────────────┼───────────────┤",
        "│ dense (Dense)                   │ (None, 10)             │            70 │",
        "└─────────────────────────────────┴────────────────────────┴───────────────┘",
        " Total params: 250 (1000.00 B)",
        " Trainable params: 238 (952.00 B)",
        " Non-trainable params: 12 (48.00 B)",
    ];
    let text = stdout(&svertka(&["summary", "--run", path.to_str().unwrap()]));
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
}
