//! The browser's own `fetch`, Cache API and `DecompressionStream`.

use js_sys::{Array, ArrayBuffer, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Cache, CacheStorage, ReadableStreamDefaultReader, ReadableWritablePair, RequestCache, RequestInit,
    Response,
};

use super::clock::scope;
use crate::data::DataError;

/// Where shards are kept. The service worker answers from it too.
const CACHE_NAME: &str = "svertka-data-v1";

/// Why a file could not be fetched.
pub enum FetchError {
    /// The server does not have it.
    Missing,
    /// The server answered otherwise.
    Status(u16),
    /// There was no answer.
    Network(String),
    /// The bytes are not those of the manifest.
    Damaged(Box<DataError>),
}

impl FetchError {
    /// The same with the file's name.
    pub fn into_data_error(self, file: &str) -> DataError {
        let file = file.to_owned();
        match self {
            Self::Missing => DataError::Missing { file },
            Self::Status(status) => DataError::Unreadable { file, detail: format!("HTTP {status}") },
            Self::Network(_) if !scope().navigator().on_line() => DataError::Offline { file },
            Self::Network(detail) => DataError::NoAnswer { file, detail },
            Self::Damaged(error) => *error,
        }
    }
}

impl From<JsValue> for FetchError {
    fn from(error: JsValue) -> Self {
        Self::Network(text(&error))
    }
}

/// What a worker that was started from memory has in the place of its own folder, to which addresses are relative.
const BASE: &str = "svertkaBase";

/// The address of a file of the app.
fn address(url: &str) -> String {
    let base = Reflect::get(&scope(), &BASE.into()).ok().and_then(|base| base.as_string());
    format!("{}{url}", base.unwrap_or_default())
}

/// All bytes of a file; `progress` is told how many have come.
pub async fn bytes(url: &str, progress: impl Fn(u64)) -> Result<Vec<u8>, FetchError> {
    let url = &address(url);
    let options = RequestInit::new();
    // Shards are kept in the Cache API; a second copy in the browser's own cache is waste, and a
    // damaged one there would come back at every attempt.
    options.set_cache(RequestCache::NoStore);
    let response: Response =
        JsFuture::from(scope().fetch_with_str_and_init(url, &options)).await?.unchecked_into();
    match response.status() {
        200 => {}
        404 | 410 => return Err(FetchError::Missing),
        status => return Err(FetchError::Status(status)),
    }
    let Some(body) = response.body() else { return Ok(Vec::new()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let result = JsFuture::from(reader.read()).await?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let chunk: Uint8Array = Reflect::get(&result, &"value".into())?.unchecked_into();
        bytes.extend(chunk.to_vec());
        progress(bytes.len() as u64);
    }
}

/// What the cache has under this address. Without storage there is nothing.
pub async fn from_cache(url: &str) -> Option<Vec<u8>> {
    let found = JsFuture::from(cache().await?.match_with_str(url)).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    buffer(&response).await.ok()
}

/// Keeps bytes under this address. A full or forbidden storage is no error: they come again.
pub async fn put_in_cache(url: &str, bytes: &[u8]) {
    let Some(cache) = cache().await else { return };
    let body = Uint8Array::from(bytes);
    if let Ok(response) = Response::new_with_opt_js_u8_array(Some(&body)) {
        drop(JsFuture::from(cache.put_with_str(url, &response)).await);
    }
}

async fn cache() -> Option<Cache> {
    // A worker without an origin has none.
    let storage: CacheStorage = Reflect::get(&scope(), &"caches".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(storage.open(CACHE_NAME)).await.ok()?.dyn_into().ok()
}

/// Decompresses with the browser's own `DecompressionStream`; the error is its text.
pub async fn gunzip(compressed: &[u8]) -> Result<Vec<u8>, String> {
    let decompress = async {
        // web-sys has this type behind a compiler flag only.
        let constructor: Function =
            Reflect::get(&js_sys::global(), &"DecompressionStream".into())?.dyn_into()?;
        let stream = Reflect::construct(&constructor, &Array::of1(&"gzip".into()))?;
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(compressed)))?;
        let raw = blob.stream().pipe_through(stream.unchecked_ref::<ReadableWritablePair>());
        buffer(&Response::new_with_opt_readable_stream(Some(&raw))?).await
    };
    decompress.await.map_err(|error: JsValue| text(&error))
}

async fn buffer(response: &Response) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.unchecked_into();
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn text(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| format!("{error:?}"), |error| String::from(error.message()))
}
