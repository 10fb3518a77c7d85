//! The datasets: manifests, shards and batches.

use serde::{Deserialize, Serialize};

/// A dataset that ships with the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatasetId {
    /// Handwritten digits (LeCun, Cortes, Burges).
    #[default]
    Mnist,
    /// Articles of clothing (Xiao, Rasul, Vollgraf 2017).
    FashionMnist,
}
