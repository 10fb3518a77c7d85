//! [`Record`]: what the callbacks of a run have done so far, as their cards show it.

use std::collections::VecDeque;

use crate::engine::callbacks::{
    BackupAndRestoreAction, CallbackAction, CallbackSpec, CallbackState, CsvLoggerAction, Direction,
    LearningRateSchedulerAction, ModelCheckpointAction, ReduceLrOnPlateauAction, TensorBoardAction,
};
use crate::engine::event::{Logs, Monitor, TrainEvent};

/// Lines and actions that are kept of each callback.
const KEPT: usize = 50;
/// Files that a shelf lists.
const MOST_FILES: usize = 200;

/// A file on the shelf of `ModelCheckpoint`.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedFile {
    /// Its name, filled in.
    pub path: String,
    /// The epoch, from 0, in which it was last written.
    pub epoch: usize,
    /// The watched value then, if it was measured.
    pub value: Option<f64>,
    /// How many times it was written.
    pub times: usize,
}

/// What `BackupAndRestore` has kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// The file of the weights.
    pub weights: String,
    /// The file that says where training was.
    pub metadata: String,
    /// The epoch to go on with, from 0.
    pub epoch: usize,
}

/// What one callback has done.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Track {
    /// How many times it acted.
    pub count: usize,
    /// What it did last, each with its epoch; the newest at the end.
    pub actions: VecDeque<(usize, CallbackAction)>,
    /// The files of `ModelCheckpoint`, in the order in which they were first written.
    pub shelf: Vec<SavedFile>,
    /// Files before these that are not listed any more.
    pub forgotten_files: usize,
    /// The learning rate of each epoch, by `ReduceLROnPlateau` or `LearningRateScheduler`.
    pub rates: Vec<(usize, f64)>,
    /// The rate of the next epoch, where it is known already.
    pub next_rate: Option<f64>,
    /// The file of `CSVLogger`.
    pub file: Option<String>,
    /// Its last lines.
    pub lines: VecDeque<String>,
    /// Values that `TensorBoard` logged.
    pub logged: usize,
    /// What `BackupAndRestore` has kept and not deleted.
    pub backup: Option<Backup>,
    monitor: Option<Monitor>,
}

impl Track {
    /// The best file on the shelf by the watched value.
    pub fn best_file(&self, direction: Direction) -> Option<usize> {
        let sign = if direction == Direction::Up { -1.0 } else { 1.0 };
        let value = |file: &SavedFile| file.value.filter(|value| !value.is_nan()).map(|value| value * sign);
        let files = self.shelf.iter().enumerate().filter_map(|(idx, file)| Some((idx, value(file)?)));
        files.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(idx, _)| idx)
    }

    fn put_on_shelf(&mut self, file: SavedFile) {
        if self.shelf.len() == MOST_FILES {
            self.shelf.remove(0);
            self.forgotten_files += 1;
        }
        self.shelf.push(file);
    }

    fn hear(&mut self, epoch: usize, action: &CallbackAction, logs: &Logs) {
        self.count += 1;
        if self.actions.len() == KEPT {
            self.actions.pop_front();
        }
        match action {
            CallbackAction::ModelCheckpoint(ModelCheckpointAction::Save { path, .. }) => {
                let value = self.monitor.as_ref().and_then(|monitor| logs.get(monitor));
                match self.shelf.iter_mut().find(|file| file.path == *path) {
                    Some(file) => (file.epoch, file.value, file.times) = (epoch, value, file.times + 1),
                    None => self.put_on_shelf(SavedFile { path: path.clone(), epoch, value, times: 1 }),
                }
            }
            CallbackAction::ReduceLrOnPlateau(action) => match action {
                ReduceLrOnPlateauAction::Improved { learning_rate, .. }
                | ReduceLrOnPlateauAction::CoolingDown { learning_rate, .. }
                | ReduceLrOnPlateauAction::Waiting { learning_rate, .. }
                | ReduceLrOnPlateauAction::AtMinimum { learning_rate, .. } => {
                    self.rates.push((epoch, *learning_rate));
                    self.next_rate = Some(*learning_rate);
                }
                ReduceLrOnPlateauAction::Reduced { before, after, .. } => {
                    self.rates.push((epoch, *before));
                    self.next_rate = Some(*after);
                }
                ReduceLrOnPlateauAction::Missing { .. } => {}
            },
            CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { after, .. }) => {
                self.rates.push((epoch, *after));
            }
            CallbackAction::CsvLogger(action) => match action {
                CsvLoggerAction::Open { filename, .. } => self.file = Some(filename.clone()),
                CsvLoggerAction::Header { line, .. } | CsvLoggerAction::Row { line } => {
                    if self.lines.len() == KEPT {
                        self.lines.pop_front();
                    }
                    self.lines.push_back(line.trim_end().to_owned());
                }
            },
            CallbackAction::TensorBoard(TensorBoardAction::Log { events }) => {
                self.logged += events.len();
                // Histograms are large; the last one is enough to tell of.
                self.actions.clear();
            }
            CallbackAction::BackupAndRestore(BackupAndRestoreAction::Keep {
                weights,
                metadata,
                epoch,
                ..
            }) => {
                let (weights, metadata, epoch) = (weights.clone(), metadata.clone(), *epoch);
                self.backup = Some(Backup { weights, metadata, epoch });
            }
            CallbackAction::BackupAndRestore(BackupAndRestoreAction::Delete { .. }) => self.backup = None,
            CallbackAction::ModelCheckpoint(_)
            | CallbackAction::TensorBoard(TensorBoardAction::SaveEmbeddings { .. })
            | CallbackAction::EarlyStopping(_)
            | CallbackAction::TerminateOnNan { .. } => {}
        }
        self.actions.push_back((epoch, action.clone()));
    }
}

/// What the callbacks of a run have done, and what they remember.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Record {
    tracks: Vec<Track>,
    states: Vec<CallbackState>,
    /// Of the last epoch that ended.
    logs: Logs,
    version: u32,
}

impl Record {
    /// Before a run with these callbacks.
    pub fn new(callbacks: &[CallbackSpec]) -> Record {
        let track = |spec: &CallbackSpec| Track { monitor: spec.monitor().cloned(), ..Track::default() };
        let tracks = callbacks.iter().map(track).collect();
        Record { tracks, states: Vec::new(), logs: Logs::default(), version: 0 }
    }

    /// Takes in an event of training.
    pub fn hear(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::EpochEnd { logs, .. } => self.epoch_ended(logs),
            TrainEvent::CallbackActed { epoch, callback, action } => self.acted(*epoch, *callback, action),
            TrainEvent::TrainBegin { .. }
            | TrainEvent::EpochBegin { .. }
            | TrainEvent::BatchEnd { .. }
            | TrainEvent::TestBatchEnd { .. }
            | TrainEvent::LearningRateSet { .. }
            | TrainEvent::TrainEnd { .. } => {}
        }
    }

    /// An epoch has ended; what is saved next was measured in it.
    pub fn epoch_ended(&mut self, logs: &Logs) {
        self.logs = logs.clone();
    }

    /// A callback did something.
    pub fn acted(&mut self, epoch: usize, callback: usize, action: &CallbackAction) {
        if let Some(track) = self.tracks.get_mut(callback) {
            track.hear(epoch, action, &self.logs);
            self.version += 1;
        }
    }

    /// Puts a file on the shelf of a callback that saved it in an earlier part of the run.
    pub fn put_on_shelf(&mut self, callback: usize, file: SavedFile) {
        if let Some(track) = self.tracks.get_mut(callback) {
            track.put_on_shelf(file);
            self.version += 1;
        }
    }

    /// What the callbacks remember now.
    pub fn remember(&mut self, states: Vec<CallbackState>) {
        self.states = states;
        self.version += 1;
    }

    /// Rises whenever a callback did something or remembers something else.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What one callback has done.
    pub fn track(&self, callback: usize) -> Option<&Track> {
        self.tracks.get(callback)
    }

    /// What one callback remembers, once anything is known of it.
    pub fn state(&self, callback: usize) -> Option<&CallbackState> {
        self.states.get(callback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::{ModelCheckpointSpec, SaveReason};

    fn record(events: &[(f64, &str)]) -> Record {
        let spec = CallbackSpec::ModelCheckpoint(ModelCheckpointSpec::default());
        let mut record = Record::new(&[spec]);
        for (epoch, (value, path)) in events.iter().enumerate() {
            record.hear(&TrainEvent::EpochEnd { epoch, logs: Logs::from([(Monitor::VAL_LOSS, *value)]) });
            let (path, weights_only) = ((*path).to_owned(), false);
            let save = ModelCheckpointAction::Save { path, weights_only, why: SaveReason::Always };
            let action = CallbackAction::ModelCheckpoint(save);
            record.hear(&TrainEvent::CallbackActed { epoch, callback: 0, action });
        }
        record
    }

    #[test]
    fn a_file_of_the_same_name_is_written_over() {
        let record = record(&[(0.5, "a"), (0.25, "b"), (0.75, "a")]);
        let track = record.track(0).unwrap();
        let a = SavedFile { path: "a".to_owned(), epoch: 2, value: Some(0.75), times: 2 };
        assert_eq!((track.shelf.len(), &track.shelf[0], track.count), (2, &a, 3));
        assert_eq!(track.best_file(Direction::Down), Some(1));
        assert_eq!(track.best_file(Direction::Up), Some(0));
    }

    #[test]
    fn no_number_is_never_the_best_file() {
        let record = record(&[(f64::NAN, "a"), (0.25, "b")]);
        assert_eq!(record.track(0).unwrap().best_file(Direction::Down), Some(1));
    }

    #[test]
    fn a_long_run_does_not_fill_the_memory() {
        let record = record(&[(0.5, "a"); 200]);
        let track = record.track(0).unwrap();
        assert_eq!((track.actions.len(), track.count), (KEPT, 200));
        assert_eq!(track.actions.back().map(|(epoch, _)| *epoch), Some(199));
    }

    #[test]
    fn files_of_an_earlier_part_of_the_run_stand_on_the_shelf() {
        let mut record = Record::new(&[CallbackSpec::ModelCheckpoint(ModelCheckpointSpec::default())]);
        let file = |path: &str| SavedFile { path: path.to_owned(), epoch: 0, value: Some(0.5), times: 2 };
        record.put_on_shelf(0, file("a"));
        record.put_on_shelf(7, file("b"));
        let save = ModelCheckpointAction::Save {
            path: "a".to_owned(),
            weights_only: false,
            why: SaveReason::Always,
        };
        record.acted(3, 0, &CallbackAction::ModelCheckpoint(save));
        let shelf = &record.track(0).unwrap().shelf;
        assert_eq!((shelf.len(), shelf[0].epoch, shelf[0].times), (1, 3, 3));
    }

    #[test]
    fn a_shelf_without_end_lists_the_newest() {
        let names: Vec<String> = (0..300).map(|number| number.to_string()).collect();
        let events: Vec<_> = names.iter().map(|name| (0.5, name.as_str())).collect();
        let record = record(&events);
        let track = record.track(0).unwrap();
        assert_eq!((track.shelf.len(), track.forgotten_files), (MOST_FILES, 100));
        assert_eq!(track.shelf.last().map(|file| file.path.as_str()), Some("299"));
    }

    #[test]
    fn an_action_of_nobody_is_no_harm() {
        let mut record = Record::new(&[]);
        record.acted(0, 7, &CallbackAction::TerminateOnNan { batch: 0 });
        assert_eq!(record, Record::new(&[]));
    }
}
