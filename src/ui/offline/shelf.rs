//! What the browser keeps of the program and of the datasets.

use js_sys::{Array, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, CacheStorage, Request, Response};

use super::{Kept, kept};
use crate::data::{DatasetId, Manifest, manifest::FILE_NAME};

/// Where the training worker keeps shards.
const DATA: &str = "svertka-data-v1";

/// Whether the browser keeps anything for this page; it does not over plain HTTP, nor in some frames.
pub fn is_possible() -> bool {
    storage().is_some()
}

/// Whether the program itself opens without a network: a service worker answers for this page.
pub fn is_program_kept() -> bool {
    let navigator = window().navigator();
    Reflect::get(&navigator, &"serviceWorker".into())
        .and_then(|container| Reflect::get(&container, &"controller".into()))
        .is_ok_and(|controller| controller.is_object())
}

/// How much of a dataset is here; nothing if its list cannot be read now.
pub async fn look(dataset: DatasetId) -> Option<Kept> {
    let address = format!("data/{}/{FILE_NAME}", dataset.folder());
    let response: Response = JsFuture::from(window().fetch_with_str(&address)).await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    let manifest = Manifest::parse_for(dataset, text.as_bytes()).ok()?;
    Some(kept(&manifest, &addresses().await.unwrap_or_default()))
}

/// Removes what is here of a dataset.
pub async fn remove(dataset: DatasetId) {
    let Ok(cache) = cache().await else { return };
    let folder = format!("/data/{}/", dataset.folder());
    for address in addresses().await.unwrap_or_default() {
        // The list of shards stays: it is small, and training without a network begins with it.
        if address.contains(&folder) && !address.ends_with(FILE_NAME) {
            // What cannot be removed is still shown as being here.
            drop(JsFuture::from(cache.delete_with_str(&address)).await);
        }
    }
}

async fn addresses() -> Result<Vec<String>, JsValue> {
    let keys: Array = JsFuture::from(cache().await?.keys()).await?.dyn_into()?;
    Ok(keys.iter().filter_map(|key| key.dyn_into::<Request>().ok()).map(|request| request.url()).collect())
}

async fn cache() -> Result<Cache, JsValue> {
    let storage = storage().ok_or(JsValue::NULL)?;
    JsFuture::from(storage.open(DATA)).await?.dyn_into()
}

/// A browser that keeps nothing has no such thing, or refuses it.
fn storage() -> Option<CacheStorage> {
    Reflect::get(&window(), &"caches".into()).ok()?.dyn_into().ok()
}
