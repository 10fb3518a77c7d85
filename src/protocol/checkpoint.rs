//! [`CheckpointFile`]: what `ModelCheckpoint` leaves in its folder, on the way to the page.

use serde::{Deserialize, Serialize};

/// A file that was saved, with all that is in it but the model's description, which the run's job has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckpointFile {
    /// Position in [`crate::engine::spec::FitSpec::callbacks`].
    pub callback: usize,
    /// Its name, filled in. A later file of the same name takes its place.
    pub path: String,
    /// The epoch in which it was written, from 0.
    pub epoch: usize,
    /// Epochs that were completed by then.
    pub epochs: usize,
    /// Without the model.
    pub weights_only: bool,
    /// All parameters in model order.
    pub params: Vec<f32>,
}

impl CheckpointFile {
    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.params.len() * size_of::<f32>()
    }
}
