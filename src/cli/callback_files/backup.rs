//! `BackupAndRestore`'s files.
//!
//! One safetensors file holds everything, so that no moment exists at which weights and place do not
//! belong together: `model/dense/kernel` and so on, `optimizer/0` and so on in the order of Keras's
//! `optimizer.variables`, and where training was as JSON in the file's metadata. `training_metadata.json`
//! beside it says the place as Keras's does, for people; it is not read.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

use super::note::FileNote;
use super::whole_file::{self, with_end};
use crate::cli::error::CliError;
use crate::engine::optimizers::WrongSlotsError;
use crate::engine::spec::ModelSpec;
use crate::engine::trainer::{Snapshot, Trainer};

/// The key of the file's metadata.
const PLACE: &str = "svertka_training";
/// Ends the names of the files that were there before.
const PREVIOUS: &str = ".bkp";

/// Why a run cannot go on from a backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is no such file, or a damaged one.
    #[error("the backup is damaged: {detail}")]
    Damaged {
        /// The reader's own words.
        detail: String,
    },
    /// A weight is missing, or there is one too many, or one has other extents.
    #[error("the backup is of another model: it has no {name} of {extents:?}")]
    OtherModel {
        /// `dense/kernel`
        name: String,
        /// The model's.
        extents: Vec<usize>,
    },
    /// The optimizer keeps another state.
    #[error("the backup is of another optimizer: {0}")]
    OtherOptimizer(#[from] WrongSlotsError),
}

/// Writes both files.
///
/// # Errors
/// If one cannot be written.
pub fn write(
    [state, metadata]: &[PathBuf; 2],
    model: &ModelSpec,
    snapshot: &Snapshot,
    batch: usize,
) -> Result<(), CliError> {
    let damaged = |detail: String| CliError::Backup {
        path: state.clone(),
        error: Box::new(BackupError::Damaged { detail }),
    };
    let bytes = to_bytes(model, snapshot, batch).map_err(damaged)?;
    whole_file::write(state, &bytes)?;
    let place = format!("{{\"epoch\": {}, \"batch\": {batch}}}", snapshot.epoch);
    whole_file::write(metadata, place.as_bytes())
}

/// Keeps the file that is there, if there is one, under another name.
///
/// # Errors
/// If it cannot be copied.
pub fn keep_previous(path: &Path) -> Result<(), CliError> {
    match fs::read(path) {
        Ok(bytes) => whole_file::write(&with_end(path, PREVIOUS), &bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(CliError::File { path: path.to_owned(), error }),
    }
}

/// Removes the backups, also those of before and halves of killed runs, and then their folder. Keras removes
/// everything in it; here a folder that holds other files stays.
///
/// # Errors
/// If they cannot be removed.
pub fn delete(folder: &Path, files: &[PathBuf]) -> Result<(), CliError> {
    let ours: Vec<&OsStr> = files.iter().filter_map(|path| path.file_name()).collect();
    let is_ours =
        |name: &OsStr| ours.iter().any(|own| name.as_encoded_bytes().starts_with(own.as_encoded_bytes()));
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(|error| CliError::File { path: folder.to_owned(), error })?,
    };
    let mut is_empty = true;
    for entry in entries {
        let entry = entry.map_err(|error| CliError::File { path: folder.to_owned(), error })?;
        if is_ours(&entry.file_name()) {
            let path = entry.path();
            fs::remove_file(&path).map_err(|error| CliError::File { path, error })?;
        } else {
            is_empty = false;
        }
    }
    if is_empty {
        fs::remove_dir(folder).map_err(|error| CliError::File { path: folder.to_owned(), error })?;
    }
    Ok(())
}

/// Goes on from the backup at `path`, if there is one; if it is damaged, from the one before, as Keras does.
///
/// # Errors
/// If it cannot be read, or is of another model or optimizer.
pub fn restore(
    callback: usize,
    path: &Path,
    model: &ModelSpec,
    trainer: &mut Trainer,
) -> Result<Vec<FileNote>, CliError> {
    let mut notes = Vec::new();
    let snapshot = match read(path, model) {
        Err(CliError::Backup { error, .. }) if with_end(path, PREVIOUS).exists() => {
            notes.push(FileNote::DamagedBackup { path: path.to_owned(), error: error.to_string() });
            read(&with_end(path, PREVIOUS), model)?
        }
        read => read?,
    };
    let Some(snapshot) = snapshot else { return Ok(notes) };
    trainer
        .resume(&snapshot)
        .map_err(|error| CliError::Backup { path: path.to_owned(), error: Box::new(error.into()) })?;
    notes.push(FileNote::Resumed { callback, path: path.to_owned(), epoch: snapshot.epoch });
    Ok(notes)
}

fn read(path: &Path, model: &ModelSpec) -> Result<Option<Snapshot>, CliError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CliError::File { path: path.to_owned(), error }),
    };
    let snapshot = from_bytes(model, &bytes);
    snapshot.map(Some).map_err(|error| CliError::Backup { path: path.to_owned(), error: Box::new(error) })
}

fn to_bytes(model: &ModelSpec, snapshot: &Snapshot, batch: usize) -> Result<Vec<u8>, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let params = to_le(&snapshot.params);
    let slots: Vec<Vec<u8>> = snapshot.slots.iter().map(|slot| to_le(slot)).collect();
    let mut views = BTreeMap::new();
    for param in model.params().map_err(|error| text(&error))? {
        let part = &params[param.offset * 4..(param.offset + param.spec.size()) * 4];
        let view = TensorView::new(Dtype::F32, param.spec.extents, part).map_err(|error| text(&error))?;
        views.insert(format!("model/{}", param.path), view);
    }
    for (idx, slot) in slots.iter().enumerate() {
        let view = TensorView::new(Dtype::F32, vec![slot.len() / 4], slot).map_err(|error| text(&error))?;
        views.insert(format!("optimizer/{idx}"), view);
    }
    let place = json!({
        "version": 1,
        "epoch": snapshot.epoch,
        "batch": batch,
        "steps": snapshot.steps,
        // As its bits: a rate that diverged is no JSON number.
        "learning_rate_bits": snapshot.learning_rate.to_bits(),
    });
    let metadata = [(PLACE.to_owned(), place.to_string())].into_iter().collect();
    safetensors::serialize(views, Some(metadata)).map_err(|error| text(&error))
}

fn from_bytes(model: &ModelSpec, bytes: &[u8]) -> Result<Snapshot, BackupError> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let file = SafeTensors::deserialize(bytes).map_err(damaged)?;
    let place = header.metadata().as_ref().and_then(|entries| entries.get(PLACE));
    let place: Value = serde_json::from_str(place.map_or("", String::as_str)).map_err(damaged)?;
    let number = |key: &str| place[key].as_u64().ok_or_else(|| damaged(format!("no {key}")));
    let mut params = Vec::new();
    let named = model.params().map_err(damaged)?;
    for param in &named {
        let (name, extents) = (param.path.clone(), param.spec.extents.clone());
        match file.tensor(&format!("model/{name}")) {
            Ok(view) if view.dtype() == Dtype::F32 && view.shape() == extents => {
                params.extend(from_le(view.data()));
            }
            _ => return Err(BackupError::OtherModel { name, extents }),
        }
    }
    let count = file.names().into_iter().filter(|name| name.starts_with("optimizer/")).count();
    let mut slots = Vec::with_capacity(count);
    for idx in 0..count {
        slots.push(from_le(file.tensor(&format!("optimizer/{idx}")).map_err(damaged)?.data()).collect());
    }
    Ok(Snapshot {
        epoch: usize::try_from(number("epoch")?).map_err(damaged)?,
        steps: number("steps")?,
        learning_rate: f32::from_bits(u32::try_from(number("learning_rate_bits")?).map_err(damaged)?),
        params,
        slots,
        // As in Keras they begin anew.
        callbacks: Vec::new(),
    })
}

fn damaged(error: impl std::fmt::Display) -> BackupError {
    BackupError::Damaged { detail: error.to_string() }
}

fn to_le(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn from_le(bytes: &[u8]) -> impl Iterator<Item = f32> + '_ {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}
