//! What `ModelCheckpoint` saves.

use std::path::{Path, PathBuf};

use super::whole_file;
use crate::cli::error::CliError;
use crate::engine::spec::RunSpec;
use crate::formats::{ModelFile, write_weights};

/// Writes the weights and, unless only those are wanted, the model's description beside them, where
/// `evaluate` and `predict` look for it.
///
/// # Errors
/// If a file cannot be written.
pub fn save(
    run: &RunSpec,
    epochs: usize,
    params: &[f32],
    weights: &Path,
    weights_only: bool,
) -> Result<Vec<PathBuf>, CliError> {
    let bytes = write_weights(&run.model, params)
        .map_err(|error| CliError::Format { path: weights.to_owned(), error: Box::new(error) })?;
    whole_file::write(weights, &bytes)?;
    let mut files = vec![weights.to_owned()];
    if !weights_only {
        let description = weights.with_extension("json");
        let file = ModelFile::new(run.model.clone(), Some(run.clone())).with_epochs(Some(epochs));
        whole_file::write(&description, file.to_json().as_bytes())?;
        files.push(description);
    }
    Ok(files)
}
