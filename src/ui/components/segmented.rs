//! A few choices side by side: radio buttons, so arrows and screen readers work as everywhere.

use super::{Choice, fresh_id};
use leptos::prelude::*;

/// The group. With `hidden_label` the name is only spoken.
#[component]
pub fn Segmented(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional)] hidden_label: bool,
    #[prop(optional)] compact: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let name = fresh_id("segments");
    let label_class = if hidden_label { "visually-hidden" } else { "field__label" };
    let segment = move |(stored, shown): Choice| {
        let own = stored.clone();
        let checked = move || value.read() == own;
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name=name.clone()
                    value=stored.clone()
                    prop:checked=checked
                    disabled=move || disabled.get()
                    on:change=move |_| on_change.run(stored.clone())
                />
                <span>{shown}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class=label_class>{move || label.get()}</legend>
            <div class="segments" class:segments--compact=compact>
                {move || choices.get().into_iter().map(&segment).collect_view()}
            </div>
        </fieldset>
    }
}
