//! What can be added, and where it goes.

use super::Bench;
use crate::engine::layers::{LayerDef, LayerSpec};
use crate::ui::components::Select;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::pages::network::{Edit, Group, MAX_LAYERS, output_at};
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The groups of layers.
#[component]
pub fn Palette(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let places = Signal::derive(move || {
        let model = bench.model.read();
        let end = || t_string!(i18n, network.palette.end).to_string();
        // In a finished network the end is a place like every other one, and what is meant by none is said.
        let own =
            output_at(&model).map_or_else(end, |_| t_string!(i18n, network.palette.fitting).to_string());
        let last = output_at(&model).map(|_| (model.layers.len().to_string(), end()));
        let before = model.layers.iter().enumerate().map(|(idx, layer)| {
            let (number, class) = (idx + 1, layer.class_name());
            (idx.to_string(), t_string!(i18n, network.palette.before, number, class).to_string())
        });
        std::iter::once((String::new(), own)).chain(before).chain(last).collect()
    });
    let place = Signal::derive(move || {
        let model = bench.model.read();
        let last = model.layers.len();
        let chosen = bench.place.get().map(|place| place.min(last));
        let chosen = chosen.filter(|place| *place < last || output_at(&model).is_some());
        chosen.map(|place| place.to_string()).unwrap_or_default()
    });
    let group = move |group: Group| {
        let button = move |layer: LayerSpec| view! { <Add bench layer /> };
        view! {
            <fieldset class="palette__group">
                <legend>{move || name(i18n, group)}</legend>
                <div class="buttons">{group.layers().into_iter().map(button).collect_view()}</div>
            </fieldset>
        }
    };
    view! {
        <div class="palette">
            <Select
                label=text!(i18n, network.palette.place)
                choices=places
                value=place
                on_change=move |at: String| bench.place.set(at.parse().ok())
            />
            {Group::ALL.into_iter().map(group).collect_view()}
            <p class="field__hint">{t!(i18n, network.palette.most, count = MAX_LAYERS)}</p>
        </div>
    }
}

#[component]
fn Add(bench: Bench, layer: LayerSpec) -> impl IntoView {
    let i18n = use_i18n();
    let class = layer.class_name();
    let add = move |_| {
        let at = bench.place_of(&layer);
        if bench.apply(&Edit::Insert { at, layer: layer.clone() }) {
            bench.open.set(Some(at));
            bench.shell.announce(t_string!(i18n, network.palette.added, class, number = at + 1).to_string());
        }
    };
    view! {
        <button type="button" class="button" disabled=move || bench.is_full() on:click=add>
            <span aria-hidden="true">"+"</span>
            <code lang="en">{class}</code>
        </button>
    }
}

fn name(i18n: I18nContext<Locale>, group: Group) -> String {
    match group {
        Group::Convolution => t_string!(i18n, network.group.convolution).to_string(),
        Group::Pooling => t_string!(i18n, network.group.pooling).to_string(),
        Group::Dense => t_string!(i18n, network.group.dense).to_string(),
        Group::Shape => t_string!(i18n, network.group.shape).to_string(),
        Group::Normalization => t_string!(i18n, network.group.normalization).to_string(),
        Group::Dropout => t_string!(i18n, network.group.dropout).to_string(),
        Group::Augmentation => t_string!(i18n, network.group.augmentation).to_string(),
        Group::Activation => t_string!(i18n, network.group.activation).to_string(),
    }
}
