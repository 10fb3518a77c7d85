//! Categorical cross-entropy against integer labels: `loss = −ln p[label]`, mean over the batch.
//!
//! Two forms, as in Keras with its TensorFlow backend: fused with the softmax that made the
//! probabilities (`ln Σ e^z − z[label]`, gradient `(p − t)/n`, no clipping), and for outputs without
//! known logits `p ← p/Σp`, clipped to `1e-7 ..= 1 − 1e-7`. Source: Keras 3 `losses/losses.py`,
//! `backend/tensorflow/nn.py`.

use crate::engine::layers::softmax;
use crate::tensor::{Tensor, math};

/// Keras's `backend.epsilon()`.
const EPSILON: f32 = 1e-7;

/// Fused softmax and cross-entropy.
///
/// Returns each sample's loss and the gradient with respect to the logits of the mean over a batch
/// of `batch_len` samples, of which these are all or a part.
///
/// # Shapes
/// `logits [n, classes]`, `labels` n class positions, gradient as the logits.
///
/// # Panics
/// If there is not one label per sample, or one is not a class.
pub fn softmax_crossentropy(logits: &Tensor, labels: &[u8], batch_len: usize) -> (Vec<f32>, Tensor) {
    per_sample(logits, labels, batch_len, |row, label, scale| {
        let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shifted_label = row[label] - max;
        let sum: f32 = row.iter().map(|z| math::exp(z - max)).sum();
        softmax(row);
        row[label] -= 1.0;
        for g in row.iter_mut() {
            *g *= scale;
        }
        math::ln(sum) - shifted_label
    })
}

/// Cross-entropy of outputs that are not a softmax: normalized and clipped.
///
/// Shapes, results and panics as [`softmax_crossentropy`]; the gradient is with respect to the
/// outputs, and 0 for a sample whose probability was clipped.
pub fn clipped_crossentropy(outputs: &Tensor, labels: &[u8], batch_len: usize) -> (Vec<f32>, Tensor) {
    per_sample(outputs, labels, batch_len, |row, label, scale| {
        let sum: f32 = row.iter().sum();
        let raw = row[label];
        let p = raw / sum;
        if (EPSILON..=1.0 - EPSILON).contains(&p) {
            row.fill(scale / sum);
            row[label] -= scale / raw;
        } else {
            row.fill(0.0);
        }
        -math::ln(p.clamp(EPSILON, 1.0 - EPSILON))
    })
}

/// Runs `loss_and_grad(row, label, 1/batch_len)` over rows; it leaves the gradient in the row.
fn per_sample(
    outputs: &Tensor,
    labels: &[u8],
    batch_len: usize,
    loss_and_grad: impl Fn(&mut [f32], usize, f32) -> f32,
) -> (Vec<f32>, Tensor) {
    assert_eq!(labels.len(), outputs.batch(), "one label per sample");
    let mut grad = outputs.clone();
    let classes = grad.sample_shape().size();
    let scale = 1.0 / batch_len as f32;
    let rows = grad.values_mut().chunks_exact_mut(classes);
    let losses =
        rows.zip(labels).map(|(row, label)| loss_and_grad(row, usize::from(*label), scale)).collect();
    (losses, grad)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keras 3.15.1 on TensorFlow: logits (0, 50), true class 0 gives 50, not 16.118.
    #[test]
    fn the_fused_loss_is_not_clipped() {
        let (loss, grad) = softmax_crossentropy(&Tensor::new(&[1, 2], vec![0.0, 50.0]), &[0], 1);
        assert_eq!(loss, [50.0]);
        assert_eq!(grad.values(), [-1.0, 1.0]);
    }

    #[test]
    fn the_clipped_loss_ends_at_16() {
        let (loss, grad) = clipped_crossentropy(&Tensor::new(&[1, 2], vec![0.0, 1.0]), &[0], 1);
        assert!((loss[0] - 16.118_096).abs() < 1e-5, "{loss:?}");
        assert_eq!(grad.values(), [0.0, 0.0]);
    }

    #[test]
    fn gradients_agree_with_differences() {
        type Loss = fn(&Tensor, &[u8], usize) -> (Vec<f32>, Tensor);
        let values = vec![0.3, 0.9, 0.5, 0.8, 0.2, 0.4];
        let labels = [2, 0];
        for loss in [softmax_crossentropy as Loss, clipped_crossentropy] {
            let mean = |values: &[f32]| {
                let (losses, _) = loss(&Tensor::new(&[2, 3], values.to_vec()), &labels, 2);
                losses.iter().map(|l| f64::from(*l)).sum::<f64>() / 2.0
            };
            let (_, grad) = loss(&Tensor::new(&[2, 3], values.clone()), &labels, 2);
            for (idx, analytic) in grad.values().iter().enumerate() {
                let (mut up, mut down) = (values.clone(), values.clone());
                up[idx] += 1e-2;
                down[idx] -= 1e-2;
                let numeric = (mean(&up) - mean(&down)) / f64::from(up[idx] - down[idx]);
                assert!((numeric - f64::from(*analytic)).abs() < 1e-3, "{idx}: {numeric} {analytic}");
            }
        }
    }
}
