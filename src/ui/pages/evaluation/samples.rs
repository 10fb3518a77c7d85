//! Four test images and what two models made of them.

use crate::data::DatasetId;
use crate::engine::presets::Preset;
use crate::protocol::{Answers, EvaluationReport, RunId, WorkerEvent};
use crate::ui::worker_model::{ModelState, WorkerModel};

/// A model read from files.
pub fn model() -> ModelState {
    let mut worker = WorkerModel::default();
    let model = Box::new(Preset::Mlp.spec());
    worker.heard(&WorkerEvent::ModelReady { run: RunId(1), model, job: None, epochs: Some(2) });
    worker.current.unwrap()
}

/// Images 10 to 13; the two of class 0 that are taken for 1 are 10 and, surer, 12.
pub fn report() -> EvaluationReport {
    EvaluationReport {
        dataset: DatasetId::Mnist,
        classes: ["0", "1", "2"].map(str::to_owned).into(),
        indices: vec![10, 11, 12, 13],
        labels: vec![0, 0, 0, 1],
        answers: Answers {
            loss: 0.5,
            predicted: vec![1, 0, 1, 1],
            probabilities: vec![0.4, 0.6, 0.0, 0.9, 0.05, 0.05, 0.1, 0.8, 0.1, 0.2, 0.7, 0.1],
        },
        other: None,
    }
}

/// The same with a second model, which is right on image 10 alone.
pub fn with_other(report: EvaluationReport) -> EvaluationReport {
    let other = Answers {
        loss: 0.75,
        predicted: vec![0, 2, 2, 0],
        probabilities: vec![0.9, 0.1, 0.0, 0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.8, 0.1, 0.1],
    };
    EvaluationReport { other: Some(other), ..report }
}
