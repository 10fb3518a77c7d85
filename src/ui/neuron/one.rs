//! One neuron: its numbers on the edges, its activation, the formulas.

use super::{Controls, Descent, Desk, Plane, plane_picture};
use crate::ui::components::{AsTable, Card, Handle, Held, NumberField, Picture, Table};
use crate::ui::context::locale_of;
use crate::ui::i18n::{t, t_string, td_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::losses::{bounds, nudge, rounded};
use crate::ui::pages::neuron::{
    CurveNames, Example, NeuronSetup, Points, View, activation_curve, activation_scene, backward_formulas,
    forward_formulas, neuron_hit, neuron_scene,
};
use crate::ui::scene::{Point, Scene};
use crate::ui::translations::text;
use leptos::prelude::*;

/// A dragged number changes by this much for a pixel.
const PER_PIXEL: f64 = 0.01;
const NAMES: [&str; 5] = ["x₁", "x₂", "w₁", "w₂", "b"];

/// The five numbers in hand.
fn number(setup: &NeuronSetup, idx: usize) -> f32 {
    if idx < 2 { setup.input.x[idx] } else { setup.neuron[idx - 2] }
}

fn set_number(setup: &mut NeuronSetup, idx: usize, value: f64) {
    let value = rounded(value, 2);
    if idx < 2 {
        setup.input.x[idx] = value.clamp(-Points::REACH, Points::REACH);
    } else {
        setup.neuron[idx - 2] = value.clamp(*NeuronSetup::PARAMS.start(), *NeuronSetup::PARAMS.end());
    }
}

/// All of it.
#[component]
pub fn NeuronView(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.bench.setup;
    let is_xor = move || setup.read().points == Points::Xor;
    let to_network = move |_| desk.bench.change(|setup| setup.take(Example::XorByHand));
    view! {
        <Card title=text!(i18n, neuron.one.title)>
            <Controls desk />
            <Edges desk />
            <Numbers desk />
            <Descent desk />
        </Card>
        <Card title=text!(i18n, neuron.plane.title)>
            <Plane desk />
            <div class="remark" hidden=move || !is_xor()>
                <p>{t!(i18n, neuron.one.xor)}</p>
                <p>
                    <button type="button" class="button" on:click=to_network>
                        {t!(i18n, neuron.one.to_network)}
                    </button>
                </p>
            </div>
        </Card>
        <Card title=text!(i18n, neuron.curve.title)>
            <Curve desk />
        </Card>
        <Card title=text!(i18n, neuron.formulas.title)>
            <Formulas desk />
        </Card>
    }
}

/// The neuron with its numbers.
#[component]
fn Edges(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (bench, language) = (desk.bench, desk.bench.shell.language);
    let setup = bench.setup;
    let from = StoredValue::new(None::<(f64, f64)>);
    let chosen = move || desk.chosen.get().min(4);
    let said = Signal::derive(move || {
        let (setup, state, language) = (setup.read(), desk.state.read(), language.get());
        let idx = chosen();
        let layer = &state.trace.layers[0];
        let gradient = if idx < 2 { layer.of_input[idx] } else { layer.of_params[idx - 2] };
        let short = |value: f32| language.short(value.into(), 4);
        let (name, value, gradient) = (NAMES[idx], short(number(&setup, idx)), short(gradient));
        let (sum, output) = (short(state.sum()), short(state.output()));
        t_string!(i18n, neuron.one.said, name, value, gradient, sum, output).to_string()
    });
    let scene = move |width: f64| neuron_scene(&desk.state.read(), chosen(), language.get(), width);
    let on_drag = move |(point, width, begins): (Point, f64, bool)| {
        if begins {
            let idx = neuron_hit(point, width);
            desk.chosen.set(idx);
            from.set_value(Some((point.y, f64::from(number(&setup.read_untracked(), idx)))));
        }
        let Some((y, value)) = from.get_value().filter(|_| !begins) else { return };
        let idx = untrack(chosen);
        bench.drag(|setup| set_number(setup, idx, value + (y - point.y) * PER_PIXEL));
    };
    let on_key = move |(key, is_large): (String, bool)| {
        let idx = untrack(chosen);
        match key.as_str() {
            "ArrowLeft" => desk.chosen.set(idx.saturating_sub(1)),
            "ArrowRight" => desk.chosen.set((idx + 1).min(4)),
            "Home" => desk.chosen.set(0),
            "End" => desk.chosen.set(4),
            _ => {
                let Some(by) = nudge(&key, is_large) else { return false };
                bench.change(|setup| {
                    let now = f64::from(number(setup, idx));
                    set_number(setup, idx, now + by * 0.05);
                });
            }
        }
        bench.shell.announce(said.get_untracked());
        true
    };
    view! {
        <div class="neuron-edges">
            <Handle
                label=text!(i18n, neuron.one.label)
                said
                scene=scene
                on_drag=on_drag
                on_drop=move |()| bench.let_go()
                on_key=on_key
            />
        </div>
        <p data-testid="neuron-edge">{move || said.get()}</p>
        <div class="hints"><p>{t!(i18n, neuron.one.hint)}</p></div>
    }
}

/// Weights and bias as numbers.
#[component]
fn Numbers(desk: Desk) -> impl IntoView {
    let field = move |idx: usize| {
        let set = move |value: f64| desk.bench.change(|setup| setup.neuron[idx] = value as f32);
        view! {
            <NumberField
                label=Signal::stored(NAMES[idx + 2].to_owned())
                value=Signal::derive(move || f64::from(desk.bench.setup.read().neuron[idx]))
                bounds=bounds(&NeuronSetup::PARAMS, 0.05, 4)
                on_change=set
            />
        }
    };
    let fields = [0, 1, 2].map(field).into_iter().collect_view();
    view! {
        <Held name="neuron">
            <div class="fields fields--small">{fields}</div>
        </Held>
    }
}

fn curve_names(language: Language) -> CurveNames {
    let locale = locale_of(language);
    CurveNames {
        value: td_string!(locale, neuron.curve.value).to_string(),
        slope: td_string!(locale, neuron.curve.slope).to_string(),
    }
}

/// The activation with the working point.
#[component]
fn Curve(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = desk.bench.shell.language;
    let kind = Memo::new(move |_| desk.bench.setup.read().activation);
    let sum = Memo::new(move |_| desk.state.read().sum());
    let scene = move |width: f64| {
        let language = language.get();
        activation_scene(kind.get(), sum.get(), &curve_names(language), language, width)
    };
    let said = Signal::derive(move || {
        let language = language.get();
        let short = |value: f32| language.short(value.into(), 4);
        let (output, slope) = activation_curve(kind.get(), &[sum.get()])[0];
        let (z, y, slope) = (short(sum.get()), short(output), short(slope));
        t_string!(i18n, neuron.curve.said, name = kind.get().name(), z, y, slope).to_string()
    });
    let table = move |()| {
        let language = language.get();
        let axis: Vec<f32> = (-10_i8..=10).map(|half| f32::from(half) / 2.0).collect();
        let row = |(z, (value, slope)): (f32, (f32, f32))| {
            [z, value, slope].map(|value| language.short(value.into(), 4)).to_vec()
        };
        let points = activation_curve(kind.get(), &axis);
        let CurveNames { value, slope } = curve_names(language);
        Table {
            heads: vec!["z".to_owned(), value, slope],
            rows: axis.into_iter().zip(points).map(row).collect(),
        }
    };
    view! {
        <Picture scene=scene label=said />
        <AsTable title=text!(i18n, neuron.curve.title) table=table />
        <p>{move || said.get()}</p>
    }
}

/// Forward and backward with the numbers put in.
#[component]
fn Formulas(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let language = desk.bench.shell.language;
    let written = |lines: Vec<String>| {
        let line = |mathml: String| view! { <div class="losses__formula" inner_html=mathml></div> };
        lines.into_iter().map(line).collect_view()
    };
    // Another view of the page may be in force for a moment while this one goes.
    let is_here = move || desk.bench.setup.read().view == View::Neuron;
    let forward = move || is_here().then(|| written(forward_formulas(&desk.state.read(), language.get())));
    let backward = move || {
        is_here().then(|| {
            let state = desk.state.read();
            let slope = activation_curve(state.net.activations[0], &[state.sum()])[0].1;
            written(backward_formulas(&state, slope, language.get()))
        })
    };
    let name = move |part: &str| format!("{part}: {}", t_string!(i18n, losses.lengths.formulas));
    let forward_name = move || name(t_string!(i18n, neuron.formulas.forward));
    let backward_name = move || name(t_string!(i18n, neuron.formulas.backward));
    view! {
        <h3>{t!(i18n, neuron.formulas.forward)}</h3>
        <div class="losses__formulas table-scroll" tabindex="0" role="region" aria-label=forward_name>{forward}</div>
        <h3>{t!(i18n, neuron.formulas.backward)}</h3>
        <div class="losses__formulas table-scroll" tabindex="0" role="region" aria-label=backward_name>{backward}</div>
        <p>{t!(i18n, neuron.formulas.note)}</p>
    }
}

/// The pictures of this moment, for a file.
pub fn neuron_pictures(desk: Desk) -> Vec<(String, Scene)> {
    let language = desk.bench.shell.language.get_untracked();
    let locale = locale_of(language);
    let (state, kind) = (desk.state.get_untracked(), desk.bench.setup.read_untracked().activation);
    let neuron = neuron_scene(&state, usize::MAX, language, 440.0);
    let curve = activation_scene(kind, state.sum(), &curve_names(language), language, 340.0);
    vec![
        (td_string!(locale, neuron.one.title).to_string(), neuron),
        plane_picture(desk, 340.0),
        (td_string!(locale, neuron.curve.title).to_string(), curve),
    ]
}
