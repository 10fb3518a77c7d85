//! The choice of a ready-made filter, and a field for each weight.

use super::state::{Kernel, Preset};
use crate::ui::components::Select;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::parse_number;
use crate::ui::translations::text;
use crate::ui::widgets::size_formula::WINDOW;
use leptos::prelude::*;

const OWN: &str = "own";

/// The editor; `on_change` hears only kernels whose weights are all numbers within the limit.
#[component]
pub fn KernelEditor(
    #[prop(into)] kernel: Signal<Kernel>,
    #[prop(into)] on_change: Callback<Kernel>,
) -> impl IntoView {
    let i18n = use_i18n();
    let preset = Memo::new(move |_| kernel.read().preset());
    let wrong = RwSignal::new(None::<usize>);
    let choices = Signal::derive(move || {
        let name = |preset| match preset {
            Preset::Vertical => t_string!(i18n, convolution.kernel.vertical),
            Preset::Horizontal => t_string!(i18n, convolution.kernel.horizontal),
            Preset::Blur => t_string!(i18n, convolution.kernel.blur),
            Preset::Sharpen => t_string!(i18n, convolution.kernel.sharpen),
            Preset::Identity => t_string!(i18n, convolution.kernel.identity),
        };
        let mut all: Vec<_> = Preset::ALL
            .into_iter()
            .map(|preset| (preset.name().to_owned(), name(preset).to_string()))
            .collect();
        if preset.get().is_none() {
            all.push((OWN.to_owned(), t_string!(i18n, convolution.kernel.own).to_string()));
        }
        all
    });
    let choose = move |name: String| {
        if let Some(kernel) = Kernel::from_text(&name) {
            wrong.set(None);
            on_change.run(kernel);
        }
    };
    let accept = move |idx: usize, typed: &str| match parse_number(typed).map(|value| value as f32) {
        Some(weight) if weight.abs() <= Kernel::LIMIT => {
            wrong.set(None);
            let mut next = kernel.get_untracked();
            next.0[idx] = weight;
            on_change.run(next);
        }
        _ => wrong.set(Some(idx)),
    };
    let cells =
        move || (0..WINDOW * WINDOW).map(|idx| view! { <Cell idx kernel wrong accept /> }).collect_view();
    view! {
        <div class="kernel">
            <Select
                label=text!(i18n, convolution.kernel.preset)
                choices=choices
                value=Signal::derive(move || preset.get().map_or(OWN, Preset::name).to_owned())
                on_change=choose
            />
            <div class="kernel__grid" role="group" aria-label=move || t_string!(i18n, convolution.kernel.weights)>
                {cells()}
            </div>
            <p class="field__error" id="kernel-error" role="alert" hidden=move || wrong.get().is_none()>
                {move || wrong.get().map(wrong_text)}
            </p>
            <p class="field__hint">{t!(i18n, convolution.kernel.hint)}</p>
        </div>
    }
}

fn wrong_text(idx: usize) -> String {
    let language = shell().language.get();
    let limit = f64::from(Kernel::LIMIT);
    let (row, col) = (idx / WINDOW + 1, idx % WINDOW + 1);
    let (min, max) = (language.short(-limit, 0), language.short(limit, 0));
    let example = language.short(-0.5, 1);
    t_string!(use_i18n(), convolution.kernel.wrong, row, col, min, max, example)
}

#[component]
fn Cell(
    idx: usize,
    kernel: Signal<Kernel>,
    wrong: RwSignal<Option<usize>>,
    accept: impl Fn(usize, &str) + 'static,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let (row, col) = (idx / WINDOW + 1, idx % WINDOW + 1);
    let weight = Memo::new(move |_| kernel.read().0[idx]);
    let tone = move || match weight.get() {
        weight if weight < 0.0 => "minus",
        weight if weight > 0.0 => "plus",
        _ => "zero",
    };
    let is_wrong = move || wrong.get() == Some(idx);
    let select = |event: leptos::ev::FocusEvent| event_target::<web_sys::HtmlInputElement>(&event).select();
    view! {
        <input
            class="kernel__cell"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            data-tone=tone
            prop:value=move || language.get().short(f64::from(weight.get()), 3)
            aria-label=move || t_string!(i18n, convolution.kernel.cell, row, col)
            aria-invalid=move || is_wrong().to_string()
            aria-describedby=move || is_wrong().then_some("kernel-error")
            on:focus=select
            on:change=move |event| accept(idx, &event_target_value(&event))
        />
    }
}
