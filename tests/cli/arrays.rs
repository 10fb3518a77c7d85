//! NumPy files for tests.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use svertka::formats::npy::write_npy;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A `.npy` file of 64-bit integers, which is what `np.arange` makes.
pub fn integers(extents: &[usize], values: impl IntoIterator<Item = i64>) -> Vec<u8> {
    let shape = extents.iter().fold(String::new(), |shape, extent| shape + &extent.to_string() + ", ");
    let header = format!("{{'descr': '<i8', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(values.into_iter().flat_map(i64::to_le_bytes));
    bytes
}

/// A `.npy` file of 32-bit floats.
pub fn floats(extents: &[usize], values: impl IntoIterator<Item = f32>) -> Vec<u8> {
    write_npy(extents, &values.into_iter().collect::<Vec<_>>())
}

/// Writes an `.npz` file.
pub fn write_npz(path: &Path, arrays: &[(&str, Vec<u8>)]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in arrays {
        zip.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}
