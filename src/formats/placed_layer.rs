//! [`PlacedLayer`]: a layer with its shapes and weights, as the writers of other tools' files meet it; and the
//! arithmetic of axes and borders that these tools leave to the file.

use super::{FormatError, SavedModel};
use crate::engine::layers::{DataFormat, LayerSpec, Padding};
use crate::tensor::{Shape, product};

/// A layer of a model that is valid.
pub(super) struct PlacedLayer<'m> {
    /// Keras's automatic name: `conv2d_1`.
    pub name: String,
    pub spec: &'m LayerSpec,
    /// One sample.
    pub input: Shape,
    /// One sample.
    pub output: Shape,
    /// In Keras's order.
    pub weights: Vec<Weight<'m>>,
}

/// A parameter in Keras's layout.
pub(super) struct Weight<'m> {
    /// `kernel`.
    pub name: &'static str,
    pub extents: Vec<usize>,
    pub values: &'m [f32],
}

impl PlacedLayer<'_> {
    /// The parameter of that name, if the layer has it.
    pub fn weight(&self, name: &str) -> Option<&Weight<'_>> {
        self.weights.iter().find(|weight| weight.name == name)
    }
}

/// The layers of `saved` in order.
///
/// # Errors
/// If the model is not valid, or has another number of parameters.
pub(super) fn placed_layers(saved: &SavedModel) -> Result<Vec<PlacedLayer<'_>>, FormatError> {
    let shapes = saved.model.shapes()?;
    saved.check_params()?;
    let specs = saved.model.layers.iter().zip(saved.model.layer_names());
    let mut layers: Vec<PlacedLayer> = specs
        .zip(shapes.windows(2))
        .map(|((spec, name), shapes)| {
            let (input, output) = (shapes[0].clone(), shapes[1].clone());
            PlacedLayer { name, spec, input, output, weights: Vec::new() }
        })
        .collect();
    for param in saved.model.params()? {
        let values = &saved.params[param.offset..param.offset + param.spec.size()];
        let weight = Weight { name: param.spec.name, extents: param.spec.extents, values };
        layers[param.layer].weights.push(weight);
    }
    Ok(layers)
}

/// The values of an array whose axes are put into another order: axis `i` of the result is axis `order[i]`.
pub(super) fn permuted(extents: &[usize], order: &[usize], values: &[f32]) -> Vec<f32> {
    let strides: Vec<usize> = order.iter().map(|axis| product(&extents[axis + 1..])).collect();
    let target: Vec<usize> = order.iter().map(|axis| extents[*axis]).collect();
    let position = |mut idx: usize| {
        let mut position = 0;
        for (extent, stride) in target.iter().zip(&strides).rev() {
            position += idx % extent * stride;
            idx /= extent;
        }
        position
    };
    (0..values.len()).map(|idx| values[position(idx)]).collect()
}

/// The position in a sample of Keras's `axis`, where the batch is 0 and −1 the last.
pub(super) fn sample_axis(axis: isize, rank: usize) -> usize {
    // A valid model has no others.
    (if axis < 0 { axis + rank as isize } else { axis - 1 }).max(0) as usize
}

/// The positions in a sample of Keras's `axes`, sorted.
pub(super) fn sample_axes(axes: &[isize], rank: usize) -> Vec<usize> {
    let mut axes: Vec<usize> = axes.iter().map(|axis| sample_axis(*axis, rank)).collect();
    axes.sort_unstable();
    axes
}

/// Rows, columns and channels of an image.
pub(super) fn image(format: DataFormat, shape: &Shape) -> [usize; 3] {
    match (format, &shape.0[..]) {
        (DataFormat::ChannelsLast, [h, w, c]) | (DataFormat::ChannelsFirst, [c, h, w]) => [*h, *w, *c],
        // A valid model gives nothing else to layers that take images.
        _ => [0; 3],
    }
}

/// Cells added before and after the rows, and before and after the columns, of an image under a window.
pub(super) fn borders(
    padding: Padding,
    image: [usize; 3],
    size: [usize; 2],
    strides: [usize; 2],
    dilation: [usize; 2],
) -> [[usize; 2]; 2] {
    [0, 1].map(|axis| {
        let span = (size[axis] - 1) * dilation[axis] + 1;
        padding.along(image[axis], span, strides[axis]).map_or([0, 0], |(_, before, after)| [before, after])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_change_places_as_in_numpy() {
        // NumPy: np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1).ravel()
        let values: Vec<f32> = (0..24_u8).map(f32::from).collect();
        let expected =
            [0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23_u8];
        assert_eq!(permuted(&[2, 3, 4], &[2, 0, 1], &values), expected.map(f32::from));
    }

    #[test]
    fn the_odd_cell_of_same_padding_comes_after() {
        let along = |size, strides| borders(Padding::Same, [4, 5, 1], size, strides, [1, 1]);
        assert_eq!(along([3, 3], [2, 2]), [[0, 1], [1, 1]]);
        assert_eq!(along([2, 2], [1, 1]), [[0, 1], [0, 1]]);
        assert_eq!(borders(Padding::Same, [9, 9, 1], [3, 3], [1, 1], [2, 2]), [[2, 2], [2, 2]]);
        assert_eq!(borders(Padding::Valid, [9, 9, 1], [3, 3], [2, 2], [1, 1]), [[0, 0], [0, 0]]);
    }
}
