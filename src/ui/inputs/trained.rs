//! The filters of a trained network.

use crate::engine::layers::{LayerDef, LayerSpec};
use crate::engine::spec::ModelSpec;
use crate::ui::convolution::{Filter, limit};
use crate::ui::one_layer::num_params;

/// The kernels of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedLayer {
    /// Its name in the network.
    pub name: String,
    /// Its class in Keras.
    pub class_name: &'static str,
    /// Rows and columns of a kernel.
    pub size: [usize; 2],
    /// Channels that one filter looks at.
    pub depth: usize,
    /// Filters; of a depthwise layer one for each of its maps.
    pub filters: usize,
    /// Every weight, `[kh, kw, depth, filters]`.
    weights: Vec<f32>,
}

/// Which filter, and which of its channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Pick {
    /// Which layer, from 0.
    pub layer: usize,
    /// Which filter, from 0.
    pub filter: usize,
    /// Which channel, from 0; all of them where none is named.
    pub channel: Option<usize>,
}

impl TrainedLayer {
    /// Whether a filter can be taken with all its channels.
    pub fn takes_all(&self) -> bool {
        limit::DEPTH.contains(&self.depth)
    }

    /// One filter, with one of its channels or all.
    ///
    /// # Panics
    /// If there is no such filter or channel.
    pub fn filter(&self, filter: usize, channel: Option<usize>) -> Filter {
        assert!(filter < self.filters, "filter {filter} of {}", self.filters);
        let own = self.weights.iter().skip(filter).step_by(self.filters).copied();
        match channel {
            None => Filter::own(self.size, self.depth, own.collect()),
            Some(channel) => {
                assert!(channel < self.depth, "channel {channel} of {}", self.depth);
                Filter::own(self.size, 1, own.skip(channel).step_by(self.depth).collect())
            }
        }
    }
}

impl Pick {
    /// The nearest pick that these layers have; nothing where there is no layer.
    #[must_use]
    pub fn within(self, layers: &[TrainedLayer]) -> Option<Pick> {
        let layer = self.layer.min(layers.len().checked_sub(1)?);
        let own = &layers[layer];
        let channel = match self.channel {
            None if own.takes_all() => None,
            channel => Some(channel.unwrap_or(0).min(own.depth - 1)),
        };
        Some(Pick { layer, filter: self.filter.min(own.filters - 1), channel })
    }

    /// The picked filter.
    pub fn filter(self, layers: &[TrainedLayer]) -> Option<Filter> {
        let pick = self.within(layers)?;
        Some(layers[pick.layer].filter(pick.filter, pick.channel))
    }
}

/// Every layer of a network whose kernels the laboratory can lay on an image; of a separable one the
/// depthwise kernels.
pub fn trained_layers(spec: &ModelSpec, params: &[f32]) -> Vec<TrainedLayer> {
    let Ok(shapes) = spec.shapes() else { return Vec::new() };
    let names = spec.layer_names();
    let mut begin = 0;
    let mut layers = Vec::new();
    for ((layer, input), name) in spec.layers.iter().zip(&shapes).zip(names) {
        let own = params.get(begin..);
        begin += num_params(layer, input);
        let (class_name, size, multiplier) = match layer {
            LayerSpec::Conv2d(it) => ("Conv2D", it.kernel_size, None),
            LayerSpec::DepthwiseConv2d(it) => ("DepthwiseConv2D", it.kernel_size, Some(it.depth_multiplier)),
            LayerSpec::SeparableConv2d(it) => ("SeparableConv2D", it.kernel_size, Some(it.depth_multiplier)),
            _ => continue,
        };
        if size.iter().any(|side| !limit::KERNEL.contains(side)) {
            continue;
        }
        let kernel = &layer.params(input)[0].extents;
        let (depth, filters) = match multiplier {
            // `[kh, kw, c, m]`: the kernels of a channel stand side by side, as its maps do.
            Some(multiplier) => (1, kernel[2] * multiplier),
            None => (kernel[2], kernel[3]),
        };
        let len = size[0] * size[1] * depth * filters;
        if let Some(weights) = own.and_then(|own| own.get(..len)) {
            layers.push(TrainedLayer { name, class_name, size, depth, filters, weights: weights.to_vec() });
        }
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::{Conv2dSpec, DepthwiseConv2dSpec, SeparableConv2dSpec};
    use crate::engine::model::Sequential;
    use crate::tensor::{Shape, Tensor};

    fn network() -> (ModelSpec, Vec<f32>) {
        let conv = Conv2dSpec { filters: 4, kernel_size: [3, 2], groups: 2, ..Conv2dSpec::default() };
        let depthwise = DepthwiseConv2dSpec {
            depth_multiplier: 3,
            kernel_size: [2, 2],
            ..DepthwiseConv2dSpec::default()
        };
        let separable =
            SeparableConv2dSpec { filters: 5, kernel_size: [2, 2], ..SeparableConv2dSpec::default() };
        let spec = ModelSpec {
            name: "n".into(),
            input_shape: Shape::from([8, 8, 4]),
            layers: vec![conv.into(), depthwise.into(), separable.into()],
        };
        let params = Sequential::new(&spec, 5).unwrap().params().to_vec();
        (spec, params)
    }

    #[test]
    fn every_layer_with_kernels_is_found() {
        let (spec, params) = network();
        let layers = trained_layers(&spec, &params);
        let facts: Vec<_> =
            layers.iter().map(|layer| (layer.class_name, layer.size, layer.depth, layer.filters)).collect();
        assert_eq!(
            facts,
            [
                ("Conv2D", [3, 2], 2, 4),
                ("DepthwiseConv2D", [2, 2], 1, 12),
                ("SeparableConv2D", [2, 2], 1, 12)
            ]
        );
        assert!(trained_layers(&spec, &params[..10]).is_empty());
    }

    /// Laying the filter on by hand gives what the layer gives.
    #[test]
    fn a_filter_is_the_one_that_its_map_is_made_with() {
        let (spec, params) = network();
        let layers = trained_layers(&spec, &params);
        let image: Vec<f32> = (0..256).map(|idx| (idx * 7 % 11) as f32 - 5.0).collect();
        let first = ModelSpec { layers: vec![spec.layers[0].clone()], ..spec.clone() };
        let own = num_params(&first.layers[0], &first.input_shape);
        let mut model = Sequential::with_params(&first, params[..own].to_vec()).unwrap();
        let maps = model.predict(&Tensor::new(&first.input_shape.with_batch(1), image.clone())).into_values();
        for output in 0..4 {
            let filter = layers[0].filter(output, None);
            let mut sum = 0.0;
            for (row, col, channel) in (0..3)
                .flat_map(|row| (0..2).flat_map(move |col| (0..2).map(move |channel| (row, col, channel))))
            {
                let seen = image[(row * 8 + col) * 4 + output / 2 * 2 + channel];
                sum += seen * filter.weights[filter.at(row, col, channel)];
            }
            assert!((sum - maps[output]).abs() < 1e-4, "{output}: {sum} for {}", maps[output]);
            let alone = layers[0].filter(output, Some(1));
            assert_eq!((alone.depth, alone.weights), (1, filter.channel(1)));
        }
    }

    #[test]
    fn picks_that_no_longer_fit_move_to_the_nearest() {
        let (spec, params) = network();
        let layers = trained_layers(&spec, &params);
        let pick = Pick { layer: 9, filter: 99, channel: Some(7) };
        assert_eq!(pick.within(&layers), Some(Pick { layer: 2, filter: 11, channel: Some(0) }));
        assert_eq!(pick.within(&[]), None);
        let deep = TrainedLayer { depth: 32, ..layers[0].clone() };
        assert_eq!(Pick::default().within(&[deep]), Some(Pick { channel: Some(0), ..Pick::default() }));
    }
}
