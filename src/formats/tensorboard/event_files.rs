//! [`EventFiles`]: which bytes go at the end of which file.

use serde::{Deserialize, Serialize};

use super::record;
use super::value::{self, Moment};
use crate::engine::callbacks::{CallbackAction, CallbackSpec, SummaryEvent, SummaryRun, TensorBoardAction};
use crate::engine::event::TrainEvent;
use crate::engine::spec::RunSpec;
use crate::formats::keras_file;

/// The host in files' names.
const HOST: &str = "svertka";

/// Bytes for the end of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appended {
    /// Position in [`crate::engine::spec::FitSpec::callbacks`] of whose file it is.
    pub callback: usize,
    /// With the callback's `log_dir`: `logs/train/events.out.tfevents.1764421500.svertka.4711.0.v2`.
    pub path: String,
    /// Whole records.
    pub bytes: Vec<u8>,
}

/// The event files of one run's `TensorBoard` callbacks. Nothing is written here: whoever has a disk puts
/// [`Appended`] at the ends of files.
#[derive(Debug)]
pub struct EventFiles {
    logs: Vec<EventLog>,
    /// As Keras's JSON; none if Keras cannot say it.
    model: Option<String>,
    /// Tells the files of two programs apart that began in one second.
    process: u32,
    /// Files so far: Keras numbers them within a program.
    num_files: usize,
    /// Seconds since 1970.
    epoch_began: f64,
    /// Likewise.
    batch_began: f64,
    /// What the last batch took, in seconds.
    batch_spent: f64,
}

/// The files of one callback.
#[derive(Debug)]
struct EventLog {
    callback: usize,
    log_dir: String,
    /// Paths of those that were begun, of training and of validation.
    paths: [Option<String>; 2],
}

/// The network as TensorBoard is told of it: Keras's JSON. Nothing where no TensorBoard watches, or Keras cannot say it.
///
/// Apart from [`EventFiles`], since the worker that trains need not know how Keras writes every argument.
pub fn graph(run: &RunSpec) -> Option<String> {
    let is_watched = run.fit.callbacks.iter().any(|spec| matches!(spec, CallbackSpec::TensorBoard(_)));
    if is_watched { keras_file::model_json(&run.model).ok() } else { None }
}

impl EventFiles {
    /// Before the first event of a run whose network is this [`graph`], in a program with this number.
    pub fn new(run: &RunSpec, graph: Option<String>, process: u32) -> Self {
        let log = |(callback, spec): (usize, &CallbackSpec)| match spec {
            CallbackSpec::TensorBoard(spec) => {
                Some(EventLog { callback, log_dir: spec.log_dir.clone(), paths: [None, None] })
            }
            _ => None,
        };
        let logs: Vec<EventLog> = run.fit.callbacks.iter().enumerate().filter_map(log).collect();
        Self {
            logs,
            model: graph,
            process,
            num_files: 0,
            epoch_began: 0.0,
            batch_began: 0.0,
            batch_spent: 0.0,
        }
    }

    /// What `event`, told at `wall_time` in seconds since 1970, adds to files.
    pub fn on_event(&mut self, event: &TrainEvent, wall_time: f64) -> Vec<Appended> {
        match event {
            TrainEvent::EpochBegin { .. } => {
                self.epoch_began = wall_time;
                self.batch_began = wall_time;
            }
            TrainEvent::BatchEnd { .. } => {
                self.batch_spent = wall_time - self.batch_began;
                self.batch_began = wall_time;
            }
            TrainEvent::CallbackActed {
                callback,
                action: CallbackAction::TensorBoard(TensorBoardAction::Log { events }),
                ..
            } => return self.log(*callback, events, wall_time),
            _ => {}
        }
        Vec::new()
    }

    fn log(&mut self, callback: usize, events: &[SummaryEvent], wall_time: f64) -> Vec<Appended> {
        let Self { logs, model, process, num_files, epoch_began, batch_spent, .. } = self;
        let Some(log) = logs.iter_mut().find(|log| log.callback == callback) else { return Vec::new() };
        let mut appended: Vec<Appended> = Vec::new();
        for event in events {
            let is_of_epoch = event.tag.starts_with("epoch_");
            let spent = if is_of_epoch { wall_time - *epoch_began } else { *batch_spent };
            let Some(message) = value::event(event, Moment { wall_time, spent, model: model.as_deref() })
            else {
                continue;
            };
            let (run, folder) = match event.run {
                SummaryRun::Train => (0, "train"),
                SummaryRun::Validation => (1, "validation"),
            };
            let is_new = log.paths[run].is_none();
            let path = log.paths[run].get_or_insert_with(|| {
                let number = std::mem::replace(num_files, *num_files + 1);
                let name =
                    format!("events.out.tfevents.{:010}.{HOST}.{process}.{number}.v2", wall_time as u64);
                format!("{}/{folder}/{name}", log.log_dir.trim_end_matches('/'))
            });
            let at = appended.iter().position(|addition| addition.path == *path).unwrap_or_else(|| {
                appended.push(Appended { callback, path: path.clone(), bytes: Vec::new() });
                appended.len() - 1
            });
            if is_new {
                appended[at].bytes.extend(record::first(wall_time));
            }
            appended[at].bytes.extend(record::record(&message));
        }
        appended
    }
}
