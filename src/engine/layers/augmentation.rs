//! What the layers that move images at random share: one affine transformation per sample, drawn
//! in training only.

use std::fmt;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::affine::AffineReader;
use super::dropout::sample_rng;
use super::{Layer, Pass};
use crate::tensor::rng::Rng;
use crate::tensor::{Buffer, Tensor};

/// Draws a sample's matrix for images `[height, width, channels]`.
pub(super) trait Movement: Send + 'static {
    fn draw(&self, rng: &mut Rng, image: [usize; 3]) -> [f32; 6];
}

/// Remembers each sample's matrix for `backward`.
pub(super) struct Augmentation<M> {
    pub movement: M,
    pub reader: AffineReader,
    pub seed: Option<u64>,
    pub layer: u64,
    pub matrices: Option<Buffer<[f32; 6]>>,
}

impl<M: Movement> Layer for Augmentation<M> {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        self.matrices = None;
        if !pass.is_training() {
            return input.clone();
        }
        let draw = |sample| {
            let mut rng = sample_rng(self.seed, pass, self.layer, sample);
            self.movement.draw(&mut rng, self.reader.image)
        };
        let matrices = Buffer::collect(input.batch(), (0..input.batch()).map(draw));
        let mut output = Tensor::zeros(input.extents());
        for ((matrix, image), output) in
            matrices.iter().zip(self.images(input)).zip(self.images_mut(&mut output))
        {
            self.reader.read(matrix, image, output);
        }
        self.matrices = Some(matrices);
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let matrices = self.matrices.take().expect("backward follows a training forward");
        wants.then(|| {
            let mut grad = Tensor::zeros(grad_output.extents());
            let images = self.images(grad_output).zip(self.images_mut(&mut grad));
            for (matrix, (grad_output, grad)) in matrices.iter().zip(images) {
                self.reader.read_gradient(matrix, grad_output, grad);
            }
            grad
        })
    }

    fn has_cache(&self) -> bool {
        self.matrices.is_some()
    }
}

impl<M> Augmentation<M> {
    fn size(&self) -> usize {
        self.reader.image.iter().product()
    }

    fn images<'a>(&self, batch: &'a Tensor) -> impl Iterator<Item = &'a [f32]> + use<'a, M> {
        batch.values().chunks_exact(self.size())
    }

    fn images_mut<'a>(&self, batch: &'a mut Tensor) -> impl Iterator<Item = &'a mut [f32]> + use<'a, M> {
        batch.values_mut().chunks_exact_mut(self.size())
    }
}

/// Draws from a range of Keras's: its two ends in either order.
pub(super) fn draw_from(rng: &mut Rng, [a, b]: [f32; 2]) -> f32 {
    rng.uniform(a.min(b), a.max(b))
}

/// A range from its two ends, or from one number for the range around 0.
///
/// # Errors
/// If it is neither.
pub(super) fn range<'de, D: Deserializer<'de>>(from: D) -> Result<[f32; 2], D::Error> {
    if from.is_human_readable() { from.deserialize_any(OneOrTwo) } else { Deserialize::deserialize(from) }
}

/// As [`range`], or `null`.
///
/// # Errors
/// If it is neither.
pub(super) fn optional_range<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[f32; 2]>, D::Error> {
    Ok(if from.is_human_readable() {
        Option::<Written>::deserialize(from)?.map(|written| written.0)
    } else {
        Deserialize::deserialize(from)?
    })
}

/// A range in a form that a person may have written.
struct Written([f32; 2]);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        range(from).map(Self)
    }
}

struct OneOrTwo;

impl<'de> Visitor<'de> for OneOrTwo {
    type Value = [f32; 2];

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number or two")
    }

    fn visit_f64<E: serde::de::Error>(self, factor: f64) -> Result<[f32; 2], E> {
        let factor = factor.abs() as f32;
        Ok([-factor, factor])
    }

    fn visit_u64<E: serde::de::Error>(self, factor: u64) -> Result<[f32; 2], E> {
        self.visit_f64(factor as f64)
    }

    fn visit_i64<E: serde::de::Error>(self, factor: i64) -> Result<[f32; 2], E> {
        self.visit_f64(factor as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<[f32; 2], A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(seq))
    }
}
