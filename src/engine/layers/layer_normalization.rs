//! Keras's `LayerNormalization` (Ba et al. 2016):
//! `y = gamma·(x - mean)/sqrt(variance + epsilon) + beta`, mean and variance over `axis` of one
//! sample. With `rms_scaling` (deprecated in Keras) `y = gamma·x/sqrt(variance + epsilon)`.

use serde::{Deserialize, Serialize};

use super::axes::{Axes, Groups, sample_axis};
use super::{Layer, LayerDef, LayerError, ParamSpec, Pass, not_negative};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::{Buffer, Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - output shaped like the input
/// - gamma and beta as the input along `axis`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "Keras has these switches")]
pub struct LayerNormalizationSpec {
    /// The axes mean and variance run over. The batch axis, 0, cannot be one.
    pub axis: Axes,
    /// Added to the variance; at least 0.
    pub epsilon: f32,
    /// Whether beta is added.
    pub center: bool,
    /// Whether gamma multiplies.
    pub scale: bool,
    /// Leaves the mean in, always has a gamma and never a beta.
    pub rms_scaling: bool,
    /// How beta begins.
    pub beta_initializer: InitializerSpec,
    /// How gamma begins.
    pub gamma_initializer: InitializerSpec,
    /// The penalty on beta.
    pub beta_regularizer: Option<RegularizerSpec>,
    /// The penalty on gamma.
    pub gamma_regularizer: Option<RegularizerSpec>,
    /// What beta is changed to after every step.
    pub beta_constraint: Option<ConstraintSpec>,
    /// What gamma is changed to after every step.
    pub gamma_constraint: Option<ConstraintSpec>,
    /// Whether training changes gamma and beta.
    pub trainable: bool,
}

impl Default for LayerNormalizationSpec {
    fn default() -> Self {
        Self {
            axis: Axes::last(),
            epsilon: 1e-3,
            center: true,
            scale: true,
            rms_scaling: false,
            beta_initializer: InitializerSpec::zeros(),
            gamma_initializer: InitializerSpec::ones(),
            beta_regularizer: None,
            gamma_regularizer: None,
            beta_constraint: None,
            gamma_constraint: None,
            trainable: true,
        }
    }
}

impl LayerNormalizationSpec {
    fn has_gamma(&self) -> bool {
        self.scale || self.rms_scaling
    }

    fn has_beta(&self) -> bool {
        self.center && !self.rms_scaling
    }
}

impl LayerDef for LayerNormalizationSpec {
    fn class_name(&self) -> &'static str {
        "LayerNormalization"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.axis.of(input)?;
        not_negative("epsilon", self.epsilon)?;
        Ok(input.clone())
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        // Keras sorts the axes as they are written, so that -1 comes first.
        let mut axes = self.axis.0.clone();
        axes.sort_unstable();
        let extent = |axis: isize| sample_axis(axis, input).map_or(0, |axis| input.0[axis]);
        let extents: Vec<usize> = axes.into_iter().map(extent).collect();
        let gamma = ParamSpec {
            name: "gamma",
            extents: extents.clone(),
            initializer: self.gamma_initializer.clone(),
            regularizer: self.gamma_regularizer.clone(),
            constraint: self.gamma_constraint.clone(),
            trainable: self.trainable,
        };
        let beta = ParamSpec {
            name: "beta",
            extents,
            initializer: self.beta_initializer.clone(),
            regularizer: self.beta_regularizer.clone(),
            constraint: self.beta_constraint.clone(),
            trainable: self.trainable,
        };
        let mut params = Vec::new();
        params.extend(self.has_gamma().then_some(gamma));
        params.extend(self.has_beta().then_some(beta));
        params
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let axes = self.axis.of(input).expect("build is called after output_shape accepted this input");
        Box::new(LayerNormalization { spec: self.clone(), groups: Groups::new(input, &axes), input: None })
    }
}

/// Remembers its input for `backward`.
struct LayerNormalization {
    spec: LayerNormalizationSpec,
    groups: Groups,
    input: Option<Tensor>,
}

impl LayerNormalization {
    /// What is left in as mean, and `1/sqrt(variance + epsilon)`; sums are in f64.
    fn statistics(&self, x: &[f32]) -> (f32, f32) {
        let mean = mean(x.iter().copied());
        let variance = self::mean(x.iter().map(|x| (x - mean) * (x - mean)));
        (mean, 1.0 / (variance + self.spec.epsilon).sqrt())
    }
}

fn mean(values: impl ExactSizeIterator<Item = f32>) -> f32 {
    let count = values.len() as f64;
    (values.map(f64::from).sum::<f64>() / count) as f32
}

impl Layer for LayerNormalization {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let (gamma, beta) = params.split_at(if self.spec.has_gamma() { self.groups.len } else { 0 });
        let mut output = input.clone();
        self.groups.change(output.values_mut(), |x| {
            let (mean, inverse) = self.statistics(x);
            let shift = if self.spec.rms_scaling { 0.0 } else { mean };
            for x in x.iter_mut() {
                *x = (*x - shift) * inverse;
            }
            x.iter_mut().zip(gamma).for_each(|(x, gamma)| *x *= gamma);
            x.iter_mut().zip(beta).for_each(|(x, beta)| *x += beta);
        });
        self.input = pass.is_training().then(|| input.clone());
        output
    }

    /// With `h = gamma·g` and means over a group: `(h - mean(h) - x̂·mean(h·x̂))/sqrt(variance + ε)`.
    /// With `rms_scaling` nothing was subtracted, so `mean(h)` falls away, and what is multiplied
    /// by `h` in the last mean is the output before gamma.
    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let input = self.input.take().expect("backward follows a training forward");
        let len = if self.spec.has_gamma() { self.groups.len } else { 0 };
        let gamma = &params[..len];
        let (grad_gamma, grad_beta) = grads.split_at_mut(len);
        let mut grad = grad_output.clone();
        self.groups.change_with(input.values(), grad.values_mut(), |x, g| {
            let (center, inverse) = self.statistics(x);
            let normalized = Buffer::collect(x.len(), x.iter().map(|x| (x - center) * inverse));
            let shift = if self.spec.rms_scaling { 0.0 } else { center };
            let output = Buffer::collect(x.len(), x.iter().map(|x| (x - shift) * inverse));
            grad_gamma.iter_mut().zip(g.iter().zip(&output)).for_each(|(sum, (g, y))| *sum += g * y);
            grad_beta.iter_mut().zip(g.iter()).for_each(|(sum, g)| *sum += g);
            g.iter_mut().zip(gamma).for_each(|(g, gamma)| *g *= gamma);
            let mean_h = if self.spec.rms_scaling { 0.0 } else { mean(g.iter().copied()) };
            let mean_hy = mean(g.iter().zip(&output).map(|(h, y)| h * y));
            g.iter_mut().zip(&normalized).for_each(|(h, x)| *h = inverse * (*h - mean_h - x * mean_hy));
        });
        Some(grad)
    }

    fn has_cache(&self) -> bool {
        self.input.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_for_every_combination() {
        for (center, scale, rms_scaling) in
            [(true, true, false), (true, false, false), (false, true, false), (true, false, true)]
        {
            for axes in [vec![-1], vec![1], vec![2, 1], vec![1, 2, 3]] {
                let spec = LayerNormalizationSpec {
                    axis: Axes(axes),
                    center,
                    scale,
                    rms_scaling,
                    ..LayerNormalizationSpec::default()
                };
                check_layer(&spec.into(), &Shape::from([3, 2, 4]));
            }
        }
    }

    #[test]
    fn extents_follow_the_axes_as_keras_sorts_them() {
        let extents = |axes: &[isize]| {
            let spec =
                LayerNormalizationSpec { axis: Axes(axes.to_vec()), ..LayerNormalizationSpec::default() };
            spec.params(&Shape::from([3, 2, 4]))[0].extents.clone()
        };
        assert_eq!(extents(&[3, 1]), [3, 4]);
        assert_eq!(extents(&[1, -1]), [4, 3]);
    }

    #[test]
    fn every_group_gets_mean_0_and_variance_1() {
        let spec = LayerNormalizationSpec { epsilon: 0.0, ..LayerNormalizationSpec::default() };
        let input = Tensor::new(&[1, 2, 2], vec![1.0, 3.0, -5.0, -4.0]);
        let params = [1.0, 1.0, 0.0, 0.0];
        let output = spec.build(&Shape::from([2, 2]), 0).forward(&input, &params, Pass::Infer);
        assert_eq!(output.values(), [-1.0, 1.0, -1.0, 1.0]);
    }
}
