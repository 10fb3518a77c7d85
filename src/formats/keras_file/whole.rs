//! `.keras`: a ZIP of `metadata.json`, `config.json` and `model.weights.h5`, stored as they are.
//!
//! Only arguments that differ from their defaults are written, so that Keras 3.3 and later load the file; what
//! Keras does not know of a run is in `metadata.json`, under a key that it does not look at.

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::config::{ConfigWriter, model_name};
use super::config_read::{self, ReadConfig};
use super::own::{self, Own};
use super::{KerasFileError, nested, state, tree, weights};
use crate::engine::spec::{CompileSpec, ModelSpec, RunSpec};
use crate::formats::archive::{ArchiveError, read_files, write_zip};
use crate::formats::hdf5::{self, Group};
use crate::formats::json_tree::{Budget, fair_memory, spec_bytes};
use crate::formats::run_json::{Became, KerasNote, RunJsonError};
use crate::formats::{
    FormatError, ModelFormat, NamedFile, OpenedModel, OptimizerState, SavedModel, Wrapping,
};

/// The version whose layout is written.
pub const KERAS_VERSION: &str = "3.15.1";
/// The files of the archive.
const METADATA: &str = "metadata.json";
const CONFIG: &str = "config.json";
const WEIGHTS: &str = "model.weights.h5";

/// Keras 3's whole model.
///
/// # Errors
/// If the model is not valid, or Keras cannot say a part of it.
pub fn write_keras(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let config = config_of(saved, ModelFormat::Keras)?;
    let metadata = json!({
        "keras_version": KERAS_VERSION,
        "date_saved": wrapping.date,
        own::KEY: super::kinds::saved(&Own::of(saved)),
    });
    let files = [
        NamedFile { name: METADATA.to_owned(), bytes: metadata.to_string().into_bytes() },
        NamedFile { name: CONFIG.to_owned(), bytes: config.to_string().into_bytes() },
        NamedFile { name: WEIGHTS.to_owned(), bytes: hdf5::write(&weights_of(saved)?)? },
    ];
    let name = format!("{}.keras", wrapping.stem);
    Ok(vec![NamedFile { name, bytes: write_zip(&files) }])
}

/// Keras 3's weights, with the optimizer's state if there is one.
///
/// # Errors
/// If the model is not valid.
pub fn write_weights_h5(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let name = format!("{}.weights.h5", wrapping.stem);
    Ok(vec![NamedFile { name, bytes: hdf5::write(&weights_of(saved)?)? }])
}

fn config_of(saved: &SavedModel, format: ModelFormat) -> Result<Value, FormatError> {
    let compile = saved.job.as_ref().map(|job| &job.compile);
    let rate = saved.optimizer.as_ref().map(|state| state.learning_rate);
    ConfigWriter::new(format).whole(&saved.model, compile, rate)
}

/// The groups of `.weights.h5`.
///
/// # Errors
/// If the model is not valid, or its parameters or the optimizer's state are not its own.
fn weights_of(saved: &SavedModel) -> Result<Group, FormatError> {
    saved.check_params()?;
    let mut root = weights::write(&saved.model, &saved.params, model_name(&saved.model))?;
    if let (Some(job), Some(state)) = (&saved.job, &saved.optimizer) {
        let optimizer = &job.compile.optimizer;
        let vars = tree::group_for(&mut root, &["optimizer", "vars"]);
        vars.attributes = vec![("name".to_owned(), tree::text(&optimizer.class_name().to_lowercase()))];
        for (number, array) in state::write(&saved.model, optimizer, state)?.into_iter().enumerate() {
            tree::put(vars, &[number.to_string().as_str()], array);
        }
    }
    Ok(root)
}

/// A deflated file may grow by half: weights hardly shrink. Descriptions do, and the zeros in small files.
fn max_unpacked(bytes: &[u8]) -> usize {
    bytes.len().saturating_add(bytes.len() / 2).saturating_add(SLACK)
}

const SLACK: usize = 1 << 19;

/// Reads Keras 3's whole model; those of Keras 2.12 and later are such files, too.
///
/// # Errors
/// If it is no such file, a damaged one, or holds a model that is not known here.
pub fn read_keras(bytes: &[u8]) -> Result<OpenedModel, FormatError> {
    let max = fair_memory(bytes.len());
    read_within(bytes, &mut Budget::new(max)).map_err(|error| match error {
        FormatError::KerasFile(KerasFileError::Config(RunJsonError::TooLong { max, .. })) => {
            ArchiveError::TooLarge { max: max as u64 }.into()
        }
        error => error,
    })
}

fn read_within(bytes: &[u8], budget: &mut Budget) -> Result<OpenedModel, FormatError> {
    let max = max_unpacked(bytes);
    let mut has_weights = false;
    let is_text = |name: &str| {
        has_weights |= name == WEIGHTS;
        matches!(name, METADATA | CONFIG)
    };
    let mut files = read_files(bytes, max, is_text)?;
    let mut take = |name: &str| {
        let found = files.iter().position(|file| file.name == name);
        found.map(|at| files.swap_remove(at).bytes)
    };
    let missing = |name: &str| KerasFileError::NoFile { name: name.to_owned() };
    let metadata = take(METADATA).unwrap_or_default();
    let config = take(CONFIG).ok_or_else(|| missing(CONFIG))?;
    if !has_weights {
        return Err(missing(WEIGHTS).into());
    }
    drop(files);
    // The description first: what it says of a layer tells more than what its arrays are of.
    let (mut config, epochs) = read_config(config, metadata, budget)?;
    let weights = read_files(bytes, max.min(budget.left()), |name| name == WEIGHTS)?.pop();
    let weights = weights.ok_or_else(|| missing(WEIGHTS))?.bytes;
    let mut root = super::read_arrays(&weights, bytes.len(), budget.taken())?;
    drop(weights);
    let params = weights::take(&mut root, &config.model, &config.places)?;
    let optimizer = take_state(&mut root, config.job.as_ref(), &mut config.notes)?;
    let saved = SavedModel { model: config.model, params, job: config.job, epochs, optimizer };
    Ok(OpenedModel { saved, notes: config.notes })
}

/// What `metadata.json` says of Keras.
#[derive(Deserialize)]
struct Metadata {
    keras_version: Option<Version>,
}

/// Whether the version is one of Keras 2. It is not kept, for any text may stand there.
struct Version {
    is_keras2: bool,
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Version;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a version")
            }

            fn visit_str<E: serde::de::Error>(self, version: &str) -> Result<Version, E> {
                Ok(Version { is_keras2: is_keras2(Some(version)) })
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// Reads what the texts of an archive say. What is made of them stays taken from the budget, and no more.
fn read_config(
    config: Vec<u8>,
    metadata: Vec<u8>,
    budget: &mut Budget,
) -> Result<(ReadConfig, Option<usize>), FormatError> {
    let version = serde_json::from_slice::<Metadata>(&metadata).ok().and_then(|it| it.keras_version);
    let is_old = version.is_some_and(|version| version.is_keras2);
    config_read::take(budget, config.len() + metadata.len())?;
    let mut value = config_read::parse(CONFIG, &config, budget)?;
    budget.give_back(config.len());
    drop(config);
    let compile = value.as_object_mut().and_then(|config| config.remove("compile_config"));
    let mut read = config_read::read(value, compile, is_old, budget)?;
    let specs = spec_bytes(&metadata);
    config_read::take(budget, specs)?;
    let own = Own::read_metadata(&metadata);
    budget.give_back(metadata.len());
    drop(metadata);
    let Some(own) = own else {
        budget.give_back(specs);
        return Ok((read, None));
    };
    let writer = ConfigWriter::new(ModelFormat::Keras);
    let compile = |model: &ModelSpec, compile: &CompileSpec| writer.compile(model, compile, None);
    let epochs = own.take_over(&mut read, writer, compile, (budget, specs))?;
    Ok((read, epochs))
}

/// Whether a version is of Keras 2 or 1.
pub fn is_keras2(version: Option<&str>) -> bool {
    version.is_some_and(|version| version.starts_with("2.") || version.starts_with("1."))
}

/// The optimizer's state in `optimizer/vars`, if it fits the job; a note where it does not.
fn take_state(
    root: &mut Group,
    job: Option<&RunSpec>,
    notes: &mut Vec<KerasNote>,
) -> Result<Option<OptimizerState>, FormatError> {
    let path = ["optimizer".to_owned(), "vars".to_owned()];
    let (Some(job), Some(vars)) = (job, tree::group_at_mut(root, &path)) else { return Ok(None) };
    let arrays = tree::take_numbered(vars);
    let optimizer = &job.compile.optimizer;
    Ok(match state::read(&job.model, optimizer, arrays)? {
        state::Found::State(state) => Some(state),
        state::Found::Nothing => None,
        state::Found::Other => {
            notes.push(no_state(optimizer.class_name()));
            None
        }
    })
}

/// That a file's optimizer state is not of the optimizer.
pub fn no_state(class_name: &str) -> KerasNote {
    KerasNote {
        path: "optimizer.vars".to_owned(),
        owner: class_name.to_owned(),
        argument: "variables".to_owned(),
        what: Became::NotBuilt { instead: None },
    }
}

/// Reads weights into a run whose model is known, and the optimizer's state if it is of the run's optimizer.
///
/// # Errors
/// If they are not of this model.
pub fn read_weights(known: &RunSpec, mut root: Group) -> Result<OpenedModel, FormatError> {
    known.model.validate()?;
    let places = nested::places(&root, &known.model);
    let params = weights::take(&mut root, &known.model, &places)?;
    let mut notes = Vec::new();
    let optimizer = take_state(&mut root, Some(known), &mut notes)?;
    let (model, job) = (known.model.clone(), Some(known.clone()));
    Ok(OpenedModel { saved: SavedModel { model, params, job, epochs: None, optimizer }, notes })
}

#[cfg(test)]
#[path = "whole_tests.rs"]
mod tests;
