//! What the commands say to people, in Keras's manner.

use std::fmt::Write;

use super::callback_text;
use super::evaluate::Evaluation;
use crate::engine::callbacks::Verbose;
use crate::engine::event::{Logs, StopReason, TrainEvent};
use crate::engine::spec::{LayerSummary, ModelSpec, RunSpec};

/// An event in words, if it gets a line; people count epochs and batches from 1. Epochs are told by
/// [`ProgbarLogger`](crate::engine::callbacks::ProgbarLogger).
///
/// With `verbose` 0 only those callbacks speak that were told to.
pub fn train_event(event: &TrainEvent, run: &RunSpec, seconds: f64) -> Option<String> {
    let is_silent = run.fit.verbose == Verbose::Silent;
    Some(match event {
        TrainEvent::CallbackActed { callback, action, .. } => {
            let spec = &run.fit.callbacks[*callback];
            if is_silent && !callback_text::is_verbose(spec) {
                return None;
            }
            format!("  {}: {}", spec.class_name(), callback_text::action(spec, action)?)
        }
        _ if is_silent => return None,
        TrainEvent::TrainBegin { samples, validation_samples, .. } => {
            let optimizer = &run.compile.optimizer;
            format!(
                "{samples} training samples, {validation_samples} for validation, batches of {}, {} at {}, seed {}",
                run.fit.batch_size,
                optimizer.class_name(),
                optimizer.learning_rate(),
                run.seed
            )
        }
        TrainEvent::TrainEnd { reason, epochs } => {
            let why = match reason {
                StopReason::Completed => "Trained",
                StopReason::Requested => "Stopped on request",
                StopReason::Callback { callback } => {
                    return Some(format!(
                        "Stopped by {} after {epochs} epochs in {seconds:.1} s",
                        run.fit.callbacks[*callback].class_name()
                    ));
                }
                StopReason::Diverged { .. } => "Diverged",
            };
            format!("{why}: {epochs} epochs in {seconds:.1} s")
        }
        TrainEvent::EpochBegin { .. }
        | TrainEvent::BatchEnd { .. }
        | TrainEvent::TestBatchEnd { .. }
        | TrainEvent::EpochEnd { .. }
        // Nobody changes the rate of a run here but callbacks, which say so themselves.
        | TrainEvent::LearningRateSet { .. } => return None,
    })
}

/// As Keras's progress bar: 4 decimals, or an exponent where they would say nothing or too much.
pub fn number(value: f64) -> String {
    let plain = value == 0.0 || !value.is_finite() || (1e-3..1e6).contains(&value.abs());
    if plain { format!("{value:.4}") } else { format!("{value:.4e}") }
}

/// Accuracy and loss in one line.
pub fn evaluation(evaluation: &Evaluation) -> String {
    format!(
        "Test: {} images of {} - accuracy: {} - loss: {}",
        evaluation.confusion.num_samples(),
        evaluation.dataset,
        number(evaluation.accuracy()),
        number(evaluation.loss)
    )
}

/// A model judged by arrays.
pub fn judged(samples: usize, logs: &Logs) -> String {
    format!("Test: {samples} samples{}", with_logs(logs))
}

/// A step: its batch's own loss, and the epoch's means so far.
pub fn batch_end(epoch: usize, batch: usize, batch_loss: f64, logs: &Logs) -> String {
    format!(
        "  epoch {}, batch {}: loss of this batch {}{}",
        epoch + 1,
        batch + 1,
        number(batch_loss),
        with_logs(logs)
    )
}

fn with_logs(logs: &Logs) -> String {
    let mut text = String::new();
    for (monitor, value) in &logs.0 {
        let _ = write!(text, " - {monitor}: {}", number(*value));
    }
    text
}

/// The error rate of every class, and the confusion matrix.
pub fn evaluation_tables(evaluation: &Evaluation) -> String {
    let (confusion, classes) = (&evaluation.confusion, &evaluation.classes);
    let width = classes.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(5);
    let mut text = format!("\n{:width$}  images  wrong  error rate\n", "class");
    for (label, name) in classes.iter().enumerate() {
        let support = confusion.support(label);
        let wrong = support - confusion.count(label, label);
        let rate =
            confusion.error_rate(label).map_or_else(|| "-".to_owned(), |r| format!("{:.2} %", r * 100.0));
        let _ = writeln!(text, "{name:width$}  {support:6}  {wrong:5}  {rate:>10}");
    }
    text += "\nConfusion matrix: rows are true classes, columns predicted ones\n";
    let column = width.min(6).max(confusion.num_samples().to_string().len());
    let _ = write!(text, "{:width$}", "");
    for class in 0..classes.len() {
        let _ = write!(text, "  {class:>column$}");
    }
    for (label, name) in classes.iter().enumerate() {
        let _ = write!(text, "\n{name:width$}");
        for class in 0..classes.len() {
            let _ = write!(text, "  {:>column$}", confusion.count(label, class));
        }
    }
    text
}

/// The probabilities of one image; `name` gives a class in words.
pub fn prediction(
    image: u32,
    label: Option<u8>,
    predicted: u8,
    probabilities: &[f32],
    name: impl Fn(usize) -> String,
) -> String {
    let truth = label.map_or_else(String::new, |label| {
        format!(
            " ({})",
            if label == predicted {
                "right".to_owned()
            } else {
                format!("in truth {}", name(usize::from(label)))
            }
        )
    });
    let mut text = format!("Image {image}: {}{truth}", name(usize::from(predicted)));
    for (class, probability) in probabilities.iter().enumerate() {
        let _ = write!(text, "\n  {:>6.2} %  {}", probability * 100.0, name(class));
    }
    text
}

/// All parameters, and those that are trained.
pub fn param_counts(model: &ModelSpec, lines: &[LayerSummary]) -> (usize, usize) {
    let total = lines.iter().map(|line| line.num_params).sum();
    let params = model.params().unwrap_or_default();
    let trainable = params.iter().filter(|param| param.spec.trainable).map(|param| param.spec.size()).sum();
    (total, trainable)
}
