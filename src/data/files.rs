//! Datasets from a folder on disk, as the command line and the tests read them.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::manifest::FILE_NAME;
use super::shard::{self, MAX_RAW_BYTES};
use super::{DataError, DatasetId, LabeledImages, Manifest, ShardEntry, Split, gzip};

/// The manifest of dataset `id`, in its folder below `dir` (`www/data`).
///
/// # Errors
/// [`DataError`] when it is missing or not valid.
pub fn load_manifest(dir: &Path, id: DatasetId) -> Result<Manifest, DataError> {
    Manifest::parse_for(id, &read(dir, &format!("{id}/{FILE_NAME}"))?)
}

/// The first `samples` images of one split; reads only the shards that hold them, and checks each.
///
/// # Errors
/// [`DataError`] when there are fewer images, or a shard is missing, cut or altered.
pub fn load_split(
    dir: &Path,
    manifest: &Manifest,
    split: Split,
    samples: usize,
) -> Result<LabeledImages, DataError> {
    let mut images = LabeledImages::empty(manifest.image_shape);
    let folder = manifest.id.folder();
    for entry in manifest.shards_for(split, samples)? {
        let compressed = read(dir, &format!("{folder}/{}", entry.file))?;
        let decoded = decode(manifest, entry, &compressed).map_err(|error| error.in_folder(folder))?;
        images.append(&decoded);
    }
    images.truncate(samples);
    Ok(images)
}

fn decode(manifest: &Manifest, entry: &ShardEntry, compressed: &[u8]) -> Result<LabeledImages, DataError> {
    shard::verify(entry, compressed)?;
    let raw = gzip::decompress(compressed, MAX_RAW_BYTES)
        .map_err(|error| DataError::Gzip { file: entry.file.clone(), detail: error.to_string() })?;
    shard::decode_entry(manifest, entry, &raw)
}

/// Dataset `id` from its folder below `dir`: the manifest and the first images of both splits.
///
/// # Errors
/// As [`load_manifest`] and [`load_split`].
pub fn load(
    dir: &Path,
    id: DatasetId,
    train_samples: usize,
    test_samples: usize,
) -> Result<(Manifest, LabeledImages, LabeledImages), DataError> {
    let manifest = load_manifest(dir, id)?;
    let train = load_split(dir, &manifest, Split::Train, train_samples)?;
    let test = load_split(dir, &manifest, Split::Test, test_samples)?;
    Ok((manifest, train, test))
}

fn read(dir: &Path, file: &str) -> Result<Vec<u8>, DataError> {
    fs::read(dir.join(file)).map_err(|error| match error.kind() {
        ErrorKind::NotFound => DataError::Missing { file: file.to_owned() },
        _ => DataError::Unreadable { file: file.to_owned(), detail: error.to_string() },
    })
}
