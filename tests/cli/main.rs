//! The program itself: what it prints, writes and returns.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot run the program has failed")]

mod arrays;
mod backups;
mod callback_files;
mod classes;
mod convert;
mod laboratory;
mod verbose;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program in the repository's folder.
fn svertka(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_svertka"));
    command.args(args).current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("SVERTKA_DATA").output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Every line of standard output as an object with an `event`.
fn json_lines(output: &Output) -> Vec<Value> {
    let lines: Vec<Value> = stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["event"].is_string()), "{lines:?}");
    lines
}

fn line<'a>(lines: &'a [Value], event: &str) -> &'a Value {
    lines.iter().find(|line| line["event"] == event).unwrap_or_else(|| panic!("no {event} in {lines:?}"))
}

/// A fresh folder for one test.
fn folder(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}"));
    if dir.exists() {
        fs::remove_dir_all(&dir).unwrap();
    }
    fs::create_dir_all(&dir).unwrap();
    dir
}

const FIT: [&str; 9] =
    ["fit", "--preset", "mlp", "--samples", "500", "--epochs", "1", "--test-samples", "300"];

#[test]
fn fit_saves_what_evaluate_and_predict_read() {
    let weights = folder("fit").join("digits.safetensors");
    let weights = weights.to_str().unwrap();
    let args = ["--validation-samples", "100", "--log", "json", "--out", weights];
    let lines = json_lines(&svertka(&[&FIT[..], &args].concat()));
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["train_begin", "epoch_end", "train_end", "saved", "evaluation"]);
    assert_eq!(line(&lines, "train_begin")["steps_per_epoch"], 7);
    assert_eq!(line(&lines, "train_begin")["learning_rate"], 0.001);
    for key in ["loss", "accuracy", "val_loss", "val_accuracy", "seconds"] {
        assert!(line(&lines, "epoch_end")[key].is_f64(), "{key} in {lines:?}");
    }
    assert_eq!(line(&lines, "train_end")["reason"], "completed");
    assert_eq!(line(&lines, "saved")["model"], weights.replace(".safetensors", ".json"));

    let judge = ["evaluate", "--weights", weights, "--test-samples", "300", "--log", "json"];
    let again = json_lines(&svertka(&judge));
    assert_eq!(again, [line(&lines, "evaluation").clone()]);
    let matrix = again[0]["confusion"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap());
    assert_eq!(matrix.map(|count| count.as_u64().unwrap()).sum::<u64>(), 300);

    let predict = ["predict", "--weights", weights, "--indices", "3,0", "--log", "json"];
    let predictions = json_lines(&svertka(&predict));
    assert_eq!(predictions.len(), 2);
    assert_eq!((&predictions[0]["image"], &predictions[0]["label"]), (&3.into(), &0.into()));
    assert_eq!(predictions[1]["label"], 7);
    for prediction in &predictions {
        let probabilities = prediction["probabilities"].as_array().unwrap();
        let sum: f64 = probabilities.iter().map(|p| p.as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{prediction}");
    }
}

#[test]
fn a_seed_gives_the_same_file_and_another_seed_another() {
    let dir = folder("seed");
    let run = |name: &str, seed: &str| {
        let path = dir.join(name);
        let args = ["--test-samples", "0", "--seed", seed, "--out", path.to_str().unwrap()];
        stdout(&svertka(&[&FIT[..7], &args].concat()));
        fs::read(path).unwrap()
    };
    let first = run("a.safetensors", "5");
    assert_eq!(first, run("b.safetensors", "5"));
    assert_ne!(first, run("c.safetensors", "6"));
}

#[test]
fn a_saved_network_is_trained_anew_with_the_same_result() {
    let dir = folder("model");
    let (first, second) = (dir.join("first.safetensors"), dir.join("second.safetensors"));
    stdout(&svertka(&[&FIT[..], &["--out", first.to_str().unwrap()]].concat()));
    let model = dir.join("first.json");
    let args = ["fit", "--model", model.to_str().unwrap(), "--out", second.to_str().unwrap()];
    stdout(&svertka(&[&args, &FIT[3..]].concat()));
    assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
}

#[test]
fn early_stopping_says_what_it_decides() {
    let args = [
        "fit",
        "--preset",
        "mlp",
        "--samples",
        "300",
        "--validation-samples",
        "100",
        "--epochs",
        "30",
        "--test-samples",
        "0",
        "--optimizer",
        "sgd",
        "--learning-rate",
        "0",
        "--early-stopping-patience",
        "2",
        "--restore-best-weights",
        "--log",
        "json",
    ];
    let lines = json_lines(&svertka(&args));
    let callbacks = lines.iter().filter(|line| line["event"] == "callback");
    let actions: Vec<&str> = callbacks.map(|line| line["action"].as_str().unwrap()).collect();
    // With a rate of 0 nothing changes, so nothing improves.
    assert_eq!(actions, ["improved", "waiting", "stopped", "restored"]);
    assert_eq!(line(&lines, "train_end")["epochs"], 3);
    assert_eq!(line(&lines, "train_end")["reason"], "callback");
    let text: Vec<&str> = args[..args.len() - 2].to_vec();
    let text = stdout(&svertka(&text));
    assert!(text.contains("EarlyStopping: val_loss is"), "{text}");
    assert!(text.contains("the weights of epoch 1 are back"), "{text}");
}

#[test]
fn summary_is_that_of_keras() {
    let text = stdout(&svertka(&["summary", "--preset", "lenet5"]));
    for part in ["Model: \"lenet5\"", "conv2d_1 (Conv2D)", "(None, 10, 10, 16)", "2,416"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(text.contains("Total params: 61,706 (241.04 KB)"), "{text}");
    let lines = json_lines(&svertka(&["summary", "--preset", "mlp", "--log", "json"]));
    assert_eq!(lines[0]["total_params"], 101_770);
}

#[test]
fn people_get_tables() {
    let weights = folder("tables").join("model.safetensors");
    let weights = weights.to_str().unwrap();
    let clothes = ["--dataset", "fashion-mnist", "--out", weights];
    let text = stdout(&svertka(&[&FIT[..], &clothes].concat()));
    assert!(text.contains("\n8/8 ━━━━━━━━━━━━━━━━━━━━ "), "{text}");
    let test_line = text.lines().find(|line| line.starts_with("Test: 300 images")).unwrap();
    let judge = ["evaluate", "--weights", weights, "--dataset", "fashion-mnist", "--test-samples", "300"];
    let text = stdout(&svertka(&judge));
    assert_eq!(text.lines().next(), Some(test_line));
    assert!(text.contains("Confusion matrix") && text.contains("ankle_boot"), "{text}");
    let pixels = folder("pixels").join("black.bin");
    fs::write(&pixels, [0; 784]).unwrap();
    let predict = ["predict", "--weights", weights, "--pixels", pixels.to_str().unwrap()];
    assert_eq!(stdout(&svertka(&predict)).lines().count(), 11);
}

#[test]
fn what_is_wrong_is_said_with_what_was_expected() {
    let dir = folder("wrong");
    let path = |name: &str| dir.join(name).to_str().unwrap().to_owned();
    let (garbage, cut, missing) = (path("garbage.json"), path("cut.bin"), path("missing/x.safetensors"));
    fs::write(&garbage, "{\"format\": \"layers-model\", \"version\": 1}").unwrap();
    fs::write(&cut, [0; 783]).unwrap();
    let weights = path("model.safetensors");
    stdout(&svertka(&[&FIT[..7], &["--test-samples", "0", "--out", &weights]].concat()));
    fs::write(path("short.safetensors"), &fs::read(&weights).unwrap()[..1000]).unwrap();
    fs::copy(path("model.json"), path("short.json")).unwrap();
    let mlp = ["fit", "--preset", "mlp"];
    let with = |args: &[&str]| [&mlp[..], args].concat().iter().map(|arg| (*arg).to_owned()).collect();
    let own = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect();
    let cases: Vec<(i32, &str, Vec<String>)> = vec![
        (2, "--preset <PRESET>", own(&["fit"])),
        (
            2,
            "softmax, mlp, mlp3, lenet5, keras-cnn, mnist-cnn, fashion-cnn",
            own(&["fit", "--preset", "alexnet"]),
        ),
        (2, "mnist, fashion-mnist", with(&["--dataset", "cifar"])),
        (2, "epochs must be between 1", with(&["--epochs", "0"])),
        (2, "learning_rate must be between 0", with(&["--learning-rate", "-1"])),
        (2, "70000 samples", with(&["--samples", "70000"])),
        (2, "none is left", with(&["--samples", "10", "--validation-samples", "10"])),
        (2, "belongs to --optimizer sgd, got --optimizer adam", with(&["--nesterov"])),
        (2, "val_loss, which needs --validation-samples", with(&["--early-stopping-patience", "1"])),
        (2, "--early-stopping-patience", with(&["--restore-best-weights"])),
        (2, "weights go to a file such as", with(&["--out", &garbage])),
        (1, "/nowhere", with(&["--data", "/nowhere"])),
        (1, "missing", with(&["--out", &missing])),
        (1, "\"layers-model\", expected \"svertka-model\"", own(&["fit", "--model", &garbage])),
        (1, "the weights cannot be read", own(&["evaluate", "--weights", &path("short.safetensors")])),
        (1, "absent.safetensors: No such file", own(&["evaluate", "--weights", &path("absent.safetensors")])),
        (
            1,
            "holds 783 bytes; expected a multiple of 784",
            own(&["predict", "--weights", &weights, "--pixels", &cut]),
        ),
        (1, "diverged in epoch 1", with(&["--samples", "500", "--epochs", "1", "--learning-rate", "1e38"])),
    ];
    for (code, part, args) in cases {
        let output = svertka(&args.iter().map(String::as_str).collect::<Vec<_>>());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {error}");
        assert!(error.contains(part), "{args:?} says {error:?} and not {part:?}");
    }
    assert_eq!(fs::read(&garbage).unwrap().len(), 40, "a refused run must not touch other files");
}
