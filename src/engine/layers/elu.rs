//! Keras's `ELU` layer: `x`, or `alpha·(e^x - 1)` below 0 (Clevert et al. 2016).

use serde::{Deserialize, Serialize};

use super::pointwise::{Function, Pointwise};
use super::{Layer, LayerDef, LayerError, ParamSpec, in_range};
use crate::tensor::{Shape, math};

/// Keras's argument.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EluSpec {
    /// What large negative values approach, with the other sign.
    pub alpha: f32,
}

impl Default for EluSpec {
    fn default() -> Self {
        Self { alpha: 1.0 }
    }
}

impl LayerDef for EluSpec {
    fn class_name(&self) -> &'static str {
        "ELU"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        in_range("alpha", self.alpha, f32::MIN, f32::MAX)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, _input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Pointwise::boxed(self)
    }
}

impl Function for EluSpec {
    fn value(&self, x: f32) -> f32 {
        if x < 0.0 { self.alpha * math::exp_m1(x) } else { x }
    }

    /// At 0 that of the lower side, as TensorFlow gives it: for `alpha = 1` both are 1.
    fn slope(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { self.alpha * math::exp(x) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_for_every_alpha() {
        for alpha in [0.0, 1.0, 2.5, -1.0] {
            check_layer(&EluSpec { alpha }.into(), &Shape::from([3, 4]));
        }
    }
}
