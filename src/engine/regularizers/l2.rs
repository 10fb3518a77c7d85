//! Keras's `L2`: `l2·Σw²`, without the ½ some texts write, also called ridge.

use serde::{Deserialize, Serialize};

use super::Penalty;
use crate::engine::argument::{ArgumentError, check};

/// Keras's argument and default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct L2Spec {
    /// Factor of the sum, at least 0.
    pub l2: f32,
}

impl Default for L2Spec {
    fn default() -> Self {
        Self { l2: 0.01 }
    }
}

impl Penalty for L2Spec {
    fn factors(&self) -> (f32, f32) {
        (0.0, self.l2)
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("l2", self.l2, 0.0, f32::MAX)
    }
}
