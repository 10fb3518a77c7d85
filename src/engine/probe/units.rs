//! How often the units of ReLU layers are zero over a sample of images.
//!
//! A unit is a number of a Dense layer, or a channel with all its rows and columns. One that is zero for every image
//! gets no gradient through its ReLU from any of them: it is dead for this sample.

use super::network::{Probe, data_format};
use crate::engine::layers::{Activation, DataFormat, LayerSpec};
use crate::tensor::Tensor;

/// The units of one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitZeros {
    /// The layer's position in the spec.
    pub layer: usize,
    /// For each unit the zeros among its values.
    pub zeros: Vec<u64>,
    /// Values of one unit over all images.
    pub values: u64,
}

impl UnitZeros {
    /// Share of zeros of each unit, 0..1.
    pub fn shares(&self) -> Vec<f32> {
        self.zeros.iter().map(|zeros| *zeros as f32 / self.values.max(1) as f32).collect()
    }

    /// The units without any other value than zero; none before there were images.
    pub fn dead(&self) -> Vec<usize> {
        (0..self.zeros.len()).filter(|unit| self.values > 0 && self.zeros[*unit] == self.values).collect()
    }
}

/// Counts over images that come in batches.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitCounts {
    layers: Vec<UnitZeros>,
    images: usize,
}

impl UnitCounts {
    /// Nothing counted yet, of the layers of this model that end in a ReLU.
    pub fn new(probe: &Probe) -> Self {
        let layers = probe.spec().layers.iter().enumerate().filter(|(_, layer)| ends_in_relu(layer));
        let count = |(layer, spec): (usize, &LayerSpec)| {
            let extents = &probe.shapes()[layer + 1].0;
            let is_first = data_format(spec) == DataFormat::ChannelsFirst;
            let units = if is_first { extents.first() } else { extents.last() };
            UnitZeros { layer, zeros: vec![0; units.copied().unwrap_or(1)], values: 0 }
        };
        Self { layers: layers.map(count).collect(), images: 0 }
    }

    /// Each layer that ends in a ReLU.
    pub fn layers(&self) -> &[UnitZeros] {
        &self.layers
    }

    /// Images counted.
    pub fn images(&self) -> usize {
        self.images
    }

    /// Counts one batch more.
    ///
    /// # Panics
    /// If the images are not shaped as the model's input.
    pub fn step(&mut self, probe: &mut Probe, images: &Tensor) {
        let seen = probe.see(images);
        for UnitZeros { layer, zeros, values } in &mut self.layers {
            let output = &seen.outputs[*layer];
            let is_first = data_format(&probe.spec().layers[*layer]) == DataFormat::ChannelsFirst;
            let units = zeros.len();
            let inner = if is_first { output.sample_size() / units } else { 1 };
            for (idx, value) in output.values().iter().enumerate() {
                zeros[idx / inner % units] += u64::from(*value == 0.0);
            }
            *values += (output.values().len() / units) as u64;
        }
        self.images += images.batch();
    }
}

fn ends_in_relu(layer: &LayerSpec) -> bool {
    let is_relu = |activation: Activation| matches!(activation, Activation::Relu | Activation::Relu6);
    match layer {
        LayerSpec::Dense(layer) => is_relu(layer.activation),
        LayerSpec::Conv2d(layer) => is_relu(layer.activation),
        LayerSpec::DepthwiseConv2d(layer) => is_relu(layer.activation),
        LayerSpec::SeparableConv2d(layer) => is_relu(layer.activation),
        LayerSpec::Activation(layer) => is_relu(layer.activation),
        LayerSpec::Relu(layer) => layer.negative_slope == 0.0,
        _ => false,
    }
}
