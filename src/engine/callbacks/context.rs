//! [`Context`]: what callbacks know of the run they are built for.

use super::improvement::Directions;

/// What callbacks are built for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Context {
    /// Of the metrics the model was compiled with.
    pub directions: Directions,
    /// Every weight of the model in its order.
    pub weights: Vec<WeightName>,
    /// Whether the learning rate follows a schedule of the optimizer and cannot be set.
    pub is_scheduled: bool,
}

/// A weight and where it lies in the flat parameter block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightName {
    /// Keras's: `sequential/conv2d_1/kernel`.
    pub path: String,
    /// First value.
    pub offset: usize,
    /// Row-major.
    pub extents: Vec<usize>,
}
