//! `svertka convert`, and the other commands with files of every kind.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use svertka::formats::{ModelFormat, read_weights};

use crate::laboratory::{Laboratory, all, point_arrays, points};
use crate::{folder, json_lines, line, stdout, svertka};

/// What can be read again, with the endings of its files.
const READ: [(ModelFormat, &str); 5] = [
    (ModelFormat::Keras, "keras"),
    (ModelFormat::KerasWeights, "weights.h5"),
    (ModelFormat::KerasH5, "h5"),
    (ModelFormat::Safetensors, "safetensors"),
    (ModelFormat::Npz, "npz"),
];

/// A trained model with an optimizer that keeps two arrays per weight.
fn trained(name: &str) -> Laboratory {
    let mut run = points();
    run["compile"]["optimizer"] = json!({ "Adam": { "learning_rate": 0.05 } });
    run["compile"]["metrics"] = json!(["accuracy"]);
    let laboratory = Laboratory::new(name, &run, &point_arrays());
    laboratory.fit(&["--out", &laboratory.path("m.keras")]);
    laboratory
}

fn convert(args: &[&str]) -> Vec<Value> {
    json_lines(&svertka(&[&["convert", "--log", "json"], args].concat()))
}

/// The weights in a file, by way of ours.
fn params(laboratory: &Laboratory, file: &str) -> Vec<f32> {
    let to = laboratory.path("as-ours.safetensors");
    convert(&[file, &to, "--run", &laboratory.path("run.json")]);
    read_weights(laboratory.model(), &fs::read(to).unwrap()).unwrap()
}

#[test]
fn every_pair_of_kinds_keeps_every_bit() {
    let laboratory = trained("convert-pairs");
    let (first, run) = (laboratory.path("m.keras"), laboratory.path("run.json"));
    let expected = params(&laboratory, &first);
    for (from, end) in READ {
        let source = laboratory.path(&format!("from.{end}"));
        convert(&[&first, &source]);
        for format in ModelFormat::ALL.into_iter().filter(|format| *format != ModelFormat::Notebook) {
            let out = laboratory.path(&format!("{}-to-{}", from.id(), format.id()));
            fs::create_dir(&out).unwrap();
            let lines = convert(&[&source, &out, "--format", format.id(), "--run", &run]);
            let told = line(&lines, "converted");
            assert_eq!(told["format"], format.id());
            let files: Vec<String> = serde_json::from_value(told["files"].clone()).unwrap();
            assert!(files.iter().all(|file| Path::new(file).parent() == Some(Path::new(&out))), "{files:?}");
            assert_eq!(fs::read_dir(&out).unwrap().count(), files.len(), "{files:?}");
            if format.is_read() {
                assert_eq!(params(&laboratory, &files[0]), expected, "{from:?} to {format:?}");
            }
        }
    }
}

#[test]
fn a_network_for_images_becomes_a_notebook_in_either_language() {
    let dir = folder("convert-notebook");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let fit = ["fit", "--preset", "mlp", "--samples", "100", "--epochs", "1", "--test-samples", "0", "--out"];
    stdout(&svertka(&[&fit[..], &[&path("m.keras")]].concat()));
    let text = |name: &str, more: &[&str]| {
        let lines = convert(&[&[&*path("m.keras"), &*path(name)], more].concat());
        let stem = name.strip_suffix(".ipynb").unwrap();
        assert_eq!(
            line(&lines, "converted")["files"],
            json!([path(name), path(&format!("{stem}.weights.h5"))])
        );
        fs::read_to_string(path(name)).unwrap()
    };
    assert_ne!(text("en.ipynb", &[]), text("ru.ipynb", &["--language", "ru"]).replace("ru.", "en."));
}

#[test]
fn what_has_no_place_in_the_new_file_is_said() {
    let laboratory = trained("convert-notes");
    let first = laboratory.path("m.keras");
    let said = |out: &str| -> Vec<String> {
        let lines = convert(&[&first, &laboratory.path(out)]);
        all(&lines, "note").iter().map(|note| note["part"].as_str().unwrap().to_owned()).collect()
    };
    let (layers, compile, state) = ("the layers", "how the model was compiled", "the optimizer's state");
    assert_eq!(said("again.keras"), [""; 0]);
    assert_eq!(said("again.weights.h5"), [layers, compile]);
    assert_eq!(said("again.safetensors"), [state]);
    assert_eq!(said("again.npz"), [layers, compile]);
    assert_eq!(said("again.onnx"), [compile, state]);
    let text = stdout(&svertka(&["convert", &first, &laboratory.path("text.onnx")]));
    assert!(
        text.starts_with("Note: onnx files do not hold how the model was compiled; it was left out\n"),
        "{text}"
    );
    assert!(text.ends_with("text.onnx\n"), "{text}");
}

#[test]
fn files_of_every_kind_are_evaluated_predicted_and_trained_on() {
    let laboratory = trained("convert-use");
    let (first, run, arrays) =
        (laboratory.path("m.keras"), laboratory.path("run.json"), laboratory.path("arrays.npz"));
    let use_it = |command: &str, more: &[&str]| {
        json_lines(&svertka(&[&[command, "--data", &arrays, "--log", "json"], more].concat()))
    };
    // A whole model needs nothing else.
    let judged = use_it("evaluate", &["--weights", &first]);
    assert!(judged[0]["accuracy"].is_f64(), "metrics are the file's: {judged:?}");
    for (_, end) in READ {
        let file = laboratory.path(&format!("m.{end}"));
        if file != first {
            convert(&[&first, &file]);
        }
        assert_eq!(use_it("evaluate", &["--weights", &file, "--run", &run]), judged, "{end}");
        let outputs = use_it("predict", &["--weights", &file, "--run", &run]);
        assert_eq!(outputs, use_it("predict", &["--weights", &first]), "{end}");
        let fitted = use_it("fit", &["--run", &run, "--init", &file]);
        assert_eq!(all(&fitted, "epoch_end").len(), 2, "{end}");
        let out = laboratory.path(&format!("again.{end}"));
        let fitted = use_it("fit", &["--run", &run, "--init", &file, "--epochs", "1", "--out", &out]);
        assert_eq!(line(&fitted, "saved")["weights"], out.as_str());
        assert!(fs::metadata(&out).unwrap().len() > 0);
    }
    // The layers may come from a whole model, too.
    assert_eq!(
        use_it("predict", &["--weights", &laboratory.path("m.npz"), "--model", &first]),
        use_it("predict", &["--weights", &first])
    );
    let text = stdout(&svertka(&["summary", "--model", &first]));
    assert!(text.contains("dense_1 (Dense)"), "{text}");
}

/// Two epochs and two more end where four do, to the bit: the state of the optimizer is in the file.
#[test]
fn training_goes_on_from_a_file_as_if_it_had_not_stopped() {
    for (format, end) in READ.into_iter().filter(|(format, _)| format.holds_optimizer()) {
        for optimizer in [
            json!({ "SGD": { "momentum": 0.9, "nesterov": true } }),
            json!({ "Adam": { "amsgrad": true } }),
            json!({ "RMSprop": { "momentum": 0.5, "centered": true } }),
            json!({ "Nadam": { "learning_rate": 0.01 } }),
            json!({ "AdamW": { "gradient_accumulation_steps": 2 } }),
        ] {
            let mut run = points();
            run["compile"]["optimizer"] = optimizer.clone();
            let laboratory =
                Laboratory::new(&format!("convert-resume-{}", format.id()), &run, &point_arrays());
            let (half, rest, whole) = (
                laboratory.path(&format!("half.{end}")),
                laboratory.path(&format!("rest.{end}")),
                laboratory.path(&format!("whole.{end}")),
            );
            laboratory.fit(&["--no-shuffle", "--epochs", "4", "--out", &whole]);
            laboratory.fit(&["--no-shuffle", "--epochs", "2", "--out", &half]);
            let init = ["--no-shuffle", "--epochs", "2", "--init", &half, "--out", &rest];
            laboratory.fit(&[&init[..], &["--resume"]].concat());
            assert_eq!(params(&laboratory, &rest), params(&laboratory, &whole), "{end}, {optimizer}");
            laboratory.fit(&init);
            assert_ne!(params(&laboratory, &rest), params(&laboratory, &whole), "without the state");
        }
    }
}

#[test]
fn a_whole_model_is_all_that_fit_needs_to_go_on() {
    let laboratory = trained("convert-go-on");
    let (first, arrays) = (laboratory.path("m.keras"), laboratory.path("arrays.npz"));
    let fit = ["fit", "--init", &first, "--resume", "--data", &arrays, "--epochs", "1", "--log", "json"];
    let lines = json_lines(&svertka(&fit));
    let begin = line(&lines, "train_begin");
    assert_eq!((&begin["optimizer"], &begin["epochs"]), (&json!("Adam"), &json!(1)));
    assert!(all(&lines, "epoch_end")[0]["accuracy"].is_f64(), "metrics are the file's: {lines:?}");
}

#[test]
fn what_is_wrong_is_said_before_anything_is_written() {
    let laboratory = trained("convert-wrong");
    let (first, run) = (laboratory.path("m.keras"), laboratory.path("run.json"));
    let other = folder("convert-wrong-other");
    let other_run = other.join("run.json");
    let mut wider = points();
    wider["model"]["layers"][0]["Dense"]["units"] = json!(4);
    fs::write(&other_run, wider.to_string()).unwrap();
    let other_run = other_run.to_str().unwrap();
    let path = |name: &str| laboratory.path(name);
    // Safetensors hold no state of an optimizer.
    convert(&[&first, &path("plain.safetensors")]);
    convert(&[&path("plain.safetensors"), &path("bare.npz")]);
    convert(&[&first, &path("m.onnx")]);
    let cases: [(i32, &str, Vec<&str>); 9] = [
        (2, "--format does: keras, keras-weights", vec!["convert", &first, "x.bin"]),
        (2, "--format does: keras, keras-weights", vec!["convert", &first, "/tmp"]),
        (2, "bare.json; name them with --preset, --model or --run", vec!["convert", "BARE", "x.keras"]),
        (1, "onnx are written and not read", vec!["convert", "ONNX", "x.keras"]),
        (
            1,
            "dense/kernel has extents [2, 3], the model needs [2, 4]",
            vec!["convert", &first, "x.keras", "--run", other_run],
        ),
        (
            1,
            "the file does not hold the optimizer's state",
            vec!["fit", "--init", "BARE", "--resume", "--run", &run, "--data", "ARRAYS"],
        ),
        (
            1,
            "the state is that of another optimizer",
            vec![
                "fit",
                "--init",
                &first,
                "--resume",
                "--run",
                other_optimizer(&laboratory),
                "--data",
                "ARRAYS",
            ],
        ),
        (1, "input_shape", vec!["convert", &first, "x.ipynb"]),
        (2, "--init <FILE>", vec!["fit", "--run", &run, "--resume"]),
    ];
    for (code, part, args) in cases {
        let named: Vec<String> = args
            .iter()
            .map(|arg| match *arg {
                "BARE" => path("bare.npz"),
                "ONNX" => path("m.onnx"),
                "ARRAYS" => path("arrays.npz"),
                "x.bin" | "x.keras" | "x.ipynb" => path(arg),
                other => other.to_owned(),
            })
            .collect();
        let output = svertka(&named.iter().map(String::as_str).collect::<Vec<_>>());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {error}");
        assert!(error.contains(part), "{args:?} says {error:?} and not {part:?}");
    }
    for name in ["x.bin", "x.keras", "x.ipynb"] {
        assert!(!Path::new(&path(name)).exists(), "{name}");
    }
}

/// The run of the laboratory with an optimizer that keeps nothing; its file's path lives as long as the test.
fn other_optimizer(laboratory: &Laboratory) -> &'static str {
    let path = laboratory.path("sgd.json");
    fs::write(&path, points().to_string()).unwrap();
    Box::leak(path.into_boxed_str())
}
