//! The JSON lines of `--log json`. Keys and values named here stay as they are; more may join them.
//!
//! Every line is an object whose `event` says what the others mean. Numbers have Keras's names, epochs
//! and batches count from 0, durations are seconds, rates are 0..1, and a number that is not finite is
//! `null`. A run writes, in this order:
//!
//! | `event` | keys |
//! | --- | --- |
//! | `train_begin` | `epochs`, `steps_per_epoch`, `samples`, `validation_samples`, `batch_size`, `seed`, `optimizer`, `learning_rate` |
//! | `note` | `path`, `owner`, `argument`, `message`: an argument of run.json that was left out; or `callback`, `message`: what it does not do yet; before all others |
//! | `resumed` | `callback`, `file`, `epoch` to go on with: a backup was found; before `train_begin` |
//! | `batch_end` | with `--log-steps`: `epoch`, `batch`, `batch_loss` (of this batch alone), and the epoch's running means |
//! | `epoch_end` | `epoch`, `accuracy`, `loss`, with validation `val_accuracy`, `val_loss`; `seconds` |
//! | `callback` | `epoch`, `callback` (Keras's class name), `action`; what else depends on the action |
//! | `written` | `callback`, `asked` (its own name for it), `files`: a checkpoint or backup; follows its `callback` line |
//! | `warning` | `file`, `message`: a damaged backup, or weights that are no finite numbers |
//! | `train_end` | `reason` (`completed`, `requested`, `callback`, `diverged`), `epochs` (completed), `seconds` |
//! | `saved` | `weights`, `model`: paths, the same where one file has both; `files`: all of them |
//! | `evaluation` | `dataset`, `samples`, `accuracy`, `loss`, `classes`, `error_rates`, `confusion` (rows: true classes) |
//!
//! For arrays, `evaluation` has `samples`, `loss` and the metrics. `predict` then writes `output` lines with
//! `sample` and `output` (all values in C order), or with `--out` one `predicted` line with `file`, `shape`.
//!
//! `predict` writes `prediction` lines with `image`, `label` (where it is known), `predicted`,
//! `probabilities`; `summary` one `summary` line with `name`, `input_shape`, `layers`, `total_params`,
//! `trainable_params`. `convert` writes `note` lines, of arguments as above or of a `part` that the new file has no
//! place for, and one `converted` line with `source`, `format`, `files`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::evaluate::Evaluation;
use super::text;
use crate::engine::callbacks::CallbackAction;
use crate::engine::event::{Logs, StopReason, TrainEvent};
use crate::engine::schedules::LearningRateSpec;
use crate::engine::spec::{LayerSummary, ModelSpec, RunSpec};
use crate::formats::ModelFormat;
use crate::formats::run_json::KerasNote;

/// An event as an object, if it gets a line. `seconds` since the epoch or, in the end, the run began.
pub fn train_event(event: &TrainEvent, run: &RunSpec, seconds: f64) -> Option<Value> {
    Some(match event {
        TrainEvent::TrainBegin { epochs, steps_per_epoch, samples, validation_samples } => json!({
            "event": "train_begin",
            "epochs": epochs,
            "steps_per_epoch": steps_per_epoch,
            "samples": samples,
            "validation_samples": validation_samples,
            "batch_size": run.fit.batch_size,
            "seed": run.seed,
            "optimizer": run.compile.optimizer.class_name(),
            "learning_rate": learning_rate(run.compile.optimizer.learning_rate()),
        }),
        TrainEvent::EpochEnd { epoch, logs } => {
            with_logs(json!({ "event": "epoch_end", "epoch": epoch, "seconds": seconds }), logs)
        }
        TrainEvent::CallbackActed { epoch, callback, action } => {
            let mut line = callback_action(action);
            line["event"] = json!("callback");
            line["epoch"] = json!(epoch);
            line["callback"] = json!(run.fit.callbacks[*callback].class_name());
            line
        }
        TrainEvent::TrainEnd { reason, epochs } => json!({
            "event": "train_end",
            "reason": match reason {
                StopReason::Completed => "completed",
                StopReason::Requested => "requested",
                StopReason::Callback { .. } => "callback",
                StopReason::Diverged { .. } => "diverged",
            },
            "epochs": epochs,
            "seconds": seconds,
        }),
        TrainEvent::EpochBegin { .. }
        | TrainEvent::BatchEnd { .. }
        | TrainEvent::TestBatchEnd { .. }
        // Nobody changes the rate of a run here but callbacks, which say so themselves.
        | TrainEvent::LearningRateSet { .. } => return None,
    })
}

fn learning_rate(spec: &LearningRateSpec) -> Value {
    spec.number().map_or_else(|| json!(spec), |number| json!(as_written(number)))
}

/// 0.001, and not all digits of the `f32` nearest to it.
fn as_written(value: f32) -> Option<f64> {
    value.to_string().parse().ok()
}

/// The action's name in snake case under `action`, and its numbers beside it.
fn callback_action(action: &CallbackAction) -> Value {
    let Ok(Value::Object(kinds)) = serde_json::to_value(action) else { return json!({}) };
    let Some((kind, decision)) = kinds.into_iter().next() else { return json!({}) };
    // A callback with a single action has its numbers at once.
    let is_single = matches!(action, CallbackAction::TerminateOnNan { .. });
    let (name, values) = match decision {
        Value::Object(fields) if !is_single && fields.len() == 1 && fields.values().all(Value::is_object) => {
            fields.into_iter().next().unwrap_or((kind, Value::Null))
        }
        values => ("Terminated".to_owned(), values),
    };
    let mut line = json!({ "action": snake_case(&name) });
    if let Value::Object(values) = values {
        for (key, value) in values {
            line[key] = value;
        }
    }
    line
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// Where the model is.
pub fn saved(files: &[PathBuf]) -> Value {
    let files = paths(files);
    json!({ "event": "saved", "weights": files.first(), "model": files.last(), "files": files })
}

/// A model that was converted.
pub fn converted(source: &Path, format: ModelFormat, files: &[PathBuf]) -> Value {
    json!({
        "event": "converted",
        "source": source.display().to_string(),
        "format": format.id(),
        "files": paths(files),
    })
}

/// A part of a model that a kind of file has no place for.
pub fn left_out(part: &str, message: &str) -> Value {
    json!({ "event": "note", "part": part, "message": message })
}

fn paths(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|path| path.display().to_string()).collect()
}

/// A judged model.
pub fn evaluation(evaluation: &Evaluation) -> Value {
    let confusion = &evaluation.confusion;
    let classes = 0..confusion.num_classes();
    let row = |label| classes.clone().map(|class| confusion.count(label, class)).collect::<Vec<_>>();
    json!({
        "event": "evaluation",
        "dataset": evaluation.dataset.folder(),
        "samples": confusion.num_samples(),
        "accuracy": evaluation.accuracy(),
        "loss": evaluation.loss,
        "classes": evaluation.classes,
        "error_rates": classes.clone().map(|label| confusion.error_rate(label)).collect::<Vec<_>>(),
        "confusion": classes.clone().map(row).collect::<Vec<_>>(),
    })
}

/// A model judged by arrays.
pub fn judged(samples: usize, logs: &Logs) -> Value {
    with_logs(json!({ "event": "evaluation", "samples": samples }), logs)
}

/// A step: its batch's own loss, and the epoch's means so far.
pub fn batch_end(epoch: usize, batch: usize, batch_loss: f64, logs: &Logs) -> Value {
    let line = json!({ "event": "batch_end", "epoch": epoch, "batch": batch, "batch_loss": batch_loss });
    with_logs(line, logs)
}

fn with_logs(mut line: Value, logs: &Logs) -> Value {
    for (monitor, value) in &logs.0 {
        line[monitor.to_string()] = json!(value);
    }
    line
}

/// An argument that was left out of a run.
pub fn note(note: &KerasNote) -> Value {
    json!({
        "event": "note", "path": note.path, "owner": note.owner, "argument": note.argument,
        "message": note.to_string(),
    })
}

/// A model's outputs for one sample of an array.
pub fn output(sample: usize, values: &[f32]) -> Value {
    json!({ "event": "output", "sample": sample, "output": values })
}

/// Where the outputs for an array are.
pub fn predicted(path: &Path, extents: &[usize]) -> Value {
    json!({ "event": "predicted", "file": path.display().to_string(), "shape": extents })
}

/// The probabilities of one image.
pub fn prediction(image: u32, label: Option<u8>, predicted: u8, probabilities: &[f32]) -> Value {
    let mut line = json!({
        "event": "prediction", "image": image, "predicted": predicted, "probabilities": probabilities,
    });
    if let Some(label) = label {
        line["label"] = json!(label);
    }
    line
}

/// A model's layers.
pub fn summary(model: &ModelSpec, lines: &[LayerSummary]) -> Value {
    let layer = |line: &LayerSummary| {
        json!({
            "name": line.name, "class_name": line.class_name, "output_shape": line.output_shape,
            "params": line.num_params,
        })
    };
    let (total, trainable) = text::param_counts(model, lines);
    json!({
        "event": "summary",
        "name": model.name,
        "input_shape": model.input_shape,
        "layers": lines.iter().map(layer).collect::<Vec<_>>(),
        "total_params": total,
        "trainable_params": trainable,
    })
}
