//! Hinge losses, for targets −1 and 1; where all targets are 0 and 1 they are taken for −1 and 1. All are those
//! of a batch, or of the chunk of one that is computed at once, which differs only for targets of −1, 0 and 1.
//!
//! Hinge is the mean over a row of `max(1 − t·p, 0)`, squared hinge of its square. Categorical
//! hinge takes one-hot targets: `max(max((1 − t)·p) − Σ t·p + 1, 0)`.

use serde::{Deserialize, Serialize};

use super::distances::mean_of;
use super::{LossDef, Reduction};
use crate::tensor::Buffer;

/// Keras's `Hinge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HingeSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

/// Keras's `SquaredHinge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SquaredHingeSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

/// Keras's `CategoricalHinge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CategoricalHingeSpec {
    /// How rows become one number.
    pub reduction: Reduction,
}

fn make_signs(targets: &mut [f32]) {
    if targets.iter().all(|t| *t == 0.0 || *t == 1.0) {
        for t in targets {
            *t = 2.0 * *t - 1.0;
        }
    }
}

impl LossDef for HingeSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn prepare_targets(&self, targets: &mut [f32], _last: usize) {
        make_signs(targets);
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| {
            let margin = 1.0 - t * p;
            (margin.max(0.0), slope_of_max(margin) * -t)
        })
    }
}

impl LossDef for SquaredHingeSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn prepare_targets(&self, targets: &mut [f32], _last: usize) {
        make_signs(targets);
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        mean_of(row, target, scale, |t, p| {
            let margin = (1.0 - t * p).max(0.0);
            (margin * margin, -2.0 * margin * t)
        })
    }
}

impl LossDef for CategoricalHingeSpec {
    fn reduction(&self) -> Reduction {
        self.reduction
    }

    fn row(&self, row: &mut [f32], target: &[f32], _are_logits: bool, scale: f32) -> f32 {
        let right: f32 = row.iter().zip(target).map(|(p, t)| t * p).sum();
        let others = Buffer::collect(row.len(), row.iter().zip(target).map(|(p, t)| (1.0 - t) * p));
        let wrong = others.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let margin = wrong - right + 1.0;
        // TensorFlow shares the slope of a maximum out among all that reach it.
        let share = 1.0 / others.iter().filter(|other| **other == wrong).count().max(1) as f32;
        let slope = slope_of_max(margin) * scale;
        for ((g, t), other) in row.iter_mut().zip(target).zip(&others) {
            let by_wrong = if *other == wrong { share * (1.0 - t) } else { 0.0 };
            *g = slope * (by_wrong - t);
        }
        margin.max(0.0)
    }
}

/// The slope of `max(x, 0)`; TensorFlow gives the first of two equal arguments everything.
fn slope_of_max(x: f32) -> f32 {
    if x >= 0.0 { 1.0 } else { 0.0 }
}
