//! [`CsvFile`]: where `CSVLogger`'s lines go.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;

/// An open file. Every line is in it as soon as it is written, so an interrupted run leaves whole lines.
pub struct CsvFile {
    path: PathBuf,
    file: File,
    /// Whether there was anything in it.
    pub had_text: bool,
}

impl CsvFile {
    /// Opens it as Keras does: its folder must be there.
    ///
    /// # Errors
    /// If that is not possible.
    pub fn open(path: &Path, append: bool) -> Result<Self, CliError> {
        let mut options = OpenOptions::new();
        if append {
            options.append(true)
        } else {
            options.write(true).truncate(true)
        };
        let opened = options.create(true).open(path).and_then(|file| Ok((file.metadata()?.len() > 0, file)));
        let (had_text, file) = opened.map_err(|error| CliError::File { path: path.to_owned(), error })?;
        Ok(Self { path: path.to_owned(), file, had_text })
    }

    /// Adds a line that has its end.
    ///
    /// # Errors
    /// If that is not possible, as on a full disk.
    pub fn write(&mut self, line: &str) -> Result<(), CliError> {
        let written = self.file.write_all(line.as_bytes());
        written.map_err(|error| CliError::File { path: self.path.clone(), error })
    }
}
