//! Keras's `PReLU` layer: `x`, or `alpha·x` below 0, with an `alpha` that is learned for every value
//! of a sample (He et al. 2015).

use serde::{Deserialize, Serialize};

use super::axes::Axes;
use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::engine::constraints::ConstraintSpec;
use crate::engine::initializers::InitializerSpec;
use crate::engine::regularizers::RegularizerSpec;
use crate::tensor::{Shape, Tensor};

/// Keras's arguments and defaults.
///
/// # Shapes
/// - output shaped like the input
/// - alpha shaped like a sample, but 1 along `shared_axes`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreluSpec {
    /// How alpha begins.
    pub alpha_initializer: InitializerSpec,
    /// The penalty on alpha.
    pub alpha_regularizer: Option<RegularizerSpec>,
    /// What alpha is changed to after every step.
    pub alpha_constraint: Option<ConstraintSpec>,
    /// The axes along which all values have one alpha: `[1, 2]` for one per channel of an image.
    /// Counted from 1; as in Keras, 0 is the last axis and -1 the one before it.
    pub shared_axes: Option<Axes>,
    /// Whether training changes alpha.
    pub trainable: bool,
}

impl Default for PreluSpec {
    fn default() -> Self {
        Self {
            alpha_initializer: InitializerSpec::zeros(),
            alpha_regularizer: None,
            alpha_constraint: None,
            shared_axes: None,
            trainable: true,
        }
    }
}

impl PreluSpec {
    /// Positions of the shared axes in a sample of `input`.
    fn shared(&self, input: &Shape) -> Result<Vec<usize>, LayerError> {
        let rank = input.rank() as isize;
        // Keras writes `param_shape[axis - 1]`, where Python counts what is below 0 from the end.
        let position = |axis: isize| if axis < 1 { axis - 1 + rank } else { axis - 1 };
        let checked = |axis: &isize| {
            let position = position(*axis);
            if (0..rank).contains(&position) {
                Ok(position as usize)
            } else {
                Err(LayerError::NoSuchAxis { axis: *axis, got: input.clone() })
            }
        };
        self.shared_axes.iter().flat_map(|axes| &axes.0).map(checked).collect()
    }

    fn extents(&self, input: &Shape) -> Vec<usize> {
        let mut extents = input.0.clone();
        for axis in self.shared(input).unwrap_or_default() {
            extents[axis] = 1;
        }
        extents
    }
}

impl LayerDef for PreluSpec {
    fn class_name(&self) -> &'static str {
        "PReLU"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        self.shared(input)?;
        Ok(input.clone())
    }

    fn params(&self, input: &Shape) -> Vec<ParamSpec> {
        vec![ParamSpec {
            name: "alpha",
            extents: self.extents(input),
            initializer: self.alpha_initializer.clone(),
            regularizer: self.alpha_regularizer.clone(),
            constraint: self.alpha_constraint.clone(),
            trainable: self.trainable,
        }]
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Box::new(Prelu { alphas: alphas(&self.extents(input), input), input: None })
    }
}

/// For every value of a sample, its place in alpha.
fn alphas(extents: &[usize], input: &Shape) -> Vec<usize> {
    let place = |position: usize| {
        let (mut rest, mut place, mut stride) = (position, 0, 1);
        for (extent, size) in extents.iter().zip(&input.0).rev() {
            if *extent > 1 {
                place += (rest % size) * stride;
                stride *= extent;
            }
            rest /= size;
        }
        place
    };
    (0..input.size()).map(place).collect()
}

/// Remembers its input for `backward`.
struct Prelu {
    alphas: Vec<usize>,
    input: Option<Tensor>,
}

impl Layer for Prelu {
    fn forward(&mut self, input: &Tensor, params: &[f32], pass: Pass) -> Tensor {
        let mut output = input.clone();
        for sample in output.values_mut().chunks_exact_mut(self.alphas.len()) {
            for (x, alpha) in sample.iter_mut().zip(&self.alphas) {
                *x = if *x > 0.0 { *x } else { params[*alpha] * *x };
            }
        }
        self.input = pass.is_training().then(|| input.clone());
        output
    }

    /// At 0 the slope is 0, whatever alpha: Keras computes `relu(x) - alpha·relu(-x)`.
    fn backward(
        &mut self,
        grad_output: &Tensor,
        params: &[f32],
        grads: &mut [f32],
        _wants: bool,
    ) -> Option<Tensor> {
        let input = self.input.take().expect("backward follows a training forward");
        let mut grad = grad_output.clone();
        let size = self.alphas.len();
        let samples = grad.values_mut().chunks_exact_mut(size).zip(input.values().chunks_exact(size));
        for (grad, input) in samples {
            for ((g, x), alpha) in grad.iter_mut().zip(input).zip(&self.alphas) {
                if *x < 0.0 {
                    grads[*alpha] += *g * x;
                    *g *= params[*alpha];
                } else if *x == 0.0 {
                    *g = 0.0;
                }
            }
        }
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

    fn shared(axes: &[isize]) -> PreluSpec {
        PreluSpec { shared_axes: Some(Axes(axes.to_vec())), ..PreluSpec::default() }
    }

    #[test]
    fn gradients_are_right_for_every_way_to_share() {
        let image = Shape::from([3, 4, 2]);
        for axes in [&[1][..], &[2], &[3], &[1, 2], &[1, 2, 3], &[0], &[]] {
            check_layer(&shared(axes).into(), &image);
        }
    }

    #[test]
    fn shared_axes_have_one_alpha() {
        let image = Shape::from([3, 4, 2]);
        assert_eq!(PreluSpec::default().params(&image)[0].extents, [3, 4, 2]);
        assert_eq!(shared(&[1, 2]).params(&image)[0].extents, [1, 1, 2]);
        assert_eq!(shared(&[-1]).params(&image)[0].extents, [3, 1, 2]);
        assert!(shared(&[4]).output_shape(&image).is_err());
        assert!(shared(&[-3]).output_shape(&image).is_err());
    }
}
