//! Keras's `RandomTranslation`: in training every image is moved down and to the right by parts of
//! its height and width drawn from two ranges.

use serde::{Deserialize, Serialize};

use super::affine::{AffineReader, FillMode, Interpolation};
use super::augmentation::{Augmentation, Movement, draw_from, range};
use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, in_range};
use crate::tensor::Shape;
use crate::tensor::rng::Rng;

/// Keras's arguments and defaults.
///
/// # Shapes
/// The output is shaped like the input, an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RandomTranslationSpec {
    /// Range of the move down, in heights, -1..1; one number is the range around 0.
    #[serde(deserialize_with = "range")]
    pub height_factor: [f32; 2],
    /// Range of the move to the right, in widths, -1..1.
    #[serde(deserialize_with = "range")]
    pub width_factor: [f32; 2],
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

impl Default for RandomTranslationSpec {
    fn default() -> Self {
        Self {
            height_factor: [-0.1, 0.1],
            width_factor: [-0.1, 0.1],
            fill_mode: FillMode::Reflect,
            interpolation: Interpolation::Bilinear,
            seed: None,
            fill_value: 0.0,
            data_format: DataFormat::ChannelsLast,
        }
    }
}

impl LayerDef for RandomTranslationSpec {
    fn class_name(&self) -> &'static str {
        "RandomTranslation"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.data_format.image(input)?;
        for (argument, ends) in [("height_factor", self.height_factor), ("width_factor", self.width_factor)] {
            for end in ends {
                in_range(argument, end, -1.0, 1.0)?;
            }
        }
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
            movement: Translation { height: self.height_factor, width: self.width_factor },
            reader: AffineReader { image, fill_mode, interpolation, fill_value },
            seed: self.seed,
            layer: layer as u64,
            matrices: None,
        }))
    }
}

struct Translation {
    height: [f32; 2],
    width: [f32; 2],
}

impl Movement for Translation {
    fn draw(&self, rng: &mut Rng, [height, width, _]: [usize; 3]) -> [f32; 6] {
        let down = draw_from(rng, self.height) * height as f32;
        let right = draw_from(rng, self.width) * width as f32;
        [1.0, 0.0, -right, 0.0, 1.0, -down]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Pass;
    use crate::engine::layers::check::check_layer;
    use crate::tensor::Tensor;

    fn moved(spec: &RandomTranslationSpec, n: usize, first_sample: u64) -> Tensor {
        let input = Tensor::new(&[n, 4, 5, 1], (0..n * 20).map(|i| (i % 20) as f32).collect());
        let pass = Pass::Train { seed: 3, step: 5, first_sample };
        spec.build(&Shape::from([4, 5, 1]), 2).forward(&input, &[], pass)
    }

    #[test]
    fn promises_are_kept_for_every_way_to_read() {
        for fill_mode in [FillMode::Reflect, FillMode::Wrap, FillMode::Constant, FillMode::Nearest] {
            for interpolation in [Interpolation::Bilinear, Interpolation::Nearest] {
                let spec =
                    RandomTranslationSpec { fill_mode, interpolation, ..RandomTranslationSpec::default() };
                check_layer(&spec.into(), &Shape::from([3, 4, 2]));
            }
        }
        let spec = RandomTranslationSpec {
            data_format: DataFormat::ChannelsFirst,
            ..RandomTranslationSpec::default()
        };
        check_layer(&spec.into(), &Shape::from([2, 3, 4]));
    }

    #[test]
    fn every_sample_is_moved_in_its_own_way_and_a_split_batch_like_the_whole_one() {
        let whole = moved(&RandomTranslationSpec::default(), 4, 0);
        assert_eq!(whole.values()[40..], *moved(&RandomTranslationSpec::default(), 2, 2).values());
        assert_ne!(whole.values()[..20], whole.values()[20..40]);
    }

    #[test]
    fn inference_moves_nothing() {
        let input = Tensor::new(&[1, 4, 5, 1], (0..20u8).map(f32::from).collect());
        let mut layer = RandomTranslationSpec::default().build(&Shape::from([4, 5, 1]), 0);
        assert_eq!(layer.forward(&input, &[], Pass::Infer), input);
    }

    #[test]
    fn a_range_of_one_value_moves_by_it() {
        let spec = RandomTranslationSpec {
            height_factor: [0.25, 0.25],
            width_factor: [-0.4, -0.4],
            fill_mode: FillMode::Constant,
            fill_value: -1.0,
            ..RandomTranslationSpec::default()
        };
        let expected: Vec<f32> = vec![
            -1.0, -1.0, -1.0, -1.0, -1.0, 2.0, 3.0, 4.0, -1.0, -1.0, 7.0, 8.0, 9.0, -1.0, -1.0, 12.0, 13.0,
            14.0, -1.0, -1.0,
        ];
        assert_eq!(moved(&spec, 1, 0).values(), expected);
    }

    #[test]
    fn a_factor_is_a_number_or_two() {
        let spec: RandomTranslationSpec =
            serde_json::from_str(r#"{"height_factor": 0.2, "width_factor": [0.3, -0.1]}"#).unwrap();
        assert_eq!((spec.height_factor, spec.width_factor), ([-0.2, 0.2], [0.3, -0.1]));
        let far = RandomTranslationSpec { height_factor: [0.0, 1.5], ..spec };
        assert!(far.output_shape(&Shape::from([4, 5, 1])).is_err());
    }
}
