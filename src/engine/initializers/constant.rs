//! Keras's `Constant`.

use serde::{Deserialize, Serialize};

use super::Initializer;
use crate::engine::argument::{ArgumentError, check};
use crate::tensor::rng::Rng;

/// Keras's argument and default.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ConstantSpec {
    /// What every value begins as.
    pub value: f32,
}

impl Initializer for ConstantSpec {
    fn fill(&self, _extents: &[usize], values: &mut [f32], _rng: &mut Rng) {
        values.fill(self.value);
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("value", self.value, f32::MIN, f32::MAX)
    }
}
