//! Bringing targets and outputs to one shape, as Keras and NumPy's broadcasting do.

use serde::{Deserialize, Serialize};
use smallvec::smallvec;

use super::{LossSpec, Takes};
use crate::data::Targets;
use crate::tensor::{Extents, Shape};

/// Targets that a loss or the model's output cannot use. Carries values, so that it can be said in
/// any language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum TargetError {
    /// The shape of the targets does not fit that of the outputs.
    #[error("{loss} expects targets of shape {expected} for outputs of that model, got {got}")]
    WrongShape {
        /// The loss, as Keras names it.
        loss: String,
        /// One target as the loss wants it.
        expected: Shape,
        /// One target as it is.
        got: Shape,
    },
    /// A class the outputs have no place for.
    #[error("{loss} expects classes from 0 to {}, got {got}", num_classes.saturating_sub(1))]
    ClassOutOfRange {
        /// The loss, as Keras names it.
        loss: String,
        /// How many classes the outputs have.
        num_classes: usize,
        /// A class that is in the targets.
        got: i64,
    },
    /// The outputs have no such axis, or the loss can only take the last.
    #[error("{loss} has axis {got}, outputs have {axes} axes, the samples' included")]
    WrongAxis {
        /// The loss, as Keras names it.
        loss: String,
        /// Axes of a batch of outputs.
        axes: usize,
        /// The axis.
        got: i32,
    },
    /// Neither one weight per sample nor one per row.
    #[error("expected one weight per sample or {rows} of them, one per row of its output, got {got}")]
    WrongWeights {
        /// Rows of one sample's output.
        rows: usize,
        /// Weights of one sample.
        got: usize,
    },
}

impl TargetError {
    /// The same, told of a metric.
    #[must_use]
    pub(in crate::engine) fn of(mut self, name: &str) -> Self {
        match &mut self {
            Self::WrongShape { loss, .. }
            | Self::ClassOutOfRange { loss, .. }
            | Self::WrongAxis { loss, .. } => name.clone_into(loss),
            Self::WrongWeights { .. } => {}
        }
        self
    }
}

/// Extents in which outputs and targets of a batch meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::engine) struct Meeting {
    /// The outputs', with a last axis of 1 taken off where Keras takes it off.
    pub outputs: Extents,
    /// The targets', with as many axes.
    pub targets: Extents,
    /// Both, broadcast.
    pub joint: Extents,
}

impl Meeting {
    /// How `targets` meet `outputs`; both with the axis of `n` samples in front. `None` if they do
    /// not.
    pub fn of(takes: Takes, outputs: &[usize], targets: &[usize]) -> Option<Self> {
        let (mut outputs, mut targets) = (Extents::from_slice(outputs), Extents::from_slice(targets));
        let last = |extents: &[usize]| extents.last().copied();
        if outputs.len() == targets.len() + 1 && last(&outputs) == Some(1) {
            if targets.len() == 1 {
                targets.push(1);
            } else {
                outputs.pop();
            }
        } else if targets.len() == outputs.len() + 1 && last(&targets) == Some(1) {
            targets.pop();
        }
        match takes {
            Takes::Classes => {
                let rows = &outputs[..outputs.len() - 1];
                if targets.len() == outputs.len() && last(&targets) == Some(1) {
                    targets.pop();
                }
                (targets[..] == *rows).then(|| {
                    targets.push(1);
                    Self { joint: outputs.clone(), outputs, targets }
                })
            }
            Takes::SameShape => {
                (outputs == targets).then(|| Self { joint: outputs.clone(), outputs, targets })
            }
            Takes::Broadcast => {
                // NumPy lines axes up at the end: the samples' axis of one would meet another axis of
                // the other, which is only harmless when there is a single sample.
                if targets.len() != outputs.len() && (targets[0] != 1 || outputs[0] != 1) {
                    return None;
                }
                let axes = outputs.len().max(targets.len());
                let padded = |extents: &[usize]| -> Extents {
                    std::iter::repeat_n(1, axes - extents.len()).chain(extents.iter().copied()).collect()
                };
                let (outputs, targets) = (padded(&outputs), padded(&targets));
                let joint = outputs.iter().zip(&targets).map(|(o, t)| match (*o, *t) {
                    (o, t) if o == t => Some(o),
                    (o, 1) => Some(o),
                    (1, t) => Some(t),
                    _ => None,
                });
                let joint = joint.collect::<Option<Extents>>()?;
                Some(Self { outputs, targets, joint })
            }
        }
    }
}

/// Calls `f(position, source)` for every position of `joint` with the position in an array of
/// `extents` that broadcasts to it.
pub(super) fn for_each_source(extents: &[usize], joint: &[usize], mut f: impl FnMut(usize, usize)) {
    let mut strides: Extents = smallvec![0; joint.len()];
    let mut stride = 1;
    for axis in (0..joint.len()).rev() {
        strides[axis] = if extents[axis] == 1 { 0 } else { stride };
        stride *= extents[axis];
    }
    let mut at: Extents = smallvec![0; joint.len()];
    for position in 0..joint.iter().product() {
        f(position, at.iter().zip(&strides).map(|(idx, stride)| idx * stride).sum());
        for axis in (0..joint.len()).rev() {
            at[axis] += 1;
            if at[axis] < joint[axis] {
                break;
            }
            at[axis] = 0;
        }
    }
}

impl LossSpec {
    /// Checks that the loss can compare `targets` with outputs of shape `output` in batches of
    /// `batch_size`.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check_targets(
        &self,
        output: &Shape,
        targets: &Targets,
        batch_size: usize,
    ) -> Result<(), TargetError> {
        let resolved = self.resolved(&output.with_batch(targets.len()), targets);
        let def = resolved.def();
        let loss = || resolved.class_name().to_owned();
        let n = batch_size.min(targets.len()).max(1);
        let axes = output.rank() + 1;
        let got = def.axis();
        // The samples' axis would mix samples, which nothing else here does.
        // TensorFlow finds classes on the last axis only.
        let is_elsewhere = def.takes() == Takes::Classes && got != -1 && got != axes as i32 - 1;
        if got == 0 || got >= axes as i32 || got <= -(axes as i32) || is_elsewhere {
            return Err(TargetError::WrongAxis { loss: loss(), axes, got });
        }
        let last = output.0.last().copied().unwrap_or(1);
        let wrong_shape = || {
            let rows = output.0[..output.rank().saturating_sub(1)].to_vec();
            let expected = if def.takes() == Takes::Classes { Shape(rows) } else { output.clone() };
            TargetError::WrongShape { loss: loss(), expected, got: targets.sample_shape() }
        };
        let extents = match targets {
            Targets::Classes(_) if def.takes() == Takes::Classes => smallvec![n],
            Targets::Classes(_) if output.rank() == 1 => smallvec![n, last],
            Targets::Classes(_) => return Err(wrong_shape()),
            Targets::Values(values) => values.sample_shape().with_batch(n),
        };
        if output.rank() == 0 || Meeting::of(def.takes(), &output.with_batch(n), &extents).is_none() {
            return Err(wrong_shape());
        }
        let num_classes = if last == 1 && def.takes() != Takes::Classes { 2 } else { last };
        let outside = |class: i64| {
            let ignored = def.ignore_class().is_some_and(|ignored| i64::from(ignored) == class);
            !ignored && !(0..num_classes as i64).contains(&class)
        };
        let wrong = match targets {
            Targets::Classes(classes) => classes.iter().map(|class| i64::from(*class)).find(|c| outside(*c)),
            Targets::Values(values) if def.takes() == Takes::Classes => {
                values.values().iter().map(|class| class.trunc() as i64).find(|c| outside(*c))
            }
            Targets::Values(_) => None,
        };
        match wrong {
            Some(got) => Err(TargetError::ClassOutOfRange { loss: loss(), num_classes, got }),
            None => Ok(()),
        }
    }

    /// Checks that there is one weight per sample or per row, given `each` weights per sample.
    ///
    /// # Errors
    /// If there is not.
    pub fn check_weights(&self, output: &Shape, targets: &Targets, each: usize) -> Result<(), TargetError> {
        let rows = self.rows(output, targets);
        if each == 1 || each == rows { Ok(()) } else { Err(TargetError::WrongWeights { rows, got: each }) }
    }

    /// Rows of one sample's output where it meets its target: taking a last axis of 1 off leaves fewer.
    pub fn rows(&self, output: &Shape, targets: &Targets) -> usize {
        let samples = targets.len();
        let mut extents = output.with_batch(samples);
        let resolved = self.resolved(&extents, targets);
        let def = resolved.def();
        if let Targets::Values(values) = targets
            && let Some(meeting) = Meeting::of(def.takes(), &extents, values.extents())
        {
            extents = meeting.joint;
        }
        let axis = position(def.axis(), extents.len());
        let each = extents.iter().product::<usize>() / samples.max(1);
        each / extents[axis].max(1)
    }
}

/// An axis counted from the front; one that is not there becomes the last.
pub(super) fn position(axis: i32, axes: usize) -> usize {
    let from_front = if axis < 0 { axis + axes as i32 } else { axis };
    usize::try_from(from_front).ok().filter(|axis| *axis < axes).unwrap_or(axes - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Tensor;

    fn joint(takes: Takes, outputs: &[usize], targets: &[usize]) -> Option<Vec<usize>> {
        Meeting::of(takes, outputs, targets).map(|meeting| meeting.joint.into_vec())
    }

    /// Each line was tried in Keras 3.15.1 on TensorFlow.
    #[test]
    fn targets_meet_outputs_as_in_keras() {
        use Takes::{Broadcast, Classes, SameShape};
        assert_eq!(joint(Broadcast, &[1, 10], &[1]), Some(vec![1, 10]));
        assert_eq!(joint(Broadcast, &[5, 10], &[5]), None);
        assert_eq!(joint(Broadcast, &[5, 10], &[5, 1]), Some(vec![5, 10]));
        assert_eq!(joint(Broadcast, &[5, 1], &[5]), Some(vec![5, 1]));
        assert_eq!(joint(Broadcast, &[5, 1], &[5, 2]), Some(vec![5, 2]));
        assert_eq!(joint(Broadcast, &[5, 10], &[5, 3]), None);
        assert_eq!(joint(SameShape, &[5, 10], &[5]), None);
        assert_eq!(joint(SameShape, &[5, 1], &[5]), Some(vec![5, 1]));
        assert_eq!(joint(Broadcast, &[4, 3, 1], &[4, 3]), Some(vec![4, 3]));
        assert_eq!(joint(Broadcast, &[4, 3, 5], &[4, 3, 1]), Some(vec![4, 3, 5]));
        assert_eq!(joint(Classes, &[5, 10], &[5, 1]), Some(vec![5, 10]));
        assert_eq!(joint(Classes, &[4, 3, 5], &[4, 3]), Some(vec![4, 3, 5]));
        assert_eq!(joint(Classes, &[4, 3, 5], &[4, 3, 1]), Some(vec![4, 3, 5]));
    }

    #[test]
    fn broadcast_positions_repeat_axes_of_one() {
        let mut sources = Vec::new();
        for_each_source(&[2, 1], &[2, 3], |_, source| sources.push(source));
        assert_eq!(sources, [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn targets_that_do_not_fit_are_told_in_words() {
        let values = |extents: &[usize]| Targets::Values(Tensor::zeros(extents));
        let cce = LossSpec::default();
        let error = cce.check_targets(&Shape::from([10]), &values(&[4, 3]), 2).unwrap_err();
        assert_eq!(
            error.to_string(),
            "CategoricalCrossentropy expects targets of shape (None, 10) for outputs of that model, got (None, 3)"
        );
        let error =
            cce.check_targets(&Shape::from([3]), &Targets::Classes(vec![0, 3].into()), 2).unwrap_err();
        assert_eq!(error.to_string(), "CategoricalCrossentropy expects classes from 0 to 2, got 3");
        let sparse = LossSpec::named("sparse_categorical_crossentropy").unwrap();
        assert!(sparse.check_targets(&Shape::from([2, 3]), &values(&[4, 2]), 2).is_ok());
        assert!(sparse.check_targets(&Shape::from([2, 3]), &values(&[4, 3]), 2).is_err());
        let mse = LossSpec::named("mse").unwrap();
        assert!(mse.check_targets(&Shape::from([10]), &values(&[5]), 1).is_ok());
        assert!(mse.check_targets(&Shape::from([10]), &values(&[5]), 5).is_err());
        let check = |output, target: &[usize], each| mse.check_weights(&output, &values(target), each);
        assert!(check(Shape::from([7, 10]), &[5, 7, 10], 7).is_ok());
        assert!(check(Shape::from([7, 10]), &[5, 7, 10], 10).is_err());
        assert!(
            check(Shape::from([7, 1]), &[5, 7], 7).is_err(),
            "without its last axis, a sample has one row"
        );
    }
}
