//! Keras's `RandomZoom`: in training every image is zoomed about its center by factors drawn from
//! two ranges. A positive factor shows more than the image, smaller; a negative one a part of it.

use serde::{Deserialize, Serialize};

use super::affine::{AffineReader, FillMode, Interpolation};
use super::augmentation::{Augmentation, Movement, draw_from, optional_range, range};
use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, in_range};
use crate::tensor::Shape;
use crate::tensor::rng::Rng;

/// Keras's arguments and defaults.
///
/// # Shapes
/// The output is shaped like the input, an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RandomZoomSpec {
    /// Range of what is added to 1 for the height, above -1 and up to 1; one number is the range around 0.
    #[serde(deserialize_with = "range")]
    pub height_factor: [f32; 2],
    /// The same for the width; if absent the width is zoomed as the height is.
    #[serde(deserialize_with = "optional_range")]
    pub width_factor: Option<[f32; 2]>,
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

impl Default for RandomZoomSpec {
    fn default() -> Self {
        Self {
            height_factor: [-0.1, 0.1],
            width_factor: None,
            fill_mode: FillMode::Reflect,
            interpolation: Interpolation::Bilinear,
            seed: None,
            fill_value: 0.0,
            data_format: DataFormat::ChannelsLast,
        }
    }
}

impl LayerDef for RandomZoomSpec {
    fn class_name(&self) -> &'static str {
        "RandomZoom"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.data_format.image(input)?;
        let width_factor = self.width_factor.unwrap_or([0.0; 2]);
        for (argument, ends) in [("height_factor", self.height_factor), ("width_factor", width_factor)] {
            for end in ends {
                // -1 itself would look at one point.
                in_range(argument, end, -1.0 + f32::EPSILON, 1.0)?;
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
            movement: Zoom { height: self.height_factor, width: self.width_factor },
            reader: AffineReader { image, fill_mode, interpolation, fill_value },
            seed: self.seed,
            layer: layer as u64,
            matrices: None,
        }))
    }
}

struct Zoom {
    height: [f32; 2],
    width: Option<[f32; 2]>,
}

impl Movement for Zoom {
    fn draw(&self, rng: &mut Rng, [height, width, _]: [usize; 3]) -> [f32; 6] {
        let y = draw_from(rng, self.height.map(|factor| 1.0 + factor));
        let x = self.width.map_or(y, |range| draw_from(rng, range.map(|factor| 1.0 + factor)));
        let offset = |len: usize, zoom: f32| (len as f32 - 1.0) / 2.0 * (1.0 - zoom);
        [x, 0.0, offset(width, x), 0.0, y, offset(height, y)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::Pass;
    use crate::engine::layers::check::check_layer;
    use crate::tensor::Tensor;

    fn moved(spec: &RandomZoomSpec, n: usize, first_sample: u64) -> Tensor {
        let input = Tensor::new(&[n, 4, 5, 1], (0..n * 20).map(|i| (i % 20) as f32).collect());
        let pass = Pass::Train { seed: 3, step: 5, first_sample };
        spec.build(&Shape::from([4, 5, 1]), 2).forward(&input, &[], pass)
    }

    #[test]
    fn promises_are_kept_for_every_way_to_read() {
        for fill_mode in [FillMode::Reflect, FillMode::Wrap, FillMode::Constant, FillMode::Nearest] {
            for interpolation in [Interpolation::Bilinear, Interpolation::Nearest] {
                let spec = RandomZoomSpec { fill_mode, interpolation, ..RandomZoomSpec::default() };
                check_layer(&spec.into(), &Shape::from([3, 4, 2]));
            }
        }
        let spec = RandomZoomSpec { data_format: DataFormat::ChannelsFirst, ..RandomZoomSpec::default() };
        check_layer(&spec.into(), &Shape::from([2, 3, 4]));
    }

    #[test]
    fn every_sample_is_moved_in_its_own_way_and_a_split_batch_like_the_whole_one() {
        let whole = moved(&RandomZoomSpec::default(), 4, 0);
        assert_eq!(whole.values()[40..], *moved(&RandomZoomSpec::default(), 2, 2).values());
        assert_ne!(whole.values()[..20], whole.values()[20..40]);
    }

    #[test]
    fn inference_moves_nothing() {
        let input = Tensor::new(&[1, 4, 5, 1], (0..20u8).map(f32::from).collect());
        let mut layer = RandomZoomSpec::default().build(&Shape::from([4, 5, 1]), 0);
        assert_eq!(layer.forward(&input, &[], Pass::Infer), input);
    }

    #[test]
    fn a_range_of_one_value_zooms_about_the_center() {
        let spec = RandomZoomSpec {
            height_factor: [0.0, 0.0],
            width_factor: Some([-0.5, -0.5]),
            ..RandomZoomSpec::default()
        };
        assert_eq!(moved(&spec, 1, 0).values()[..5], [1.0, 1.5, 2.0, 2.5, 3.0]);
    }

    #[test]
    fn a_missing_width_is_zoomed_as_the_height() {
        let spec: RandomZoomSpec = serde_json::from_str(r#"{"height_factor": 0.2}"#).unwrap();
        assert_eq!((spec.height_factor, spec.width_factor), ([-0.2, 0.2], None));
        let mut rng = Rng::new(1, crate::tensor::rng::Purpose::Dropout, 0, 0);
        let [x, .., y, _] = Zoom { height: [-0.2, 0.2], width: None }.draw(&mut rng, [3, 3, 1]);
        assert_eq!(x.to_bits(), y.to_bits());
        let gone = RandomZoomSpec { height_factor: [-1.0, 0.0], ..spec };
        assert!(gone.output_shape(&Shape::from([4, 5, 1])).is_err());
    }
}
