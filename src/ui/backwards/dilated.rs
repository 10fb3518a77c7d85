//! The dilated convolution: its stretched filter beside the dense one that gives the same numbers.

use super::Desk;
use crate::ui::components::{Stage, StagePart, WalkKeys, WalkPlayer, once_quiet};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::pages::backwards::{DilatedPart, DilatedState, dilated_formulas, dilated_hit, dilated_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::GridTable;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// Products that are listed one by one, at most.
const LISTED: usize = 9;

/// The pictures with player, sentences, formula and tables.
#[component]
pub fn Dilated(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (walk, language) = (desk.walk, desk.shell.language);
    let on_move = once_quiet(move || desk.keep());
    let say = move |()| sentence(desk, &desk.dilated.read_untracked(), walk.position.get_untracked());
    let pictures = move || {
        DilatedPart::ALL.map(|part| view! { <PartPicture desk part on_move /> }).into_iter().collect_view()
    };
    let words = move || {
        language.track();
        sentence(desk, &desk.dilated.read(), walk.current())
    };
    let line = |mathml: String| view! { <div class="size-formula__line" inner_html=mathml></div> };
    let lines =
        move || dilated_formulas(&desk.dilated.read(), language.get()).into_iter().map(line).collect_view();
    let output = Signal::derive(move || desk.dilated.read().output.clone());
    let dense = Signal::derive(move || desk.dilated.read().dense_output.clone());
    view! {
        <Stage
            walk
            label=text!(i18n, backwards.dilated.keys)
            say=say
            on_move=on_move
            class="stage--dilated"
        >
            {pictures}
        </Stage>
        <WalkPlayer walk on_move=on_move />
        <p class="pooling__sentence" data-testid="backwards-sentence"><strong>{words}</strong></p>
        <Same desk />
        <Unmet desk />
        <div class="size-formula">
            {lines} <p class="field__hint">{t!(i18n, backwards.dilated.letters)}</p>
        </div>
        <div class="hints">
            <p>{t!(i18n, backwards.dilated.hint)}</p>
            <WalkKeys />
        </div>
        <div>
            <GridTable summary=text!(i18n, backwards.dilated.table_output) grid=output decimals=4 />
            <GridTable summary=text!(i18n, backwards.dilated.table_dense) grid=dense decimals=4 />
        </div>
    }
}

/// The sentence for one cell of the result.
fn sentence(desk: Desk, state: &DilatedState, cell: usize) -> String {
    let language = desk.shell.language.get_untracked();
    let locale = locale_of(language);
    let cell = cell.min(state.output.values.len() - 1);
    let (row, col) = (cell / state.output.cols + 1, cell % state.output.cols + 1);
    let short = |value: f32| {
        let text = language.short(f64::from(value), 3);
        if value < 0.0 { format!("({text})") } else { text }
    };
    let value = language.short(f64::from(state.output.values[cell]), 3);
    let products = state.products(cell);
    let count = products.len();
    let first = if count == 0 || count > LISTED {
        td_string!(locale, backwards.dilated.cell_many, row, col, count, value).to_string()
    } else {
        let list: Vec<String> =
            products.iter().map(|(x, weight)| format!("{} · {}", short(*x), short(*weight))).collect();
        td_string!(locale, backwards.dilated.cell, row, col, products = list.join(" + "), value).to_string()
    };
    let spanned = state.spanned(cell);
    let (all, met, skipped) = (spanned.all, spanned.met, spanned.all - spanned.met);
    let spans = td_string!(locale, backwards.dilated.spans, all, met, skipped);
    let mut words = format!("{first} {spans}");
    if spanned.padding > 0 {
        let padding = td_string!(locale, backwards.dilated.padding, padding = spanned.padding);
        words = format!("{words} {padding}");
    }
    words
}

/// Whether both results are the same, and what the dense one costs.
#[component]
fn Same(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let is_same = Memo::new(move |_| desk.dilated.read().is_same());
    let words = move || {
        let state = desk.dilated.read();
        let (weights, dense) = (state.setup.kernel.values.len(), state.dense_kernel.values.len());
        let count = state.output.values.len();
        if !is_same.get() {
            t_string!(i18n, backwards.dilated.differ).to_string()
        } else if dense == weights {
            t_string!(i18n, backwards.dilated.no_gaps).to_string()
        } else {
            t_string!(i18n, backwards.dilated.same, count, dense, weights).to_string()
        }
    };
    view! {
        <p
            class="remark"
            class:remark--good=move || is_same.get()
            class:remark--bad=move || !is_same.get()
            data-testid="backwards-same"
        >
            {words}
        </p>
    }
}

/// How many cells of the input no weight ever meets.
#[component]
fn Unmet(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| desk.dilated.read().unmet().len());
    view! {
        <Show when=move || { count.get() > 0 }>
            <p>{move || t_string!(i18n, backwards.dilated.unmet, count = count.get()).to_string()}</p>
        </Show>
    }
}

#[component]
fn PartPicture(desk: Desk, part: DilatedPart, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let walk = desk.walk;
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        let at = (walk.reached() + 1, walk.current());
        dilated_scene(part, &desk.dilated.read(), at, desk.shell.language.get(), at_hand)
    };
    let on_pointer = walk.follow(on_move, move |point| {
        dilated_hit(part, &desk.dilated.read_untracked(), point, width.get_value())
    });
    let caption = Signal::derive(move || caption(i18n, &desk.dilated.read(), part));
    let sentence = Signal::derive(move || sentence(desk, &desk.dilated.read(), walk.settled()));
    view! { <StagePart caption sentence width scene=scene on_pointer=on_pointer /> }
}

fn caption(i18n: I18nContext<Locale>, state: &DilatedState, part: DilatedPart) -> String {
    let size = |grid: &crate::ui::widgets::number_grid::NumberGrid| (grid.rows, grid.cols);
    match part {
        DilatedPart::Input => {
            let (rows, cols) = size(&state.setup.input);
            t_string!(i18n, backwards.dilated.input, rows, cols).to_string()
        }
        DilatedPart::Kernel => {
            let ((rows, cols), rate) = (size(&state.setup.kernel), state.setup.dilation_rate);
            t_string!(i18n, backwards.dilated.kernel, rows, cols, rate).to_string()
        }
        DilatedPart::Dense => {
            let (rows, cols) = size(&state.dense_kernel);
            t_string!(i18n, backwards.dilated.dense, rows, cols).to_string()
        }
        DilatedPart::Output => {
            let (rows, cols) = size(&state.output);
            t_string!(i18n, backwards.dilated.output, rows, cols).to_string()
        }
        DilatedPart::DenseOutput => {
            let (rows, cols) = size(&state.dense_output);
            t_string!(i18n, backwards.dilated.dense_output, rows, cols).to_string()
        }
    }
}

/// The pictures at a position, for a file.
pub(super) fn pictures_at(i18n: I18nContext<Locale>, desk: Desk, position: usize) -> Vec<(String, Scene)> {
    untrack(|| {
        let state = desk.dilated.get();
        let [rows, cols] = state.cells();
        let at = position.min((rows * cols).saturating_sub(1));
        let language = desk.shell.language.get();
        let scene = |part| dilated_scene(part, &state, (at + 1, at), language, 340.0);
        DilatedPart::ALL.map(|part| (caption(i18n, &state, part), scene(part))).to_vec()
    })
}
