//! What can go wrong between a dataset's name and its images.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{DatasetId, ManifestError, ShardError, Split};

/// Why a dataset cannot be loaded. Every variant names the file, so that a reader knows which one to replace.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum DataError {
    /// The file is not there.
    #[error("{file} is missing")]
    Missing {
        /// The name of the file.
        file: String,
    },
    /// The file is there but cannot be read.
    #[error("{file} cannot be read: {detail}")]
    Unreadable {
        /// The name of the file.
        file: String,
        /// The system's own words, for logs.
        detail: String,
    },
    /// The manifest is not a valid one.
    #[error("{file}: {error}")]
    Manifest {
        /// The name of the file.
        file: String,
        /// What is wrong with it.
        error: ManifestError,
    },
    /// The manifest describes another dataset than its folder says.
    #[error("{file} describes {got:?} instead of {expected:?}")]
    WrongDataset {
        /// The name of the file.
        file: String,
        /// The dataset asked for.
        expected: DatasetId,
        /// The dataset described.
        got: DatasetId,
    },
    /// The shard has the right checksum but does not decompress.
    #[error("{file} is not a gzip file: {detail}")]
    Gzip {
        /// The name of the file.
        file: String,
        /// The decompressor's own words, for logs.
        detail: String,
    },
    /// The shard is not a valid one, or not the one the manifest names.
    #[error("{file}: {error}")]
    Shard {
        /// The name of the file.
        file: String,
        /// What is wrong with it.
        error: ShardError,
    },
    /// More samples were asked for than there are.
    #[error("{requested} samples of the {split:?} split were asked for, there are {available}")]
    NotEnoughSamples {
        /// Which split.
        split: Split,
        /// How many were asked for.
        requested: usize,
        /// How many there are.
        available: usize,
    },
}
