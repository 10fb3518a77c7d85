//! Where in the image the score of a class comes from, by gradients.
//!
//! Saliency (Simonyan, Vedaldi, Zisserman 2014): `g = ∂score/∂image`. Grad-CAM (Selvaraju et al. 2017,
//! equations 1 and 2): with the outputs `A[h,w,k]` of a layer, `alpha[k]` is the mean over `h` and `w` of
//! `∂logit/∂A[h,w,k]`, and the map is `max(0, Σ alpha[k]·A[h,w,k])`.

use super::network::{Probe, Score, data_format};
use crate::engine::layers::{DataFormat, LayerSpec};
use crate::tensor::Tensor;

/// The gradient of a score with respect to every value of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Saliency {
    /// Rows, columns, channels; what is not an image is one row.
    pub shape: [usize; 3],
    /// In the image's order: by how much the score grows per unit of this value.
    pub signed: Vec<f32>,
}

impl Saliency {
    /// `|g|`, of several channels the largest, row by row.
    pub fn magnitudes(&self) -> Vec<f32> {
        let largest = |pixel: &[f32]| pixel.iter().fold(0.0, |max: f32, g| max.max(g.abs()));
        self.signed.chunks_exact(self.shape[2].max(1)).map(largest).collect()
    }
}

/// A map of a layer's rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassMap {
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
    /// At least 0, row by row.
    pub values: Vec<f32>,
    /// `alpha` of each channel.
    pub weights: Vec<f32>,
}

/// The gradient of the class's score with respect to one image.
///
/// # Shapes
/// `image [1, ...input_shape]`
///
/// # Panics
/// As [`Probe::gradient`].
pub fn saliency(probe: &mut Probe, image: &Tensor, class: usize, score: Score) -> Saliency {
    let (grad, _) = probe.gradient(image, class, score, None);
    let shape = probe.spec().input_shape.image();
    let shape = shape.map_or([1, grad.values().len(), 1], |(h, w, c)| [h, w, c]);
    Saliency { shape, signed: grad.into_values() }
}

/// The positions of the layers that convolve, whose outputs have rows and columns.
pub fn convolutions(layers: &[LayerSpec]) -> Vec<usize> {
    let is_one = |layer: &LayerSpec| {
        matches!(layer, LayerSpec::Conv2d(_) | LayerSpec::DepthwiseConv2d(_) | LayerSpec::SeparableConv2d(_))
    };
    (0..layers.len()).filter(|idx| is_one(&layers[*idx])).collect()
}

/// Grad-CAM of the class's logit on the output of `layer`, its own activation included. None where the output
/// of that layer has no rows and columns, or there is no such layer in front of the end.
///
/// # Shapes
/// `image [1, ...input_shape]`
///
/// # Panics
/// As [`Probe::gradient`].
pub fn grad_cam(probe: &mut Probe, image: &Tensor, class: usize, layer: usize) -> Option<ClassMap> {
    let extents = probe.shapes().get(layer + 1)?.image()?;
    if layer + 1 == probe.spec().layers.len() {
        return None;
    }
    let (grad, output) = probe.gradient(image, class, Score::Logit, Some(layer));
    let is_first = data_format(&probe.spec().layers[layer]) == DataFormat::ChannelsFirst;
    let (height, width, channels) = if is_first { (extents.1, extents.2, extents.0) } else { extents };
    let area = height * width;
    let place = |pixel: usize, channel: usize| {
        if is_first { channel * area + pixel } else { pixel * channels + channel }
    };
    let mean = |channel| {
        let sum: f64 = (0..area).map(|pixel| f64::from(grad.values()[place(pixel, channel)])).sum();
        (sum / area as f64) as f32
    };
    let weights: Vec<f32> = (0..channels).map(mean).collect();
    let value = |pixel| {
        let sum: f32 =
            (0..channels).map(|channel| weights[channel] * output.values()[place(pixel, channel)]).sum();
        if sum < 0.0 { 0.0 } else { sum }
    };
    Some(ClassMap { height, width, values: (0..area).map(value).collect(), weights })
}
