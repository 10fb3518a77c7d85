//! The F-score: the weighted harmonic mean of precision and recall, per class or averaged.

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use super::rows::{Rows, Seen};
use super::{Metric, Values};
use crate::engine::losses::Takes;

/// How the classes' scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// Counts of all classes together.
    Micro,
    /// The mean over the classes.
    Macro,
    /// The mean weighted by how often each class is true.
    Weighted,
}

/// Keeps a small number of classes from dividing by 0.
const EPSILON: f64 = 1e-7;

/// Counts per class.
#[derive(Debug, Clone)]
pub(super) struct FScore {
    pub beta: f32,
    pub average: Option<Average>,
    /// Without one, every output that equals its row's largest counts as predicted.
    pub threshold: Option<f32>,
    /// `[right, wrongly predicted, missed, true]` of each class.
    pub counts: Vec<[f64; 4]>,
}

impl Metric for FScore {
    fn update(&mut self, seen: &Seen) {
        let Some(rows) = Rows::of(seen, Takes::SameShape) else { return };
        let classes = if self.average == Some(Average::Micro) { 1 } else { rows.len };
        self.counts.resize(classes, [0.0; 4]);
        for (outputs, targets, weight) in rows.iter() {
            let max = outputs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            for (class, (output, target)) in outputs.iter().zip(targets).enumerate() {
                let is_predicted = match self.threshold {
                    Some(threshold) => *output > threshold,
                    None => *output >= max && output.abs() > 1e-9,
                };
                let (p, t) = (f64::from(u8::from(is_predicted)), f64::from(*target));
                let counts = &mut self.counts[class % classes];
                let values = [p * t, p * (1.0 - t), (1.0 - p) * t, t];
                counts.iter_mut().zip(values).for_each(|(sum, value)| *sum += value * weight);
            }
        }
    }

    fn result(&self) -> Values {
        let square = f64::from(self.beta) * f64::from(self.beta);
        let score = |[right, wrong, missed, _]: &[f64; 4]| {
            let precision = right / (right + wrong + EPSILON);
            let recall = right / (right + missed + EPSILON);
            precision * recall / (square * precision + recall + EPSILON) * (1.0 + square)
        };
        let scores: Values = self.counts.iter().map(score).collect();
        let total: f64 = self.counts.iter().map(|counts| counts[3]).sum();
        let weighted = scores.iter().zip(&self.counts).map(|(score, counts)| score * counts[3]);
        match self.average {
            None => scores,
            Some(Average::Weighted) => smallvec![weighted.sum::<f64>() / (total + EPSILON)],
            Some(Average::Micro | Average::Macro) => {
                smallvec![scores.iter().sum::<f64>() / scores.len().max(1) as f64]
            }
        }
    }
}
