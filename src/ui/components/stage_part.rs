//! One picture of a [`Stage`](super::Stage) under its caption.

use super::super::scene::Scene;
use super::{Picture, PointerHit};
use leptos::prelude::*;

/// The caption and `sentence` are the picture's name. `scene` draws it in the width at hand, in CSS px, which `width` then
/// holds, so that the cell under the pointer can be found.
#[component]
pub fn StagePart(
    caption: Signal<String>,
    sentence: Signal<String>,
    width: StoredValue<f64>,
    scene: impl Fn(f64) -> Scene + 'static,
    #[prop(into)] on_pointer: Callback<PointerHit>,
) -> impl IntoView {
    let scene = move |at_hand: f64| {
        width.set_value(at_hand);
        scene(at_hand)
    };
    let label = Signal::derive(move || format!("{}. {}", caption.get(), sentence.get()));
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">{move || caption.get()}</figcaption>
            <Picture scene=scene label=label on_pointer=on_pointer />
        </figure>
    }
}
