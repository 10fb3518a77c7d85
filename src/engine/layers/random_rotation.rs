//! Keras's `RandomRotation`: in training every image is turned about its center by a part of a full
//! turn drawn from a range. A positive part turns counterclockwise.

use serde::{Deserialize, Serialize};

use super::affine::{AffineReader, FillMode, Interpolation};
use super::augmentation::{Augmentation, Movement, draw_from, range};
use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, in_range};
use crate::tensor::Shape;
use crate::tensor::math;
use crate::tensor::rng::Rng;

/// Keras's arguments and defaults.
///
/// # Shapes
/// The output is shaped like the input, an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RandomRotationSpec {
    /// Range of the angle, in full turns, -1..1; one number is the range around 0.
    #[serde(deserialize_with = "range")]
    pub factor: [f32; 2],
    /// What lies beyond the border.
    pub fill_mode: FillMode,
    /// How the image is read between its cells.
    pub interpolation: Interpolation,
    /// In place of the run's seed.
    pub seed: Option<u64>,
    /// The constant of the fill mode `constant`.
    pub fill_value: f32,
    /// Where the channels are.
    pub data_format: DataFormat,
}

impl Default for RandomRotationSpec {
    fn default() -> Self {
        Self {
            factor: [-0.1, 0.1],
            fill_mode: FillMode::Reflect,
            interpolation: Interpolation::Bilinear,
            seed: None,
            fill_value: 0.0,
            data_format: DataFormat::ChannelsLast,
        }
    }
}

impl LayerDef for RandomRotationSpec {
    fn class_name(&self) -> &'static str {
        "RandomRotation"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.data_format.image(input)?;
        // As Keras checks them: a range must meet -1..1.
        in_range("factor", self.factor[0], f32::MIN, 1.0)?;
        in_range("factor", self.factor[1], -1.0, f32::MAX)?;
        in_range("fill_value", self.fill_value, f32::MIN, f32::MAX)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, layer: usize) -> Box<dyn Layer> {
        let image =
            self.data_format.image(input).expect("build is called after output_shape accepted this input");
        let (fill_mode, interpolation, fill_value) = (self.fill_mode, self.interpolation, self.fill_value);
        self.data_format.wrap(Box::new(Augmentation {
            movement: Rotation { factor: self.factor },
            reader: AffineReader { image, fill_mode, interpolation, fill_value },
            seed: self.seed,
            layer: layer as u64,
            matrices: None,
        }))
    }
}

struct Rotation {
    factor: [f32; 2],
}

impl Movement for Rotation {
    fn draw(&self, rng: &mut Rng, [height, width, _]: [usize; 3]) -> [f32; 6] {
        rotation(draw_from(rng, self.factor.map(|part| part * 360.0)), height, width)
    }
}

/// The matrix that turns by `degrees` about the center.
fn rotation(degrees: f32, height: usize, width: usize) -> [f32; 6] {
    let angle = degrees * (std::f32::consts::PI / 180.0);
    let (cos, sin) = (math::cos(angle), math::sin(angle));
    let (x, y) = (0.5 * (width as f32 - 1.0), 0.5 * (height as f32 - 1.0));
    [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Pass;
    use crate::engine::layers::check::check_layer;
    use crate::tensor::Tensor;

    fn moved(spec: &RandomRotationSpec, n: usize, first_sample: u64) -> Tensor {
        let input = Tensor::new(&[n, 4, 5, 1], (0..n * 20).map(|i| (i % 20) as f32).collect());
        let pass = Pass::Train { seed: 3, step: 5, first_sample };
        spec.build(&Shape::from([4, 5, 1]), 2).forward(&input, &[], pass)
    }

    #[test]
    fn promises_are_kept_for_every_way_to_read() {
        for fill_mode in [FillMode::Reflect, FillMode::Wrap, FillMode::Constant, FillMode::Nearest] {
            for interpolation in [Interpolation::Bilinear, Interpolation::Nearest] {
                let spec = RandomRotationSpec { fill_mode, interpolation, ..RandomRotationSpec::default() };
                check_layer(&spec.into(), &Shape::from([3, 4, 2]));
            }
        }
        let spec =
            RandomRotationSpec { data_format: DataFormat::ChannelsFirst, ..RandomRotationSpec::default() };
        check_layer(&spec.into(), &Shape::from([2, 3, 4]));
    }

    #[test]
    fn every_sample_is_moved_in_its_own_way_and_a_split_batch_like_the_whole_one() {
        let whole = moved(&RandomRotationSpec::default(), 4, 0);
        assert_eq!(whole.values()[40..], *moved(&RandomRotationSpec::default(), 2, 2).values());
        assert_ne!(whole.values()[..20], whole.values()[20..40]);
    }

    #[test]
    fn inference_moves_nothing() {
        let input = Tensor::new(&[1, 4, 5, 1], (0..20u8).map(f32::from).collect());
        let mut layer = RandomRotationSpec::default().build(&Shape::from([4, 5, 1]), 0);
        assert_eq!(layer.forward(&input, &[], Pass::Infer), input);
    }

    #[test]
    fn a_quarter_turn_goes_counterclockwise() {
        let spec = RandomRotationSpec {
            factor: [0.25, 0.25],
            interpolation: Interpolation::Nearest,
            ..RandomRotationSpec::default()
        };
        let input = Tensor::new(&[1, 2, 2, 1], vec![1.0, 2.0, 3.0, 4.0]);
        let pass = Pass::Train { seed: 3, step: 5, first_sample: 0 };
        let output = spec.build(&Shape::from([2, 2, 1]), 2).forward(&input, &[], pass);
        assert_eq!(output.values(), [2.0, 4.0, 1.0, 3.0]);
    }
}
