//! Files that real Keras made, in `tests/golden/files/keras` with the programs that make them.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{ChainProblem, KerasFileError};
use crate::data::{Batch, Targets};
use crate::engine::layers::{LayerDef, Pass};
use crate::engine::model::Sequential;
use crate::engine::spec::RunSpec;
use crate::formats::{FormatError, ModelFormat, OpenedModel, Wrapping, fitting, read, write};
use crate::tensor::{Buffer, Tensor};

/// What Keras gave for a file.
#[derive(Deserialize)]
pub struct Case {
    pub file: String,
    pub input_shape: Vec<usize>,
    pub outputs: Vec<usize>,
    /// For three samples.
    pub predictions: Vec<f32>,
    pub params: usize,
    pub next_seed: usize,
    /// The optimizer's, in Keras's order.
    #[serde(default)]
    pub variables: Vec<Vec<f32>>,
    /// Predictions after two further steps.
    #[serde(default)]
    pub after: Vec<f32>,
}

pub fn folder() -> PathBuf {
    // From this file, so that it is found whatever crate compiles it.
    Path::new(file!()).parent().unwrap().join("../../../tests/golden/files/keras")
}

pub fn bytes(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).unwrap()
}

pub fn case(name: &str) -> Case {
    serde_json::from_slice(&bytes(&format!("{name}.json"))).unwrap()
}

fn case_names() -> Vec<String> {
    let files =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.filter_map(|file| file.strip_suffix(".json").map(str::to_owned)).collect();
    names.sort();
    assert!(names.len() > 15, "{names:?}");
    names
}

/// As `numbers` in `make.py`.
pub fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|idx| (((73 * idx + 31 * seed) % 199) as f64 / 100.0 - 1.0) as f32).collect()
}

fn samples(count: usize, input_shape: &[usize], seed: usize) -> Tensor {
    let extents: Vec<usize> = std::iter::once(count).chain(input_shape.iter().copied()).collect();
    Tensor::new(&extents, numbers(extents.iter().product(), seed))
}

/// Sums of up to a few hundred products of numbers around 1, in another order.
const PREDICTIONS: f32 = 1e-5;
/// Adam divides small gradients by their own size, so that it makes steps of what is lost by rounding.
const RESUMED: f32 = 1e-4;

fn close(name: &str, got: &[f32], expected: &[f32], limit: f32) {
    assert_eq!(got.len(), expected.len(), "{name}");
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= limit * expected.abs().max(1.0), "{name}: {got} is not {expected}");
    }
}

/// The run that a file of weights is read into.
fn known(file: &str) -> Option<RunSpec> {
    let whole = file.strip_suffix(".weights.h5")?;
    read("m.keras", &bytes(&format!("{whole}.keras")), None).unwrap().saved.job
}

pub fn open(file: &str) -> OpenedModel {
    let opened = read(file, &bytes(file), known(file).as_ref());
    opened.unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn predict(opened: &OpenedModel, case: &Case) -> Vec<f32> {
    let mut model = Sequential::with_params(&opened.saved.model, opened.saved.params.clone()).unwrap();
    let input = samples(3, &case.input_shape, 7);
    model.predict(&input).values().to_vec()
}

/// Goes on for two steps, as `make.py` does.
fn train_on(opened: &OpenedModel, case: &Case) -> OpenedModel {
    let saved = &opened.saved;
    let (job, state) = (saved.job.as_ref().unwrap(), saved.optimizer.as_ref().unwrap());
    let mut model = Sequential::with_params(&saved.model, saved.params.clone()).unwrap();
    let mut optimizer = job.compile.optimizer.build(&model.optimized_params());
    optimizer.set_slots(&state.slots).unwrap();
    optimizer.set_iterations(state.steps);
    let _ = optimizer.set_learning_rate(state.learning_rate);
    let outputs = *case.outputs.last().unwrap();
    for seed in case.next_seed..case.next_seed + 2 {
        let classes: Buffer<u32> = (0..6).map(|idx| ((7 * idx + seed) % outputs) as u32).collect();
        let mut batch = Batch::new(samples(6, &case.input_shape, seed), Targets::Classes(classes));
        // The weight of a loss that is a sum can as well be that of its samples.
        batch.weights = job.compile.loss_weights.0.map(|weight| vec![weight; 6].into());
        let pass = Pass::Train { seed: 1, step: optimizer.iterations(), first_sample: 0 };
        model.loss_and_gradients(&batch, job.compile.loss, pass);
        let (params, grads) = model.params_and_grads();
        optimizer.step(params, grads);
        model.constrain();
    }
    let mut after = opened.clone();
    after.saved.params = model.params().to_vec();
    after
}

#[test]
fn what_keras_saved_gives_what_keras_gave() {
    for name in case_names() {
        let case = case(&name);
        let opened = open(&case.file);
        assert_eq!(opened.saved.params.len(), case.params, "{name}");
        close(&name, &predict(&opened, &case), &case.predictions, PREDICTIONS);
    }
}

#[test]
fn an_optimizers_variables_are_keras_own() {
    for name in case_names() {
        let case = case(&name);
        let Some((iteration, rest)) = case.variables.split_first() else { continue };
        let opened = open(&case.file);
        let state = opened.saved.optimizer.unwrap_or_else(|| panic!("{name}: {:?}", opened.notes));
        assert_eq!(state.steps as f32, iteration[0], "{name}");
        let job = opened.saved.job.unwrap();
        let slots = if job.compile.optimizer.learning_rate().number().is_some() {
            assert_eq!(state.learning_rate, rest[0][0], "{name}");
            &rest[1..]
        } else {
            rest
        };
        assert_eq!(state.slots, slots, "{name}");
    }
}

#[test]
fn training_goes_on_as_in_keras() {
    let mut resumed = 0;
    for name in case_names() {
        let case = case(&name);
        if case.after.is_empty() {
            continue;
        }
        let opened = open(&case.file);
        assert!(opened.saved.optimizer.is_some(), "{name}: {:?}", opened.notes);
        close(&name, &predict(&train_on(&opened, &case), &case), &case.after, RESUMED);
        resumed += 1;
    }
    assert!(resumed > 15, "{resumed}");
}

#[test]
fn what_was_read_is_written_and_read_again() {
    let wrapping = Wrapping {
        stem: "m".to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: crate::formats::Language::English,
    };
    for name in case_names() {
        let saved = open(&case(&name).file).saved;
        for format in [ModelFormat::Keras, ModelFormat::KerasH5, ModelFormat::KerasWeights] {
            let files = write(format, &saved, &wrapping).unwrap_or_else(|error| panic!("{name}: {error}"));
            let again = read(&files[0].name, &files[0].bytes, saved.job.as_ref());
            let uncompiled = format == ModelFormat::KerasWeights && saved.job.is_none();
            match again {
                Ok(again) => {
                    assert_eq!(again.saved, saved, "{name}, {format:?}");
                    assert_eq!(again.notes, [], "{name}, {format:?}");
                }
                Err(error) => assert!(uncompiled, "{name}: {error}"),
            }
        }
    }
}

#[test]
fn a_file_that_was_packed_again_holds_the_same() {
    assert_eq!(open("deflated.keras"), open("sgd.keras"));
}

#[test]
fn layers_and_arguments_are_those_of_keras() {
    let opened = open("layers.keras");
    let classes = opened.saved.model.layers.iter().map(LayerDef::class_name).collect::<Vec<_>>();
    assert_eq!(classes.len(), 29);
    assert_eq!(opened.saved.model.name, "every_layer");
    // A name of the user's own has no place here, which is said.
    assert_eq!(opened.notes.len(), 1, "{:?}", opened.notes);
    assert_eq!(opened.notes[0].argument, "name");
    let json = serde_json::to_value(&opened.saved.model).unwrap();
    for (at, expected) in [
        ("/layers/5/Conv2D/kernel_constraint/MaxNorm/axis", serde_json::json!([0, 1, 2])),
        ("/layers/5/Conv2D/kernel_initializer/VarianceScaling/seed", serde_json::json!(4)),
        ("/layers/10/PReLU/shared_axes", serde_json::json!([1, 2])),
        ("/layers/27/Dense/trainable", serde_json::json!(false)),
    ] {
        assert_eq!(json.pointer(at), Some(&expected), "{at}");
    }
}

#[test]
fn a_graph_of_keras_3_is_read_whatever_its_calls_say_of_training() {
    for file in ["called.keras", "called.h5"] {
        let opened = open(file);
        let classes: Vec<_> = opened.saved.model.layers.iter().map(LayerDef::class_name).collect();
        let expected = ["Dense", "BatchNormalization", "Dropout", "GaussianNoise", "GaussianNoise", "Dense"];
        assert_eq!(classes, expected, "{file}");
        assert_eq!(opened.notes, [], "{file}");
    }
}

#[test]
fn other_graphs_and_other_numbers_are_refused_by_name() {
    let refused = |file: &str| read(file, &bytes(file), None).unwrap_err();
    let branches =
        KerasFileError::NotAChain { layer: "add".to_owned(), problem: ChainProblem::Inputs { got: 2 } };
    assert_eq!(refused("branches.keras"), FormatError::KerasFile(branches));
    let FormatError::KerasFile(KerasFileError::OtherNumbers { got, .. }) = refused("half.keras") else {
        panic!("{}", refused("half.keras"));
    };
    assert_eq!(got, "float16");
}

#[test]
fn weights_fit_some_models_and_need_one() {
    let weights = bytes("convolution.weights.h5");
    let needs = FormatError::NeedsModel { format: ModelFormat::KerasWeights };
    assert_eq!(read("convolution.weights.h5", &weights, None), Err(needs));
    let models = ["adagrad.keras", "convolution.keras", "layers.keras", "convolution.h5"]
        .map(|file| open(file).saved.model);
    assert_eq!(fitting("x.h5", &weights, &models), [1, 3]);
    // Those of a model that has models, or layers as activations, within it.
    let nested = ["activations.keras", "convolution.keras", "graph.keras"].map(|file| open(file).saved.model);
    assert_eq!(fitting("x.h5", &bytes("graph.weights.h5"), &nested), [2]);
    assert_eq!(fitting("x.h5", &bytes("activations.weights.h5"), &nested), [0]);
    // Weights in the way of Keras 2, which a whole model has in a group, fit by order.
    let other = RunSpec::new(models[0].clone());
    let error = read("x", &weights, Some(&other)).unwrap_err();
    assert!(matches!(error, FormatError::MissingTensor { .. } | FormatError::WrongExtents { .. }), "{error}");
}
