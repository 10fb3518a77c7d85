//! [`CliError`]: why a command failed, with what was expected and what was given.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::make_shards::MakeShardsError;
use crate::data::{DataError, DatasetId};
use crate::engine::event::Monitor;
use crate::engine::spec::SpecError;
use crate::formats::FormatError;
use crate::tensor::Shape;

/// Why a command failed.
#[derive(Debug, Error)]
pub enum CliError {
    /// A file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's own words.
        error: io::Error,
    },
    /// Nobody reads the output any more.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// The dataset is in none of the usual places.
    #[error(
        "the images of {dataset} are in none of {}; name their folder with --data or SVERTKA_DATA",
        .tried.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    NoData {
        /// Which.
        dataset: DatasetId,
        /// Where it was looked for.
        tried: Vec<PathBuf>,
    },
    /// The images cannot be read, or there are not as many.
    #[error("{}: {error}", .folder.display())]
    Data {
        /// Where they were read from.
        folder: PathBuf,
        /// What is wrong.
        error: DataError,
    },
    /// The run cannot be built.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A model's file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: FormatError,
    },
    /// The weights would overwrite the description of their model.
    #[error("{} is where the model is described; weights go to a file such as {}", .path.display(), .better.display())]
    WeightsOverModel {
        /// What was given.
        path: PathBuf,
        /// What would do.
        better: PathBuf,
    },
    /// An argument of one optimizer was given with another.
    #[error("{argument} belongs to --optimizer {expected}, got --optimizer {got}")]
    OtherOptimizer {
        /// The argument.
        argument: &'static str,
        /// Whose it is.
        expected: &'static str,
        /// Which was chosen.
        got: String,
    },
    /// `EarlyStopping` has nothing to watch.
    #[error("EarlyStopping watches {monitor}, which needs --validation-samples of at least 1, got 0")]
    NothingToMonitor {
        /// What it watches.
        monitor: Monitor,
    },
    /// The loss became infinite or not a number; the weights are of no use.
    #[error(
        "training diverged in epoch {epoch}, batch {batch}: the loss is no finite number; nothing was saved; a smaller --learning-rate may help"
    )]
    Diverged {
        /// From 1.
        epoch: usize,
        /// From 1.
        batch: usize,
    },
    /// The bytes are no whole number of images.
    #[error("{} holds {got} bytes; expected a multiple of {}, one byte per value of {expected}", .path.display(), .expected.size())]
    WrongPixels {
        /// Which file.
        path: PathBuf,
        /// One image.
        expected: Shape,
        /// Bytes in the file.
        got: usize,
    },
    /// The folder or the address cannot be served.
    #[error("{0}")]
    Serve(#[source] io::Error),
    /// As [`MakeShardsError`].
    #[error(transparent)]
    MakeShards(#[from] MakeShardsError),
}

impl CliError {
    /// 2 if the arguments contradict each other or are out of range, as for an unknown argument; else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Spec(
                SpecError::Argument(_) | SpecError::Optimizer(_) | SpecError::NoTrainingSamples { .. },
            )
            | Self::Data { error: DataError::NotEnoughSamples { .. }, .. }
            | Self::WeightsOverModel { .. }
            | Self::OtherOptimizer { .. }
            | Self::NothingToMonitor { .. } => 2,
            _ => 1,
        }
    }
}
