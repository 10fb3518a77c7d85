use serde_json::Value;

use super::*;
use crate::engine::layers::{DenseSpec, DropoutSpec, LayerSpec};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::{MetricSpec, PlainMetricSpec};
use crate::engine::model::Sequential;
use crate::engine::optimizers::{AdamSpec, OptimizerSpec, SgdSpec};
use crate::engine::presets::Preset;
use crate::engine::regularizers::ElasticNetSpec;
use crate::engine::schedules::{LearningRateSpec, ScheduleSpec};
use crate::engine::spec::ModelSpec;
use crate::formats::archive::read_zip;
use crate::formats::{ModelFormat, Unsupported, read, write};
use crate::tensor::Shape;

fn wrapping() -> Wrapping {
    Wrapping {
        stem: "mnist-cnn".to_owned(),
        date: "2026-11-29@13:05:00".to_owned(),
        language: crate::formats::Language::English,
    }
}

/// A model that has been trained, as far as its numbers tell.
fn trained(job: RunSpec) -> SavedModel {
    let model = Sequential::new(&job.model, 3).unwrap();
    let optimizer = job.compile.optimizer.build(&model.optimized_params());
    let mut next = 0.0;
    let mut values = |slot: &[f32]| -> Vec<f32> {
        slot.iter()
            .map(|_| {
                next += 0.001;
                next
            })
            .collect()
    };
    let slots = optimizer.slots().iter().map(|slot| values(slot.values)).collect();
    let learning_rate = job.compile.optimizer.learning_rate().at(0);
    SavedModel {
        model: job.model.clone(),
        params: model.params().to_vec(),
        job: Some(job),
        epochs: Some(4),
        optimizer: Some(OptimizerState { steps: 12, learning_rate, slots }),
    }
}

fn layers(layers: Vec<LayerSpec>) -> RunSpec {
    RunSpec::new(ModelSpec { name: "net".to_owned(), input_shape: Shape::from([4]), layers })
}

fn dense() -> LayerSpec {
    DenseSpec { units: 2, ..DenseSpec::default() }.into()
}

/// Writes in a format and reads again.
fn there_and_back(format: ModelFormat, saved: &SavedModel) -> OpenedModel {
    let files = write(format, saved, &wrapping()).unwrap();
    read(&files[0].name, &files[0].bytes, saved.job.as_ref()).unwrap()
}

const WHOLE: [ModelFormat; 2] = [ModelFormat::Keras, ModelFormat::KerasH5];

#[test]
fn every_preset_comes_back_whole() {
    for preset in Preset::ALL {
        let mut job = RunSpec::new(preset.spec());
        job.seed = 77;
        job.fit.epochs = 9;
        let saved = trained(job);
        for format in WHOLE {
            let opened = there_and_back(format, &saved);
            assert_eq!((opened.saved, opened.notes), (saved.clone(), Vec::new()), "{preset:?} {format:?}");
        }
        let weights = there_and_back(ModelFormat::KerasWeights, &saved).saved;
        assert_eq!((weights.params, weights.optimizer), (saved.params, saved.optimizer), "{preset:?}");
    }
}

#[test]
fn names_of_files_begin_with_the_stem_and_bytes_are_always_the_same() {
    let saved = trained(RunSpec::new(Preset::Mlp.spec()));
    for (format, name) in [
        (ModelFormat::Keras, "mnist-cnn.keras"),
        (ModelFormat::KerasH5, "mnist-cnn.h5"),
        (ModelFormat::KerasWeights, "mnist-cnn.weights.h5"),
    ] {
        let files = write(format, &saved, &wrapping()).unwrap();
        assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), [name]);
        assert_eq!(files, write(format, &saved, &wrapping()).unwrap());
    }
}

#[test]
fn every_kind_of_everything_comes_back_from_keras_own_words() {
    let mut jobs: Vec<RunSpec> = Vec::new();
    let with = |change: &dyn Fn(&mut RunSpec)| {
        let mut job = layers(vec![dense()]);
        job.compile.metrics.clear();
        change(&mut job);
        job
    };
    let optimizers = OptimizerSpec::palette();
    jobs.extend(optimizers.iter().map(|it| with(&|job| job.compile.optimizer = it.clone())));
    for schedule in ScheduleSpec::palette() {
        let rate = LearningRateSpec::Schedule(schedule);
        let optimizer = OptimizerSpec::from(SgdSpec::default()).with_learning_rate(rate);
        jobs.push(with(&|job| job.compile.optimizer = optimizer.clone()));
    }
    jobs.extend(LossSpec::palette().into_iter().map(|loss| with(&|job| job.compile.loss = loss)));
    // The word alone names the metric.
    let named = MetricSpec::Accuracy(PlainMetricSpec { name: Some("accuracy".to_owned()) });
    for metric in MetricSpec::palette() {
        let metric = if metric == MetricSpec::accuracy() { named.clone() } else { metric };
        jobs.push(with(&|job| job.compile.metrics = vec![metric.clone(), metric.clone()]));
        jobs.push(with(&|job| job.compile.weighted_metrics = vec![metric.clone()]));
    }
    for job in jobs {
        let saved = trained(job.clone());
        for format in WHOLE {
            if format == ModelFormat::KerasH5 && matches!(job.compile.loss, LossSpec::Crossentropy(_)) {
                let error = write(format, &saved, &wrapping()).unwrap_err().to_string();
                assert_eq!(
                    error,
                    "KerasH5 cannot hold loss: it has nothing that does the same as Crossentropy"
                );
                continue;
            }
            let files = write(format, &saved, &wrapping()).unwrap();
            // Without what we say besides, as another program would have written it.
            let bytes = without_own(format, &files[0].bytes);
            let opened = read(&files[0].name, &bytes, None).unwrap();
            let (job, expected) = (opened.saved.job.unwrap(), saved.job.as_ref().unwrap());
            assert_eq!(job.compile, expected.compile, "{format:?}");
            assert_eq!(opened.saved.optimizer, saved.optimizer, "{format:?} {:?}", job.compile);
            assert_eq!((opened.notes, opened.saved.epochs), (Vec::new(), None));
        }
    }
}

/// A file without our own description.
fn without_own(format: ModelFormat, bytes: &[u8]) -> Vec<u8> {
    if format == ModelFormat::KerasH5 {
        let mut root = hdf5::read(bytes).unwrap();
        root.attributes.retain(|(name, _)| name != own::KEY);
        return hdf5::write(&root).unwrap();
    }
    let mut files = read_zip(bytes, 1 << 24).unwrap();
    files[0].bytes = br#"{"keras_version":"3.15.1"}"#.to_vec();
    write_zip(&files)
}

#[test]
fn who_changes_the_configuration_is_believed() {
    let saved = trained(layers(vec![dense(), DropoutSpec { rate: 0.25, ..DropoutSpec::default() }.into()]));
    let file = write_keras(&saved, &wrapping()).unwrap().remove(0);
    let mut files = read_zip(&file.bytes, 1 << 24).unwrap();
    let config = String::from_utf8(files[1].bytes.clone()).unwrap();
    assert!(config.contains("\"rate\":0.25"), "{config}");
    files[1].bytes = config.replace("\"rate\":0.25", "\"rate\":0.75").into_bytes();
    let opened = read_keras(&write_zip(&files)).unwrap().saved;
    let LayerSpec::Dropout(dropout) = &opened.model.layers[1] else { panic!("{opened:?}") };
    assert_eq!(dropout.rate, 0.75);
    assert_eq!(opened.epochs, None);
    // Another learning rate is the state of training, and changes no description.
    assert!(config.contains("\"learning_rate\":0.001"), "{config}");
    files[1].bytes = config.replace("\"learning_rate\":0.001", "\"learning_rate\":0.5").into_bytes();
    assert_eq!(read_keras(&write_zip(&files)).unwrap().saved, saved);
}

#[test]
fn what_keras_cannot_say_is_refused_by_name() {
    let adam = AdamSpec { gradient_centralization: true, ..AdamSpec::default() };
    let mut centralized = layers(vec![dense()]);
    centralized.compile.optimizer = adam.into();
    let saved = trained(centralized);
    let refused = |saved: &SavedModel, format| write(format, saved, &wrapping()).unwrap_err();
    for format in WHOLE {
        let reason = Unsupported::Argument {
            argument: "gradient_centralization".to_owned(),
            value: "True".to_owned(),
        };
        let expected = FormatError::Unsupported { format, part: "optimizer".to_owned(), reason };
        assert_eq!(refused(&saved, format), expected);
    }
    assert!(write_weights_h5(&saved, &wrapping()).is_ok());
    let seed = Some(1 << 32);
    let seeded = trained(layers(vec![dense(), DropoutSpec { seed, ..DropoutSpec::default() }.into()]));
    let error = refused(&seeded, ModelFormat::Keras).to_string();
    assert_eq!(error, "Keras cannot hold dropout: seed = 4294967296 cannot be said there");
}

#[test]
fn an_elastic_net_is_the_l1_l2_of_the_same_numbers() {
    let regularizer = Some(ElasticNetSpec { beta: 0.5, l: 0.01 }.into());
    let saved = trained(layers(vec![
        DenseSpec { units: 2, kernel_regularizer: regularizer, ..DenseSpec::default() }.into(),
    ]));
    let file = write_keras(&saved, &wrapping()).unwrap().remove(0);
    let config = read_zip(&file.bytes, 1 << 24).unwrap().remove(1);
    let config: Value = serde_json::from_slice(&config.bytes).unwrap();
    let written = config.pointer("/config/layers/1/config/kernel_regularizer").unwrap();
    assert_eq!(written["class_name"], "L1L2");
    assert_eq!(written["config"], serde_json::json!({ "l1": 0.01, "l2": 0.005 }));
    // Here it comes back as it was.
    assert_eq!(read_keras(&file.bytes).unwrap().saved, saved);
}

#[test]
fn accuracy_under_another_name_is_the_class_that_keras_would_take() {
    let mut job = layers(vec![dense()]);
    let name = Some("right".to_owned());
    job.compile.metrics = vec![MetricSpec::Accuracy(PlainMetricSpec { name })];
    let config = config_of(&trained(job), ModelFormat::Keras).unwrap();
    let metric = config.pointer("/compile_config/metrics/0").unwrap();
    assert_eq!(metric["class_name"], "CategoricalAccuracy");
    assert_eq!(metric["config"]["name"], "right");
}

#[test]
fn weights_of_another_model_are_refused_with_layer_and_extents() {
    let file = |units: usize| {
        let wide = DenseSpec { units, ..DenseSpec::default() }.into();
        trained(layers(vec![dense(), wide]))
    };
    let bytes = |saved: &SavedModel| write_weights_h5(saved, &wrapping()).unwrap().remove(0).bytes;
    let known = file(3).job.unwrap();
    let error = read("w", &bytes(&file(5)), Some(&known)).unwrap_err();
    let expected = FormatError::WrongExtents {
        name: "dense_1/kernel".to_owned(),
        expected: vec![2, 3],
        got: vec![2, 5],
    };
    assert_eq!(error, expected);
    let shorter = layers(vec![dense()]);
    let error = read("w", &bytes(&file(3)), Some(&shorter)).unwrap_err();
    assert_eq!(error, FormatError::UnknownTensor { name: "layers/dense_1/vars/0".to_owned() });
    let longer = layers(vec![dense(), dense(), dense()]);
    let error = read("w", &bytes(&file(2)), Some(&longer)).unwrap_err();
    assert_eq!(error, FormatError::MissingTensor { name: "dense_2/kernel".to_owned() });
}

#[test]
fn the_state_of_another_optimizer_is_left_out_with_a_note() {
    let saved = trained(layers(vec![dense()]));
    let bytes = write_weights_h5(&saved, &wrapping()).unwrap().remove(0).bytes;
    let mut known = saved.job.clone().unwrap();
    known.compile.optimizer = SgdSpec { momentum: 0.9, ..SgdSpec::default() }.into();
    let opened = read("w.weights.h5", &bytes, Some(&known)).unwrap();
    assert_eq!((opened.saved.params, opened.saved.optimizer), (saved.params, None));
    assert_eq!(opened.notes, [no_state("SGD")]);
}

#[test]
fn more_layers_than_an_attribute_has_place_for_come_back() {
    // 5,000 names of 16 bytes; and as many paths of weights in the optimizer.
    let mut all = vec![LayerSpec::from(DropoutSpec { rate: 0.5, ..DropoutSpec::default() }); 3_000];
    all.extend(vec![DenseSpec { units: 1, ..DenseSpec::default() }.into(); 2_000]);
    let saved = trained(layers(all));
    // In an archive five thousand layers that say the same are packed so well that they are taken for a bomb.
    let opened = there_and_back(ModelFormat::KerasH5, &saved);
    assert!(opened.saved == saved);
    assert_eq!(opened.notes, []);
}

#[test]
fn numbers_of_another_model_or_optimizer_are_refused() {
    for format in [ModelFormat::Keras, ModelFormat::KerasWeights, ModelFormat::KerasH5] {
        let mut saved = trained(layers(vec![dense()]));
        saved.optimizer.as_mut().unwrap().slots.pop();
        let error = write(format, &saved, &wrapping()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Adam has extents [8, 8, 2], the model needs [8, 8, 2, 2]",
            "{format:?}"
        );
        saved.params.pop();
        let error = write(format, &saved, &wrapping()).unwrap_err();
        assert_eq!(error.to_string(), "params has extents [9], the model needs [10]", "{format:?}");
    }
}
