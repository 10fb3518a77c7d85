//! Keras's `L1L2`: `l1·Σ|w| + l2·Σw²`.

use serde::{Deserialize, Serialize};

use super::Penalty;
use crate::engine::argument::{ArgumentError, check};

/// Keras's arguments and defaults.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct L1L2Spec {
    /// Factor of the sum of absolute values, at least 0.
    pub l1: f32,
    /// Factor of the sum of squares, at least 0.
    pub l2: f32,
}

impl Penalty for L1L2Spec {
    fn factors(&self) -> (f32, f32) {
        (self.l1, self.l2)
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("l1", self.l1, 0.0, f32::MAX)?;
        check("l2", self.l2, 0.0, f32::MAX)
    }
}
