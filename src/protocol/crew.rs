//! [`Crew`]: who computes.

use serde::{Deserialize, Serialize};

/// Why no more workers share a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CrewLimit {
    /// A layer or a penalty looks at all samples of a batch together, as BatchNormalization does.
    SamplesTogether,
    /// The batch has no more chunks.
    Batch,
    /// More would cost as much as they help.
    NoGain,
    /// Another one would help, but its core is left to the page.
    Cores,
    /// The browser lets a worker have no workers of its own, or no more.
    Browser,
}

/// Who computes a training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crew {
    /// Workers that compute, the training worker included.
    pub workers: usize,
    /// How many there will be when all have been loaded.
    pub expected: usize,
    /// Why there are no more than expected, where it is not what was asked for.
    pub limit: Option<CrewLimit>,
    /// Workers that died or fell silent; their work was done by the others.
    pub lost: usize,
}
