//! [`EventLog`]: where `TensorBoard`'s values go.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use crate::cli::clock;
use crate::cli::error::CliError;
use crate::engine::event::TrainEvent;
use crate::engine::spec::RunSpec;
use crate::formats::tensorboard::{Appended, EventFiles, graph};

/// Open files. Every record is in its file as soon as it is written, so TensorBoard can follow the run.
pub struct EventLog {
    files: EventFiles,
    open: BTreeMap<String, File>,
}

impl EventLog {
    /// Before the first event.
    pub fn new(run: &RunSpec) -> Self {
        Self { files: EventFiles::new(run, graph(run), std::process::id()), open: BTreeMap::new() }
    }

    /// Writes what `event` adds; folders that are missing are made.
    ///
    /// # Errors
    /// If that is not possible, as on a full disk.
    pub fn on_event(&mut self, event: &TrainEvent) -> Result<(), CliError> {
        for Appended { path, bytes, .. } in self.files.on_event(event, clock::seconds()) {
            let written = self.append(&path, &bytes);
            written.map_err(|error| CliError::File { path: path.into(), error })?;
        }
        Ok(())
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        if !self.open.contains_key(path) {
            if let Some(folder) = Path::new(path).parent() {
                fs::create_dir_all(folder)?;
            }
            let file = OpenOptions::new().create(true).append(true).open(path)?;
            self.open.insert(path.to_owned(), file);
        }
        match self.open.get_mut(path) {
            Some(file) => file.write_all(bytes),
            None => Ok(()),
        }
    }
}
