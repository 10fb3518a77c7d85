//! Examples, points, loss and activations.

use super::Desk;
use crate::engine::layers::Activation;
use crate::ui::components::{Bounds, Choice, Held, NumberField, Segmented, Select, whole};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::neuron::{BatchKind, Example, LossKind, NeuronSetup, Points, View};
use crate::ui::translations::text;
use leptos::prelude::*;

const OWN: &str = "own";

/// What the reader sets.
#[component]
pub fn Controls(desk: Desk) -> impl IntoView {
    let bench = desk.bench;
    let is_network = Memo::new(move |_| bench.setup.read().view == View::Network);
    view! {
        <div class="fields">
            <ExampleSelect desk />
            <Held name="points">
                <PointsSelect desk />
            </Held>
            <Held name="points">
                <Seed desk />
            </Held>
        </div>
        <div class="fields">
            <Show
                when=move || is_network.get()
                fallback=move || view! { <Held name="activation"><NeuronActivation desk /></Held> }
            >
                <Held name="units">
                    <Layers desk />
                </Held>
            </Show>
            <LossChoice desk />
        </div>
    }
}

#[component]
fn ExampleSelect(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.bench.setup;
    let choices = Signal::derive(move || {
        let name = |example| match example {
            Example::Blobs => t_string!(i18n, neuron.example.blobs),
            Example::And => t_string!(i18n, neuron.example.and),
            Example::Or => t_string!(i18n, neuron.example.or),
            Example::XorFails => t_string!(i18n, neuron.example.xor_fails),
            Example::XorByHand => t_string!(i18n, neuron.example.xor_by_hand),
            Example::XorLearns => t_string!(i18n, neuron.example.xor_learns),
            Example::XorLinear => t_string!(i18n, neuron.example.xor_linear),
            Example::Circles => t_string!(i18n, neuron.example.circles),
            Example::Spiral => t_string!(i18n, neuron.example.spiral),
        };
        let own = (String::new(), t_string!(i18n, neuron.example.own).to_string());
        let all = Example::of(setup.read().view).iter();
        let all = all.map(|example| (example.name().to_owned(), name(*example).to_string()));
        std::iter::once(own).chain(all).collect::<Vec<Choice>>()
    });
    let value = Signal::derive(move || setup.read().example().map_or("", Example::name).to_owned());
    let choose = move |name: String| {
        let view = setup.read_untracked().view;
        if let Some(example) = Example::of(view).iter().find(|example| example.name() == name) {
            desk.bench.change(|setup| setup.take(*example));
        }
    };
    view! { <Select label=text!(i18n, neuron.example.label) choices value on_change=choose /> }
}

#[component]
fn PointsSelect(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.bench.setup;
    let choices = Signal::derive(move || {
        let name = |points: &Points| match points {
            Points::Blobs => t_string!(i18n, neuron.points.blobs),
            Points::And => t_string!(i18n, neuron.points.and),
            Points::Or => t_string!(i18n, neuron.points.or),
            Points::Xor => t_string!(i18n, neuron.points.xor),
            Points::Circles => t_string!(i18n, neuron.points.circles),
            Points::Moons => t_string!(i18n, neuron.points.moons),
            Points::Spiral => t_string!(i18n, neuron.points.spiral),
            Points::Own(_) => t_string!(i18n, neuron.points.own),
        };
        let mut all: Vec<Choice> = Points::OFFERED
            .iter()
            .map(|points| (points.name().to_owned(), name(points).to_string()))
            .collect();
        let own = setup.read().points.clone();
        if matches!(own, Points::Own(_)) {
            all.push((OWN.to_owned(), name(&own).to_string()));
        }
        all
    });
    let value = Signal::derive(move || setup.read().points.name().to_owned());
    let choose = move |name: String| {
        if let Some(points) = Points::OFFERED.into_iter().find(|points| points.name() == name) {
            desk.bench.change(|setup| setup.points = points);
        }
    };
    view! { <Select label=text!(i18n, neuron.points.label) choices value on_change=choose /> }
}

#[component]
fn Seed(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let bounds = Bounds { min: 0.0, max: f64::from(u32::MAX), step: 1.0, decimals: 0 };
    view! {
        <NumberField
            label=text!(i18n, neuron.seed)
            value=Signal::derive(move || desk.bench.setup.read().seed as f64)
            bounds=bounds
            on_change=move |seed: f64| desk.bench.change(|setup| setup.seed = seed as u64)
        />
    }
}

fn activations() -> Signal<Vec<Choice>> {
    let choice = |kind: Activation| (kind.name().to_owned(), kind.name().to_owned());
    Signal::stored(Activation::ALL.map(choice).to_vec())
}

fn activation(name: &str) -> Option<Activation> {
    Activation::ALL.into_iter().find(|kind| kind.name() == name)
}

#[component]
fn NeuronActivation(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let choose = move |name: String| {
        if let Some(kind) = activation(&name) {
            desk.bench.change(|setup| setup.activation = kind);
        }
    };
    view! {
        <Select
            label=text!(i18n, neuron.activation)
            choices=activations()
            value=Signal::derive(move || desk.bench.setup.read().activation.name().to_owned())
            on_change=choose
        />
    }
}

/// Units and activation of each layer.
#[component]
fn Layers(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let bench = desk.bench;
    let layer = move |idx: usize| {
        let name = move || match idx {
            2 => t_string!(i18n, neuron.layers.output).to_string(),
            _ => t_string!(i18n, neuron.layers.hidden, number = idx + 1).to_string(),
        };
        let choose = move |name: String| {
            if let Some(kind) = activation(&name) {
                bench.change(|setup| setup.activations[idx] = kind);
            }
        };
        view! {
            <fieldset class="field">
                <legend class="field__label">{name}</legend>
                <div class="fields fields--small">
                    <NumberField
                        label=text!(i18n, neuron.layers.units)
                        value=Signal::derive(move || bench.setup.read().units[idx] as f64)
                        bounds=whole(&NeuronSetup::UNITS)
                        on_change=move |units: f64| bench.change(|setup| setup.resize(idx, units as usize))
                    />
                    <Select
                        label=text!(i18n, neuron.activation)
                        choices=activations()
                        value=Signal::derive(move || bench.setup.read().activations[idx].name().to_owned())
                        on_change=choose
                    />
                </div>
            </fieldset>
        }
    };
    [0, 1, 2].map(layer).into_iter().collect_view()
}

#[component]
fn LossChoice(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let bench = desk.bench;
    let losses = Signal::derive(move || {
        let several = bench.setup.read().net().outputs() > 1;
        let cross = if several { "CategoricalCrossentropy" } else { "BinaryCrossentropy" };
        vec![
            ("crossentropy".to_owned(), cross.to_owned()),
            ("squared".to_owned(), "MeanSquaredError".to_owned()),
        ]
    });
    let loss = move || match bench.setup.read().loss {
        LossKind::Crossentropy => "crossentropy".to_owned(),
        LossKind::Squared => "squared".to_owned(),
    };
    let choose_loss = move |name: String| {
        let loss = if name == "squared" { LossKind::Squared } else { LossKind::Crossentropy };
        bench.change(|setup| setup.loss = loss);
    };
    let batches = Signal::derive(move || {
        vec![
            ("one".to_owned(), t_string!(i18n, neuron.batch.one).to_string()),
            ("all".to_owned(), t_string!(i18n, neuron.batch.all).to_string()),
        ]
    });
    let batch = move || if bench.setup.read().batch == BatchKind::One { "one" } else { "all" }.to_owned();
    let choose_batch = move |name: String| {
        let batch = if name == "one" { BatchKind::One } else { BatchKind::All };
        bench.change(|setup| setup.batch = batch);
    };
    let is_clipped = move || {
        let setup = bench.setup.read();
        let last = setup.net().activations.last().copied();
        let fits = matches!(last, Some(Activation::Sigmoid | Activation::Softmax));
        setup.loss == LossKind::Crossentropy && !fits
    };
    view! {
        <Held name="loss">
            <Select
                label=text!(i18n, neuron.loss)
                choices=losses
                value=Signal::derive(loss)
                on_change=choose_loss
            />
        </Held>
        <Held name="batch">
            <Segmented
                label=text!(i18n, neuron.batch.label)
                choices=batches
                value=Signal::derive(batch)
                on_change=choose_batch
            />
        </Held>
        <p class="field__hint" hidden=move || !is_clipped()>{t!(i18n, neuron.clipped)}</p>
    }
}
