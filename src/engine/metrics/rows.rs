//! Outputs and targets of some samples, brought to one shape for a metric.

use crate::data::Targets;
use crate::engine::losses::{Meeting, Outputs, Takes, in_shape};
use crate::tensor::Buffer;

/// What a metric is shown of some samples.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What the model gave.
    pub outputs: &'a Outputs,
    /// The right answers.
    pub targets: &'a Targets,
    /// As in [`crate::data::Batch`]; everything counts 1 when there are none.
    pub weights: Option<&'a [f32]>,
}

/// Rows along the last axis.
pub(super) struct Rows {
    pub outputs: Buffer<f32>,
    /// As many values as outputs, or one class per row.
    pub targets: Buffer<f32>,
    /// Values in a row.
    pub len: usize,
    /// One for each row.
    weights: Option<Buffer<f32>>,
}

impl Rows {
    /// Rows of samples whose targets fit; [`super::MetricSpec::check_targets`] comes before.
    pub fn of(seen: &Seen, takes: Takes) -> Option<Self> {
        let outputs = &seen.outputs.values;
        let targets = in_shape(seen.targets, outputs.extents(), takes)?;
        let meeting = Meeting::of(takes, outputs.extents(), targets.extents())?;
        let len = meeting.joint.last().copied().unwrap_or(1);
        let num_rows = outputs.values().len() / len.max(1);
        let weights = seen.weights.map(|weights| {
            let each = (num_rows / weights.len().max(1)).max(1);
            Buffer::collect(num_rows, (0..num_rows).map(|row| weights[row / each]))
        });
        let (outputs, targets) = (Buffer::copy_of(outputs.values()), Buffer::copy_of(targets.values()));
        Some(Self { outputs, targets, len, weights })
    }

    /// `(outputs, target values, weight)` of each row.
    pub fn iter(&self) -> impl Iterator<Item = (&[f32], &[f32], f64)> {
        let target_len = self.targets.len() * self.len / self.outputs.len().max(1);
        let rows = self.outputs.chunks_exact(self.len.max(1));
        rows.zip(self.targets.chunks_exact(target_len.max(1))).enumerate().map(|(idx, (outputs, targets))| {
            (outputs, targets, self.weights.as_ref().map_or(1.0, |weights| f64::from(weights[idx])))
        })
    }
}

/// The position of the largest value; the first one on ties, as NumPy and Keras have it.
pub(super) fn argmax(row: &[f32]) -> usize {
    let mut best = 0;
    for (idx, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = idx;
        }
    }
    best
}
