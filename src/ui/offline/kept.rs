//! How much of a dataset is on this device.

use crate::data::{Manifest, ShardEntry};

/// Bytes of a dataset as they are sent, all of them and those that are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Kept {
    /// Everything.
    pub total: u64,
    /// Of which here.
    pub here: u64,
}

impl Kept {
    /// Whether nothing is missing.
    pub fn is_complete(self) -> bool {
        self.here == self.total
    }

    /// The part that is here, 0..=1.
    pub fn share(self) -> f64 {
        if self.total == 0 { 0.0 } else { self.here as f64 / self.total as f64 }
    }
}

/// Counts the shards of `manifest` whose address is among `addresses`: each address of a kept shard ends with the
/// shard's checksum, so that those of another version do not count.
pub fn kept(manifest: &Manifest, addresses: &[String]) -> Kept {
    let is_here = |entry: &ShardEntry| {
        addresses.iter().any(|address| address.ends_with(&format!("sha256={}", entry.sha256)))
    };
    let mut kept = Kept::default();
    for entry in manifest.train.shards.iter().chain(&manifest.test.shards) {
        kept.total += entry.bytes as u64;
        if is_here(entry) {
            kept.here += entry.bytes as u64;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DatasetId;

    fn manifest() -> Manifest {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/www/data/mnist/manifest.json");
        Manifest::parse_for(DatasetId::Mnist, &std::fs::read(file).unwrap()).unwrap()
    }

    #[test]
    fn shards_count_by_their_checksum_and_not_by_their_name() {
        let manifest = manifest();
        let shards: Vec<_> = manifest.train.shards.iter().chain(&manifest.test.shards).collect();
        let address =
            |entry: &ShardEntry, sum: &str| format!("http://x/data/mnist/{}?sha256={sum}", entry.file);
        let all: Vec<String> = shards.iter().map(|entry| address(entry, &entry.sha256)).collect();
        let total = shards.iter().map(|entry| entry.bytes as u64).sum();
        assert_eq!(kept(&manifest, &all), Kept { total, here: total });
        assert!(kept(&manifest, &all).is_complete());
        let old: Vec<String> = shards.iter().map(|entry| address(entry, &"0".repeat(64))).collect();
        assert_eq!(kept(&manifest, &old), Kept { total, here: 0 });
        assert_eq!(kept(&manifest, &all[..1]).here, shards[0].bytes as u64);
        assert_eq!(Kept::default().share(), 0.0);
    }
}
