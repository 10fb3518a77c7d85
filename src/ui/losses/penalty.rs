//! A loss with a penalty on its one weight, and gradient descent step by step.

use super::{LossBench, NumberTable, bounds, nudge, rounded};
use crate::ui::components::{AsTable, Card, Handle, Held, NumberField, Segmented, Table};
use crate::ui::context::locale_of;
use crate::ui::i18n::{t, t_string, td_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::losses::{
    Curves, LossSetup, PenaltyState, Place, Regularizer, penalty_formula, penalty_plot, penalty_scene,
};
use crate::ui::scene::{Point, Scene};
use crate::ui::translations::text;
use leptos::prelude::*;
use std::sync::Arc;

/// Steps that the table lists, the last ones.
const LISTED: usize = 12;
/// Of the points that the curves are drawn through, the table lists every sixteenth: 21 rows.
const BETWEEN: usize = 16;

fn curves(language: Language) -> Curves {
    let locale = locale_of(language);
    Curves {
        axes: ["w".into(), td_string!(locale, losses.penalty.value).to_string()],
        curves: vec![
            td_string!(locale, losses.penalty.sum).to_string(),
            td_string!(locale, losses.penalty.loss).to_string(),
            td_string!(locale, losses.penalty.penalty).to_string(),
        ],
    }
}

/// The curves' numbers: the weight, the sum, the loss and the penalty.
fn curve_table(state: &PenaltyState, language: Language) -> Table {
    let Curves { axes: [across, _], curves } = curves(language);
    let row = |place: &Place| {
        let numbers = [place.weight, place.sum(), place.loss, place.penalty];
        numbers.map(|value| language.short(value.into(), 4)).to_vec()
    };
    let heads = std::iter::once(across).chain(curves).collect();
    Table { heads, rows: state.curve.iter().step_by(BETWEEN).map(row).collect() }
}

/// Puts the weight where descent begins anew.
fn put(setup: &mut LossSetup, weight: f64) {
    setup.weight = rounded(weight, 2).clamp(*LossSetup::WEIGHTS.start(), *LossSetup::WEIGHTS.end());
    setup.steps = 0;
}

/// Settings, curves, steps.
#[component]
pub fn PenaltyView(bench: LossBench) -> impl IntoView {
    let i18n = use_i18n();
    let (setup, language) = (bench.setup, bench.shell.language);
    let state = Memo::new(move |_| Arc::new(PenaltyState::new(&setup.read())));
    let said = Signal::derive(move || {
        let (state, language) = (state.read(), language.get());
        let short = |value: f32| language.short(value.into(), 4);
        let (now, step) = (state.now(), state.path.len() - 1);
        let (weight, sum, gradient) = (short(now.weight), short(now.sum()), short(now.gradient()));
        t_string!(i18n, losses.penalty.said, step, weight, sum, gradient).to_string()
    });
    let minimum = move || {
        let (state, language) = (state.read(), language.get());
        let least = state.minimum;
        let short = |value: f32| language.short(value.into(), 4);
        let (weight, cut) = (short(least.place.weight), short(least.cutting_l1));
        if least.is_cut {
            t_string!(i18n, losses.penalty.cut, cut).to_string()
        } else {
            t_string!(i18n, losses.penalty.minimum, weight, cut).to_string()
        }
    };
    let scene = move |width: f64| {
        let language = language.get();
        penalty_scene(&state.read(), &curves(language), language, width)
    };
    let on_drag = move |(point, width, _): (Point, f64, bool)| {
        let [weight, _] = penalty_plot(width).values(point);
        bench.drag(|setup| put(setup, weight));
    };
    let step = move |by: isize| {
        bench.change(|setup| {
            setup.steps = setup.steps.saturating_add_signed(by).min(LossSetup::MAX_STEPS);
        });
        bench.shell.announce(said.get_untracked());
    };
    let on_key = move |(key, is_large): (String, bool)| {
        match key.as_str() {
            "]" | " " => step(1),
            "[" => step(-1),
            "Home" => step(-(LossSetup::MAX_STEPS as isize)),
            _ => {
                let Some(by) = nudge(&key, is_large) else { return false };
                bench.change(|setup| put(setup, f64::from(setup.weight) + by * 0.05));
                bench.shell.announce(said.get_untracked());
            }
        }
        true
    };
    view! {
        <Card title=text!(i18n, losses.penalty.title)>
            <p>{t!(i18n, losses.penalty.lead)}</p>
            <Controls bench />
            <Handle
                label=text!(i18n, losses.penalty.label)
                said
                scene=scene
                on_drag=on_drag
                on_drop=move |()| bench.let_go()
                on_key=on_key
            />
            <AsTable
                title=text!(i18n, losses.penalty.title)
                table=move |()| curve_table(&state.read(), language.get())
            />
            <Held name="steps">
                <div class="buttons">
                    <button type="button" class="button" on:click=move |_| step(-1)>
                        {t!(i18n, losses.penalty.back)}
                    </button>
                    <button type="button" class="button button--primary" on:click=move |_| step(1)>
                        {t!(i18n, losses.penalty.one)}
                    </button>
                    <button type="button" class="button" on:click=move |_| step(10)>
                        {t!(i18n, losses.penalty.ten)}
                    </button>
                    <button type="button" class="button" on:click=move |_| step(-(LossSetup::MAX_STEPS as isize))>
                        {t!(i18n, losses.penalty.reset)}
                    </button>
                </div>
            </Held>
            <p data-testid="losses-penalty"><strong>{move || said.get()}</strong></p>
            <p>{minimum}</p>
            <div class="hints"><p>{t!(i18n, losses.penalty.hint)}</p></div>
        </Card>
        <Steps bench state />
    }
}

/// The arithmetic of every step, in formulas and as a table.
#[component]
fn Steps(bench: LossBench, state: Memo<Arc<PenaltyState>>) -> impl IntoView {
    let i18n = use_i18n();
    let (setup, language) = (bench.setup, bench.shell.language);
    let lines = move || {
        let lines = penalty_formula(&setup.read(), &state.read(), language.get());
        let line = |mathml: String| view! { <div class="losses__formula" inner_html=mathml></div> };
        lines.into_iter().map(line).collect_view()
    };
    let table = Signal::derive(move || {
        let (state, language) = (state.read(), language.get());
        let short = |value: f32| language.short(value.into(), 4);
        let first = state.path.len().saturating_sub(LISTED);
        let rows = state.path.iter().enumerate().skip(first).map(|(step, place)| {
            let numbers =
                [place.weight, place.loss, place.penalty, place.of_loss, place.of_penalty].map(short);
            std::iter::once(step.to_string()).chain(numbers).collect()
        });
        let heads = [t_string!(i18n, losses.penalty.step).to_string(), "w".into()].into_iter().chain([
            t_string!(i18n, losses.penalty.loss).to_string(),
            t_string!(i18n, losses.penalty.penalty).to_string(),
            "∂L/∂w".into(),
            "∂R/∂w".into(),
        ]);
        Table { heads: heads.collect(), rows: rows.collect() }
    });
    view! {
        <Card title=text!(i18n, losses.penalty.steps_title)>
            <div class="losses__formulas table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, losses.lengths.formulas)>
                {lines}
            </div>
            <NumberTable caption=text!(i18n, losses.penalty.table) table />
            <p>{t!(i18n, losses.penalty.explained)}</p>
            <p>{t!(i18n, losses.penalty.zigzag)}</p>
        </Card>
    }
}

#[component]
fn Controls(bench: LossBench) -> impl IntoView {
    let i18n = use_i18n();
    let setup = bench.setup;
    let kinds = Signal::derive(move || {
        let name = |kind| match kind {
            Regularizer::None => t_string!(i18n, losses.penalty.none).to_string(),
            Regularizer::L1 => "L1".to_owned(),
            Regularizer::L2 => "L2".to_owned(),
            Regularizer::L1L2 => "L1L2".to_owned(),
        };
        Regularizer::ALL.into_iter().map(|kind| (kind.name().to_owned(), name(kind))).collect::<Vec<_>>()
    });
    let choose = move |name: String| {
        if let Some(kind) = Regularizer::ALL.into_iter().find(|kind| kind.name() == name) {
            bench.change(|setup| setup.regularizer = kind);
        }
    };
    let field = move |name: &'static str,
                      label: &'static str,
                      of: fn(&mut LossSetup) -> &mut f32,
                      range,
                      step: f64| {
        view! {
            <Held name>
                <NumberField
                    label=Signal::stored(label.to_owned())
                    value=Signal::derive(move || f64::from(*of(&mut setup.get())))
                    bounds=bounds(&range, step, 4)
                    on_change=move |value: f64| bench.change(|setup| *of(setup) = value as f32)
                />
            </Held>
        }
    };
    let has_l1 = move || matches!(setup.read().regularizer, Regularizer::L1 | Regularizer::L1L2);
    let has_l2 = move || matches!(setup.read().regularizer, Regularizer::L2 | Regularizer::L1L2);
    view! {
        <div class="fields">
            <Held name="regularizer">
                <Segmented
                    label=text!(i18n, losses.penalty.kind)
                    choices=kinds
                    value=Signal::derive(move || setup.read().regularizer.name().to_owned())
                    on_change=choose
                />
            </Held>
            <Show when=has_l1>{field("l1", "l1", |setup| &mut setup.l1, LossSetup::FACTORS, 0.1)}</Show>
            <Show when=has_l2>{field("l2", "l2", |setup| &mut setup.l2, LossSetup::FACTORS, 0.1)}</Show>
        </div>
        <div class="fields">
            {field("optimum", "w*", |setup| &mut setup.optimum, LossSetup::WEIGHTS, 0.1)}
            <Held name="w">
                <NumberField
                    label=text!(i18n, losses.penalty.start)
                    value=Signal::derive(move || f64::from(setup.read().weight))
                    bounds=bounds(&LossSetup::WEIGHTS, 0.1, 2)
                    on_change=move |value: f64| bench.change(|setup| put(setup, value))
                />
            </Held>
            {field("learning_rate", "learning_rate", |setup| &mut setup.learning_rate, LossSetup::RATES, 0.01)}
        </div>
    }
}

/// The picture of this moment, for a file.
pub fn penalty_pictures(bench: LossBench) -> Vec<(String, Scene)> {
    let language = bench.shell.language.get_untracked();
    let state = PenaltyState::new(&bench.setup.get_untracked());
    let title = td_string!(locale_of(language), losses.penalty.title).to_string();
    vec![(title, penalty_scene(&state, &curves(language), language, 600.0))]
}
