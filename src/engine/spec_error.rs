//! [`SpecError`]: why a model or a run cannot be built. Carries values, so that it can be said in any
//! language.

use serde::{Deserialize, Serialize};

use crate::engine::argument::ArgumentError;
use crate::engine::callbacks::CallbackError;
use crate::engine::layers::LayerError;
use crate::engine::losses::TargetError;
use crate::engine::optimizers::OptimizerError;
use crate::tensor::Shape;

/// Why a spec cannot be built or run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum SpecError {
    /// A model needs at least one layer.
    #[error("the model has no layers")]
    NoLayers,
    /// An input axis is 0.
    #[error("the input shape {got} holds no values")]
    EmptyInput {
        /// What was given.
        got: Shape,
    },
    /// One layer cannot be built.
    #[error("layer {layer} ({class_name}): {error}")]
    Layer {
        /// Position in the model, from 0.
        layer: usize,
        /// Keras's class name.
        class_name: String,
        /// What is wrong with it.
        error: LayerError,
    },
    /// One layer would not fit into memory.
    #[error("layer {layer} ({class_name}) would need more than 256 MB for one array")]
    TooLarge {
        /// Position in the model, from 0.
        layer: usize,
        /// Keras's class name.
        class_name: String,
    },
    /// All parameters together would not fit into memory.
    #[error("with layer {layer} ({class_name}) the model would need more than 1 GB for its parameters")]
    TooManyParams {
        /// Position in the model, from 0.
        layer: usize,
        /// Keras's class name.
        class_name: String,
    },
    /// The model's input is not one image of the dataset.
    #[error("the model expects input {got}, the data has {expected}")]
    WrongInput {
        /// The data's shape.
        expected: Shape,
        /// The model's shape.
        got: Shape,
    },
    /// The model's output is not one value per class.
    #[error("the model gives {got}, the data needs {expected}")]
    WrongOutput {
        /// One value per class.
        expected: Shape,
        /// The model's output shape.
        got: Shape,
    },
    /// Validation takes all samples.
    #[error("{validation_samples} of {samples} samples are kept for validation: none is left to train on")]
    NoTrainingSamples {
        /// All.
        samples: usize,
        /// Kept back.
        validation_samples: usize,
    },
    /// None of the images that could be trained on is of a chosen class.
    #[error("class_counts leaves none of {samples} samples to train on")]
    NoneOfTheseClasses {
        /// From the start of the training file, validation included.
        samples: usize,
    },
    /// One callback cannot be built.
    #[error("callback {callback} ({class_name}): {error}")]
    Callback {
        /// Position in the list, from 0.
        callback: usize,
        /// Keras's class name.
        class_name: String,
        /// What is wrong with it.
        error: CallbackError,
    },
    /// The loss or a metric cannot take the data's targets.
    #[error(transparent)]
    Targets(#[from] TargetError),
    /// Both classes and single samples are weighed, and which counts would be a guess.
    #[error("class_weight and sample_weight cannot be given together: give one of them")]
    TwoWeightings,
    /// A training argument out of range.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
    /// Arguments of the optimizer that contradict each other.
    #[error("optimizer: {0}")]
    Optimizer(OptimizerError),
}

impl From<OptimizerError> for SpecError {
    fn from(error: OptimizerError) -> Self {
        match error {
            OptimizerError::Argument(error) => Self::Argument(error),
            error => Self::Optimizer(error),
        }
    }
}
