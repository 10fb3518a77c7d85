//! Undo and redo from the keyboard.

use super::Desk;
use leptos::ev::{Event, KeyboardEvent};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Ctrl+Z takes back, Ctrl+Shift+Z and Ctrl+Y do again, and Cmd does what Ctrl does. In a field whose text is
/// being typed the browser's own undo comes first.
pub fn undo_by_keys(desk: &Desk, is_typing: bool, event: &KeyboardEvent) {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || is_typing {
        return;
    }
    // By the place of the key, as other layouts have other letters there.
    let is_back = match (event.code().as_str(), event.shift_key()) {
        ("KeyZ", false) => true,
        ("KeyZ", true) | ("KeyY", false) => false,
        _ => return,
    };
    event.prevent_default();
    desk.travel(is_back);
}

/// Whether what changed is a text that is being typed.
pub fn is_text(event: &Event) -> bool {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    field.is_some_and(|field| field.type_() == "text")
}
