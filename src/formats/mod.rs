//! Files that hold a model: `model.json` says what it is, `model.safetensors` holds its weights. And those
//! that hold arrays, NumPy's `.npy` and `.npz`, or a whole run, `run.json`.

pub mod archive;
mod file_names;
pub mod hdf5;
mod json_tree;
pub mod keras_code;
pub mod keras_file;
mod model_json;
#[cfg(test)]
mod model_zoo;
pub mod notebook;
pub mod npy;
pub mod npz;
pub mod npz_weights;
pub mod onnx;
mod open;
mod placed_layer;
pub mod pytorch;
pub mod run_json;
mod safetensors;
mod saved;
pub mod scorm;
mod summary_text;
pub mod tensorboard;
pub mod tfjs;

pub use archive::ArchiveError;
pub use hdf5::Hdf5Error;
pub use keras_file::KerasFileError;
pub use model_json::ModelFile;
pub use open::{fitting, read, write};
pub use safetensors::{read_weights, write_weights};
pub use saved::{Language, ModelFormat, NamedFile, OpenedModel, OptimizerState, SavedModel, Wrapping};
pub use summary_text::summary_text;

use serde::{Deserialize, Serialize};

use crate::engine::spec::SpecError;

/// The longest description in JSON that is read, in bytes. One of a thousand layers takes a quarter of it. What becomes of
/// it in memory has a limit of its own, [`json_tree::fair_memory`].
const MAX_JSON: usize = 1 << 20;

/// Why a file cannot be read. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum FormatError {
    /// `model.json` is longer than descriptions are, or more in memory than its length allows for.
    #[error("model.json takes {got} bytes, at most {max} are read")]
    TooLong {
        /// The limit.
        max: usize,
        /// The file's length, or what is made of it.
        got: usize,
    },
    /// `model.json` is no such file.
    #[error("model.json cannot be read, line {line}, column {column}: {detail}")]
    Json {
        /// From 1; 0 if unknown.
        line: usize,
        /// From 1; 0 if unknown.
        column: usize,
        /// The parser's own words, for logs.
        detail: String,
    },
    /// Another program's JSON.
    #[error("model.json has the format \"{got}\", expected \"{expected}\"")]
    OtherFormat {
        /// What Svertka writes.
        expected: String,
        /// What the file says.
        got: String,
    },
    /// Written by a later version.
    #[error("model.json has version {got}, this program reads up to {expected}")]
    NewerVersion {
        /// The newest known.
        expected: u32,
        /// What the file says.
        got: u32,
    },
    /// The model in it cannot be built.
    #[error("the model in model.json cannot be built: {0}")]
    Spec(#[from] SpecError),
    /// The weights are no safetensors file, or a damaged one.
    #[error("the weights cannot be read: {detail}")]
    Safetensors {
        /// The reader's own words, for logs.
        detail: String,
    },
    /// A weight of the model is not in the file.
    #[error("the weights lack {name}")]
    MissingTensor {
        /// `conv2d/kernel`.
        name: String,
    },
    /// The file has a weight that the model does not have.
    #[error("the weights hold {name}, which the model does not have")]
    UnknownTensor {
        /// `conv2d/kernel`.
        name: String,
    },
    /// A weight has other extents than the model's.
    #[error("{name} has extents {got:?}, the model needs {expected:?}")]
    WrongExtents {
        /// `conv2d/kernel`.
        name: String,
        /// The model's.
        expected: Vec<usize>,
        /// The file's.
        got: Vec<usize>,
    },
    /// A weight is not stored as 32-bit floats.
    #[error("{name} is stored as {got}, expected F32")]
    WrongType {
        /// `conv2d/kernel`.
        name: String,
        /// The file's.
        got: String,
    },
    /// A weight is infinite or not a number.
    #[error("{name} holds a value that is not a finite number")]
    NotFinite {
        /// `conv2d/kernel`.
        name: String,
    },
    /// No HDF5 file, a damaged one, or one with parts that are not read here.
    #[error("{0}")]
    Hdf5(#[from] Hdf5Error),
    /// No ZIP archive, or a damaged one.
    #[error("{0}")]
    Archive(#[from] ArchiveError),
    /// Not what Keras writes into its files.
    #[error("{0}")]
    KerasFile(#[from] KerasFileError),
    /// The bytes are of no file that is known here.
    #[error("{name} is no file of a model that is known here")]
    UnknownFile {
        /// The file's.
        name: String,
    },
    /// Such files are only written, or only read.
    #[error("files of the kind {} are not {} here", .format.id(), if *.writing { "written" } else { "read" })]
    OneWay {
        /// The kind of file.
        format: ModelFormat,
        /// Whether it was to be written.
        writing: bool,
    },
    /// The file holds weights alone, and no model was given that they could be of.
    #[error("files of the kind {} do not say which layers there are: open them into a model", .format.id())]
    NeedsModel {
        /// The kind of file.
        format: ModelFormat,
    },
    /// NumPy's arrays cannot be read.
    #[error("{0}")]
    Array(#[from] ArrayError),
    /// The model has something that files of this kind cannot say.
    #[error("{format:?} cannot hold {part}: {reason}")]
    Unsupported {
        /// The kind of file.
        format: ModelFormat,
        /// The layer's name, or the option's: `conv2d_1`, `conv2d_1.padding`.
        part: String,
        /// Why.
        reason: Unsupported,
    },
}

/// Why a kind of file cannot hold a part of a model. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Unsupported {
    /// The file's format has no layer, operator or module that does the same.
    #[error("it has nothing that does the same as {class_name}")]
    NoEquivalent {
        /// Keras's name of the layer or function.
        class_name: String,
    },
    /// The format has one, but not with this value of an argument.
    #[error("{argument} = {value} cannot be said there")]
    Argument {
        /// Keras's name of the argument.
        argument: String,
        /// As Keras writes it.
        value: String,
    },
    /// The file loads the data sets itself, and the network takes something else.
    #[error("it loads images of {expected} values, and the network takes {got}")]
    OtherInput {
        /// Values of an image of the data sets.
        expected: usize,
        /// The model's `input_shape`.
        got: String,
    },
}

/// Why NumPy's file cannot be read. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ArrayError {
    /// The first bytes are others.
    #[error("this is no .npy file")]
    NotNpy,
    /// No ZIP, or a damaged one.
    #[error("this is no .npz file, or a damaged one: {detail}")]
    NotNpz {
        /// The reader's own words, for logs.
        detail: String,
    },
    /// The description of the array is damaged.
    #[error("the header of the .npy file cannot be read")]
    BadHeader,
    /// Objects, text or complex numbers.
    #[error("the values are stored as \"{got}\", expected booleans, integers or floats of up to 64 bits")]
    OtherType {
        /// NumPy's description.
        got: String,
    },
    /// The file is cut, or longer than its header says.
    #[error("the array needs {expected} bytes by its header, the file holds {got}")]
    WrongLength {
        /// By the header.
        expected: usize,
        /// In the file.
        got: usize,
    },
    /// The arrays would not fit into memory.
    #[error("the arrays take more than {max} bytes")]
    TooLarge {
        /// That may be read.
        max: u64,
    },
}
