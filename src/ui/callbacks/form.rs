//! The form of one callback: every argument of Keras with its meaning and its default.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use serde_json::Value;

use super::argument::{Argument, ArgumentKind, arguments, default_value, value, with_text, written};
use super::drafts::Drafts;
use super::help::{help, kind_error};
use crate::engine::callbacks::CallbackSpec;
use crate::ui::components::fresh_id;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::training::words;

/// The handles that every field shares.
#[derive(Clone, Copy)]
struct Handles {
    /// The callback's position in its list.
    position: usize,
    spec: Signal<CallbackSpec>,
    on_change: Callback<CallbackSpec>,
    monitors: Signal<Vec<String>>,
    drafts: RwSignal<Drafts>,
}

/// The fields. `on_change` hears of every callback that can be written down; whether it fits the run is for
/// whoever shows the form to say. `monitors` are the values that can be watched, `drafts` the texts of the list
/// that are no values.
#[component]
pub fn CallbackForm(
    position: usize,
    #[prop(into)] spec: Signal<CallbackSpec>,
    #[prop(into)] on_change: Callback<CallbackSpec>,
    monitors: Signal<Vec<String>>,
    drafts: RwSignal<Drafts>,
) -> impl IntoView {
    let handles = Handles { position, spec, on_change, monitors, drafts };
    let i18n = use_i18n();
    // Fields stay while their values change; another schedule brings others.
    let names = Memo::new(move |_| {
        let spec = spec.read();
        arguments(&spec).into_iter().map(|argument| (spec.class_name(), argument)).collect::<Vec<_>>()
    });
    let is_empty = move || names.read().is_empty();
    let field = move |(class_name, argument): (&'static str, Argument)| {
        view! { <ArgumentRow class_name argument handles /> }
    };
    view! {
        <div class="callback-form">
            <p class="note" hidden=move || !is_empty()>{t!(i18n, callbacks.form.none)}</p>
            <For
                each=move || names.get()
                key=|(class_name, argument)| (*class_name, argument.name, format!("{:?}", argument.kind))
                children=field
            />
        </div>
    }
}

#[component]
fn ArgumentRow(class_name: &'static str, argument: Argument, handles: Handles) -> impl IntoView {
    let i18n = use_i18n();
    let Handles { position, spec, on_change, monitors, drafts } = handles;
    let Argument { name, kind } = argument;
    let place = (position, class_name, name);
    let id = fresh_id(name);
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let shown = Memo::new(move |_| written(&value(&spec.read(), name).unwrap_or_default()));
    // What was typed and is no value.
    let draft = Memo::new(move |_| drafts.read().get(place).map(str::to_owned));
    let accept = move |text: String| {
        let changed = with_text(&spec.read_untracked(), name, &text);
        drafts.update(|drafts| drafts.set(place, changed.is_none().then_some(text)));
        if let Some(changed) = changed {
            on_change.run(changed);
        }
    };
    let default = move || {
        let default = default_value(&spec.read(), name).unwrap_or_default();
        let value = match (&default, kind) {
            (Value::Null, _) => "None".to_owned(),
            (Value::Bool(flag), _) => if *flag { "True" } else { "False" }.to_owned(),
            (_, ArgumentKind::Text | ArgumentKind::Monitor | ArgumentKind::Choice(_)) => written(&default),
            _ => spoken(&written(&default), kind, words(i18n).language),
        };
        t_string!(i18n, callbacks.form.default, value).to_string()
    };
    let error = move || draft.read().is_some().then(|| kind_error(i18n, kind));
    let described = format!("{hint_id} {error_id}");
    let control = match kind {
        ArgumentKind::Flag => view! {
            <input
                type="checkbox"
                id=id.clone()
                prop:checked=move || shown.read().as_str() == "true"
                aria-describedby=described
                on:change=move |event| accept(event_target_checked(&event).to_string())
            />
        }
        .into_any(),
        ArgumentKind::Choice(choices) => {
            let names = Signal::stored(choices.iter().map(|choice| (*choice).to_owned()).collect());
            // The schedules have long names, which a narrow list would cut off.
            let is_wide = name == "schedule";
            view! { <Names id=id.clone() names value=shown.into() on_choose=accept described is_wide /> }
                .into_any()
        }
        ArgumentKind::Monitor => {
            // What is watched is shown even where nothing of that name is measured.
            let names = Signal::derive(move || {
                let mut names = monitors.get();
                if !names.contains(&shown.read()) {
                    names.push(shown.get());
                }
                names
            });
            view! { <Names id=id.clone() names value=shown.into() on_choose=accept described is_wide=true /> }
                .into_any()
        }
        _ => {
            let text =
                move || draft.get().unwrap_or_else(|| spoken(&shown.read(), kind, words(i18n).language));
            let on_key = move |event: KeyboardEvent| {
                if let Some(next) = nudged(&shown.read_untracked(), kind, &event.key()) {
                    event.prevent_default();
                    accept(next);
                }
            };
            view! {
                <input
                    class="input"
                    class:input--wide=kind == ArgumentKind::Text || kind == ArgumentKind::Numbers
                    type="text"
                    id=id.clone()
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=text
                    aria-invalid=move || draft.read().is_some().to_string()
                    aria-describedby=described
                    on:change=move |event| accept(event_target_value(&event))
                    on:keydown=on_key
                />
            }
            .into_any()
        }
    };
    view! {
        <div class="callback-form__row" class:callback-form__row--flag=kind == ArgumentKind::Flag>
            <label class="field__label" for=id><code lang="en">{name}</code></label>
            {control}
            <span class="field__hint" id=hint_id>{move || help(i18n, class_name, name)} " " {default}</span>
            <span class="field__error" id=error_id hidden=move || draft.read().is_none()>{error}</span>
        </div>
    }
}

/// One of some names.
#[component]
fn Names(
    id: String,
    names: Signal<Vec<String>>,
    value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    described: String,
    is_wide: bool,
) -> impl IntoView {
    let option = move |name: String| {
        let own = name.clone();
        view! { <option value=name.clone() selected=move || value.read() == own>{name.clone()}</option> }
    };
    view! {
        <select
            class="input"
            class:input--wide=is_wide
            lang="en"
            id=id
            prop:value=move || {
                names.track();
                value.get()
            }
            aria-describedby=described
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            {move || names.get().into_iter().map(option).collect_view()}
        </select>
    }
}

/// A number as the reader's language writes it; words and file names stay.
fn spoken(text: &str, kind: ArgumentKind, language: Language) -> String {
    let is_number =
        matches!(kind, ArgumentKind::Number { .. } | ArgumentKind::Optional { .. } | ArgumentKind::Numbers);
    if is_number && language == Language::Ru { text.replace('.', ",") } else { text.to_owned() }
}

/// The next whole number up or down.
fn nudged(text: &str, kind: ArgumentKind, key: &str) -> Option<String> {
    let ArgumentKind::Whole { max } = kind else { return None };
    let number: u32 = text.parse().ok()?;
    let next = match key {
        "ArrowUp" => number.saturating_add(1).min(max),
        "ArrowDown" => number.saturating_sub(1),
        _ => return None,
    };
    Some(next.to_string())
}
