//! The histograms on the page, with the same in a sentence and as a table.

use super::scene::{RidgeText, histogram_ridges};
use super::state::{Ridge, RidgesState};
use crate::ui::components::{Picture, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::widgets::line_chart::value_text;
use leptos::prelude::*;

/// Width of a saved picture, in px.
const SAVED: f64 = 480.0;

/// One array's histograms under its name.
#[component]
pub fn HistogramRidges(#[prop(into)] state: Signal<RidgesState>, name: String) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let number = move |value: f64| value_text(value, language.get());
    let sentence = move |ridge: &Ridge| {
        let (epoch, is_before) = (language.get().count(ridge.epochs), ridge.epochs == 0);
        if !ridge.is_finite() {
            return t_string!(i18n, curves.histograms.not_finite, epoch).to_string();
        }
        let (min, max) = (number(ridge.min), number(ridge.max));
        let (mean, std) = (number(ridge.mean), number(ridge.std));
        if is_before {
            t_string!(i18n, curves.histograms.before, min, max, mean, std).to_string()
        } else {
            t_string!(i18n, curves.histograms.after, epoch, min, max, mean, std).to_string()
        }
    };
    let last = Memo::new(move |_| state.read().last().map(sentence).unwrap_or_default());
    let scene = move |width: f64| {
        let words =
            RidgeText { language: language.get(), epoch: t_string!(i18n, curves.axis.epoch).to_string() };
        histogram_ridges(&state.read(), &words, width)
    };
    let (label, caption) = (name.clone(), name.clone());
    let file = name.replace('/', "_");
    let table = move |()| {
        let row = |ridge: &Ridge| {
            let numbers = if ridge.is_finite() {
                [ridge.min, ridge.max, ridge.mean, ridge.std].map(number)
            } else {
                std::array::from_fn(|_| "–".to_owned())
            };
            std::iter::once(language.get().count(ridge.epochs)).chain(numbers).collect()
        };
        let heads = vec![
            t_string!(i18n, curves.axis.epoch).to_string(),
            t_string!(i18n, curves.histograms.min).to_string(),
            t_string!(i18n, curves.histograms.max).to_string(),
            t_string!(i18n, curves.histograms.mean).to_string(),
            t_string!(i18n, curves.histograms.std).to_string(),
        ];
        Table { heads, rows: state.read().ridges.iter().map(row).collect() }
    };
    let csv = move |()| state.read_untracked().csv();
    let pictures = move |()| vec![(caption.clone(), untrack(|| scene(SAVED)))];
    view! {
        <figure class="histogram-ridges">
            <figcaption class="histogram-ridges__title"><code>{name.clone()}</code></figcaption>
            <Picture scene=scene label=Signal::derive(move || format!("{label}. {}", last.get())) />
            <p class="histogram-ridges__words">{move || last.get()}</p>
            <Twin title=Signal::stored(name) file=file table=table csv=csv pictures=pictures />
        </figure>
    }
}
