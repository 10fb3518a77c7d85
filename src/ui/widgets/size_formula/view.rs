//! The formulas and what follows from them, in words.

use super::scene::{count_formulas, size_formulas};
use super::state::{Counts, side_padding};
use crate::ui::context::shell;
use crate::ui::convolution::{Axis, PadChoice, Setup};
use crate::ui::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;
use std::sync::Arc;

/// Sizes and counts; while `is_hidden`, nothing is carried out.
#[component]
pub fn SizeFormula(
    #[prop(into)] setup: Signal<Arc<Setup>>,
    #[prop(into)] is_hidden: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let axes = Memo::new(move |_| [setup.read().axis(0), setup.read().axis(1)]);
    let lines = move || {
        let [rows, cols] = axes.get();
        // Where both axes are alike, one formula says it all.
        let axes = if rows == cols { vec![("W", cols)] } else { vec![("H", rows), ("W", cols)] };
        let lines = axes.into_iter().flat_map(|(letter, axis)| {
            let lines = size_formulas(axis, letter, language.get());
            // The first is in letters alone, also after the spread window's two.
            let shown = if is_hidden.get() { 1 } else { lines.len() };
            lines.into_iter().take(shown)
        });
        lines.map(formula).collect_view()
    };
    let is_same = move || axes.read()[0].padding == PadChoice::Same;
    view! {
        <div class="size-formula">
            {lines}
            <p class="field__hint">{t!(i18n, convolution.formula.letters)}</p>
            <Show
                when=move || !is_hidden.get()
                fallback=move || view! { <p>{t!(i18n, convolution.formula.hidden)}</p> }
            >
                <Show
                    when=is_same
                    fallback=move || view! { <p>{t!(i18n, convolution.formula.floor)}</p> }
                >
                    <p>{t!(i18n, convolution.formula.same)} " " {move || same_amounts(axes.get())}</p>
                    <p>{t!(i18n, convolution.formula.same_stride)}</p>
                </Show>
                {move || reached(axes.get())}
                <Costs setup />
            </Show>
        </div>
    }
}

/// The text is made of numbers and fixed tags only, so it can go into the page as it is.
fn formula(mathml: String) -> impl IntoView {
    view! { <div class="size-formula__line" inner_html=mathml></div> }
}

/// How many zeros `same` puts on each side, and why one side has more.
fn same_amounts([rows, cols]: [Axis; 2]) -> String {
    let i18n = use_i18n();
    let (top, bottom, left, right) = (rows.before(), rows.after(), cols.before(), cols.after());
    let amounts = t_string!(i18n, convolution.formula.same_amounts, top, bottom, left, right).to_string();
    let is_odd = [rows, cols].into_iter().any(|axis| side_padding(axis).is_some());
    let why = if is_odd {
        t_string!(i18n, convolution.formula.same_odd).to_string()
    } else {
        t_string!(i18n, convolution.formula.same_even).to_string()
    };
    format!("{amounts} {why}")
}

/// What no window reaches.
fn reached(axes: [Axis; 2]) -> Vec<AnyView> {
    let i18n = use_i18n();
    let [rows, cols] = axes.map(Axis::remainder);
    let mut all = Vec::new();
    // With same padding there is no remainder to speak of.
    if rows + cols == 0 && axes[0].padding != PadChoice::Same {
        all.push(view! { <p>{t!(i18n, convolution.formula.all_reached)}</p> }.into_any());
    }
    if rows > 0 {
        all.push(view! { <p>{t!(i18n, convolution.formula.rows_left, count = move || rows)}</p> }.into_any());
    }
    if cols > 0 {
        all.push(view! { <p>{t!(i18n, convolution.formula.cols_left, count = move || cols)}</p> }.into_any());
    }
    let has_gaps = axes.into_iter().any(|axis| {
        let missed = axis.reached().into_iter().filter(|reached| !reached).count();
        axis.output() > 0 && missed > axis.remainder()
    });
    if has_gaps {
        all.push(view! { <p>{t!(i18n, convolution.formula.gaps)}</p> }.into_any());
    }
    all
}

/// Maps, parameters, multiplications, and what one cell sees.
#[component]
fn Costs(setup: Signal<Arc<Setup>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let counts = Memo::new(move |_| Counts::of(&setup.read()));
    let line = move |idx: usize| {
        move || {
            let lines = count_formulas(counts.get(), language.get());
            lines[idx].iter().cloned().map(formula).collect_view()
        }
    };
    let sees = move || {
        let [rows, cols] = counts.get().sees;
        t_string!(i18n, convolution.formula.sees_value, rows, cols).to_string()
    };
    view! {
        <dl class="size-formula__counts">
            <dt>{t!(i18n, convolution.formula.maps)}</dt>
            <dd>{line(0)}</dd>
            <dt>{t!(i18n, convolution.formula.params)}</dt>
            <dd data-testid="params">{line(1)}</dd>
            <dt>{t!(i18n, convolution.formula.multiplications)}</dt>
            <dd>{line(2)}</dd>
            <dt>{t!(i18n, convolution.formula.sees)}</dt>
            <dd>{sees}</dd>
        </dl>
    }
}
