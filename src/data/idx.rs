//! IDX, the format in which MNIST was published (described on its home page).
//!
//! All numbers big endian:
//!
//! ```text
//! offset  bytes    what
//! 0       2        zero
//! 2       1        type of the values, 8 = unsigned byte
//! 3       1        d, the number of axes: 1 for labels, 3 for images
//! 4       4 d      the extent of each axis
//! 4+4d    product  values, the last axis fastest
//! ```

use thiserror::Error;

use super::LabeledImages;

/// Why bytes are not the IDX file that was wanted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IdxError {
    /// Not IDX, not bytes, or another number of axes.
    #[error("begins with {got:02x?} where {expected:02x?} was expected")]
    BadMagic {
        /// Zero, zero, 8, number of axes.
        expected: [u8; 4],
        /// The first four bytes, or fewer.
        got: Vec<u8>,
    },
    /// Shorter or longer than the header says.
    #[error("{got} bytes where {expected:?} were expected")]
    WrongLength {
        /// Bytes announced; `None` when the header itself is cut or announces more than fits in memory.
        expected: Option<usize>,
        /// Bytes there.
        got: usize,
    },
    /// Images and labels do not belong together.
    #[error("{images} images and {labels} labels")]
    CountsDiffer {
        /// Images in one file.
        images: usize,
        /// Labels in the other.
        labels: usize,
    },
}

/// Gray images of shape `[h, w, 1]` from an image file and a label file, both decompressed.
///
/// # Errors
/// [`IdxError`].
pub fn read(images: &[u8], labels: &[u8]) -> Result<LabeledImages, IdxError> {
    let ([num_images, h, w], pixels) = parse::<3>(images)?;
    let ([num_labels], labels) = parse::<1>(labels)?;
    if num_images != num_labels {
        return Err(IdxError::CountsDiffer { images: num_images, labels: num_labels });
    }
    Ok(LabeledImages::new([h, w, 1], pixels.to_vec(), labels.to_vec()))
}

/// The extents of the `AXES` axes, and the values.
fn parse<const AXES: usize>(bytes: &[u8]) -> Result<([usize; AXES], &[u8]), IdxError> {
    let expected = [0, 0, 8, AXES as u8];
    let Some(rest) = bytes.strip_prefix(&expected) else {
        return Err(IdxError::BadMagic { expected, got: bytes.iter().copied().take(4).collect() });
    };
    let wrong_length = |expected| IdxError::WrongLength { expected, got: bytes.len() };
    let (header, values) = rest.split_at_checked(4 * AXES).ok_or(wrong_length(None))?;
    let mut extents = [0; AXES];
    for (extent, field) in extents.iter_mut().zip(header.as_chunks().0) {
        *extent = u32::from_be_bytes(*field) as usize;
    }
    let expected = extents.into_iter().try_fold(1_usize, usize::checked_mul);
    if expected == Some(values.len()) {
        Ok((extents, values))
    } else {
        Err(wrong_length(expected.and_then(|size| size.checked_add(4 + 4 * AXES))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGES: &[u8] = b"\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03abcdef";
    const LABELS: &[u8] = b"\0\0\x08\x01\0\0\0\x02\x07\x09";

    #[test]
    fn images_and_labels_are_read() {
        let expected = LabeledImages::new([1, 3, 1], b"abcdef".to_vec(), vec![7, 9]);
        assert_eq!(read(IMAGES, LABELS), Ok(expected));
    }

    #[test]
    fn every_cut_and_every_longer_file_is_refused() {
        for len in 0..IMAGES.len() {
            assert!(read(&IMAGES[..len], LABELS).is_err(), "images cut to {len} bytes");
        }
        for len in 0..LABELS.len() {
            assert!(read(IMAGES, &LABELS[..len]).is_err(), "labels cut to {len} bytes");
        }
        let longer = [LABELS, &[0]].concat();
        assert_eq!(read(IMAGES, &longer), Err(IdxError::WrongLength { expected: Some(10), got: 11 }));
    }

    #[test]
    fn swapped_files_forged_extents_and_counts_that_differ_are_named() {
        assert!(matches!(read(LABELS, IMAGES), Err(IdxError::BadMagic { .. })));
        let forged = [b"\0\0\x08\x03".as_slice(), &[0xff; 12], b"abc"].concat();
        assert_eq!(read(&forged, LABELS), Err(IdxError::WrongLength { expected: None, got: 19 }));
        let one = b"\0\0\x08\x01\0\0\0\x01\x07";
        assert_eq!(read(IMAGES, one), Err(IdxError::CountsDiffer { images: 2, labels: 1 }));
    }
}
