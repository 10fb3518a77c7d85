//! Precision and recall: how many of the predicted, and of the true, are right.

use super::rows::{Rows, Seen};
use super::{Metric, Values, mean};
use crate::engine::losses::Takes;

/// Which fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Of the predicted ones: precision.
    Predicted,
    /// Of the true ones: recall.
    True,
}

/// Counts at each threshold.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    of: Of,
    thresholds: Vec<f32>,
    top_k: Option<usize>,
    class_id: Option<usize>,
    right: Vec<f64>,
    all: Vec<f64>,
}

impl Counts {
    pub fn new(of: Of, thresholds: &[f32], top_k: Option<usize>, class_id: Option<usize>) -> Self {
        // Of the k largest ones each counts, however small it is.
        let only = if top_k.is_some() { f32::MIN } else { 0.5 };
        let thresholds = if thresholds.is_empty() { vec![only] } else { thresholds.to_vec() };
        let zeros = vec![0.0; thresholds.len()];
        Self { of, thresholds, top_k, class_id, right: zeros.clone(), all: zeros }
    }
}

impl Metric for Counts {
    fn update(&mut self, seen: &Seen) {
        let Some(rows) = Rows::of(seen, Takes::SameShape) else { return };
        for (outputs, targets, weight) in rows.iter() {
            let kept = largest(outputs, self.top_k);
            for (class, (output, target)) in outputs.iter().zip(targets).enumerate() {
                if self.class_id.is_some_and(|only| only != class) {
                    continue;
                }
                let is_true = *target != 0.0;
                for (at, threshold) in self.thresholds.iter().enumerate() {
                    let is_predicted = kept[class] && output > threshold;
                    let counts = match self.of {
                        Of::Predicted => is_predicted,
                        Of::True => is_true,
                    };
                    self.all[at] += if counts { weight } else { 0.0 };
                    self.right[at] += if is_true && is_predicted { weight } else { 0.0 };
                }
            }
        }
    }

    fn result(&self) -> Values {
        self.right.iter().zip(&self.all).map(|(right, all)| mean(*right, *all)).collect()
    }
}

/// Which values are among the k largest; of equal ones the first.
fn largest(row: &[f32], top_k: Option<usize>) -> Vec<bool> {
    let Some(k) = top_k else { return vec![true; row.len()] };
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|a, b| row[*b].total_cmp(&row[*a]));
    let mut kept = vec![false; row.len()];
    order.into_iter().take(k).for_each(|idx| kept[idx] = true);
    kept
}
