//! The elastic net as textbooks write it: `l·Σ(beta·w² + |w|)`.
//!
//! Keras has no class of this name; it is its `L1L2` with `l1 = l` and `l2 = l·beta`.

use serde::{Deserialize, Serialize};

use super::Penalty;
use crate::engine::argument::{ArgumentError, check};

/// The textbook's arguments.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ElasticNetSpec {
    /// Weight of the squares against the absolute values, at least 0.
    pub beta: f32,
    /// Factor of the whole, often written λ, at least 0.
    pub l: f32,
}

impl Default for ElasticNetSpec {
    fn default() -> Self {
        Self { beta: 1.0, l: 0.01 }
    }
}

impl Penalty for ElasticNetSpec {
    fn factors(&self) -> (f32, f32) {
        (self.l, self.l * self.beta)
    }

    fn validate(&self) -> Result<(), ArgumentError> {
        check("beta", self.beta, 0.0, f32::MAX)?;
        check("l", self.l, 0.0, f32::MAX)
    }
}
