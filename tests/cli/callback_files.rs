//! The files that `CSVLogger`, `TensorBoard` and `ModelCheckpoint` write.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use svertka::formats::read_weights;

use crate::arrays::{floats, write_npz};
use crate::laboratory::{Laboratory, all, point_arrays, points};
use crate::{json_lines, line, stdout, svertka};

fn with_callbacks(callbacks: &Value) -> Value {
    let mut run = points();
    run["compile"]["metrics"] = json!(["accuracy"]);
    run["fit"]["callbacks"] = callbacks.clone();
    run
}

/// A laboratory whose callbacks may name files in its own folder.
fn laboratory(name: &str, callbacks: impl Fn(&dyn Fn(&str) -> String) -> Value) -> Laboratory {
    let laboratory = Laboratory::new(name, &points(), &point_arrays());
    let run = with_callbacks(&callbacks(&|file| laboratory.path(file)));
    fs::write(laboratory.path("run.json"), run.to_string()).unwrap();
    laboratory
}

/// A column of a CSV file that begins with its names.
fn column(csv: &str, name: &str) -> Vec<String> {
    let mut lines = csv.split("\r\n").filter(|line| !line.is_empty());
    let at = lines.next().unwrap().split(',').position(|column| column == name).unwrap();
    lines.map(|line| line.split(',').nth(at).unwrap().to_owned()).collect()
}

/// The shape of the file is that of Keras 3.15.1 for the same callbacks: `0;0.699999988079071;0.5;…` in
/// lines that end in CR LF, `learning_rate` by a callback before, float32 written as Python writes a float.
#[test]
fn csv_logger_writes_what_the_log_says() {
    let laboratory = laboratory(
        "csv",
        |path| json!([{ "ReduceLROnPlateau": { "monitor": "loss" } }, { "CSVLogger": { "filename": path("log.csv") } }]),
    );
    let lines = laboratory.fit(&["--learning-rate", "0.05"]);
    let csv = fs::read_to_string(laboratory.path("log.csv")).unwrap();
    assert!(csv.starts_with("epoch,accuracy,learning_rate,loss,val_accuracy,val_loss\r\n0,"), "{csv:?}");
    assert!(csv.ends_with("\r\n") && csv.lines().count() == 3);
    assert_eq!(column(&csv, "learning_rate"), ["0.05000000074505806"; 2]);
    for name in ["loss", "val_loss", "accuracy"] {
        let told: Vec<f64> =
            all(&lines, "epoch_end").iter().map(|line| line[name].as_f64().unwrap()).collect();
        let written = column(&csv, name);
        for (text, told) in written.iter().zip(told) {
            assert_eq!(text.parse::<f64>().unwrap(), told);
            assert_eq!(f64::from(told as f32), told, "a float32, as in Keras");
        }
    }
}

#[test]
fn csv_logger_appends_only_when_told_to_and_fills_with_na() {
    let laboratory = laboratory(
        "csv-append",
        |path| json!([{ "CSVLogger": { "filename": path("log.csv"), "append": true, "separator": ";" } }]),
    );
    let file = laboratory.path("log.csv");
    // Without validation, Keras adds its columns and fills them.
    let arrays = &point_arrays()[..2];
    write_npz(&laboratory.folder.join("arrays.npz"), arrays);
    laboratory.fit(&[]);
    let first = fs::read_to_string(&file).unwrap();
    assert!(first.starts_with("epoch;accuracy;loss;val_accuracy;val_loss\r\n0;"), "{first:?}");
    assert!(first.ends_with(";NA;NA\r\n"), "{first:?}");
    laboratory.fit(&[]);
    let both = fs::read_to_string(&file).unwrap();
    assert_eq!(both.matches("epoch;").count(), 1, "no second header: {both:?}");
    assert_eq!(both.lines().count(), 5);
    let over = with_callbacks(&json!([{ "CSVLogger": { "filename": file } }]));
    fs::write(laboratory.path("run.json"), over.to_string()).unwrap();
    laboratory.fit(&[]);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 3);
}

/// What is in them is compared with Keras's own files where they are written, and read by TensorBoard in
/// `make interop`.
#[test]
fn tensor_board_writes_event_files_where_keras_does_and_the_log_has_the_same() {
    let laboratory = laboratory(
        "tensor-board",
        |path| json!([{ "TensorBoard": { "log_dir": path("deep/logs"), "histogram_freq": 1 } }]),
    );
    let lines = laboratory.fit(&[]);
    let logged = all(&lines, "callback");
    let events: Vec<&Value> = logged.iter().flat_map(|line| line["events"].as_array().unwrap()).collect();
    for run in ["train", "validation"] {
        let folder = laboratory.folder.join("deep/logs").join(run);
        let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        let name = files[0].file_name().into_string().unwrap();
        assert!(
            name.strip_prefix("events.out.tfevents.").and_then(|rest| rest.strip_suffix(".v2")).is_some(),
            "{name}"
        );
        let bytes = fs::read(files[0].path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).filter(|part| *part == text.as_bytes()).count();
        assert_eq!(holds("brain.Event:2"), 1);
        let own: Vec<&str> = events
            .iter()
            .filter(|event| event["run"] == run)
            .map(|event| event["tag"].as_str().unwrap())
            .collect();
        assert!(!own.is_empty() && own.iter().all(|tag| holds(tag) > 0), "{own:?}");
    }
    // A second run begins files of its own.
    laboratory.fit(&[]);
    assert_eq!(fs::read_dir(laboratory.folder.join("deep/logs/train")).unwrap().count(), 2);
}

#[test]
fn checkpoints_are_there_under_the_asked_name_and_work() {
    let laboratory = laboratory("checkpoint", |path| {
        json!([
            { "ModelCheckpoint": { "filepath": path("deep/er/m.{epoch:02d}-{val_loss:.2f}.keras") } },
            { "ModelCheckpoint": {
                "filepath": path("step{batch}.weights.h5"), "save_weights_only": true, "save_freq": 4,
            } },
            { "ModelCheckpoint": {
                "filepath": path("best.keras"), "save_best_only": true, "initial_value_threshold": 0.0,
            } },
        ])
    });
    let out = laboratory.path("last.safetensors");
    let lines = laboratory.fit(&["--out", &out]);
    let epochs = all(&lines, "epoch_end");
    let name = |epoch: usize| {
        let val_loss = epochs[epoch - 1]["val_loss"].as_f64().unwrap();
        laboratory.path(&format!("deep/er/m.{epoch:02}-{val_loss:.2}.keras"))
    };
    let written = all(&lines, "written");
    assert_eq!(written[0]["asked"], name(1).as_str());
    assert_eq!(written[0]["files"], json!([name(1)]));
    // Saved after the last step, so the same weights as in the end.
    let model = svertka::formats::run_json::read_run(&points().to_string()).unwrap().run.model;
    let params = |file: &str, end: &str| {
        let (from, to) = (laboratory.path(file), laboratory.path(&format!("{end}.safetensors")));
        stdout(&svertka(&["convert", &from, &to, "--run", &laboratory.path("run.json")]));
        read_weights(&model, &fs::read(to).unwrap()).unwrap()
    };
    assert_eq!(params(&name(2), "second"), params(&out, "end"));
    assert_ne!(params(&name(1), "first"), params(&out, "end"));
    let judged = |weights: &str| {
        let args =
            ["evaluate", "--data", &laboratory.path("arrays.npz"), "--log", "json", "--weights", weights];
        json_lines(&svertka(&args))
    };
    assert_eq!(judged(&name(2)), judged(&out));
    // After 4 of 3 + 3 batches: the first one of the second epoch.
    assert_eq!(params("step1.weights.h5", "step").len(), model.num_params().unwrap());
    let files: Vec<String> = fs::read_dir(&laboratory.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(files.iter().all(|name| !name.starts_with("best") && !name.contains("partial")), "{files:?}");
    let beside =
        |name: &String| name.starts_with("m.") || name.starts_with("step1") && name != "step1.weights.h5";
    assert!(!files.iter().any(beside), "each is one file: {files:?}");
}

#[test]
fn paths_begin_in_the_current_folder() {
    let laboratory = laboratory(
        "checkpoint-relative",
        |_| json!([{ "ModelCheckpoint": { "filepath": "sub/model.keras" } }, { "CSVLogger": { "filename": "log.csv" } }]),
    );
    let output = Command::new(env!("CARGO_BIN_EXE_svertka"))
        .args(["fit", "--run", "run.json", "--data", "arrays.npz"])
        .current_dir(&laboratory.folder)
        .output()
        .unwrap();
    let text = stdout(&output);
    assert!(!text.contains("Note:"), "what was asked for is what is written: {text}");
    assert_eq!(text.matches("saves sub/model.keras").count(), 2, "{text}");
    assert!(laboratory.folder.join("sub/model.keras").is_file());
    assert!(laboratory.folder.join("log.csv").is_file());
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let cases: [(&str, Value, &str); 5] = [
        (
            "no-folder",
            json!({ "CSVLogger": { "filename": "FOLDER/absent/log.csv" } }),
            "absent/log.csv: No such file",
        ),
        ("folder", json!({ "CSVLogger": { "filename": "FOLDER" } }), "folder: Is a directory"),
        ("full", json!({ "CSVLogger": { "filename": "/dev/full" } }), "/dev/full: No space left"),
        (
            "file-above",
            json!({ "ModelCheckpoint": { "filepath": "FOLDER/run.json/m.keras" } }),
            "run.json/m.keras: ",
        ),
        (
            "backup",
            json!({ "BackupAndRestore": { "backup_dir": "FOLDER/run.json" } }),
            "run.json/latest.weights.h5.safetensors: ",
        ),
    ];
    for (name, callback, part) in cases {
        let laboratory = laboratory(&format!("unwritable-{name}"), |path| {
            let folder = path("");
            let text = callback.to_string().replace("FOLDER", folder.trim_end_matches('/'));
            json!([serde_json::from_str::<Value>(&text).unwrap()])
        });
        let (run, arrays) = (laboratory.path("run.json"), laboratory.path("arrays.npz"));
        let output = svertka(&["fit", "--run", &run, "--data", &arrays]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}: {error}");
        assert!(error.contains(part), "{name}: {error:?} does not say {part:?}");
    }
}

#[test]
fn weights_of_a_diverged_run_are_saved_with_a_warning() {
    // Steps so long that the weights overflow, and targets so large that only the loss does.
    let cases =
        [("weights", 1e38, 1.0, "weights that are no finite numbers"), ("loss", 1e-30, 1e25, "diverged")];
    for (name, learning_rate, target, part) in cases {
        let mut run = with_callbacks(&json!(["TerminateOnNaN"]));
        run["model"]["layers"] = json!([{ "Dense": { "units": 1 } }]);
        run["compile"] = json!({ "optimizer": { "SGD": { "learning_rate": learning_rate } }, "loss": "mse" });
        run["fit"]["epochs"] = json!(10);
        let x = point_arrays().swap_remove(0);
        let arrays = [x, ("y_train", floats(&[10, 1], [target; 10]))];
        let laboratory = Laboratory::new(&format!("diverged-{name}"), &run, &arrays);
        let out = laboratory.path("model.safetensors");
        let lines = laboratory.fit(&["--out", &out]);
        assert_eq!(line(&lines, "train_end")["reason"], "diverged");
        let warning = line(&lines, "warning");
        assert_eq!(warning["file"], out.as_str());
        assert!(warning["message"].as_str().unwrap().contains(part), "{warning}");
        assert!(fs::metadata(&out).unwrap().len() > 0);
    }
}
