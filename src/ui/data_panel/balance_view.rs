//! How many images of each class the parts have.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::bars::{Bar, bars_scene};
use super::parts::{Part, Parts, counts_csv};
use super::strip::ink;
use super::words::{class_names, part_name};
use crate::ui::components::{Picture, Table, Twin};
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::scene::Scene;
use crate::ui::training::words;
use crate::ui::translations::text;

/// Width of a saved picture, in px.
const SAVED: f64 = 360.0;

fn bars(i18n: I18nContext<Locale>, parts: &Parts, part: Part) -> Vec<Bar> {
    let counts = parts.class_counts(part);
    let names = class_names(i18n, parts.dataset());
    names.into_iter().zip(counts).map(|(name, count)| Bar { name, count }).collect()
}

/// A chart for each part, and one table of all.
#[component]
pub fn BalancePart(parts: Memo<Option<Arc<Parts>>>) -> impl IntoView {
    let i18n = use_i18n();
    let table = move |()| {
        let Some(parts) = parts.get() else { return Table::default() };
        let language = words(i18n).language;
        let counts = Part::ALL.map(|part| parts.class_counts(part));
        let class = t_string!(i18n, data.balance.class).to_string();
        let heads = std::iter::once(class).chain(Part::ALL.map(|part| part_name(i18n, part))).collect();
        let row = |(class, name): (usize, String)| {
            std::iter::once(name).chain(counts.iter().map(|counts| language.count(counts[class]))).collect()
        };
        let rows = class_names(i18n, parts.dataset()).into_iter().enumerate().map(row).collect();
        Table { heads, rows }
    };
    let csv = move |()| {
        parts.get_untracked().map_or_else(String::new, |parts| {
            counts_csv(&untrack(|| class_names(i18n, parts.dataset())), &parts)
        })
    };
    let pictures = move |()| -> Vec<(String, Scene)> {
        let Some(parts) = parts.get_untracked() else { return Vec::new() };
        untrack(|| {
            let language = words(i18n).language;
            let scene = |part| bars_scene(&bars(i18n, &parts, part), ink(part), language, SAVED);
            Part::ALL.map(|part| (part_name(i18n, part), scene(part))).into()
        })
    };
    view! {
        <section class="data-panel__part">
            <h3>{t!(i18n, data.balance.title)}</h3>
            <p class="field__hint">{t!(i18n, data.balance.note)}</p>
            <div class="data-panel__charts">
                {Part::ALL.map(|part| view! { <Chart parts part /> }).collect_view()}
            </div>
            <Twin title=text!(i18n, data.balance.title) file="classes" table csv pictures />
        </section>
    }
}

#[component]
fn Chart(parts: Memo<Option<Arc<Parts>>>, part: Part) -> impl IntoView {
    let i18n = use_i18n();
    let all = Memo::new(move |_| parts.get().map(|parts| bars(i18n, &parts, part)).unwrap_or_default());
    let title = move || {
        let number = all.read().iter().map(|bar| bar.count).sum();
        let (name, number) = (part_name(i18n, part), words(i18n).language.count(number));
        t_string!(i18n, data.balance.chart, name, number).to_string()
    };
    let remark = Memo::new(move |_| remark(i18n, &all.read(), part));
    let label = Signal::derive(move || format!("{} {}", title(), remark.get()));
    let scene = move |width| bars_scene(&all.read(), ink(part), words(i18n).language, width);
    view! {
        <figure class="data-panel__chart">
            <figcaption>{title}</figcaption>
            <Picture scene label />
            <p class="field__hint">{move || remark.get()}</p>
        </figure>
    }
}

/// The largest and the smallest class, and what always naming the largest would be worth.
fn remark(i18n: I18nContext<Locale>, bars: &[Bar], part: Part) -> String {
    let language = words(i18n).language;
    let total: usize = bars.iter().map(|bar| bar.count).sum();
    let used = || bars.iter().filter(|bar| bar.count > 0);
    let (Some(most), Some(least)) = (used().max_by_key(|bar| bar.count), used().min_by_key(|bar| bar.count))
    else {
        return t_string!(i18n, data.balance.empty).to_string();
    };
    let (largest, smallest) = (most.name.clone(), least.name.clone());
    let (most_count, least_count) = (language.count(most.count), language.count(least.count));
    let ends = t_string!(i18n, data.balance.ends, largest, most_count, smallest, least_count).to_string();
    let missing: Vec<&str> = bars.iter().filter(|bar| bar.count == 0).map(|bar| bar.name.as_str()).collect();
    let missing = (!missing.is_empty())
        .then(|| t_string!(i18n, data.balance.missing, names = missing.join(", ")).to_string());
    let guess = (part != Part::Train).then(|| {
        let percent = language.percent(most.count as f64 / total.max(1) as f64, 1);
        t_string!(i18n, data.balance.guess, name = most.name.clone(), percent).to_string()
    });
    [Some(ends), missing, guess].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
