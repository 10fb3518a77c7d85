//! Metrics: running sums over an epoch, and the confusion matrix.

mod confusion;

pub use confusion::Confusion;

use crate::tensor::Tensor;

/// Loss and accuracy summed over the samples seen since the start of an epoch, as Keras logs them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RunningMeans {
    loss_sum: f64,
    num_right: usize,
    num_samples: usize,
}

impl RunningMeans {
    /// Adds a batch.
    pub fn add(&mut self, losses: &[f32], predicted: &[u8], labels: &[u8]) {
        self.loss_sum += losses.iter().map(|loss| f64::from(*loss)).sum::<f64>();
        self.num_right += predicted.iter().zip(labels).filter(|(p, l)| p == l).count();
        self.num_samples += labels.len();
    }

    /// Mean loss per sample; not a number before the first sample.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.num_samples as f64
    }

    /// Fraction of samples predicted right, 0..1; not a number before the first sample.
    pub fn accuracy(&self) -> f64 {
        self.num_right as f64 / self.num_samples as f64
    }
}

/// The position of each row's largest value; the first one on ties, as NumPy and Keras have it.
pub fn argmax_rows(outputs: &Tensor) -> Vec<u8> {
    let classes = outputs.sample_shape().size();
    let argmax = |row: &[f32]| {
        let mut best = 0;
        for (idx, value) in row.iter().enumerate() {
            if *value > row[best] {
                best = idx;
            }
        }
        best as u8
    };
    outputs.values().chunks_exact(classes).map(argmax).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_weigh_every_sample_alike() {
        let mut means = RunningMeans::default();
        means.add(&[1.0, 2.0, 3.0], &[0, 1, 2], &[0, 1, 0]);
        means.add(&[6.0], &[4], &[4]);
        assert_eq!((means.loss(), means.accuracy()), (3.0, 0.75));
    }

    #[test]
    fn ties_go_to_the_first_class() {
        assert_eq!(argmax_rows(&Tensor::new(&[2, 3], vec![1.0, 5.0, 5.0, 0.0, 0.0, 0.0])), [1, 0]);
    }
}
