//! [`write_zip`].

use flate2::Crc;
use miniz_oxide::deflate::compress_to_vec;

use crate::formats::NamedFile;

/// The first day that ZIP can say, 1 January 1980: the same files give the same bytes.
const DATE: u16 = 1 << 5 | 1;
/// Version 2.0 knows deflate.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Of 0 to 10, what usual tools take. Not by `flate2`, which takes the compressor that other
/// crates of a build ask of it.
const LEVEL: u8 = 6;

/// The bytes of an archive with these files in this order. Text is deflated; anything else is stored, as Keras
/// does: weights hardly become shorter.
///
/// # Panics
/// If the archive would need more than 4 GB, 65,535 files, or names of 65,535 bytes.
pub fn write_zip(files: &[NamedFile]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let offset = short::<u32>(bytes.len());
        let deflated = deflate(&file.bytes);
        let (method, contents) = match &deflated {
            Some(deflated) => (DEFLATED, deflated),
            None => (STORED, &file.bytes),
        };
        let head = head(file, method, contents.len());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&head);
        bytes.extend(file.name.as_bytes());
        bytes.extend(contents);
        // The version by which it was made; then no comment, one disk, no attributes.
        directory.extend(b"PK\x01\x02");
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let (begin, len, count) =
        (short::<u32>(bytes.len()), short::<u32>(directory.len()), short::<u16>(files.len()));
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([len.to_le_bytes(), begin.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    bytes
}

/// What stands before a file and in the directory alike.
fn head(file: &NamedFile, method: u16, len: usize) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(&file.bytes);
    let mut head = Vec::new();
    // The time is midnight.
    head.extend([VERSION, FLAGS, method, 0, DATE].map(u16::to_le_bytes).concat());
    head.extend([crc.sum(), short(len), short(file.bytes.len())].map(u32::to_le_bytes).concat());
    head.extend([short::<u16>(file.name.len()), 0].map(u16::to_le_bytes).concat());
    head
}

/// Text in deflated form, if that is shorter.
fn deflate(bytes: &[u8]) -> Option<Vec<u8>> {
    std::str::from_utf8(bytes).ok()?;
    Some(compress_to_vec(bytes, LEVEL)).filter(|deflated| deflated.len() < bytes.len())
}

fn short<T: TryFrom<usize>>(number: usize) -> T {
    T::try_from(number).ok().expect("archives of models are shorter than ZIP's numbers allow")
}
