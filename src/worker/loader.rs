//! Brings images into the worker: from its memory, the Cache API or the network, in that order.
//!
//! Only the shards that the chosen subset needs are fetched, all at once. Every shard is compared
//! with the manifest's size and SHA-256, also one from the cache; a damaged one is fetched again.

use std::cell::Cell;
use std::sync::Arc;

use futures::future::try_join_all;

use super::clock::{now_ms, sleep};
use super::fetch::{self, FetchError};
use super::manifest;
use super::session::{Context, LoadedData};
use crate::data::manifest::FILE_NAME;
use crate::data::{DataError, DatasetId, LabeledImages, Manifest, ShardEntry, Split, shard};
use crate::protocol::{LoadProgress, RunId, WorkerEvent};

/// Waits before the second, third and fourth attempt, in milliseconds.
const BACK_OFF_MS: [u32; 3] = [500, 1_500, 4_000];

/// Makes the first `train` and `test` images of a dataset present in the session.
///
/// # Errors
/// If a file is missing, damaged or cannot be fetched after all attempts.
pub async fn load(
    context: &Context,
    run: RunId,
    dataset: DatasetId,
    train: usize,
    test: usize,
) -> Result<(), DataError> {
    let known = context.session.borrow().datasets.get(&dataset).map(|loaded| loaded.manifest.clone());
    let manifest = match known {
        Some(manifest) => manifest,
        None => fetch_manifest(context, run, dataset).await?,
    };
    let (have_train, have_test) = context
        .session
        .borrow()
        .datasets
        .get(&dataset)
        .map_or((0, 0), |loaded| (loaded.train.len(), loaded.test.len()));
    let missing = |split, samples, have| -> Result<Vec<ShardEntry>, DataError> {
        let shards = manifest.shards_for(split, samples)?;
        Ok(shards.iter().filter(|entry| entry.first >= have).cloned().collect())
    };
    let train_shards = missing(Split::Train, train, have_train)?;
    let test_shards = missing(Split::Test, test, have_test)?;
    let all = || train_shards.iter().chain(&test_shards);
    let meter = Meter::new(context, run, all().map(|entry| entry.bytes as u64).sum());
    let fetches = all().map(|entry| fetch_shard(context, run, &manifest, entry, &meter));
    let mut images = try_join_all(fetches).await?;
    let test_images = images.split_off(train_shards.len());
    store(context, dataset, &manifest, (have_train, &images), (have_test, &test_images));
    Ok(())
}

/// Appends what was fetched to what the session has.
fn store(
    context: &Context,
    dataset: DatasetId,
    manifest: &Manifest,
    (train_begin, train): (usize, &[LabeledImages]),
    (test_begin, test): (usize, &[LabeledImages]),
) {
    let mut session = context.session.borrow_mut();
    let empty = || Arc::new(LabeledImages::empty(manifest.image_shape));
    let loaded = session.datasets.entry(dataset).or_insert_with(|| LoadedData {
        manifest: manifest.clone(),
        train: empty(),
        test: empty(),
    });
    for (target, begin, shards) in
        [(&mut loaded.train, train_begin, train), (&mut loaded.test, test_begin, test)]
    {
        // A second request for the same images may have come first.
        if target.len() == begin && !shards.is_empty() {
            let mut joined = LabeledImages::clone(target);
            for images in shards {
                joined.append(images);
            }
            *target = Arc::new(joined);
        }
    }
}

async fn fetch_manifest(context: &Context, run: RunId, dataset: DatasetId) -> Result<Manifest, DataError> {
    let file = format!("{}/{FILE_NAME}", dataset.folder());
    let url = format!("data/{file}");
    // The newest one wins; without a network the last one seen does.
    let bytes = match fetch::bytes(&url, |_| ()).await {
        Ok(bytes) => {
            fetch::put_in_cache(&url, &bytes).await;
            bytes
        }
        Err(error) => match fetch::from_cache(&url).await {
            Some(bytes) => bytes,
            None => retry(context, run, &file, error, || fetch::bytes(&url, |_| ())).await?,
        },
    };
    manifest::parse_for(dataset, &bytes)
}

async fn fetch_shard(
    context: &Context,
    run: RunId,
    manifest: &Manifest,
    entry: &ShardEntry,
    meter: &Meter,
) -> Result<LabeledImages, DataError> {
    let folder = manifest.id.folder();
    let file = format!("{folder}/{}", entry.file);
    // The checksum in the address keeps shards of two versions of a dataset apart in the cache.
    let url = format!("data/{file}?sha256={}", &entry.sha256);
    if let Some(bytes) = fetch::from_cache(&url).await
        && shard::verify(entry, &bytes).is_ok()
    {
        meter.add_cached(bytes.len() as u64);
        return decode(manifest, entry, &bytes).await.map_err(|error| error.in_folder(folder));
    }
    let counted = Cell::new(0);
    let attempt = || async {
        meter.set(&counted, 0);
        let bytes = fetch::bytes(&url, |received| meter.set(&counted, received)).await?;
        shard::verify(entry, &bytes)
            .map_err(|error| FetchError::Damaged(Box::new(error.in_folder(folder))))?;
        Ok(bytes)
    };
    let bytes = match attempt().await {
        Ok(bytes) => bytes,
        Err(error) => retry(context, run, &file, error, attempt).await?,
    };
    fetch::put_in_cache(&url, &bytes).await;
    decode(manifest, entry, &bytes).await.map_err(|error| error.in_folder(folder))
}

async fn decode(
    manifest: &Manifest,
    entry: &ShardEntry,
    compressed: &[u8],
) -> Result<LabeledImages, DataError> {
    let raw = fetch::gunzip(compressed)
        .await
        .map_err(|detail| DataError::Gzip { file: entry.file.clone(), detail })?;
    shard::decode_entry(manifest, entry, &raw)
}

/// Tries again after longer and longer waits, and says so.
async fn retry<F: Future<Output = Result<Vec<u8>, FetchError>>>(
    context: &Context,
    run: RunId,
    file: &str,
    first: FetchError,
    attempt: impl Fn() -> F,
) -> Result<Vec<u8>, DataError> {
    let mut error = first.into_data_error(file);
    for (idx, wait_ms) in BACK_OFF_MS.into_iter().enumerate() {
        if matches!(error, DataError::Missing { .. }) {
            // A file that is not there will not be there a second later.
            break;
        }
        let attempt_number = idx as u32 + 2;
        context.send(WorkerEvent::Retrying { run, error: error.clone(), attempt: attempt_number, wait_ms });
        sleep(wait_ms).await;
        match attempt().await {
            Ok(bytes) => return Ok(bytes),
            Err(next) => error = next.into_data_error(file),
        }
    }
    Err(error)
}

/// Adds up the bytes of all shards and tells the page.
struct Meter {
    context: Context,
    run: RunId,
    progress: Cell<LoadProgress>,
    told_ms: Cell<f64>,
}

/// The least time between two messages, in milliseconds.
const INTERVAL_MS: f64 = 50.0;

impl Meter {
    fn new(context: &Context, run: RunId, total_bytes: u64) -> Self {
        let progress = LoadProgress { total_bytes, ..LoadProgress::default() };
        let meter =
            Self { context: context.clone(), run, progress: Cell::new(progress), told_ms: Cell::new(0.0) };
        if total_bytes > 0 {
            meter.change(|_| ());
        }
        meter
    }

    /// Replaces the bytes counted so far for one shard; a new attempt begins at 0 again.
    fn set(&self, counted: &Cell<u64>, received: u64) {
        let before = counted.replace(received);
        self.change(|progress| progress.received_bytes = progress.received_bytes + received - before);
    }

    fn add_cached(&self, bytes: u64) {
        self.change(|progress| {
            progress.received_bytes += bytes;
            progress.cached_bytes += bytes;
        });
    }

    fn change(&self, change: impl FnOnce(&mut LoadProgress)) {
        let mut progress = self.progress.get();
        change(&mut progress);
        self.progress.set(progress);
        let (now, is_complete) = (now_ms(), progress.received_bytes == progress.total_bytes);
        if is_complete || now - self.told_ms.get() >= INTERVAL_MS {
            self.told_ms.set(now);
            self.context.send(WorkerEvent::LoadProgress { run: self.run, progress });
        }
    }
}
