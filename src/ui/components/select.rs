//! One choice of many.

use super::{Choice, Field, fresh_id};
use leptos::prelude::*;

/// The list, with its label.
#[component]
pub fn Select(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional)] hidden_label: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
) -> impl IntoView {
    let id = fresh_id("select");
    let hint_id = format!("{id}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    let option = move |(stored, shown): Choice| {
        let own = stored.clone();
        view! { <option value=stored selected=move || value.read() == own>{shown}</option> }
    };
    view! {
        <Field label=label id=id.clone() hidden_label=hidden_label>
            <select
                class="input"
                id=id
                aria-describedby=described
                prop:value=move || {
                    choices.track();
                    value.get()
                }
                disabled=move || disabled.get()
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {move || choices.get().into_iter().map(option).collect_view()}
            </select>
            {hint.map(|hint| view! { <span class="field__hint" id=hint_id>{move || hint.get()}</span> })}
        </Field>
    }
}
