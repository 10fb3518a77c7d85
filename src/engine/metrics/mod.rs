//! Metrics: sums over an epoch, and the confusion matrix.
//!
//! Metrics are stateful as in Keras: [`Measures`] adds batch after batch and gives the values since
//! the start of the epoch. Source: Keras 3 `metrics/*.py`, `trainers/compile_utils.py`.

mod auc;
mod confusion;
mod counts;
mod f_score;
mod means;
mod measures;
mod rows;
mod spec;
mod thresholds;

pub use auc::{Curve, SummationMethod};
pub use confusion::Confusion;
pub use f_score::Average;
pub use measures::Measures;
pub use rows::Seen;
pub use spec::{
    AucSpec, BinaryAccuracySpec, BinaryCrossentropyMetricSpec, CosineSimilarityMetricSpec, CountsSpec,
    CrossentropyMetricSpec, F1ScoreSpec, FBetaScoreSpec, MetricSpec, PlainMetricSpec,
    SparseCrossentropyMetricSpec, SparseTopKSpec, TopKSpec,
};
pub use thresholds::Thresholds;

use smallvec::SmallVec;

use crate::tensor::Tensor;

/// What a metric comes to: mostly one value, which takes no memory.
type Values = SmallVec<[f64; 1]>;

/// A built metric.
trait Metric: Send {
    /// Adds some samples.
    fn update(&mut self, seen: &Seen);

    /// The values since the beginning; several where each class or threshold has its own.
    fn result(&self) -> Values;
}

/// Keras's `divide_no_nan`: 0 where there is nothing to divide by.
fn mean(total: f64, count: f64) -> f64 {
    if count == 0.0 { 0.0 } else { total / count }
}

/// The position of each row's largest value; the first one on ties, as NumPy and Keras have it.
pub fn argmax_rows(outputs: &Tensor) -> Vec<u8> {
    let classes = outputs.sample_size();
    outputs.values().chunks_exact(classes).map(|row| rows::argmax(row) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_first_class() {
        assert_eq!(argmax_rows(&Tensor::new(&[2, 3], vec![1.0, 5.0, 5.0, 0.0, 0.0, 0.0])), [1, 0]);
    }
}
