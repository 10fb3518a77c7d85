//! NumPy's `.npz`: named arrays, a ZIP of [`super::npy`] files, stored or deflated.

use super::archive::{read_zip, write_zip};
use super::{ArchiveError, ArrayError, NamedFile};

/// An array may hold as many bytes; a bomb of a few kilobytes must not fill the memory.
const MAX_BYTES: u64 = 4 << 30;

/// The `.npy` files in an `.npz` file: name without ending, and bytes, in the file's order.
///
/// # Errors
/// If it is no ZIP, a damaged one, or holds more than 4 GB.
pub fn read_npz(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ArrayError> {
    let max = usize::try_from(MAX_BYTES).unwrap_or(usize::MAX);
    let files = read_zip(bytes, max).map_err(|error| match error {
        ArchiveError::TooLarge { max } => ArrayError::TooLarge { max },
        error => ArrayError::NotNpz { detail: error.to_string() },
    })?;
    Ok(arrays(files))
}

/// Those files of an archive that are arrays.
pub(super) fn arrays(files: Vec<NamedFile>) -> Vec<(String, Vec<u8>)> {
    let array = |file: NamedFile| Some((file.name.strip_suffix(".npy")?.to_owned(), file.bytes));
    files.into_iter().filter_map(array).collect()
}

/// The bytes of an `.npz` file with these arrays, which are `.npy` files, as `np.savez` writes it.
pub fn write_npz(arrays: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let file = |(name, bytes)| NamedFile { name: format!("{name}.npy"), bytes };
    write_zip(&arrays.into_iter().map(file).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::npy::{Npy, write_npy};
    use crate::tensor::rng::{Purpose, Rng};

    fn archive() -> Vec<u8> {
        let files = [("x_train.npy", 6), ("notes.txt", 1), ("y_train.npy", 2)].map(|(name, len)| NamedFile {
            name: name.to_owned(),
            bytes: write_npy(&[len], &vec![0.5; len]),
        });
        write_zip(&files)
    }

    #[test]
    fn arrays_come_back_by_name() {
        let arrays = read_npz(&archive()).unwrap();
        let lens: Vec<(&str, usize)> = arrays
            .iter()
            .map(|(name, bytes)| (name.as_str(), Npy::parse(bytes).unwrap().floats().len()))
            .collect();
        assert_eq!(lens, [("x_train", 6), ("y_train", 2)]);
        assert_eq!(read_npz(&write_npz(arrays.clone())), Ok(arrays));
    }

    #[test]
    fn damaged_archives_are_refused_and_nothing_panics() {
        let good = archive();
        assert!(matches!(read_npz(&good[..good.len() / 2]), Err(ArrayError::NotNpz { .. })));
        let mut rng = Rng::new(2, Purpose::Init, 0, 0);
        let mut random = |below: usize| rng.below(below as u32) as usize;
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
