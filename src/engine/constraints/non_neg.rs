//! Keras's `NonNeg`: `max(w, 0)`.

use serde::{Deserialize, Serialize};

use super::Constraint;
use crate::engine::argument::ArgumentError;

/// Keras's class takes no arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NonNegSpec {}

impl Constraint for NonNegSpec {
    fn apply(&self, _extents: &[usize], values: &mut [f32]) {
        // Written so that a NaN stays one.
        for w in values {
            *w = if *w < 0.0 { 0.0 } else { *w };
        }
    }

    fn validate(&self, _rank: usize) -> Result<(), ArgumentError> {
        Ok(())
    }
}
