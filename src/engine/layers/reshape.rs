//! Keras's `Reshape`: the same values in the same row-major order, with other extents.

use serde::{Deserialize, Serialize};

use super::{Layer, LayerDef, LayerError, ParamSpec, Pass};
use crate::tensor::{Shape, Tensor};

/// Keras's argument; it has no default in Keras, here it is one axis.
///
/// # Shapes
/// - input `[n, ...]`
/// - output `[n, ...target_shape]`, where one extent may be -1: whatever is left for it
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReshapeSpec {
    /// The extents without the batch's; at least 1, or -1 once.
    pub target_shape: Vec<i64>,
}

impl Default for ReshapeSpec {
    fn default() -> Self {
        Self { target_shape: vec![-1] }
    }
}

impl LayerDef for ReshapeSpec {
    fn class_name(&self) -> &'static str {
        "Reshape"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        let target = &self.target_shape;
        let illegal = target.iter().find(|extent| **extent < -1 || **extent == 0);
        if let Some(extent) = illegal {
            return Err(LayerError::BadExtent { argument: "target_shape".to_owned(), got: *extent });
        }
        if target.iter().filter(|extent| **extent == -1).count() > 1 {
            return Err(LayerError::SeveralUnknown { argument: "target_shape".to_owned() });
        }
        let does_not_fit = || LayerError::CannotReshape { input: input.clone(), target: target.clone() };
        let known = target
            .iter()
            .filter_map(|extent| usize::try_from(*extent).ok())
            .try_fold(1, usize::checked_mul)
            .ok_or_else(does_not_fit)?;
        let size = input.size();
        let extents: Vec<usize> =
            target.iter().map(|extent| usize::try_from(*extent).unwrap_or(size / known)).collect();
        let output = Shape(extents);
        if target.is_empty() || output.size() != size { Err(does_not_fit()) } else { Ok(output) }
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, input: &Shape, _layer: usize) -> Box<dyn Layer> {
        let output = self.output_shape(input).expect("build is called after this accepted the input");
        Box::new(Reshape { input: input.clone(), output })
    }
}

struct Reshape {
    input: Shape,
    output: Shape,
}

impl Layer for Reshape {
    fn forward(&mut self, input: &Tensor, _params: &[f32], _pass: Pass) -> Tensor {
        input.clone().reshape(&self.output.with_batch(input.batch()))
    }

    fn backward(
        &mut self,
        grad_output: &Tensor,
        _params: &[f32],
        _grads: &mut [f32],
        wants: bool,
    ) -> Option<Tensor> {
        wants.then(|| grad_output.clone().reshape(&self.input.with_batch(grad_output.batch())))
    }

    fn has_cache(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    fn reshape(target: &[i64]) -> ReshapeSpec {
        ReshapeSpec { target_shape: target.to_vec() }
    }

    #[test]
    fn gradients_are_right_for_every_target() {
        for target in [&[-1][..], &[12], &[4, 3], &[2, -1], &[1, 12, -1], &[-1, 2, 2, 1]] {
            check_layer(&reshape(target).into(), &Shape::from([2, 3, 2]));
        }
    }

    #[test]
    fn the_unknown_extent_is_what_is_left() {
        let input = Shape::from([3, 2, 2]);
        assert_eq!(reshape(&[-1, 2]).output_shape(&input), Ok(Shape::from([6, 2])));
        assert_eq!(reshape(&[1, 12, -1]).output_shape(&input), Ok(Shape::from([1, 12, 1])));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let input = Shape::from([3, 2, 2]);
        for target in [&[5][..], &[-1, 5], &[24], &[], &[i64::MAX, i64::MAX], &[i64::MAX, -1]] {
            let refused = LayerError::CannotReshape { input: input.clone(), target: target.to_vec() };
            assert_eq!(reshape(target).output_shape(&input), Err(refused));
        }
        for (target, got) in [(&[-2, 6][..], -2), (&[0], 0), (&[-1, 0], 0)] {
            let refused = LayerError::BadExtent { argument: "target_shape".to_owned(), got };
            assert_eq!(reshape(target).output_shape(&input), Err(refused));
        }
        let refused = LayerError::SeveralUnknown { argument: "target_shape".to_owned() };
        assert_eq!(reshape(&[-1, -1]).output_shape(&input), Err(refused));
    }
}
