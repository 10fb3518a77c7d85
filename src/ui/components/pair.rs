//! One number for rows and one for columns.

use super::super::i18n::use_i18n;
use super::super::translations::text;
use super::{Bounds, NumberField};
use leptos::prelude::*;
use std::ops::RangeInclusive;

/// Whole numbers of a range, for a field.
pub fn whole(range: &RangeInclusive<usize>) -> Bounds {
    Bounds { min: *range.start() as f64, max: *range.end() as f64, step: 1.0, decimals: 0 }
}

/// Two fields under one name.
#[component]
pub fn Pair(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] value: Signal<[usize; 2]>,
    range: RangeInclusive<usize>,
    #[prop(into)] on_change: Callback<[usize; 2]>,
) -> impl IntoView {
    view! {
        <fieldset class="field">
            <legend class="field__label">{move || label.get()}</legend>
            <RowsAndCols value range on_change />
        </fieldset>
    }
}

/// The two fields, where their name stands elsewhere.
#[component]
pub fn RowsAndCols(
    #[prop(into)] value: Signal<[usize; 2]>,
    range: RangeInclusive<usize>,
    #[prop(into)] on_change: Callback<[usize; 2]>,
) -> impl IntoView {
    let i18n = use_i18n();
    let bounds = whole(&range);
    let of = move |axis: usize| Signal::derive(move || value.get()[axis] as f64);
    let set = move |axis: usize, number: f64| {
        let mut pair = value.get_untracked();
        pair[axis] = number as usize;
        on_change.run(pair);
    };
    view! {
        <div class="fields fields--small">
            <NumberField
                label=text!(i18n, convolution.controls.rows)
                value=of(0)
                bounds=bounds
                on_change=move |number| set(0, number)
            />
            <NumberField
                label=text!(i18n, convolution.controls.cols)
                value=of(1)
                bounds=bounds
                on_change=move |number| set(1, number)
            />
        </div>
    }
}
