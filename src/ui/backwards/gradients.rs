//! The window carries the gradient to kernel and input.

use super::Desk;
use crate::ui::components::{PointerHit, Select, Stage, StagePart, WalkKeys, WalkPlayer, once_quiet};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::pages::backwards::{BackState, Part, hit, part_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use crate::ui::widgets::number_grid::GridTable;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The pictures, in the order of the way back.
const PARTS: [Part; 5] = [Part::Output, Part::Input, Part::GradKernel, Part::Kernel, Part::GradInput];
/// Pairs that are listed one by one, at most.
const LISTED: usize = 16;

/// The pictures with player, sentences, check and tables.
#[component]
pub fn Gradients(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let walk = desk.walk;
    let on_move = once_quiet(move || desk.keep());
    let say = move |()| sentence(desk, &desk.state.read_untracked(), walk.position.get_untracked());
    let pictures =
        move || PARTS.map(|part| view! { <PartPicture desk part on_move /> }).into_iter().collect_view();
    let weights = Signal::derive(move || {
        let kernel = &desk.state.read().setup.kernel;
        let name = |idx: usize| {
            let (row, col) = (idx / kernel.cols + 1, idx % kernel.cols + 1);
            t_string!(i18n, pooling.grid.cell, row, col).to_string()
        };
        (0..kernel.values.len()).map(|idx| (idx.to_string(), name(idx))).collect()
    });
    let choose = move |text: String| {
        if let Ok(weight) = text.parse() {
            desk.weight.set(weight);
            on_move.run(());
        }
    };
    let words = move || {
        desk.shell.language.track();
        sentence(desk, &desk.state.read(), walk.current())
    };
    let grids = move |part| {
        Signal::derive(move || {
            let (kernel, input) = desk.state.read().gradients(walk.settled() + 1);
            if part == Part::GradKernel { kernel } else { input }
        })
    };
    view! {
        <Stage walk label=text!(i18n, backwards.stage.keys) say=say on_move=on_move>
            {pictures}
        </Stage>
        <WalkPlayer walk on_move=on_move />
        <p class="pooling__sentence" data-testid="backwards-sentence"><strong>{words}</strong></p>
        <Select
            label=text!(i18n, backwards.stage.weight)
            choices=weights
            value=Signal::derive(move || desk.weight().to_string())
            on_change=choose
        />
        <p class="pooling__sentence" data-testid="backwards-pairs">{move || pairs(desk)}</p>
        <Checked desk />
        <div class="hints">
            <p>{t!(i18n, backwards.stage.hint)}</p>
            <WalkKeys />
        </div>
        <div>
            <GridTable
                summary=text!(i18n, backwards.stage.table_kernel)
                grid=grids(Part::GradKernel)
                decimals=4
            />
            <GridTable
                summary=text!(i18n, backwards.stage.table_input)
                grid=grids(Part::GradInput)
                decimals=4
            />
        </div>
    }
}

/// The sentence for one cell of the gradient that comes back.
fn sentence(desk: Desk, state: &BackState, cell: usize) -> String {
    let language = desk.shell.language.get_untracked();
    let cell = cell.min(state.sent.values.len() - 1);
    let (row, col) = (cell / state.sent.cols + 1, cell % state.sent.cols + 1);
    let value = language.short(f64::from(state.sent.values[cell]), 3);
    td_string!(locale_of(language), backwards.stage.cell, row, col, value).to_string()
}

/// The pairs of the weight that is looked at, as far as the window has come.
fn pairs(desk: Desk) -> String {
    let i18n = use_i18n();
    let language = desk.shell.language.get();
    let state = desk.state.read();
    let weight = desk.weight();
    let cols = state.setup.kernel.cols;
    let (row, col) = (weight / cols + 1, weight % cols + 1);
    let reached = desk.walk.settled();
    let pairs: Vec<_> = state.pairs(weight).into_iter().filter(|(cell, ..)| *cell <= reached).collect();
    let short = |value: f32| {
        let text = language.short(f64::from(value), 3);
        if value < 0.0 { format!("({text})") } else { text }
    };
    let sum = language.short(f64::from(state.gradients(reached + 1).0.values[weight]), 3);
    let count = pairs.len();
    if count == 0 || count > LISTED {
        return t_string!(i18n, backwards.stage.pairs_many, row, col, count, sum).to_string();
    }
    let list: Vec<String> = pairs.iter().map(|(_, x, g)| format!("{} · {}", short(*x), short(*g))).collect();
    t_string!(i18n, backwards.stage.pairs, row, col, pairs = list.join(" + "), sum).to_string()
}

/// What small changes of every number say of the gradients.
#[component]
fn Checked(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let check = Memo::new(move |_| desk.state.read().check());
    let words = move || {
        let check = check.get();
        let percent = |part: f64| desk.shell.language.get().percent(part, 4);
        let (kernel, input) = (percent(check.kernel), percent(check.input));
        let limit = desk.shell.language.get().percent(crate::ui::pages::backwards::Check::TOLERANCE, 1);
        if check.holds() {
            t_string!(i18n, backwards.check.holds, kernel, input, limit).to_string()
        } else {
            t_string!(i18n, backwards.check.fails, kernel, input, limit).to_string()
        }
    };
    view! {
        <p class="remark" class:remark--good=move || check.get().holds() data-testid="backwards-check">{words}</p>
    }
}

#[component]
fn PartPicture(desk: Desk, part: Part, on_move: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let walk = desk.walk;
    let width = StoredValue::new(0.0);
    let scene = move |at_hand: f64| {
        let at = (walk.reached() + 1, walk.current());
        part_scene(part, &desk.state.read(), at, desk.weight(), desk.shell.language.get(), at_hand)
    };
    let find = move |point| hit(part, &desk.state.read_untracked(), point, width.get_value());
    let is_kernel = matches!(part, Part::Kernel | Part::GradKernel);
    let on_pointer = if is_kernel {
        Callback::new(move |event| {
            if let PointerHit::Press(point) = event
                && let Some(weight) = find(point)
            {
                desk.weight.set(weight);
                on_move.run(());
            }
        })
    } else {
        walk.follow(on_move, find)
    };
    let caption = Signal::derive(move || caption(i18n, part));
    let sentence = Signal::derive(move || sentence(desk, &desk.state.read(), walk.settled()));
    view! { <StagePart caption sentence width scene=scene on_pointer=on_pointer /> }
}

fn caption(i18n: I18nContext<Locale>, part: Part) -> String {
    match part {
        Part::Output => t_string!(i18n, backwards.stage.sent),
        Part::Input => t_string!(i18n, backwards.stage.input),
        Part::Kernel => t_string!(i18n, backwards.stage.kernel),
        Part::GradKernel => t_string!(i18n, backwards.stage.grad_kernel),
        Part::GradInput => t_string!(i18n, backwards.stage.grad_input),
    }
    .to_string()
}

/// The pictures at a position, for a file.
pub(super) fn pictures_at(i18n: I18nContext<Locale>, desk: Desk, position: usize) -> Vec<(String, Scene)> {
    untrack(|| {
        let state = desk.state.get();
        let at = position.min(state.sent.values.len().saturating_sub(1));
        let language = desk.shell.language.get();
        let scene = |part| part_scene(part, &state, (at + 1, at), desk.weight(), language, 340.0);
        PARTS.map(|part| (caption(i18n, part), scene(part))).to_vec()
    })
}
