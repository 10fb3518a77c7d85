//! [`KerasFileError`]: why one of Keras's files cannot be read.

use serde::{Deserialize, Serialize};

use crate::formats::run_json::RunJsonError;

/// Why one of Keras's files cannot be read. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum KerasFileError {
    /// The archive lacks a file.
    #[error("the archive has no {name}")]
    NoFile {
        /// `config.json`.
        name: String,
    },
    /// The file lacks a group or an attribute that all files of its kind have.
    #[error("the file has no {name}")]
    NoPart {
        /// `layers`, `model_config`.
        name: String,
    },
    /// A text in the file is no JSON.
    #[error("{name} cannot be read, line {line}, column {column}: {detail}")]
    Json {
        /// `config.json`, `model_config`.
        name: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// The parser's own words, for logs.
        detail: String,
    },
    /// A layer, an argument or a value that is not known here.
    #[error("{0}")]
    Config(#[from] RunJsonError),
    /// A model that is neither `Sequential` nor `Functional`.
    #[error("the model is a {class_name}, expected Sequential or Functional")]
    OtherModel {
        /// Keras's name of its class.
        class_name: String,
    },
    /// A graph of layers that is more than a chain.
    #[error("the layers are no chain: {layer} {problem}")]
    NotAChain {
        /// The layer's name.
        layer: String,
        /// What is wrong with it.
        problem: ChainProblem,
    },
    /// The file does not say what the model is given.
    #[error("the model has no input shape")]
    NoInputShape,
    /// The model takes inputs of any size; here a model has one.
    #[error("the input shape {got} leaves an extent open")]
    OpenInputShape {
        /// As the file has it, with the batch.
        got: String,
    },
    /// A layer computes in other numbers than 32-bit floats.
    #[error("{layer} computes in {got}, expected float32")]
    OtherNumbers {
        /// The layer's name.
        layer: String,
        /// Keras's name of the policy: `mixed_float16`.
        got: String,
    },
    /// Keras 2 computed something else under this name.
    #[error("{layer} has the {argument} {value} of Keras 2, which is another function in Keras 3")]
    OtherInKeras2 {
        /// The layer's name.
        layer: String,
        /// Keras's name of the argument.
        argument: String,
        /// Its value.
        value: String,
    },
    /// A layer has an argument with which it has other weights than here.
    #[error("{layer} has {argument}, which exists in Keras but not here")]
    NotBuilt {
        /// The layer's name.
        layer: String,
        /// Keras's name of the argument: `renorm`.
        argument: String,
    },
    /// As many layers with weights as the file has, the model does not have.
    #[error("the file has weights of {got} layers, the model has {expected} layers with weights")]
    LayerCount {
        /// The model's.
        expected: usize,
        /// The file's.
        got: usize,
    },
}

/// What keeps a layer out of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ChainProblem {
    /// It is given more than one thing, or nothing.
    #[error("has {got} inputs")]
    Inputs {
        /// How many.
        got: usize,
    },
    /// It is applied more than once.
    #[error("is used {got} times")]
    Uses {
        /// How many times.
        got: usize,
    },
    /// More than one layer takes its output.
    #[error("feeds {got} layers")]
    Outputs {
        /// How many.
        got: usize,
    },
    /// It is called with an argument that changes what it does.
    #[error("is always called as in training")]
    AlwaysTraining,
    /// Likewise.
    #[error("is always called as in inference, also while the model is trained")]
    AlwaysInference,
    /// It is called in a way that is not known here.
    #[error("is called in a way that is not known")]
    Unknown,
}
