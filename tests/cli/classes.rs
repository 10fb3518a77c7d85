//! Fewer images of some classes: the command line trains on the same ones as the page's worker.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use svertka::data::{DatasetId, files};
use svertka::engine::model::Sequential;
use svertka::engine::presets::Preset;
use svertka::engine::spec::{DataSpec, FitSpec, RunSpec};
use svertka::engine::trainer::{Step, Trainer};
use svertka::formats::read_weights;
use svertka::formats::run_json::write_run;

use crate::{folder, json_lines, line, svertka};

fn job() -> RunSpec {
    let class_counts = Some([(3, 20), (5, 0), (8, 1)].into());
    RunSpec {
        data: DataSpec {
            dataset: DatasetId::FashionMnist,
            samples: 400,
            validation_samples: 100,
            test_samples: 200,
            class_counts,
        },
        fit: FitSpec { batch_size: 32, epochs: 2, ..FitSpec::default() },
        ..RunSpec::new(Preset::Mlp.spec())
    }
}

#[test]
fn chosen_classes_give_the_bits_of_the_worker() {
    let dir = folder("classes");
    let (file, out) = (dir.join("run.json"), dir.join("model.safetensors"));
    let job = job();
    fs::write(&file, write_run(&job)).unwrap();
    let args = ["fit", "--run", file.to_str().unwrap(), "--log", "json", "--out", out.to_str().unwrap()];
    let lines = json_lines(&svertka(&args));

    // The worker has whole shards, and hands them to the trainer as they are.
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let (_, train, test) = files::load(&data, job.data.dataset, 5_000, 1_000).unwrap();
    let choice = job.data.choose(&job.fit, train.classes());
    let begin = line(&lines, "train_begin");
    assert_eq!(begin["samples"], choice.train.len());
    assert_eq!(begin["validation_samples"], choice.validation.len());
    assert_eq!(line(&lines, "evaluation")["samples"], job.data.choose_test(test.classes()).len());
    let counts = train.select(&choice.train).class_counts(10);
    assert_eq!((counts[3], counts[5], counts[8]), (20, 0, 1));

    job.validate_choice(train.classes()).unwrap();
    let model = Sequential::new(&job.model, job.seed).unwrap();
    let mut trainer = Trainer::new(model, &job, Arc::new(train));
    while let Step::Continue(_) = trainer.step() {}
    let params = read_weights(&job.model, &fs::read(out).unwrap()).unwrap();
    let bits = |params: &[f32]| params.iter().map(|param| param.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&params), bits(trainer.into_model().params()));
}

#[test]
fn classes_that_leave_nothing_are_refused() {
    let dir = folder("no-classes");
    let file = dir.join("run.json");
    for (counts, words) in [
        (json!({ "12": 5 }), "class_counts"),
        (json!({ "0": 0, "1": 0, "2": 0, "3": 0, "4": 0, "6": 0, "7": 0, "8": 0, "9": 0 }), "leaves none"),
    ] {
        let mut run = serde_json::to_value(job()).unwrap();
        // The first two of the file are no sandals.
        run["data"]["samples"] = json!(2);
        run["data"]["validation_samples"] = json!(0);
        run["data"]["class_counts"] = counts;
        fs::write(&file, run.to_string()).unwrap();
        let output = svertka(&["fit", "--run", file.to_str().unwrap()]);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(words), "{error}");
    }
}
