//! Running a loss over a batch or a part of one.

use std::borrow::Cow;

use super::align::{Meeting, for_each_source, position};
use super::{LossSpec, Reduction, Takes};
use crate::data::Targets;
use crate::tensor::{Buffer, Shape, Tensor};

/// What a model gave for a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Outputs {
    /// What `predict` shows.
    pub values: Tensor,
    /// What a final softmax or sigmoid was given, if the model ends in one.
    pub logits: Option<Tensor>,
}

/// What a loss gave for a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Losses {
    /// Each row's loss times its weight.
    pub values: Buffer<f32>,
    /// The gradient of the reduced loss.
    pub grad: Tensor,
    /// Whether the gradient is with respect to [`Outputs::logits`] and not to the outputs.
    pub of_logits: bool,
}

impl LossSpec {
    /// The number the sum of all rows' weighted losses is divided by, for a whole batch of `n`
    /// samples with outputs of shape `output`.
    pub fn divisor(&self, output: &Shape, targets: &Targets, weights: Option<&[f32]>) -> f32 {
        let def = self.def();
        let rows = self.rows(output, targets);
        let count = targets.len() * rows;
        let counted = || (0..count).filter(|row| self.counts(targets, *row));
        let divisor = match (def.reduction(), weights) {
            (Reduction::Sum | Reduction::None, _) => 1.0,
            (Reduction::MeanWithSampleWeight, Some(weights)) => {
                let each = if weights.len() == targets.len() { rows } else { 1 };
                let sum = counted().map(|row| weights[row / each]).sum::<f32>();
                // Keras sums weights of whole samples as they are; a mask is one of rows and spreads them out.
                if def.ignore_class().is_some() { sum } else { sum / each as f32 }
            }
            _ if def.ignore_class().is_some() => counted().count() as f32,
            _ => count as f32,
        };
        // Keras gives 0 where there is nothing to divide by.
        if divisor == 0.0 { f32::INFINITY } else { divisor }
    }

    /// Whether the loss looks at a row, or ignores its class.
    pub(in crate::engine) fn counts(&self, targets: &Targets, row: usize) -> bool {
        match (self.def().ignore_class(), targets) {
            (Some(ignored), Targets::Values(values)) => {
                values.values().get(row).is_none_or(|class| class.trunc() != ignored as f32)
            }
            (Some(ignored), Targets::Classes(classes)) => {
                classes.get(row).is_none_or(|class| i64::from(*class) != i64::from(ignored))
            }
            (None, _) => true,
        }
    }

    /// The loss of a batch from its rows' values.
    pub fn reduce(&self, values: &[f32], divisor: f32) -> f64 {
        let sum = values.iter().map(|loss| f64::from(*loss)).sum::<f64>();
        match self.def().reduction() {
            Reduction::None => sum / values.len() as f64,
            _ => sum / f64::from(divisor),
        }
    }

    /// Rows' losses and the gradient of the reduced loss, for some samples of a batch whose
    /// [`LossSpec::divisor`] is `divisor`.
    ///
    /// # Panics
    /// If the targets do not fit the outputs; [`LossSpec::check_targets`] comes before.
    pub fn compute(
        &self,
        outputs: &Outputs,
        targets: &Targets,
        weights: Option<&[f32]>,
        divisor: f32,
    ) -> Losses {
        let resolved = self.resolved(outputs.values.extents(), targets);
        let def = resolved.def();
        let targets = in_shape(targets, outputs.values.extents(), def.takes())
            .expect("check_targets comes before: classes need outputs with one axis");
        let meeting = Meeting::of(def.takes(), outputs.values.extents(), targets.extents())
            .expect("check_targets comes before");
        // Taking an axis off makes another tensor, of which TensorFlow does not know the logits.
        let is_squeezed = meeting.outputs.len() < outputs.values.extents().len();
        let logits = outputs.logits.as_ref().filter(|_| def.looks_for_logits() && !is_squeezed);
        let of_logits = logits.is_some();
        let are_logits = of_logits || def.takes_logits();
        let used = logits.unwrap_or(&outputs.values);

        let joint = &meeting.joint;
        let axis = position(def.axis(), joint.len());
        let mut rows = expand(used.values(), &meeting.outputs, joint);
        let mut row_targets = match def.takes() {
            Takes::Classes => Buffer::copy_of(targets.values()),
            _ => expand(targets.values(), &meeting.targets, joint),
        };
        def.prepare_targets(&mut row_targets, joint.last().copied().unwrap_or(1));
        let is_last = axis == joint.len() - 1;
        if !is_last {
            rows = axis_last(&rows, joint, axis, true);
            row_targets = axis_last(&row_targets, joint, axis, true);
        }
        let row_len = joint[axis];
        let target_len = if def.takes() == Takes::Classes { 1 } else { row_len };
        let num_rows = rows.len() / row_len.max(1);
        let each = weights.map_or(1, |weights| num_rows / weights.len().max(1));
        let mut values = Buffer::with_capacity(num_rows);
        for (idx, (row, target)) in
            rows.chunks_exact_mut(row_len).zip(row_targets.chunks_exact(target_len)).enumerate()
        {
            if def.ignore_class().is_some_and(|ignored| target[0].trunc() == ignored as f32) {
                row.fill(0.0);
                values.push(0.0);
                continue;
            }
            let (weight, scale) = match weights {
                Some(weights) => (weights[idx / each], weights[idx / each] / divisor),
                None => (1.0, 1.0 / divisor),
            };
            let loss = def.row(row, target, are_logits, scale);
            values.push(if weights.is_some() { loss * weight } else { loss });
        }
        if !is_last {
            rows = axis_last(&rows, joint, axis, false);
        }
        let grad = Tensor::over(outputs.values.extents(), collapse(rows, &meeting.outputs, joint));
        Losses { values, grad, of_logits }
    }
}

/// Targets as values: classes become one-hot unless classes are wanted. `None` if outputs have more
/// than one axis or no place for a class.
pub(in crate::engine) fn in_shape<'a>(
    targets: &'a Targets,
    outputs: &[usize],
    takes: Takes,
) -> Option<Cow<'a, Tensor>> {
    let classes = match targets {
        Targets::Values(values) => return Some(Cow::Borrowed(values)),
        Targets::Classes(classes) => classes,
    };
    match (takes, outputs) {
        (Takes::Classes, _) | (_, [_, 1]) => {
            let values = Buffer::collect(classes.len(), classes.iter().map(|class| *class as f32));
            Some(Cow::Owned(Tensor::over(&[classes.len()], values)))
        }
        (_, [_, num_classes]) => one_hot(classes, *num_classes).map(Cow::Owned),
        _ => None,
    }
}

/// `[n, num_classes]`, 1 at each class.
fn one_hot(classes: &[u32], num_classes: usize) -> Option<Tensor> {
    let mut values = Tensor::zeros(&[classes.len(), num_classes]);
    for (row, class) in values.values_mut().chunks_exact_mut(num_classes).zip(classes) {
        *row.get_mut(*class as usize)? = 1.0;
    }
    Some(values)
}

fn expand(values: &[f32], extents: &[usize], joint: &[usize]) -> Buffer<f32> {
    if extents == joint {
        return Buffer::copy_of(values);
    }
    let mut expanded = Buffer::zeros(joint.iter().product());
    for_each_source(extents, joint, |position, source| expanded[position] = values[source]);
    expanded
}

/// The backward of [`expand`].
fn collapse(grad: Buffer<f32>, extents: &[usize], joint: &[usize]) -> Buffer<f32> {
    if extents == joint {
        return grad;
    }
    let mut sums = Buffer::zeros(extents.iter().product());
    for_each_source(extents, joint, |position, source| sums[source] += grad[position]);
    sums
}

/// Moves `axis` to the end, or back from there.
fn axis_last(values: &[f32], extents: &[usize], axis: usize, forward: bool) -> Buffer<f32> {
    let (len, inner) = (extents[axis], extents[axis + 1..].iter().product::<usize>());
    let mut moved = Buffer::zeros(values.len());
    for (block, chunk) in values.chunks(len * inner).enumerate() {
        let begin = block * len * inner;
        for at in 0..len {
            for other in 0..inner {
                let (front, back) = (at * inner + other, other * len + at);
                if forward {
                    moved[begin + back] = chunk[front];
                } else {
                    moved[begin + front] = chunk[back];
                }
            }
        }
    }
    moved
}
