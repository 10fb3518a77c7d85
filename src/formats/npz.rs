//! NumPy's `.npz`: named arrays, a ZIP of [`super::npy`] files, stored or deflated.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::ArrayError;

/// An array may hold as many bytes; a bomb of a few kilobytes must not fill the memory.
const MAX_BYTES: u64 = 4 << 30;

/// The `.npy` files in an `.npz` file: name without ending, and bytes, in the file's order.
///
/// # Errors
/// If it is no ZIP, a damaged one, or holds more than 4 GB.
pub fn read_npz(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArrayError> {
    let damaged = |detail: String| ArrayError::NotNpz { detail };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(error.to_string()))?;
    let mut left = MAX_BYTES;
    let mut arrays = Vec::new();
    for idx in 0..archive.len() {
        let entry = archive.by_index(idx).map_err(|error| damaged(error.to_string()))?;
        let Some(name) = entry.name().strip_suffix(".npy").map(str::to_owned) else { continue };
        let mut array = Vec::new();
        // What the entry says of its size is not believed.
        entry.take(left + 1).read_to_end(&mut array).map_err(|error| damaged(error.to_string()))?;
        left = left.checked_sub(array.len() as u64).ok_or(ArrayError::TooLarge { max: MAX_BYTES })?;
        arrays.push((name, array));
    }
    Ok(arrays)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;
    use zip::{CompressionMethod, ZipWriter};

    use super::*;
    use crate::formats::npy::{Npy, write_npy};
    use crate::tensor::rng::{Purpose, Rng};

    fn archive(method: CompressionMethod) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, len) in [("x_train.npy", 6), ("notes.txt", 1), ("y_train.npy", 2)] {
            zip.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
            zip.write_all(&write_npy(&[len], &vec![0.5; len])).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn arrays_come_back_by_name() {
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let arrays = read_npz(&archive(method)).unwrap();
            let lens: Vec<(&str, usize)> = arrays
                .iter()
                .map(|(name, bytes)| (name.as_str(), Npy::parse(bytes).unwrap().floats().len()))
                .collect();
            assert_eq!(lens, [("x_train", 6), ("y_train", 2)]);
        }
    }

    #[test]
    fn damaged_archives_are_refused_and_nothing_panics() {
        let good = archive(CompressionMethod::Deflated);
        assert!(matches!(read_npz(&good[..good.len() / 2]), Err(ArrayError::NotNpz { .. })));
        let mut rng = Rng::new(2, Purpose::Init, 0, 0);
        let mut random = |below: usize| (rng.uniform(0.0, below as f32) as usize).min(below - 1);
        for _ in 0..2_000 {
            let mut bytes = good.clone();
            for _ in 0..=random(4) {
                let position = random(bytes.len());
                bytes[position] = random(256) as u8;
            }
            let _ = read_npz(&bytes);
        }
    }
}
