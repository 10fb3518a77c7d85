//! Keras's `ReLU` layer: `x` above `threshold`, at most `max_value`, and
//! `negative_slope·(x - threshold)` below.

use serde::{Deserialize, Serialize};

use super::pointwise::{Function, Pointwise};
use super::{Layer, LayerDef, LayerError, ParamSpec, not_negative};
use crate::tensor::Shape;

/// Keras's arguments and defaults.
///
/// # Shapes
/// The output is shaped like the input.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReluSpec {
    /// Largest output; none if absent. At least 0.
    pub max_value: Option<f32>,
    /// Slope below the threshold; at least 0.
    pub negative_slope: f32,
    /// Below it values are damped; at least 0.
    pub threshold: f32,
}

impl LayerDef for ReluSpec {
    fn class_name(&self) -> &'static str {
        "ReLU"
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape, LayerError> {
        not_negative("max_value", self.max_value.unwrap_or(0.0))?;
        not_negative("negative_slope", self.negative_slope)?;
        not_negative("threshold", self.threshold)?;
        Ok(input.clone())
    }

    fn params(&self, _input: &Shape) -> Vec<ParamSpec> {
        Vec::new()
    }

    fn build(&self, _input: &Shape, _layer: usize) -> Box<dyn Layer> {
        Pointwise::boxed(self)
    }
}

impl Function for ReluSpec {
    fn value(&self, x: f32) -> f32 {
        if x > self.threshold {
            self.max_value.map_or(x, |max| if x > max { max } else { x })
        } else if x.is_nan() {
            x
        } else {
            self.negative_slope * (x - self.threshold)
        }
    }

    /// At the kinks what TensorFlow gives, which depends on the operations Keras chooses.
    fn slope(&self, x: f32) -> f32 {
        let is_plain = self.threshold == 0.0 && self.max_value.is_none();
        if x < self.threshold || (is_plain && x == 0.0) {
            return self.negative_slope;
        }
        // Keras clips with `clip`, which lets its bounds through, but at 6 with `relu6`, which does not.
        let is_relu6 = self.threshold == 0.0 && self.max_value == Some(6.0);
        let is_clipped = self.max_value.is_some_and(|max| x > max || (is_relu6 && x == max));
        if x > self.threshold && !is_clipped { 1.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::layers::check::check_layer;

    #[test]
    fn gradients_are_right_for_every_combination() {
        for max_value in [None, Some(0.1), Some(6.0)] {
            for negative_slope in [0.0, 0.3] {
                for threshold in [0.0, 0.05, 0.2] {
                    let spec = ReluSpec { max_value, negative_slope, threshold };
                    check_layer(&spec.into(), &Shape::from([3, 4]));
                }
            }
        }
    }

    #[test]
    fn a_negative_argument_is_refused() {
        for spec in [
            ReluSpec { max_value: Some(-1.0), ..ReluSpec::default() },
            ReluSpec { negative_slope: -0.1, ..ReluSpec::default() },
            ReluSpec { threshold: f32::NAN, ..ReluSpec::default() },
        ] {
            assert!(spec.output_shape(&Shape::from([3])).is_err(), "{spec:?}");
        }
    }

    #[test]
    fn a_value_that_is_no_number_passes_through() {
        assert!(ReluSpec { max_value: Some(6.0), ..ReluSpec::default() }.value(f32::NAN).is_nan());
    }
}
