//! The maps after every layer, computed by the engine's own layers, and what each cell is made of.

use super::field::{Field, Geometry};
use super::layer::ChainLayer;
use super::setup::{ChainSetup, Kernels, Look};
use super::trained::Trained;
use crate::engine::layers::{Activation, Conv2dSpec, LayerDef, LayerError, LayerSpec};
use crate::engine::model::Sequential;
use crate::engine::spec::ModelSpec;
use crate::tensor::Shape;
use crate::ui::convolution::{Filter, Picture, Preset};
use crate::ui::one_layer;
use std::sync::Arc;

/// The maps after one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// Height, width, channels.
    pub shape: [usize; 3],
    /// The values, channels last.
    pub values: Vec<f32>,
    /// How much of the image a cell sees along rows and columns, without a border.
    pub field: [Field; 2],
}

impl Map {
    /// One channel, row by row.
    pub fn channel(&self, channel: usize) -> Vec<f32> {
        self.values.iter().skip(channel).step_by(self.shape[2]).copied().collect()
    }

    /// A cell's number.
    pub fn at(&self, channel: usize, cell: usize) -> f32 {
        self.values[cell * self.shape[2] + channel]
    }
}

/// Why a stack cannot be run.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainFault {
    /// Which layer, from 0.
    pub layer: usize,
    /// Why.
    pub error: LayerError,
}

/// The image on its way through the stack.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainState {
    /// The layers as they were run.
    pub layers: Vec<LayerSpec>,
    /// Their parameters.
    pub params: Vec<Vec<f32>>,
    /// The image, then the maps after each layer.
    pub maps: Vec<Map>,
    /// How windows move, rows and columns, for each layer.
    pub geometry: Vec<[Geometry; 2]>,
}

impl ChainState {
    /// The lecture's demonstration.
    ///
    /// # Panics
    /// Never: its layers fit.
    pub fn first() -> ChainState {
        ChainState::new(&ChainSetup::default(), None).expect("the first stack fits its image")
    }

    /// Runs the image through the stack, or through the layers of the network where that is asked for and there;
    /// `own` is the network of this browser.
    ///
    /// # Errors
    /// If a layer does not take what the one before it gives.
    pub fn new(setup: &ChainSetup, own: Option<&Arc<Trained>>) -> Result<ChainState, ChainFault> {
        ChainState::over(setup, own, None)
    }

    /// The same; `fetched` is the image of a sample that had to be fetched.
    ///
    /// # Errors
    /// As [`ChainState::new`].
    pub fn over(
        setup: &ChainSetup,
        own: Option<&Arc<Trained>>,
        fetched: Option<&Picture>,
    ) -> Result<ChainState, ChainFault> {
        if let Some(trained) = setup.shown(own) {
            let image = setup.source.values(trained.shape, fetched);
            return ChainState::run(trained.shape, image, trained.layers.clone(), trained.params.clone());
        }
        let shape = setup.shape();
        let layers: Vec<LayerSpec> = setup.layers.iter().map(ChainLayer::spec).collect();
        let params = kernels(setup, &layers)?;
        ChainState::run(shape, setup.source.values(shape, fetched), layers, params)
    }

    fn run(
        shape: [usize; 3],
        image: Vec<f32>,
        layers: Vec<LayerSpec>,
        params: Vec<Vec<f32>>,
    ) -> Result<ChainState, ChainFault> {
        let mut maps = vec![Map { shape, values: image, field: [Field::PIXEL; 2] }];
        let mut geometry = Vec::new();
        for (idx, (layer, params)) in layers.iter().zip(&params).enumerate() {
            let before = maps.last().expect("the image is the first map");
            let fault = |error| ChainFault { layer: idx, error };
            let (shape, values) =
                one_layer::forward(layer, &Shape::from(before.shape), &before.values, params)
                    .map_err(fault)?;
            let axes = [0, 1].map(|which: usize| Geometry::of(layer, which, before.shape[which]));
            let ([Some(rows), Some(cols)], Some((height, width, channels))) = (axes, shape.image()) else {
                return Err(fault(LayerError::WrongRank { expected: 3, got: shape }));
            };
            let field = [before.field[0].after(rows), before.field[1].after(cols)];
            maps.push(Map { shape: [height, width, channels], values, field });
            geometry.push([rows, cols]);
        }
        Ok(ChainState { layers, params, maps, geometry })
    }

    /// The shape of each map, the image first.
    pub fn shapes(&self) -> Vec<[usize; 3]> {
        self.maps.iter().map(|map| map.shape).collect()
    }

    /// The rows and columns of every map, the image first, that a cell is made of; the last holds the
    /// cell itself. Every row goes with every column.
    pub fn trace(&self, look: Look) -> Vec<[Vec<usize>; 2]> {
        let cols = self.maps[look.level].shape[1];
        let mut cells = [vec![look.cell / cols], vec![look.cell % cols]];
        let mut trace = vec![cells.clone()];
        for geometry in self.geometry[..look.level].iter().rev() {
            cells = [geometry[0].back(&cells[0]), geometry[1].back(&cells[1])];
            trace.push(cells.clone());
        }
        trace.reverse();
        trace
    }

    /// The channels of every map, the image first, that a cell is made of.
    pub fn channels(&self, look: Look) -> Vec<Vec<usize>> {
        let mut channels = vec![look.channel];
        let mut all = vec![channels.clone()];
        for idx in (0..look.level).rev() {
            let before = self.maps[idx].shape[2];
            channels = channels_before(&self.layers[idx], &channels, before);
            all.push(channels.clone());
        }
        all.reverse();
        all
    }

    /// Trained numbers of a layer.
    pub fn num_params(&self, layer: usize) -> usize {
        self.params[layer].len()
    }
}

/// The channels before a layer that channels after it are made of.
fn channels_before(layer: &LayerSpec, channels: &[usize], before: usize) -> Vec<usize> {
    let activation = match layer {
        LayerSpec::Conv2d(it) => it.activation,
        LayerSpec::DepthwiseConv2d(it) => it.activation,
        LayerSpec::Activation(it) => it.activation,
        _ => Activation::Linear,
    };
    if matches!(activation, Activation::Softmax | Activation::LogSoftmax) {
        // Each number depends on those of all channels.
        return (0..before).collect();
    }
    match layer {
        LayerSpec::Conv2d(Conv2dSpec { groups, filters, .. }) => {
            let each = before / groups;
            let is_seen = |channel: &usize| channels.iter().any(|it| it * groups / filters == channel / each);
            (0..before).filter(is_seen).collect()
        }
        LayerSpec::SeparableConv2d(_) => (0..before).collect(),
        LayerSpec::DepthwiseConv2d(it) => {
            let mut seen: Vec<usize> = channels.iter().map(|channel| channel / it.depth_multiplier).collect();
            seen.dedup();
            seen
        }
        _ => channels.to_vec(),
    }
}

/// The parameters of every layer.
fn kernels(setup: &ChainSetup, layers: &[LayerSpec]) -> Result<Vec<Vec<f32>>, ChainFault> {
    let mut shape = Shape::from(setup.shape());
    let mut shapes = Vec::new();
    for (layer, spec) in layers.iter().enumerate() {
        shapes.push(shape.clone());
        shape = spec.output_shape(&shape).map_err(|error| ChainFault { layer, error })?;
    }
    let input_shape = Shape::from(setup.shape());
    let model = ModelSpec { name: "chain".into(), input_shape, layers: layers.to_vec() };
    // Shapes were just found to fit, so there are parameters for all.
    let drawn = Sequential::new(&model, u64::from(setup.seed));
    let drawn = drawn.map_or_else(|_| Vec::new(), |model| model.params().to_vec());
    let (mut begin, mut is_first) = (0, true);
    let params = layers.iter().zip(&shapes).map(|(layer, input)| {
        let end = begin + one_layer::num_params(layer, input);
        let mut params = drawn[begin..end].to_vec();
        begin = end;
        if let LayerSpec::Conv2d(conv) = layer
            && std::mem::take(&mut is_first)
            && setup.kernels != Kernels::Random
        {
            let depth = input.image().map_or(1, |(_, _, channels)| channels);
            for filter in 0..conv.filters {
                let preset = Filter::preset(Preset::of_filter(filter), conv.kernel_size, depth);
                // The sum of the weights' sizes is 1, so that maps stay within the image's range.
                let total: f32 = preset.weights.iter().map(|weight| weight.abs()).sum::<f32>().max(1.0);
                for (idx, weight) in preset.weights.iter().enumerate() {
                    params[idx * conv.filters + filter] = weight / total;
                }
            }
        }
        params
    });
    Ok(params.collect())
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
