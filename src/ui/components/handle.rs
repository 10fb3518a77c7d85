//! A picture whose contents are dragged by the pointer and moved by the keys.

use super::super::scene::{Point, Scene};
use super::super::walk::sign_of_key;
use super::Picture;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::{html, prelude::*};

/// `label` names what is moved and `said` says where it is. `on_drag` hears the place of a pressed pointer, the width of
/// the picture in CSS px, and whether the press begins there; `on_drop` that it was released. `on_key` hears a key and
/// whether Shift is down, and says whether it took it.
#[component]
pub fn Handle(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] said: Signal<String>,
    scene: impl Fn(f64) -> Scene + 'static,
    #[prop(into)] on_drag: Callback<(Point, f64, bool)>,
    #[prop(into)] on_drop: Callback<()>,
    #[prop(into)] on_key: Callback<(String, bool), bool>,
) -> impl IntoView {
    let frame = NodeRef::<html::Div>::new();
    let is_pressed = StoredValue::new(false);
    let tell = move |event: &PointerEvent, begins: bool| {
        let Some(rect) = frame.get_untracked().map(|frame| frame.get_bounding_client_rect()) else { return };
        let (x, y) = (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top());
        on_drag.run((Point { x, y }, rect.width(), begins));
    };
    let on_down = move |event: PointerEvent| {
        // Only what drags: not the right button, not a second finger.
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        if let Some(frame) = frame.get_untracked() {
            // Without it dragging ends at the edge, no more.
            let _ = frame.set_pointer_capture(event.pointer_id());
        }
        is_pressed.set_value(true);
        tell(&event, true);
    };
    let on_move = move |event: PointerEvent| {
        if is_pressed.get_value() {
            tell(&event, false);
        }
    };
    let on_up = move |_: PointerEvent| {
        is_pressed.set_value(false);
        on_drop.run(());
    };
    let key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let (key, code) = (event.key(), event.code());
        if on_key.run((sign_of_key(&key, &code).to_owned(), event.shift_key())) {
            event.prevent_default();
        }
    };
    view! {
        <div
            class="handle"
            node_ref=frame
            tabindex="0"
            role="application"
            aria-label=move || format!("{}. {}", label.get(), said.get())
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:keydown=key
        >
            <Picture scene=scene label=said />
        </div>
    }
}
