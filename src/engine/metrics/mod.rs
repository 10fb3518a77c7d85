//! Metrics: running sums over an epoch, and the confusion matrix.

mod confusion;

pub use confusion::Confusion;

use crate::data::Targets;
use crate::tensor::Tensor;

/// Loss and accuracy since the start of an epoch, as Keras logs them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RunningMeans {
    loss_sum: f64,
    loss_samples: usize,
    num_right: usize,
    num_judged: usize,
}

impl RunningMeans {
    /// Adds the loss of a batch of `samples`.
    pub fn add_loss(&mut self, loss: f64, samples: usize) {
        self.loss_sum += loss * samples as f64;
        self.loss_samples += samples;
    }

    /// Adds the outputs of a batch or a part of one.
    pub fn add_outputs(&mut self, outputs: &Tensor, targets: &Targets) {
        let predicted = argmax_rows(outputs);
        self.num_judged += predicted.len();
        if let Targets::Classes(labels) = targets {
            self.num_right += predicted.iter().zip(labels).filter(|(p, l)| u32::from(**p) == **l).count();
        }
    }

    /// Mean loss per sample; not a number before the first sample.
    pub fn loss(&self) -> f64 {
        self.loss_sum / self.loss_samples as f64
    }

    /// Fraction of samples predicted right, 0..1; not a number before the first sample.
    pub fn accuracy(&self) -> f64 {
        self.num_right as f64 / self.num_judged as f64
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
        means.add_loss(2.0, 3);
        means.add_loss(6.0, 1);
        assert_eq!(means.loss(), 3.0);
    }

    #[test]
    fn ties_go_to_the_first_class() {
        assert_eq!(argmax_rows(&Tensor::new(&[2, 3], vec![1.0, 5.0, 5.0, 0.0, 0.0, 0.0])), [1, 0]);
    }
}
