//! The layer's arguments, by Keras's names.

use std::ops::Range;

use super::{Axis, PadChoice};
use crate::engine::layers::{
    Activation, Conv2dSpec, DepthwiseConv2dSpec, LayerError, LayerSpec, ZeroPadding2dSpec,
};
use crate::engine::spec::{ModelSpec, SpecError};
use crate::tensor::Shape;

/// A `Conv2D` or a `DepthwiseConv2D`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LayerSetup {
    /// Whether every channel is convolved alone.
    pub depthwise: bool,
    /// `filters`, or `depth_multiplier` of a depthwise convolution.
    pub filters: usize,
    /// Rows and columns of the window.
    pub kernel_size: [usize; 2],
    /// Rows and columns that it moves by.
    pub strides: [usize; 2],
    /// How it meets the border.
    pub padding: PadChoice,
    /// Rows and columns from one weight to the next.
    pub dilation_rate: [usize; 2],
    /// Parts into which channels and filters are cut; a depthwise convolution has none.
    pub groups: usize,
    /// Whether a bias is added.
    pub use_bias: bool,
    /// Applied last.
    pub activation: Activation,
}

impl Default for LayerSetup {
    fn default() -> LayerSetup {
        LayerSetup {
            depthwise: false,
            filters: 1,
            kernel_size: [5, 5],
            strides: [1, 1],
            padding: PadChoice::Valid,
            dilation_rate: [1, 1],
            groups: 1,
            use_bias: false,
            activation: Activation::Linear,
        }
    }
}

impl LayerSetup {
    /// Channels that one filter looks at. Where `groups` does not divide `depth` this is what remains
    /// to be drawn beside the explanation.
    pub fn filter_depth(&self, depth: usize) -> usize {
        if self.depthwise { 1 } else { (depth / self.groups.max(1)).max(1) }
    }

    /// Output maps.
    pub fn outputs(&self, depth: usize) -> usize {
        if self.depthwise { depth * self.filters } else { self.filters }
    }

    /// The input channels that an output map is made of.
    pub fn channels_of(&self, output: usize, depth: usize) -> Range<usize> {
        if self.depthwise {
            let channel = output / self.filters.max(1);
            return channel..channel + 1;
        }
        let each = self.filter_depth(depth);
        let part = output * self.groups / self.filters.max(1);
        part * each..(part + 1) * each
    }

    /// Rows (0) or columns (1) of an image of this height and width.
    pub fn axis(&self, which: usize, size: [usize; 2]) -> Axis {
        Axis {
            length: size[which],
            window: self.kernel_size[which],
            stride: self.strides[which],
            dilation: self.dilation_rate[which],
            padding: self.padding,
        }
    }

    /// The engine's layers: a border of zeros where it was asked for by number, then the convolution.
    pub fn layers(&self, activation: Activation) -> Vec<LayerSpec> {
        let (kernel_size, strides, dilation_rate) = (self.kernel_size, self.strides, self.dilation_rate);
        let (padding, use_bias) = (self.padding.keras(), self.use_bias);
        let convolution: LayerSpec = if self.depthwise {
            DepthwiseConv2dSpec {
                depth_multiplier: self.filters,
                kernel_size,
                strides,
                padding,
                dilation_rate,
                use_bias,
                activation,
                ..DepthwiseConv2dSpec::default()
            }
            .into()
        } else {
            Conv2dSpec {
                filters: self.filters,
                kernel_size,
                strides,
                padding,
                dilation_rate,
                groups: self.groups,
                use_bias,
                activation,
                ..Conv2dSpec::default()
            }
            .into()
        };
        match self.padding.cells() {
            0 => vec![convolution],
            cells => {
                let padding = [[cells; 2]; 2];
                let border = ZeroPadding2dSpec { padding, ..ZeroPadding2dSpec::default() };
                vec![border.into(), convolution]
            }
        }
    }

    /// The engine's model for an image of this shape.
    pub fn model(&self, shape: [usize; 3], activation: Activation) -> ModelSpec {
        let input_shape = Shape::from(shape);
        ModelSpec { name: "convolution".into(), input_shape, layers: self.layers(activation) }
    }

    /// Why Keras would refuse these settings for an image of this shape.
    pub fn problem(&self, shape: [usize; 3]) -> Option<LayerError> {
        match self.model(shape, Activation::Linear).shapes() {
            Err(SpecError::Layer { error, .. }) => Some(error),
            // Within the limits there is nothing else to refuse.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_share_out_the_channels() {
        let layer = LayerSetup { filters: 6, groups: 3, ..LayerSetup::default() };
        let channels: Vec<_> = (0..6).map(|output| layer.channels_of(output, 6)).collect();
        assert_eq!(channels, [0..2, 0..2, 2..4, 2..4, 4..6, 4..6]);
        let depthwise = LayerSetup { depthwise: true, filters: 2, ..LayerSetup::default() };
        assert_eq!(depthwise.channels_of(3, 2), 1..2);
        assert_eq!((depthwise.outputs(3), depthwise.filter_depth(3)), (6, 1));
    }

    #[test]
    fn impossible_settings_are_explained_by_the_engine() {
        let problem = |layer: LayerSetup| layer.problem([6, 6, 4]);
        assert_eq!(problem(LayerSetup::default()), None);
        assert!(matches!(
            problem(LayerSetup { dilation_rate: [2, 1], ..LayerSetup::default() }),
            Some(LayerError::WindowTooLarge { window_height: 9, .. })
        ));
        assert!(matches!(
            problem(LayerSetup { filters: 3, groups: 3, ..LayerSetup::default() }),
            Some(LayerError::ChannelsNotAMultiple { .. })
        ));
        let (kernel_size, strides, dilation_rate) = ([2, 2], [2, 2], [2, 2]);
        let both = LayerSetup { kernel_size, strides, dilation_rate, ..LayerSetup::default() };
        assert!(matches!(problem(both), Some(LayerError::StridesAndDilation { .. })));
        assert_eq!(problem(LayerSetup { depthwise: true, ..both }), None);
    }
}
