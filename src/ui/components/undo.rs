//! Undo and redo: by buttons and by keys.

use super::super::i18n::use_i18n;
use super::super::translations::text;
use leptos::ev::{Event, KeyboardEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};

/// The buttons. `steps` says whether there are steps to take back, and to take again; `on_travel` takes one, and hears
/// whether it goes back.
#[component]
pub fn UndoButtons(
    #[prop(into)] steps: Signal<(bool, bool)>,
    #[prop(into)] on_travel: Callback<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let button = move |is_back: bool, label: Signal<String>, keys: &'static str| {
        let has = move || {
            let (back, forth) = steps.get();
            if is_back { back } else { forth }
        };
        view! {
            // A disabled button would lose the focus of the key that used it up.
            <button
                type="button"
                class="button"
                aria-disabled=move || (!has()).to_string()
                aria-keyshortcuts=keys
                on:click=move |_| on_travel.run(is_back)
            >
                {move || label.get()}
            </button>
        }
    };
    view! {
        <div class="buttons">
            {button(true, text!(i18n, convolution.kernel.undo), "Control+Z")}
            {button(false, text!(i18n, convolution.kernel.redo), "Control+Shift+Z Control+Y")}
        </div>
    }
}

/// Ctrl+Z takes back, Ctrl+Shift+Z and Ctrl+Y do again, and Cmd does what Ctrl does. In a field whose text is
/// being typed the browser's own undo comes first.
pub fn undo_by_keys(travel: impl FnOnce(bool), is_typing: bool, event: &KeyboardEvent) {
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
    travel(is_back);
}

/// Whether what changed is a text that is being typed.
pub fn is_text(event: &Event) -> bool {
    let Some(field) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
        return false;
    };
    let line = field.dyn_ref::<HtmlInputElement>();
    line.map_or_else(|| field.tag_name() == "TEXTAREA", |line| line.type_() == "text")
}
