//! Axes named as Keras names them: the batch is axis 0, and −1 is the last.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use super::LayerError;
use crate::tensor::{Buffer, Shape};

/// One or several axes. Text a person may have written has a number or a list; the wire has lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Axes(pub Vec<isize>);

impl Axes {
    /// Keras's `-1`.
    pub fn last() -> Self {
        Self(vec![-1])
    }

    /// Sorted positions in `shape`, which has no batch axis.
    ///
    /// # Errors
    /// If one is no axis of a sample, is named twice, or there is none.
    pub(super) fn of(&self, shape: &Shape) -> Result<Vec<usize>, LayerError> {
        let mut axes = self.0.iter().map(|axis| sample_axis(*axis, shape)).collect::<Result<Vec<_>, _>>()?;
        axes.sort_unstable();
        let named_twice = axes.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0] as isize + 1);
        match named_twice {
            Some(axis) => Err(LayerError::RepeatedAxis { axis }),
            None if axes.is_empty() => Err(LayerError::Zero { argument: "axis".to_owned() }),
            None => Ok(axes),
        }
    }
}

/// The position in `shape`, which has no batch axis, of Keras's `axis`.
///
/// # Errors
/// If it is none; the batch axis is none either.
pub(super) fn sample_axis(axis: isize, shape: &Shape) -> Result<usize, LayerError> {
    let rank = shape.rank() as isize;
    let from_front = if axis < 0 { axis + rank } else { axis - 1 };
    if (0..rank).contains(&from_front) {
        Ok(from_front as usize)
    } else {
        Err(LayerError::NoSuchAxis { axis, got: shape.clone() })
    }
}

impl<'de> Deserialize<'de> for Axes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            from.deserialize_any(OneOrMany)
        } else {
            Vec::deserialize(from).map(Self)
        }
    }
}

struct OneOrMany;

impl<'de> Visitor<'de> for OneOrMany {
    type Value = Axes;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an axis or a list of axes")
    }

    fn visit_u64<E: serde::de::Error>(self, axis: u64) -> Result<Axes, E> {
        let too_large = |_| E::invalid_value(Unexpected::Unsigned(axis), &self);
        isize::try_from(axis).map(|axis| Axes(vec![axis])).map_err(too_large)
    }

    fn visit_i64<E: serde::de::Error>(self, axis: i64) -> Result<Axes, E> {
        let too_large = |_| E::invalid_value(Unexpected::Signed(axis), &self);
        isize::try_from(axis).map(|axis| Axes(vec![axis])).map_err(too_large)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Axes, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq)).map(Axes)
    }
}

/// A sample's values in groups: those that differ only in their position along some axes are one.
pub(super) struct Groups {
    /// Values in a group.
    pub len: usize,
    /// Positions in the sample, one group after another, each in row-major order.
    order: Vec<usize>,
}

impl Groups {
    /// `axes` are sorted positions in `shape`.
    pub fn new(shape: &Shape, axes: &[usize]) -> Self {
        let size = shape.size();
        let len: usize = axes.iter().map(|axis| shape.0[*axis]).product();
        let mut order: Vec<usize> = (0..size).collect();
        // A stable sort by what lies outside the axes leaves each group in row-major order.
        order.sort_by_cached_key(|position| {
            let (mut rest, mut outside, mut stride) = (*position, 0, 1);
            for (axis, extent) in shape.0.iter().enumerate().rev() {
                if !axes.contains(&axis) {
                    outside += (rest % extent) * stride;
                    stride *= extent;
                }
                rest /= extent;
            }
            outside
        });
        Self { len, order }
    }

    /// Calls `change` with every group of every sample of `values`, and puts back what it leaves.
    pub fn change(&self, values: &mut [f32], mut change: impl FnMut(&mut [f32])) {
        let mut group = Buffer::zeros(self.len);
        for sample in values.chunks_exact_mut(self.order.len()) {
            for positions in self.order.chunks_exact(self.len) {
                group.iter_mut().zip(positions).for_each(|(value, position)| *value = sample[*position]);
                change(&mut group);
                group.iter().zip(positions).for_each(|(value, position)| sample[*position] = *value);
            }
        }
    }

    /// As [`Groups::change`] for the second block, given the same group of the first.
    pub fn change_with(&self, given: &[f32], values: &mut [f32], mut change: impl FnMut(&[f32], &mut [f32])) {
        let mut beside = Buffer::zeros(self.len);
        let (size, mut group_idx) = (self.order.len(), 0);
        self.change(values, |group| {
            let num_groups = size / self.len;
            let sample = &given[group_idx / num_groups * size..];
            let begin = group_idx % num_groups * self.len;
            let positions = &self.order[begin..begin + self.len];
            beside.iter_mut().zip(positions).for_each(|(value, position)| *value = sample[*position]);
            change(&beside, group);
            group_idx += 1;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_counted_with_the_batch_or_from_the_end() {
        let shape = Shape::from([4, 5, 6]);
        assert_eq!(Axes(vec![-1, 1]).of(&shape), Ok(vec![0, 2]));
        assert_eq!(Axes(vec![3, 2]).of(&shape), Ok(vec![1, 2]));
        for axis in [0, 4, -4, isize::MIN, isize::MAX] {
            let error = Err(LayerError::NoSuchAxis { axis, got: shape.clone() });
            assert_eq!(Axes(vec![axis]).of(&shape), error);
        }
        assert_eq!(Axes(vec![-1, 3]).of(&shape), Err(LayerError::RepeatedAxis { axis: 3 }));
        assert!(Axes(Vec::new()).of(&shape).is_err());
    }

    #[test]
    fn a_number_and_a_list_are_read() {
        for (json, axes) in [("-1", vec![-1]), ("2", vec![2]), ("[1, -1]", vec![1, -1])] {
            assert_eq!(serde_json::from_str::<Axes>(json).unwrap(), Axes(axes));
        }
        let wire = bincode::serialize(&Axes(vec![1, -1])).unwrap();
        assert_eq!(bincode::deserialize::<Axes>(&wire).unwrap(), Axes(vec![1, -1]));
    }

    #[test]
    fn groups_run_along_their_axes() {
        let shape = Shape::from([2, 2, 2]);
        let groups = |axes: &[usize]| Groups::new(&shape, axes).order;
        assert_eq!(groups(&[2]), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(groups(&[0]), [0, 4, 1, 5, 2, 6, 3, 7]);
        assert_eq!(groups(&[0, 2]), [0, 1, 4, 5, 2, 3, 6, 7]);
        let mut values: Vec<f32> = (0..16u8).map(f32::from).collect();
        let given = values.clone();
        Groups::new(&shape, &[1]).change_with(&given, &mut values, |given, group| {
            assert_eq!(given, group);
            group.fill(given[0]);
        });
        assert_eq!(values[..8], [0.0, 1.0, 0.0, 1.0, 4.0, 5.0, 4.0, 5.0]);
        assert_eq!(values[8..10], [8.0, 9.0]);
    }
}
