//! The layers as cards, and what one begins with.

use super::Bench;
use crate::engine::layers::{LayerDef, LayerSpec};
use crate::engine::presets::Preset;
use crate::ui::arguments::{ArgumentForm, Family, brief, to_value};
use crate::ui::browser::focus_id;
use crate::ui::components::{Select, UndoButtons};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::network::{Edit, Facts, LayerFault, Place, mega_bytes, shape_text};
use crate::ui::pages::training::preset;
use crate::ui::training::words;
use crate::ui::translations::text;
use leptos::{
    ev::{DragEvent, MouseEvent},
    prelude::*,
};
use serde_json::Value;

/// A ready network to begin with, and steps back.
#[component]
pub fn StartFrom(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = Memo::new(move |_| preset(&bench.model.read()));
    let choices = Signal::derive(move || {
        let choice = |preset: Preset| (preset.id().to_owned(), words(i18n).preset(preset));
        let own = (String::new(), t_string!(i18n, network.start.own).to_string());
        let own = chosen.get().is_none().then_some(own);
        own.into_iter().chain(Preset::ALL.into_iter().map(choice)).collect()
    });
    let choose = move |id: String| {
        if let Some(preset) = Preset::from_id(&id) {
            bench.apply(&Edit::Take(preset.spec()));
        }
    };
    let help = move || chosen.get().map(|preset| words(i18n).preset_help(preset));
    view! {
        <div class="network__head">
            <Select
                label=text!(i18n, network.start.label)
                choices=choices
                value=Signal::derive(move || chosen.get().map(|it| it.id().to_owned()).unwrap_or_default())
                on_change=choose
            />
            <UndoButtons
                steps=Signal::derive(move || bench.steps())
                on_travel=move |is_back| bench.travel(is_back)
            />
        </div>
        <p class="field__hint">{help}</p>
    }
}

/// The cards, first to last.
#[component]
pub fn Layers(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    // Cards are made anew only when layers come, go or change places, so that fields keep the focus.
    let kinds =
        Memo::new(move |_| bench.model.read().layers.iter().map(LayerDef::class_name).collect::<Vec<_>>());
    let cards = move || {
        let kinds = kinds.get();
        let len = kinds.len();
        let card = |(idx, class)| view! { <LayerCard bench idx class len /> };
        kinds.into_iter().enumerate().map(card).collect_view()
    };
    let input = move || shape_text(&bench.state.read().input);
    view! {
        <ol class="layers" id=LIST tabindex="-1">
            <li class="layer layer--input">
                <p>{t!(i18n, network.input)} " " <strong>{input}</strong></p>
            </li>
            {cards}
        </ol>
    }
}

/// The id of the list.
const LIST: &str = "network-layers";

/// The id of a card's heading.
fn heading(idx: usize) -> String {
    format!("network-layer-{idx}")
}

/// One layer: its arguments, what it comes to, and what can be done with it.
#[component]
fn LayerCard(bench: Bench, idx: usize, class: &'static str, len: usize) -> impl IntoView {
    let i18n = use_i18n();
    let number = idx + 1;
    // A card may live a moment longer than its layer.
    let place = Memo::new(move |_| bench.state.read().places.get(idx).cloned().unwrap_or(Place::Waiting));
    let spec = Memo::new(move |_| bench.model.read().layers.get(idx).map_or(Value::Null, to_value));
    let is_bad = move || matches!(*place.read(), Place::Mistake(_));
    let is_waiting = move || *place.read() == Place::Waiting;
    let is_open = Memo::new(move |_| bench.open.get() == Some(idx));
    let go = move |to: usize| {
        if bench.apply(&Edit::Move { from: idx, to }) {
            bench.shell.announce(t_string!(i18n, network.moved, class, number = to + 1).to_string());
            // The cards are made anew: the focus goes on with the layer.
            focus_id(heading(to));
        }
    };
    let is_over = RwSignal::new(false);
    let on_drag_over = move |event: DragEvent| {
        if bench.dragged.get_untracked().is_some() {
            event.prevent_default();
            is_over.set(true);
        }
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(from) = bench.dragged.try_update(Option::take).flatten() {
            bench.apply(&Edit::Move { from, to: idx });
        }
    };
    let arguments_id = format!("network-arguments-{idx}");
    let toggle = move |_: MouseEvent| bench.open.update(|open| *open = (*open != Some(idx)).then_some(idx));
    let change = move |value: Value| {
        // Fields give only what the layer reads; what it does not is not taken.
        if let Ok(layer) = serde_json::from_value::<LayerSpec>(value) {
            bench.apply(&Edit::Replace { at: idx, layer });
        }
    };
    let told = Memo::new(move |_| brief(Family::Layer, &spec.read()));
    view! {
        <li
            class="layer"
            class:layer--bad=is_bad
            class:layer--waiting=is_waiting
            class:layer--over=move || is_over.get()
            on:dragover=on_drag_over
            on:dragleave=move |_| is_over.set(false)
            on:drop=on_drop
        >
            <div class="layer__head">
                <Handle bench idx />
                <h3 class="layer__name" id=heading(idx) tabindex="-1">
                    {number} ". " <code lang="en">{class}</code>
                </h3>
                <div class="buttons">
                    <CardButton sign="↑" label=text!(i18n, network.up, number) off={idx == 0} act=move |()| go(idx - 1) />
                    <CardButton
                        sign="↓"
                        label=text!(i18n, network.down, number)
                        off={idx + 1 == len}
                        act=move |()| go(idx + 1)
                    />
                    <CardButton
                        sign="×2"
                        label=text!(i18n, network.duplicate, number)
                        off=move || bench.is_full()
                        act=move |()| {
                            bench.apply(&Edit::Duplicate(idx));
                            focus_id(heading(idx + 1));
                        }
                    />
                    <CardButton
                        sign="✕"
                        label=text!(i18n, network.remove, number)
                        off=false
                        act=move |()| {
                            bench.apply(&Edit::Remove(idx));
                            bench.shell.announce(t_string!(i18n, network.removed, class).to_string());
                            focus_id(if len > 1 { heading(idx.min(len - 2)) } else { LIST.to_owned() });
                        }
                    />
                </div>
            </div>
            <p class="layer__brief" hidden=move || told.read().is_empty()><code lang="en">{move || told.get()}</code></p>
            <Outcome bench place idx />
            <div>
                <button
                    type="button"
                    class="button"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=arguments_id.clone()
                    aria-label=move || t_string!(i18n, network.arguments_of, number, class).to_string()
                    on:click=toggle
                >
                    <span aria-hidden="true">{move || if is_open.get() { "▾" } else { "▸" }}</span>
                    {t!(i18n, network.arguments)}
                </button>
            </div>
            <div class="layer__arguments" id=arguments_id hidden=move || !is_open.get()>
                {move || is_open.get().then(|| view! { <ArgumentForm family=Family::Layer spec on_change=change /> })}
            </div>
        </li>
    }
}

/// Where a card can be taken hold of; its buttons do the same.
#[component]
fn Handle(bench: Bench, idx: usize) -> impl IntoView {
    let i18n = use_i18n();
    let begin = move |event: DragEvent| {
        if let Some(transfer) = event.data_transfer() {
            // Without data Firefox does not begin to drag.
            let _ = transfer.set_data("text/plain", &(idx + 1).to_string());
        }
        bench.dragged.set(Some(idx));
    };
    view! {
        <span
            class="layer__handle"
            draggable="true"
            aria-hidden="true"
            title=move || t_string!(i18n, network.drag)
            on:dragstart=begin
            on:dragend=move |_| bench.dragged.set(None)
        >
            "⠿"
        </span>
    }
}

/// A button with a sign, and what it does in words.
#[component]
fn CardButton(
    sign: &'static str,
    label: Signal<String>,
    #[prop(into)] off: Signal<bool>,
    #[prop(into)] act: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button--icon"
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || off.get()
            on:click=move |_| act.run(())
        >
            <span aria-hidden="true">{sign}</span>
        </button>
    }
}

/// What the layer comes to, or why it cannot stand there.
#[component]
fn Outcome(bench: Bench, place: Memo<Place>, idx: usize) -> impl IntoView {
    let i18n = use_i18n();
    let language = bench.shell.language;
    let facts = move |Facts { output, num_params, num_trainable, memory }: Facts| {
        let count = move |number: usize| language.get().count(number);
        let frozen = num_params - num_trainable;
        view! {
            <p class="layer__facts">
                <span>{t!(i18n, network.facts.output)} " " <strong>{shape_text(&output)}</strong></span>
                <span>{t!(i18n, network.facts.params)} " " <strong>{move || count(num_params)}</strong></span>
                {(frozen > 0).then(|| view! {
                    <span>{t!(i18n, network.facts.frozen)} " " {move || count(frozen)}</span>
                })}
                <span>
                    {t!(i18n, network.facts.memory)} " "
                    <strong>{move || mega_bytes(language.get(), memory)}</strong> " "
                    {t!(i18n, network.facts.mega_bytes)}
                </span>
            </p>
        }
    };
    move || match place.get() {
        Place::Fits(all) => facts(all).into_any(),
        Place::Mistake(fault) => {
            let words = ErrorText { i18n, language: language.get() };
            let reason = match fault {
                LayerFault::Layer(error) => words.layer(&error),
                LayerFault::TooLarge => t_string!(i18n, network.too_large).to_string(),
                LayerFault::TooManyParams => t_string!(i18n, network.too_many_params).to_string(),
            };
            view! {
                <p class="field__error" role="status">{reason}</p>
                <Remedy bench idx />
            }
            .into_any()
        }
        Place::Waiting => view! { <p class="note">{t!(i18n, network.waiting)}</p> }.into_any(),
    }
}

/// A button that mends the commonest mistake: a layer that needs a vector is given an image.
#[component]
fn Remedy(bench: Bench, idx: usize) -> impl IntoView {
    let i18n = use_i18n();
    let remedy = Memo::new(move |_| bench.state.read().remedy(idx));
    move || {
        remedy.get().map(|layer| {
            let class = layer.class_name();
            let mend = move |_| {
                bench.apply(&Edit::Insert { at: idx, layer: layer.clone() });
                focus_id(heading(idx));
            };
            view! {
                <div>
                    <button type="button" class="button" on:click=mend>
                        {t!(i18n, network.insert_before, class)}
                    </button>
                </div>
            }
        })
    }
}
