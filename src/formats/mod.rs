//! Files that hold a model: `model.json` says what it is, `model.safetensors` holds its weights.

mod model_json;
mod safetensors;

pub use model_json::ModelFile;
pub use safetensors::{read_weights, write_weights};

use serde::{Deserialize, Serialize};

use crate::engine::spec::SpecError;

/// Why a file cannot be read. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum FormatError {
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
}
