//! The datasets: manifests, shards, batches.
//!
//! `www/data/<dataset>/` holds a `manifest.json` ([`Manifest`]) and gzipped shards of 5,000 images
//! ([`shard`]). Whoever loads them, browser or command line, goes the same way:
//!
//! ```text
//! Manifest::parse → shards_for(split, samples) → fetch → shard::verify → gunzip → shard::decode
//!     → LabeledImages::append → DatasetSplits::new → epoch_order → batch
//! ```
//!
//! Only fetching and gunzipping differ: the browser has its own `fetch` and `DecompressionStream`,
//! the command line reads them from a folder.
#![warn(missing_docs)]

mod batches;
mod dataset;
mod error;
#[cfg(feature = "cli")]
pub mod files;
#[cfg(feature = "cli")]
pub mod gzip;
#[cfg(feature = "cli")]
pub mod idx;
pub mod manifest;
mod samples;
mod selected;
pub mod shard;
#[cfg(feature = "cli")]
pub mod sources;

pub use batches::{Batches, Shuffle};
pub use dataset::{DatasetSplits, LabeledImages, epoch_order};
pub use error::{DataError, ManifestError, ShardError};
pub use manifest::{Manifest, ShardEntry, Split, SplitManifest};
pub use samples::{Arrays, ArraysError, Batch, Samples, Targets};
pub use selected::Selected;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A dataset that ships with the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
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

    /// Its proper name, the same in every language.
    pub fn title(self) -> &'static str {
        match self {
            Self::Mnist => "MNIST",
            Self::FashionMnist => "Fashion-MNIST",
        }
    }

    /// Its classes in the order of their labels, as in [`Manifest::classes`]: a name with a dot is a
    /// locale key, one without is shown as it stands.
    pub fn classes(self) -> [&'static str; 10] {
        match self {
            Self::Mnist => ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            Self::FashionMnist => [
                "dataset.fashion_mnist.class.t_shirt",
                "dataset.fashion_mnist.class.trouser",
                "dataset.fashion_mnist.class.pullover",
                "dataset.fashion_mnist.class.dress",
                "dataset.fashion_mnist.class.coat",
                "dataset.fashion_mnist.class.sandal",
                "dataset.fashion_mnist.class.shirt",
                "dataset.fashion_mnist.class.sneaker",
                "dataset.fashion_mnist.class.bag",
                "dataset.fashion_mnist.class.ankle_boot",
            ],
        }
    }
}

impl fmt::Display for DatasetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.folder())
    }
}

/// No dataset has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no dataset is called {name:?}; there are {}", DatasetId::ALL.map(DatasetId::folder).join(", "))]
pub struct UnknownDataset {
    /// The name.
    pub name: String,
}

impl FromStr for DatasetId {
    type Err = UnknownDataset;

    /// From its [`folder`](Self::folder), which is also its name in files and on the command line.
    fn from_str(name: &str) -> Result<Self, UnknownDataset> {
        let unknown = || UnknownDataset { name: name.to_owned() };
        Self::ALL.into_iter().find(|id| id.folder() == name).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_classes_are_those_of_the_manifests() {
        let manifests = [
            (DatasetId::Mnist, include_bytes!("../../www/data/mnist/manifest.json").as_slice()),
            (DatasetId::FashionMnist, include_bytes!("../../www/data/fashion-mnist/manifest.json")),
        ];
        for (dataset, json) in manifests {
            let manifest = Manifest::parse_for(dataset, json).unwrap();
            assert_eq!(dataset.title(), manifest.title);
            assert_eq!(&dataset.classes()[..], &manifest.classes[..]);
        }
    }
}
