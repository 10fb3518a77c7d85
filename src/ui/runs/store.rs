//! [`Store`]: runs in the browser's IndexedDB: a text for each, and blocks of numbers beside it.
//!
//! Written on `web_sys` itself: the crates for IndexedDB say of a transaction that failed only that it was
//! aborted, and here the reader must be told when the device is full. A promise's own functions serve as
//! event handlers, so that nothing has to be kept alive or freed.

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

/// The database of the page.
pub const DATABASE: &str = "svertka";
/// Of its layout.
const VERSION: u32 = 1;
/// Texts by id.
const RUNS: &str = "runs";
/// Lists of `Float32Array` by id and part.
const WEIGHTS: &str = "weights";

/// Which weights of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// After the last epoch, with what training needs to go on.
    Last,
    /// Of the best epoch.
    Best,
    /// A file of `ModelCheckpoint`, by its name.
    File(&'a str),
    /// A piece of a file of `TensorBoard`, by its name and number: one `Uint8Array`.
    Log(&'a str, usize),
}

/// Why something was not stored or read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// There is no storage here: a private window, a sandboxed frame, or storage is forbidden.
    Missing,
    /// The browser gives no more room.
    Full,
    /// Anything else; the browser's own words.
    Failed(String),
}

/// An open database; clones share it.
#[derive(Clone)]
pub struct Store {
    database: IdbDatabase,
}

impl Store {
    /// Opens or makes a database.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the browser lets us have none.
    pub async fn open(name: &str) -> Result<Self, StoreError> {
        let missing = |_| StoreError::Missing;
        // The same in a page and in a worker; a frame without an origin throws, an old private window has none.
        let factory = Reflect::get(&js_sys::global(), &"indexedDB".into()).map_err(missing)?;
        let factory: IdbFactory = factory.dyn_into().map_err(missing)?;
        let request: IdbOpenDbRequest = factory.open_with_u32(name, VERSION).map_err(missing)?;
        let opening = request.clone();
        let make = Closure::once_into_js(move || {
            if let Ok(database) = opening.result() {
                let database: IdbDatabase = database.unchecked_into();
                for store in [RUNS, WEIGHTS] {
                    // A store that cannot be made shows when it is used.
                    let _ = database.create_object_store(store);
                }
            }
        });
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        let database: IdbDatabase = answer(&request).await.map_err(|_| StoreError::Missing)?.unchecked_into();
        // A later program in another tab must not wait for this page to be closed.
        let closing = database.clone();
        let close = Closure::<dyn Fn()>::new(move || closing.close());
        database.set_onversionchange(Some(close.into_js_value().unchecked_ref()));
        Ok(Self { database })
    }

    /// The texts of all runs.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn list(&self) -> Result<Vec<String>, StoreError> {
        let (_, [runs]) = self.begin([RUNS], IdbTransactionMode::Readonly)?;
        let texts: Array = answer(&runs.get_all().map_err(failed)?).await?.unchecked_into();
        Ok(texts.iter().filter_map(|text| text.as_string()).collect())
    }

    /// The text of one run.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn text(&self, id: &str) -> Result<Option<String>, StoreError> {
        let (_, [runs]) = self.begin([RUNS], IdbTransactionMode::Readonly)?;
        Ok(answer(&runs.get(&id.into()).map_err(failed)?).await?.as_string())
    }

    /// Weights of a run.
    ///
    /// # Errors
    /// If they cannot be read.
    pub async fn weights(&self, id: &str, part: Part<'_>) -> Result<Option<Array>, StoreError> {
        let (_, [weights]) = self.begin([WEIGHTS], IdbTransactionMode::Readonly)?;
        Ok(answer(&weights.get(&key(id, part)).map_err(failed)?).await?.dyn_into().ok())
    }

    /// Stores a run, all of it or nothing. `text` makes its text from the one that is there; what is in no
    /// part stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Full`] if there is no room; then everything is as before.
    pub async fn put(
        &self,
        id: &str,
        text: impl FnOnce(Option<String>) -> String,
        parts: &[(Part<'_>, &Array)],
    ) -> Result<(), StoreError> {
        let (transaction, [runs, weights]) = self.begin([RUNS, WEIGHTS], IdbTransactionMode::Readwrite)?;
        let before = answer(&runs.get(&id.into()).map_err(failed)?).await?.as_string();
        let put = || -> Result<(), JsValue> {
            runs.put_with_key(&text(before).into(), &id.into())?;
            for (part, blocks) in parts {
                weights.put_with_key(blocks, &key(id, *part))?;
            }
            Ok(())
        };
        if let Err(error) = put() {
            // One that is over already needs no abort.
            let _ = transaction.abort();
            return Err(failed(error));
        }
        end(&transaction).await
    }

    /// Removes some weights of a run; those that are not there are no harm.
    ///
    /// # Errors
    /// If they cannot be removed.
    pub async fn discard(&self, id: &str, parts: &[Part<'_>]) -> Result<(), StoreError> {
        if parts.is_empty() {
            return Ok(());
        }
        let (transaction, [weights]) = self.begin([WEIGHTS], IdbTransactionMode::Readwrite)?;
        for part in parts {
            weights.delete(&key(id, *part)).map_err(failed)?;
        }
        end(&transaction).await
    }

    /// Removes runs, or their weights alone and puts `texts` in their texts' place.
    ///
    /// # Errors
    /// If they cannot be removed.
    pub async fn remove(&self, ids: &[String], texts: Option<&[String]>) -> Result<(), StoreError> {
        let (transaction, [runs, weights]) = self.begin([RUNS, WEIGHTS], IdbTransactionMode::Readwrite)?;
        for (idx, id) in ids.iter().enumerate() {
            weights.delete(&all_keys(id)?).map_err(failed)?;
            match texts.and_then(|texts| texts.get(idx)) {
                Some(text) => runs.put_with_key(&text.into(), &id.into()).map_err(failed)?,
                None => runs.delete(&id.into()).map_err(failed)?,
            };
        }
        end(&transaction).await
    }

    fn begin<const N: usize>(
        &self,
        names: [&str; N],
        mode: IdbTransactionMode,
    ) -> Result<(IdbTransaction, [IdbObjectStore; N]), StoreError> {
        let list: Array = names.iter().map(|name| JsValue::from_str(name)).collect();
        let transaction =
            self.database.transaction_with_str_sequence_and_mode(&list, mode).map_err(failed)?;
        let mut stores = Vec::with_capacity(N);
        for name in names {
            stores.push(transaction.object_store(name).map_err(failed)?);
        }
        let stores = stores.try_into().map_err(|_| StoreError::Failed(String::new()))?;
        Ok((transaction, stores))
    }
}

/// Numbers as a block that IndexedDB stores as it is.
pub fn blocks<'a>(values: impl IntoIterator<Item = &'a [f32]>) -> Array {
    values.into_iter().map(|block| JsValue::from(js_sys::Float32Array::from(block))).collect()
}

/// Blocks as numbers.
pub fn numbers(blocks: &Array) -> Vec<Vec<f32>> {
    let number = |block: JsValue| block.dyn_into::<js_sys::Float32Array>().map(|block| block.to_vec());
    blocks.iter().filter_map(|block| number(block).ok()).collect()
}

/// Bytes as a block that IndexedDB stores as it is.
pub fn byte_block(bytes: &[u8]) -> Array {
    Array::of1(&js_sys::Uint8Array::from(bytes))
}

/// The bytes of a block.
pub fn bytes_of(block: &Array) -> Vec<u8> {
    block.get(0).dyn_into::<js_sys::Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default()
}

fn key(id: &str, part: Part<'_>) -> JsValue {
    match part {
        Part::Last => format!("{id}/last").into(),
        Part::Best => format!("{id}/best").into(),
        Part::File(path) => format!("{id}/file/{path}").into(),
        Part::Log(path, number) => format!("{id}/log/{number}/{path}").into(),
    }
}

/// The range of all keys of one run: whatever begins with its id and a slash, after which comes `0`.
fn all_keys(id: &str) -> Result<JsValue, StoreError> {
    let range = || {
        let kind = Reflect::get(&js_sys::global(), &"IDBKeyRange".into())?;
        let bound: Function = Reflect::get(&kind, &"bound".into())?.dyn_into()?;
        let (from, to) = (format!("{id}/"), format!("{id}0"));
        bound.call4(&kind, &from.into(), &to.into(), &false.into(), &true.into())
    };
    range().map_err(failed)
}

async fn answer(request: &IdbRequest) -> Result<JsValue, StoreError> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(done).await {
        Ok(_) => request.result().map_err(failed),
        Err(_) => Err(reason(request.error().ok().flatten())),
    }
}

async fn end(transaction: &IdbTransaction) -> Result<(), StoreError> {
    let done = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(done).await.map(|_| ()).map_err(|_| reason(transaction.error()))
}

fn reason(error: Option<DomException>) -> StoreError {
    match error {
        Some(error) if is_full(&error.name()) => StoreError::Full,
        Some(error) => StoreError::Failed(format!("{}: {}", error.name(), error.message())),
        None => StoreError::Failed(String::new()),
    }
}

fn failed(error: JsValue) -> StoreError {
    match error.dyn_into::<DomException>() {
        Ok(error) => reason(Some(error)),
        Err(error) => StoreError::Failed(format!("{error:?}")),
    }
}

/// Chromium says `QuotaExceededError`, Firefox has said `NS_ERROR_DOM_…` of the same name.
fn is_full(name: &str) -> bool {
    name.to_ascii_lowercase().contains("quota")
}
