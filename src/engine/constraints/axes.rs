//! [`Axes`]: along which axes a norm is taken.

use std::fmt;

use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::argument::ArgumentError;
use crate::tensor::Buffer;

/// Keras's `axis`: one axis or several. Below 0 they count from the end.
///
/// `[0]` gives each unit of a Dense kernel a norm of its own, `[0, 1, 2]` each filter of a
/// Conv2D kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axes(pub Vec<i64>);

impl Default for Axes {
    fn default() -> Self {
        Self(vec![0])
    }
}

impl Axes {
    /// Checks that a parameter of `rank` axes has these.
    pub(super) fn validate(&self, rank: usize) -> Result<(), ArgumentError> {
        let rank = rank as i64;
        match self.0.iter().find(|axis| !(-rank..rank).contains(*axis)) {
            None => Ok(()),
            Some(axis) => Err(ArgumentError {
                argument: "axis".to_owned(),
                min: -rank as f64,
                max: (rank - 1) as f64,
                got: *axis as f64,
            }),
        }
    }

    /// Multiplies every value by `factor` of the norm over these axes it belongs to.
    pub(super) fn scale(&self, extents: &[usize], values: &mut [f32], factor: impl Fn(f32) -> f32) {
        let groups = Groups::new(extents, self);
        let mut squares = Buffer::<f64>::zeros(groups.count);
        groups.visit(values, |group, value| squares[group] += f64::from(*value) * f64::from(*value));
        let factors: Buffer<f32> = squares.iter().map(|sum| factor(sum.sqrt() as f32)).collect();
        groups.visit(values, |group, value| *value *= factors[group]);
    }
}

/// Which values share a norm.
struct Groups<'a> {
    extents: &'a [usize],
    /// How far a step along each axis goes in the list of groups: 0 along a summed axis.
    strides: Buffer<usize>,
    count: usize,
}

impl<'a> Groups<'a> {
    fn new(extents: &'a [usize], axes: &Axes) -> Self {
        let rank = extents.len() as i64;
        let mut count = 1;
        let mut strides = Buffer::zeros(extents.len());
        for (axis, extent) in extents.iter().enumerate().rev() {
            let axis_from_end = axis as i64 - rank;
            if !axes.0.iter().any(|given| *given == axis as i64 || *given == axis_from_end) {
                strides[axis] = count;
                count *= extent;
            }
        }
        Self { extents, strides, count }
    }

    /// Calls `f` with the group of each value.
    fn visit(&self, values: &mut [f32], mut f: impl FnMut(usize, &mut f32)) {
        let mut position = Buffer::<usize>::zeros(self.extents.len());
        let mut group = 0;
        for value in values {
            f(group, value);
            for axis in (0..position.len()).rev() {
                position[axis] += 1;
                group += self.strides[axis];
                if position[axis] < self.extents[axis] {
                    break;
                }
                group -= self.strides[axis] * position[axis];
                position[axis] = 0;
            }
        }
    }
}

impl Serialize for Axes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [axis] if serializer.is_human_readable() => axis.serialize(serializer),
            axes => axes.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Axes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(OneOrList)
        } else {
            Vec::deserialize(deserializer).map(Axes)
        }
    }
}

struct OneOrList;

impl<'de> Visitor<'de> for OneOrList {
    type Value = Axes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an axis or a list of axes")
    }

    fn visit_i64<E: Error>(self, axis: i64) -> Result<Axes, E> {
        Ok(Axes(vec![axis]))
    }

    fn visit_u64<E: Error>(self, axis: u64) -> Result<Axes, E> {
        let too_large = |_| E::invalid_value(Unexpected::Unsigned(axis), &self);
        i64::try_from(axis).map(|axis| Axes(vec![axis])).map_err(too_large)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Axes, A::Error> {
        let mut axes = Vec::new();
        while let Some(axis) = seq.next_element()? {
            axes.push(axis);
        }
        Ok(Axes(axes))
    }
}
