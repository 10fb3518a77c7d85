//! The strips, and the same in words with all numbers.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::labels::Wanted;
use super::parts::{Part, Parts, file_size};
use super::strip::{Stretch, StripText, stretches, strip_scene};
use super::words::file_name;
use crate::data::Split;
use crate::engine::spec::{DataSpec, FitSpec};
use crate::ui::components::Picture;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::training::words;

/// Both files.
#[component]
pub fn StripPart(wanted: Memo<Wanted>, parts: Memo<Option<Arc<Parts>>>) -> impl IntoView {
    let i18n = use_i18n();
    let all = Memo::new(move |_| {
        let (data, fit) = &*wanted.read();
        stretches(data, fit)
    });
    let thinned = move || {
        let is_thinned = wanted.read().0.class_counts.is_some();
        parts.get().filter(|_| is_thinned)
    };
    let scene = move |width: f64| {
        let (train, test) = (file_name(i18n, Split::Train), file_name(i18n, Split::Test));
        let words = StripText { language: words(i18n).language, train, test };
        strip_scene(&all.read(), thinned().as_deref(), &words, width)
    };
    let sentences = Memo::new(move |_| {
        let parts = thinned();
        let mut lines: Vec<(Option<Part>, String)> = Vec::new();
        for stretch in &*all.read() {
            lines.push((stretch.part, sentence(i18n, stretch, parts.as_deref())));
        }
        lines
    });
    let label = Signal::derive(move || {
        let lines = sentences.read();
        lines.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join(" ")
    });
    let line = move |(part, text): (Option<Part>, String)| {
        let kind = part.map_or("aside", Part::name);
        view! { <li class=format!("data-panel__use data-panel__use--{kind}")>{text}</li> }
    };
    view! {
        <section class="data-panel__part">
            <h3>{t!(i18n, data.strip.title)}</h3>
            <Picture scene label />
            // The picture's name says the same.
            <ul class="data-panel__uses">
                {move || sentences.get().into_iter().map(line).collect_view()}
            </ul>
            <p>
                {move || {
                    let (data, fit) = &*wanted.read();
                    how_it_is_cut(i18n, data, fit)
                }}
            </p>
            <Show when=move || wanted.read().0.class_counts.is_some()>
                <p class="remark">{t!(i18n, data.strip.classes)}</p>
            </Show>
            <p class="field__hint">{t!(i18n, data.strip.test_hint)}</p>
        </section>
    }
}

fn sentence(i18n: I18nContext<Locale>, stretch: &Stretch, parts: Option<&Parts>) -> String {
    let language = words(i18n).language;
    let count = |number: usize| language.count(number);
    let (n, first, last) = (count(stretch.len()), count(stretch.from), count(stretch.to - 1));
    let Some(part) = stretch.part else {
        return match stretch.split {
            Split::Train => t_string!(i18n, data.strip.aside_train, n, first, last).to_string(),
            Split::Test => t_string!(i18n, data.strip.aside_test, n, first, last).to_string(),
        };
    };
    let whole = match part {
        Part::Train => t_string!(i18n, data.strip.train, n, first, last).to_string(),
        Part::Validation => t_string!(i18n, data.strip.validation, n, first, last).to_string(),
        Part::Test => t_string!(i18n, data.strip.test, n, first, last).to_string(),
    };
    let used = parts.map(|parts| parts.positions(part).len()).filter(|used| *used < stretch.len());
    match used {
        Some(used) => format!("{whole} {}", t_string!(i18n, data.strip.used, used = count(used))),
        None => whole,
    }
}

/// Why validation is where it is.
fn how_it_is_cut(i18n: I18nContext<Locale>, data: &DataSpec, fit: &FitSpec) -> String {
    let language = words(i18n).language;
    let count = |number: usize| language.count(number);
    let (samples, at) = (count(data.samples), count(data.num_train(fit)));
    if data.validation_samples > 0 {
        let share = language.short(data.validation_samples as f64 / data.samples.max(1) as f64, 4);
        let validation = count(data.validation_samples);
        let cut = t_string!(i18n, data.strip.cut_count, samples, validation, share).to_string();
        if fit.validation_split > 0.0 {
            let split = language.short(fit.validation_split, 4);
            return format!("{cut} {}", t_string!(i18n, data.strip.split_unused, split));
        }
        cut
    } else if fit.validation_split > 0.0 {
        let split = language.short(fit.validation_split, 4);
        t_string!(i18n, data.strip.cut_split, samples, split, at).to_string()
    } else {
        let whole = count(file_size(Split::Train));
        t_string!(i18n, data.strip.no_validation, whole).to_string()
    }
}
