//! The files that callbacks ask for: CSV logs, TensorBoard's events, checkpoints and backups.
//!
//! The engine's callbacks say what is to be written; [`CallbackFiles`] writes it, and says in
//! [`FileNote`]s what a reader of the log should know. Paths are relative to the current folder.

mod backup;
mod checkpoint;
mod csv_file;
mod event_log;
mod note;
mod whole_file;

pub use backup::BackupError;
pub use note::FileNote;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::error::CliError;
use crate::cli::model_files::blank;
use crate::engine::callbacks::{
    BackupAndRestoreAction, CallbackAction, CallbackSpec, CsvLoggerAction, ModelCheckpointAction,
};
use crate::engine::event::TrainEvent;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::{Snapshot, Trainer};
use crate::formats::{OptimizerState, SavedModel};
use csv_file::CsvFile;
use event_log::EventLog;

/// Does what the callbacks of one run ask for.
pub struct CallbackFiles<'a> {
    run: &'a RunSpec,
    /// By the positions of their callbacks.
    csv_files: BTreeMap<usize, CsvFile>,
    events: EventLog,
    /// Callbacks whose other file names have been explained.
    explained: BTreeSet<usize>,
    /// Epochs completed, for the model's description.
    epochs: usize,
}

impl<'a> CallbackFiles<'a> {
    /// Before the first event.
    pub fn new(run: &'a RunSpec) -> Self {
        let (csv_files, explained) = (BTreeMap::new(), BTreeSet::new());
        Self { run, csv_files, events: EventLog::new(run), explained, epochs: run.fit.initial_epoch }
    }

    /// Goes on from backups that are there.
    ///
    /// # Errors
    /// If a backup cannot be read, or is of another model or optimizer.
    pub fn begin(&mut self, trainer: &mut Trainer) -> Result<Vec<FileNote>, CliError> {
        let mut notes = Vec::new();
        for (callback, spec) in self.run.fit.callbacks.iter().enumerate() {
            match spec {
                CallbackSpec::BackupAndRestore(spec) => {
                    let path = as_safetensors(&spec.weights());
                    notes.extend(backup::restore(callback, &path, &self.run.model, trainer)?);
                }
                CallbackSpec::ModelCheckpoint(spec) => {
                    checkpoint::check(&blank(self.run)?, &spec.filepath)?;
                }
                _ => {}
            }
        }
        Ok(notes)
    }

    /// Does what `event` asks for; `trainer` stands where it was told.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn on_event(&mut self, event: &TrainEvent, trainer: &mut Trainer) -> Result<Vec<FileNote>, CliError> {
        self.events.on_event(event)?;
        let (callback, action) = match event {
            TrainEvent::CallbackActed { callback, action, .. } => (*callback, action),
            TrainEvent::EpochEnd { epoch, .. } => {
                self.epochs = epoch + 1;
                return Ok(Vec::new());
            }
            _ => return Ok(Vec::new()),
        };
        match action {
            CallbackAction::CsvLogger(action) => self.log(callback, action).map(|()| Vec::new()),
            CallbackAction::ModelCheckpoint(ModelCheckpointAction::Save { path, .. }) => {
                let saved = self.saved(trainer);
                let file = checkpoint::save(&saved, path)?;
                let mut notes = vec![self.written(callback, path, vec![file.clone()])];
                if !saved.params.iter().all(|value| value.is_finite()) {
                    notes.push(FileNote::NotFinite { path: file });
                }
                Ok(notes)
            }
            CallbackAction::BackupAndRestore(action) => self.back_up(callback, action, trainer),
            _ => Ok(Vec::new()),
        }
    }

    /// The model as it is now, with what its optimizer needs to go on.
    fn saved(&self, trainer: &Trainer) -> SavedModel {
        let Snapshot { params, steps, learning_rate, slots, .. } = trainer.snapshot();
        SavedModel {
            model: self.run.model.clone(),
            params,
            job: Some(self.run.clone()),
            epochs: Some(self.epochs),
            optimizer: Some(OptimizerState { steps, learning_rate, slots }),
        }
    }

    fn log(&mut self, callback: usize, action: &CsvLoggerAction) -> Result<(), CliError> {
        if let CsvLoggerAction::Open { filename, append } = action {
            self.csv_files.insert(callback, CsvFile::open(Path::new(filename), *append)?);
            return Ok(());
        }
        let Some(file) = self.csv_files.get_mut(&callback) else { return Ok(()) };
        match action {
            CsvLoggerAction::Header { only_if_empty: true, .. } if file.had_text => Ok(()),
            CsvLoggerAction::Header { line, .. } | CsvLoggerAction::Row { line } => file.write(line),
            CsvLoggerAction::Open { .. } => Ok(()),
        }
    }

    fn back_up(
        &mut self,
        callback: usize,
        action: &BackupAndRestoreAction,
        trainer: &Trainer,
    ) -> Result<Vec<FileNote>, CliError> {
        match action {
            BackupAndRestoreAction::Keep { weights, metadata, batch, keep_previous, .. } => {
                let files = [as_safetensors(weights), PathBuf::from(metadata)];
                if *keep_previous {
                    files.iter().try_for_each(|path| backup::keep_previous(path))?;
                }
                backup::write(&files, &self.run.model, &trainer.snapshot(), *batch)?;
                Ok(vec![self.written(callback, weights, files.into())])
            }
            BackupAndRestoreAction::Delete { backup_dir } => {
                let CallbackSpec::BackupAndRestore(spec) = &self.run.fit.callbacks[callback] else {
                    return Ok(Vec::new());
                };
                let files = [as_safetensors(&spec.weights()), PathBuf::from(spec.metadata())];
                backup::delete(Path::new(backup_dir), &files)?;
                Ok(Vec::new())
            }
        }
    }

    fn written(&mut self, callback: usize, asked: &str, files: Vec<PathBuf>) -> FileNote {
        let is_first = self.explained.insert(callback);
        FileNote::Written { callback, asked: asked.to_owned(), files, is_first }
    }
}

/// A backup holds more than Keras's weights: it goes beside where it was asked for.
fn as_safetensors(asked: &str) -> PathBuf {
    PathBuf::from(format!("{asked}.safetensors"))
}
