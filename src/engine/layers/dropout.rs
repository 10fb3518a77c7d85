//! Keras's `Dropout`: in training each value is kept with probability `1 - rate` and divided by
//! it, otherwise set to 0; in inference nothing happens (Srivastava et al. 2014).

use serde::{Deserialize, Serialize};

use super::{Layer, LayerDef, LayerError, ParamSpec, Pass, in_unit_range};
use crate::tensor::rng::{Purpose, Rng};
use crate::tensor::{Buffer, Shape, Tensor};

/// Keras's arguments.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DropoutSpec {
    /// Fraction of values that are dropped, 0..1.
    pub rate: f32,
    /// The extents of the mask, batch first, where it is smaller than the input: an axis of 1 has
    /// one decision for all its positions, an absent extent is the input's.
    pub noise_shape: Option<Vec<Option<usize>>>,
    /// In place of the run's seed.
    pub seed: Option<u64>,
}

impl Default for DropoutSpec {
    fn default() -> Self {
        Self { rate: 0.5, noise_shape: None, seed: None }
    }
}

impl DropoutSpec {
    /// For each value of a sample the position of its mask value, if several values share one;
    /// and whether the samples of a batch share their mask.
    ///
    /// A batch extent other than 1 would only fit batches of that size.
    fn sharing(&self, input: &Shape) -> Result<(Option<Vec<usize>>, bool), LayerError> {
        let Some(noise_shape) = &self.noise_shape else { return Ok((None, false)) };
        let wrong = || LayerError::NoiseShape { input: input.clone() };
        let [batch, noise @ ..] = &noise_shape[..] else { return Err(wrong()) };
        let fits = |(noise, extent): (&Option<usize>, &usize)| noise.is_none_or(|n| n == 1 || n == *extent);
        let batch_fits = batch.is_none_or(|n| n == 1);
        if !batch_fits || noise.len() != input.rank() || !noise.iter().zip(&input.0).all(fits) {
            return Err(wrong());
        }
        let mask_position = |position: usize| {
            let (mut rest, mut mask, mut stride) = (position, 0, 1);
            for (extent, noise) in input.0.iter().zip(noise).rev() {
                let noise = noise.unwrap_or(*extent);
                mask += (rest % extent) % noise * stride;
                stride *= noise;
                rest /= extent;
            }
            mask
        };
        Ok((Some((0..input.size()).map(mask_position).collect()), *batch == Some(1)))
    }
}

impl LayerDef for DropoutSpec {
    fn class_name(&self) -> &'static str {
        "Dropout"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        in_unit_range("rate", self.rate)?;
        self.sharing(input)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, layer: usize) -> Box<dyn Layer> {
        let (shared, one_for_all) =
            self.sharing(input).expect("build is called after output_shape accepted this input");
        let (rate, seed, layer) = (self.rate, self.seed, layer as u64);
        Box::new(Dropout { rate, seed, layer, shared, one_for_all, factors: None })
    }
}

/// Remembers what each value was multiplied by.
struct Dropout {
    rate: f32,
    seed: Option<u64>,
    layer: u64,
    shared: Option<Vec<usize>>,
    one_for_all: bool,
    factors: Option<Buffer<f32>>,
}

/// The stream of one sample of a training pass, from the layer's own seed or the run's.
pub(super) fn sample_rng(own_seed: Option<u64>, pass: Pass, layer: u64, sample: usize) -> Rng {
    let Pass::Train { seed, step, first_sample } = pass else {
        unreachable!("inference draws nothing");
    };
    // One stream per sample: 2^24 batch positions leave 2^40 steps.
    let stream = (step << 24) | (first_sample + sample as u64);
    Rng::new(own_seed.unwrap_or(seed), Purpose::Dropout, layer, stream)
}

impl Layer for Dropout {
    fn forward(&mut self, input: &Tensor, _params: &[f32], pass: Pass) -> Tensor {
        if !pass.is_training() {
            self.factors = None;
            return input.clone();
        }
        // At rate 1 nothing is kept, so this infinite scale is never used.
        let scale = 1.0 / (1.0 - self.rate);
        let rate = self.rate;
        let sample_size = input.sample_size();
        let mut factors = Buffer::with_capacity(input.values().len());
        for sample in 0..input.batch() {
            let mut rng = if self.one_for_all {
                sample_rng(self.seed, pass.at(0), self.layer, 0)
            } else {
                sample_rng(self.seed, pass, self.layer, sample)
            };
            let mut draw = || if rng.unit() < rate { 0.0 } else { scale };
            if let Some(shared) = &self.shared {
                let len = shared.iter().max().map_or(0, |last| last + 1);
                let mask = Buffer::collect(len, (0..len).map(|_| draw()));
                factors.extend(shared.iter().map(|position| mask[*position]));
            } else {
                factors.extend((0..sample_size).map(|_| draw()));
            }
        }
        let mut output = input.clone();
        multiply(output.values_mut(), &factors);
        self.factors = Some(factors);
        output
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let factors = self.factors.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        multiply(grad.values_mut(), &factors);
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.factors.is_some()
    }
}

fn multiply(values: &mut [f32], factors: &[f32]) {
    values.iter_mut().zip(factors).for_each(|(x, factor)| *x *= factor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    fn train(rate: f32, n: usize, first_sample: u64) -> Tensor {
        let spec = DropoutSpec { rate, ..DropoutSpec::default() };
        let input = Tensor::new(&[n, 1000], vec![1.0; n * 1000]);
        let pass = Pass::Train { seed: 3, step: 5, first_sample };
        spec.build(&Shape::from([1000]), 2).forward(&input, &[], pass)
    }

    #[test]
    fn gradients_are_right_at_every_rate() {
        for rate in [0.0, 0.3, 1.0] {
            check_layer(&DropoutSpec { rate, ..DropoutSpec::default() }.into(), &Shape::from([20]));
        }
    }

    #[test]
    fn keeps_the_expected_fraction_and_the_mean() {
        let output = train(0.25, 10, 0);
        let dropped = output.values().iter().filter(|x| **x == 0.0).count() as f32 / 10_000.0;
        assert!((dropped - 0.25).abs() < 0.02, "dropped {dropped}");
        assert!(output.values().iter().all(|x| *x == 0.0 || (*x - 4.0 / 3.0).abs() < 1e-6));
    }

    #[test]
    fn rate_1_drops_everything() {
        assert!(train(1.0, 1, 0).values().iter().all(|x| *x == 0.0));
    }

    #[test]
    fn a_split_batch_gets_the_masks_of_the_whole_one() {
        let whole = train(0.5, 4, 0);
        let half = train(0.5, 2, 2);
        assert_eq!(whole.values()[2000..], *half.values());
    }

    #[test]
    fn a_rate_outside_0_to_1_is_refused() {
        for rate in [-0.1, 1.5, f32::NAN] {
            let spec = DropoutSpec { rate, ..DropoutSpec::default() };
            assert!(spec.output_shape(&Shape::from([3])).is_err(), "rate {rate}");
        }
    }

    #[test]
    fn a_mask_with_smaller_axes_is_shared_along_them() {
        let masks = |noise_shape: &[Option<usize>]| {
            let spec = DropoutSpec { noise_shape: Some(noise_shape.to_vec()), ..DropoutSpec::default() };
            check_layer(&spec.clone().into(), &Shape::from([4, 6]));
            let input = Tensor::new(&[3, 40, 60], vec![1.0; 7200]);
            let pass = Pass::Train { seed: 3, step: 5, first_sample: 1 };
            spec.build(&Shape::from([40, 60]), 2).forward(&input, &[], pass).into_values()
        };
        let rows = masks(&[None, None, Some(1)]);
        assert!(rows.chunks(60).all(|row| row.iter().all(|x| *x == row[0])));
        assert!(rows.contains(&0.0) && rows.contains(&2.0) && rows[..2400] != rows[2400..4800]);
        let columns = masks(&[Some(1), Some(1), None]);
        assert!(columns.chunks(60).all(|row| *row == columns[..60]));
        assert!(columns[..60].contains(&0.0) && columns[..60].contains(&2.0));
    }

    #[test]
    fn a_mask_that_does_not_fit_is_refused() {
        for noise_shape in
            [vec![], vec![None], vec![None, None, None], vec![None, Some(2)], vec![Some(2), None]]
        {
            let spec = DropoutSpec { noise_shape: Some(noise_shape), ..DropoutSpec::default() };
            let input = Shape::from([3]);
            assert_eq!(spec.output_shape(&input), Err(LayerError::NoiseShape { input: input.clone() }));
        }
    }
}
