//! Units of ReLU layers that are zero for every image.

use super::Desk;
use super::asking::{Asked, Section};
use crate::protocol::{Finding, LayerUnits, Question};
use crate::ui::components::{Picture, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::inside::{Pace, units_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use leptos::prelude::*;
use std::fmt::Write as _;

/// Images that are looked at: a unit that fires for one class in ten fires for one of them with a probability of
/// 1 − 0.9²⁰⁰.
const SAMPLES: u32 = 200;
/// Width of a saved picture, in px.
const SAVED: f64 = 640.0;

/// The section.
#[component]
pub fn UnitsSection(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let wanted = move || desk.ask_sample(Question::Units { dataset: desk.dataset.get(), samples: SAMPLES });
    let asked = Asked::begin(Pace::Epoch, false, wanted, |inspection| inspection);
    view! {
        <Section asked id="inside-units" title=text!(i18n, inside.units.title) lead=text!(i18n, inside.units.lead)>
            <Units desk asked />
        </Section>
    }
}

#[component]
fn Units(desk: Desk, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let found = Signal::derive(move || match asked.first() {
        Some(Finding::Units { images, layers }) => Some((images, layers)),
        _ => None,
    });
    let layers = Signal::derive(move || found.get().map_or_else(Vec::new, |(_, layers)| layers));
    let count = Memo::new(move |_| layers.read().len());
    let words = move || {
        let (images, layers) = found.get()?;
        let dead: usize = layers.iter().map(|layer| layer.dead.len()).sum();
        let total: usize = layers.iter().map(|layer| layer.zeros.len()).sum();
        let language = language.get();
        let (images, dead, total) =
            (language.count(images as usize), language.count(dead), language.count(total));
        Some(t_string!(i18n, inside.units.said, dead, total, images).to_string())
    };
    let is_none = move || found.get().is_some_and(|(_, layers)| layers.is_empty());
    let table = move |()| {
        let heads = vec![
            t_string!(i18n, inside.layers.layer).to_string(),
            t_string!(i18n, inside.units.units).to_string(),
            t_string!(i18n, inside.units.dead).to_string(),
            t_string!(i18n, inside.units.which).to_string(),
            t_string!(i18n, inside.layers.zeros).to_string(),
        ];
        let language = language.get();
        let row = |LayerUnits { layer, zeros, dead }: &LayerUnits| {
            let mean = zeros.iter().copied().map(f64::from).sum::<f64>() / zeros.len().max(1) as f64;
            let which: Vec<String> = dead.iter().map(u32::to_string).collect();
            vec![
                desk.layer_name(*layer as usize),
                language.count(zeros.len()),
                language.count(dead.len()),
                if which.is_empty() { "–".to_owned() } else { which.join(", ") },
                language.percent(mean, 1),
            ]
        };
        Table { heads, rows: layers.read().iter().map(row).collect() }
    };
    let csv = move |()| {
        let mut out = String::from("layer,unit,share_of_zeros,dead\n");
        for LayerUnits { layer, zeros, dead } in &*layers.read_untracked() {
            for (unit, share) in zeros.iter().enumerate() {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{layer},{unit},{share},{}", dead.contains(&(unit as u32)));
            }
        }
        out
    };
    let pictures = move |()| -> Vec<(String, Scene)> {
        let layers = layers.read_untracked();
        let picture = |layer: &LayerUnits| {
            (untrack(|| desk.layer_name(layer.layer as usize)), units_scene(&layer.zeros, &layer.dead, SAVED))
        };
        layers.iter().map(picture).collect()
    };
    view! {
        <Show when=is_none>
            <p class="remark">{t!(i18n, inside.units.none)}</p>
        </Show>
        {move || words().map(|words| view! { <p data-testid="inside-units-said">{words}</p> })}
        <ol class="inside__layers">
            {move || (0..count.get()).map(|at| view! { <Layer desk layers at /> }).collect_view()}
        </ol>
        <p class="field__hint">{t!(i18n, inside.units.note)}</p>
        <Twin title=text!(i18n, inside.units.title) file="units" table=table csv=csv pictures=pictures />
    }
}

#[component]
fn Layer(desk: Desk, layers: Signal<Vec<LayerUnits>>, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let words = Signal::derive(move || {
        let layers = layers.read();
        let Some(layer) = layers.get(at) else { return String::new() };
        let language = language.get();
        let (dead, total) = (language.count(layer.dead.len()), language.count(layer.zeros.len()));
        t_string!(i18n, inside.units.layer, dead, total).to_string()
    });
    let scene = move |width: f64| {
        layers.read().get(at).map(|layer| units_scene(&layer.zeros, &layer.dead, width)).unwrap_or_default()
    };
    let name = move || layers.read().get(at).map(|layer| desk.layer_name(layer.layer as usize));
    view! {
        <li>
            <p><code lang="en">{name}</code> ": " {move || words.get()}</p>
            <Picture scene label=words />
        </li>
    }
}
