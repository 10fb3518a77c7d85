//! Damaged files: those that once broke a reader, and good ones that are cut, turned over and mixed up here. Each is read
//! or refused with an error; nothing panics, and nothing takes more memory than `fuzz/readers.rs` allows.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

#[path = "../fuzz/readers.rs"]
mod readers;

use std::fs;
use std::path::{Path, PathBuf};

use readers::{READERS, check, known};
use svertka::tensor::rng::{Purpose, Rng};

/// Mutants of every good file.
const MUTANTS: usize = 200;
/// Good files are larger than what is mutated by as much at most: a mutant of a small file meets more of its structure.
const LARGEST: u64 = 64 << 10;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/files")
}

/// All files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Which readers a good file is for.
fn readers_of(path: &Path) -> &'static [&'static str] {
    let name = path.file_name().unwrap().to_str().unwrap();
    match name.split_once('.').map_or("", |(_, end)| end) {
        "npy" => &["npy"],
        "npz" => &["npz", "npz_arrays", "zip"],
        "keras" => &["keras", "zip"],
        "h5" | "hdf5" => &["legacy_h5", "hdf5"],
        end if end.ends_with("weights.h5") => &["weights_h5", "hdf5"],
        "safetensors" => &["safetensors"],
        _ => &[],
    }
}

#[test]
fn files_that_broke_a_reader_once_do_so_no_more() {
    let known = known();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(golden().join("damaged")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    assert!(!folders.is_empty());
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap();
        for path in files(&folder) {
            eprintln!("{}", path.display());
            check(name, &known, &fs::read(&path).unwrap());
        }
    }
}

/// The bytes with a few of them changed, a piece left out, doubled or moved, or an end cut off.
fn mutant(good: &[u8], random: &mut impl FnMut(usize) -> usize) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for _ in 0..=random(3) {
        let (from, to) = (random(bytes.len()), random(bytes.len()));
        let len = 1 + random(64.min(bytes.len()));
        match random(6) {
            0 => bytes.truncate(from.max(1)),
            1 => bytes[from] ^= 1 << random(8),
            // the numbers that most often are a count, an offset or a length too far
            2 => bytes[from] = [0, 1, 127, 128, 255][random(5)],
            3 => {
                let piece: Vec<u8> = bytes[from..].iter().copied().take(len).collect();
                bytes.splice(to..to, piece);
            }
            4 => drop(bytes.drain(from..(from + len).min(bytes.len() - 1).max(from))),
            _ => {
                let (from, to) = (from.min(bytes.len() - len), to.min(bytes.len() - len));
                (0..len).for_each(|idx| bytes.swap(from + idx, to + idx));
            }
        }
    }
    bytes
}

#[test]
fn mutants_of_good_files_are_read_or_refused() {
    let known = known();
    let mut rng = Rng::new(3, Purpose::Init, 0, 0);
    let mut random = |below: usize| (rng.uniform(0.0, below as f32) as usize).min(below - 1);
    let good = files(&golden()).into_iter().filter(|path| !path.starts_with(golden().join("damaged")));
    for path in good.filter(|path| fs::metadata(path).unwrap().len() <= LARGEST) {
        let bytes = fs::read(&path).unwrap();
        for name in readers_of(&path) {
            eprintln!("{name}: {}", path.display());
            for _ in 0..MUTANTS {
                check(name, &known, &mutant(&bytes, &mut random));
            }
        }
    }
}

#[test]
fn random_and_empty_bytes_are_refused_by_every_reader() {
    let known = known();
    let mut rng = Rng::new(4, Purpose::Init, 0, 0);
    for reader in READERS {
        for len in [0, 1, 7, 8, 64, 4096] {
            let bytes: Vec<u8> = (0..len).map(|_| rng.uniform(0.0, 256.0) as u8).collect();
            let is_understood = check(reader.name, &known, &bytes);
            // Nothing is a program that says nothing.
            assert!(!is_understood || (reader.name == "keras_code" && len == 0), "{}", reader.name);
        }
    }
}
