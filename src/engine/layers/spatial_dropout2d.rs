//! Keras's `SpatialDropout2D`: in training whole channels of an image are dropped, each with
//! probability `rate`, and the others divided by `1 - rate` (Tompson et al. 2014).

use serde::{Deserialize, Serialize};

use super::{DataFormat, DropoutSpec, Layer, LayerDef, LayerError, ParamSpec};
use crate::tensor::Shape;

/// Keras's arguments.
///
/// # Shapes
/// The output is shaped like the input, `[n, h, w, c]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpatialDropout2dSpec {
    /// Fraction of channels that are dropped, 0..1.
    pub rate: f32,
    /// Where the channels are.
    pub data_format: DataFormat,
    /// In place of the run's seed.
    pub seed: Option<u64>,
}

impl Default for SpatialDropout2dSpec {
    fn default() -> Self {
        Self { rate: 0.5, data_format: DataFormat::ChannelsLast, seed: None }
    }
}

impl SpatialDropout2dSpec {
    /// One decision for all positions of a channel.
    fn dropout(&self) -> DropoutSpec {
        let noise_shape = Some(match self.data_format {
            DataFormat::ChannelsLast => vec![None, Some(1), Some(1), None],
            DataFormat::ChannelsFirst => vec![None, None, Some(1), Some(1)],
        });
        DropoutSpec { rate: self.rate, noise_shape, seed: self.seed }
    }
}

impl LayerDef for SpatialDropout2dSpec {
    fn class_name(&self) -> &'static str {
        "SpatialDropout2D"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        if input.rank() != 3 {
            return Err(LayerError::WrongRank { expected: 3, got: input.clone() });
        }
        self.dropout().output_shape(input)
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, layer: usize) -> Box<dyn Layer> {
        self.dropout().build(input, layer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Pass;
    use crate::engine::layers::check::check_layer;
    use crate::tensor::Tensor;

    #[test]
    fn gradients_are_right() {
        for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
            let spec = SpatialDropout2dSpec { data_format, ..SpatialDropout2dSpec::default() };
            check_layer(&spec.into(), &Shape::from([2, 3, 4]));
        }
    }

    #[test]
    fn channels_are_dropped_whole() {
        let input = Tensor::new(&[2, 3, 2, 50], vec![1.0; 600]);
        let pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };
        let output =
            SpatialDropout2dSpec::default().build(&Shape::from([3, 2, 50]), 0).forward(&input, &[], pass);
        for sample in output.values().chunks_exact(300) {
            let channels = &sample[..50];
            assert!(channels.contains(&0.0) && channels.contains(&2.0));
            assert!(sample.chunks_exact(50).all(|position| position == channels));
        }
        assert_ne!(output.values()[..50], output.values()[300..350]);
    }

    #[test]
    fn channels_first_drops_whole_channels_too() {
        let spec = SpatialDropout2dSpec {
            data_format: DataFormat::ChannelsFirst,
            ..SpatialDropout2dSpec::default()
        };
        let input = Tensor::new(&[1, 50, 3, 2], vec![1.0; 300]);
        let pass = Pass::Train { seed: 1, step: 0, first_sample: 0 };
        let output = spec.build(&Shape::from([50, 3, 2]), 0).forward(&input, &[], pass);
        assert!(output.values().chunks_exact(6).all(|channel| channel.iter().all(|x| *x == channel[0])));
        assert!(output.values().contains(&0.0) && output.values().contains(&2.0));
    }

    #[test]
    fn an_input_without_channels_is_refused() {
        assert!(SpatialDropout2dSpec::default().output_shape(&Shape::from([3, 4])).is_err());
    }
}
