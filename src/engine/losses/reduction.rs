//! [`Reduction`]: how the losses of a batch's rows become one number.

use serde::{Deserialize, Serialize};

/// What the sum of the weighted losses of all rows is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduction {
    /// The number of rows, whatever they weigh.
    #[default]
    SumOverBatchSize,
    /// 1
    Sum,
    /// The number of rows: another name of [`Self::SumOverBatchSize`].
    Mean,
    /// The sum of the weights.
    MeanWithSampleWeight,
    /// 1 for the gradient, as TensorFlow differentiates a vector; the logs show the mean.
    None,
}

impl Reduction {
    /// All, in the order forms show them.
    pub const ALL: [Self; 5] =
        [Self::SumOverBatchSize, Self::Sum, Self::Mean, Self::MeanWithSampleWeight, Self::None];

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::SumOverBatchSize => "sum_over_batch_size",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::MeanWithSampleWeight => "mean_with_sample_weight",
            Self::None => "none",
        }
    }
}
