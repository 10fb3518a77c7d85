//! What `ModelCheckpoint` saves: Keras's own files.

use std::path::{Path, PathBuf};

use super::whole_file;
use crate::cli::clock;
use crate::cli::error::CliError;
use crate::formats::{self, FormatError, Language, ModelFormat, SavedModel, Wrapping};

/// Checks that what will be saved at `path` can hold the model.
///
/// # Errors
/// If not.
pub fn check(saved: &SavedModel, path: &str) -> Result<(), CliError> {
    bytes(saved, path).map(|_| ())
}

/// Writes the model, or its weights alone if the name ends so.
///
/// # Errors
/// If the file cannot be written.
pub fn save(saved: &SavedModel, path: &str) -> Result<PathBuf, CliError> {
    let bytes = bytes(saved, path)?;
    let path = PathBuf::from(path);
    whole_file::write(&path, &bytes)?;
    Ok(path)
}

fn bytes(saved: &SavedModel, path: &str) -> Result<Vec<u8>, CliError> {
    let name =
        Path::new(path).file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    // The callback lets no other ending through.
    let (format, stem) = ModelFormat::of_name(&name).unwrap_or((ModelFormat::Keras, &name));
    let wrapping = Wrapping { stem: stem.to_owned(), date: clock::date(), language: Language::English };
    let failed = |error: FormatError| CliError::Format { path: PathBuf::from(path), error: Box::new(error) };
    // These are of one file each.
    let files = formats::write(format, saved, &wrapping).map_err(failed)?;
    Ok(files.into_iter().next().map(|file| file.bytes).unwrap_or_default())
}
