//! Small questions to the browser, each tolerating a browser that does not answer.

use leptos::prelude::{document, queue_microtask, request_animation_frame, set_timeout, window};
use std::{rc::Rc, sync::Arc, time::Duration};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// How long a picture may take before nobody waits for it any longer.
const PAINT: Duration = Duration::from_millis(250);
/// What counts as a moment of rest where a browser does not tell of them, in ms.
const NO_IDLE_MS: u32 = 300;

/// What was remembered under that name; nothing when storage is off, as in some frames.
pub fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(&format!("svertka.{name}")).ok().flatten()
}

/// Remembers a value, if the browser lets us.
pub fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A full or forbidden storage only means that the choice is asked again.
        let _ = storage.set_item(&format!("svertka.{name}"), value);
    }
}

/// What was noted in this tab under that name; it outlives a reload, but not the tab.
pub fn noted(name: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(&format!("svertka.{name}")).ok().flatten()
}

/// Notes a value for this tab, if the browser lets us.
pub fn note(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        // A full or forbidden storage only means that a reload forgets.
        let _ = storage.set_item(&format!("svertka.{name}"), value);
    }
}

/// The reader's languages, most wanted first.
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Whether a media query matches now.
pub fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// Whether cards stand beside each other, as style sheets decide it.
pub fn has_two_columns() -> bool {
    matches_media("(min-width: 60rem)")
}

/// Whether the reader asked for less motion.
pub fn prefers_reduced_motion() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

/// Calls back whenever a media query's answer changes, for the life of the page.
pub fn on_media_change(query: &str, on_change: impl FnMut() + 'static) {
    let Ok(Some(list)) = window().match_media(query) else { return };
    let callback = Closure::<dyn FnMut()>::new(on_change);
    list.set_onchange(Some(callback.as_ref().unchecked_ref()));
    callback.forget();
    // The list must outlive this call, or some browsers collect it together with its handler.
    std::mem::forget(list);
}

/// Moves the focus to the page's heading, so that a screen reader starts there.
pub fn focus_heading() {
    leptos::prelude::request_animation_frame(|| {
        let heading = document().query_selector("main h1").ok().flatten();
        if let Some(heading) = heading.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that cannot take the focus is no harm.
            let _ = heading.focus();
        }
    });
}

/// Moves the focus to the element with this id, once it is there.
pub fn focus_id(id: String) {
    leptos::prelude::request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that cannot take the focus is no harm.
            let _ = element.focus();
        }
    });
}

/// How long a link to bytes outlives its last use: a download that was begun must find them, in ms.
const URL_GRACE_MS: u64 = 60_000;

/// An address for bytes in memory; clones share it, and it is given back some time after the last one.
#[derive(Clone)]
pub struct ObjectUrl(Arc<OwnedUrl>);

struct OwnedUrl {
    href: String,
    bytes: usize,
}

impl ObjectUrl {
    /// Gives `bytes` an address; none if the browser refuses.
    pub fn new(bytes: &[u8], media_type: &str) -> Option<ObjectUrl> {
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        let options = web_sys::BlobPropertyBag::new();
        options.set_type(media_type);
        let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
        let href = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
        Some(ObjectUrl(Arc::new(OwnedUrl { href, bytes: bytes.len() })))
    }

    /// The address.
    pub fn href(&self) -> &str {
        &self.0.href
    }

    /// How many bytes it leads to.
    pub fn bytes(&self) -> usize {
        self.0.bytes
    }
}

impl Drop for OwnedUrl {
    fn drop(&mut self) {
        let href = std::mem::take(&mut self.href);
        let revoke = move || {
            // An address that is gone needs no revoking.
            let _ = web_sys::Url::revoke_object_url(&href);
        };
        set_timeout(revoke, Duration::from_millis(URL_GRACE_MS));
    }
}

/// Saves bytes as a file, as if a link to them had been followed.
pub fn download(url: &ObjectUrl, file: &str) {
    let Ok(link) = document().create_element("a") else { return };
    let attributes = [("href", url.href()), ("download", file)];
    // Setting an attribute fails only for an illegal name.
    if attributes.into_iter().all(|(name, value)| link.set_attribute(name, value).is_ok()) {
        link.unchecked_into::<web_sys::HtmlElement>().click();
        // No browser says whether a frame was allowed to: who stands in one tells the reader what to do if not.
        if let Ok(event) = web_sys::Event::new(SAVED) {
            let _ = window().dispatch_event(&event);
        }
    }
}

/// Heard by the window when the browser was asked to save a file.
pub const SAVED: &str = "svertka-saved";

/// A name that every disk takes.
pub fn plain_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    name.chars().map(plain).collect()
}

/// Puts a text on the clipboard and calls back once it is there; a browser may refuse.
pub fn copy_text(text: &str, on_done: leptos::prelude::Callback<()>) {
    use leptos::prelude::Callable;
    let navigator = window().navigator();
    // A page that did not come over a secure connection has no clipboard.
    if !js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_object()) {
        return;
    }
    let written = JsFuture::from(navigator.clipboard().write_text(text));
    wasm_bindgen_futures::spawn_local(async move {
        if written.await.is_ok() {
            on_done.run(());
        }
    });
}

/// The address of the app, without page and state.
pub fn base_address() -> String {
    let href = window().location().href().unwrap_or_default();
    let base = href.split(['#', '?']).next().unwrap_or_default();
    base.strip_suffix("index.html").unwrap_or(base).to_owned()
}

/// Whether this page has no origin of its own, as in a frame with `sandbox` and without `allow-same-origin`: then
/// it has no storage either.
pub fn has_no_origin() -> bool {
    let origin = js_sys::Reflect::get(&window(), &"origin".into()).ok();
    origin.and_then(|origin| origin.as_string()).is_some_and(|origin| origin == "null")
}

/// Where a worker can be started that has this loader. A page without an origin may start none from its host, not even
/// from the folder it came from: the loader's two lines come from memory there, and tell the worker where it belongs.
pub fn worker_address(loader: String) -> String {
    if !has_no_origin() {
        return loader;
    }
    let stem = format!("{}{}", base_address(), loader.strip_suffix("_loader.js").unwrap_or(&loader));
    let [base, script, program] =
        [base_address(), format!("{stem}.js"), format!("{stem}_bg.wasm")].map(serde_json::Value::from);
    // A worker from memory takes the page's policy along, which sends addresses of scripts through a policy of its own.
    let text = format!(
        "if (self.trustedTypes) trustedTypes.createPolicy('default', {{ createScriptURL: address => address }}); \
         self.svertkaBase = {base}; importScripts({script}); wasm_bindgen({{ module_or_path: {program} }});"
    );
    // Helpers of the worker are started from the same address, at any time.
    let url = ObjectUrl::new(text.as_bytes(), "text/javascript");
    let address = url.as_ref().map_or(loader, |url| url.href().to_owned());
    std::mem::forget(url);
    address
}

/// Whether what is kept here outlives the page.
pub fn has_storage() -> bool {
    window().local_storage().is_ok_and(|storage| storage.is_some())
}

/// The files of an input or of a drop, in order.
pub fn files_of(list: Option<web_sys::FileList>) -> Vec<web_sys::File> {
    list.map(|list| (0..list.length()).filter_map(|idx| list.item(idx)).collect()).unwrap_or_default()
}

/// Reads a file; nothing when it cannot be read, as when it was moved meanwhile.
pub async fn read_file(file: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Does it once the browser has shown what is there now, at the latest after a quarter of a second.
pub fn after_paint(work: impl Fn() + 'static) {
    if document().hidden() {
        queue_microtask(work);
        return;
    }
    let work = Rc::new(work);
    let painted = work.clone();
    request_animation_frame(move || set_timeout(move || painted(), Duration::ZERO));
    // A tab that is left in this moment is painted no more.
    set_timeout(move || work(), PAINT);
}

/// Waits until the browser has nothing else to do, at most so many ms.
pub async fn idle(most_ms: u32) {
    // WebKit has no such moments.
    if !js_sys::Reflect::has(&window(), &"requestIdleCallback".into()).unwrap_or(false) {
        sleep(NO_IDLE_MS).await;
        return;
    }
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        let options = web_sys::IdleRequestOptions::new();
        options.set_timeout(most_ms);
        // Refused only to a page that is gone.
        let _ = window().request_idle_callback_with_options(&resolve, &options);
    });
    drop(JsFuture::from(promise).await);
}

/// Waits so many ms, at least until the event loop has done what was waiting.
pub async fn sleep(ms: u32) {
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        // Without a timer nobody would ever wake up; browsers refuse one only to a page that is gone.
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32);
    });
    drop(JsFuture::from(promise).await);
}
