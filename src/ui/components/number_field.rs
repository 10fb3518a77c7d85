//! A number with its label, unit and, when it makes no sense, the reason in words.

use super::super::context::shell;
use super::super::i18n::{t, use_i18n};
use super::super::locale::parse_decimals;
use super::fresh_id;
use leptos::{ev::KeyboardEvent, prelude::*};

/// What numbers a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The least number.
    pub min: f64,
    /// The greatest number.
    pub max: f64,
    /// What the arrow keys add.
    pub step: f64,
    /// Digits after the point; 0 asks for a whole number.
    pub decimals: usize,
}

impl Bounds {
    fn check(self, text: &str) -> Option<f64> {
        let value = parse_decimals(text, self.decimals)?;
        let whole = self.decimals > 0 || value.fract() == 0.0;
        (whole && (self.min..=self.max).contains(&value)).then_some(value)
    }
}

/// The field. `on_change` hears only numbers within the bounds.
#[component]
pub fn NumberField(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<f64>,
    bounds: Bounds,
    #[prop(into)] on_change: Callback<f64>,
    #[prop(optional, into)] unit: Option<Signal<String>>,
    #[prop(optional, into)] hint: Option<Signal<String>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let id = fresh_id("number");
    let error_id = format!("{id}-error");
    let hint_id = format!("{id}-hint");
    // What is typed is only kept while it is not (yet) a usable number.
    let draft = RwSignal::new(None::<String>);
    let shown = move || {
        draft
            .get()
            .unwrap_or_else(|| language.get().short(value.get(), bounds.decimals).replace('\u{202f}', ""))
    };
    let is_wrong = Memo::new(move |_| draft.read().is_some());
    let accept = move |text: String| match bounds.check(&text) {
        Some(number) => {
            draft.set(None);
            on_change.run(number);
        }
        None => draft.set(Some(text)),
    };
    let on_key = move |event: KeyboardEvent| {
        let direction = match event.key().as_str() {
            "ArrowUp" => 1.0,
            "ArrowDown" => -1.0,
            _ => return,
        };
        event.prevent_default();
        let next = (value.get_untracked() + direction * bounds.step).clamp(bounds.min, bounds.max);
        draft.set(None);
        on_change.run(next);
    };
    let described = format!("{hint_id} {error_id}");
    let limits = move |number: f64| language.get().short(number, bounds.decimals);
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{move || label.get()}</label>
            <div class="field__row">
                <input
                    class="input"
                    id=id
                    type="text"
                    inputmode=if bounds.decimals == 0 { "numeric" } else { "decimal" }
                    autocomplete="off"
                    prop:value=shown
                    disabled=move || disabled.get()
                    aria-invalid=move || is_wrong.get().to_string()
                    aria-describedby=described
                    on:change=move |event| accept(event_target_value(&event))
                    on:keydown=on_key
                />
                {unit.map(|unit| view! { <span class="field__unit">{move || unit.get()}</span> })}
            </div>
            <span class="field__hint" id=hint_id>{hint.map(|hint| move || hint.get())}</span>
            <span class="field__error" id=error_id hidden=move || !is_wrong.get()>
                {move || {
                    let (min, max) = (limits(bounds.min), limits(bounds.max));
                    if bounds.decimals == 0 {
                        t!(i18n, common.field.whole_between, min, max).into_any()
                    } else {
                        t!(i18n, common.field.between, min, max).into_any()
                    }
                }}
            </span>
        </div>
    }
}
