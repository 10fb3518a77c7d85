//! A labelled place for a control, and a card.

use leptos::prelude::*;

/// A label above its control; `id` is the control's. With `hidden_label` the name is only spoken.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] id: String,
    #[prop(optional)] hidden_label: bool,
    children: Children,
) -> impl IntoView {
    let class = if hidden_label { "visually-hidden" } else { "field__label" };
    view! {
        <div class="field">
            <label class=class for=id>{move || label.get()}</label>
            {children()}
        </div>
    }
}

/// A titled section on its own surface.
#[component]
pub fn Card(
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let id = super::fresh_id("card");
    let labelled_by = id.clone();
    view! {
        <section class=format!("card {class}") aria-labelledby=labelled_by>
            <h2 class="card__title" id=id>{move || title.get()}</h2>
            {children()}
        </section>
    }
}
