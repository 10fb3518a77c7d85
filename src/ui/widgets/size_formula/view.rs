//! The formula and what follows from it, in words.

use super::scene::{padding_formula, same_formula, valid_formula};
use super::state::{Axis, PadChoice};
use crate::ui::context::shell;
use crate::ui::i18n::{t, use_i18n};
use leptos::prelude::*;

/// Shows the size of the result for one axis; both axes are alike.
#[component]
pub fn SizeFormula(#[prop(into)] axis: Signal<Axis>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let is_same = Memo::new(move |_| axis.read().padding == PadChoice::Same);
    let lines = move || {
        let (axis, language) = (axis.get(), language.get());
        let lines = if is_same.get() { same_formula(axis, language) } else { valid_formula(axis, language) };
        lines.into_iter().map(formula).collect_view()
    };
    let reached = move || match axis.get().unreached() {
        0 => t!(i18n, convolution.formula.all_reached).into_any(),
        cells => t!(i18n, convolution.formula.unreached, count = move || cells).into_any(),
    };
    view! {
        <div class="size-formula">
            {lines}
            <p class="field__hint">{t!(i18n, convolution.formula.letters)}</p>
            <Show
                when=move || is_same.get()
                fallback=move || view! {
                    <p>{t!(i18n, convolution.formula.floor)}</p>
                    <p>{reached}</p>
                }
            >
                <p>{t!(i18n, convolution.formula.same)}</p>
                {move || padding_formula(axis.get()).into_iter().map(formula).collect_view()}
                <p>{move || same_amounts(axis.get())}</p>
                <p>{t!(i18n, convolution.formula.same_stride)}</p>
            </Show>
        </div>
    }
}

/// The text is made of numbers and fixed tags only, so it can go into the page as it is.
fn formula(mathml: String) -> impl IntoView {
    view! { <div class="size-formula__line" inner_html=mathml></div> }
}

fn same_amounts(axis: Axis) -> AnyView {
    let i18n = use_i18n();
    let (before, after) = (axis.before(), axis.after());
    let total = before + after;
    if before == after {
        t!(i18n, convolution.formula.same_even, total, before, after).into_any()
    } else {
        t!(i18n, convolution.formula.same_odd, total, before, after).into_any()
    }
}
