//! The transposed convolution: zeros are put in, and the turned kernel slides over them.

use super::Desk;
use crate::ui::components::{Stage, StagePart, WalkKeys, WalkPlayer, once_quiet};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::mathml::{block, name, number, operator, row};
use crate::ui::pages::backwards::{Part, TransposedState, transposed_hit, transposed_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::GridTable;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

const PARTS: [Part; 3] = [Part::Input, Part::Kernel, Part::Output];
/// Products that are listed one by one, at most.
const LISTED: usize = 9;

/// The pictures with player, sentence and formula.
#[component]
pub fn Transposed(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let walk = desk.walk;
    let on_move = once_quiet(move || desk.keep());
    let say = move |()| sentence(desk, &desk.transposed.read_untracked(), walk.position.get_untracked());
    let pictures =
        move || PARTS.map(|part| view! { <PartPicture desk part on_move /> }).into_iter().collect_view();
    let words = move || {
        desk.shell.language.track();
        sentence(desk, &desk.transposed.read(), walk.current())
    };
    let line = |mathml: String| view! { <div class="size-formula__line" inner_html=mathml></div> };
    let lines = move || formula(&desk.transposed.read()).into_iter().map(line).collect_view();
    let grid = Signal::derive(move || desk.transposed.read().output.clone());
    view! {
        <Stage walk label=text!(i18n, backwards.transposed.keys) say=say on_move=on_move>
            {pictures}
        </Stage>
        <WalkPlayer walk on_move=on_move />
        <p class="pooling__sentence" data-testid="backwards-sentence"><strong>{words}</strong></p>
        <div class="size-formula">
            {lines} <p class="field__hint">{t!(i18n, backwards.transposed.letters)}</p>
        </div>
        <div class="hints">
            <p>{t!(i18n, backwards.transposed.hint)}</p>
            <WalkKeys />
        </div>
        <GridTable summary=text!(i18n, backwards.transposed.table) grid=grid decimals=4 />
    }
}

/// The sentence for one cell of the result.
fn sentence(desk: Desk, state: &TransposedState, cell: usize) -> String {
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
    if count == 0 || count > LISTED {
        return td_string!(locale, backwards.transposed.cell_many, row, col, count, value).to_string();
    }
    let list: Vec<String> =
        products.iter().map(|(x, weight)| format!("{} · {}", short(*x), short(*weight))).collect();
    td_string!(locale, backwards.transposed.cell, row, col, products = list.join(" + "), value).to_string()
}

/// The size along columns: in letters and with numbers.
fn formula(state: &TransposedState) -> Vec<String> {
    let (equals, result) = (operator("="), name("W", "2"));
    let (n, strides, k) = (state.setup.input.cols, state.setup.strides, state.setup.kernel.cols);
    let output = number(state.output.cols);
    let product = |w: String, s: String| [w, operator("·"), s];
    let [a, dot, b] = product(name("W", ""), name("S", ""));
    let [c, times, d] = product(number(n), number(strides));
    if state.setup.padding_name() == "same" {
        return vec![
            block(&[result.clone(), equals.clone(), a, dot, b]),
            block(&[result, equals.clone(), c, times, d, equals, output]),
        ];
    }
    let greatest = |k: String, s: String| {
        row(&[name("max", ""), operator("("), k, operator("−"), s, operator(","), number(0), operator(")")])
    };
    let letters = greatest(name("F", ""), name("S", ""));
    let numbers = greatest(number(k), number(strides));
    vec![
        block(&[result.clone(), equals.clone(), a, dot, b, operator("+"), letters]),
        block(&[result, equals.clone(), c, times, d, operator("+"), numbers, equals, output]),
    ]
}

#[component]
fn PartPicture(desk: Desk, part: Part, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let walk = desk.walk;
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        let (grown, current) = (walk.reached() + 1, walk.current());
        transposed_scene(part, &desk.transposed.read(), grown, current, desk.shell.language.get(), at_hand)
    };
    let on_pointer = walk.follow(on_move, move |point| {
        transposed_hit(part, &desk.transposed.read_untracked(), point, width.get_value())
    });
    let caption = Signal::derive(move || caption(i18n, &desk.transposed.read(), part));
    let sentence = Signal::derive(move || sentence(desk, &desk.transposed.read(), walk.settled()));
    view! { <StagePart caption sentence width scene=scene on_pointer=on_pointer /> }
}

fn caption(i18n: I18nContext<Locale>, state: &TransposedState, part: Part) -> String {
    let (rows, cols) = (state.output.rows, state.output.cols);
    match part {
        Part::Input => t_string!(i18n, backwards.transposed.stuffed).to_string(),
        Part::Output => t_string!(i18n, backwards.transposed.output, rows, cols).to_string(),
        _ => t_string!(i18n, backwards.transposed.turned).to_string(),
    }
}

/// The pictures at a position, for a file.
pub(super) fn pictures_at(i18n: I18nContext<Locale>, desk: Desk, position: usize) -> Vec<(String, Scene)> {
    untrack(|| {
        let state = desk.transposed.get();
        let [rows, cols] = state.cells();
        let at = position.min((rows * cols).saturating_sub(1));
        let language = desk.shell.language.get();
        let scene = |part| transposed_scene(part, &state, at + 1, at, language, 340.0);
        PARTS.map(|part| (caption(i18n, &state, part), scene(part))).to_vec()
    })
}
