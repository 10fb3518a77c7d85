//! Losses with all their arguments, weights and reductions against Keras.

use std::collections::BTreeMap;

use serde::Deserialize;
use svertka::data::{Batch, Targets};
use svertka::engine::layers::LayerDef as _;
use svertka::engine::losses::LossSpec;
use svertka::engine::model::Sequential;
use svertka::engine::spec::ModelSpec;

use super::case::{Allowed, Array, Comparison};
use super::check::TRAIN;

/// One activation's input, targets and weights, under several losses.
#[derive(Deserialize)]
pub struct LossesCase {
    pub model: ModelSpec,
    pub tolerance: LossesTolerance,
    pub input: Array,
    pub targets: TargetsCase,
    /// By name; `none` is not there.
    pub weights: BTreeMap<String, Array>,
    pub variants: Vec<LossVariant>,
}

#[derive(Deserialize)]
pub struct LossesTolerance {
    pub values: Allowed,
    pub gradients: Allowed,
}

/// Targets as classes or as values.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum TargetsCase {
    Classes { classes: Vec<u32> },
    Values(Array),
}

impl TargetsCase {
    pub fn targets(&self) -> Targets {
        match self {
            Self::Classes { classes } => Targets::Classes(classes.clone().into()),
            Self::Values(values) => Targets::Values(values.tensor()),
        }
    }
}

/// A loss and what it gave.
#[derive(Deserialize)]
pub struct LossVariant {
    pub loss: LossSpec,
    /// Which of the case's weights.
    pub weights: String,
    /// Without a reduction, each row's weighted loss.
    pub values: Option<Vec<f64>>,
    /// With one.
    pub value: Option<f64>,
    /// Of the activation's input.
    pub gradient: Vec<f32>,
}

pub fn losses(case: &LossesCase) -> Vec<Comparison> {
    case.variants.iter().flat_map(|variant| compare(case, variant)).collect()
}

fn compare(case: &LossesCase, variant: &LossVariant) -> Vec<Comparison> {
    let loss = variant.loss;
    let weights = case.weights.get(&variant.weights).map(|weights| weights.values.clone().into());
    assert!(weights.is_some() || variant.weights == "none", "{}", variant.weights);
    let batch = Batch { input: case.input.tensor(), targets: case.targets.targets(), weights };
    let mut model = Sequential::with_params(&case.model, Vec::new()).unwrap();
    assert_eq!(loss.validate(), Ok(()));
    assert_eq!(loss.check_targets(model.output_shape(), &batch.targets, batch.len()), Ok(()));
    let evaluated = model.evaluate_batch(&batch, loss);

    let weights = batch.weights.as_deref();
    let computed = loss.compute(&evaluated.outputs, &batch.targets, weights, evaluated.divisor);
    assert_eq!(computed.values, evaluated.losses);
    let gradient = if computed.of_logits {
        computed.grad
    } else {
        let mut layer = case.model.layers[0].build(&case.model.input_shape, 0);
        layer.forward(&batch.input, &[], TRAIN);
        layer.backward(&computed.grad, &[], &mut [], true).unwrap()
    };

    let what = |part: &str| format!("{part} of {loss:?} with weights {}", variant.weights);
    let LossesTolerance { values, gradients } = case.tolerance;
    let total = loss.reduce(&evaluated.losses, evaluated.divisor);
    let mut comparisons =
        vec![Comparison::of_arrays(what("gradient"), gradient.values(), &variant.gradient, gradients)];
    comparisons
        .extend(variant.value.map(|value| Comparison::new(what("value"), vec![total], vec![value], values)));
    comparisons.extend(variant.values.as_ref().map(|expected| {
        let got = evaluated.losses.iter().copied().map(f64::from).collect();
        Comparison::new(what("values"), got, expected.clone(), values)
    }));
    comparisons
}
