//! What `fit` prints for people: Keras's lines, by `verbose`.

use serde_json::{Value, json};

use crate::laboratory::{Laboratory, all, point_arrays, points};
use crate::{line, stdout, svertka};

/// What is printed with `verbose` and other arguments of `fit`.
fn printed(name: &str, fit: &Value) -> Vec<String> {
    let mut run = points();
    run["compile"]["metrics"] = json!(["accuracy"]);
    for (key, value) in fit.as_object().unwrap() {
        run["fit"][key] = value.clone();
    }
    let laboratory = Laboratory::new(name, &run, &point_arrays());
    let (run, arrays) = (laboratory.path("run.json"), laboratory.path("arrays.npz"));
    let lines = laboratory.fit(&[]);
    assert_eq!(all(&lines, "epoch_end").len(), 2, "JSON is complete whatever verbose says");
    assert_eq!(line(&lines, "train_end")["reason"], "completed");
    let text = stdout(&svertka(&["fit", "--run", &run, "--data", &arrays]));
    assert!(!text.contains('\u{1b}') && !text.contains('\r'), "bars are redrawn on terminals only: {text}");
    text.lines().map(str::to_owned).collect()
}

/// Keras 3.15.1 prints these lines for this run but for the times; what is said before and after is ours.
#[test]
fn lines_are_those_of_keras() {
    for verbose in [json!("auto"), json!(1)] {
        let lines = printed("verbose-bar", &json!({ "verbose": verbose }));
        assert_eq!((lines[1].as_str(), lines[3].as_str()), ("Epoch 1/2", "Epoch 2/2"));
        assert!(lines[2].starts_with("3/3 ━━━━━━━━━━━━━━━━━━━━ 0s "), "{lines:?}");
        let keys: Vec<&str> =
            lines[2].split(" - ").skip(1).filter_map(|part| part.split(':').next()).collect();
        assert_eq!(keys, ["accuracy", "loss", "val_accuracy", "val_loss"]);
    }
    let lines = printed("verbose-line", &json!({ "verbose": 2 }));
    assert_eq!(lines[1], "Epoch 1/2");
    assert!(lines[2].starts_with("3/3 - 0s - ") && lines[2].contains("/step - accuracy: "), "{lines:?}");
}

#[test]
fn silence_is_broken_by_those_who_were_told_to_speak() {
    let lines = printed("verbose-silent", &json!({ "verbose": 0 }));
    assert_eq!(lines.len(), 1, "only the judgment at the end: {lines:?}");
    let callbacks = json!([
        { "ReduceLROnPlateau": { "monitor": "loss" } },
        { "EarlyStopping": { "monitor": "loss", "patience": 5, "verbose": 1 } },
    ]);
    let lines = printed("verbose-spoken", &json!({ "verbose": 0, "callbacks": callbacks }));
    assert_eq!(lines.iter().filter(|line| line.starts_with("  EarlyStopping: loss ")).count(), 2);
    assert!(lines.iter().all(|line| !line.contains("ReduceLROnPlateau")), "{lines:?}");
}
