//! What every layer made of the image, and the kernels of the first convolutions.

use super::Desk;
use super::asking::{Asked, Section};
use crate::protocol::{Finding, LayerOutput, Question};
use crate::ui::components::{Picture, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::inside::{MOST_CHANNELS, Pace, kernels_scene, maps_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::fmt::Write as _;

/// Width of a saved picture, in px.
const SAVED: f64 = 640.0;

/// The section.
#[component]
pub fn LayersSection(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::begin(Pace::Live, false, move || desk.ask(Question::Layers), |inspection| inspection);
    view! {
        <Section asked id="inside-layers" title=text!(i18n, inside.layers.title) lead=text!(i18n, inside.layers.lead)>
            <Layers desk asked />
        </Section>
    }
}

fn outputs(asked: Asked) -> Vec<LayerOutput> {
    let layer = |finding| if let Finding::Layer(layer) = finding { Some(layer) } else { None };
    asked.shown().into_iter().filter_map(layer).collect()
}

#[component]
fn Layers(desk: Desk, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let layers = Signal::derive(move || outputs(asked));
    // Pictures are kept while numbers change; they are made anew for another model.
    let count = Memo::new(move |_| layers.read().len());
    let table = move |()| {
        let heads = vec![
            t_string!(i18n, inside.layers.layer).to_string(),
            t_string!(i18n, inside.layers.shape).to_string(),
            t_string!(i18n, inside.layers.least).to_string(),
            t_string!(i18n, inside.layers.mean).to_string(),
            t_string!(i18n, inside.layers.greatest).to_string(),
            t_string!(i18n, inside.layers.zeros).to_string(),
        ];
        let rows = layers.read().iter().map(|layer| row(desk, layer, language.get())).collect();
        Table { heads, rows }
    };
    let csv = move |()| {
        let mut out = String::from("layer,row,column,channel,value\n");
        for LayerOutput { layer, shape: [_, cols, channels], values, .. } in &*layers.read_untracked() {
            for (idx, value) in values.iter().enumerate() {
                let (row, col, channel) = (idx / channels / cols, idx / channels % cols, idx % channels);
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{layer},{row},{col},{channel},{value}");
            }
        }
        out
    };
    let pictures = move |()| -> Vec<(String, Scene)> {
        let layers = layers.read_untracked();
        let picture = |layer: &LayerOutput| {
            (untrack(|| desk.layer_name(layer.layer as usize)), maps_scene(layer.shape, &layer.values, SAVED))
        };
        layers.iter().map(picture).collect()
    };
    view! {
        <ol class="inside__layers" data-testid="inside-layers-list">
            {move || (0..count.get()).map(|at| view! { <Layer desk layers at /> }).collect_view()}
        </ol>
        <p class="field__hint">{t!(i18n, inside.layers.note, most = || MOST_CHANNELS)}</p>
        <Twin title=text!(i18n, inside.layers.title) file="layers" table=table csv=csv pictures=pictures />
    }
}

#[component]
fn Layer(desk: Desk, layers: Signal<Vec<LayerOutput>>, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let words = Signal::derive(move || {
        layers.read().get(at).map_or_else(String::new, |layer| say(i18n, layer, language.get()))
    });
    let maps = move |width: f64| {
        layers.read().get(at).map(|layer| maps_scene(layer.shape, &layer.values, width)).unwrap_or_default()
    };
    let has_kernels =
        Memo::new(move |_| layers.read().get(at).is_some_and(|layer| kernels_scene(layer, SAVED).is_some()));
    let kernels = move |width: f64| {
        layers.read().get(at).and_then(|layer| kernels_scene(layer, width)).unwrap_or_default()
    };
    let kernel_words = Signal::derive(move || {
        let layers = layers.read();
        let Some([rows, cols, inputs, filters]) = layers.get(at).map(|layer| layer.kernel_shape) else {
            return String::new();
        };
        t_string!(i18n, inside.layers.kernels, rows, cols, inputs, filters).to_string()
    });
    view! {
        <li>
            <p>
                <code lang="en">{move || desk.layer_name(at)}</code> " " {move || words.get()}
            </p>
            <Show when=move || has_kernels.get()>
                <p class="field__hint">{move || kernel_words.get()}</p>
                <Picture scene=kernels label=kernel_words />
            </Show>
            <Picture scene=maps label=words />
        </li>
    }
}

/// Least, mean and greatest value, and the share of zeros.
fn figures(values: &[f32]) -> [f64; 4] {
    let count = values.len().max(1) as f64;
    let wide = || values.iter().copied().map(f64::from);
    let least = wide().fold(f64::INFINITY, f64::min);
    let greatest = wide().fold(f64::NEG_INFINITY, f64::max);
    let zeros = values.iter().filter(|value| **value == 0.0).count() as f64;
    [least, wide().sum::<f64>() / count, greatest, zeros / count]
}

fn shape_words(shape: [usize; 3]) -> String {
    match shape {
        [1, cols, 1] => cols.to_string(),
        [rows, cols, channels] => format!("{rows} × {cols} × {channels}"),
    }
}

fn say(i18n: I18nContext<Locale>, layer: &LayerOutput, language: Language) -> String {
    let [least, _, greatest, zeros] = figures(&layer.values);
    let (shape, least, greatest) =
        (shape_words(layer.shape), language.decimal(least, 3), language.decimal(greatest, 3));
    let zeros = language.percent(zeros, 1);
    t_string!(i18n, inside.layers.said, shape, least, greatest, zeros).to_string()
}

fn row(desk: Desk, layer: &LayerOutput, language: Language) -> Vec<String> {
    let [least, mean, greatest, zeros] = figures(&layer.values);
    let mut cells = vec![desk.layer_name(layer.layer as usize), shape_words(layer.shape)];
    cells.extend([least, mean, greatest].map(|value| language.decimal(value, 4)));
    cells.push(language.percent(zeros, 1));
    cells
}
