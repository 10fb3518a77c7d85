//! What is measured beside the run, if the reader wants it.

use leptos::prelude::*;

use crate::engine::watch::WatchSpec;
use crate::ui::components::fresh_id;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;

/// Two choices, kept on this device; they may be changed while a run goes on.
#[component]
pub fn WatchFields() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let help_id = fresh_id("watch-help");
    let described = help_id.clone();
    let field = move |label: Signal<String>, get: fn(&WatchSpec) -> bool, set: fn(&mut WatchSpec, bool)| {
        let on_change = move |event| {
            let mut watch = run.watch.get_untracked();
            set(&mut watch, event_target_checked(&event));
            run.choose_watch(watch);
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || get(&run.watch.read())
                    aria-describedby=described.clone()
                    on:change=on_change
                />
                <span>{move || label.get()}</span>
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="field__label">{t!(i18n, curves.watch.title)}</legend>
            {field(
                Signal::derive(move || t_string!(i18n, curves.watch.gradient_norm).to_string()),
                |watch| watch.gradient_norm,
                |watch, is_on| watch.gradient_norm = is_on,
            )}
            {field(
                Signal::derive(move || t_string!(i18n, curves.watch.histograms).to_string()),
                |watch| watch.histograms,
                |watch, is_on| watch.histograms = is_on,
            )}
            <span class="field__hint" id=help_id>{t!(i18n, curves.watch.help)}</span>
        </fieldset>
    }
}
