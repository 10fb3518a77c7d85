//! A stack of dilated layers: how far one cell of its result sees, at what price, and what it misses.

use super::Desk;
use crate::ui::components::{
    Held, NumberField, Picture, Select, Stage, StagePart, WalkPlayer, once_quiet, whole,
};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::pages::backwards::{Stack, field_formula, field_scene, plain_scene, row_hit, row_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::{GridTable, NumberGrid};
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The settings, the pictures, and what they show in words, a table and a formula.
#[component]
pub fn StackCard(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let stack = Memo::new(move |_| desk.setup.read().stack.clone());
    let on_move = once_quiet(move || desk.keep());
    let say = move |()| sentence(desk, &stack.read_untracked(), desk.tops.position.get_untracked());
    let words = move || {
        desk.shell.language.track();
        sentence(desk, &stack.read(), desk.tops.current())
    };
    let line = |mathml: String| view! { <div class="size-formula__line" inner_html=mathml></div> };
    let lines = move || field_formula(&stack.read()).into_iter().map(line).collect_view();
    let ways = Signal::derive(move || {
        let ways: Vec<f32> = stack.read().ways().into_iter().map(|count| count as f32).collect();
        NumberGrid::new(ways.len(), ways)
    });
    view! {
        <p>{t!(i18n, backwards.stack.intro)}</p>
        <Settings desk stack />
        <Stage
            walk=desk.tops
            label=text!(i18n, backwards.stack.keys)
            say=say
            on_move=on_move
        >
            <RowPicture desk stack on_move />
        </Stage>
        <WalkPlayer walk=desk.tops on_move=on_move />
        <p class="pooling__sentence" data-testid="stack-sentence"><strong>{words}</strong></p>
        <div class="stage backwards-squares">
            <SquarePicture desk stack is_plain=false />
            <SquarePicture desk stack is_plain=true />
        </div>
        <Price stack />
        <Holes stack />
        <div class="size-formula">
            {lines} <p class="field__hint">{t!(i18n, backwards.stack.letters)}</p>
        </div>
        <Layers stack />
        <div class="hints">
            <p>{t!(i18n, backwards.stack.hint)}</p>
        </div>
        <GridTable summary=text!(i18n, backwards.stack.table_ways) grid=ways decimals=0 />
    }
}

/// Size and number of the filters, and the dilation of each.
#[component]
fn Settings(desk: Desk, stack: Memo<Stack>) -> impl IntoView {
    let i18n = use_i18n();
    let change = move |stack: Stack| desk.change(|setup| setup.stack = stack);
    let count = Memo::new(move |_| stack.read().rates.len());
    let examples = Signal::derive(move || {
        let name = |rates: &[usize]| Stack { rates: rates.to_vec(), ..stack.get() }.rates_text();
        let choice = |idx: usize| {
            let rates = name(Stack::EXAMPLES[idx]);
            let shown = match idx {
                0 => t_string!(i18n, backwards.stack.plain_example, rates = rates.clone()).to_string(),
                1 => t_string!(i18n, backwards.stack.doubling, rates = rates.clone()).to_string(),
                2 => t_string!(i18n, backwards.stack.gridding, rates = rates.clone()).to_string(),
                _ => t_string!(i18n, backwards.stack.odd, rates = rates.clone()).to_string(),
            };
            (rates, shown)
        };
        let mut all: Vec<_> = (0..Stack::EXAMPLES.len()).map(choice).collect();
        let own = stack.read().rates_text();
        if !all.iter().any(|(rates, _)| *rates == own) {
            all.push((own.clone(), t_string!(i18n, backwards.stack.own, rates = own).to_string()));
        }
        all
    });
    let choose = move |rates: String| {
        let before = stack.get_untracked();
        if let Some(next) = Stack::from_text(&format!("{}-{rates}", before.kernel_size)) {
            change(next);
        }
    };
    let rate = move |layer: usize| {
        let label =
            Signal::derive(move || t_string!(i18n, backwards.stack.rate, number = layer + 1).to_string());
        let set = move |number: f64| {
            let mut next = stack.get_untracked();
            if let Some(rate) = next.rates.get_mut(layer) {
                *rate = number as usize;
                change(next);
            }
        };
        view! {
            <NumberField
                label=label
                value=Signal::derive(move || stack.read().rates.get(layer).map_or(1.0, |rate| *rate as f64))
                bounds=whole(&Stack::RATE)
                on_change=set
            />
        }
    };
    let rates = move || (0..count.get()).map(rate).collect_view();
    view! {
        <Held name="stack">
            <div class="fields fields--small">
                <NumberField
                    label=Signal::stored("kernel_size".to_owned())
                    value=Signal::derive(move || stack.read().kernel_size as f64)
                    bounds=whole(&Stack::KERNEL)
                    on_change=move |size| change(Stack { kernel_size: size as usize, ..stack.get_untracked() })
                />
                <NumberField
                    label=text!(i18n, backwards.stack.layers)
                    value=Signal::derive(move || count.get() as f64)
                    bounds=whole(&Stack::LAYERS)
                    on_change=move |layers| change(stack.get_untracked().with_layers(layers as usize))
                />
                <Select
                    label=text!(i18n, backwards.stack.example)
                    choices=examples
                    value=Signal::derive(move || stack.read().rates_text())
                    on_change=choose
                />
            </div>
            <div class="fields fields--small">{rates}</div>
        </Held>
    }
}

/// The sentence for one cell of the stack's result.
fn sentence(desk: Desk, stack: &Stack, top: usize) -> String {
    let locale = locale_of(desk.shell.language.get_untracked());
    let top = top.min(Stack::TOPS - 1);
    let (seen, side, shared) = (stack.seen(), stack.side(), stack.shared_with_next());
    let cells = stack.seen_text(top);
    td_string!(locale, backwards.stack.cell, top = top + 1, seen, side, cells, shared).to_string()
}

#[component]
fn RowPicture(desk: Desk, stack: Memo<Stack>, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let tops = desk.tops;
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| row_scene(&stack.read(), tops.current(), at_hand);
    let on_pointer =
        tops.follow(on_move, move |point| row_hit(&stack.read_untracked(), point, width.get_value()));
    let caption = text!(i18n, backwards.stack.row);
    let sentence = Signal::derive(move || {
        desk.shell.language.track();
        sentence(desk, &stack.read(), tops.settled())
    });
    view! { <StagePart caption sentence width scene=scene on_pointer=on_pointer /> }
}

/// The square that a cell sees, with dilation or without.
#[component]
fn SquarePicture(desk: Desk, stack: Memo<Stack>, is_plain: bool) -> impl IntoView {
    let i18n = use_i18n();
    let scene = move |at_hand: f64| square_scene(&stack.read(), desk, is_plain, at_hand);
    let caption = Signal::derive(move || square_caption(i18n, &stack.read(), is_plain));
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">{move || caption.get()}</figcaption>
            <Picture scene=scene label=caption />
        </figure>
    }
}

fn square_scene(stack: &Stack, desk: Desk, is_plain: bool, width: f64) -> Scene {
    let language = desk.shell.language.get();
    if is_plain { plain_scene(stack, language, width) } else { field_scene(stack, language, width) }
}

fn square_caption(i18n: I18nContext<Locale>, stack: &Stack, is_plain: bool) -> String {
    if is_plain {
        t_string!(i18n, backwards.stack.plain, side = stack.plain().side()).to_string()
    } else {
        t_string!(i18n, backwards.stack.field, side = stack.side()).to_string()
    }
}

/// How far it sees, and what that would cost without dilation.
#[component]
fn Price(stack: Memo<Stack>) -> impl IntoView {
    let i18n = use_i18n();
    let words = move || {
        let stack = stack.read();
        let (side, plain, weights) = (stack.side(), stack.plain().side(), stack.num_weights());
        let own = t_string!(i18n, backwards.stack.side, side, plain, weights).to_string();
        if side == plain {
            return own;
        }
        let (layers, dense) = (stack.plain_layers(), side * side);
        let many = layers * stack.kernel_size.pow(2);
        format!("{own} {}", t_string!(i18n, backwards.stack.instead, layers, many, side, dense))
    };
    view! { <p data-testid="stack-price">{words}</p> }
}

/// What it misses, and why.
#[component]
fn Holes(stack: Memo<Stack>) -> impl IntoView {
    let i18n = use_i18n();
    let has_holes = Memo::new(move |_| stack.read().seen() < stack.read().side());
    let words = move || {
        let stack = stack.read();
        let (seen, all, factor) = (stack.seen().pow(2), stack.side().pow(2), stack.shared_factor());
        if factor > 1 {
            t_string!(i18n, backwards.stack.grid, factor, seen, all, grids = factor * factor).to_string()
        } else if has_holes.get() {
            t_string!(i18n, backwards.stack.holes, seen, all).to_string()
        } else {
            t_string!(i18n, backwards.stack.no_holes).to_string()
        }
    };
    view! {
        <p
            class="remark"
            class:remark--good=move || !has_holes.get()
            class:remark--warn=move || has_holes.get()
            data-testid="stack-holes"
        >
            {words}
        </p>
    }
}

/// Layer by layer: dilation, span, receptive field with dilation and without, weights.
#[component]
fn Layers(stack: Memo<Stack>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        let stack = stack.get();
        let plain = stack.plain();
        let row = |layer: usize| {
            let square = |side: usize| format!("{side} × {side}");
            let cells = [
                stack.rates[layer].to_string(),
                square(stack.effective(layer)),
                square(stack.field(layer + 1)),
                square(plain.field(layer + 1)),
                ((layer + 1) * stack.kernel_size.pow(2)).to_string(),
            ];
            let cells = cells.map(|cell| view! { <td>{cell}</td> }).into_iter().collect_view();
            view! { <tr><th scope="row">{layer + 1}</th>{cells}</tr> }
        };
        (0..stack.rates.len()).map(row).collect_view()
    };
    view! {
        <div
            class="table-scroll"
            tabindex="0"
            role="region"
            aria-label=move || t_string!(i18n, backwards.stack.table)
        >
            <table class="table table--sizes">
                <caption>{t!(i18n, backwards.stack.table)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, backwards.stack.layer)}</th>
                        <th scope="col" lang="en">"dilation_rate"</th>
                        <th scope="col">{t!(i18n, backwards.stack.spans)}</th>
                        <th scope="col">{t!(i18n, backwards.stack.sees)}</th>
                        <th scope="col">{t!(i18n, backwards.stack.sees_plain)}</th>
                        <th scope="col">{t!(i18n, backwards.stack.weights)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The pictures as they are now, for a file.
pub(super) fn pictures(i18n: I18nContext<Locale>, desk: Desk) -> Vec<(String, Scene)> {
    untrack(|| {
        let stack = desk.setup.read().stack.clone();
        let row =
            (t_string!(i18n, backwards.stack.row).to_string(), row_scene(&stack, desk.tops.settled(), 500.0));
        let squares = [false, true].map(|is_plain| {
            (square_caption(i18n, &stack, is_plain), square_scene(&stack, desk, is_plain, 340.0))
        });
        [vec![row], squares.to_vec()].concat()
    })
}
