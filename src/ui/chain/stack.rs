//! The image, the stack and its kernels: what the reader chooses.

use super::{Desk, Network};
use crate::ui::browser::focus_id;
use crate::ui::components::{Bounds, Choice, Held, NumberField, Segmented, Select, UndoButtons};
use crate::ui::convolution::Source;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::chain::{
    Carried, ChainLayer, ChainSetup, Kernels, Pool, activation_name, activation_of, padding_name, padding_of,
};
use crate::ui::sources::{FetchNote, OtherSource};
use crate::ui::translations::text;
use leptos::prelude::*;

fn sizes(max: usize) -> Bounds {
    Bounds { min: 1.0, max: max as f64, step: 1.0, decimals: 0 }
}

/// What a seed may be.
const SEED: Bounds = Bounds { min: 0.0, max: u32::MAX as f64, step: 1.0, decimals: 0 };

/// Everything that is chosen.
#[component]
pub fn Stack(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let sources = Signal::derive(move || {
        let name = |source: &Source| match source {
            Source::Digit(class) => t_string!(i18n, pooling.input.digit, class = *class).to_string(),
            Source::Landscape => t_string!(i18n, chain.image.landscape).to_string(),
            Source::Sample(sample) => format!("{}, {}", sample.dataset.title(), sample.idx),
            Source::Own(_) => t_string!(i18n, sources.own).to_string(),
            _ => t_string!(i18n, chain.image.point).to_string(),
        };
        let mut sources = ChainSetup::sources();
        let chosen = setup.read().source.clone();
        if !sources.contains(&chosen) {
            sources.push(chosen);
        }
        sources.iter().map(|source| (source.to_text(), name(source))).collect()
    });
    let choose_source = move |text: String| {
        if let Some(source) = Source::from_text(&text) {
            desk.change(|setup| setup.source = source);
        }
    };
    let is_linked = Memo::new(move |_| desk.is_linked());
    let kernels = kernel_choices(is_linked);
    let choose_kernels = move |name: String| {
        if let Some(kernels) = Kernels::from_name(&name) {
            desk.choose_kernels(kernels);
        }
    };
    let chosen_kernels = Signal::derive(move || {
        if is_linked.get() { LINKED.to_owned() } else { setup.read().kernels.name().to_owned() }
    });
    let is_trained = Memo::new(move |_| setup.read().kernels == Kernels::Trained);
    let is_network = Memo::new(move |_| desk.shown().is_some());
    let hint = move || {
        let setup = setup.read();
        match (setup.kernels, &setup.network, &*desk.network.read()) {
            (Kernels::Presets, ..) => t_string!(i18n, chain.kernels.presets_hint).to_string(),
            (Kernels::Random, ..) => t_string!(i18n, chain.kernels.random_hint).to_string(),
            (_, Carried::Whole(_), _) if is_linked.get() => {
                t_string!(i18n, chain.kernels.linked_hint).to_string()
            }
            // What is missing stands above the pictures.
            (_, Carried::Mark(_), _) if is_linked.get() => String::new(),
            (.., Network::None) => t_string!(i18n, chain.kernels.no_network).to_string(),
            (.., Network::Loading) => t_string!(i18n, chain.kernels.loading).to_string(),
            (.., Network::NoMaps) => t_string!(i18n, chain.kernels.no_maps).to_string(),
            (.., Network::Ready(_)) => t_string!(i18n, chain.kernels.trained_hint).to_string(),
        }
    };
    view! {
        <Held name="image">
            <Select
                label=text!(i18n, chain.image.label)
                choices=sources
                value=Signal::derive(move || setup.read().source.to_text())
                on_change=choose_source
            />
        </Held>
        <FetchNote fetched=desk.fetched />
        <Held name="image">
            <OtherSource
                source=Signal::derive(move || setup.read().source.clone())
                on_choose=move |source| desk.change(|setup| setup.source = source)
            />
        </Held>
        <Held name="kernels">
            <Select
                label=text!(i18n, chain.kernels.label)
                choices=kernels
                value=chosen_kernels
                on_change=choose_kernels
            />
        </Held>
        <p class="field__hint" role="status">{hint}</p>
        <Show when=move || !is_trained.get()>
            <Held name="kernels">
                <NumberField
                    label=text!(i18n, chain.kernels.seed)
                    value=Signal::derive(move || f64::from(setup.read().seed))
                    bounds=SEED
                    on_change=move |seed| desk.change(|setup| setup.seed = seed as u32)
                />
            </Held>
        </Show>
        <Show when=move || !is_network.get()>
            <Held name="layers">
                <Layers desk />
            </Held>
        </Show>
        <UndoButtons
            steps=Signal::derive(move || desk.steps())
            on_travel=move |is_back| desk.travel(is_back)
        />
    }
}

/// Where kernels come from, each with its name.
fn kernel_choices(is_linked: Memo<bool>) -> Signal<Vec<Choice>> {
    let i18n = use_i18n();
    Signal::derive(move || {
        let name = |kernels| match kernels {
            Kernels::Presets => t_string!(i18n, chain.kernels.presets).to_string(),
            Kernels::Random => t_string!(i18n, chain.kernels.random).to_string(),
            Kernels::Trained => t_string!(i18n, chain.kernels.trained).to_string(),
        };
        let mut choices: Vec<_> =
            Kernels::ALL.into_iter().map(|kernels| (kernels.name().to_owned(), name(kernels))).collect();
        if is_linked.get() {
            choices.push((LINKED.to_owned(), t_string!(i18n, chain.kernels.linked).to_string()));
        }
        choices
    })
}

/// The choice that is there while the kernels came with a link.
const LINKED: &str = "linked";

/// The layers, one below the other, and what can be added.
#[component]
fn Layers(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    // Rows are made anew only when a layer comes or goes or changes its kind, so that fields keep the focus.
    let kinds =
        Memo::new(move |_| setup.read().layers.iter().map(std::mem::discriminant).collect::<Vec<_>>());
    let rows = move || {
        let len = kinds.read().len();
        (0..len).map(|idx| view! { <LayerRow desk idx len /> }).collect_view()
    };
    let is_full = Signal::derive(move || kinds.read().len() >= ChainSetup::MAX_LAYERS);
    let add = move |layer: ChainLayer| {
        view! {
            <button
                type="button"
                class="button"
                disabled=move || is_full.get()
                on:click=move |_| desk.change(|setup| setup.layers.push(layer))
            >
                "+ " <code lang="en">{class_name(&layer)}</code>
            </button>
        }
    };
    view! {
        <ol class="chain-stack">{rows}</ol>
        <div
            class="buttons"
            role="group"
            id=ADD
            tabindex="-1"
            aria-label=move || t_string!(i18n, chain.stack.add)
        >
            {add(ChainLayer::conv())} {add(ChainLayer::max())} {add(ChainLayer::average())}
        </div>
        <p class="field__hint">{t!(i18n, chain.stack.most, count = ChainSetup::MAX_LAYERS)}</p>
    }
}

/// The id of what adds layers.
const ADD: &str = "chain-add";

/// The id of a layer's heading.
fn heading(idx: usize) -> String {
    format!("chain-layer-{idx}")
}

fn class_name(layer: &ChainLayer) -> &'static str {
    match layer {
        ChainLayer::Conv { .. } => "Conv2D",
        ChainLayer::Max(_) => "MaxPooling2D",
        ChainLayer::Average(_) => "AveragePooling2D",
    }
}

/// One layer with its arguments, and buttons that move or remove it.
#[component]
fn LayerRow(desk: Desk, idx: usize, len: usize) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    // A row may live a moment longer than its layer.
    let layer = Memo::new(move |_| setup.read().layers.get(idx).copied().unwrap_or(ChainLayer::conv()));
    let is_bad = move || desk.fault().is_some_and(|fault| fault.layer == idx);
    let number = idx + 1;
    let button = move |sign: &'static str, label: Signal<String>, off: bool, act: Callback<()>| {
        view! {
            <button
                type="button"
                class="button button--icon"
                aria-label=move || label.get()
                title=move || label.get()
                disabled=off
                on:click=move |_| act.run(())
            >
                <span aria-hidden="true">{sign}</span>
            </button>
        }
    };
    // The buttons may be made anew: the focus goes to the layer that was moved, or to what took its place.
    let up = Callback::new(move |()| {
        desk.change(|setup| setup.layers.swap(idx - 1, idx));
        focus_id(heading(idx - 1));
    });
    let down = Callback::new(move |()| {
        desk.change(|setup| setup.layers.swap(idx, idx + 1));
        focus_id(heading(idx + 1));
    });
    let remove = Callback::new(move |()| {
        desk.change(|setup| {
            setup.layers.remove(idx);
        });
        focus_id(if len > 1 { heading(idx.min(len - 2)) } else { ADD.into() });
    });
    let name = class_name(&layer.get_untracked());
    view! {
        <li class="chain-stack__layer" class:chain-stack__layer--bad=is_bad>
            <div class="chain-stack__head">
                <h3 class="chain-stack__name" id=heading(idx) tabindex="-1">{number} ". " <code lang="en">{name}</code></h3>
                <div class="buttons">
                    {button("↑", text!(i18n, chain.stack.up, number), idx == 0, up)}
                    {button("↓", text!(i18n, chain.stack.down, number), idx + 1 == len, down)}
                    {button("✕", text!(i18n, chain.stack.remove, number), false, remove)}
                </div>
            </div>
            <Arguments desk idx layer />
        </li>
    }
}

#[component]
fn Arguments(desk: Desk, idx: usize, layer: Memo<ChainLayer>) -> impl IntoView {
    let field = move |name: &'static str,
                      max: usize,
                      get: fn(&ChainLayer) -> usize,
                      set: fn(&mut ChainLayer, usize)| {
        view! {
            <NumberField
                label=Signal::stored(name.to_owned())
                value=Signal::derive(move || get(&layer.read()) as f64)
                bounds=sizes(max)
                on_change=move |value| edit(desk, idx, move |layer| set(layer, value as usize))
            />
        }
    };
    let paddings = Signal::stored(["valid", "same"].map(|name| (name.to_owned(), name.to_owned())).to_vec());
    let choose_padding = move |name: String| {
        if let Some(padding) = padding_of(&name) {
            edit(desk, idx, move |layer| match layer {
                ChainLayer::Conv { padding: it, .. }
                | ChainLayer::Max(Pool { padding: it, .. })
                | ChainLayer::Average(Pool { padding: it, .. }) => *it = padding,
            });
        }
    };
    let padding = Signal::derive(move || match *layer.read() {
        ChainLayer::Conv { padding, .. }
        | ChainLayer::Max(Pool { padding, .. })
        | ChainLayer::Average(Pool { padding, .. }) => padding_name(padding).to_owned(),
    });
    let strides = field("strides", ChainLayer::MAX_STEP, strides_of, |layer, value| match layer {
        ChainLayer::Conv { strides, .. }
        | ChainLayer::Max(Pool { strides, .. })
        | ChainLayer::Average(Pool { strides, .. }) => *strides = value,
    });
    let window = match layer.get_untracked() {
        ChainLayer::Conv { .. } => view! {
            {field("filters", ChainLayer::MAX_FILTERS, filters_of, |layer, value| {
                if let ChainLayer::Conv { filters, .. } = layer {
                    *filters = value;
                }
            })}
            {field("kernel_size", ChainLayer::MAX_KERNEL, window_of, |layer, value| {
                if let ChainLayer::Conv { kernel_size, .. } = layer {
                    *kernel_size = value;
                }
            })}
        }
        .into_any(),
        ChainLayer::Max(_) | ChainLayer::Average(_) => {
            field("pool_size", ChainLayer::MAX_POOL, window_of, |layer, value| {
                if let ChainLayer::Max(pool) | ChainLayer::Average(pool) = layer {
                    pool.pool_size = value;
                }
            })
            .into_any()
        }
    };
    let more = matches!(layer.get_untracked(), ChainLayer::Conv { .. }).then(|| {
        let activations = ChainLayer::ACTIVATIONS.map(activation_name);
        let activations = Signal::stored(activations.map(|name| (name.to_owned(), name.to_owned())).to_vec());
        let choose = move |name: String| {
            if let Some(chosen) = activation_of(&name) {
                edit(desk, idx, move |layer| {
                    if let ChainLayer::Conv { activation, .. } = layer {
                        *activation = chosen;
                    }
                });
            }
        };
        let chosen = Signal::derive(move || match *layer.read() {
            ChainLayer::Conv { activation, .. } => activation_name(activation).to_owned(),
            _ => String::new(),
        });
        view! {
            {field("dilation_rate", ChainLayer::MAX_STEP, dilation_of, |layer, value| {
                if let ChainLayer::Conv { dilation_rate, .. } = layer {
                    *dilation_rate = value;
                }
            })}
            <Select
                label=Signal::stored("activation".to_owned())
                choices=activations
                value=chosen
                on_change=choose
            />
        }
    });
    view! {
        <div class="fields fields--small" lang="en">
            {window} {strides}
            <Segmented
                label=Signal::stored("padding".to_owned())
                compact=true
                choices=paddings
                value=padding
                on_change=choose_padding
            />
            {more}
        </div>
    }
}

fn edit(desk: Desk, idx: usize, edit: impl FnOnce(&mut ChainLayer)) {
    desk.change(|setup| {
        if let Some(layer) = setup.layers.get_mut(idx) {
            edit(layer);
        }
    });
}

fn filters_of(layer: &ChainLayer) -> usize {
    if let ChainLayer::Conv { filters, .. } = layer { *filters } else { 1 }
}

fn window_of(layer: &ChainLayer) -> usize {
    match layer {
        ChainLayer::Conv { kernel_size, .. } => *kernel_size,
        ChainLayer::Max(pool) | ChainLayer::Average(pool) => pool.pool_size,
    }
}

fn strides_of(layer: &ChainLayer) -> usize {
    match layer {
        ChainLayer::Conv { strides, .. } => *strides,
        ChainLayer::Max(pool) | ChainLayer::Average(pool) => pool.strides,
    }
}

fn dilation_of(layer: &ChainLayer) -> usize {
    if let ChainLayer::Conv { dilation_rate, .. } = layer { *dilation_rate } else { 1 }
}
