//! Every preset through every format: what comes back is the same model, and predicts the same.

#![expect(clippy::unwrap_used, reason = "a test that cannot build its models has failed")]

use svertka::data::{DatasetId, LabeledImages, Shuffle};
use svertka::engine::callbacks::{CallbackSpec, EarlyStoppingSpec, TerminateOnNanSpec};
use svertka::engine::layers::{Activation, DenseSpec, FlattenSpec, LayerDef, LayerSpec};
use svertka::engine::model::Sequential;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::presets::Preset;
use svertka::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
use svertka::engine::trainer::predict;
use svertka::formats::{
    FormatError, Language, ModelFile, ModelFormat, OptimizerState, SavedModel, Wrapping, read, read_weights,
    write, write_weights,
};
use svertka::tensor::Shape;

/// A job whose every number differs from the default.
fn job(model: ModelSpec, optimizer: OptimizerSpec) -> RunSpec {
    RunSpec {
        data: DataSpec {
            dataset: DatasetId::FashionMnist,
            samples: 123,
            validation_samples: 45,
            test_samples: 67,
            class_counts: Some([(0, 0), (9, 5)].into()),
        },
        // 0.1 has no exact binary form, and a seed past 2^53 none in another language's numbers.
        compile: CompileSpec { optimizer: optimizer.with_learning_rate(0.1), ..CompileSpec::default() },
        seed: u64::MAX,
        fit: FitSpec {
            batch_size: 3,
            epochs: 9,
            shuffle: Shuffle::Off,
            callbacks: vec![
                CallbackSpec::EarlyStopping(EarlyStoppingSpec {
                    min_delta: 1e-4,
                    baseline: Some(0.1),
                    ..EarlyStoppingSpec::default()
                }),
                CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default()),
            ],
            ..FitSpec::default()
        },
        ..RunSpec::new(model)
    }
}

fn noise() -> LabeledImages {
    let pixels = (0..3 * 784_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    LabeledImages::new([28, 28, 1], pixels, vec![0; 3])
}

#[test]
fn every_preset_comes_back_and_predicts_the_same() {
    for (preset, seed) in Preset::ALL.into_iter().zip(1..) {
        let mut model = Sequential::new(&preset.spec(), seed).unwrap();
        for optimizer in OptimizerSpec::palette() {
            let file = ModelFile::new(preset.spec(), Some(job(preset.spec(), optimizer)));
            assert_eq!(ModelFile::from_json(&file.to_json()), Ok(file), "{preset:?}");
        }
        let json = ModelFile::new(preset.spec(), None).to_json();
        let bytes = write_weights(&preset.spec(), model.params()).unwrap();
        let spec = ModelFile::from_json(&json).unwrap().model;
        let params = read_weights(&spec, &bytes).unwrap();
        let mut again = Sequential::with_params(&spec, params).unwrap();
        let images = noise();
        assert_eq!(
            predict(&mut again, &images, &[0, 1, 2]),
            predict(&mut model, &images, &[0, 1, 2]),
            "{preset:?}"
        );
    }
}

#[test]
fn weights_of_one_preset_do_not_pass_for_another() {
    let file = |preset: Preset| {
        write_weights(&preset.spec(), Sequential::new(&preset.spec(), 1).unwrap().params()).unwrap()
    };
    for (preset, bytes) in Preset::ALL.map(|preset| (preset, file(preset))) {
        for other in Preset::ALL {
            let read = read_weights(&other.spec(), &bytes);
            assert_eq!(read.is_ok(), preset == other, "{preset:?} as {other:?}");
        }
    }
}

#[test]
fn weights_of_every_layer_come_back_with_their_description() {
    for layer in LayerSpec::palette() {
        let name = layer.class_name();
        let end =
            DenseSpec { units: 3, activation: Activation::Softmax, use_bias: false, ..DenseSpec::default() };
        let model = ModelSpec {
            name: format!("\"{name}\" и другие"),
            input_shape: Shape::from([6, 7, 2]),
            layers: vec![layer, FlattenSpec::default().into(), end.into()],
        };
        let json = ModelFile::new(model.clone(), None).to_json();
        assert_eq!(ModelFile::from_json(&json).unwrap().model, model, "{name}");
        let params = Sequential::new(&model, 4).unwrap().params().to_vec();
        let bytes = write_weights(&model, &params).unwrap();
        assert_eq!(read_weights(&model, &bytes), Ok(params), "{name}");
    }
}

#[test]
fn weights_stored_otherwise_are_refused_by_name() {
    let model = ModelSpec {
        name: String::new(),
        input_shape: Shape::from([2]),
        layers: vec![
            DenseSpec { units: 1, activation: Activation::Linear, use_bias: false, ..DenseSpec::default() }
                .into(),
        ],
    };
    // The layout of the file: the header's length, the header, the values.
    let file = |header: &str, bytes: usize| {
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![0; bytes]].concat()
    };
    let half = file(r#"{"dense/kernel":{"dtype":"F16","shape":[2,1],"data_offsets":[0,4]}}"#, 4);
    let turned = file(r#"{"dense/kernel":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#, 8);
    let right = file(r#"{"dense/kernel":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#, 8);
    let name = || "dense/kernel".to_owned();
    assert_eq!(
        read_weights(&model, &half),
        Err(FormatError::WrongType { name: name(), got: "F16".to_owned() })
    );
    assert_eq!(
        read_weights(&model, &turned),
        Err(FormatError::WrongExtents { name: name(), expected: vec![2, 1], got: vec![1, 2] })
    );
    assert_eq!(read_weights(&model, &right), Ok(vec![0.0; 2]));
}

/// A model with a state of its optimizer in which no number is like another.
fn saved(run: &RunSpec, seed: u64) -> SavedModel {
    let model = Sequential::new(&run.model, seed).unwrap();
    let optimizer = run.compile.optimizer.build(&model.optimized_params());
    let slots = optimizer.slots().into_iter().enumerate();
    // One that follows a schedule is no part of the state.
    let learning_rate = run.compile.optimizer.learning_rate().number().map_or(0.0, |rate| rate / 2.0);
    let number = |idx: usize, at: usize| (idx * 1000 + at) as f32 / 8192.0 + 0.1;
    let slots = slots.map(|(idx, slot)| (0..slot.values.len()).map(|at| number(idx, at)).collect()).collect();
    SavedModel {
        model: run.model.clone(),
        params: model.params().to_vec(),
        job: Some(run.clone()),
        epochs: Some(3),
        optimizer: Some(OptimizerState { steps: 70_000, learning_rate, slots }),
    }
}

fn wrapping() -> Wrapping {
    Wrapping { stem: "model".to_owned(), date: "2026-11-29@13:05:00".to_owned(), language: Language::English }
}

/// Writes and, where that is possible, reads a model: every bit comes back, and what the format holds besides. A format
/// that is only written may refuse, and then names what it cannot hold.
fn there_and_back(format: ModelFormat, saved: &SavedModel, what: &str) {
    let files = match write(format, saved, &wrapping()) {
        Ok(files) => files,
        Err(FormatError::Unsupported { part, .. }) if !format.is_read() => {
            return assert!(!part.is_empty(), "{what}, {format:?}");
        }
        Err(error) => panic!("{what}, {format:?}: {error}"),
    };
    assert_eq!(
        Ok(files.clone()),
        write(format, saved, &wrapping()),
        "{what}, {format:?}: other bytes each time"
    );
    assert!(!files.is_empty() && files.iter().all(|file| !file.name.contains('/') && !file.bytes.is_empty()));
    if !format.is_read() {
        return;
    }
    let run = saved.job.clone().unwrap();
    let opened = read(&files[0].name, &files[0].bytes, Some(&run)).unwrap().saved;
    assert_eq!(bits(&opened.params), bits(&saved.params), "{what}, {format:?}");
    if format.holds_optimizer() {
        let with_rate = |state: Option<OptimizerState>| {
            let follows = run.compile.optimizer.learning_rate().number().is_none();
            state.map(|state| OptimizerState {
                learning_rate: if follows { 0.0 } else { state.learning_rate },
                ..state
            })
        };
        assert_eq!(with_rate(opened.optimizer), saved.optimizer, "{what}, {format:?}");
    }
    if matches!(format, ModelFormat::Keras | ModelFormat::KerasH5) {
        let opened = read(&files[0].name, &files[0].bytes, None).unwrap();
        assert_eq!(opened.notes, [], "{what}, {format:?}");
        assert_eq!(opened.saved.model.layers, saved.model.layers, "{what}, {format:?}");
        assert_eq!(opened.saved.model.input_shape, saved.model.input_shape, "{what}, {format:?}");
        assert_eq!(
            opened.saved.job.map(|job| job.compile),
            saved.job.clone().map(|job| job.compile),
            "{what}"
        );
    }
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn every_preset_goes_through_every_kind_of_file() {
    for (preset, seed) in Preset::ALL.into_iter().zip(1..) {
        let run = preset.own_run().unwrap_or_else(|| RunSpec::new(preset.spec()));
        for format in ModelFormat::ALL {
            there_and_back(format, &saved(&run, seed), preset.id());
        }
    }
}

#[test]
fn every_optimizer_goes_through_every_kind_of_file_that_holds_its_state() {
    for optimizer in OptimizerSpec::palette() {
        let what = optimizer.class_name();
        let run = job(Preset::Lenet5.spec(), optimizer);
        for format in ModelFormat::ALL.into_iter().filter(|format| format.holds_optimizer()) {
            there_and_back(format, &saved(&run, 5), what);
        }
    }
}

#[test]
fn every_layer_of_the_palette_goes_through_every_kind_of_file() {
    for layer in LayerSpec::palette() {
        let what = layer.class_name();
        let end = DenseSpec { units: 3, activation: Activation::Softmax, ..DenseSpec::default() };
        let model = ModelSpec {
            name: "every layer".to_owned(),
            input_shape: Shape::from([6, 7, 2]),
            layers: vec![layer, FlattenSpec::default().into(), end.into()],
        };
        for format in ModelFormat::ALL {
            there_and_back(format, &saved(&RunSpec::new(model.clone()), 4), what);
        }
    }
}
