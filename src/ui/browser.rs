//! Small questions to the browser, each tolerating a browser that does not answer.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, closure::Closure};

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

/// The reader's languages, most wanted first.
pub fn languages() -> Vec<String> {
    window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// Whether a media query matches now.
pub fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
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
