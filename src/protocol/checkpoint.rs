//! [`CheckpointFile`]: what `ModelCheckpoint` leaves in its folder, on the way to the page.

use serde::{Deserialize, Serialize};

use crate::formats::OptimizerState;

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
    /// What training needs to go on; Keras keeps it in such files, too.
    pub optimizer: Option<OptimizerState>,
}

impl CheckpointFile {
    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.blocks().iter().map(|block| size_of_val(*block)).sum()
    }

    /// The parameters, and then the optimizer's variables.
    pub fn blocks(&self) -> Vec<&[f32]> {
        let slots = self.optimizer.iter().flat_map(|optimizer| &optimizer.slots).map(Vec::as_slice);
        std::iter::once(&self.params[..]).chain(slots).collect()
    }
}
