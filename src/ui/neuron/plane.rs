//! The plane: the input in hand, the points, and what comes out everywhere.

use super::Desk;
use crate::ui::components::{Choice, Handle, Held, NumberField, Segmented, Select};
use crate::ui::context::locale_of;
use crate::ui::i18n::{Locale, t, t_string, td_string, use_i18n};
use crate::ui::losses::{bounds, nudge, rounded};
use crate::ui::pages::neuron::{
    Field, NeuronSetup, NeuronState, Points, Sample, nearest, plane, plane_scene,
};
use crate::ui::scene::{Point, Scene};
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// Cells of the shade to a side.
const SIDE: usize = 45;

/// A press that has not gone farther than this is no drag, in px.
const STILL: f64 = 5.0;

/// What a press does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Take,
    Add,
    Remove,
}

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Tool::Take => "take",
            Tool::Add => "add",
            Tool::Remove => "remove",
        }
    }
}

/// The picture with its tools and the numbers of the input.
#[component]
pub fn Plane(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (bench, language) = (desk.bench, desk.bench.shell.language);
    let setup = bench.setup;
    let (tool, class) = (RwSignal::new(Tool::Take), RwSignal::new(1_usize));
    // Moving the input leaves the shade as it is.
    let shade = Memo::new(move |_| {
        let setup = setup.read();
        (setup.net(), setup.params(), setup.shown)
    });
    let field = Memo::new(move |_| {
        let (net, params, shown) = &*shade.read();
        Field::new(net, params, *shown, SIDE)
    });
    let said = Signal::derive(move || sentence(i18n, desk));
    let scene = move |width: f64| plane_scene(&desk.state.read(), &field.read(), language.get(), width);
    let class_now = move || class_in(desk, class);
    let move_to = move |x: [f32; 2], is_drag: bool| {
        let edit = |setup: &mut NeuronSetup| setup.input.x = x;
        if is_drag { bench.drag(edit) } else { bench.change(edit) }
    };
    let pressed = StoredValue::new(None::<Point>);
    let on_drag = move |(point, width, begins): (Point, f64, bool)| {
        if begins {
            pressed.set_value(Some(point));
        } else if let Some(from) = pressed.get_value() {
            if (from.x - point.x).abs().max((from.y - point.y).abs()) < STILL {
                return;
            }
            pressed.set_value(None);
        }
        let place = plane(width).values(point).map(|value| rounded(value, 2));
        let near = nearest(&desk.state.read_untracked().samples, point, width);
        match (tool.get_untracked(), begins) {
            (Tool::Take, true) if near.is_some() => take(desk, near),
            (Tool::Take, _) => move_to(place, true),
            (Tool::Add, true) => add(desk, place, untrack(class_now)),
            (Tool::Remove, true) => remove(desk, near),
            (Tool::Add | Tool::Remove, false) => {}
        }
    };
    let on_key = move |(key, is_large): (String, bool)| {
        let [x, y] = setup.read_untracked().input.x;
        let step = 0.05 * nudge(&key, is_large).map_or(0.0, f64::abs) as f32;
        let samples = desk.state.read_untracked().samples.len();
        match key.as_str() {
            "ArrowLeft" => move_to(within([x - step, y]), false),
            "ArrowRight" => move_to(within([x + step, y]), false),
            "ArrowUp" => move_to(within([x, y + step]), false),
            "ArrowDown" => move_to(within([x, y - step]), false),
            "Enter" => add(desk, [x, y], untrack(class_now)),
            "Delete" | "Backspace" => remove(desk, at_hand(desk)),
            "[" | "]" if samples > 0 => {
                let by = if key == "]" { 1 } else { samples - 1 };
                let next = at_hand(desk).map_or(0, |idx| (idx + by) % samples);
                take(desk, Some(next));
            }
            _ => return false,
        }
        bench.shell.announce(said.get_untracked());
        true
    };
    view! {
        <Tools desk tool class />
        <div class="plane">
            <Handle
                label=text!(i18n, neuron.plane.label)
                said
                scene=scene
                on_drag=on_drag
                on_drop=move |()| bench.let_go()
                on_key=on_key
            />
        </div>
        <p data-testid="neuron-plane">{move || said.get()}</p>
        <Input desk />
        <div class="hints"><p>{t!(i18n, neuron.plane.hint)}</p></div>
    }
}

/// What a press on the plane does, with which class, and whose output is shaded.
#[component]
fn Tools(desk: Desk, tool: RwSignal<Tool>, class: RwSignal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let (bench, setup) = (desk.bench, desk.bench.setup);
    let tools = Signal::derive(move || {
        vec![
            (Tool::Take.name().to_owned(), t_string!(i18n, neuron.plane.take).to_string()),
            (Tool::Add.name().to_owned(), t_string!(i18n, neuron.plane.add).to_string()),
            (Tool::Remove.name().to_owned(), t_string!(i18n, neuron.plane.remove).to_string()),
        ]
    });
    let choose_tool = move |name: String| {
        let found = [Tool::Take, Tool::Add, Tool::Remove].into_iter().find(|tool| tool.name() == name);
        tool.set(found.unwrap_or(Tool::Take));
    };
    let numbers = move |count: usize| -> Vec<Choice> {
        (0..count).map(|idx| (idx.to_string(), idx.to_string())).collect()
    };
    let classes = Signal::derive(move || numbers(desk.state.read().net.classes()));
    let outputs = Signal::derive(move || {
        let count = desk.state.read().net.outputs();
        (0..count).map(|idx| (idx.to_string(), (idx + 1).to_string())).collect::<Vec<Choice>>()
    });
    view! {
        <div class="fields">
            <Segmented
                label=text!(i18n, neuron.plane.tool)
                choices=tools
                value=Signal::derive(move || tool.get().name().to_owned())
                on_change=choose_tool
            />
            <Select
                label=text!(i18n, neuron.plane.class)
                choices=classes
                value=Signal::derive(move || class_in(desk, class).to_string())
                on_change=move |name: String| class.set(name.parse().unwrap_or(0))
            />
            <Show when=move || { desk.state.read().net.outputs() > 1 }>
                <Select
                    label=text!(i18n, neuron.plane.shown)
                    choices=outputs
                    value=Signal::derive(move || setup.read().shown.to_string())
                    on_change=move |name: String| {
                        bench.change(|setup| setup.shown = name.parse().unwrap_or(0));
                    }
                />
            </Show>
        </div>
    }
}

/// The class that is chosen, or the last one there is.
fn class_in(desk: Desk, class: RwSignal<usize>) -> usize {
    class.get().min(desk.state.read().net.classes() - 1)
}

fn sentence(i18n: I18nContext<Locale>, desk: Desk) -> String {
    let (state, language) = (desk.state.read(), desk.bench.shell.language.get());
    let short = |value: f32| language.short(value.into(), 3);
    let [x, y] = state.input.x.map(short);
    let last = &state.trace.layers[state.trace.layers.len() - 1].output;
    let between = if language.tag() == "ru" { "; " } else { ", " };
    let output = last.iter().map(|value| short(*value)).collect::<Vec<_>>().join(between);
    let target = short(state.input.target);
    t_string!(i18n, neuron.plane.said, x, y, output, target).to_string()
}

fn within(x: [f32; 2]) -> [f32; 2] {
    x.map(|value| rounded(value.clamp(-Points::REACH, Points::REACH).into(), 2))
}

/// The point that the input in hand stands on.
fn at_hand(desk: Desk) -> Option<usize> {
    let state = desk.state.read_untracked();
    let near = |sample: &Sample| sample.x.iter().zip(&state.input.x).all(|(a, b)| (a - b).abs() < 0.03);
    state.samples.iter().position(near)
}

fn take(desk: Desk, idx: Option<usize>) {
    let sample = idx.and_then(|idx| desk.state.read_untracked().samples.get(idx).copied());
    if let Some(sample) = sample {
        desk.bench.change(|setup| setup.input = sample);
    }
}

fn add(desk: Desk, x: [f32; 2], class: usize) {
    let sample = Sample { x: within(x), target: class as f32 };
    desk.bench.change(|setup| {
        setup.add(sample);
        setup.input = sample;
    });
}

fn remove(desk: Desk, idx: Option<usize>) {
    if let Some(idx) = idx {
        desk.bench.change(|setup| setup.remove(idx));
    }
}

/// The input in hand as numbers.
#[component]
fn Input(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let bench = desk.bench;
    let reach = -Points::REACH..=Points::REACH;
    let field = move |name: &'static str,
                      label: Signal<String>,
                      of: fn(&mut NeuronSetup) -> &mut f32,
                      range,
                      step: f64| {
        view! {
            <Held name>
                <NumberField
                    label=label
                    value=Signal::derive(move || f64::from(*of(&mut bench.setup.get())))
                    bounds=bounds(&range, step, 2)
                    on_change=move |value: f64| bench.change(|setup| *of(setup) = value as f32)
                />
            </Held>
        }
    };
    view! {
        <div class="fields fields--small">
            {field("x", Signal::stored("x₁".to_owned()), |setup| &mut setup.input.x[0], reach.clone(), 0.05)}
            {field("x", Signal::stored("x₂".to_owned()), |setup| &mut setup.input.x[1], reach, 0.05)}
            {field("x", text!(i18n, neuron.target), |setup| &mut setup.input.target, NeuronSetup::TARGETS, 1.0)}
        </div>
    }
}

/// The plane of this moment, for a file.
pub fn plane_picture(desk: Desk, width: f64) -> (String, Scene) {
    let setup = desk.bench.setup.get_untracked();
    let language = desk.bench.shell.language.get_untracked();
    let state = NeuronState::new(&setup);
    let field = Field::new(&state.net, &state.params, setup.shown, SIDE);
    let title = td_string!(locale_of(language), neuron.plane.title).to_string();
    (title, plane_scene(&state, &field, language, width))
}
