//! [`CallbackMemory`]: what a callback has counted, so that a run can go on elsewhere as if it had never
//! been interrupted. Keras has nothing like it: there callbacks begin anew.
//!
//! It holds parameters and no words. A [`CallbackState`](super::CallbackState) is to be looked at: it says in the
//! callback's own words what it compares and counts, without parameters, and nothing is made of it again.

use serde::{Deserialize, Serialize};

/// What one callback has counted. Which value stands where is that callback's own affair; an empty
/// memory means that it begins anew.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CallbackMemory {
    /// Counters and best values.
    pub values: Vec<Option<f64>>,
    /// Names of values.
    pub names: Vec<String>,
    /// Parameters it keeps to put them back.
    pub params: Vec<f32>,
}

impl CallbackMemory {
    /// A memory of numbers alone.
    pub(super) fn of(values: impl IntoIterator<Item = Option<f64>>) -> Self {
        Self { values: values.into_iter().collect(), ..Self::default() }
    }

    /// The numbers, if there are as many as the callback keeps.
    pub(super) fn numbers<const N: usize>(&self) -> Option<[Option<f64>; N]> {
        self.values.as_slice().try_into().ok()
    }
}

/// A counter as a number.
#[expect(clippy::unnecessary_wraps, reason = "every value of a memory may be missing")]
pub(super) fn number(count: usize) -> Option<f64> {
    Some(count as f64)
}

/// A counter again; 0 where there was none.
pub(super) fn count(number: Option<f64>) -> usize {
    number.unwrap_or_default() as usize
}
