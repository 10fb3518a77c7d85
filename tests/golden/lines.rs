//! What `callbacks.py` and `records.py` write of Keras, written of the engine.

use svertka::engine::callbacks::{
    BackupAndRestoreAction, CallbackList, ProgbarLogger, SummaryEvent, SummaryRun, SummaryValue, repr,
};
use svertka::engine::event::TrainEvent;

use super::callback::{CallbackCase, Epoch, logs};

pub fn backup_line(action: &BackupAndRestoreAction, is_first: bool) -> String {
    match action {
        BackupAndRestoreAction::Keep { weights, epoch, batch, keep_previous, .. } => {
            let before = if *keep_previous && !is_first { " after the one before" } else { "" };
            format!("{weights} epoch {epoch} batch {batch}{before}")
        }
        BackupAndRestoreAction::Delete { backup_dir } => format!("delete {backup_dir}"),
    }
}

/// As Python writes dictionaries of lists.
pub fn history_lines(list: &CallbackList) -> Vec<String> {
    let history = list.history();
    let mut lines: Vec<String> = Vec::new();
    for (monitor, values) in &history.history {
        let values: Vec<String> = values.iter().copied().map(repr).collect();
        lines.push(format!("{monitor} [{}]", values.join(", ")));
    }
    lines.sort();
    lines.insert(0, format!("epoch {:?}", history.epoch));
    lines
}

/// What is printed of a run, a bar being written as its length.
pub fn progress_lines(case: &CallbackCase, epochs: &[Epoch]) -> Vec<String> {
    let mut lines = Vec::new();
    for [batch_seconds, end_seconds] in &case.tempos {
        let mut logger = ProgbarLogger::new(case.verbose.unwrap());
        let mut now = 1000.0;
        let mut tell = |event: TrainEvent, now: f64| {
            let text = logger.on_event(&event, now).unwrap_or_default().replace(&"━".repeat(20), "[20]");
            lines.extend((!text.is_empty()).then(|| text.trim_end().to_owned()));
        };
        let steps_per_epoch = epochs[0].batches.len();
        let (samples, validation_samples) = (steps_per_epoch, 0);
        let planned = epochs.len();
        tell(TrainEvent::TrainBegin { epochs: planned, steps_per_epoch, samples, validation_samples }, now);
        for (epoch, step) in epochs.iter().enumerate() {
            tell(TrainEvent::EpochBegin { epoch }, now);
            for (batch, written) in step.batches.iter().enumerate() {
                now += batch_seconds;
                tell(TrainEvent::BatchEnd { epoch, batch, batch_loss: 0.0, logs: logs(written) }, now);
            }
            now += end_seconds;
            tell(TrainEvent::EpochEnd { epoch, logs: logs(&step.logs) }, now);
        }
    }
    lines
}

pub fn summary_line(event: &SummaryEvent) -> String {
    let run = if event.run == SummaryRun::Train { "train" } else { "validation" };
    let numbers = |values: &mut dyn Iterator<Item = String>| values.collect::<Vec<_>>().join(" ");
    let value = match &event.value {
        // Event files hold float32.
        SummaryValue::Scalar(value) => repr((*value as f32).into()),
        SummaryValue::StepsPerSecond { .. } | SummaryValue::Model | SummaryValue::Trace => String::new(),
        SummaryValue::Histogram(buckets) => numbers(&mut buckets.iter().map(|bucket| bucket[2].to_string())),
        SummaryValue::Images { height, width, pixels, .. } => {
            format!("{height}x{width} ") + &numbers(&mut pixels.concat().iter().map(u8::to_string))
        }
    };
    format!("{run} {} {} {value}", event.step, event.tag).trim_end().to_owned()
}
