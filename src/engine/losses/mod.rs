//! Losses: a batch of outputs and labels in, the mean loss and its gradient out.

mod categorical_crossentropy;

pub use categorical_crossentropy::{clipped_crossentropy, softmax_crossentropy};

use serde::{Deserialize, Serialize};

/// Which loss is minimized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossSpec {
    /// `-ln p[class]` of softmax outputs, fused with the softmax as Keras's TensorFlow backend does.
    #[default]
    CategoricalCrossentropy,
}
