//! Callbacks' decisions, spelled as `callbacks.py` spells Keras's.

use std::collections::BTreeMap;

use serde::Deserialize;
use svertka::engine::callbacks::{
    CallbackAction, CallbackList, CallbackSpec, Context, CsvLoggerAction, Direction, Directions,
    EarlyStoppingAction, LearningRateSchedulerAction, ModelCheckpointAction, ReduceLrOnPlateauAction,
    SummaryRun, TemplateError, TensorBoardAction, Verbose, WeightName, repr,
};
use svertka::engine::event::{Logs, Monitor, StopReason, TrainEvent};

use super::lines::{backup_line, history_lines, progress_lines, summary_line};

/// One callback with its arguments and a few runs.
#[derive(Deserialize)]
pub struct CallbackCase {
    callback: CallbackSpec,
    learning_rate: f32,
    runs: Vec<Run>,
    /// Of `ProgbarLogger`: what is printed.
    pub verbose: Option<Verbose>,
    /// And the seconds before the end of each batch, and before that of an epoch; a run is done with each.
    #[serde(default)]
    pub tempos: Vec<[f64; 2]>,
}

#[derive(Deserialize)]
struct Run {
    epochs: Vec<Epoch>,
    lines: Vec<String>,
}

/// Values as `repr` writes them.
pub type Written = BTreeMap<String, String>;

#[derive(Deserialize)]
pub struct Epoch {
    pub batches: Vec<Written>,
    pub logs: Written,
}

pub fn logs(written: &Written) -> Logs {
    let value = |(name, text): (&String, &String)| (Monitor::named(name.clone()), text.parse().unwrap());
    Logs(written.iter().map(value).collect())
}

/// The kernel and the bias of the one layer.
const PARAMS: [f32; 9] = [0.5, -1.0, 0.25, 2.0, 0.125, 1.0, 0.25, 0.25, 0.25];

fn context() -> Context {
    let weight = |name: &str, offset, extents: &[usize]| WeightName {
        path: format!("sequential/dense/{name}"),
        offset,
        extents: extents.to_vec(),
    };
    Context {
        directions: Directions(vec![("accuracy".to_owned(), Direction::Up)]),
        weights: vec![weight("kernel", 0, &[2, 3]), weight("bias", 6, &[3])],
        is_scheduled: false,
    }
}

/// A run without a network.
struct Driver {
    list: CallbackList,
    params: Vec<f32>,
    learning_rate: f32,
    iterations: u64,
    is_stopped: bool,
    lines: Lines,
}

impl Driver {
    fn tell(&mut self, event: TrainEvent) -> bool {
        let told = self.list.tell(event, &mut self.params, self.learning_rate, self.iterations);
        self.learning_rate = told.learning_rate.unwrap_or(self.learning_rate);
        self.is_stopped |= told.stop.is_some();
        for (_, action) in &told.actions {
            self.lines.add(&told.event, action);
        }
        self.lines.end(&told.event, self.learning_rate, self.is_stopped);
        told.aborts
    }

    fn run(&mut self, epochs: &[Epoch], marks_epochs: bool) {
        let (planned, steps_per_epoch) = (epochs.len(), epochs[0].batches.len());
        self.tell(TrainEvent::TrainBegin {
            epochs: planned,
            steps_per_epoch,
            samples: 2,
            validation_samples: 2,
        });
        for (epoch, step) in epochs.iter().enumerate() {
            self.tell(TrainEvent::EpochBegin { epoch });
            for (batch, written) in step.batches.iter().enumerate() {
                self.iterations += 1;
                let event = TrainEvent::BatchEnd { epoch, batch, batch_loss: 0.0, logs: logs(written) };
                if self.tell(event) {
                    return;
                }
                if self.is_stopped {
                    break;
                }
            }
            if step.logs.keys().any(|key| key.starts_with("val_")) {
                for batch in 0..2 {
                    self.tell(TrainEvent::TestBatchEnd { epoch, batch, batches: 2 });
                }
            }
            if marks_epochs {
                self.params[6] = epoch as f32;
            }
            if self.tell(TrainEvent::EpochEnd { epoch, logs: logs(&step.logs) }) {
                return;
            }
            if self.is_stopped {
                break;
            }
        }
        self.tell(TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: planned });
    }
}

/// The state that decisions add up to, and what is written of it.
#[derive(Default)]
struct Lines {
    /// One or more in this order.
    text: Vec<String>,
    /// What Keras's files keep apart.
    last: Vec<String>,
    /// Weights for TensorBoard's projector.
    embeddings: Vec<String>,
    wait: usize,
    cooldown: usize,
    best: Option<f64>,
    best_epoch: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Other,
    EarlyStopping,
    Plateau,
    Scheduler,
}

fn number(value: Option<f64>) -> String {
    value.map_or("none".to_owned(), repr)
}

impl Lines {
    fn add(&mut self, event: &TrainEvent, action: &CallbackAction) {
        match action {
            CallbackAction::EarlyStopping(action) => self.early_stopping(event, action),
            CallbackAction::ReduceLrOnPlateau(action) => self.plateau(action),
            CallbackAction::ModelCheckpoint(action) => match action {
                ModelCheckpointAction::Save { path, weights_only, .. } => {
                    let what = if *weights_only { "weights" } else { "model" };
                    self.text.push(format!("{what} {path}"));
                }
                ModelCheckpointAction::Skipped { .. } => {}
                ModelCheckpointAction::Failed { error } => {
                    assert!(matches!(error, TemplateError::UnknownKey { .. }), "{error}");
                    self.text.push("unknown key".to_owned());
                }
            },
            CallbackAction::TensorBoard(TensorBoardAction::Log { events }) => {
                for event in events {
                    let lines = if event.run == SummaryRun::Train { &mut self.text } else { &mut self.last };
                    lines.push(summary_line(event));
                }
            }
            CallbackAction::TensorBoard(TensorBoardAction::SaveEmbeddings { path }) => {
                self.embeddings.push(format!("save {path}"));
            }
            CallbackAction::BackupAndRestore(action) => {
                // Files are copied if there are any, and the folder is empty at first.
                let is_first = self.text.is_empty();
                self.text.push(backup_line(action, is_first));
            }
            CallbackAction::CsvLogger(
                CsvLoggerAction::Header { line, .. } | CsvLoggerAction::Row { line },
            ) => self.text.push(line.clone()),
            CallbackAction::TerminateOnNan { batch } => {
                let TrainEvent::BatchEnd { epoch, .. } = event else { panic!("{event:?}") };
                self.text.push(format!("stop {epoch} {batch}"));
            }
            CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { .. })
            | CallbackAction::CsvLogger(CsvLoggerAction::Open { .. }) => {}
        }
    }

    fn early_stopping(&mut self, event: &TrainEvent, action: &EarlyStoppingAction) {
        match action {
            EarlyStoppingAction::Improved { value, wait, .. } => {
                let TrainEvent::EpochEnd { epoch, .. } = event else { panic!("{event:?}") };
                (self.best, self.best_epoch, self.wait) = (Some(*value), *epoch, *wait);
            }
            EarlyStoppingAction::Waiting { best, best_epoch, wait, .. }
            | EarlyStoppingAction::Stopped { best, best_epoch, wait, .. } => {
                (self.best, self.best_epoch, self.wait) = (Some(*best), *best_epoch, *wait);
            }
            EarlyStoppingAction::NotYet { .. }
            | EarlyStoppingAction::Restored { .. }
            | EarlyStoppingAction::Missing { .. } => {}
        }
    }

    fn plateau(&mut self, action: &ReduceLrOnPlateauAction) {
        use ReduceLrOnPlateauAction as Action;
        (self.wait, self.cooldown, self.best) = match action {
            Action::Improved { value, cooldown, .. } => (0, *cooldown, Some(*value)),
            Action::CoolingDown { best, cooldown, .. } => (0, *cooldown, Some(*best)),
            Action::Waiting { best, wait, .. } | Action::AtMinimum { best, wait, .. } => {
                (*wait, 0, Some(*best))
            }
            Action::Reduced { best, cooldown, after, .. } => {
                self.last.push(format!("reduced to {}", repr(*after)));
                (0, *cooldown, Some(*best))
            }
            Action::Missing { .. } => (self.wait, self.cooldown, self.best),
        };
    }

    /// The line that tells of the whole epoch.
    fn end(&mut self, event: &TrainEvent, learning_rate: f32, is_stopped: bool) {
        let TrainEvent::EpochEnd { logs, .. } = event else { return };
        let Lines { wait, cooldown, best_epoch, .. } = *self;
        let best = number(self.best);
        let logged = number(logs.get(&Monitor::LEARNING_RATE));
        match self.kind {
            Kind::Other => {}
            Kind::EarlyStopping => {
                let stop = if is_stopped { " stop" } else { "" };
                self.text.push(format!("wait {wait} best {best} epoch {best_epoch}{stop}"));
            }
            Kind::Plateau => {
                let now = repr(learning_rate.into());
                self.text
                    .push(format!("logged {logged} now {now} wait {wait} cooldown {cooldown} best {best}"));
            }
            Kind::Scheduler => self.text.push(format!("logged {logged}")),
        }
    }
}

/// The first line of every run that Keras has otherwise.
pub fn disagreements(case: &CallbackCase) -> Vec<String> {
    let kind = match &case.callback {
        CallbackSpec::EarlyStopping(_) => Kind::EarlyStopping,
        CallbackSpec::ReduceLrOnPlateau(_) => Kind::Plateau,
        CallbackSpec::LearningRateScheduler(_) => Kind::Scheduler,
        _ => Kind::Other,
    };
    let context = context();
    case.callback.validate(&context).unwrap();
    let mut found = Vec::new();
    for (number, run) in case.runs.iter().enumerate() {
        let mut driver = Driver {
            list: CallbackList::new(std::slice::from_ref(&case.callback), &context),
            params: PARAMS.to_vec(),
            learning_rate: case.learning_rate,
            iterations: 0,
            is_stopped: false,
            lines: Lines { kind, ..Lines::default() },
        };
        driver.run(&run.epochs, kind == Kind::EarlyStopping);
        let mut got = driver.lines.text;
        got.append(&mut driver.lines.last);
        got.append(&mut driver.lines.embeddings);
        match case.callback {
            CallbackSpec::History(_) => got = history_lines(&driver.list),
            CallbackSpec::ProgbarLogger(_) => got = progress_lines(case, &run.epochs),
            _ => {}
        }
        if kind == Kind::EarlyStopping {
            got.push(format!("weights {}", driver.params[6]));
        }
        if got != run.lines {
            let at = (0..got.len().max(run.lines.len()))
                .find(|at| got.get(*at) != run.lines.get(*at))
                .unwrap_or(0);
            found.push(format!(
                "run {number}, line {at}: {:?}, Keras has {:?}",
                got.get(at),
                run.lines.get(at)
            ));
        }
    }
    found
}
