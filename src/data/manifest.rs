//! `manifest.json`: what a dataset consists of, and the checksum of every shard.

use serde::{Deserialize, Serialize};

use super::{DataError, DatasetId, ManifestError};

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

impl Manifest {
    /// Reads and validates `manifest.json`.
    ///
    /// # Errors
    /// [`ManifestError`] when it is not one, contradicts itself, or names files outside its folder.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        let read: Self = serde_json::from_slice(json)
            .map_err(|error| ManifestError::Syntax { detail: error.to_string() })?;
        read.validate()?;
        Ok(read)
    }

    /// As [`parse`](Self::parse), for the dataset `id` and with the errors of a loader.
    ///
    /// # Errors
    /// [`DataError::Manifest`], and [`DataError::WrongDataset`] when it describes another dataset.
    pub fn parse_for(id: DatasetId, json: &[u8]) -> Result<Self, DataError> {
        Self::checked_for(id, Self::parse(json))
    }

    /// What was read, if it describes the dataset `id`.
    ///
    /// # Errors
    /// As of [`parse_for`](Self::parse_for).
    pub(crate) fn checked_for(id: DatasetId, read: Result<Self, ManifestError>) -> Result<Self, DataError> {
        let file = format!("{id}/{FILE_NAME}");
        let manifest = read.map_err(|error| DataError::Manifest { file: file.clone(), error })?;
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

    /// Whether it contradicts itself, or names files outside its folder.
    pub(crate) fn validate(&self) -> Result<(), ManifestError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn valid() -> Manifest {
        let shard = |first: usize, count: usize| ShardEntry {
            file: format!("train-{first}.bin"),
            first,
            count,
            bytes: 100,
            sha256: "0f".repeat(32),
        };
        Manifest {
            version: FORMAT_VERSION,
            id: DatasetId::Mnist,
            title: "MNIST".to_owned(),
            image_shape: [28, 28, 1],
            classes: vec!["0".to_owned(), "1".to_owned()],
            train: SplitManifest { count: 7, shards: vec![shard(0, 5), shard(5, 2)] },
            test: SplitManifest { count: 0, shards: Vec::new() },
            licence: String::new(),
            citation: String::new(),
            source: String::new(),
        }
    }

    /// What parsing says after `change`.
    fn parse(change: impl FnOnce(&mut Manifest)) -> Result<Manifest, ManifestError> {
        let mut manifest = valid();
        change(&mut manifest);
        Manifest::parse(&serde_json::to_vec(&manifest).unwrap())
    }

    #[test]
    fn a_valid_manifest_comes_back() {
        assert_eq!(parse(|_| ()), Ok(valid()));
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        for name in ["", "..", "../a", "a/b", "a\\b", "a..b", ".a", "a b", "a?b", "a%2fb", "й", "http:a"] {
            let parsed = parse(|manifest| manifest.train.shards[0].file = name.to_owned());
            assert_eq!(parsed, Err(ManifestError::BadFileName { file: name.to_owned() }));
        }
    }

    #[test]
    fn a_manifest_that_contradicts_itself_is_refused() {
        use ManifestError as E;
        let file = || "train-5.bin".to_owned();
        assert_eq!(parse(|m| m.train.shards[1].first = 4), Err(E::Gap { file: file(), expected: 5, got: 4 }));
        let wrong_count = E::WrongCount { split: Split::Train, expected: 8, got: 7 };
        assert_eq!(parse(|m| m.train.count = 8), Err(wrong_count));
        let empty = E::BadShardSize { file: file(), count: 0, bytes: 100 };
        assert_eq!(parse(|m| m.train.shards[1].count = 0), Err(empty));
        let huge = E::BadShardSize { file: file(), count: 2, bytes: usize::MAX };
        assert_eq!(parse(|m| m.train.shards[1].bytes = usize::MAX), Err(huge));
        for sha256 in ["", "0F".repeat(32).as_str(), "0".repeat(63).as_str(), "g".repeat(64).as_str()] {
            let bad = E::BadChecksum { file: file(), sha256: sha256.to_owned() };
            assert_eq!(parse(|m| m.train.shards[1].sha256 = sha256.to_owned()), Err(bad));
        }
        assert_eq!(parse(|m| m.version = 2), Err(E::UnknownVersion { expected: 1, got: 2 }));
        assert_eq!(parse(|m| m.classes.truncate(1)), Err(E::BadNumClasses { got: 1 }));
        for shape in [[0, 28, 1], [usize::MAX, 28, 1], [2_000, 2_000, 3]] {
            assert_eq!(parse(|m| m.image_shape = shape), Err(E::BadImageShape { shape }));
        }
        let shard = valid().train.shards[0].clone();
        let many = parse(|m| m.test.shards = vec![shard; MAX_SHARDS + 1]);
        assert_eq!(many, Err(E::TooManyShards { split: Split::Test, got: MAX_SHARDS + 1 }));
    }

    #[test]
    fn another_text_and_another_dataset_are_refused() {
        let json = String::from_utf8(serde_json::to_vec(&valid()).unwrap()).unwrap();
        for text in ["", "<!doctype html>", &json[1..], &json.replace("title", "name")] {
            assert!(matches!(Manifest::parse(text.as_bytes()), Err(ManifestError::Syntax { .. })), "{text}");
        }
        assert_eq!(Manifest::parse_for(DatasetId::Mnist, json.as_bytes()), Ok(valid()));
        let other = Manifest::parse_for(DatasetId::FashionMnist, json.as_bytes());
        assert!(matches!(other, Err(DataError::WrongDataset { .. })));
    }
}
