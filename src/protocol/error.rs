//! Why the worker could not do what it was asked for.

use serde::{Deserialize, Serialize};

use super::Contender;
use crate::data::DataError;
use crate::engine::spec::SpecError;
use crate::tensor::Shape;

/// Why a request could not be met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum WorkerError {
    /// The job cannot be built.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The images cannot be had.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The state to go on from is of another run, or of one that is over.
    #[error("the state to go on from does not belong to this run")]
    OtherRun,
    /// Nothing was trained or imported yet.
    #[error("there is no model yet")]
    NoModel,
    /// The parameters are not those of the model.
    #[error("{got} parameters where the model has {expected}")]
    WrongParams {
        /// The model's.
        expected: usize,
        /// Given.
        got: usize,
    },
    /// The browser has less memory for one worker than the run takes.
    #[error("training takes {needed} bytes or more, the browser gave {got}")]
    OutOfMemory {
        /// The least that will do, in bytes.
        needed: u64,
        /// What there was, in bytes.
        got: u64,
    },
    /// The images are not shaped as the model's input.
    #[error("{got} bytes are no whole number of images of {expected}")]
    WrongPixels {
        /// One image.
        expected: Shape,
        /// Bytes given.
        got: usize,
    },
    /// The two models do not take the same images, or do not tell the same classes.
    #[error("{}", incomparable(.0))]
    Incomparable(Box<[Contender; 2]>),
}

fn incomparable([first, second]: &[Contender; 2]) -> String {
    let tell = |it: &Contender| format!("{} takes {} and gives {}", it.name, it.input, it.output);
    format!("{}, {}: they cannot be compared", tell(first), tell(second))
}
