//! What is measured beside a run for whoever looks on: gradient norms and histograms.
//!
//! Only what is asked for is measured, and no bit of the run depends on it: callbacks are not told, and
//! the layers that show what comes out of them are built anew for it.
//!
//! The norm is that of the whole gradient of the trainable parameters, penalties included, as the
//! optimizer is given it and before anything is clipped: `sqrt(Σ g²)`, TensorFlow's `tf.linalg.global_norm`.
//! Histograms have the buckets of TensorBoard's.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::data::Samples;
use crate::engine::callbacks::buckets;
use crate::engine::layers::{LayerDef, LayerSpec, ParamSpec, Pass};
use crate::engine::logits::is_identity;
use crate::engine::model::Sequential;
use crate::engine::spec::ModelSpec;
use crate::tensor::buffer::Lease;
use crate::tensor::{Buffer, Tensor};

/// Samples whose activations are looked at.
pub const LOOKED_AT: usize = 64;

/// What is to be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WatchSpec {
    /// The size of every batch's gradient.
    pub gradient_norm: bool,
    /// How weights and activations are spread, before training and after every epoch.
    pub histograms: bool,
}

/// How numbers are spread.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HistogramEvent {
    /// The least number.
    pub min: f64,
    /// The greatest number.
    pub max: f64,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
    /// How many lie in each of equally wide ranges from the least to the greatest. Empty when one of the
    /// numbers is not finite; then the rest is 0.
    pub counts: Vec<u32>,
}

/// The histogram of one array.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedHistogramEvent {
    /// Keras's name of the weight, `conv2d_1/kernel`, or of the layer, `conv2d_1`.
    pub name: String,
    /// How its numbers are spread.
    pub histogram: HistogramEvent,
}

/// All histograms of one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistogramsEvent {
    /// Completed epochs; 0 before training.
    pub epochs: usize,
    /// Of every weight, in model order.
    pub weights: Vec<NamedHistogramEvent>,
    /// Of what every layer gives in inference for the first [`LOOKED_AT`] validation samples, or training
    /// samples where there are none. Layers that only hand on or reshape what they are given are left out.
    pub activations: Vec<NamedHistogramEvent>,
}

/// What one step of the optimizer was like.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StepMeasures {
    /// The learning rate of this step.
    pub learning_rate: f32,
    /// The norm of its gradient, if it was asked for.
    pub gradient_norm: Option<f32>,
}

/// Measures one run.
pub struct Watch {
    /// What is measured from now on.
    pub spec: WatchSpec,
    /// The last step.
    pub last: StepMeasures,
    /// Where the trainable parameters lie.
    trained: Vec<Range<usize>>,
    histograms: Option<HistogramsEvent>,
}

impl Watch {
    /// Measures nothing yet.
    pub fn new(model: &Sequential) -> Self {
        let trained = model.optimized_params().into_iter().filter(|param| param.trainable);
        Self {
            spec: WatchSpec::default(),
            last: StepMeasures::default(),
            trained: trained.map(|param| param.range).collect(),
            histograms: None,
        }
    }

    /// Looks at a gradient before the optimizer takes it.
    pub fn see_step(&mut self, grads: &[f32], learning_rate: f32) {
        let gradient_norm = self.spec.gradient_norm.then(|| global_norm(grads, &self.trained));
        self.last = StepMeasures { learning_rate, gradient_norm };
    }

    /// Looks at a model between two epochs, and at what it makes of `samples` in `range`.
    pub fn see_model(
        &mut self,
        model: &Sequential,
        epochs: usize,
        samples: &dyn Samples,
        range: Range<usize>,
    ) {
        if !self.spec.histograms {
            return;
        }
        let (spec, params) = (model.spec(), model.params());
        let indices = Buffer::collect(range.len(), range.map(|idx| idx as u32));
        let input = samples.batch(&indices).input;
        let (weights, activations) = (weights(spec, params), activations(spec, params, &input));
        self.histograms = Some(HistogramsEvent { epochs, weights, activations });
    }

    /// What was seen last; once.
    pub fn take_histograms(&mut self) -> Option<HistogramsEvent> {
        self.histograms.take()
    }
}

/// Squares are added in model order as f64, so that the norm is the same everywhere.
fn global_norm(grads: &[f32], trained: &[Range<usize>]) -> f32 {
    let grads = trained.iter().flat_map(|range| &grads[range.clone()]);
    let sum: f64 = grads.map(|g| f64::from(*g) * f64::from(*g)).sum();
    sum.sqrt() as f32
}

fn weights(spec: &ModelSpec, params: &[f32]) -> Vec<NamedHistogramEvent> {
    let named = spec.params().expect("a built model's spec is valid").into_iter();
    let named = named.map(|param| {
        let values = &params[param.offset..param.offset + param.spec.size()];
        NamedHistogramEvent { name: param.path, histogram: HistogramEvent::of(values) }
    });
    named.collect()
}

fn activations(spec: &ModelSpec, params: &[f32], input: &Tensor) -> Vec<NamedHistogramEvent> {
    let shapes = spec.shapes().expect("a built model's spec is valid");
    let _lease = Lease::new();
    let (mut output, mut begin) = (input.clone(), 0);
    let mut all = Vec::new();
    for (idx, (layer, name)) in spec.layers.iter().zip(spec.layer_names()).enumerate() {
        let end = begin + layer.params(&shapes[idx]).iter().map(ParamSpec::size).sum::<usize>();
        output = layer.build(&shapes[idx], idx).forward(&output, &params[begin..end], Pass::Infer);
        begin = end;
        if !is_identity(layer, false) && !matches!(layer, LayerSpec::Flatten(_) | LayerSpec::Reshape(_)) {
            all.push(NamedHistogramEvent { name, histogram: HistogramEvent::of(output.values()) });
        }
    }
    all
}

impl HistogramEvent {
    /// How `values` are spread.
    pub fn of(values: &[f32]) -> Self {
        let buckets = buckets(values);
        let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else { return Self::default() };
        let num = values.len() as f64;
        let mean = values.iter().map(|value| f64::from(*value)).sum::<f64>() / num;
        let squares: f64 =
            values.iter().map(|value| (f64::from(*value) - mean) * (f64::from(*value) - mean)).sum();
        Self {
            min: first[0],
            max: last[1],
            mean,
            std: (squares / num).sqrt(),
            counts: buckets.iter().map(|bucket| bucket[2] as u32).collect(),
        }
    }
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
