//! `values[0]` up to and including step `boundaries[0]`, then `values[1]`, and so on.

use serde::{Deserialize, Serialize};

use super::{ScheduleError, check_count};
use crate::engine::argument::check;

/// Keras's arguments; those that Keras demands have a beginner's default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PiecewiseConstantDecaySpec {
    /// The last step of every value but the last one, rising.
    pub boundaries: Vec<u64>,
    /// One more than boundaries.
    pub values: Vec<f32>,
}

impl Default for PiecewiseConstantDecaySpec {
    fn default() -> Self {
        Self { boundaries: vec![1_000], values: vec![0.01, 0.001] }
    }
}

impl PiecewiseConstantDecaySpec {
    pub(in crate::engine) fn validate(&self) -> Result<(), ScheduleError> {
        let (boundaries, values) = (self.boundaries.len(), self.values.len());
        check_count("boundaries", boundaries as u64)?;
        if boundaries + 1 != values {
            return Err(ScheduleError::ValueCount { boundaries, values });
        }
        Ok(self.values.iter().try_for_each(|value| check("values", *value, 0.0, f32::MAX))?)
    }

    /// A sum over the pieces that hold `step`, as in Keras, which shows where boundaries do not rise.
    pub(in crate::engine) fn at(&self, step: u64) -> f32 {
        let last = self.boundaries.len();
        let holds = |piece: usize| {
            (piece == 0 || step > self.boundaries[piece - 1])
                && (piece == last || step <= self.boundaries[piece])
        };
        (0..=last).filter(|piece| holds(*piece)).map(|piece| self.values[piece]).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_belongs_to_the_value_before_it() {
        let spec = PiecewiseConstantDecaySpec { boundaries: vec![2, 4], values: vec![1.0, 0.5, 0.25] };
        let rates: Vec<f32> = (0..7).map(|step| spec.at(step)).collect();
        assert_eq!(rates, [1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25]);
    }

    #[test]
    fn values_that_do_not_fit_the_boundaries_are_refused() {
        let spec = PiecewiseConstantDecaySpec { boundaries: vec![2, 4], values: vec![1.0, 0.5] };
        assert_eq!(spec.validate(), Err(ScheduleError::ValueCount { boundaries: 2, values: 2 }));
        let empty = PiecewiseConstantDecaySpec { boundaries: vec![], values: vec![1.0] };
        assert!(empty.validate().is_err());
    }
}
