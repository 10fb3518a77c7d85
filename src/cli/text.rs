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
        | TrainEvent::EpochEnd { .. } => return None,
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

/// Keras's `model.summary()`.
pub fn summary(model: &ModelSpec, lines: &[LayerSummary]) -> String {
    const WIDTHS: [usize; 3] = [31, 22, 13];
    let rule = |left: &str, dash: &str, middle: &str, right: &str| {
        format!("{left}{}{right}\n", WIDTHS.map(|width| dash.repeat(width + 2)).join(middle))
    };
    let row = |bar: &str, cells: [&str; 3]| {
        let [a, b, c] = WIDTHS;
        let cells = [wrapped(cells[0], a), wrapped(cells[1], b), wrapped(cells[2], c)];
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let line = |idx: usize| {
            let [first, second, third] =
                cells.each_ref().map(|cell| cell.get(idx).map_or("", String::as_str));
            format!("{bar} {first:a$} {bar} {second:b$} {bar} {third:>c$} {bar}\n")
        };
        (0..height).map(line).collect::<String>()
    };
    let mut text = format!("Model: \"{}\"\n", model.name);
    text += &rule("┏", "━", "┳", "┓");
    text += &row("┃", ["Layer (type)", "Output Shape", "Param #"]);
    text += &rule("┡", "━", "╇", "┩");
    for (idx, line) in lines.iter().enumerate() {
        if idx > 0 {
            text += &rule("├", "─", "┼", "┤");
        }
        let layer = format!("{} ({})", line.name, line.class_name);
        text += &row("│", [&layer, &line.output_shape.to_string(), &thousands(line.num_params)]);
    }
    text += &rule("└", "─", "┴", "┘");
    let (total, trainable) = param_counts(model, lines);
    // A parameter is 4 bytes; Keras counts 1024 bytes to the KB.
    let size = |params: usize| match params as f64 * 4.0 {
        bytes if bytes < 1024.0 => format!("{bytes:.2} B"),
        bytes if bytes < 1024.0 * 1024.0 => format!("{:.2} KB", bytes / 1024.0),
        bytes if bytes < 1024.0 * 1024.0 * 1024.0 => format!("{:.2} MB", bytes / 1024.0 / 1024.0),
        bytes => format!("{:.2} GB", bytes / 1024.0 / 1024.0 / 1024.0),
    };
    for (name, params) in [("Total", total), ("Trainable", trainable), ("Non-trainable", total - trainable)] {
        let _ = writeln!(text, " {name} params: {} ({})", thousands(params), size(params));
    }
    text.truncate(text.trim_end().len());
    text
}

/// All parameters, and those that are trained.
pub fn param_counts(model: &ModelSpec, lines: &[LayerSummary]) -> (usize, usize) {
    let total = lines.iter().map(|line| line.num_params).sum();
    let params = model.params().unwrap_or_default();
    let trainable = params.iter().filter(|param| param.spec.trainable).map(|param| param.spec.size()).sum();
    (total, trainable)
}

/// `text` in lines of at most `width` characters, broken at spaces; a longer word is cut.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ if length > width => lines.push(word.chars().take(width - 1).chain(['…']).collect()),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `61,706`
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
