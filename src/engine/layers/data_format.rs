//! Where an image's channels are: Keras's `data_format`.
//!
//! All layers compute channels last. With `channels_first` they move the channels of their input
//! to the last axis, and those of their output back: the same sums in the same order.

use serde::{Deserialize, Serialize};

use super::{Layer, LayerError, Pass};
use crate::tensor::{Extents, Shape, Tensor};

/// Which axis of an image holds its channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataFormat {
    /// `[n, h, w, c]`
    #[default]
    ChannelsLast,
    /// `[n, c, h, w]`
    ChannelsFirst,
}

impl DataFormat {
    /// `[height, width, channels]` of an image in this format.
    ///
    /// # Errors
    /// If `input` is no image.
    pub(super) fn image(self, input: &Shape) -> Result<[usize; 3], LayerError> {
        let wrong_rank = || LayerError::WrongRank { expected: 3, got: input.clone() };
        let (height, width, channels) = self.to_last(input).image().ok_or_else(wrong_rank)?;
        Ok([height, width, channels])
    }

    /// The shape with its channels on the last axis.
    pub(super) fn to_last(self, shape: &Shape) -> Shape {
        let mut extents = shape.0.clone();
        if self == Self::ChannelsFirst && !extents.is_empty() {
            extents.rotate_left(1);
        }
        Shape(extents)
    }

    /// A shape with channels on its last axis, in this format.
    pub(super) fn moved_back(self, shape: &Shape) -> Shape {
        let mut extents = shape.0.clone();
        if self == Self::ChannelsFirst && !extents.is_empty() {
            extents.rotate_right(1);
        }
        Shape(extents)
    }

    /// Makes a layer of channels last one of this format. An output with one axis has no channels
    /// to be moved.
    pub(super) fn wrap(self, inner: Box<dyn Layer>) -> Box<dyn Layer> {
        match self {
            Self::ChannelsLast => inner,
            Self::ChannelsFirst => Box::new(ChannelsFirst { inner }),
        }
    }
}

struct ChannelsFirst {
    inner: Box<dyn Layer>,
}

impl Layer for ChannelsFirst {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        to_first(self.inner.forward(&to_last(input), params, pass))
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        self.inner.backward(&to_last(grad_output), params, grads, wants).map(to_first)
    }

    fn has_cache(&self) -> bool {
        self.inner.has_cache()
    }
}

/// Each sample's first axis becomes its last.
fn to_last(tensor: &Tensor) -> Tensor {
    let [n, channels, rest @ ..] = tensor.extents() else { return tensor.clone() };
    let (n, channels) = (*n, *channels);
    let extents: Extents =
        std::iter::once(n).chain(rest.iter().copied()).chain(std::iter::once(channels)).collect();
    swap_axes(tensor, channels, &extents)
}

/// Each sample's last axis becomes its first.
fn to_first(tensor: Tensor) -> Tensor {
    let [n, rest @ .., channels] = tensor.extents() else { return tensor };
    let extents: Extents = [*n, *channels].into_iter().chain(rest.iter().copied()).collect();
    let rows = rest.iter().product();
    swap_axes(&tensor, rows, &extents)
}

/// Every sample as a matrix of `rows` rows, transposed.
fn swap_axes(tensor: &Tensor, rows: usize, extents: &[usize]) -> Tensor {
    let mut output = Tensor::zeros(extents);
    let len = tensor.sample_size().max(1);
    let columns = len / rows.max(1);
    let samples = tensor.values().chunks_exact(len).zip(output.values_mut().chunks_exact_mut(len));
    for (from, to) in samples {
        for (row, values) in from.chunks_exact(columns).enumerate() {
            for (column, value) in values.iter().enumerate() {
                to[column * rows + row] = *value;
            }
        }
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_move_there_and_back() {
        let first = Tensor::new(&[1, 2, 3, 1], vec![0.0, 1.0, 2.0, 10.0, 11.0, 12.0]);
        let last = Tensor::new(&[1, 3, 1, 2], vec![0.0, 10.0, 1.0, 11.0, 2.0, 12.0]);
        assert_eq!(to_last(&first), last);
        assert_eq!(to_first(last), first);
        let vector = Tensor::new(&[2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(to_last(&vector), vector);
        assert_eq!(to_first(vector.clone()), vector);
    }

    #[test]
    fn shapes_move_as_tensors_do() {
        let format = DataFormat::ChannelsFirst;
        assert_eq!(format.to_last(&Shape::from([3, 28, 27])), Shape::from([28, 27, 3]));
        assert_eq!(format.moved_back(&Shape::from([28, 27, 3])), Shape::from([3, 28, 27]));
        assert_eq!(format.image(&Shape::from([3, 28, 27])), Ok([28, 27, 3]));
        assert_eq!(DataFormat::ChannelsLast.image(&Shape::from([28, 27, 3])), Ok([28, 27, 3]));
        let flat = Shape::from([784]);
        assert_eq!(format.image(&flat), Err(LayerError::WrongRank { expected: 3, got: flat.clone() }));
    }
}
