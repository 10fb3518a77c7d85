//! The numbers as fields, one of which is reached by Tab and the others by arrows; and as a table.

use super::state::NumberGrid;
use crate::ui::components::fresh_id;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::parse_number;
use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The fields. `on_change` hears only grids whose numbers are all within the limit.
#[component]
pub fn GridEditor(
    #[prop(into)] grid: Signal<NumberGrid>,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] on_change: Callback<NumberGrid>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let error_id = fresh_id("grid-error");
    let wrong = RwSignal::new(None::<usize>);
    let active = RwSignal::new(0usize);
    let group = NodeRef::<html::Div>::new();
    let size = Memo::new(move |_| (grid.read().rows, grid.read().cols));
    let go = move |idx: usize| {
        active.set(idx);
        let fields = group.get_untracked().map(|group| group.get_elements_by_tag_name("input"));
        let field = fields.and_then(|fields| fields.item(idx as u32));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            // A field that cannot take the focus is no harm.
            let _ = field.focus();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let field = event_target::<HtmlInputElement>(&event);
        if let Some(next) = neighbour(&event, &field, size.get_untracked(), active.get_untracked()) {
            event.prevent_default();
            go(next);
        }
    };
    let accept = move |idx: usize, typed: String| match parse_number(&typed).map(|value| value as f32) {
        Some(value) if value.abs() <= NumberGrid::LIMIT => {
            wrong.set(None);
            let mut next = grid.get_untracked();
            next.values[idx] = value;
            on_change.run(next);
        }
        _ => wrong.set(Some(idx)),
    };
    let described = error_id.clone();
    let cell = move |idx: usize, cols: usize| {
        let (row, col) = (idx / cols + 1, idx % cols + 1);
        let value = Memo::new(move |_| grid.read().values.get(idx).copied().unwrap_or(0.0));
        let described = described.clone();
        let is_wrong = move || wrong.get() == Some(idx);
        view! {
            <input
                class="number-grid__cell"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                tabindex=move || if active.get() == idx { "0" } else { "-1" }
                prop:value=move || language.get().short(f64::from(value.get()), 3).replace('\u{202f}', "")
                aria-label=move || t_string!(i18n, pooling.grid.cell, row, col)
                aria-invalid=move || is_wrong().to_string()
                aria-describedby=move || is_wrong().then(|| described.clone())
                on:focus=move |event| {
                    active.set(idx);
                    event_target::<HtmlInputElement>(&event).select();
                }
                on:change=move |event| accept(idx, event_target_value(&event))
            />
        }
    };
    let cells = move || {
        let (rows, cols) = size.get();
        if active.get_untracked() >= rows * cols {
            active.set(0);
        }
        let style = format!("--cols:{cols}");
        let cells = (0..rows * cols).map(|idx| cell(idx, cols)).collect_view();
        view! { <div class="number-grid__cells" style=style>{cells}</div> }
    };
    view! {
        <div
            class="number-grid"
            role="group"
            aria-label=move || label.get()
            node_ref=group
            on:keydown=on_key
        >
            {cells}
            <p class="field__error" id=error_id role="alert" hidden=move || wrong.get().is_none()>
                {move || {
                    let idx = wrong.get()?;
                    let (_, cols) = size.get();
                    let (row, col) = (idx / cols + 1, idx % cols + 1);
                    let limit = f64::from(NumberGrid::LIMIT);
                    let (min, max) = (language.get().short(-limit, 0), language.get().short(limit, 0));
                    Some(t_string!(i18n, pooling.grid.wrong, row, col, min, max).to_string())
                }}
            </p>
            <p class="field__hint">{t!(i18n, pooling.grid.hint)}</p>
        </div>
    }
}

/// Which field a key leads to: up and down always, left and right from the ends of the text, as all of
/// it is selected when one comes.
fn neighbour(
    event: &KeyboardEvent,
    field: &HtmlInputElement,
    (rows, cols): (usize, usize),
    idx: usize,
) -> Option<usize> {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    let start = field.selection_start().ok().flatten().unwrap_or(0);
    let end = field.selection_end().ok().flatten().unwrap_or(0);
    let is_at_end = end as usize >= field.value().encode_utf16().count();
    let (row, col) = (idx / cols, idx % cols);
    match event.key().as_str() {
        "ArrowUp" if row > 0 => Some(idx - cols),
        "ArrowDown" | "Enter" if row + 1 < rows => Some(idx + cols),
        "ArrowLeft" if start == 0 && col > 0 => Some(idx - 1),
        "ArrowRight" if is_at_end && col + 1 < cols => Some(idx + 1),
        _ => None,
    }
}

/// The same numbers as a table, made only when it is opened.
#[component]
pub fn GridTable(
    #[prop(into)] summary: Signal<String>,
    #[prop(into)] grid: Signal<NumberGrid>,
    decimals: usize,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <details on:toggle=on_toggle>
            <summary>{move || summary.get()}</summary>
            {move || is_open.get().then(|| table(&grid.read(), &summary.get(), decimals))}
        </details>
    }
}

fn table(grid: &NumberGrid, caption: &str, decimals: usize) -> AnyView {
    let language = shell().language.get();
    let row = |(idx, row): (usize, &[f32])| {
        let number = |value: &f32| {
            let text = if value.is_nan() { "·".into() } else { language.short(f64::from(*value), decimals) };
            view! { <td>{text}</td> }
        };
        let cells = row.iter().map(number).collect_view();
        view! { <tr><th scope="row">{idx + 1}</th>{cells}</tr> }
    };
    let heads = (1..=grid.cols).map(|col| view! { <th scope="col">{col}</th> }).collect_view();
    let rows = grid.values.chunks(grid.cols).enumerate().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=caption.to_owned()>
            <table class="table">
                <caption>{caption.to_owned()}</caption>
                <thead><tr><td></td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
