//! The engine's losses on a few rows.

use crate::data::Targets;
use crate::engine::losses::{LossSpec, Outputs};
use crate::tensor::Tensor;

/// Each row's loss, and its gradient with respect to the outputs, or to the logits where these are given. All rows have
/// `width` values.
///
/// # Panics
/// If outputs, logits and targets are not equally long, or do not fill rows of `width`.
pub fn measured(
    spec: impl Into<LossSpec>,
    outputs: &[f32],
    logits: Option<&[f32]>,
    targets: &[f32],
    width: usize,
) -> (Vec<f32>, Vec<f32>) {
    let extents = [outputs.len() / width, width];
    let tensor = |values: &[f32]| Tensor::new(&extents, values.to_vec());
    let outputs = Outputs { values: tensor(outputs), logits: logits.map(tensor) };
    // Divided by 1, each row's gradient is that of its own loss.
    let losses = spec.into().compute(&outputs, &Targets::Values(tensor(targets)), None, 1.0);
    (losses.values.to_vec(), losses.grad.into_values())
}
