//! `BackupAndRestore`: a run that was killed goes on.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::laboratory::{Laboratory, all, point_arrays, points};
use crate::{line, stdout, svertka};

/// A run with everything that has a state: momentums, moving statistics, drawn orders and dropped values.
fn laboratory(name: &str, epochs: usize, backup: &Value) -> Laboratory {
    let mut run = points();
    run["model"]["layers"] = json!([
        { "Dense": { "units": 6, "activation": "tanh" } },
        "BatchNormalization",
        { "Dropout": { "rate": 0.25 } },
        { "Dense": { "units": 2, "activation": "softmax" } },
    ]);
    run["compile"]["optimizer"] = json!({ "Adam": { "learning_rate": 0.01 } });
    run["fit"]["epochs"] = json!(epochs);
    // Every rate follows from the one before.
    let rates = json!({ "LearningRateScheduler": { "schedule": { "Multiply": { "factor": 0.999, "from_epoch": 0 } } } });
    run["fit"]["callbacks"] = json!([rates]);
    let laboratory = Laboratory::new(name, &run, &point_arrays());
    fs::write(laboratory.path("plain.json"), run.to_string()).unwrap();
    let mut backup = backup.clone();
    backup["backup_dir"] = json!(laboratory.path("backup"));
    run["fit"]["callbacks"] = json!([rates, { "BackupAndRestore": backup }]);
    fs::write(laboratory.path("run.json"), run.to_string()).unwrap();
    laboratory
}

/// The weights of the same run without any interruption.
fn uninterrupted(laboratory: &Laboratory) -> Vec<u8> {
    let (run, arrays) = (laboratory.path("plain.json"), laboratory.path("arrays.npz"));
    let out = laboratory.path("uninterrupted.safetensors");
    stdout(&svertka(&["fit", "--run", &run, "--data", &arrays, "--out", &out]));
    fs::read(out).unwrap()
}

/// Begins the run and kills it at its `backups`th backup, in the middle of whatever it does then.
fn kill_at(laboratory: &Laboratory, backups: usize) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_svertka"))
        .args(["fit", "--run", &laboratory.path("run.json"), "--data", &laboratory.path("arrays.npz")])
        .args(["--log", "json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let seen = lines.filter(|line| line.contains("\"event\":\"written\"")).take(backups).count();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(seen, backups, "it ended before it was killed");
    assert!(Path::new(&laboratory.path("backup")).is_dir());
}

fn go_on(laboratory: &Laboratory) -> (Vec<Value>, Vec<u8>) {
    let out = laboratory.path("resumed.safetensors");
    let lines = laboratory.fit(&["--out", &out]);
    (lines, fs::read(out).unwrap())
}

#[test]
fn a_killed_run_ends_with_the_bits_of_an_uninterrupted_one() {
    let laboratory = laboratory("killed", 400, &json!({}));
    kill_at(&laboratory, 7);
    kill_at(&laboratory, 20);
    let (lines, weights) = go_on(&laboratory);
    let resumed = line(&lines, "resumed");
    let epoch = resumed["epoch"].as_u64().unwrap();
    assert!((27..400).contains(&epoch), "{resumed}");
    let epochs = all(&lines, "epoch_end");
    assert_eq!((&epochs[0]["epoch"], epochs.len() as u64), (&resumed["epoch"], 400 - epoch));
    assert!(weights == uninterrupted(&laboratory));
    assert!(!Path::new(&laboratory.path("backup")).exists(), "it goes when training has ended");
    // So the next run begins anew, and ends the same.
    let (lines, again) = go_on(&laboratory);
    assert_eq!(all(&lines, "epoch_end").len(), 400);
    assert!(again == weights);
}

/// As in Keras 3.15.1: a run of 3 batches an epoch that goes on from a backup in the middle of one repeats
/// this epoch from its first batch, with the weights and steps that it had.
#[test]
fn a_backup_within_an_epoch_begins_that_epoch_again() {
    let laboratory = laboratory("within", 300, &json!({ "save_freq": 2, "delete_checkpoint": false }));
    kill_at(&laboratory, 10);
    let metadata = || -> Value {
        let text = fs::read_to_string(laboratory.path("backup/training_metadata.json")).unwrap();
        assert!(text.starts_with("{\"epoch\": "), "as Python writes it: {text}");
        serde_json::from_str(&text).unwrap()
    };
    let kept = metadata();
    let (lines, _) = go_on(&laboratory);
    let resumed = line(&lines, "resumed");
    // The two files are replaced one after the other, and the kill may have come between.
    let (first, epoch) = (kept["epoch"].as_u64().unwrap(), resumed["epoch"].as_u64().unwrap());
    assert!((first..=first + 1).contains(&epoch), "{kept} {resumed}");
    assert_eq!(all(&lines, "epoch_end")[0]["epoch"], resumed["epoch"]);
    assert_eq!(metadata()["epoch"], 299);
    // A run that is over and whose backup stays has its last epoch again, no more.
    assert_eq!(all(&go_on(&laboratory).0, "epoch_end").len(), 1);
}

#[test]
fn a_damaged_backup_gives_way_to_the_one_before() {
    let keep = json!({ "double_checkpoint": true, "delete_checkpoint": false });
    let laboratory = laboratory("damaged", 5, &keep);
    let (_, weights) = go_on(&laboratory);
    // Its backup says that nothing is left to do, so nothing is done, as in Keras.
    let (lines, again) = go_on(&laboratory);
    assert_eq!((all(&lines, "epoch_end").len(), &line(&lines, "resumed")["epoch"]), (0, &json!(5)));
    assert!(weights == again);
    let latest = laboratory.path("backup/latest.weights.h5.safetensors");
    let bytes = fs::read(&latest).unwrap();
    assert_ne!(bytes, fs::read(latest.clone() + ".bkp").unwrap());
    fs::write(&latest, &bytes[..bytes.len() / 2]).unwrap();
    let (lines, again) = go_on(&laboratory);
    assert!(line(&lines, "warning")["message"].as_str().unwrap().contains("damaged"), "{lines:?}");
    assert_eq!(line(&lines, "resumed")["epoch"], 4);
    assert!(weights == again);
}

#[test]
fn a_backup_of_another_run_is_refused_with_its_path() {
    let keep = json!({ "delete_checkpoint": false });
    let refused = |name: &str, change: fn(&mut Value), part: &str| {
        let laboratory = laboratory(name, 2, &keep);
        go_on(&laboratory);
        let path = laboratory.path("run.json");
        let mut run: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        change(&mut run);
        fs::write(&path, run.to_string()).unwrap();
        let output = svertka(&["fit", "--run", &path, "--data", &laboratory.path("arrays.npz")]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("latest.weights.h5.safetensors: ") && error.contains(part), "{error}");
    };
    let other: fn(&mut Value) = |run| run["compile"]["optimizer"] = json!("sgd");
    refused("other-optimizer", other, "of another optimizer");
    let wider: fn(&mut Value) = |run| run["model"]["layers"][0]["Dense"]["units"] = json!(7);
    refused("other-model", wider, "of another model: it has no dense/kernel of [2, 7]");
}

/// What else is in the folder stays, unlike in Keras.
#[test]
fn only_backups_are_deleted() {
    let laboratory = laboratory("others", 2, &json!({}));
    fs::create_dir(laboratory.path("backup")).unwrap();
    fs::write(laboratory.path("backup/notes.txt"), "mine").unwrap();
    go_on(&laboratory);
    let left: Vec<_> =
        fs::read_dir(laboratory.path("backup")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["notes.txt"]);
}
