//! Controls of a [`RunSpec`](crate::engine::spec::RunSpec): Keras's name beside the translated one,
//! what it means, its default, and what is wrong with it.

use leptos::{ev::KeyboardEvent, prelude::*};

use super::form::Form;
use super::words::words;
use crate::ui::arguments::counts_up;
use crate::ui::components::{Choice, fresh_id};
use crate::ui::i18n::{t, use_i18n};
use crate::ui::locale::parse_decimals;
use crate::ui::pages::training::Field;

/// A number.
#[component]
pub fn ArgumentField(field: Field, form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let id = fresh_id(field.name());
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let bounds = field.bounds();
    let value = Memo::new(move |_| field.get(&form.job.read()));
    let shown = move || {
        let draft = form.draft(field);
        draft.unwrap_or_else(|| {
            let text = value.get().map(|value| words(i18n).number(field, value)).unwrap_or_default();
            text.replace(['\u{202f}', ','], if text.contains('\u{202f}') { "" } else { "," })
        })
    };
    let error = Memo::new(move |_| form.error_of(field, words(i18n)));
    let typed = move |text: &str| parse_decimals(text, bounds.decimals).filter(|value| bounds.allows(*value));
    let accept = move |text: String| match typed(&text) {
        Some(number) => form.set(field, number),
        None => form.reject(field, text),
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(up) = counts_up(&event.key()) else { return };
        event.prevent_default();
        if let Some(value) = value.get_untracked() {
            form.set(field, bounds.nudged(value, up));
        }
    };
    let default = move || {
        let value = field.default_in(&form.job.read()).map(|value| words(i18n).number(field, value));
        value.map(|value| t!(i18n, training.default, value))
    };
    let described = format!("{hint_id} {error_id}");
    view! {
        <div class="field argument">
            <label class="field__label" for=id.clone()>
                {move || words(i18n).label(field)} " " <code lang="en">{field.name()}</code>
            </label>
            <input
                class="input"
                id=id
                type="text"
                inputmode=if bounds.decimals == 0 { "numeric" } else { "decimal" }
                autocomplete="off"
                prop:value=shown
                aria-invalid=move || error.read().is_some().to_string()
                aria-describedby=described
                on:change=move |event| accept(event_target_value(&event))
                on:keydown=on_key
            />
            <span class="field__hint" id=hint_id>{move || words(i18n).help(field)} " " {default}</span>
            <span class="field__error" id=error_id hidden=move || error.read().is_none()>
                {move || error.get()}
            </span>
        </div>
    }
}

/// One of a few names that are the same in every language.
#[component]
pub fn ChoiceField(
    #[prop(into)] label: Signal<String>,
    name: &'static str,
    #[prop(into)] help: Signal<String>,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
) -> impl IntoView {
    let id = fresh_id(name);
    let hint_id = format!("{id}-hint");
    let option = move |(stored, shown): Choice| {
        let own = stored.clone();
        view! { <option value=stored selected=move || value.read() == own>{shown}</option> }
    };
    view! {
        <div class="field argument argument--list">
            <label class="field__label" for=id.clone()>
                {move || label.get()} " " <code lang="en">{name}</code>
            </label>
            <select
                class="input"
                id=id.clone()
                aria-describedby=hint_id.clone()
                prop:value=move || {
                    choices.track();
                    value.get()
                }
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {move || choices.get().into_iter().map(option).collect_view()}
            </select>
            <span class="field__hint" id=hint_id>{move || help.get()}</span>
        </div>
    }
}

/// Yes or no.
#[component]
pub fn CheckField(
    #[prop(into)] label: Signal<String>,
    name: &'static str,
    #[prop(into)] help: Signal<String>,
    #[prop(into)] value: Signal<bool>,
    #[prop(into)] on_change: Callback<bool>,
) -> impl IntoView {
    let id = fresh_id(name);
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label class="check" for=id.clone()>
                <input
                    type="checkbox"
                    id=id.clone()
                    prop:checked=move || value.get()
                    aria-describedby=hint_id.clone()
                    on:change=move |event| on_change.run(event_target_checked(&event))
                />
                <span>{move || label.get()} " " <code lang="en">{name}</code></span>
            </label>
            <span class="field__hint" id=hint_id>{move || help.get()}</span>
        </div>
    }
}
