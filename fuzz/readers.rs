//! Every reader of files that come from outside, under one name each, and what it may take of memory. The targets
//! beside this file and `tests/damaged_files.rs` both go by this list.

use allocation_counter::measure;
use svertka::engine::layers::{
    BatchNormalizationSpec, Conv2dSpec, DenseSpec, FlattenSpec, MaxPooling2dSpec, PreluSpec,
};
use svertka::engine::spec::{ModelSpec, RunSpec};
use svertka::formats::npy::Npy;
use svertka::formats::npz::read_npz;
use svertka::formats::{ModelFile, archive, hdf5, keras_code, read, run_json};
use svertka::tensor::{Shape, product};

/// A reader.
pub struct Reader {
    /// That of its target, and of its folder of files.
    pub name: &'static str,
    /// Reads whatever it is given, and says whether it was understood. It must come back.
    pub read: fn(&RunSpec, &[u8]) -> bool,
    /// How many times the file's bytes it may take of memory.
    pub times: usize,
    /// And so many bytes beside that.
    pub slack: usize,
}

/// Every reader of models and texts: four times the file.
const BINARY: usize = 4;
/// And so much beside that: tables, texts of errors, a description as a tree of values. Two hundred layers in Keras's words
/// may be packed into five kilobytes, and take 800 of them; a program of as many takes 1,200.
const SLACK: usize = 2 << 20;
/// Arrays to train on shrink as far as deflate can go, as a million equal labels do: what one names oneself with --data may
/// be as large.
const DEFLATED: usize = 1100;

/// All of them.
pub const READERS: &[Reader] = &[
    Reader { name: "npy", read: npy, times: BINARY, slack: SLACK },
    Reader { name: "npz", read: |known, bytes| model("m.npz", known, bytes), times: BINARY, slack: SLACK },
    Reader { name: "npz_arrays", read: |_, bytes| read_npz(bytes).is_ok(), times: DEFLATED, slack: SLACK },
    Reader {
        name: "safetensors",
        read: |known, bytes| model("m.safetensors", known, bytes),
        times: BINARY,
        slack: SLACK,
    },
    Reader { name: "hdf5", read: |_, bytes| hdf5::read(bytes).is_ok(), times: BINARY, slack: SLACK },
    Reader {
        name: "zip",
        read: |_, bytes| archive::read_zip(bytes, 2 * bytes.len()).is_ok(),
        times: BINARY,
        slack: SLACK,
    },
    Reader {
        name: "keras",
        read: |known, bytes| model("m.keras", known, bytes),
        times: BINARY,
        slack: SLACK,
    },
    Reader {
        name: "weights_h5",
        read: |known, bytes| model("m.weights.h5", known, bytes),
        times: BINARY,
        slack: SLACK,
    },
    Reader {
        name: "legacy_h5",
        read: |known, bytes| model("m.h5", known, bytes),
        times: BINARY,
        slack: SLACK,
    },
    Reader {
        name: "model_json",
        read: |_, bytes| text(bytes, |text| ModelFile::from_json(text).is_ok()),
        times: BINARY,
        slack: SLACK,
    },
    Reader {
        name: "run_json",
        read: |_, bytes| text(bytes, |text| run_json::read_run(text).is_ok()),
        times: BINARY,
        slack: SLACK,
    },
    Reader {
        name: "keras_code",
        read: |_, bytes| text(bytes, |text| keras_code::read_program(text).is_ok()),
        times: BINARY,
        slack: SLACK,
    },
];

/// Reads `bytes` with the reader called `name`, and says whether they were understood.
///
/// # Panics
/// If the reader does, or if it takes more memory than it may.
pub fn check(name: &str, known: &RunSpec, bytes: &[u8]) -> bool {
    let reader =
        READERS.iter().find(|reader| reader.name == name).expect("targets and folders are named as readers");
    let (len, limit) = (bytes.len(), reader.times * bytes.len() + reader.slack);
    let mut is_understood = false;
    let taken = measure(|| is_understood = (reader.read)(known, bytes)).bytes_max;
    assert!(
        taken <= limit as u64,
        "{name} took {taken} bytes of memory for a file of {len}, may take {limit}"
    );
    is_understood
}

/// The model into which files without layers are read; `seeds` writes it in every format.
pub fn known() -> RunSpec {
    let layers = vec![
        Conv2dSpec { filters: 2, ..Conv2dSpec::default() }.into(),
        BatchNormalizationSpec::default().into(),
        PreluSpec::default().into(),
        MaxPooling2dSpec::default().into(),
        FlattenSpec::default().into(),
        DenseSpec { units: 3, ..DenseSpec::default() }.into(),
    ];
    RunSpec::new(ModelSpec { name: "known".to_owned(), input_shape: Shape::from([6, 6, 1]), layers })
}

fn npy(_: &RunSpec, bytes: &[u8]) -> bool {
    let Ok(array) = Npy::parse(bytes) else { return false };
    assert_eq!(array.floats().len(), product(array.extents()));
    let _ = array.classes();
    true
}

/// A file that is opened as a model; what comes out must be one.
fn model(name: &str, known: &RunSpec, bytes: &[u8]) -> bool {
    let Ok(opened) = read(name, bytes, Some(known)) else { return false };
    let saved = opened.saved;
    assert_eq!(saved.model.num_params(), Ok(saved.params.len()));
    assert!(saved.params.iter().all(|value| value.is_finite()));
    true
}

fn text(bytes: &[u8], read: impl Fn(&str) -> bool) -> bool {
    std::str::from_utf8(bytes).is_ok_and(read)
}
