//! The datasets in the repository, and what happens to damaged ones.
//!
//! Everything here reads the real shards in `www/data`; nothing is downloaded.

#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use svertka::data::manifest::FILE_NAME;
use svertka::data::shard::{self, HEADER_BYTES, MAX_RAW_BYTES};
use svertka::data::{
    DataError, DatasetId, DatasetSplits, LabeledImages, Manifest, ShardError, Split, files, gzip,
};
use svertka::ui::pages::training::class_counts;

/// The most that both datasets may weigh, bytes.
const MAX_TOTAL_BYTES: usize = 43_000_000;

fn data_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data")
}

fn manifest(id: DatasetId) -> Manifest {
    files::load_manifest(&data_dir(), id).unwrap()
}

fn shard_error(result: Result<LabeledImages, DataError>) -> ShardError {
    match result {
        Err(DataError::Shard { file, error }) if !file.is_empty() => error,
        other => panic!("{other:?} is not a shard's error"),
    }
}

/// A folder below the build's own temporary one, with a copy of one dataset.
fn copy_of(id: DatasetId, name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let folder = dir.join(id.folder());
    fs::create_dir_all(&folder).unwrap();
    for entry in fs::read_dir(data_dir().join(id.folder())).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    dir
}

#[test]
fn the_shards_on_disk_are_those_of_the_manifests() {
    let mut total = 0;
    for id in DatasetId::ALL {
        let manifest = manifest(id);
        assert_eq!((manifest.image_shape, manifest.classes.len()), ([28, 28, 1], 10), "{id}");
        assert_eq!((manifest.train.count, manifest.test.count), (60_000, 10_000), "{id}");
        let folder = data_dir().join(id.folder());
        let mut named: BTreeSet<String> = ["LICENSE.txt", FILE_NAME].map(str::to_owned).into();
        for entry in manifest.train.shards.iter().chain(&manifest.test.shards) {
            let bytes = fs::read(folder.join(&entry.file)).unwrap();
            shard::verify(entry, &bytes).unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(entry.count, 5_000, "{id}: {}", entry.file);
            assert!(named.insert(entry.file.clone()), "{id}: {} is named twice", entry.file);
        }
        let mut found = BTreeSet::new();
        for entry in fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            total += entry.metadata().unwrap().len() as usize;
            found.insert(entry.file_name().into_string().unwrap());
        }
        assert_eq!(found, named, "{id}: files in the folder and files in the manifest");
    }
    assert!(total <= MAX_TOTAL_BYTES, "{total} bytes");
}

#[test]
fn labels_are_distributed_as_published() {
    let mnist = [
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    ];
    let fashion = [[6_000; 10], [1_000; 10]];
    for (id, expected) in DatasetId::ALL.into_iter().zip([mnist, fashion]) {
        let (_, train, test) = files::load(&data_dir(), id, 60_000, 10_000).unwrap();
        assert_eq!([train.class_counts(10), test.class_counts(10)], expected.map(Vec::from), "{id}");
        let known = class_counts(id).map(|count| count as usize);
        assert_eq!(train.class_counts(10), known, "{id}: by these classes are balanced");
    }
}

#[test]
fn the_first_images_are_the_known_ones() {
    let (_, train, test) = files::load(&data_dir(), DatasetId::Mnist, 10, 3).unwrap();
    assert_eq!(train.labels(), [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    assert_eq!(test.labels(), [7, 2, 1]);
    // The top stroke of the first five: row 5, columns 12 to 23.
    let row = &train.image(0)[5 * 28..6 * 28];
    assert_eq!(row[12..24], [3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127]);
    let (_, train, _) = files::load(&data_dir(), DatasetId::FashionMnist, 5, 0).unwrap();
    assert_eq!(train.labels(), [9, 0, 0, 3, 0]);
}

#[test]
fn only_the_shards_of_the_subset_are_read() {
    let dir = copy_of(DatasetId::Mnist, "subset");
    let manifest = manifest(DatasetId::Mnist);
    for entry in &manifest.train.shards[2..] {
        fs::remove_file(dir.join("mnist").join(&entry.file)).unwrap();
    }
    let load = |samples| files::load_split(&dir, &manifest, Split::Train, samples);
    for samples in [0, 1, 5_000, 5_001, 10_000] {
        assert_eq!(load(samples).unwrap().len(), samples);
    }
    assert_eq!(load(10_001), Err(DataError::Missing { file: "mnist/train-02.bin".to_owned() }));
    for (samples, shards) in [(0, 0), (1, 1), (5_000, 1), (5_001, 2), (60_000, 12)] {
        assert_eq!(manifest.shards_for(Split::Train, samples).unwrap().len(), shards, "{samples} samples");
    }
    let too_many = DataError::NotEnoughSamples { split: Split::Test, requested: 10_001, available: 10_000 };
    assert_eq!(manifest.shards_for(Split::Test, 10_001), Err(too_many));
}

#[test]
fn a_cut_lengthened_or_altered_shard_is_named_as_such() {
    let dir = copy_of(DatasetId::FashionMnist, "damaged");
    let manifest = manifest(DatasetId::FashionMnist);
    let path = dir.join("fashion-mnist/test-01.bin");
    let good = fs::read(&path).unwrap();
    let load = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let result = files::load_split(&dir, &manifest, Split::Test, 10_000);
        let message = format!("{}", result.as_ref().unwrap_err());
        assert!(message.starts_with("fashion-mnist/test-01.bin: "), "{message}");
        shard_error(result)
    };
    let expected = good.len();
    let got = expected - 1;
    assert_eq!(load(&good[..got]), ShardError::Truncated { expected, got });
    assert_eq!(load(&[]), ShardError::Truncated { expected, got: 0 });
    let got = expected + 1;
    assert_eq!(load(&[&good[..], &[0]].concat()), ShardError::TrailingBytes { expected, got });
    for at in [0, 4, 9, expected / 2, expected - 1] {
        let mut altered = good.clone();
        altered[at] ^= 1;
        assert!(matches!(load(&altered), ShardError::WrongChecksum { .. }), "a bit flipped in byte {at}");
    }
}

#[test]
fn a_shard_is_made_again_bit_for_bit() {
    for id in DatasetId::ALL {
        let manifest = manifest(id);
        let images = files::load_split(&data_dir(), &manifest, Split::Test, 5_000).unwrap();
        let made = gzip::compress(&shard::encode(&images));
        let message = "the compressor changed: `make data` would write other bytes than the committed ones";
        assert_eq!(shard::sha256_hex(&made), manifest.test.shards[0].sha256, "{id}: {message}");
    }
}

/// Three tiny images and a manifest that describes them.
fn tiny() -> (Manifest, LabeledImages) {
    let mut manifest = manifest(DatasetId::Mnist);
    manifest.image_shape = [2, 3, 1];
    manifest.test.shards[0].count = 3;
    (manifest, LabeledImages::new([2, 3, 1], (10..28).collect(), vec![9, 0, 5]))
}

#[test]
fn a_container_comes_back_and_every_cut_is_refused() {
    let (manifest, images) = tiny();
    let bytes = shard::encode(&images);
    let entry = &manifest.test.shards[0];
    assert_eq!(shard::decode_entry(&manifest, entry, &bytes), Ok(images));
    for got in 0..bytes.len() {
        let expected = if got < HEADER_BYTES { HEADER_BYTES } else { bytes.len() };
        let truncated = ShardError::Truncated { expected, got };
        assert_eq!(shard::decode(&bytes[..got]), Err(truncated));
    }
    let longer = [&bytes[..], &[0]].concat();
    let trailing = ShardError::TrailingBytes { expected: bytes.len(), got: bytes.len() + 1 };
    assert_eq!(shard::decode(&longer), Err(trailing));
}

#[test]
fn every_flipped_bit_of_a_container_is_refused_or_changes_one_value() {
    let (manifest, images) = tiny();
    let bytes = shard::encode(&images);
    let compressed = gzip::compress(&bytes);
    let mut entry = manifest.test.shards[0].clone();
    (entry.bytes, entry.sha256) = (compressed.len(), shard::sha256_hex(&compressed));
    for bit in 0..compressed.len() * 8 {
        let mut altered = compressed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(shard::verify(&entry, &altered).is_err(), "bit {bit} of the compressed file");
    }
    for bit in 0..bytes.len() * 8 {
        let mut altered = bytes.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        let decoded = shard::decode_entry(&manifest, &entry, &altered);
        match bit / 8 {
            0..HEADER_BYTES => assert!(decoded.is_err(), "bit {bit} of the header"),
            byte if byte < HEADER_BYTES + 3 && altered[byte] >= 10 => {
                let (index, label) = (byte - HEADER_BYTES, altered[byte]);
                let expected = ShardError::LabelOutOfRange { index, label, num_classes: 10 };
                assert_eq!(shard_error(decoded), expected);
            }
            _ => assert_ne!(decoded.unwrap(), images, "bit {bit}"),
        }
    }
}

#[test]
fn a_header_that_asks_for_too_much_is_refused_before_anything_is_allocated() {
    let (_, images) = tiny();
    let mut bytes = shard::encode(&images);
    bytes[6..HEADER_BYTES].fill(0xff);
    let (count, shape) = (u32::MAX as usize, [65_535; 3]);
    assert_eq!(shard::decode(&bytes), Err(ShardError::BadSize { count, shape }));
    bytes[6..HEADER_BYTES].fill(0);
    assert_eq!(shard::decode(&bytes), Err(ShardError::BadSize { count: 0, shape: [0; 3] }));
    bytes[..4].copy_from_slice(b"PK\x03\x04");
    assert_eq!(shard::decode(&bytes), Err(ShardError::BadMagic { got: *b"PK\x03\x04" }));
    bytes[..6].copy_from_slice(b"SVSH\x02\0");
    assert_eq!(shard::decode(&bytes), Err(ShardError::UnknownVersion { expected: 1, got: 2 }));
    let bomb = gzip::compress(&vec![0; MAX_RAW_BYTES + 1]);
    assert!(gzip::decompress(&bomb, MAX_RAW_BYTES).is_err());
}

#[test]
fn another_shard_than_the_manifest_describes_is_refused() {
    let (mut manifest, images) = tiny();
    let bytes = shard::encode(&images);
    manifest.image_shape = [3, 2, 1];
    let decode =
        |manifest: &Manifest| shard_error(shard::decode_entry(manifest, &manifest.test.shards[0], &bytes));
    assert_eq!(decode(&manifest), ShardError::WrongShape { expected: [3, 2, 1], got: [2, 3, 1] });
    manifest.image_shape = [2, 3, 1];
    manifest.test.shards[0].count = 4;
    assert_eq!(decode(&manifest), ShardError::WrongCount { expected: 4, got: 3 });
}

#[test]
fn a_run_sees_its_subset_with_validation_at_the_end() {
    let (_, train, test) = files::load(&data_dir(), DatasetId::Mnist, 7_000, 1_000).unwrap();
    let all = train.clone();
    let splits = DatasetSplits::new(train, test, 7_000, 1_000);
    assert_eq!((splits.train.len(), splits.validation.len(), splits.test.len()), (6_000, 1_000, 1_000));
    assert_eq!(splits.validation.image(0), all.image(6_000));
}
