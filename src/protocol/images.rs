//! Images of a dataset, and their classes.

use serde::{Deserialize, Serialize};

use crate::data::{DatasetId, Split};

/// Some images of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageSet {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Which file.
    pub split: Split,
    /// One image, channels last.
    pub shape: [usize; 3],
    /// Positions in that file.
    pub indices: Vec<u32>,
    /// Bytes 0..255, image after image.
    pub pixels: Vec<u8>,
    /// True classes.
    pub labels: Vec<u8>,
}

/// The classes of a dataset's first images.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelSet {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Of the training file, from its start.
    pub train: Vec<u8>,
    /// Of the test file, from its start.
    pub test: Vec<u8>,
}
