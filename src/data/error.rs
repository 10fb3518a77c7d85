//! What can go wrong between a dataset's name and its images: [`DataError`] says in which file,
//! [`ManifestError`] and [`ShardError`] say what.
//!
//! They cross from the worker to the page, which finds its own words for each variant.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{DatasetId, Split};

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
    /// The server gave no answer.
    #[error("there was no answer to the request for {file}: {detail}")]
    NoAnswer {
        /// The name of the file.
        file: String,
        /// The browser's own words, for logs.
        detail: String,
    },
    /// The file was not fetched before and there is no network.
    #[error("{file} was not fetched before and there is no network")]
    Offline {
        /// The name of the file.
        file: String,
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
    #[error("{file} describes {got} instead of {expected}")]
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

impl DataError {
    /// The same with the folder before a shard's name, as a reader finds the file.
    #[must_use]
    pub fn in_folder(self, folder: &str) -> Self {
        match self {
            Self::Shard { file, error } => Self::Shard { file: format!("{folder}/{file}"), error },
            Self::Gzip { file, detail } => Self::Gzip { file: format!("{folder}/{file}"), detail },
            other => other,
        }
    }
}

/// Why a text is not a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ManifestError {
    /// Not JSON, or fields are missing, unknown or of the wrong type.
    #[error("{detail}")]
    Syntax {
        /// The parser's own words, for logs.
        detail: String,
    },
    /// Written for another version of this program.
    #[error("format version {got} where {expected} was expected")]
    UnknownVersion {
        /// [`FORMAT_VERSION`](super::manifest::FORMAT_VERSION).
        expected: u32,
        /// The manifest's.
        got: u32,
    },
    /// An image without pixels, or an absurdly large one.
    #[error("images of shape {shape:?}")]
    BadImageShape {
        /// `[h, w, c]`.
        shape: [usize; 3],
    },
    /// Labels are single bytes and there must be something to tell apart.
    #[error("{got} classes, where 2 to 256 are possible")]
    BadNumClasses {
        /// How many classes.
        got: usize,
    },
    /// A file name that could lead out of the dataset's folder.
    #[error("a shard is called {file:?}")]
    BadFileName {
        /// The name.
        file: String,
    },
    /// A checksum that is not 64 lower-case hexadecimal digits.
    #[error("the checksum of {file} is {sha256:?}")]
    BadChecksum {
        /// The shard's file.
        file: String,
        /// What stands there.
        sha256: String,
    },
    /// An empty or absurdly large shard.
    #[error("{file} holds {count} images in {bytes} bytes")]
    BadShardSize {
        /// The shard's file.
        file: String,
        /// Images.
        count: usize,
        /// Compressed bytes.
        bytes: usize,
    },
    /// A shard does not begin where the one before it ends.
    #[error("{file} begins at image {got} instead of {expected}")]
    Gap {
        /// The shard's file.
        file: String,
        /// Where the shard before it ends.
        expected: usize,
        /// Where this one begins.
        got: usize,
    },
    /// The shards of a split do not add up to its count.
    #[error("the shards of the {split:?} split hold {got} images instead of {expected}")]
    WrongCount {
        /// Which split.
        split: Split,
        /// Its count.
        expected: usize,
        /// The sum over its shards.
        got: usize,
    },
    /// Too many shards.
    #[error("the {split:?} split has {got} shards")]
    TooManyShards {
        /// Which split.
        split: Split,
        /// How many shards.
        got: usize,
    },
}

/// Why bytes are not the shard that was wanted. The file's name is in [`DataError::Shard`] around it.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ShardError {
    /// The bytes end too early.
    #[error("{got} bytes where {expected} were expected: truncated")]
    Truncated {
        /// Bytes announced.
        expected: usize,
        /// Bytes there.
        got: usize,
    },
    /// More bytes than announced.
    #[error("{got} bytes where {expected} were expected: something follows the end")]
    TrailingBytes {
        /// Bytes announced.
        expected: usize,
        /// Bytes there.
        got: usize,
    },
    /// The file was altered.
    #[error("SHA-256 is {got} where {expected} was expected: altered")]
    WrongChecksum {
        /// The manifest's, in hexadecimal.
        expected: String,
        /// The file's, in hexadecimal.
        got: String,
    },
    /// Not a shard at all.
    #[error("begins with {got:02x?}, not with the magic of a shard")]
    BadMagic {
        /// The first four bytes.
        got: [u8; 4],
    },
    /// Written for another version of this program.
    #[error("shard version {got} where {expected} was expected")]
    UnknownVersion {
        /// The version this program reads.
        expected: u16,
        /// The shard's.
        got: u16,
    },
    /// The header announces nothing, or more than any shard may hold.
    #[error("{count} images of shape {shape:?} in one shard")]
    BadSize {
        /// Images announced.
        count: usize,
        /// `[h, w, c]` announced.
        shape: [usize; 3],
    },
    /// Images of another size than the manifest says.
    #[error("images of shape {got:?} where {expected:?} was expected")]
    WrongShape {
        /// The manifest's.
        expected: [usize; 3],
        /// The shard's.
        got: [usize; 3],
    },
    /// Another number of images than the manifest says.
    #[error("{got} images where {expected} were expected")]
    WrongCount {
        /// The manifest's.
        expected: usize,
        /// The shard's.
        got: usize,
    },
    /// A label that is not a class.
    #[error("image {index} is labeled {label}, but there are {num_classes} classes")]
    LabelOutOfRange {
        /// The image's position in the shard.
        index: usize,
        /// Its label.
        label: u8,
        /// How many classes there are.
        num_classes: usize,
    },
}
