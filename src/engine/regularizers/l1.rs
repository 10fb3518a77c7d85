//! Keras's `L1`: `l1·Σ|w|`, also called lasso.

use serde::{Deserialize, Serialize};

use super::Penalty;
use crate::engine::argument::{ArgumentError, check};

/// Keras's argument and default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct L1Spec {
    /// Factor of the sum, at least 0.
    pub l1: f32,
}

impl Default for L1Spec {
    fn default() -> Self {
        Self { l1: 0.01 }
    }
}

impl Penalty for L1Spec {
    fn factors(&self) -> (f32, f32) {
        (self.l1, 0.0)
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("l1", self.l1, 0.0, f32::MAX)
    }
}
