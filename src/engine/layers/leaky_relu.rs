//! Keras's `LeakyReLU` layer: `x`, or `negative_slope·x` below 0 (Maas et al. 2013).

use serde::{Deserialize, Serialize};

use super::pointwise::{Function, Pointwise};
use super::{Layer, LayerDef, LayerError, ParamSpec, not_negative};
use crate::tensor::Shape;

/// Keras's argument. Its default is 0.3, while that of the activation function is 0.2.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeakyReluSpec {
    /// Slope below 0; at least 0.
    pub negative_slope: f32,
}

impl Default for LeakyReluSpec {
    fn default() -> Self {
        Self { negative_slope: 0.3 }
    }
}

impl LayerDef for LeakyReluSpec {
    fn class_name(&self) -> &'static str {
        "LeakyReLU"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        not_negative("negative_slope", self.negative_slope)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, _input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Pointwise::boxed(self)
    }
}

impl Function for LeakyReluSpec {
    fn value(&self, x: f32) -> f32 {
        if x < 0.0 { self.negative_slope * x } else { x }
    }

    fn slope(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { self.negative_slope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_for_every_slope() {
        for negative_slope in [0.0, 0.3, 1.0, 2.0] {
            check_layer(&LeakyReluSpec { negative_slope }.into(), &Shape::from([3, 4]));
        }
    }

    #[test]
    fn a_negative_slope_is_refused() {
        assert!(LeakyReluSpec { negative_slope: -0.1 }.output_shape(&Shape::from([3])).is_err());
    }
}
