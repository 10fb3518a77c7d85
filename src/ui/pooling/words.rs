//! What the pictures show, in sentences and formulas.

use super::Lesson;
use crate::ui::context::{locale_of, shell};
use crate::ui::i18n::{t, t_string, td_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::pooling::{PoolAxis, PoolKind, PoolState, formula};
use crate::ui::widgets::sliding_filter::Known;
use leptos::prelude::*;

/// Numbers that are listed one by one, at most.
const LISTED: usize = 9;

/// The sentence for one pooled cell, which says no more than is known.
pub fn sentence(state: &PoolState, known: &Known, idx: usize) -> String {
    let language = shell().language.get_untracked();
    let locale = locale_of(language);
    let idx = idx.min(state.output.values.len() - 1);
    if !known.has(idx, idx) {
        let (row, col) = state.place(idx);
        return td_string!(locale, pooling.guess.hidden, row = row + 1, col = col + 1).to_string();
    }
    let short = |value: f32| language.short(f64::from(value), 3);
    let under = state.under(idx);
    let (row, col) = state.place(idx);
    let (row, col, value, count) = (row + 1, col + 1, short(state.output.values[idx]), under.len());
    let list = || under.iter().map(|(_, _, value)| short(*value)).collect::<Vec<_>>();
    match state.winner(idx) {
        Some((from_row, from_col)) => {
            let (from_row, from_col) = (from_row + 1, from_col + 1);
            if count > LISTED {
                td_string!(locale, pooling.stage.max_many, row, col, count, value, from_row, from_col)
                    .to_string()
            } else {
                // Where the comma is a decimal one, it cannot separate.
                let numbers = list().join(if language == Language::Ru { "; " } else { ", " });
                td_string!(locale, pooling.stage.max_of, row, col, numbers, value, from_row, from_col)
                    .to_string()
            }
        }
        None if count > LISTED => {
            td_string!(locale, pooling.stage.mean_many, row, col, count, value).to_string()
        }
        None => {
            let numbers = list().join(" + ").replace("+ −", "− ");
            td_string!(locale, pooling.stage.mean_of, row, col, numbers, count, value).to_string()
        }
    }
}

/// The sentence of the cell in view, and what is special about it.
#[component]
pub fn Arithmetic(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let (walk, language) = (lesson.walk, lesson.shell.language);
    let words = move || {
        language.track();
        sentence(&lesson.state.read(), &lesson.known(walk.reached()), walk.current())
    };
    let is_hidden = move || {
        let current = walk.current();
        !lesson.known(walk.reached()).has(current, current)
    };
    let ties = move || {
        let state = lesson.state.read();
        let idx = walk.current();
        let is_tied = state.setup.kind == PoolKind::Max && state.ties(idx) > 1 && !is_hidden();
        is_tied.then(|| t_string!(i18n, pooling.stage.ties, count = state.ties(idx)).to_string())
    };
    let outside = move || {
        let state = lesson.state.read();
        let inside = state.under(walk.current()).len();
        let all = state.setup.pool_size.iter().product::<usize>();
        let is_max = state.setup.kind == PoolKind::Max;
        (inside < all).then(|| {
            if is_max {
                t_string!(i18n, pooling.stage.padded_max, inside, all).to_string()
            } else {
                t_string!(i18n, pooling.stage.padded_mean, inside, all).to_string()
            }
        })
    };
    let back = move || {
        let state = lesson.state.read();
        let count = state.under(walk.current()).len();
        match state.setup.kind {
            PoolKind::Max => t_string!(i18n, pooling.stage.back_max).to_string(),
            PoolKind::Average => {
                let share = language.get().short(1.0 / count as f64, 3);
                t_string!(i18n, pooling.stage.back_mean, count, share).to_string()
            }
        }
    };
    view! {
        <div class="pooling__sentence" data-testid="pooling-sentence">
            <p><strong>{words}</strong></p>
            <p>{ties} " " {outside} " " {back}</p>
        </div>
    }
}

/// Why there is nothing to see.
#[component]
pub fn Fault(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let setup = lesson.setup.read();
        let grid = setup.input.grid();
        let [rows, cols] = setup.pool_size;
        t_string!(i18n, pooling.fault, rows, cols, height = grid.rows, width = grid.cols).to_string()
    };
    view! {
        <Show when=move || !lesson.works.get()>
            <p class="remark remark--warn" role="status">{words}</p>
        </Show>
    }
}

/// The sizes along both axes, and what they leave out.
#[component]
pub fn Formula(lesson: Lesson) -> impl IntoView {
    let i18n = use_i18n();
    let language = lesson.shell.language;
    let lines = move || {
        let state = lesson.state.read();
        let [rows, cols] = state.axes;
        // Where both axes are alike, one formula says it all.
        let axes = if rows == cols { vec![("W", cols)] } else { vec![("H", rows), ("W", cols)] };
        let line = |mathml: String| view! { <div class="size-formula__line" inner_html=mathml></div> };
        axes.into_iter()
            .flat_map(|(letter, axis)| formula(axis, state.setup.padding, letter, language.get()))
            .map(line)
            .collect_view()
    };
    let is_same = move || lesson.setup.read().padding_name() == "same";
    let unreached = move || {
        let state = lesson.state.read();
        let [rows, cols] = state.axes.map(PoolAxis::unreached);
        if rows.is_empty() && cols.is_empty() {
            return t_string!(i18n, pooling.formula.all_reached).to_string();
        }
        let (rows, cols) = (places(&rows), places(&cols));
        t_string!(i18n, pooling.formula.unreached, rows, cols).to_string()
    };
    let padding = move || {
        let [rows, cols] = lesson.state.read().axes;
        t_string!(
            i18n,
            pooling.formula.amounts,
            top = rows.before,
            bottom = rows.after,
            left = cols.before,
            right = cols.after
        )
        .to_string()
    };
    view! {
        <div class="size-formula">
            {lines}
            <p class="field__hint">{t!(i18n, pooling.formula.letters)}</p>
            <Show when=is_same>
                <p>{t!(i18n, pooling.formula.same)} " " {padding}</p>
            </Show>
            <p>{unreached}</p>
        </div>
    }
}

/// Rows or columns by their numbers from 1; a dash for none.
fn places(idxs: &[usize]) -> String {
    if idxs.is_empty() {
        return "–".into();
    }
    idxs.iter().map(|idx| (idx + 1).to_string()).collect::<Vec<_>>().join(", ")
}
