//! [`Penalties`]: what regularizers add to a model's loss and gradients, and its constraints.
//!
//! As in Keras the loss that is minimized and logged is the data's loss plus the penalties:
//! `Σ penalty(w)` over the trainable parameters, and `penalty(output)/n` of every layer with an
//! activity regularizer, `n` the length of the batch. Constraints change the trainable parameters
//! after every step of the optimizer.

use std::ops::Range;

use crate::engine::constraints::ConstraintSpec;
use crate::engine::layers::LayerDef;
use crate::engine::regularizers::RegularizerSpec;
use crate::engine::spec::{ModelSpec, NamedParam};
use crate::tensor::Tensor;

/// A constraint and the parameter it acts on.
struct Constrained {
    range: Range<usize>,
    extents: Vec<usize>,
    constraint: ConstraintSpec,
}

/// A regularizer and the parameter it acts on.
struct Penalized {
    range: Range<usize>,
    extents: Vec<usize>,
    regularizer: RegularizerSpec,
}

/// A layer's activity regularizer and the output it saw last.
struct Activity {
    layer: usize,
    regularizer: RegularizerSpec,
    /// What a training pass left for the gradient.
    output: Option<Tensor>,
}

/// The penalties and constraints of a model.
pub(super) struct Penalties {
    weights: Vec<Penalized>,
    activities: Vec<Activity>,
    constrained: Vec<Constrained>,
    frozen: Vec<Range<usize>>,
    /// The penalties on the outputs seen since [`Penalties::take_activity`], not divided by anything.
    activity_sum: f64,
}

impl Penalties {
    /// Those of a valid spec with these parameters.
    pub(super) fn new(spec: &ModelSpec, params: Vec<NamedParam>) -> Self {
        let activity = |(layer, spec): (usize, &crate::engine::layers::LayerSpec)| {
            spec.activity_regularizer().map(|regularizer| Activity { layer, regularizer, output: None })
        };
        let mut penalties = Self {
            weights: Vec::new(),
            activities: spec.layers.iter().enumerate().filter_map(activity).collect(),
            constrained: Vec::new(),
            frozen: Vec::new(),
            activity_sum: 0.0,
        };
        for param in params {
            let range = param.offset..param.offset + param.spec.size();
            if !param.spec.trainable {
                penalties.frozen.push(range);
                continue;
            }
            if let Some(regularizer) = param.spec.regularizer {
                let extents = param.spec.extents.clone();
                penalties.weights.push(Penalized { range: range.clone(), extents, regularizer });
            }
            if let Some(constraint) = param.spec.constraint {
                penalties.constrained.push(Constrained { range, extents: param.spec.extents, constraint });
            }
        }
        penalties
    }

    /// The penalties on the outputs seen since the last call, not divided by the length of the batch.
    pub(super) fn take_activity(&mut self) -> f64 {
        std::mem::take(&mut self.activity_sum)
    }

    /// Sees the output of `layer` for a part of the batch.
    pub(super) fn observe(&mut self, layer: usize, output: &Tensor, is_training: bool) {
        for activity in self.activities.iter_mut().filter(|activity| activity.layer == layer) {
            self.activity_sum += f64::from(activity.regularizer.value(output.extents(), output.values()));
            activity.output = is_training.then(|| output.clone());
        }
    }

    /// Whether the output of `layer` is penalized.
    pub(super) fn has_activity(&self, layer: usize) -> bool {
        self.activities.iter().any(|activity| activity.layer == layer)
    }

    /// Adds to `grad`, the gradient of the output of `layer`, that of the penalty on it.
    pub(super) fn add_activity_gradient(&mut self, layer: usize, batch_len: usize, grad: &mut Tensor) {
        for activity in self.activities.iter_mut().filter(|activity| activity.layer == layer) {
            if let Some(output) = activity.output.take() {
                let (extents, values) = (output.extents(), output.values());
                let share = 1.0 / batch_len as f32;
                activity.regularizer.add_gradient(extents, values, share, grad.values_mut());
            }
        }
    }

    /// Adds the gradients of the penalties on parameters. Frozen ones get a gradient of 0.
    pub(super) fn add_gradients(&self, params: &[f32], grads: &mut [f32]) {
        for Penalized { range, extents, regularizer } in &self.weights {
            regularizer.add_gradient(extents, &params[range.clone()], 1.0, &mut grads[range.clone()]);
        }
        for range in &self.frozen {
            grads[range.clone()].fill(0.0);
        }
    }

    /// All penalties, those on the outputs of the whole batch being `activity`.
    pub(super) fn value(&self, params: &[f32], batch_len: usize, activity: f64) -> f32 {
        let value = |Penalized { range, extents, regularizer }: &Penalized| {
            f64::from(regularizer.value(extents, &params[range.clone()]))
        };
        let weights: f64 = self.weights.iter().map(value).sum();
        (weights + activity / batch_len.max(1) as f64) as f32
    }

    /// Changes the constrained parameters.
    pub(super) fn constrain(&self, params: &mut [f32]) {
        for Constrained { range, extents, constraint } in &self.constrained {
            constraint.apply(extents, &mut params[range.clone()]);
        }
    }
}

#[cfg(test)]
#[path = "penalties_tests.rs"]
mod tests;
