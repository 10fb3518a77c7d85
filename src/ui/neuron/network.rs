//! Three layers: the diagram, forward and back layer by layer, and every parameter.

use super::{Controls, Descent, Desk, Plane, plane_picture};
use crate::ui::components::{Card, Handle, Held, Icon, IconButton, NumberField, Table};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::losses::{NumberTable, bounds, nudge, rounded};
use crate::ui::pages::neuron::{Example, NeuronSetup, NeuronState, Phase, diagram_hit, diagram_scene};
use crate::ui::scene::{Point, Scene};
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

const PER_PIXEL: f64 = 0.01;
/// Layers of the network.
const LAYERS: usize = 3;

/// All of it.
#[component]
pub fn NetworkView(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.bench.setup;
    let remark = move || match setup.read().example() {
        Some(Example::XorByHand) => t_string!(i18n, neuron.network.by_hand).to_string(),
        Some(Example::XorLearns) => t_string!(i18n, neuron.network.learns).to_string(),
        Some(Example::XorLinear) => t_string!(i18n, neuron.network.linear).to_string(),
        _ => String::new(),
    };
    view! {
        <Card title=text!(i18n, neuron.network.title)>
            <Controls desk />
            <p class="remark" hidden=move || remark().is_empty()>{remark}</p>
            <Diagram desk />
            <Descent desk />
        </Card>
        <Card title=text!(i18n, neuron.plane.title)>
            <Plane desk />
        </Card>
        <Card title=text!(i18n, neuron.network.table_title)>
            <Parameters desk />
        </Card>
    }
}

/// What the parameter in hand is, in words.
fn words(i18n: I18nContext<Locale>, desk: Desk, place: usize) -> String {
    let (state, language) = (desk.state.read(), desk.bench.shell.language.get());
    let place = place.min(state.params.len() - 1);
    let (layer, from, to) = state.net.part(place);
    let short = |value: f32| language.short(value.into(), 4);
    let (value, gradient) = (short(state.params[place]), short(state.gradient[place]));
    let next = short(state.stepped[place]);
    let (number, to) = (layer + 1, to + 1);
    if from == state.net.sizes[layer] {
        t_string!(i18n, neuron.network.bias, number, to, value, gradient, next).to_string()
    } else {
        let from = from + 1;
        t_string!(i18n, neuron.network.weight, number, from, to, value, gradient, next).to_string()
    }
}

#[component]
fn Diagram(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (bench, language) = (desk.bench, desk.bench.shell.language);
    let phase = RwSignal::new(Phase::done(LAYERS).0);
    let from = StoredValue::new(None::<(f64, f64)>);
    let last = move || desk.state.read().params.len() - 1;
    let chosen = move || desk.chosen.get().min(last());
    let said = Signal::derive(move || words(i18n, desk, chosen()));
    let scene = move |width: f64| {
        diagram_scene(&desk.state.read(), Phase(phase.get()), chosen(), language.get(), width)
    };
    let set = move |setup: &mut NeuronSetup, place: usize, value: f64| {
        let mut params = setup.params();
        if let Some(param) = params.get_mut(place) {
            *param = rounded(value, 2).clamp(*NeuronSetup::PARAMS.start(), *NeuronSetup::PARAMS.end());
        }
        setup.set_params(params);
    };
    let on_drag = move |(point, width, begins): (Point, f64, bool)| {
        if begins {
            let state = desk.state.read_untracked();
            let place = diagram_hit(&state.net, point, width);
            desk.chosen.set(place);
            from.set_value(Some((point.y, f64::from(state.params[place]))));
        }
        let Some((y, value)) = from.get_value().filter(|_| !begins) else { return };
        let place = untrack(chosen);
        bench.drag(|setup| set(setup, place, value + (y - point.y) * PER_PIXEL));
    };
    let on_key = move |(key, is_large): (String, bool)| {
        let place = untrack(chosen);
        match key.as_str() {
            "ArrowLeft" => desk.chosen.set(place.saturating_sub(1)),
            "ArrowRight" => desk.chosen.set((place + 1).min(untrack(last))),
            "Home" => desk.chosen.set(0),
            "End" => desk.chosen.set(untrack(last)),
            "[" => phase.update(|phase| *phase = phase.saturating_sub(1)),
            "]" => phase.update(|phase| *phase = (*phase + 1).min(Phase::done(LAYERS).0)),
            _ => {
                let Some(by) = nudge(&key, is_large) else { return false };
                bench.change(|setup| {
                    let now = f64::from(setup.params()[place]);
                    set(setup, place, now + by * 0.05);
                });
            }
        }
        let text = if matches!(key.as_str(), "[" | "]") {
            untrack(|| phase_words(i18n, desk, Phase(phase.get())))
        } else {
            said.get_untracked()
        };
        bench.shell.announce(text);
        true
    };
    let value = Signal::derive(move || f64::from(desk.state.read().params[chosen()]));
    view! {
        <div class="neuron-edges">
            <Handle
                label=text!(i18n, neuron.network.label)
                said
                scene=scene
                on_drag=on_drag
                on_drop=move |()| bench.let_go()
                on_key=on_key
            />
        </div>
        <Phases desk phase />
        <p data-testid="neuron-parameter">{move || said.get()}</p>
        <div class="fields fields--small">
            <Held name="params">
                <NumberField
                    label=text!(i18n, neuron.network.value)
                    value=value
                    bounds=bounds(&NeuronSetup::PARAMS, 0.05, 4)
                    on_change=move |value: f64| {
                        let place = untrack(chosen);
                        bench.change(|setup| {
                            let mut params = setup.params();
                            params[place] = value as f32;
                            setup.set_params(params);
                        });
                    }
                />
            </Held>
        </div>
        <div class="hints"><p>{t!(i18n, neuron.network.hint)}</p></div>
    }
}

/// What has just been computed.
fn phase_words(i18n: I18nContext<Locale>, desk: Desk, phase: Phase) -> String {
    let (state, language) = (desk.state.read(), desk.bench.shell.language.get());
    let between = if language.tag() == "ru" { "; " } else { ", " };
    let list = |values: &[f32]| {
        values.iter().map(|value| language.short((*value).into(), 3)).collect::<Vec<_>>().join(between)
    };
    match phase.0 {
        0 => t_string!(i18n, neuron.phase.input, values = list(&state.input.x)).to_string(),
        number if number <= LAYERS => {
            // One neuron may be in view for a moment while this view goes.
            let Some(layer) = state.trace.layers.get(number - 1) else { return String::new() };
            let (sums, values) = (list(&layer.sums), list(&layer.output));
            t_string!(i18n, neuron.phase.forward, number, sums, values).to_string()
        }
        number if number == LAYERS + 1 => {
            let loss = language.short(state.trace.loss.into(), 4);
            t_string!(i18n, neuron.phase.loss, loss, target = list(&state.trace.target)).to_string()
        }
        number => {
            let number = (2 * LAYERS + 2).saturating_sub(number).clamp(1, LAYERS);
            let Some(layer) = state.trace.layers.get(number - 1) else { return String::new() };
            let (outputs, sums) = (list(&layer.of_output), list(&layer.of_sums));
            t_string!(i18n, neuron.phase.backward, number, outputs, sums).to_string()
        }
    }
}

/// Forward and back, one layer at a time.
#[component]
fn Phases(desk: Desk, phase: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let end = Phase::done(LAYERS).0;
    let is_first = Signal::derive(move || phase.get() == 0);
    let is_last = Signal::derive(move || phase.get() >= end);
    view! {
        <div class="buttons" role="group" aria-label=move || t_string!(i18n, neuron.phase.label)>
            <IconButton
                icon=Icon::First
                label=text!(i18n, neuron.phase.first)
                disabled=is_first
                on_click=move |()| phase.set(0)
            />
            <IconButton
                icon=Icon::Previous
                label=text!(i18n, neuron.phase.previous)
                disabled=is_first
                on_click=move |()| phase.update(|phase| *phase = phase.saturating_sub(1))
            />
            <IconButton
                icon=Icon::Next
                label=text!(i18n, neuron.phase.next)
                disabled=is_last
                on_click=move |()| phase.update(|phase| *phase = (*phase + 1).min(end))
            />
            <IconButton
                icon=Icon::Last
                label=text!(i18n, neuron.phase.last)
                disabled=is_last
                on_click=move |()| phase.set(end)
            />
        </div>
        <p role="status" data-testid="neuron-phase">{move || phase_words(i18n, desk, Phase(phase.get()))}</p>
    }
}

/// Every parameter with its gradient and what a step makes of it.
#[component]
fn Parameters(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let is_open = RwSignal::new(false);
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    let table = Signal::derive(move || {
        let (state, language) = (desk.state.read(), desk.bench.shell.language.get());
        let short = |value: f32| language.short(value.into(), 4);
        let row = |place: usize| {
            let (layer, from, to) = state.net.part(place);
            let is_bias = from == state.net.sizes[layer];
            let from = if is_bias { "b".to_owned() } else { (from + 1).to_string() };
            let name = format!("{}: {from} → {}", layer + 1, to + 1);
            vec![name, short(state.params[place]), short(state.gradient[place]), short(state.stepped[place])]
        };
        let heads = vec![
            t_string!(i18n, neuron.network.parameter).to_string(),
            t_string!(i18n, neuron.network.now).to_string(),
            t_string!(i18n, neuron.network.gradient).to_string(),
            t_string!(i18n, neuron.network.next).to_string(),
        ];
        let rows = if is_open.get() { (0..state.params.len()).map(row).collect() } else { Vec::new() };
        Table { heads, rows }
    });
    view! {
        <p>{t!(i18n, neuron.network.table_lead)}</p>
        <details on:toggle=on_toggle>
            <summary>{t!(i18n, common.chart.as_table)}</summary>
            <NumberTable caption=text!(i18n, neuron.network.table) table />
        </details>
    }
}

/// The pictures of this moment, for a file.
pub fn network_pictures(desk: Desk) -> Vec<(String, Scene)> {
    let language = desk.bench.shell.language.get_untracked();
    let state = NeuronState::new(&desk.bench.setup.get_untracked());
    let title = td_string!(locale_of(language), neuron.network.title).to_string();
    let diagram = diagram_scene(&state, Phase::done(LAYERS), usize::MAX, language, 600.0);
    vec![(title, diagram), plane_picture(desk, 420.0)]
}
