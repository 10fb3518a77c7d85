//! Every message between page and worker survives the binary codec that gloo-worker writes it with; a
//! type that does not would make the worker panic at its first use.
//!
//! Each family's samples are checked to hold every variant: a new variant does not compile here until
//! it is named, and then fails until it has a sample.

mod errors;
mod files;
mod inspect;
mod readers;
mod training;

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use svertka::data::{DatasetId, Split};
use svertka::engine::callbacks::CallbackMemory;
use svertka::engine::model::Sequential;
use svertka::engine::presets::Preset;
use svertka::engine::spec::{DataSpec, RunSpec};
use svertka::engine::watch::WatchSpec;
use svertka::formats::tensorboard;
use svertka::protocol::{
    Answers, BatchBlock, Build, Crew, CrewLimit, EvaluationReport, ImageSet, LabelSet, LoadProgress,
    OtherModel, Progress, Quantity, RunId, RunState, Snapshot, WorkerEvent, WorkerRequest,
};

/// Fails unless `$samples` hold every variant of `$kind`; does not compile unless all are named.
#[macro_export]
macro_rules! assert_holds_every_variant {
    ($samples:expr, $kind:ident { $($variant:ident),* $(,)? }) => {{
        let mut names: Vec<&str> = $samples
            .iter()
            .map(|sample| match sample { $($kind::$variant { .. } => stringify!($variant)),* })
            .collect();
        let mut expected = vec![$(stringify!($variant)),*];
        names.sort_unstable();
        names.dedup();
        expected.sort_unstable();
        assert_eq!(names, expected, "samples and variants of {}", stringify!($kind));
    }};
}

/// Writes and reads as gloo-worker's `Bincode` codec does.
fn assert_survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T) {
    let bytes = bincode::serialize(message).unwrap_or_else(|error| panic!("{message:?}: {error}"));
    let back: T = bincode::deserialize(&bytes).unwrap_or_else(|error| panic!("{message:?}: {error}"));
    assert_eq!(back, *message);
}

/// Not 0, so that it shows if it is lost.
const RUN: RunId = RunId(71);

/// With every kind of value that a state to go on from may hold.
fn snapshot(job: RunSpec) -> Snapshot {
    let memory = CallbackMemory {
        values: vec![Some(f64::INFINITY), None, Some(-0.0)],
        names: vec!["val_loss".to_owned(), "точность".to_owned()],
        params: vec![f32::MAX],
    };
    let progress = Progress {
        epoch: 3,
        steps: u64::MAX,
        learning_rate: f32::MIN_POSITIVE,
        slots: vec![vec![], vec![-0.0, f32::INFINITY]],
        callbacks: vec![CallbackMemory::default(), memory],
    };
    let params = vec![-0.0, f32::MIN_POSITIVE, f32::MAX];
    Snapshot { job, epochs: 3, params, progress: Some(progress) }
}

fn other_model() -> OtherModel {
    OtherModel {
        name: "вторая".to_owned(),
        model: Preset::Lenet5.spec(),
        params: vec![-0.0, f32::MAX],
        dataset: Some(DatasetId::FashionMnist),
    }
}

fn requests() -> Vec<WorkerRequest> {
    let run = RUN;
    let mut samples = vec![
        WorkerRequest::Ping { run },
        WorkerRequest::Load { run, data: DataSpec::default() },
        WorkerRequest::Watch { run, watch: WatchSpec { gradient_norm: true, histograms: false } },
        WorkerRequest::SetLearningRate { run, learning_rate: f32::MIN_POSITIVE },
        WorkerRequest::Pause { run },
        WorkerRequest::Resume { run },
        WorkerRequest::StepOnce { run },
        WorkerRequest::Stop { run },
        WorkerRequest::Evaluate { run, data: DataSpec::default(), other: None },
        WorkerRequest::Evaluate { run, data: DataSpec::default(), other: Some(Box::new(other_model())) },
        WorkerRequest::Predict { run, pixels: (0..=255).collect() },
        WorkerRequest::EndInspection { run },
        WorkerRequest::Images {
            run,
            dataset: DatasetId::FashionMnist,
            split: Split::Test,
            indices: vec![0, 9_999],
        },
        WorkerRequest::Labels { run, dataset: DatasetId::Mnist, train: 60_000, test: 0 },
        WorkerRequest::Measure { run },
        WorkerRequest::Export { run, optimizer: true },
        WorkerRequest::Import { run, saved: Box::new(files::saved_model()) },
    ];
    for job in training::jobs() {
        let workers = samples.len().is_multiple_of(2).then_some(3);
        let from = (samples.len() % 3 > 0).then(|| Box::new(snapshot(job.clone())));
        let (boxed, graph) = (Box::new(job.clone()), tensorboard::graph(&job));
        samples.push(WorkerRequest::Start { run, job: boxed, paused: true, workers, from, graph });
        let snapshot = Snapshot { progress: None, ..snapshot(job) };
        samples.push(WorkerRequest::Restore { run, snapshot: Box::new(snapshot) });
    }
    let inspect = |inspection| WorkerRequest::Inspect { run, inspection: Box::new(inspection) };
    samples.extend(inspect::inspections().into_iter().map(inspect));
    samples
}

fn events() -> Vec<WorkerEvent> {
    let run = RUN;
    let job = training::jobs().remove(0);
    let params = Sequential::new(&job.model, 1).expect("a preset is valid").params().to_vec();
    let mut samples = vec![
        WorkerEvent::Ready { run, build: Build::Fast },
        WorkerEvent::Pong { run },
        WorkerEvent::LoadProgress {
            run,
            progress: LoadProgress { received_bytes: u64::MAX, total_bytes: 1 << 40, cached_bytes: 2 },
        },
        WorkerEvent::Loaded { run, train: 60_000, test: 10_000 },
        WorkerEvent::Train { run, events: training::events(), running_ms: 1234.5 },
        WorkerEvent::Callbacks { run, states: training::states() },
        WorkerEvent::Checkpoints { run, files: vec![training::checkpoint_file()] },
        WorkerEvent::EventFiles { run, appended: vec![training::appended()] },
        WorkerEvent::Curves {
            run,
            batches: vec![training::batch_block(), BatchBlock::default()],
            histograms: vec![training::histograms()],
        },
        WorkerEvent::Snapshot { run, snapshot: Box::new(Snapshot { params, ..snapshot(job.clone()) }) },
        WorkerEvent::Delivered { run },
        WorkerEvent::Measured { run, quantity: Quantity::Peak, per_second: 5e10, total: 7 },
        WorkerEvent::Measured {
            run,
            quantity: Quantity::Training { workload: 2 },
            per_second: 0.5,
            total: 7,
        },
        WorkerEvent::Measured {
            run,
            quantity: Quantity::Prediction { workload: 1 },
            per_second: 1e3,
            total: 7,
        },
        WorkerEvent::EvaluationProgress { run, done: 3, total: 313 },
        WorkerEvent::Evaluated {
            run,
            report: Box::new(EvaluationReport {
                dataset: DatasetId::Mnist,
                classes: vec!["0".to_owned(), "dataset.fashion_mnist.class.t_shirt".to_owned()],
                indices: vec![0, 9_999],
                labels: vec![0, 1],
                answers: Answers {
                    loss: f64::INFINITY,
                    predicted: vec![1, 1],
                    probabilities: vec![0.25, 0.75, -0.0, 1.0],
                },
                other: Some(Answers { loss: 0.5, predicted: vec![], probabilities: vec![f32::MIN_POSITIVE] }),
            }),
        },
        WorkerEvent::Predicted { run, classes: 2, probabilities: vec![0.25, 0.75] },
        WorkerEvent::Images {
            run,
            images: Box::new(ImageSet {
                dataset: DatasetId::Mnist,
                split: Split::Train,
                shape: [1, 2, 1],
                indices: vec![u32::MAX],
                pixels: vec![0, 255],
                labels: vec![9],
            }),
        },
        WorkerEvent::Labels {
            run,
            labels: Box::new(LabelSet { dataset: DatasetId::FashionMnist, train: vec![0, 9], test: vec![] }),
        },
        WorkerEvent::Exported { run, saved: Box::new(files::saved_model()) },
        WorkerEvent::ModelReady { run, model: Box::new(Preset::Lenet5.spec()), job: None, epochs: None },
        WorkerEvent::ModelReady {
            run,
            model: Box::new(job.model.clone()),
            job: Some(Box::new(job)),
            epochs: Some(2),
        },
        WorkerEvent::Died { run, message: "паника".to_owned() },
    ];
    samples.extend(states().map(|state| WorkerEvent::State { run, state }));
    let crew = |limit| Crew { workers: 1, expected: 4, limit, lost: 2 };
    samples.push(WorkerEvent::Crew { run, crew: crew(None) });
    samples.extend(limits().map(|limit| WorkerEvent::Crew { run, crew: crew(Some(limit)) }));
    let refused = |error| WorkerEvent::LearningRateRefused { run, error };
    samples.extend(errors::learning_rate_errors().into_iter().map(refused));
    samples.extend(errors::worker_errors().into_iter().map(|error| WorkerEvent::Failed { run, error }));
    let found =
        |finding| WorkerEvent::Found { run, finding: Box::new(finding), spent_ms: 0.25, is_last: true };
    samples.extend(inspect::findings().into_iter().map(found));
    let retrying = |error| WorkerEvent::Retrying { run, error, attempt: 2, wait_ms: 400 };
    samples.extend(errors::data_errors().into_iter().map(retrying));
    samples
}

fn states() -> [RunState; 4] {
    [RunState::Loading, RunState::Running, RunState::Paused, RunState::Ended]
}

fn limits() -> [CrewLimit; 5] {
    [CrewLimit::SamplesTogether, CrewLimit::Batch, CrewLimit::NoGain, CrewLimit::Cores, CrewLimit::Browser]
}

#[test]
fn every_request_survives_with_its_run() {
    let samples = requests();
    assert_holds_every_variant!(
        samples,
        WorkerRequest {
            Ping,
            Load,
            Start,
            Watch,
            SetLearningRate,
            Pause,
            Resume,
            StepOnce,
            Stop,
            Evaluate,
            Predict,
            Inspect,
            EndInspection,
            Measure,
            Images,
            Labels,
            Export,
            Import,
            Restore,
        }
    );
    for request in &samples {
        assert_survives(request);
        assert_eq!(request.run(), RUN);
    }
}

#[test]
fn every_event_survives_with_its_run() {
    let samples = events();
    assert_holds_every_variant!(
        samples,
        WorkerEvent {
            Ready,
            Pong,
            LoadProgress,
            Retrying,
            Loaded,
            Train,
            LearningRateRefused,
            Checkpoints,
            EventFiles,
            Callbacks,
            Curves,
            State,
            Crew,
            Snapshot,
            Delivered,
            Measured,
            EvaluationProgress,
            Evaluated,
            Predicted,
            Found,
            Images,
            Labels,
            Exported,
            ModelReady,
            Failed,
            Died,
        }
    );
    assert_holds_every_variant!(limits(), CrewLimit { SamplesTogether, Batch, NoGain, Cores, Browser });
    assert_holds_every_variant!(states(), RunState { Loading, Running, Paused, Ended });
    for event in &samples {
        assert_survives(event);
        assert_eq!(event.run(), RUN);
    }
}

#[test]
fn a_loss_that_is_no_number_survives() {
    let bytes = bincode::serialize(&f64::NAN).unwrap();
    assert!(bincode::deserialize::<f64>(&bytes).unwrap().is_nan());
}
