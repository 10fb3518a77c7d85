//! Keras's `Ones`.

use serde::{Deserialize, Serialize};

use super::Initializer;
use crate::tensor::rng::Rng;

/// Keras's class takes no arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OnesSpec {}

impl Initializer for OnesSpec {
    fn fill(&self, _extents: &[usize], values: &mut [f32], _rng: &mut Rng) {
        values.fill(1.0);
    }
}
