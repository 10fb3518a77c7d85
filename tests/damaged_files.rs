//! Damaged files: those that once broke a reader, and good ones that are cut, turned over and mixed up here. Each is read
//! or refused with an error; nothing panics, and nothing takes more memory than `fuzz/readers.rs` allows.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

#[path = "damaged_files/programs.rs"]
mod programs;
#[path = "../fuzz/readers.rs"]
mod readers;
#[path = "damaged_files/texts.rs"]
mod texts;
#[path = "damaged_files/usual.rs"]
mod usual;

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use readers::{READERS, check, known};
use svertka::formats::hdf5::{self, Array, Group, Node, Values};
use svertka::formats::keras_file::model_json;
use svertka::tensor::rng::{Purpose, Rng};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

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

fn group<const A: usize, const M: usize>(
    attributes: [(&str, Array); A],
    members: [(&str, Node); M],
) -> Group {
    let attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Group { attributes, members: members.into_iter().map(|(name, node)| (name.to_owned(), node)).collect() }
}

fn floats(extents: &[usize]) -> Array {
    Array { extents: extents.to_vec(), values: Values::F32(vec![0.0; extents.iter().product()]) }
}

fn texts(texts: &[&str]) -> Array {
    let values = Values::Text(texts.iter().map(|text| (*text).to_owned()).collect());
    Array { extents: if texts.len() == 1 { vec![] } else { vec![texts.len()] }, values }
}

/// Attributes `name0`, `name1`… with `text` in each as often as there is place.
fn same_names(name: &str, text: &str, pieces: usize) -> Vec<(String, Array)> {
    (0..pieces).map(|piece| (format!("{name}{piece}"), texts(&vec![text; 4_000]))).collect()
}

/// Deflated as well as can be.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn names_that_are_listed_again_and_again_take_no_memory_each() {
    let known = known();
    let dense = Group {
        attributes: same_names("weight_names", "kernel", 4),
        members: vec![("kernel".to_owned(), Node::Array(floats(&[3, 3])))],
    };
    let mut weights = group([], [("dense", Node::Group(dense))]);
    weights.attributes = same_names("layer_names", "dense", 4);
    assert!(!check("weights_h5", &known, &hdf5::write(&weights).unwrap()));
}

#[test]
fn an_array_with_many_names_is_not_copied_for_each() {
    let known = known();
    let slots = Group {
        attributes: same_names("weight_names", "array", 4),
        members: vec![("array".to_owned(), Node::Array(floats(&[200_000])))],
    };
    let dense = group(
        [("weight_names", texts(&["kernel", "bias"]))],
        [("kernel", Node::Array(floats(&[3, 2]))), ("bias", Node::Array(floats(&[2])))],
    );
    let weights = group([("layer_names", texts(&["dense", "dense"]))], [("dense", Node::Group(dense))]);
    let config = r#"{"class_name": "Sequential", "config": {"layers": [
        {"class_name": "Dense", "config": {"units": 2, "batch_input_shape": [null, 3]}},
        {"class_name": "Dense", "config": {"units": 2}}]}}"#;
    let training = r#"{"loss": "mse", "optimizer_config": {"class_name": "Adam", "config": {}}}"#;
    let members = [("model_weights", Node::Group(weights)), ("optimizer_weights", Node::Group(slots))];
    let root = group([("model_config", texts(&[config])), ("training_config", texts(&[training]))], members);
    check("legacy_h5", &known, &hdf5::write(&root).unwrap());
}

#[test]
fn thousands_of_numbered_arrays_are_read_in_a_moment() {
    let known = known();
    let members = (0..50_000).map(|number| (number.to_string(), Node::Array(floats(&[])))).collect();
    let vars = Group { attributes: vec![], members };
    let layer = group([], [("vars", Node::Group(vars))]);
    let layers = group([], [("conv2d", Node::Group(layer))]);
    let root = group([], [("layers", Node::Group(layers))]);
    assert!(!check("weights_h5", &known, &hdf5::write(&root).unwrap()));
}

#[test]
fn a_small_archive_of_large_zeros_is_refused() {
    let known = known();
    let config = model_json(&known.model).unwrap();
    for len in [100_000, 200_000, 400_000, 4_000_000] {
        let vars = group([], [("0", Node::Array(floats(&[len])))]);
        let optimizer = group([], [("vars", Node::Group(vars))]);
        let weights = hdf5::write(&group([], [("optimizer", Node::Group(optimizer))])).unwrap();
        let files = [("config.json", config.as_bytes()), ("model.weights.h5", weights.as_slice())];
        assert!(!check("keras", &known, &archive(&files)));
    }
}

/// What becomes a tree of values takes many times its text.
fn bombs() -> Vec<String> {
    let list = |item: &str, count: usize| format!("[{}0]", format!("{item},").repeat(count));
    let layers = |layer: &str, count: usize| {
        let first = r#"{"class_name":"InputLayer","config":{"batch_shape":[null,4]}}"#;
        let layers = format!("{first},{}", list(layer, count).trim_start_matches('['));
        format!(r#"{{"class_name":"Sequential","config":{{"layers":[{layers}}}}}"#).replace(",0]", "]")
    };
    vec![
        list("1", 200_000),
        list("[[]]", 80_000),
        list(r#"{"":1}"#, 50_000),
        list(r#""""#, 100_000),
        "[".repeat(400_000),
        r#"{"a":"#.repeat(80_000),
        layers("{}", 100_000),
        layers(r#"{"class_name":"Flatten","config":{}}"#, 10_000),
        layers(r#"{"class_name":"Flatten"}"#, 10_000),
        layers(
            &format!(r#"{{"class_name":"Reshape","config":{{"target_shape":{}}}}}"#, list("1", 2_000)),
            50,
        ),
        layers(
            &format!(
                r#"{{"class_name":"Dense","config":{{"units":2,"kernel_initializer":{}}}}}"#,
                list("1", 2_000)
            ),
            50,
        ),
    ]
}

#[test]
fn descriptions_that_take_many_times_their_text_are_refused() {
    let known = known();
    let weights = hdf5::write(&group([], [("layers", Node::Group(Group::default()))])).unwrap();
    for (idx, bomb) in bombs().into_iter().enumerate() {
        eprintln!("bomb {idx}");
        let config = model_json(&known.model).unwrap();
        let files = [("config.json", bomb.as_bytes()), ("model.weights.h5", weights.as_slice())];
        check("keras", &known, &archive(&files));
        let metadata = [("metadata.json", bomb.as_bytes()), ("config.json", config.as_bytes()), files[1]];
        check("keras", &known, &archive(&metadata));
        let model_weights = || ("model_weights", Node::Group(group([("layer_names", texts(&[]))], [])));
        let root = group([("model_config", texts(&[&bomb]))], [model_weights()]);
        check("legacy_h5", &known, &hdf5::write(&root).unwrap());
        let attributes = [("model_config", texts(&[&config])), ("training_config", texts(&[&bomb]))];
        check("legacy_h5", &known, &hdf5::write(&group(attributes, [model_weights()])).unwrap());
        for reader in ["model_json", "run_json", "keras_code"] {
            check(reader, &known, bomb.as_bytes());
        }
    }
}

/// Of arrays without numbers, each of which takes a place in a table.
#[test]
fn headers_that_take_many_times_their_text_are_refused() {
    let entry = |idx: usize| format!(r#""{idx}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#);
    let header = format!("{{{}}}", (0..50_000).map(entry).collect::<Vec<_>>().join(","));
    let file = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    assert!(!check("safetensors", &known(), &file));
}

#[test]
fn programs_that_nest_without_end_are_refused() {
    let known = known();
    for opening in [
        "(",
        "[",
        "{",
        "-",
        "not ",
        "f(",
        "a.",
        "1+",
        "1**",
        "1 if 1 else ",
        "x=",
        "f'{",
        "if x:\n",
        "lambda: ",
        "a[",
        "~",
    ] {
        eprintln!("{opening}");
        check("keras_code", &known, opening.repeat(100_000).as_bytes());
    }
    check("keras_code", &known, format!("x = 1{}", "+1".repeat(100_000)).as_bytes());
    check("keras_code", &known, format!("x = f{}", "()".repeat(100_000)).as_bytes());
    check("keras_code", &known, format!("x = f{}", ".a".repeat(100_000)).as_bytes());
}

/// A thousand heads in a row, each of which takes those behind it for its extra field: all have the same contents, which
/// are long and unpack to nothing.
#[test]
fn files_of_an_archive_that_lie_over_each_other_are_refused() {
    let known = known();
    // Empty blocks, and the last one.
    let contents = [[0, 0, 0, 255, 255].repeat(200_000), vec![1, 0, 0, 255, 255]].concat();
    let (count, head) = (1_900_usize, 34);
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for idx in 0..count {
        let name = format!("{idx:04}");
        let extra = ((count - idx - 1) * head) as u16;
        let fields = |start: &[u8], offset: bool| {
            let mut entry = start.to_vec();
            entry.extend([20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            entry.extend((contents.len() as u32).to_le_bytes());
            entry.extend([0; 4]);
            entry.extend(4_u16.to_le_bytes());
            if offset {
                entry.extend([0; 2 + 2 + 2 + 2 + 4]);
                entry.extend(((idx * head) as u32).to_le_bytes());
            } else {
                entry.extend(extra.to_le_bytes());
            }
            entry.extend(name.as_bytes());
            entry
        };
        bytes.extend(fields(b"PK\x03\x04", false));
        directory.extend(fields(b"PK\x01\x02\x14\x00", true));
    }
    bytes.extend(&contents);
    let (begin, len) = (bytes.len() as u32, directory.len() as u32);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count as u16, count as u16].map(u16::to_le_bytes).concat());
    bytes.extend([len, begin].map(u32::to_le_bytes).concat());
    bytes.extend([0, 0]);
    for reader in ["zip", "keras", "npz", "npz_arrays"] {
        assert!(!check(reader, &known, &bytes), "{reader}");
    }
}
