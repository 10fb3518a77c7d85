//! Keras's own files: `.keras`, `.weights.h5`, and `.h5` of Keras 2.
//!
//! | file | what it holds | read | written |
//! |---|---|---|---|
//! | `.keras` | layers, weights, `compile`, optimizer's state | Keras 2.12 to 3.15 | for Keras 3.3 and later |
//! | `.weights.h5` | weights, optimizer's state | into a model that is known | for Keras 3 |
//! | `.h5` | as `.keras` | Keras 2 and 3 | for Keras 3 and the last of Keras 2 |
//!
//! Arrays are laid out here as in Keras (`[kh, kw, in, out]`, `[in, out]`), so none is turned. A run's data,
//! `fit` and seed, which Keras does not keep in a model, are kept where Keras does not look; so our files come
//! back whole.
//!
//! What Keras cannot say is refused by name before anything is written: `gradient_centralization`, which no
//! optimizer of Keras has, so that training would go on otherwise than it began; seeds of more than 32 bits; and
//! in a `.h5` file the loss `crossentropy`, at which Keras stops there. Weights alone say nothing of the
//! optimizer's arguments and are written all the same. The elastic net becomes the `L1L2` that gives the same
//! numbers.
//!
//! A `.h5` file's optimizer is kept in Keras 3's order. Keras 3 itself cannot go on training a `Sequential` from
//! a `.h5` file, not from its own either, and Keras 2 begins with a fresh optimizer; this program goes on.
//!
//! What is read but has no place here is left out with a note; a layer that is not known, a graph that is no
//! chain, and numbers other than 32-bit floats are errors that name the layer. A metric that is not known is left out
//! alone; if anything else of `compile` is not understood, the model is read without it and its optimizer's state.

mod chain;
mod compile_read;
mod config;
mod config_read;
mod error;
mod kinds;
mod legacy;
mod legacy_read;
mod legacy_state;
mod nested;
mod own;
mod plain;
mod state;
mod tree;
mod weights;
mod whole;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod golden_tests;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod interop_tests;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod mutant_tests;

pub use error::{ChainProblem, KerasFileError};
pub use legacy::write_h5;
pub use whole::{read_keras, write_keras, write_weights_h5};

use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::hdf5::{self, Group};
use crate::formats::json_tree::fair_memory;
use crate::formats::run_json::KerasNote;
use crate::formats::{FormatError, Hdf5Error, ModelFormat, OpenedModel, SavedModel};

/// The model alone, as `model.to_json()` says it in Keras.
///
/// # Errors
/// If the model is not valid, or Keras cannot say a part of it.
pub fn model_json(model: &ModelSpec) -> Result<String, FormatError> {
    Ok(config::ConfigWriter::new(ModelFormat::Keras).whole(model, None, None)?.to_string())
}

/// Reads an HDF5 file of Keras's: a whole model of Keras 2, or weights, which need a run whose model is known.
///
/// # Errors
/// If it is no such file, a damaged one, holds a model that is not known here, or weights of another model or
/// of none that is known.
pub fn read_hdf5(bytes: &[u8], known: Option<&RunSpec>) -> Result<OpenedModel, FormatError> {
    let root = read_arrays(bytes, bytes.len(), 0)?;
    if legacy_read::is_whole(&root) {
        return legacy_read::read(&root, bytes.len());
    }
    let known = known.ok_or(FormatError::NeedsModel { format: ModelFormat::KerasWeights })?;
    if legacy_read::has_weights(&root) {
        return legacy_read::read_weights(known, &root);
    }
    whole::read_weights(known, root)
}

/// Reads Keras 2's whole model.
///
/// # Errors
/// If it is no such file, a damaged one, or holds a model that is not known here.
pub fn read_h5(bytes: &[u8]) -> Result<OpenedModel, FormatError> {
    legacy_read::read(&read_arrays(bytes, bytes.len(), 0)?, bytes.len())
}

/// Reads weights, of Keras 3 or 2, into a run whose model is known; and the optimizer's state, if it is of the
/// run's optimizer.
///
/// # Errors
/// If it is no such file, a damaged one, or not of this model.
pub fn read_weights_h5(known: &RunSpec, bytes: &[u8]) -> Result<OpenedModel, FormatError> {
    read_hdf5(bytes, Some(known))
}

/// The groups and arrays of weights that were found in a file of `len` bytes, of which `taken` are taken by what was read
/// before. With the parameters that are made of them they may take what is left.
fn read_arrays(weights: &[u8], len: usize, taken: usize) -> Result<Group, Hdf5Error> {
    let max = fair_memory(len).saturating_sub(taken);
    // What was unpacked first takes memory beside them.
    let unpacked = if weights.len() == len { 0 } else { weights.len() };
    let root = hdf5::read_within(weights, max.saturating_sub(unpacked))?;
    let (all, values) = hdf5::memory_of(&root);
    if all.saturating_add(values) > max {
        return Err(Hdf5Error::TooLarge { path: String::new(), max: max as u64 });
    }
    Ok(root)
}

/// Leaves out an optimizer's state that is not of the job's optimizer, with a note.
///
/// # Errors
/// If the model is not valid.
pub fn keep_fitting_state(saved: &mut SavedModel, notes: &mut Vec<KerasNote>) -> Result<(), FormatError> {
    let (Some(job), Some(state)) = (&saved.job, &saved.optimizer) else { return Ok(()) };
    let optimizer = &job.compile.optimizer;
    let expected = state::layout(&saved.model, optimizer)?;
    let expected = expected.iter().map(|slot| crate::tensor::product(&slot.extents));
    if !expected.eq(state.slots.iter().map(Vec::len)) {
        notes.push(whole::no_state(optimizer.class_name()));
        saved.optimizer = None;
    }
    Ok(())
}

/// Whether the weights in a file have the extents of a model's.
pub fn fits(root: &Group, model: &ModelSpec) -> bool {
    if legacy_read::has_weights(root) {
        return legacy_read::check_params(root, model, &legacy_read::own_tops(model)).is_ok();
    }
    weights::check(root, model, &nested::places(root, model)).is_ok()
}
