//! Keras's `BatchNormalization` (Ioffe and Szegedy 2015):
//! `y = gamma·(x - mean)/sqrt(variance + epsilon) + beta`, for each position along `axis`.
//!
//! In training mean and variance are those of the batch, the variance divided by N and not by
//! N - 1, and the moving statistics follow: `moving ← moving·momentum + batch·(1 - momentum)`. In
//! inference, and always when the layer is not trainable, they are the moving statistics.

use serde::{Deserialize, Serialize};

use super::axes::sample_axis;
use super::{Layer, LayerDef, LayerError, ParamSpec, Pass, in_unit_range, not_negative};
use crate::engine::argument::complement;
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::{Buffer, Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - output shaped like the input
/// - gamma, beta, moving mean and moving variance `[c]`, the input's extent along `axis`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchNormalizationSpec {
    /// The axis that keeps its positions apart, usually the channels; the batch is 0.
    pub axis: isize,
    /// Part of the moving statistics that a batch leaves, 0..1.
    pub momentum: f32,
    /// Added to the variance; at least 0.
    pub epsilon: f32,
    /// Whether beta is added.
    pub center: bool,
    /// Whether gamma multiplies.
    pub scale: bool,
    /// How beta begins.
    pub beta_initializer: InitializerSpec,
    /// How gamma begins.
    pub gamma_initializer: InitializerSpec,
    /// How the moving mean begins.
    pub moving_mean_initializer: InitializerSpec,
    /// How the moving variance begins.
    pub moving_variance_initializer: InitializerSpec,
    /// The penalty on beta.
    pub beta_regularizer: Option<RegularizerSpec>,
    /// The penalty on gamma.
    pub gamma_regularizer: Option<RegularizerSpec>,
    /// What beta is changed to after every step.
    pub beta_constraint: Option<ConstraintSpec>,
    /// What gamma is changed to after every step.
    pub gamma_constraint: Option<ConstraintSpec>,
    /// Whether training changes the layer; if not it works as in inference.
    pub trainable: bool,
}

impl Default for BatchNormalizationSpec {
    fn default() -> Self {
        Self {
            axis: -1,
            momentum: 0.99,
            epsilon: 1e-3,
            center: true,
            scale: true,
            beta_initializer: InitializerSpec::zeros(),
            gamma_initializer: InitializerSpec::ones(),
            moving_mean_initializer: InitializerSpec::zeros(),
            moving_variance_initializer: InitializerSpec::ones(),
            beta_regularizer: None,
            gamma_regularizer: None,
            beta_constraint: None,
            gamma_constraint: None,
            trainable: true,
        }
    }
}

impl LayerDef for BatchNormalizationSpec {
    fn class_name(&self) -> &'static str {
        "BatchNormalization"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        sample_axis(self.axis, input)?;
        in_unit_range("momentum", self.momentum)?;
        not_negative("epsilon", self.epsilon)?;
        Ok(input.clone())
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        let extents = sample_axis(self.axis, input).map_or(Vec::new(), |axis| vec![input.0[axis]]);
        let learned = |name,
                       initializer: &InitializerSpec,
                       regularizer: &Option<_>,
                       constraint: &Option<_>| ParamSpec {
            name,
            extents: extents.clone(),
            initializer: initializer.clone(),
            regularizer: regularizer.clone(),
            constraint: constraint.clone(),
            trainable: self.trainable,
        };
        let statistic =
            |name, initializer| ParamSpec { trainable: false, ..learned(name, initializer, &None, &None) };
        let gamma =
            learned("gamma", &self.gamma_initializer, &self.gamma_regularizer, &self.gamma_constraint);
        let beta = learned("beta", &self.beta_initializer, &self.beta_regularizer, &self.beta_constraint);
        let mut params = Vec::new();
        params.extend(self.scale.then_some(gamma));
        params.extend(self.center.then_some(beta));
        params.push(statistic("moving_mean", &self.moving_mean_initializer));
        params.push(statistic("moving_variance", &self.moving_variance_initializer));
        params
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let axis =
            sample_axis(self.axis, input).expect("build is called after output_shape accepted this input");
        Box::new(BatchNormalization {
            spec: self.clone(),
            new_part: complement(self.momentum),
            channels: input.0[axis],
            inner: input.0[axis + 1..].iter().product(),
            batch: None,
            cache: None,
        })
    }

    fn couples_samples(&self) -> bool {
        self.trainable
    }
}

/// Remembers the normalized input and the divisors for `backward`, and the batch's statistics for
/// `after_batch`.
struct BatchNormalization {
    spec: BatchNormalizationSpec,
    /// 1 − momentum.
    new_part: f32,
    channels: usize,
    /// Values between one position along the axis and the next.
    inner: usize,
    batch: Option<Statistics>,
    cache: Option<Cache>,
}

/// Of each channel.
struct Statistics {
    mean: Buffer<f32>,
    variance: Buffer<f32>,
}

struct Cache {
    normalized: Tensor,
    /// `1/sqrt(variance + epsilon)`
    inverse: Buffer<f32>,
}

impl BatchNormalization {
    /// `(gamma, beta, moving mean, moving variance)`; the first two are empty if the layer has none.
    fn split<'a>(&self, params: &'a [f32]) -> (&'a [f32], &'a [f32], &'a [f32], &'a [f32]) {
        let (gamma, rest) = params.split_at(if self.spec.scale { self.channels } else { 0 });
        let (beta, rest) = rest.split_at(if self.spec.center { self.channels } else { 0 });
        let (mean, variance) = rest.split_at(self.channels);
        (gamma, beta, mean, variance)
    }

    /// Each value of `out` from those at its place in `values` and its channel.
    fn map<const N: usize>(&self, out: &mut [f32], values: [&[f32]; N], of: impl Fn([f32; N], usize) -> f32) {
        for (begin, channels) in self.pieces(out.len()) {
            let out = &mut out[begin..begin + self.piece()];
            let values = values.map(|values| &values[begin..begin + self.piece()]);
            match channels {
                Channels::All => (0..out.len()).for_each(|c| out[c] = of(values.map(|values| values[c]), c)),
                Channels::One(c) => {
                    (0..out.len()).for_each(|idx| out[idx] = of(values.map(|values| values[idx]), c));
                }
            }
        }
    }

    /// The sum over each channel, in f64, so that many values of one sign lose nothing.
    fn sums<const N: usize>(&self, values: [&[f32]; N], of: impl Fn([f32; N], usize) -> f32) -> Buffer<f64> {
        let mut all = Buffer::zeros(self.channels);
        let sums = &mut all[..self.channels];
        for (begin, channels) in self.pieces(values[0].len()) {
            let values = values.map(|values| &values[begin..begin + self.piece()]);
            match channels {
                Channels::All => {
                    (0..sums.len()).for_each(|c| sums[c] += f64::from(of(values.map(|values| values[c]), c)));
                }
                Channels::One(c) => {
                    let of = |idx| f64::from(of(values.map(|values: &[f32]| values[idx]), c));
                    sums[c] = (0..values[0].len()).fold(sums[c], |sum, idx| sum + of(idx));
                }
            }
        }
        all
    }

    /// Values that are gone through at once.
    fn piece(&self) -> usize {
        if self.inner == 1 { self.channels } else { self.inner }
    }

    /// Where each piece of `len` values begins, and the channels in it. A division for each value, to find its
    /// channel, would take longer than all the rest.
    fn pieces(&self, len: usize) -> impl Iterator<Item = (usize, Channels)> + use<> {
        let (channels, inner) = (self.channels, self.inner);
        let of = move |run| if inner == 1 { Channels::All } else { Channels::One(run % channels) };
        (0..len).step_by(self.piece()).enumerate().map(move |(run, begin)| (begin, of(run)))
    }

    fn statistics(&self, x: &[f32]) -> Statistics {
        let count = (x.len() / self.channels) as f64;
        let mean = |sum: &f64| (sum / count) as f32;
        let means = |sums: Buffer<f64>| Buffer::collect(sums.len(), sums.iter().map(mean));
        let mean = means(self.sums([x], |[x], _| x));
        let of_channel = &mean[..self.channels];
        let variance = means(self.sums([x], |[x], c| {
            let distance = x - of_channel[c];
            distance * distance
        }));
        Statistics { mean, variance }
    }
}

/// The channels of neighbouring values.
enum Channels {
    /// One value of each, in their order.
    All,
    /// Values of one alone.
    One(usize),
}

impl Layer for BatchNormalization {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (gamma, beta, moving_mean, moving_variance) = self.split(params);
        let x = input.values();
        let from_batch = pass.is_training() && self.spec.trainable;
        let batch = from_batch.then(|| self.statistics(x));
        let (mean, variance) =
            batch.as_ref().map_or((moving_mean, moving_variance), |batch| (&batch.mean, &batch.variance));
        let inverse = variance.iter().map(|v| 1.0 / (v + self.spec.epsilon).sqrt());
        let inverse = Buffer::collect(self.channels, inverse);
        let mut normalized = input.clone();
        let (of_mean, of_inverse) = (&mean[..self.channels], &inverse[..self.channels]);
        self.map(normalized.values_mut(), [x], |[x], c| (x - of_mean[c]) * of_inverse[c]);
        let mut output = input.clone();
        let (gamma, beta) = (self.spec.scale.then_some(gamma), self.spec.center.then_some(beta));
        self.map(output.values_mut(), [normalized.values()], |[x], c| {
            let scaled = gamma.map_or(x, |gamma| x * gamma[..self.channels][c]);
            beta.map_or(scaled, |beta| scaled + beta[..self.channels][c])
        });
        self.cache = pass.is_training().then_some(Cache { normalized, inverse });
        self.batch = batch;
        output
    }

    /// With `h = gamma·g` and sums over the N values of a channel:
    /// `grad_input = (h - Σh/N - x̂·Σ(h·x̂)/N)/sqrt(variance + epsilon)`. Where the statistics do not
    /// depend on the batch, the sums fall away.
    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        let Cache { normalized, inverse } = self.cache.take().expect("backward follows a training forward");
        let (x, g) = (normalized.values(), grad_output.values());
        let len = x.len();
        let sum_g = self.sums([g], |[g], _| g);
        let sum_gx = self.sums([g, x], |[g, x], _| g * x);
        if self.spec.trainable {
            let (grad_gamma, rest) = grads.split_at_mut(if self.spec.scale { self.channels } else { 0 });
            let grad_beta = if self.spec.center { &mut rest[..self.channels] } else { &mut [] };
            grad_gamma.iter_mut().zip(&sum_gx).for_each(|(grad, sum)| *grad += *sum as f32);
            grad_beta.iter_mut().zip(&sum_g).for_each(|(grad, sum)| *grad += *sum as f32);
        }
        wants.then(|| {
            let (gamma, ..) = self.split(params);
            let count = (len / self.channels) as f64;
            let part = |sum: &f64| if self.spec.trainable { (sum / count) as f32 } else { 0.0 };
            let part = |sums: Buffer<f64>| Buffer::collect(sums.len(), sums.iter().map(part));
            let (mean_g, mean_gx) = (part(sum_g), part(sum_gx));
            let factor = |c: usize| gamma.get(c).map_or(inverse[c], |gamma| gamma * inverse[c]);
            let factor = Buffer::collect(self.channels, (0..self.channels).map(factor));
            let (of_factor, of_g, of_gx) =
                (&factor[..self.channels], &mean_g[..self.channels], &mean_gx[..self.channels]);
            let mut grad = grad_output.clone();
            self.map(grad.values_mut(), [g, x], |[g, x], c| of_factor[c] * (g - of_g[c] - x * of_gx[c]));
            grad
        })
    }

    fn has_cache(&self) -> bool {
        self.cache.is_some()
    }

    fn after_batch(&mut self, params: &mut [f32]) {
        let Some(Statistics { mean, variance }) = self.batch.take() else { return };
        let (kept, new) = (self.spec.momentum, self.new_part);
        let moving = params.len() - 2 * self.channels;
        let batch = mean.iter().chain(&variance);
        params[moving..].iter_mut().zip(batch).for_each(|(m, b)| *m = *m * kept + b * new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    const TRAIN: Pass = Pass::Train { seed: 0, step: 0, first_sample: 0 };

    #[test]
    fn gradients_are_right_for_every_combination() {
        for trainable in [true, false] {
            for (center, scale) in [(true, true), (true, false), (false, true), (false, false)] {
                for axis in [-1, 1, 2] {
                    let spec = BatchNormalizationSpec {
                        axis,
                        center,
                        scale,
                        trainable,
                        ..BatchNormalizationSpec::default()
                    };
                    check_layer(&spec.into(), &Shape::from([2, 3, 2]));
                }
            }
        }
    }

    #[test]
    fn moving_statistics_follow_the_batch() {
        let mut layer = BatchNormalizationSpec::default().build(&Shape::from([1]), 0);
        let mut params = [1.0, 0.0, 0.0, 1.0];
        let input = Tensor::new(&[2, 1], vec![1.0, 3.0]);
        let output = layer.forward(&input, &params, TRAIN);
        assert!((output.values()[1] - 1.0 / 1.001f32.sqrt()).abs() < 1e-6);
        layer.after_batch(&mut params);
        assert_eq!(params, [1.0, 0.0, 0.02, 1.0]);
        layer.after_batch(&mut params);
        assert_eq!(params, [1.0, 0.0, 0.02, 1.0], "a batch counts once");
    }

    #[test]
    fn a_layer_that_is_not_trainable_uses_and_keeps_its_moving_statistics() {
        let spec = BatchNormalizationSpec { trainable: false, ..BatchNormalizationSpec::default() };
        assert!(!spec.couples_samples());
        assert!(spec.params(&Shape::from([1])).iter().all(|param| !param.trainable));
        let mut layer = spec.build(&Shape::from([1]), 0);
        let mut params = [1.0, 0.0, 0.5, 3.0];
        let input = Tensor::new(&[2, 1], vec![1.0, 3.0]);
        assert_eq!(layer.forward(&input, &params, TRAIN), layer.forward(&input, &params, Pass::Infer));
        layer.after_batch(&mut params);
        assert_eq!(params, [1.0, 0.0, 0.5, 3.0]);
    }

    #[test]
    fn weights_have_the_order_of_keras() {
        let names = |spec: BatchNormalizationSpec| {
            spec.params(&Shape::from([3])).iter().map(|param| param.name).collect::<Vec<_>>()
        };
        let default = BatchNormalizationSpec::default;
        assert_eq!(names(default()), ["gamma", "beta", "moving_mean", "moving_variance"]);
        let without = BatchNormalizationSpec { scale: false, center: false, ..default() };
        assert_eq!(names(without), ["moving_mean", "moving_variance"]);
    }

    #[test]
    fn the_batch_is_no_axis() {
        let spec = BatchNormalizationSpec { axis: 0, ..BatchNormalizationSpec::default() };
        assert!(spec.output_shape(&Shape::from([3])).is_err());
    }
}
