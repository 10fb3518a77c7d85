use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::*;
use crate::formats::NamedFile;
use crate::tensor::rng::{Purpose, Rng};

fn files() -> Vec<NamedFile> {
    let file = |name: &str, bytes: Vec<u8>| NamedFile { name: name.to_owned(), bytes };
    vec![
        file("config.json", br#"{"class_name": "Sequential"}"#.repeat(20)),
        file("model.weights.h5", (0..=255).cycle().take(1000).collect()),
        file("train/свёртка.txt", "текст".repeat(100).into_bytes()),
        file("empty", Vec::new()),
    ]
}

/// As another writer makes it, with every method and ZIP64's fields.
fn foreign(method: CompressionMethod, large: bool) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method).large_file(large);
    zip.add_directory("train", options).unwrap();
    for file in files() {
        zip.start_file(file.name, options).unwrap();
        zip.write_all(&file.bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_was_written_is_read_here_and_elsewhere() {
    let bytes = write_zip(&files());
    assert_eq!(bytes, write_zip(&files()));
    assert_eq!(read_zip(&bytes, 10_000), Ok(files()));
    assert_eq!(read_zip(&write_zip(&[]), 0), Ok(vec![]));
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    for (idx, file) in files().into_iter().enumerate() {
        let mut entry = archive.by_index(idx).unwrap();
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents).unwrap();
        assert_eq!((entry.name(), contents), (file.name.as_str(), file.bytes));
        let is_text = idx == 0 || idx == 2;
        assert_eq!(entry.compression() == CompressionMethod::Deflated, is_text, "{}", file.name);
    }
}

#[test]
fn archives_of_other_writers_are_read() {
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        for large in [false, true] {
            let bytes = foreign(method, large);
            assert_eq!(read_zip(&bytes, 10_000), Ok(files()));
            // A program that unpacks itself.
            assert_eq!(read_zip(&[b"MZ program".as_slice(), &bytes].concat(), 10_000), Ok(files()));
        }
    }
}

#[test]
fn every_truncation_and_other_files_are_refused() {
    let bytes = write_zip(&files());
    for len in 0..bytes.len() {
        assert!(read_zip(&bytes[..len], 10_000).is_err(), "{len}");
    }
    assert_eq!(read_zip(b"\x89HDF\r\n\x1a\n and more than 22 bytes", 10), Err(ArchiveError::NotZip));
}

#[test]
fn bombs_are_refused() {
    let zeros = NamedFile { name: "zeros".to_owned(), bytes: vec![0; 1 << 20] };
    let mut bytes = write_zip(std::slice::from_ref(&zeros));
    assert!(bytes.len() < 3000);
    assert_eq!(read_zip(&bytes, 1 << 20).unwrap(), std::slice::from_ref(&zeros));
    let max = (1 << 20) - 1;
    assert_eq!(read_zip(&bytes, max), Err(ArchiveError::TooLarge { max: max as u64 }));
    // One that claims to be small.
    let directory = bytes.len() - 22 - 46 - 5;
    bytes[directory + 24..directory + 28].copy_from_slice(&100_u32.to_le_bytes());
    assert!(matches!(read_zip(&bytes, max), Err(ArchiveError::Damaged { .. })));
    // One that claims to be huge.
    bytes[directory + 24..directory + 28].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    assert_eq!(read_zip(&bytes, 4 << 20), Err(ArchiveError::WrongContents { name: "zeros".to_owned() }));
    let many: Vec<NamedFile> =
        (0..=MAX_FILES).map(|idx| NamedFile { name: idx.to_string(), bytes: Vec::new() }).collect();
    let too_many = ArchiveError::TooMany { max: MAX_FILES as u64, got: MAX_FILES as u64 + 1 };
    assert_eq!(read_zip(&write_zip(&many), 10), Err(too_many));
}

#[test]
fn what_is_wrong_with_a_file_is_said() {
    let named = |name: &str| NamedFile { name: name.to_owned(), bytes: b"\xff\0".to_vec() };
    let twice = write_zip(&[named("same"), named("same")]);
    assert_eq!(read_zip(&twice, 10), Err(ArchiveError::Duplicate { name: "same".to_owned() }));
    for name in ["../up", "/root", "a//b", "a\\b", "", "C:", "a/./b"] {
        let bytes = write_zip(&[named(name)]);
        assert_eq!(read_zip(&bytes, 10), Err(ArchiveError::BadName { name: name.to_owned() }));
    }
    let good = write_zip(&[named("name")]);
    let directory = good.len() - 22 - 46 - 4;
    let change = |at: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[at] = value;
        read_zip(&bytes, 10).unwrap_err()
    };
    let name = "name".to_owned();
    assert_eq!(change(directory + 8, 1), ArchiveError::Encrypted { name: name.clone() });
    assert_eq!(change(directory + 10, 12), ArchiveError::Method { name: name.clone(), method: 12 });
    assert_eq!(change(30 + 4, 7), ArchiveError::WrongContents { name: name.clone() });
    // The file's own head has another name.
    assert_eq!(change(30, b'N'), ArchiveError::Damaged { at: directory as u64, name: name.clone() });
    assert_eq!(change(good.len() - 22 + 4, 1), ArchiveError::Spread);
    assert_eq!(change(directory + 46, 0xff), ArchiveError::BadName { name: "\u{fffd}ame".to_owned() });
}

#[test]
fn random_damage_never_panics() {
    let mut rng = Rng::new(8, Purpose::Init, 0, 0);
    for good in [write_zip(&files()), foreign(CompressionMethod::Deflated, true)] {
        for _ in 0..5_000 {
            let mut bytes = good.clone();
            for _ in 0..=rng.below(4) {
                let position = rng.below(bytes.len() as u32) as usize;
                // Places at which numbers are near their bounds find more than random ones.
                bytes[position] = [0, 1, 0x7f, 0xff, rng.below(256) as u8][rng.below(5) as usize];
            }
            let _ = read_zip(&bytes, 100_000);
        }
    }
}
