//! Keras's `RandomFlip`: in training every image is, with probability 1/2, mirrored left to right,
//! upside down, or both at once.

use serde::{Deserialize, Serialize};

use super::dropout::sample_rng;
use super::{DataFormat, Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Buffer, Shape, Tensor};

/// Along which axes an image is mirrored. With both there is one decision for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlipMode {
    /// Left to right.
    Horizontal,
    /// Upside down.
    Vertical,
    /// Both.
    #[default]
    HorizontalAndVertical,
}

/// Keras's arguments and defaults.
///
/// # Shapes
/// The output is shaped like the input, an image.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RandomFlipSpec {
    /// Along which axes.
    pub mode: FlipMode,
    /// In place of the run's seed.
    pub seed: Option<u64>,
    /// Where the channels are.
    pub data_format: DataFormat,
}

impl LayerDef for RandomFlipSpec {
    fn class_name(&self) -> &'static str {
        "RandomFlip"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.data_format.image(input)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, layer: usize) -> Box<dyn Layer> {
        let image =
            self.data_format.image(input).expect("build is called after output_shape accepted this input");
        let (mode, seed, layer) = (self.mode, self.seed, layer as u64);
        self.data_format.wrap(Box::new(RandomFlip { mode, seed, layer, image, flips: None }))
    }
}

/// Remembers which samples were mirrored.
struct RandomFlip {
    mode: FlipMode,
    seed: Option<u64>,
    layer: u64,
    image: [usize; 3],
    flips: Option<Buffer<bool>>,
}

impl RandomFlip {
    /// Mirrors the chosen samples; done twice it changes nothing, so it is its own transpose.
    fn mirror(&self, batch: &Tensor, flips: &[bool]) -> Tensor {
        let [height, width, channels] = self.image;
        let size = height * width * channels;
        let mut output = batch.clone();
        let samples = output.values_mut().chunks_exact_mut(size).zip(batch.values().chunks_exact(size));
        for ((to, from), _) in samples.zip(flips).filter(|(_, flip)| **flip) {
            for (row, to) in to.chunks_exact_mut(width * channels).enumerate() {
                let row = if self.mode == FlipMode::Horizontal { row } else { height - 1 - row };
                for (column, to) in to.chunks_exact_mut(channels).enumerate() {
                    let column = if self.mode == FlipMode::Vertical { column } else { width - 1 - column };
                    let begin = (row * width + column) * channels;
                    to.copy_from_slice(&from[begin..begin + channels]);
                }
            }
        }
        output
    }
}

impl Layer for RandomFlip {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        self.flips = None;
        if !pass.is_training() {
            return input.clone();
        }
        let flip = |sample| sample_rng(self.seed, pass, self.layer, sample).unit() <= 0.5;
        let flips = Buffer::collect(input.batch(), (0..input.batch()).map(flip));
        let output = self.mirror(input, &flips);
        self.flips = Some(flips);
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let flips = self.flips.take().expect("backward follows a training forward");
        Some(self.mirror(grad_output, &flips))
    }

    fn has_cache(&self) -> bool {
        self.flips.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    const MODES: [FlipMode; 3] = [FlipMode::Horizontal, FlipMode::Vertical, FlipMode::HorizontalAndVertical];

    #[test]
    fn gradients_are_right_for_every_mode() {
        for mode in MODES {
            for data_format in [DataFormat::ChannelsLast, DataFormat::ChannelsFirst] {
                check_layer(
                    &RandomFlipSpec { mode, seed: None, data_format }.into(),
                    &Shape::from([3, 4, 2]),
                );
            }
        }
    }

    #[test]
    fn about_half_of_the_images_are_mirrored() {
        let flipped = [[2.0, 1.0, 4.0, 3.0], [3.0, 4.0, 1.0, 2.0], [4.0, 3.0, 2.0, 1.0]];
        for (mode, flipped) in MODES.into_iter().zip(flipped) {
            let spec = RandomFlipSpec { mode, ..RandomFlipSpec::default() };
            let input = Tensor::new(&[1000, 2, 2, 1], [1.0, 2.0, 3.0, 4.0].repeat(1000));
            let pass = Pass::Train { seed: 3, step: 5, first_sample: 0 };
            let output = spec.build(&Shape::from([2, 2, 1]), 2).forward(&input, &[], pass);
            let count = output.values().chunks_exact(4).filter(|image| **image == flipped).count();
            let kept =
                output.values().chunks_exact(4).filter(|image| **image == [1.0, 2.0, 3.0, 4.0]).count();
            assert!((450..550).contains(&count) && count + kept == 1000, "{mode:?}: {count} {kept}");
        }
    }
}
