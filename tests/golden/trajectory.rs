//! One epoch of training against Keras's, from the same weights over the same batches.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use safetensors::SafeTensors;
use svertka::data::shard::sha256_hex;
use svertka::data::{DatasetId, LabeledImages, Shuffle, Split, files};
use svertka::engine::evaluator::Evaluator;
use svertka::engine::event::{Monitor, TrainEvent};
use svertka::engine::losses::LossSpec;
use svertka::engine::model::Sequential;
use svertka::engine::spec::{CompileSpec, DataSpec, FitSpec, RunSpec};
use svertka::engine::trainer::{Trainer, fit};

use super::case::{Allowed, Comparison, DataSource, TrajectoryCase, TrajectoryTolerance, folder};

/// Counted, not computed: accuracies agree but for the rounding of one division.
const ACCURACY: Allowed = Allowed::Each(1e-6);

pub fn run(name: &str, case: &TrajectoryCase) -> Vec<Comparison> {
    let bytes = fs::read(folder().join(format!("{name}.safetensors"))).unwrap();
    let arrays = SafeTensors::deserialize(&bytes).unwrap();
    let images = Arc::new(images(&case.data));
    let params = weights(case, &arrays, "initial");
    let model = Sequential::with_params(&case.model, params).unwrap();

    let compile = CompileSpec { optimizer: case.optimizer.clone(), ..CompileSpec::default() };
    let fit_spec =
        FitSpec { batch_size: case.batch_size, epochs: 1, shuffle: Shuffle::Off, ..FitSpec::default() };
    let samples = case.data.samples;
    let data = DataSpec { samples, validation_samples: 0, test_samples: 0, ..DataSpec::default() };
    let run = RunSpec { compile, fit: fit_spec, data, ..RunSpec::new(case.model.clone()) };
    let mut trainer = Trainer::new(model, &run, images.clone());
    let (mut batch_losses, mut running_losses, mut running_accuracies) = (Vec::new(), Vec::new(), Vec::new());
    let mut epoch = Vec::new();
    fit(&mut trainer, |event| match event {
        TrainEvent::BatchEnd { batch_loss, logs, .. } => {
            batch_losses.push(batch_loss);
            running_losses.push(logs.get(&Monitor::LOSS).unwrap());
            running_accuracies.push(logs.get(&Monitor::ACCURACY).unwrap());
        }
        TrainEvent::EpochEnd { logs, .. } => {
            epoch.push([logs.get(&Monitor::LOSS).unwrap(), logs.get(&Monitor::ACCURACY).unwrap()]);
        }
        _ => {}
    });
    let [[epoch_loss, epoch_accuracy]] = epoch[..] else { panic!("one epoch") };
    let mut model = trainer.into_model();

    let first: Vec<u32> = (0..16).collect();
    let predictions = model.predict(&images.batch(&first).0);
    let mut evaluator = Evaluator::new(0..case.evaluation.samples, 32);
    while evaluator.step(&mut model, &*images, LossSpec::default()) {}
    let evaluated = evaluator.measures();

    let TrajectoryTolerance { losses, weights: close, predictions: near } = case.tolerance;
    let expected = &case.evaluation;
    vec![
        Comparison::new("batch_losses", batch_losses, case.batch_losses.clone(), losses),
        Comparison::new("running_losses", running_losses, case.running_losses.clone(), losses),
        Comparison::new("running_accuracies", running_accuracies, case.running_accuracies.clone(), ACCURACY),
        Comparison::new("epoch loss", vec![epoch_loss], vec![case.epoch.loss], losses),
        Comparison::new("epoch accuracy", vec![epoch_accuracy], vec![case.epoch.accuracy], ACCURACY),
        Comparison::new("evaluated loss", vec![evaluated.loss()], vec![expected.loss], losses),
        Comparison::new(
            "evaluated accuracy",
            vec![evaluated.get("accuracy").unwrap()],
            vec![expected.accuracy],
            ACCURACY,
        ),
        Comparison::of_arrays("final weights", model.params(), &weights(case, &arrays, "final"), close),
        Comparison::of_arrays("predictions", predictions.values(), &values(&arrays, "predictions"), near),
    ]
}

/// The first images of the training split, and proof that they are the ones Keras was given.
fn images(source: &DataSource) -> LabeledImages {
    let manifest = files::load_manifest(&data_dir(), DatasetId::Mnist).unwrap();
    let images = files::load_split(&data_dir(), &manifest, Split::Train, source.samples).unwrap();
    assert_eq!(sha256_hex(images.pixels()), source.images_sha256);
    assert_eq!(sha256_hex(images.labels()), source.labels_sha256);
    images
}

fn data_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/data")
}

/// All weights under `stage` in the model's order.
fn weights(case: &TrajectoryCase, arrays: &SafeTensors<'_>, stage: &str) -> Vec<f32> {
    let params = case.model.params().unwrap();
    let shape = |path: &str| arrays.tensor(path).unwrap().shape().to_vec();
    let read = |param: &svertka::engine::spec::NamedParam| {
        let path = format!("{stage}/{}", param.path);
        assert_eq!(shape(&path), param.spec.extents, "{path}");
        values(arrays, &path)
    };
    params.iter().flat_map(read).collect()
}

fn values(arrays: &SafeTensors<'_>, path: &str) -> Vec<f32> {
    let bytes = arrays.tensor(path).unwrap().data().chunks_exact(4);
    bytes.map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}
