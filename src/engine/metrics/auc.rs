//! The area under the ROC or the precision-recall curve, from counts at some thresholds.

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
    thresholds: Spread,
    buckets: Vec<[Vec<f64>; 2]>,
}

/// Where the thresholds are, of which the first lies below 0 and the last above 1.
#[derive(Debug, Clone)]
enum Spread {
    /// So many at equal distances.
    Even(usize),
    /// All of them, rising.
    At(Vec<f32>),
}

/// Keras's `epsilon`, by which the outermost thresholds lie outside 0..1.
const EPSILON: f32 = 1e-7;

impl Spread {
    fn of(spec: &AucSpec) -> Self {
        let mut inner = spec.thresholds.0.clone();
        if inner.is_empty() {
            return Self::Even(spec.num_thresholds);
        }
        inner.sort_by(f32::total_cmp);
        let intervals = (inner.len() + 1) as f32;
        // NumPy's `allclose`: Keras counts such thresholds as it counts even ones.
        let is_even = inner.iter().enumerate().all(|(idx, threshold)| {
            let even = (idx + 1) as f32 / intervals;
            (threshold - even).abs() <= EPSILON + 1e-5 * even
        });
        if is_even {
            return Self::Even(inner.len() + 2);
        }
        Self::At([vec![-EPSILON], inner, vec![1.0 + EPSILON]].concat())
    }

    fn len(&self) -> usize {
        match self {
            Self::Even(count) => *count,
            Self::At(thresholds) => thresholds.len(),
        }
    }

    /// The last threshold below `output`.
    fn below(&self, output: f32) -> Option<usize> {
        match self {
            Self::Even(count) => {
                // In f32, as Keras finds the bucket.
                let bucket = (output.clamp(0.0, 1.0) * (count - 1) as f32).ceil() - 1.0;
                Some(bucket.max(0.0) as usize)
            }
            Self::At(thresholds) => {
                thresholds.partition_point(|threshold| *threshold < output).checked_sub(1)
            }
        }
    }
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
        Self { thresholds: Spread::of(&spec), spec, buckets: Vec::new() }
    }

    fn label_weight(&self, label: usize) -> f64 {
        self.spec.label_weights.0.get(label).map_or(1.0, |weight| f64::from(*weight))
    }

    fn area(&self, [true_ones, others]: &[Vec<f64>; 2]) -> f64 {
        let count = self.thresholds.len();
        // One more bucket holds what lies below every threshold.
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
        let count = self.thresholds.len();
        let labels = if self.spec.multi_label { rows.len } else { 1 };
        let empty = || [vec![0.0; count + 1], vec![0.0; count + 1]];
        self.buckets.resize_with(labels, empty);
        for (outputs, targets, weight) in rows.iter() {
            for (label, (output, target)) in outputs.iter().zip(targets).enumerate() {
                let bucket = self.thresholds.below(*output).unwrap_or(count);
                let kind = usize::from(*target == 0.0);
                let weight = if self.spec.multi_label { weight } else { weight * self.label_weight(label) };
                self.buckets[label % labels][kind][bucket] += weight;
            }
        }
    }

    fn result(&self) -> Values {
        let weight = |label| if self.spec.multi_label { self.label_weight(label) } else { 1.0 };
        let areas = self.buckets.iter().enumerate();
        let sum = areas.map(|(label, buckets)| self.area(buckets) * weight(label)).sum();
        smallvec![mean(sum, (0..self.buckets.len()).map(weight).sum())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::metrics::Thresholds;

    #[test]
    fn thresholds_at_equal_distances_are_even() {
        let spread = |thresholds: &[f32]| {
            Spread::of(&AucSpec { thresholds: Thresholds(thresholds.to_vec()), ..AucSpec::default() })
        };
        assert!(matches!(spread(&[]), Spread::Even(200)));
        assert!(matches!(spread(&[0.75, 0.25, 0.5]), Spread::Even(5)));
        let uneven = spread(&[0.5, 0.1]);
        assert_eq!(uneven.len(), 4);
        let below = [0.0, 0.1, 0.2, 0.5, 0.6, 1.0, 1.5, -0.5].map(|output| uneven.below(output));
        assert_eq!(below, [Some(0), Some(0), Some(1), Some(1), Some(2), Some(2), Some(3), None]);
    }
}
