//! How much room the browser gives, and whether it may take it back.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{StorageEstimate, StorageManager};

/// What the browser says of its storage for this address, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Taken, by everything of this address: runs, images, the program itself.
    pub used: f64,
    /// What may be taken.
    pub quota: f64,
    /// Whether it is kept until the reader removes it; otherwise the browser may make room for others.
    pub is_persisted: bool,
}

/// Asks; nothing where the browser does not say, as on an insecure address.
pub async fn room() -> Option<Room> {
    let storage = manager()?;
    let estimate: StorageEstimate = JsFuture::from(storage.estimate().ok()?).await.ok()?.unchecked_into();
    let is_persisted = match storage.persisted() {
        Ok(asked) => JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy()),
        Err(_) => false,
    };
    Some(Room { used: estimate.get_usage()?, quota: estimate.get_quota()?, is_persisted })
}

/// Asks the browser to keep everything until the reader removes it; whether it agrees.
pub async fn persist() -> bool {
    let asked = manager().and_then(|storage| storage.persist().ok());
    match asked {
        Some(asked) => JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy()),
        None => false,
    }
}

fn manager() -> Option<StorageManager> {
    let navigator = window().navigator();
    let storage = js_sys::Reflect::get(&navigator, &"storage".into()).ok()?;
    storage.is_object().then(|| storage.unchecked_into())
}
