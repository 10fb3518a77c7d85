//! The datasets: manifests, shards, batches.
//!
//! `www/data/<dataset>/` holds a `manifest.json` ([`Manifest`]) and gzipped shards of 5,000 images
//! ([`shard`]). Whoever loads them, browser or command line, goes the same way:
//!
//! ```text
//! Manifest::parse → shards_for(split, samples) → fetch → shard::verify → gunzip → shard::decode
//!     → LabeledImages::append → DatasetSplits::new → epoch_order → fill_batch
//! ```
//!
//! Only fetching and gunzipping differ: the browser has its own `fetch` and `DecompressionStream`,
//! the command line reads files and uses `flate2`.
#![warn(missing_docs)]

mod dataset;
mod error;
pub mod manifest;
pub mod shard;

pub use dataset::{DatasetSplits, LabeledImages, epoch_order};
pub use error::DataError;
pub use manifest::{Manifest, ManifestError, ShardEntry, Split, SplitManifest};
pub use shard::ShardError;

use serde::{Deserialize, Serialize};

/// A dataset that ships with the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatasetId {
    /// Handwritten digits (`LeCun`, Cortes, Burges).
    #[default]
    Mnist,
    /// Articles of clothing (Xiao, Rasul, Vollgraf 2017).
    FashionMnist,
}

impl DatasetId {
    /// Every dataset, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::Mnist, Self::FashionMnist];

    /// The name of its folder below `www/data`, also its name in files and on the command line.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
        }
    }

    /// The dataset whose [`folder`](Self::folder) is `name`.
    pub fn from_folder(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|id| id.folder() == name)
    }
}
