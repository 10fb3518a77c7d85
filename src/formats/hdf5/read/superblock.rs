//! The superblock: where HDF5 begins in the file, how wide numbers are, and where the root group is.

use super::super::error::{Feature, Hdf5Error, Part};
use super::cursor::File;

const SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";

/// The file without what may stand before HDF5, and the address of the root group's object header.
pub(super) fn read_superblock(bytes: &[u8]) -> Result<(File<'_>, u64), Hdf5Error> {
    let begin = find(bytes).ok_or(Hdf5Error::NotHdf5)?;
    // Eight bytes until the file says what it has.
    let mut file = File { bytes: &bytes[begin..], begin, address_width: 8, length_width: 8, verifies: true };
    let mut cursor = file.at(0, Part::Superblock)?;
    cursor.skip(SIGNATURE.len())?;
    let version = cursor.version(&[0, 1, 2, 3])?;
    if version < 2 {
        // Versions of the free space, the root group and shared messages, and nothing.
        cursor.skip(4)?;
    }
    for width in [&mut file.address_width, &mut file.length_width] {
        let bytes = cursor.u8()?;
        if !matches!(bytes, 2 | 4 | 8) {
            return Err(cursor.unsupported(Feature::Width(bytes)));
        }
        *width = usize::from(bytes);
    }
    cursor.file = file;
    // Flags; before version 2 also the ranks of B-trees.
    cursor.skip(match version {
        0 => 1 + 4 + 4,
        1 => 1 + 4 + 4 + 4,
        _ => 1,
    })?;
    // The base address is where the signature is, whatever it says; libhdf5 does not believe it either. Then
    // the free space, or an extension that tells of things for writers only.
    cursor.address()?;
    cursor.address()?;
    let end = cursor.place()?;
    let root = if version < 2 {
        // Drivers that spread a file; then the entry of the root group: its name's offset, and its header.
        cursor.address()?;
        cursor.address()?;
        cursor.place()?
    } else {
        let root = cursor.place()?;
        cursor.checksum(0)?;
        root
    };
    // Counted from the beginning of the file, unlike everything else.
    let (expected, got) = (end, bytes.len() as u64);
    if expected > got {
        return Err(Hdf5Error::Cut { expected, got });
    }
    Ok((file, root))
}

/// HDF5 may begin at 0, 512, 1024, 2048 and so on.
fn find(bytes: &[u8]) -> Option<usize> {
    let places = std::iter::once(0).chain(std::iter::successors(Some(512_usize), |at| at.checked_mul(2)));
    places.take_while(|at| *at < bytes.len()).find(|at| bytes[*at..].starts_with(SIGNATURE))
}
