//! Shards: a few thousand labeled images in one file.
//!
//! Inside the gzip stream, all numbers little endian:
//!
//! ```text
//! offset  bytes  what
//! 0       4      magic "SVSH"
//! 4       2      version, 1
//! 6       4      n, the number of images
//! 10      2      h, height
//! 12      2      w, width
//! 14      2      c, channels
//! 16      n      labels, one byte each
//! 16+n    nhwc   pixels, channels last, one byte each, 0..=255
//! ```
//!
//! Nothing may follow. Labels come before pixels so that a prefix of the stream already says which
//! classes follow.

use sha2::{Digest as _, Sha256};

use super::manifest::{MAX_IMAGE_VALUES, Manifest, ShardEntry};
use super::{DataError, LabeledImages, ShardError};

/// The most images a shard may hold.
pub const MAX_IMAGES: usize = 100_000;
/// The most bytes a decompressed shard may have; the real ones are about 4 MB.
pub const MAX_RAW_BYTES: usize = 256 << 20;
/// The bytes before the first label.
pub const HEADER_BYTES: usize = 16;

const MAGIC: [u8; 4] = *b"SVSH";
const VERSION: u16 = 1;

/// The container for `images`, not yet compressed.
///
/// # Panics
/// If there are no images, more than [`MAX_IMAGES`], or an extent is above 65,535: what cannot be
/// decoded is not encoded.
pub fn encode(images: &LabeledImages) -> Vec<u8> {
    let shape = images.shape();
    let raw_bytes = raw_bytes(images.len(), shape);
    assert!(raw_bytes.is_some(), "{} images of {shape:?} do not fit into a shard", images.len());
    let mut bytes = Vec::with_capacity(raw_bytes.unwrap_or(0));
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((images.len() as u32).to_le_bytes());
    for extent in shape {
        bytes.extend((extent as u16).to_le_bytes());
    }
    bytes.extend(images.labels());
    bytes.extend(images.pixels());
    bytes
}

/// The images in a decompressed container.
///
/// Sizes are compared before anything is allocated: a forged header cannot ask for memory.
///
/// # Errors
/// [`ShardError`] for anything but exactly one whole shard.
pub fn decode(bytes: &[u8]) -> Result<LabeledImages, ShardError> {
    let truncated = |expected| ShardError::Truncated { expected, got: bytes.len() };
    let (header, body) = bytes.split_first_chunk::<HEADER_BYTES>().ok_or(truncated(HEADER_BYTES))?;
    let [m0, m1, m2, m3, v0, v1, n0, n1, n2, n3, h0, h1, w0, w1, c0, c1] = *header;
    if [m0, m1, m2, m3] != MAGIC {
        return Err(ShardError::BadMagic { got: [m0, m1, m2, m3] });
    }
    let version = u16::from_le_bytes([v0, v1]);
    if version != VERSION {
        return Err(ShardError::UnknownVersion { expected: VERSION, got: version });
    }
    let count = u32::from_le_bytes([n0, n1, n2, n3]) as usize;
    let shape = [[h0, h1], [w0, w1], [c0, c1]].map(|extent| usize::from(u16::from_le_bytes(extent)));
    let expected = raw_bytes(count, shape).ok_or(ShardError::BadSize { count, shape })?;
    match bytes.len() {
        got if got < expected => Err(truncated(expected)),
        got if got > expected => Err(ShardError::TrailingBytes { expected, got }),
        _ => {
            let (labels, pixels) = body.split_at(count);
            Ok(LabeledImages::new(shape, pixels.to_vec(), labels.to_vec()))
        }
    }
}

/// [`decode`], and compares with what the manifest says about this shard.
///
/// # Errors
/// [`DataError::Shard`] with the file's name.
pub fn decode_entry(
    manifest: &Manifest,
    entry: &ShardEntry,
    bytes: &[u8],
) -> Result<LabeledImages, DataError> {
    let check = || {
        let images = decode(bytes)?;
        let (expected, got) = (manifest.image_shape, images.shape());
        if got != expected {
            return Err(ShardError::WrongShape { expected, got });
        }
        let (expected, got) = (entry.count, images.len());
        if got != expected {
            return Err(ShardError::WrongCount { expected, got });
        }
        check_labels(images.labels(), manifest.classes.len())?;
        Ok(images)
    };
    check().map_err(|error| DataError::Shard { file: entry.file.clone(), error })
}

/// Compares a compressed shard with its manifest entry: size first, so that a cut file is called so.
///
/// # Errors
/// [`DataError::Shard`] with the file's name around `Truncated`, `TrailingBytes` or `WrongChecksum`.
pub fn verify(entry: &ShardEntry, compressed: &[u8]) -> Result<(), DataError> {
    let (expected, got) = (entry.bytes, compressed.len());
    let result = match got.cmp(&expected) {
        std::cmp::Ordering::Less => Err(ShardError::Truncated { expected, got }),
        std::cmp::Ordering::Greater => Err(ShardError::TrailingBytes { expected, got }),
        std::cmp::Ordering::Equal => verify_sha256(compressed, &entry.sha256),
    };
    result.map_err(|error| DataError::Shard { file: entry.file.clone(), error })
}

/// Compares the SHA-256 of `bytes` with `expected`, 64 lower-case hexadecimal digits.
///
/// # Errors
/// [`ShardError::WrongChecksum`].
pub fn verify_sha256(bytes: &[u8], expected: &str) -> Result<(), ShardError> {
    let got = sha256_hex(bytes);
    if got == expected {
        Ok(())
    } else {
        Err(ShardError::WrongChecksum { expected: expected.to_owned(), got })
    }
}

/// The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

/// Compares every label with the number of classes.
///
/// # Errors
/// [`ShardError::LabelOutOfRange`] for the first that is not a class.
pub fn check_labels(labels: &[u8], num_classes: usize) -> Result<(), ShardError> {
    match labels.iter().position(|label| usize::from(*label) >= num_classes) {
        Some(index) => Err(ShardError::LabelOutOfRange { index, label: labels[index], num_classes }),
        None => Ok(()),
    }
}

/// The size of a container, if one may hold so much.
fn raw_bytes(count: usize, shape: [usize; 3]) -> Option<usize> {
    let fits = |extent: usize| (1..=usize::from(u16::MAX)).contains(&extent);
    if !(1..=MAX_IMAGES).contains(&count) || !shape.into_iter().all(fits) {
        return None;
    }
    let values = shape.into_iter().try_fold(1_usize, usize::checked_mul)?;
    let bytes = count.checked_mul(values.checked_add(1)?)?.checked_add(HEADER_BYTES)?;
    (values <= MAX_IMAGE_VALUES && bytes <= MAX_RAW_BYTES).then_some(bytes)
}
