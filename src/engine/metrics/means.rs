//! Metrics that are means over rows: accuracies and losses.

use smallvec::smallvec;

use super::rows::{Rows, Seen, argmax};
use super::{Metric, Values, mean};
use crate::engine::losses::{LossSpec, Takes};

/// How one row is judged right or wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Judge {
    /// The fraction of values on the target's side of a threshold.
    Binary(f32),
    /// The largest output is at the largest target.
    Categorical,
    /// The largest output is at the target class.
    Sparse,
    /// The largest target is among the k largest outputs.
    TopK(usize),
    /// The target class is among the k largest outputs.
    SparseTopK(usize),
    /// The target class is among the first k outputs, which are classes.
    AmongFirst(usize),
}

impl Judge {
    fn takes(self) -> Takes {
        match self {
            Self::Sparse | Self::SparseTopK(_) | Self::AmongFirst(_) => Takes::Classes,
            Self::Binary(_) | Self::Categorical | Self::TopK(_) => Takes::SameShape,
        }
    }

    fn value(self, outputs: &[f32], targets: &[f32]) -> f64 {
        let right = match self {
            Self::Binary(threshold) => {
                let pairs = outputs.iter().zip(targets);
                let right = pairs.filter(|(p, t)| f32::from(u8::from(**p > threshold)) == **t).count();
                return right as f64 / outputs.len() as f64;
            }
            Self::Categorical => argmax(outputs) == argmax(targets),
            Self::Sparse => argmax(outputs) as f32 == targets[0],
            Self::TopK(k) => is_in_top(outputs, argmax(targets), k),
            Self::AmongFirst(k) => outputs.iter().take(k).any(|class| *class == targets[0]),
            Self::SparseTopK(k) => targets[0] >= 0.0 && is_in_top(outputs, targets[0] as usize, k),
        };
        f64::from(u8::from(right))
    }
}

/// Whether fewer than `k` values are larger, so that ties all count, as TensorFlow has it.
fn is_in_top(row: &[f32], class: usize, k: usize) -> bool {
    row.get(class)
        .is_some_and(|value| value.is_finite() && row.iter().filter(|other| *other > value).count() < k)
}

/// The weighted mean of what the rows give.
#[derive(Debug, Clone)]
pub(super) struct Mean<T> {
    pub what: T,
    pub total: f64,
    pub count: f64,
}

impl<T> Mean<T> {
    pub fn of(what: T) -> Self {
        Self { what, total: 0.0, count: 0.0 }
    }
}

impl Metric for Mean<Judge> {
    fn update(&mut self, seen: &Seen) {
        let Some(rows) = Rows::of(seen, self.what.takes()) else { return };
        for (outputs, targets, weight) in rows.iter() {
            self.total += self.what.value(outputs, targets) * weight;
            self.count += weight;
        }
    }

    fn result(&self) -> Values {
        smallvec![mean(self.total, self.count)]
    }
}

/// A loss as a metric, and what is made of its mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LossMean {
    pub loss: LossSpec,
    pub finish: Finish,
}

/// What is made of the mean of a loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finish {
    Same,
    SquareRoot,
    Negated,
}

impl Metric for Mean<LossMean> {
    fn update(&mut self, seen: &Seen) {
        let losses = self.what.loss.compute(seen.outputs, seen.targets, None, 1.0).values;
        let each = seen.weights.map_or(1, |weights| (losses.len() / weights.len().max(1)).max(1));
        for (row, loss) in losses.iter().enumerate() {
            let weight = match seen.weights {
                // As in Keras, where a mask changes weights, and there are none here to change.
                None => 1.0,
                Some(_) if !self.what.loss.counts(seen.targets, row) => 0.0,
                Some(weights) => f64::from(weights[row / each]),
            };
            self.total += f64::from(*loss) * weight;
            self.count += weight;
        }
    }

    fn result(&self) -> Values {
        let mean = mean(self.total, self.count);
        smallvec![match self.what.finish {
            Finish::Same => mean,
            Finish::SquareRoot => mean.sqrt(),
            Finish::Negated => -mean,
        }]
    }
}
