//! `manifest.json`: what a dataset consists of, and the checksum of every shard.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{DataError, DatasetId};

/// The version of the manifest's format that this program reads and writes.
pub const FORMAT_VERSION: u32 = 1;
/// The manifest's file name in the dataset's folder.
pub const FILE_NAME: &str = "manifest.json";
/// The largest compressed shard accepted, bytes; the real ones are about 3 MB.
pub const MAX_SHARD_BYTES: usize = 32 << 20;
/// The most shards one split may have.
pub const MAX_SHARDS: usize = 1_000;
/// The most values one image may have, `h * w * c`.
pub const MAX_IMAGE_VALUES: usize = 1 << 20;

/// A half of a dataset: what a model learns from, or what it is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Split {
    /// Training images, of which validation images are the last part.
    Train,
    /// Test images.
    Test,
}

/// A dataset: its shape, classes, shards and origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT_VERSION`].
    pub version: u32,
    /// Which dataset.
    pub id: DatasetId,
    /// Its proper name, the same in every language.
    pub title: String,
    /// `[h, w, c]` of one image.
    pub image_shape: [usize; 3],
    /// The name of each class; its position is its label. One with a dot is a locale key, one without
    /// (a digit) is shown as it stands.
    pub classes: Vec<String>,
    /// The training images.
    pub train: SplitManifest,
    /// The test images.
    pub test: SplitManifest,
    /// What the licence permits, in one sentence.
    pub licence: String,
    /// Whom to cite.
    pub citation: String,
    /// Where the files that were cut into shards come from.
    pub source: String,
}

/// The images of one split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitManifest {
    /// How many images.
    pub count: usize,
    /// The shards, in the order of their images.
    pub shards: Vec<ShardEntry>,
}

/// One shard of a split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShardEntry {
    /// The file's name in the dataset's folder.
    pub file: String,
    /// The position of its first image in the split.
    pub first: usize,
    /// How many images.
    pub count: usize,
    /// The size of the compressed file.
    pub bytes: usize,
    /// The SHA-256 of the compressed file, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// Why a text is not a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ManifestError {
    /// Not JSON, or fields are missing, unknown or of the wrong type.
    #[error("line {line}, column {column}: {detail}")]
    Syntax {
        /// 1-based.
        line: usize,
        /// 1-based.
        column: usize,
        /// The parser's own words, for logs.
        detail: String,
    },
    /// Written for another version of this program.
    #[error("format version {got} where {expected} was expected")]
    UnknownVersion {
        /// [`FORMAT_VERSION`].
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

impl Manifest {
    /// Reads and validates `manifest.json`.
    ///
    /// # Errors
    /// [`ManifestError`] when it is not one, contradicts itself, or names files outside its folder.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_slice(json).map_err(|error| ManifestError::Syntax {
            line: error.line(),
            column: error.column(),
            detail: error.to_string(),
        })?;
        manifest.validate()?;
        Ok(manifest)
    }

    /// As [`parse`](Self::parse), for the dataset `id` and with the errors of a loader.
    ///
    /// # Errors
    /// [`DataError::Manifest`], and [`DataError::WrongDataset`] when it describes another dataset.
    pub fn parse_for(id: DatasetId, json: &[u8]) -> Result<Self, DataError> {
        let file = format!("{}/{FILE_NAME}", id.folder());
        let manifest =
            Self::parse(json).map_err(|error| DataError::Manifest { file: file.clone(), error })?;
        if manifest.id == id {
            Ok(manifest)
        } else {
            Err(DataError::WrongDataset { file, expected: id, got: manifest.id })
        }
    }

    /// One split.
    pub fn split(&self, split: Split) -> &SplitManifest {
        match split {
            Split::Train => &self.train,
            Split::Test => &self.test,
        }
    }

    /// The shards that hold the first `samples` images of a split, and no others.
    ///
    /// # Errors
    /// [`DataError::NotEnoughSamples`].
    pub fn shards_for(&self, split: Split, samples: usize) -> Result<&[ShardEntry], DataError> {
        let SplitManifest { count, shards } = self.split(split);
        if samples > *count {
            return Err(DataError::NotEnoughSamples { split, requested: samples, available: *count });
        }
        Ok(&shards[..shards.partition_point(|shard| shard.first < samples)])
    }

    /// The bytes to fetch for the first `samples` images of a split; 0 when there are fewer.
    pub fn bytes_for(&self, split: Split, samples: usize) -> usize {
        self.shards_for(split, samples).map_or(0, |shards| shards.iter().map(|shard| shard.bytes).sum())
    }

    fn validate(&self) -> Result<(), ManifestError> {
        if self.version != FORMAT_VERSION {
            return Err(ManifestError::UnknownVersion { expected: FORMAT_VERSION, got: self.version });
        }
        let [h, w, c] = self.image_shape;
        let values = h.checked_mul(w).and_then(|hw| hw.checked_mul(c));
        if !values.is_some_and(|values| (1..=MAX_IMAGE_VALUES).contains(&values)) {
            return Err(ManifestError::BadImageShape { shape: self.image_shape });
        }
        if !(2..=256).contains(&self.classes.len()) {
            return Err(ManifestError::BadNumClasses { got: self.classes.len() });
        }
        self.train.validate(Split::Train)?;
        self.test.validate(Split::Test)
    }
}

impl SplitManifest {
    fn validate(&self, split: Split) -> Result<(), ManifestError> {
        if self.shards.len() > MAX_SHARDS {
            return Err(ManifestError::TooManyShards { split, got: self.shards.len() });
        }
        let mut end = 0;
        for shard in &self.shards {
            shard.validate(end)?;
            end += shard.count;
        }
        if end == self.count {
            Ok(())
        } else {
            Err(ManifestError::WrongCount { split, expected: self.count, got: end })
        }
    }
}

impl ShardEntry {
    fn validate(&self, first: usize) -> Result<(), ManifestError> {
        let file = || self.file.clone();
        // The name becomes part of an address and of a path, so only harmless characters may stand in it.
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if self.file.is_empty()
            || self.file.len() > 100
            || self.file.starts_with('.')
            || self.file.contains("..")
            || !self.file.bytes().all(harmless)
        {
            return Err(ManifestError::BadFileName { file: file() });
        }
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if self.sha256.len() != 64 || !self.sha256.bytes().all(digit) {
            return Err(ManifestError::BadChecksum { file: file(), sha256: self.sha256.clone() });
        }
        if !(1..=super::shard::MAX_IMAGES).contains(&self.count)
            || !(1..=MAX_SHARD_BYTES).contains(&self.bytes)
        {
            return Err(ManifestError::BadShardSize { file: file(), count: self.count, bytes: self.bytes });
        }
        if self.first == first {
            Ok(())
        } else {
            Err(ManifestError::Gap { file: file(), expected: first, got: self.first })
        }
    }
}
