//! Every kind of file that holds a model, written by its kind and read by what is in it.
//!
//! A file is known by its content first, then by its name: a ZIP that begins with a `.npy` file is `.npz`, any
//! other must be `.keras`; an HDF5 file says itself what is in it; safetensors begin with the length of their
//! JSON.

use super::hdf5;
use super::saved::Write;
use super::{
    FormatError, ModelFile, ModelFormat, NamedFile, OpenedModel, SavedModel, Wrapping, keras_file, notebook,
    npz_weights, onnx, pytorch, safetensors, tfjs,
};
use crate::engine::spec::{ModelSpec, RunSpec};

/// How a file is read, into the run that is known if the file does not say which layers there are.
type Read = fn(&[u8], Option<&RunSpec>) -> Result<OpenedModel, FormatError>;

/// Who writes which kind: one line each.
const WRITERS: &[(ModelFormat, Write)] = &[
    (ModelFormat::Keras, keras_file::write_keras),
    (ModelFormat::KerasWeights, keras_file::write_weights_h5),
    (ModelFormat::KerasH5, keras_file::write_h5),
    (ModelFormat::Safetensors, write_safetensors),
    (ModelFormat::Npz, npz_weights::write),
    (ModelFormat::Onnx, onnx::write),
    (ModelFormat::TensorFlowJs, tfjs::write),
    (ModelFormat::PyTorch, pytorch::write),
    (ModelFormat::Notebook, write_notebook),
];

/// Who reads which kind: one line each.
const READERS: &[(ModelFormat, Read)] = &[
    (ModelFormat::Keras, |bytes, _| keras_file::read_keras(bytes)),
    (ModelFormat::KerasWeights, keras_file::read_hdf5),
    (ModelFormat::KerasH5, keras_file::read_hdf5),
    (ModelFormat::Safetensors, read_safetensors),
    (ModelFormat::Npz, read_npz),
];

/// The files of a model in one of the formats; their names begin with the wrapping's stem.
///
/// # Errors
/// If the model is not valid, or the format cannot hold a part of it.
pub fn write(
    format: ModelFormat,
    saved: &SavedModel,
    wrapping: &Wrapping,
) -> Result<Vec<NamedFile>, FormatError> {
    match WRITERS.iter().find(|(own, _)| *own == format) {
        Some((_, write)) => write(saved, wrapping),
        None => Err(FormatError::OneWay { format, writing: true }),
    }
}

/// Reads a model. `known` is the run whose model a file of weights alone is read into.
///
/// # Errors
/// If the bytes are of no kind that is read here, damaged, or hold a model that is not known here; or hold
/// weights alone, and those of another model or of none that is known.
pub fn read(file_name: &str, bytes: &[u8], known: Option<&RunSpec>) -> Result<OpenedModel, FormatError> {
    let format = recognize(file_name, bytes);
    let format = format.ok_or_else(|| FormatError::UnknownFile { name: file_name.to_owned() })?;
    match READERS.iter().find(|(own, _)| *own == format) {
        Some((_, read)) => read(bytes, known),
        None => Err(FormatError::OneWay { format, writing: false }),
    }
}

/// The positions of those `candidates` that a file of weights alone can be read into.
pub fn fitting(file_name: &str, bytes: &[u8], candidates: &[ModelSpec]) -> Vec<usize> {
    if is_hdf5(bytes) {
        let Ok(root) = hdf5::read(bytes) else { return Vec::new() };
        let fits = |model: &ModelSpec| keras_file::fits(&root, model);
        return (0..candidates.len()).filter(|idx| fits(&candidates[*idx])).collect();
    }
    let fits = |model: &ModelSpec| read(file_name, bytes, Some(&RunSpec::new(model.clone()))).is_ok();
    (0..candidates.len()).filter(|idx| fits(&candidates[*idx])).collect()
}

/// The kind of a file, by its content and then by its name.
pub fn recognize(file_name: &str, bytes: &[u8]) -> Option<ModelFormat> {
    let name = file_name.to_ascii_lowercase();
    let ends = |ending: &str| name.ends_with(ending);
    if bytes.starts_with(b"PK") {
        let is_arrays = first_name(bytes).ends_with(b".npy") || ends(".npz");
        return Some(if is_arrays { ModelFormat::Npz } else { ModelFormat::Keras });
    }
    if is_hdf5(bytes) {
        let is_weights = ends(".weights.h5");
        return Some(if is_weights { ModelFormat::KerasWeights } else { ModelFormat::KerasH5 });
    }
    if is_safetensors(bytes) {
        return Some(ModelFormat::Safetensors);
    }
    let by_name = [
        (".keras", ModelFormat::Keras),
        (".weights.h5", ModelFormat::KerasWeights),
        (".h5", ModelFormat::KerasH5),
        (".hdf5", ModelFormat::KerasH5),
        (".safetensors", ModelFormat::Safetensors),
        (".npz", ModelFormat::Npz),
        (".onnx", ModelFormat::Onnx),
        (".ipynb", ModelFormat::Notebook),
    ];
    by_name.into_iter().find(|(ending, _)| ends(ending)).map(|(_, format)| format)
}

/// The name of the first file of a ZIP archive.
fn first_name(bytes: &[u8]) -> &[u8] {
    let length =
        bytes.get(26..28).map_or(0, |length| usize::from(u16::from_le_bytes([length[0], length[1]])));
    bytes.get(30..30 + length).unwrap_or_default()
}

/// HDF5's signature stands at the beginning, or after a block of the user's own of 512 bytes or twice that.
fn is_hdf5(bytes: &[u8]) -> bool {
    [0, 512, 1024, 2048].iter().any(|at| {
        let begin = bytes.get(*at..).unwrap_or_default();
        begin.starts_with(b"\x89HDF\r\n\x1a\n")
    })
}

/// The length of the JSON that follows, and its first letter.
fn is_safetensors(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else { return false };
    rest.first() == Some(&b'{') && u64::from_le_bytes(*length) <= rest.len() as u64
}

/// Our own form: the weights, and the description beside them.
/// The notebook and the weights that it loads.
fn write_notebook(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let text = notebook::to_json(saved, wrapping)?;
    let mut files = vec![NamedFile { name: format!("{}.ipynb", wrapping.stem), bytes: text.into_bytes() }];
    files.extend(keras_file::write_weights_h5(saved, wrapping)?);
    Ok(files)
}

fn write_safetensors(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let file = ModelFile::new(saved.model.clone(), saved.job.clone()).with_epochs(saved.epochs);
    let named = |ending: &str, bytes| NamedFile { name: format!("{}.{ending}", wrapping.stem), bytes };
    let weights = safetensors::write_weights(&saved.model, &saved.params)?;
    Ok(vec![named("safetensors", weights), named("json", file.to_json().into_bytes())])
}

fn read_safetensors(bytes: &[u8], known: Option<&RunSpec>) -> Result<OpenedModel, FormatError> {
    let known = known.ok_or(FormatError::NeedsModel { format: ModelFormat::Safetensors })?;
    let params = safetensors::read_weights(&known.model, bytes)?;
    let (model, job) = (known.model.clone(), Some(known.clone()));
    let saved = SavedModel { model, params, job, epochs: None, optimizer: None };
    Ok(OpenedModel { saved, notes: Vec::new() })
}

fn read_npz(bytes: &[u8], known: Option<&RunSpec>) -> Result<OpenedModel, FormatError> {
    let known = known.ok_or(FormatError::NeedsModel { format: ModelFormat::Npz })?;
    let mut saved = npz_weights::read(&known.model, bytes)?;
    saved.job = Some(known.clone());
    let mut notes = Vec::new();
    keras_file::keep_fitting_state(&mut saved, &mut notes)?;
    Ok(OpenedModel { saved, notes })
}

#[cfg(test)]
#[path = "open_tests.rs"]
mod tests;
