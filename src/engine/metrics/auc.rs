//! The area under the ROC or the precision-recall curve, from counts at evenly spread thresholds.

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use super::rows::{Rows, Seen};
use super::{AucSpec, Metric, Values, mean};
use crate::engine::layers::Activation;
use crate::engine::losses::Takes;

/// Which curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Curve {
    /// True positive rate over false positive rate.
    #[default]
    #[serde(rename = "ROC")]
    Roc,
    /// Precision over recall.
    #[serde(rename = "PR")]
    Pr,
}

/// How high the curve is taken to be between two thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SummationMethod {
    /// In the middle; for precision-recall as Davis and Goadrich interpolate.
    #[default]
    Interpolation,
    /// The higher end.
    Majoring,
    /// The lower end.
    Minoring,
}

/// Weights of the true and of the other values in each bucket between two thresholds, per label.
#[derive(Debug, Clone)]
pub(super) struct Auc {
    spec: AucSpec,
    buckets: Vec<[Vec<f64>; 2]>,
}

/// Counts at one threshold.
#[derive(Clone, Copy)]
struct At {
    tp: f64,
    fp: f64,
    tn: f64,
    missed: f64,
}

impl Auc {
    pub fn new(spec: AucSpec) -> Self {
        Self { spec, buckets: Vec::new() }
    }

    fn area(&self, [true_ones, others]: &[Vec<f64>; 2]) -> f64 {
        let count = self.spec.num_thresholds;
        let (all_true, all_others) = (true_ones.iter().sum::<f64>(), others.iter().sum::<f64>());
        let mut points = vec![At { tp: 0.0, fp: 0.0, tn: 0.0, missed: 0.0 }; count];
        let (mut tp, mut fp) = (0.0, 0.0);
        for at in (0..count).rev() {
            tp += true_ones[at];
            fp += others[at];
            points[at] = At { tp, fp, tn: all_others - fp, missed: all_true - tp };
        }
        if self.spec.curve == Curve::Pr && self.spec.summation_method == SummationMethod::Interpolation {
            return points.windows(2).map(|pair| interpolated(pair[0], pair[1])).sum();
        }
        let recall = |at: At| mean(at.tp, at.tp + at.missed);
        let point = |at: At| match self.spec.curve {
            Curve::Roc => (mean(at.fp, at.fp + at.tn), recall(at)),
            Curve::Pr => (recall(at), mean(at.tp, at.tp + at.fp)),
        };
        let step = |pair: &[At]| {
            let ((x, y), (next_x, next_y)) = (point(pair[0]), point(pair[1]));
            (x - next_x)
                * match self.spec.summation_method {
                    SummationMethod::Interpolation => f64::midpoint(y, next_y),
                    SummationMethod::Majoring => y.max(next_y),
                    SummationMethod::Minoring => y.min(next_y),
                }
        };
        points.windows(2).map(step).sum()
    }
}

/// Davis and Goadrich 2006: the true positives are a line over the predicted ones.
fn interpolated(at: At, next: At) -> f64 {
    let (predicted, next_predicted) = (at.tp + at.fp, next.tp + next.fp);
    let gained = at.tp - next.tp;
    let slope = mean(gained, (predicted - next_predicted).max(0.0));
    let intercept = next.tp - slope * next_predicted;
    let ratio = if predicted > 0.0 && next_predicted > 0.0 { predicted / next_predicted } else { 1.0 };
    mean(
        slope * (gained + intercept * f64::from(crate::tensor::math::ln(ratio as f32))),
        next.tp + next.missed,
    )
}

impl Metric for Auc {
    fn update(&mut self, seen: &Seen) {
        let Some(mut rows) = Rows::of(seen, Takes::SameShape) else { return };
        if self.spec.from_logits {
            Activation::Sigmoid.apply(&mut rows.outputs, 1);
        }
        let count = self.spec.num_thresholds;
        let labels = if self.spec.multi_label { rows.len } else { 1 };
        let empty = || [vec![0.0; count], vec![0.0; count]];
        self.buckets.resize_with(labels, empty);
        for (outputs, targets, weight) in rows.iter() {
            for (label, (output, target)) in outputs.iter().zip(targets).enumerate() {
                // In f32, as Keras finds the bucket.
                let bucket = (output.clamp(0.0, 1.0) * (count - 1) as f32).ceil() - 1.0;
                let kind = usize::from(*target == 0.0);
                self.buckets[label % labels][kind][bucket.max(0.0) as usize] += weight;
            }
        }
    }

    fn result(&self) -> Values {
        let areas: Values = self.buckets.iter().map(|buckets| self.area(buckets)).collect();
        smallvec![mean(areas.iter().sum(), areas.len() as f64)]
    }
}
