//! Whole runs: they learn, and they repeat to the bit.

mod common;

use svertka::engine::trainer::Trainer;

#[test]
fn the_final_weights_are_the_same_bits_on_every_target() {
    let params = common::train(Trainer::step);
    assert_eq!(common::checksum(&params), common::EXPECTED, "{:#x}", common::checksum(&params));
}

#[test]
fn chunk_by_chunk_is_the_same_run_as_batch_by_batch() {
    let by_chunk = common::train(|trainer| {
        loop {
            if let Some(step) = trainer.step_part() {
                break step;
            }
        }
    });
    assert_eq!(common::checksum(&by_chunk), common::EXPECTED);
}

#[cfg(feature = "cli")]
#[expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]
mod real_data {
    use std::path::Path;
    use std::sync::Arc;

    use svertka::data::{DatasetId, files};
    use svertka::engine::evaluator::Evaluator;
    use svertka::engine::event::TrainEvent;
    use svertka::engine::losses::LossSpec;
    use svertka::engine::model::Sequential;
    use svertka::engine::presets::Preset;
    use svertka::engine::spec::{DataSpec, FitSpec, RunSpec};
    use svertka::engine::trainer::{Trainer, fit};

    /// Trains on the first images of the real dataset; gives all events, the model, and its test accuracy.
    fn run(preset: Preset, dataset: DatasetId, samples: usize) -> (Vec<TrainEvent>, Sequential, f64) {
        let job = RunSpec {
            data: DataSpec {
                dataset,
                samples,
                validation_samples: samples / 10,
                test_samples: 1_000,
                class_counts: None,
            },
            fit: FitSpec { batch_size: 16, epochs: 1, ..FitSpec::default() },
            ..RunSpec::new(preset.spec())
        };
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
        let (_, train, test) = files::load(&dir, dataset, samples, job.data.test_samples).unwrap();
        let model = Sequential::new(&job.model, job.seed).unwrap();
        let mut trainer = Trainer::new(model, &job, Arc::new(train));
        let mut events = Vec::new();
        fit(&mut trainer, |event| events.push(event));
        let mut model = trainer.into_model();
        let mut evaluator = Evaluator::new(0..test.len(), 32);
        while evaluator.step(&mut model, &test, LossSpec::default()) {}
        (events, model, evaluator.measures().get("accuracy").unwrap())
    }

    #[test]
    fn the_mlp_reads_four_of_five_digits_after_2000_images_and_repeats_to_the_bit() {
        let (events, model, accuracy) = run(Preset::Mlp, DatasetId::Mnist, 2_000);
        assert!(accuracy >= 0.8, "test accuracy {accuracy}");
        let (again, same_model, _) = run(Preset::Mlp, DatasetId::Mnist, 2_000);
        assert_eq!(events, again);
        assert_eq!(model.params(), same_model.params());
    }

    #[test]
    fn lenet_and_clothes_learn_too() {
        let (_, _, accuracy) = run(Preset::Lenet5, DatasetId::FashionMnist, 1_000);
        assert!(accuracy >= 0.5, "test accuracy {accuracy}");
    }
}
