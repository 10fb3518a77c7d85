//! `svertka make-shards`: cuts published IDX files into the shards and manifests of `www/data`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use md5::{Digest as _, Md5};
use thiserror::Error;

use crate::data::idx::{self, IdxError};
use crate::data::manifest::{FILE_NAME, FORMAT_VERSION};
use crate::data::sources::{IDX_FILES, Source, source};
use crate::data::{DatasetId, LabeledImages, Manifest, ManifestError, ShardEntry, ShardError, SplitManifest};
use crate::data::{gzip, shard};

/// Images in one shard: about 1 MB of digits or 2 MB of clothes, small enough that a subset is quickly
/// there, and large enough that a whole dataset is a dozen requests.
pub const IMAGES_PER_SHARD: usize = 5_000;
/// The largest IDX file accepted, bytes; the real ones are 47 MB.
const MAX_IDX_BYTES: usize = 256 << 20;

/// Arguments of `svertka make-shards`.
#[derive(clap::Args)]
pub struct MakeShardsArgs {
    /// Folder with mnist/ and fashion-mnist/, each with the four IDX files, as they are or gzipped
    #[arg(long, value_name = "FOLDER")]
    pub idx: PathBuf,
    /// Folder to write shards and manifests into
    #[arg(long, value_name = "FOLDER", default_value = "www/data")]
    pub out: PathBuf,
    /// Make only this dataset
    #[arg(long)]
    pub dataset: Option<DatasetId>,
}

/// Why shards cannot be made.
#[derive(Debug, Error)]
pub enum MakeShardsError {
    /// Neither the file nor its gzipped form is there.
    #[error("{path} is missing, and so is {path}.gz", path = .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be read, decompressed or written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// Not the published file.
    #[error("{}: the MD5 of its contents is {got} where {expected} was expected", .path.display())]
    WrongChecksum {
        /// The file.
        path: PathBuf,
        /// As published.
        expected: &'static str,
        /// The file's.
        got: String,
    },
    /// The right checksum around a wrong file: the list of sources is wrong.
    #[error("{id}: {error}")]
    Idx {
        /// The dataset.
        id: DatasetId,
        /// What is wrong.
        error: IdxError,
    },
    /// A label that is not a class.
    #[error("{id}: {error}")]
    Label {
        /// The dataset.
        id: DatasetId,
        /// Which.
        error: ShardError,
    },
    /// The manifest that was made is not a valid one.
    #[error("{id}: {error}")]
    Manifest {
        /// The dataset.
        id: DatasetId,
        /// What is wrong.
        error: ManifestError,
    },
}

/// Makes the shards of one dataset, or of all.
///
/// # Errors
/// [`MakeShardsError`] when an input is missing or is not, byte for byte, the published file. Nothing is
/// written for a dataset whose inputs are not all in order.
pub fn run(args: &MakeShardsArgs) -> Result<(), MakeShardsError> {
    for id in DatasetId::ALL {
        if args.dataset.is_none_or(|only| only == id) {
            let manifest = make_dataset(id, &args.idx, &args.out)?;
            let shards = || manifest.train.shards.iter().chain(&manifest.test.shards);
            let bytes: usize = shards().map(|shard| shard.bytes).sum();
            eprintln!("{}: {} shards, {bytes} bytes", manifest.title, shards().count());
        }
    }
    Ok(())
}

fn make_dataset(id: DatasetId, idx_dir: &Path, out_dir: &Path) -> Result<Manifest, MakeShardsError> {
    let source = source(id);
    let folder = idx_dir.join(id.folder());
    let mut files = Vec::new();
    for (name, expected) in IDX_FILES.into_iter().zip(source.md5) {
        files.push(read_published(&folder.join(name), expected)?);
    }
    let read = |images: usize| {
        let images = idx::read(&files[images], &files[images + 1])
            .map_err(|error| MakeShardsError::Idx { id, error })?;
        shard::check_labels(images.labels(), id.classes().len())
            .map_err(|error| MakeShardsError::Label { id, error })?;
        Ok(images)
    };
    let (train, test) = (read(0)?, read(2)?);
    let out = out_dir.join(id.folder());
    fs::create_dir_all(&out).map_err(|error| MakeShardsError::Io { path: out.clone(), error })?;
    let image_shape = train.shape();
    let (train, test) = (write_split(&out, "train", &train)?, write_split(&out, "test", &test)?);
    let manifest = manifest(id, source, image_shape, train, test);
    let json = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| MakeShardsError::Io { path: out.join(FILE_NAME), error: error.into() })?;
    Manifest::parse(&json).map_err(|error| MakeShardsError::Manifest { id, error })?;
    write(&out.join(FILE_NAME), &[json, b"\n".to_vec()].concat())?;
    Ok(manifest)
}

fn manifest(
    id: DatasetId,
    source: &Source,
    image_shape: [usize; 3],
    train: SplitManifest,
    test: SplitManifest,
) -> Manifest {
    Manifest {
        version: FORMAT_VERSION,
        id,
        title: id.title().to_owned(),
        image_shape,
        classes: id.classes().map(str::to_owned).to_vec(),
        train,
        test,
        licence: source.licence.to_owned(),
        citation: source.citation.to_owned(),
        source: source.source.to_owned(),
    }
}

/// Writes the shards `<name>-00.bin`, `<name>-01.bin` and so on.
///
/// They are not called `.gz`: some servers would then announce a content encoding, the browser would
/// decompress on its own, and the checksum would be that of other bytes. `.bin` is served as it is.
fn write_split(out: &Path, name: &str, images: &LabeledImages) -> Result<SplitManifest, MakeShardsError> {
    let mut shards = Vec::new();
    for first in (0..images.len()).step_by(IMAGES_PER_SHARD) {
        let part = images.slice(first..images.len().min(first + IMAGES_PER_SHARD));
        let file = format!("{name}-{:02}.bin", shards.len());
        let path = out.join(&file);
        let compressed = gzip::compress(&shard::encode(&part));
        write(&path, &compressed)?;
        let (bytes, sha256) = (compressed.len(), shard::sha256_hex(&compressed));
        shards.push(ShardEntry { file, first, count: part.len(), bytes, sha256 });
    }
    Ok(SplitManifest { count: images.len(), shards })
}

/// Reads `path`, or else `path.gz`, and refuses anything but the published contents.
fn read_published(path: &Path, expected: &'static str) -> Result<Vec<u8>, MakeShardsError> {
    let gz = PathBuf::from(format!("{}.gz", path.display()));
    let (path, packed) = match (path.exists(), gz.exists()) {
        (true, _) => (path.to_owned(), false),
        (false, true) => (gz, true),
        (false, false) => return Err(MakeShardsError::Missing { path: path.to_owned() }),
    };
    let mut bytes = fs::read(&path);
    if packed {
        bytes = bytes.and_then(|bytes| gzip::decompress(&bytes, MAX_IDX_BYTES));
    }
    let bytes = bytes.map_err(|error| MakeShardsError::Io { path: path.clone(), error })?;
    let got = shard::hex(&Md5::digest(&bytes));
    if got == expected { Ok(bytes) } else { Err(MakeShardsError::WrongChecksum { path, expected, got }) }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), MakeShardsError> {
    fs::write(path, bytes).map_err(|error| MakeShardsError::Io { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a run says about a folder with only this file of MNIST.
    fn run_with(test: &str, name: &str, contents: &[u8]) -> MakeShardsError {
        let dir = std::env::temp_dir().join(format!("svertka-make-shards-{test}-{}", std::process::id()));
        let folder = dir.join("mnist");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), contents).unwrap();
        let out = dir.join("out");
        let args = MakeShardsArgs { idx: dir.clone(), out: out.clone(), dataset: Some(DatasetId::Mnist) };
        let error = run(&args).unwrap_err();
        assert!(!out.exists(), "something was written");
        fs::remove_dir_all(dir).unwrap();
        error
    }

    #[test]
    fn a_file_that_is_not_the_published_one_is_named_with_both_checksums() {
        let (name, abc) = (IDX_FILES[0], "900150983cd24fb0d6963f7d28e17f72");
        for (test, name, contents) in
            [("raw", name.to_owned(), b"abc".to_vec()), ("gz", format!("{name}.gz"), gzip::compress(b"abc"))]
        {
            let error = run_with(test, &name, &contents);
            let message = error.to_string();
            assert!(matches!(error, MakeShardsError::WrongChecksum { .. }), "{message}");
            for part in [name.as_str(), abc, source(DatasetId::Mnist).md5[0]] {
                assert!(message.contains(part), "{message} does not say {part}");
            }
        }
    }

    #[test]
    fn a_missing_file_and_a_damaged_one_are_named() {
        let missing = run_with("missing", "other", b"").to_string();
        assert!(missing.ends_with("train-images-idx3-ubyte.gz"), "{missing}");
        let damaged = run_with("damaged", "train-images-idx3-ubyte.gz", b"\x1f\x8b\x08");
        assert!(matches!(damaged, MakeShardsError::Io { .. }), "{damaged}");
    }
}
