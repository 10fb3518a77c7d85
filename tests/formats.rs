//! Every preset through every format: what comes back is the same model, and predicts the same.

use svertka::data::{DatasetId, LabeledImages, Shuffle};
use svertka::engine::callbacks::{CallbackSpec, EarlyStoppingSpec, TerminateOnNanSpec};
use svertka::engine::layers::{Activation, DenseSpec, FlattenSpec, LayerDef, LayerSpec};
use svertka::engine::model::Sequential;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::presets::Preset;
use svertka::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
use svertka::engine::trainer::predict;
use svertka::formats::{FormatError, ModelFile, read_weights, write_weights};
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
fn every_layer_of_the_palette_goes_through_every_format() {
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
