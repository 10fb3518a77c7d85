//! Cases as `make_golden.py` writes them, and the comparison of two arrays.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::schedules::ScheduleSpec;
use svertka::engine::spec::ModelSpec;
use svertka::tensor::Tensor;

use super::callback::CallbackCase;
use super::convolutions::ConvolutionsCase;
use super::entropies::EntropiesCase;
use super::families::{InitializerCase, PenalizedCase, RegularizerCase, TransformedCase};
use super::fits::FitCase;
use super::losses::LossesCase;
use super::metrics::MetricsCase;
use super::norms::{AffineCase, BatchesCase};
use super::poolings::PoolingsCase;
use super::probe::{EmbeddingCase, ProbeCase};
use super::races::RaceCase;
use super::random::RandomCase;

/// One file of the folder.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Case {
    Callback(CallbackCase),
    Convolutions(ConvolutionsCase),
    Layer(LayerCase),
    Loss(LossCase),
    Losses(LossesCase),
    Metrics(MetricsCase),
    Fit(Box<FitCase>),
    Random(RandomCase),
    Optimizer(OptimizerCase),
    Update(UpdateCase),
    Schedule(ScheduleCase),
    Trajectory(TrajectoryCase),
    Batches(BatchesCase),
    Affine(AffineCase),
    Initializer(InitializerCase),
    Transformed(TransformedCase),
    Regularizer(RegularizerCase),
    Penalized(PenalizedCase),
    Poolings(PoolingsCase),
    Entropies(EntropiesCase),
    Race(RaceCase),
    Probe(Box<ProbeCase>),
    Embedding(EmbeddingCase),
}

impl Case {
    pub fn read(name: &str) -> Self {
        let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn kind(&self) -> &'static str {
        match self {
            Case::Callback(_) => "callback",
            Case::Convolutions(_) => "convolutions",
            Case::Layer(_) => "layer",
            Case::Loss(_) => "loss",
            Case::Losses(_) => "losses",
            Case::Metrics(_) => "metrics",
            Case::Fit(_) => "fit",
            Case::Random(_) => "random",
            Case::Optimizer(_) => "optimizer",
            Case::Update(_) => "update",
            Case::Schedule(_) => "schedule",
            Case::Trajectory(_) => "trajectory",
            Case::Batches(_) => "batches",
            Case::Affine(_) => "affine",
            Case::Initializer(_) => "initializer",
            Case::Transformed(_) => "transformed",
            Case::Regularizer(_) => "regularizer",
            Case::Penalized(_) => "penalized",
            Case::Poolings(_) => "poolings",
            Case::Entropies(_) => "entropies",
            Case::Race(_) => "race",
            Case::Probe(_) => "probe",
            Case::Embedding(_) => "embedding",
        }
    }
}

/// One layer; the gradients are those of `Σ output·grad_output`.
#[derive(Deserialize)]
pub struct LayerCase {
    pub model: ModelSpec,
    pub tolerance: Tolerance,
    pub input: Array,
    pub params: BTreeMap<String, Array>,
    pub grad_output: Array,
    pub output: Array,
    pub grad_input: Array,
    pub grad_params: BTreeMap<String, Array>,
}

/// Categorical cross-entropy of one Dense layer; the gradients are those of the mean loss.
#[derive(Deserialize)]
pub struct LossCase {
    pub model: ModelSpec,
    pub tolerance: LossTolerance,
    pub input: Array,
    pub params: BTreeMap<String, Array>,
    pub classes: Vec<u8>,
    pub losses: Vec<f64>,
    pub grad_params: BTreeMap<String, Array>,
    pub prediction: Array,
    pub predicted: Vec<u8>,
}

/// One weight moved by given gradients.
#[derive(Deserialize)]
pub struct OptimizerCase {
    pub optimizer: OptimizerSpec,
    pub gradients: Vec<f32>,
    pub tolerance: Tolerance,
    pub traces: Vec<Trace>,
}

/// A kernel, a bias and a convolution's kernel moved by given gradients.
#[derive(Deserialize)]
pub struct UpdateCase {
    pub optimizer: OptimizerSpec,
    pub tolerance: UpdateTolerance,
    pub params: Vec<NamedArray>,
    /// All parameters' gradients, for each step.
    pub gradients: Vec<Vec<f32>>,
    /// Before each step.
    pub learning_rates: Vec<f32>,
    /// All parameters after each step.
    pub weights: Vec<Vec<f32>>,
    /// What Keras would save after the last step.
    pub slots: Vec<NamedSlot>,
    /// All parameters after the end of training.
    pub finalized: Vec<f32>,
}

#[derive(Deserialize)]
pub struct NamedArray {
    pub name: String,
    pub extents: Vec<usize>,
    pub values: Vec<f32>,
}

#[derive(Deserialize)]
pub struct NamedSlot {
    pub name: String,
    pub values: Vec<f32>,
}

#[derive(Deserialize)]
pub struct UpdateTolerance {
    pub weights: Allowed,
    pub slots: Allowed,
}

/// Learning rates of some steps.
#[derive(Deserialize)]
pub struct ScheduleCase {
    pub schedule: ScheduleSpec,
    pub tolerance: Tolerance,
    pub steps: Vec<u64>,
    pub rates: Vec<f32>,
}

/// The weight before the first and after each step.
#[derive(Deserialize)]
pub struct Trace {
    pub start: f32,
    pub weights: Vec<f64>,
}

/// One epoch on the first training images of MNIST, in file order.
#[derive(Deserialize)]
pub struct TrajectoryCase {
    pub model: ModelSpec,
    pub optimizer: OptimizerSpec,
    pub batch_size: usize,
    pub data: DataSource,
    pub tolerance: TrajectoryTolerance,
    /// Each batch's own loss before its update.
    pub batch_losses: Vec<f64>,
    /// Means from the start of the epoch, as `fit` logs them after each batch.
    pub running_losses: Vec<f64>,
    pub running_accuracies: Vec<f64>,
    pub epoch: LossAndAccuracy,
    pub evaluation: Evaluation,
}

#[derive(Deserialize)]
pub struct DataSource {
    pub samples: usize,
    pub images_sha256: String,
    pub labels_sha256: String,
}

#[derive(Deserialize)]
pub struct LossAndAccuracy {
    pub loss: f64,
    pub accuracy: f64,
}

/// The final model on the first images.
#[derive(Deserialize)]
pub struct Evaluation {
    pub samples: usize,
    pub loss: f64,
    pub accuracy: f64,
}

#[derive(Deserialize)]
pub struct Tolerance {
    pub allowed: Allowed,
}

#[derive(Deserialize)]
pub struct LossTolerance {
    pub losses: Allowed,
    pub arrays: Allowed,
}

#[derive(Clone, Copy, Deserialize)]
pub struct TrajectoryTolerance {
    pub losses: Allowed,
    pub weights: Allowed,
    pub predictions: Allowed,
}

/// How far a number may be from Keras's.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowed {
    /// A fraction of the number itself.
    Each(f64),
    /// A fraction of the array's largest number.
    OfLargest(f64),
    /// A distance.
    Absolute(f64),
}

/// Numbers in row-major order.
#[derive(Deserialize)]
pub struct Array {
    pub extents: Vec<usize>,
    pub values: Vec<f32>,
}

impl Array {
    pub fn tensor(&self) -> Tensor {
        Tensor::new(&self.extents, self.values.clone())
    }
}

/// What the engine gave beside what Keras gave.
pub struct Comparison {
    pub what: String,
    pub got: Vec<f64>,
    pub expected: Vec<f64>,
    pub allowed: Allowed,
}

impl Comparison {
    pub fn new(what: impl Into<String>, got: Vec<f64>, expected: Vec<f64>, allowed: Allowed) -> Self {
        Self { what: what.into(), got, expected, allowed }
    }

    pub fn of_arrays(what: impl Into<String>, got: &[f32], expected: &[f32], allowed: Allowed) -> Self {
        let wide = |values: &[f32]| values.iter().copied().map(f64::from).collect();
        Self::new(what, wide(got), wide(expected), allowed)
    }

    pub fn largest(&self) -> f64 {
        self.expected.iter().fold(0.0, |largest, value| value.abs().max(largest))
    }

    /// How far a number of an array with this `largest` one may be from Keras's `expected`.
    fn limit(&self, expected: f64, largest: f64) -> f64 {
        // TensorFlow replaces numbers smaller than this one by 0.
        let smallest = f64::from(f32::MIN_POSITIVE);
        smallest
            + match self.allowed {
                Allowed::Each(fraction) => fraction * expected.abs(),
                Allowed::OfLargest(fraction) => fraction * largest,
                Allowed::Absolute(distance) => distance,
            }
    }

    /// Whether number `idx` would do if Keras had `expected` there.
    pub fn agrees(&self, idx: usize, expected: f64, largest: f64) -> bool {
        // A NaN on either side is no agreement.
        (self.got[idx] - expected).abs() <= self.limit(expected, largest)
    }

    /// The first number that disagrees.
    pub fn error(&self) -> Option<String> {
        let Comparison { what, got, expected, allowed } = self;
        if got.len() != expected.len() {
            return Some(format!("{what}: {} numbers, Keras has {}", got.len(), expected.len()));
        }
        let largest = self.largest();
        let wrong = (0..got.len()).find(|idx| !self.agrees(*idx, expected[*idx], largest))?;
        Some(format!(
            "{what}[{wrong}] is {}, Keras has {}, {allowed:?} is allowed",
            got[wrong], expected[wrong]
        ))
    }
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The names of all cases, sorted.
pub fn case_names() -> Vec<String> {
    let files =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        files.filter_map(|file| file.strip_suffix(".json").map(str::to_owned)).collect();
    names.sort();
    names
}
