//! A [`KeptRun`] as text and back.
//!
//! Values of epochs that are no finite number are words, as JSON knows none. A line of the log that holds
//! such a number cannot be read back and is left out; the epoch's own values say it all the same.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::event_logs::LogNote;
use super::kept_files::FileNote;
use super::place::Place;
use super::rates::RateNote;
use super::record::{Device, Ending, KeptRun};
use crate::engine::event::{Logs, Monitor, TrainEvent};
use crate::engine::spec::RunSpec;
use crate::protocol::Build;
use crate::ui::pages::training::MOST_LINES;

/// What the text says it is.
const FORMAT: &str = "svertka-run";
/// Of its layout.
const VERSION: u32 = 1;
/// Bytes of a text in the log, at most.
const MOST_LINE_BYTES: usize = 20_000;

/// Why a text is no run.
#[derive(Clone, Debug, PartialEq)]
pub enum RunTextError {
    /// It is something else, or damaged; the parser's own words.
    Damaged(String),
    /// A later program wrote it.
    Newer {
        /// The newest known layout.
        expected: u32,
        /// That of the text.
        got: u32,
    },
}

/// Read first, so that a newer text is named as such.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

/// Read alone where the rest does not matter.
#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Serialize, Deserialize)]
struct Text {
    format: String,
    version: u32,
    id: String,
    name: String,
    job: RunSpec,
    created_ms: f64,
    touched_ms: f64,
    running_ms: f64,
    ending: Option<String>,
    epochs: Vec<(usize, Vec<(String, Value)>)>,
    log: Vec<Value>,
    // What follows was not there at first.
    #[serde(default)]
    forgotten_lines: usize,
    #[serde(default)]
    rates: Vec<RateNote>,
    #[serde(default)]
    files: Vec<FileNote>,
    #[serde(default)]
    forgotten_files: usize,
    #[serde(default)]
    logs: Vec<LogNote>,
    #[serde(default)]
    began_from: Option<String>,
    agent: String,
    cores: usize,
    is_fast: bool,
    last: Option<Place>,
    best: Option<usize>,
}

/// The text of a run.
pub fn to_text(run: &KeptRun) -> String {
    let text = Text {
        format: FORMAT.to_owned(),
        version: VERSION,
        id: run.id.clone(),
        name: run.name.clone(),
        job: run.job.clone(),
        created_ms: run.created_ms,
        touched_ms: run.touched_ms,
        running_ms: run.running_ms,
        ending: run.ending.map(|ending| ending_name(ending).to_owned()),
        epochs: run.epochs.iter().map(|(epoch, logs)| (*epoch, values(logs))).collect(),
        log: run.log.iter().filter_map(line).collect(),
        forgotten_lines: run.forgotten_lines,
        rates: run.rates.clone(),
        files: run.files.clone(),
        forgotten_files: run.forgotten_files,
        logs: run.logs.clone(),
        began_from: run.began_from.clone(),
        agent: run.device.agent.clone(),
        cores: run.device.cores,
        is_fast: run.device.build == Build::Fast,
        last: run.last.clone(),
        best: run.best,
    };
    serde_json::to_string(&text).expect("specs and notes hold nothing that JSON cannot say")
}

/// Reads a run.
///
/// # Errors
/// If it is none, or of a later layout.
pub fn from_text(text: &str) -> Result<KeptRun, RunTextError> {
    let damaged = |error: serde_json::Error| RunTextError::Damaged(error.to_string());
    let head: Head = serde_json::from_str(text).map_err(damaged)?;
    if head.format != FORMAT {
        return Err(RunTextError::Damaged(format!("format \"{}\"", head.format)));
    }
    if head.version > VERSION {
        return Err(RunTextError::Newer { expected: VERSION, got: head.version });
    }
    let text: Text = serde_json::from_str(text).map_err(damaged)?;
    // A log was not always bounded.
    let too_many = text.log.len().saturating_sub(MOST_LINES);
    Ok(KeptRun {
        id: text.id,
        name: text.name,
        job: text.job,
        created_ms: text.created_ms,
        touched_ms: text.touched_ms,
        running_ms: text.running_ms,
        ending: text.ending.as_deref().and_then(ending_of),
        epochs: text.epochs.into_iter().map(|(epoch, values)| (epoch, logs(values))).collect(),
        forgotten_lines: text.forgotten_lines.saturating_add(too_many),
        log: text
            .log
            .into_iter()
            .skip(too_many)
            .filter(is_reasonable)
            .filter_map(|line| serde_json::from_value(line).ok())
            .collect(),
        rates: text.rates,
        files: text.files,
        forgotten_files: text.forgotten_files,
        logs: text.logs,
        began_from: text.began_from,
        device: Device {
            agent: text.agent,
            cores: text.cores,
            build: if text.is_fast { Build::Fast } else { Build::Reproducible },
        },
        last: text.last,
        best: text.best,
    })
}

/// The name in a text.
pub fn name_in(text: &str) -> Option<String> {
    serde_json::from_str::<Named>(text).ok().map(|named| named.name)
}

const ENDINGS: [(Ending, &str); 3] =
    [(Ending::Finished, "finished"), (Ending::Stopped, "stopped"), (Ending::Interrupted, "interrupted")];

fn ending_name(ending: Ending) -> &'static str {
    ENDINGS.iter().find(|(known, _)| *known == ending).map_or("", |(_, name)| *name)
}

fn ending_of(name: &str) -> Option<Ending> {
    ENDINGS.iter().find(|(_, known)| *known == name).map(|(ending, _)| *ending)
}

/// Whether a line holds no number or text that nobody has measured or written: its numbers are counted from 1
/// for the reader, and the largest one has no next.
fn is_reasonable(line: &Value) -> bool {
    match line {
        Value::Number(number) => number.as_u64().is_none_or(|number| number < u64::from(u32::MAX)),
        Value::String(text) => text.len() <= MOST_LINE_BYTES,
        Value::Array(values) => values.iter().all(is_reasonable),
        Value::Object(fields) => fields.values().all(is_reasonable),
        Value::Null | Value::Bool(_) => true,
    }
}

/// The line, if it can be read back.
fn line(event: &TrainEvent) -> Option<Value> {
    let value = serde_json::to_value(event).ok()?;
    serde_json::from_value::<TrainEvent>(value.clone()).is_ok().then_some(value)
}

fn values(logs: &Logs) -> Vec<(String, Value)> {
    let value = |value: f64| if value.is_finite() { json!(value) } else { json!(value.to_string()) };
    logs.0.iter().map(|(monitor, number)| (monitor.name().to_owned(), value(*number))).collect()
}

fn logs(values: Vec<(String, Value)>) -> Logs {
    let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    Logs(
        values
            .into_iter()
            .filter_map(|(name, value)| Some((Monitor::named(name), number(&value)?)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::StopReason;
    use crate::formats::tensorboard::Appended;
    use crate::protocol::CheckpointFile;
    use crate::ui::runs::samples::{epoch_end, run};

    #[test]
    fn a_run_comes_back() {
        let mut kept = run("7f", 3);
        kept.job.seed = u64::MAX;
        kept.best = Some(2);
        kept.device.build = Build::Fast;
        kept.push(&TrainEvent::LearningRateSet { epoch: 2, batch: 1, before: 0.001, after: 0.3 });
        let (path, params) = ("веса.{1}.keras".to_owned(), vec![0.5]);
        kept.save(&CheckpointFile {
            callback: 0,
            path,
            epoch: 2,
            epochs: 3,
            weights_only: false,
            params,
            optimizer: None,
        });
        (kept.forgotten_files, kept.forgotten_lines) = (3, 4);
        let (path, bytes) = ("logs/train/a".to_owned(), vec![1, 2]);
        kept.log_more(Appended { callback: 1, path, bytes }).unwrap();
        kept.began_from = Some("сеть".to_owned());
        assert_eq!(from_text(&to_text(&kept)), Ok(kept.clone()));
        kept.push(&TrainEvent::TrainEnd { reason: StopReason::Diverged { epoch: 3, batch: 1 }, epochs: 3 });
        assert_eq!(from_text(&to_text(&kept)), Ok(kept.clone()));
        assert_eq!(name_in(&to_text(&KeptRun { name: "Сеть".to_owned(), ..kept })), Some("Сеть".to_owned()));
    }

    #[test]
    fn a_text_of_the_first_kind_is_read_and_a_long_log_is_cut() {
        let mut kept = run("7f", 1);
        kept.log = vec![epoch_end(0); MOST_LINES + 5];
        let mut text: Value = serde_json::from_str(&to_text(&kept)).unwrap();
        for later in ["forgotten_lines", "rates", "files", "forgotten_files", "began_from", "logs"] {
            text.as_object_mut().unwrap().remove(later).unwrap();
        }
        let back = from_text(&text.to_string()).unwrap();
        assert_eq!((back.log.len(), back.forgotten_lines, back.rates.len()), (MOST_LINES, 5, 0));
    }

    #[test]
    fn a_loss_that_is_no_number_comes_back() {
        let mut kept = run("7f", 1);
        let logs = Logs::from([(Monitor::LOSS, f64::INFINITY), (Monitor::VAL_LOSS, f64::NEG_INFINITY)]);
        kept.epochs.push((1, logs));
        assert_eq!(from_text(&to_text(&kept)), Ok(kept.clone()));
        kept.epochs.push((2, Logs::from([(Monitor::LOSS, f64::NAN)])));
        let back = from_text(&to_text(&kept)).unwrap();
        assert!(back.epochs[2].1.get(&Monitor::LOSS).unwrap().is_nan());
    }

    #[test]
    fn other_and_newer_texts_are_told_apart() {
        let text = to_text(&run("7f", 1));
        let newer = text.replacen("\"version\":1", "\"version\":2", 1);
        assert_eq!(from_text(&newer), Err(RunTextError::Newer { expected: 1, got: 2 }));
        assert!(matches!(from_text("{}"), Err(RunTextError::Damaged(_))));
        assert!(matches!(from_text(&text[..text.len() / 2]), Err(RunTextError::Damaged(_))));
        let other = text.replacen(FORMAT, "svertka-model", 1);
        assert!(matches!(from_text(&other), Err(RunTextError::Damaged(_))));
    }
}
