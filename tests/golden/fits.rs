//! Whole runs of `fit` against Keras's, from the same weights over the same batches.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use svertka::cli::arrays::TrainingArrays;
use svertka::data::{Arrays, Samples as _};
use svertka::engine::event::{Logs, TrainEvent};
use svertka::engine::model::Sequential;
use svertka::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
use svertka::engine::trainer::{Trainer, fit as run_fit};

use super::case::{Allowed, Array, Comparison};
use super::losses::TargetsCase;
use super::metrics::{Written, compare_logs};

/// Counted, not computed: they agree but for the rounding of one division.
const COUNTED: Allowed = Allowed::Each(1e-6);

/// A model, what it is trained with, and what came of it.
#[derive(Deserialize)]
pub struct FitCase {
    pub model: ModelSpec,
    pub compile: CompileSpec,
    /// A [`FitSpec`], which is read later: its maps with numbers as keys need to know that this is JSON.
    pub fit: serde_json::Value,
    pub tolerance: FitTolerance,
    pub training: DataCase,
    pub validation: Option<DataCase>,
    pub params: BTreeMap<String, Vec<f32>>,
    /// Those that Keras began.
    pub epochs: Vec<EpochCase>,
    /// None where some are not finite.
    pub after: Option<BTreeMap<String, Vec<f32>>>,
}

#[derive(Deserialize)]
pub struct FitTolerance {
    pub logs: Allowed,
    pub weights: Allowed,
}

#[derive(Deserialize)]
pub struct DataCase {
    x: Array,
    y: TargetsCase,
    sample_weight: Option<Array>,
}

impl DataCase {
    fn arrays(&self) -> Arrays {
        let weights = self.sample_weight.as_ref().map(|weights| weights.values.clone());
        Arrays::new(self.x.tensor(), self.y.targets(), weights).unwrap()
    }
}

#[derive(Deserialize)]
pub struct EpochCase {
    epoch: usize,
    /// After each batch.
    batches: Vec<Written>,
    logs: Written,
}

/// What the engine told of an epoch.
struct Told {
    epoch: usize,
    batches: Vec<Logs>,
    logs: Logs,
}

pub fn fit(case: &FitCase) -> Vec<Comparison> {
    let named = case.model.params().unwrap();
    let params = named.iter().flat_map(|param| case.params[&param.path].clone()).collect();
    let model = Sequential::with_params(&case.model, params).unwrap();
    let samples = TrainingArrays::new(case.training.arrays(), case.validation.as_ref().map(DataCase::arrays));
    let data = DataSpec {
        samples: samples.len(),
        validation_samples: samples.num_validation(),
        ..DataSpec::default()
    };
    let fit: FitSpec = serde_json::from_value(case.fit.clone()).unwrap();
    let compile = case.compile.clone();
    let run = RunSpec { compile, fit, data, ..RunSpec::new(case.model.clone()) };
    run.validate_training().unwrap();
    run.validate_samples(&samples).unwrap();

    let mut trainer = Trainer::new(model, &run, Arc::new(samples));
    let mut told: Vec<Told> = Vec::new();
    run_fit(&mut trainer, |event| match event {
        TrainEvent::EpochBegin { epoch } => {
            told.push(Told { epoch, batches: Vec::new(), logs: Logs::default() });
        }
        TrainEvent::BatchEnd { logs, .. } => told.last_mut().unwrap().batches.push(logs),
        TrainEvent::EpochEnd { logs, .. } => told.last_mut().unwrap().logs = logs,
        _ => {}
    });

    let epochs = |all: &mut dyn Iterator<Item = (usize, usize)>| all.collect::<Vec<_>>();
    assert_eq!(
        epochs(&mut told.iter().map(|told| (told.epoch, told.batches.len()))),
        epochs(&mut case.epochs.iter().map(|epoch| (epoch.epoch, epoch.batches.len()))),
        "epochs and how many batches each has"
    );
    let mut comparisons = Vec::new();
    for (told, expected) in told.into_iter().zip(&case.epochs) {
        let epoch = told.epoch;
        for (batch, (logs, expected)) in told.batches.into_iter().zip(&expected.batches).enumerate() {
            comparisons.extend(compare(case, &format!("epoch {epoch}, batch {batch}"), logs, expected));
        }
        comparisons.extend(compare(case, &format!("epoch {epoch}"), told.logs, &expected.logs));
    }
    let model = trainer.into_model();
    let Some(after) = &case.after else {
        assert!(model.params().iter().any(|param| !param.is_finite()), "Keras's weights are not all finite");
        return comparisons;
    };
    comparisons.extend(named.iter().map(|param| {
        let got = &model.params()[param.offset..param.offset + param.spec.size()];
        Comparison::of_arrays(param.path.clone(), got, &after[&param.path], case.tolerance.weights)
    }));
    comparisons
}

fn compare(case: &FitCase, what: &str, logs: Logs, expected: &Written) -> Vec<Comparison> {
    let got: Vec<_> = logs.0.into_iter().map(|(monitor, value)| (monitor.name().to_owned(), value)).collect();
    compare_logs(what, &got, expected, |name| {
        if name.contains("accuracy") || name == "learning_rate" { COUNTED } else { case.tolerance.logs }
    })
}
