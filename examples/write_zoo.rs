//! Writes the models that every writer is tested with, for the tools that have to open them:
//! `cargo run --example write_zoo -- FOLDER`, then `scripts/interop/onnx_check.py check FOLDER` and the others.
//!
//! Each model gets a folder with its files, `inputs.npy`, and `outputs.npy`, which the engine gives for them.

#![expect(clippy::print_stdout, reason = "it is run by hand")]

use std::path::Path;

use svertka::engine::model::Sequential;
use svertka::formats::npy::write_npy;
use svertka::formats::{FormatError, Language, NamedFile, SavedModel, Wrapping, onnx, pytorch, tfjs};
use svertka::tensor::Tensor;

#[path = "../src/formats/model_zoo.rs"]
mod model_zoo;

/// Not the size of any axis of the models, so that a batch in the wrong place is seen.
const SAMPLES: usize = 13;

type Write = fn(&SavedModel, &Wrapping) -> Result<Vec<NamedFile>, FormatError>;
const WRITERS: [Write; 3] = [onnx::write, tfjs::write, pytorch::write];

fn main() {
    let folder = std::env::args().nth(1).expect("usage: write_zoo FOLDER");
    let wrapping = Wrapping {
        stem: "model".to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: Language::English,
    };
    for model in model_zoo::zoo() {
        let folder = Path::new(&folder).join(&model.name);
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.join(name), bytes).expect("a file can be written");
        };
        let saved = model_zoo::filled(&model);
        let inputs = Tensor::new(&model.input_shape.with_batch(SAMPLES), model_zoo::samples(&model, SAMPLES));
        let mut network = Sequential::with_params(&model, saved.params.clone()).expect("the model is valid");
        let outputs = network.predict(&inputs);
        for (name, tensor) in [("inputs.npy", &inputs), ("outputs.npy", &outputs)] {
            write(name, &write_npy(tensor.extents(), tensor.values()));
        }
        for writer in WRITERS {
            match writer(&saved, &wrapping) {
                Ok(files) => files.iter().for_each(|file| write(&file.name, &file.bytes)),
                Err(error) => println!("{}: {error}", model.name),
            }
        }
    }
}
