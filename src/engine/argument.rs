//! [`ArgumentError`]: a number that is outside its range, for every family of specs.

use std::io::Write as _;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// An argument out of range. Carries values, so that it can be said in any language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{argument} must be between {min} and {max}, got {got}")]
pub struct ArgumentError {
    /// Keras's argument name.
    pub argument: String,
    /// Smallest legal value.
    pub min: f64,
    /// Largest legal value.
    pub max: f64,
    /// What was given.
    pub got: f64,
}

/// Checks that `got` lies in `min..=max`.
///
/// # Errors
/// If it does not, or is not a number.
pub fn check(argument: &str, got: f32, min: f32, max: f32) -> Result<(), ArgumentError> {
    if (min..=max).contains(&got) {
        return Ok(());
    }
    Err(ArgumentError { argument: argument.to_owned(), min: min.into(), max: max.into(), got: got.into() })
}

/// `1 − x` as Python computes it, where `x` is the decimal that was written and not its 32-bit neighbour: 0.1
/// from 0.9, where the 32-bit difference is 0.100000024.
pub(crate) fn complement(x: f32) -> f32 {
    // On the stack: schedules ask for it at every step.
    let mut digits = SmallVec::<[u8; 32]>::new();
    let is_written = write!(digits, "{x}").is_ok();
    let text = std::str::from_utf8(&digits).ok().filter(|_| is_written);
    let written = text.and_then(|text| text.parse().ok()).unwrap_or(f64::from(x));
    (1.0 - written) as f32
}
