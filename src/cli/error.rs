//! [`CliError`]: why a command failed, with what was expected and what was given.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::callback_files::BackupError;
use super::make_shards::MakeShardsError;
use crate::data::{ArraysError, DataError, DatasetId};
use crate::engine::event::Monitor;
use crate::engine::losses::TargetError;
use crate::engine::optimizers::WrongSlotsError;
use crate::engine::spec::SpecError;
use crate::formats::run_json::RunJsonError;
use crate::formats::{ArrayError, FormatError, ModelFormat};
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
    /// Arrays are trained on whole.
    #[error("class_counts chooses among the images of a dataset; arrays of one's own are trained on whole")]
    ClassCountsOfArrays,
    /// The run cannot be built.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A model's file cannot be read or written.
    #[error("{}: {error}", .path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: Box<FormatError>,
    },
    /// A run cannot go on from its backup.
    #[error("{}: {error}; without this file the run begins anew", .path.display())]
    Backup {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: Box<BackupError>,
    },
    /// The description of a run cannot be read.
    #[error("{}: {error}", .path.display())]
    Run {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: RunJsonError,
    },
    /// NumPy's file cannot be read.
    #[error("{}: {}{error}", .path.display(), .array.as_ref().map_or_else(String::new, |name| format!("{name}: ")))]
    Array {
        /// Which file.
        path: PathBuf,
        /// Which of its arrays, if it is one.
        array: Option<String>,
        /// What is wrong.
        error: ArrayError,
    },
    /// An array is not in NumPy's file.
    #[error("{} has no {}; it holds {}", .path.display(), .expected.join(" and no "), .got.join(", "))]
    NoArray {
        /// Which file.
        path: PathBuf,
        /// Any of these would do.
        expected: Vec<String>,
        /// What is there.
        got: Vec<String>,
    },
    /// The arrays do not belong together.
    #[error("{}: {part}: {error}", .path.display())]
    Arrays {
        /// Which file.
        path: PathBuf,
        /// `train`, `val` or `test`.
        part: String,
        /// What is wrong.
        error: ArraysError,
    },
    /// The weights would overwrite the description of their model.
    #[error("{} is where the model is described; weights go to a file such as {}", .path.display(), .better.display())]
    WeightsOverModel {
        /// What was given.
        path: PathBuf,
        /// What would do.
        better: PathBuf,
    },
    /// No network, where there must be one.
    #[error(
        "name a network with --preset <PRESET>, --model <FILE> or --run <FILE>; fit also takes that of --init <FILE>"
    )]
    NoNetwork,
    /// Weights without layers.
    #[error(
        "{} does not say its layers, and there is no {}; name them with --preset, --model or --run",
        .path.display(), .beside.display()
    )]
    LayersNeeded {
        /// The weights.
        path: PathBuf,
        /// Where they would have been found.
        beside: PathBuf,
    },
    /// A kind of file that is only written.
    #[error("{}: files of the kind {} are written and not read", .path.display(), .format.id())]
    NotRead {
        /// Which file.
        path: PathBuf,
        /// Its kind.
        format: ModelFormat,
    },
    /// Neither the ending nor an argument says what is to be written.
    #[error(
        "{}: its ending does not say which kind of file is to be written; --format does: {}",
        .path.display(), ModelFormat::ALL.map(ModelFormat::id).join(", ")
    )]
    WhichFormat {
        /// What was given.
        path: PathBuf,
    },
    /// Training shall go on, and the optimizer's state is not known.
    #[error("{}: the file does not hold the optimizer's state; without --resume training begins with its weights", .path.display())]
    NoOptimizerState {
        /// Which file.
        path: PathBuf,
    },
    /// The state is one of another optimizer.
    #[error("{}: the state is that of another optimizer: {error}; without --resume training begins with its weights", .path.display())]
    OtherOptimizerState {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: WrongSlotsError,
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
    /// No image was named.
    #[error("name images with --indices or --pixels, or inputs with --data arrays.npz")]
    NothingToPredict,
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
    /// The loss cannot use the targets or the weights.
    #[error(transparent)]
    Targets(#[from] TargetError),
    /// The folder or the address cannot be served.
    #[error("{0}")]
    Serve(#[source] io::Error),
    /// The package for learning platforms cannot be made.
    #[error("{0}")]
    Scorm(#[source] io::Error),
    /// As [`MakeShardsError`].
    #[error(transparent)]
    MakeShards(#[from] MakeShardsError),
}

impl CliError {
    /// 2 if the arguments contradict each other or are out of range, as for an unknown argument; else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Spec(
                SpecError::Argument(_)
                | SpecError::Optimizer(_)
                | SpecError::Callback { .. }
                | SpecError::Targets(_)
                | SpecError::TwoWeightings
                | SpecError::NoTrainingSamples { .. }
                | SpecError::NoneOfTheseClasses { .. },
            )
            | Self::ClassCountsOfArrays
            | Self::Data { error: DataError::NotEnoughSamples { .. }, .. }
            | Self::Run { .. }
            | Self::NothingToPredict
            | Self::WeightsOverModel { .. }
            | Self::NoNetwork
            | Self::LayersNeeded { .. }
            | Self::WhichFormat { .. }
            | Self::OtherOptimizer { .. }
            | Self::NothingToMonitor { .. } => 2,
            _ => 1,
        }
    }
}
