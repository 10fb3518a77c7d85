//! The same image in training and in inference, layer by layer.

use super::Desk;
use super::asking::{Asked, Section};
use crate::protocol::{Finding, Question};
use crate::ui::components::{Icon, IconMark, Picture, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::inside::{Pace, maps_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use leptos::prelude::*;
use std::fmt::Write as _;

/// Width of a saved picture, in px.
const SAVED: f64 = 420.0;

/// One layer in both modes.
#[derive(Clone, PartialEq)]
struct Both {
    layer: usize,
    shape: [usize; 3],
    values: [Vec<f32>; 2],
    batch: u32,
}

impl Both {
    /// Mean distance of the two.
    fn distance(&self) -> f64 {
        let [inference, training] = &self.values;
        let sum: f64 = inference.iter().zip(training).map(|(a, b)| f64::from((a - b).abs())).sum();
        sum / inference.len().max(1) as f64
    }
}

/// The section.
#[component]
pub fn ModesSection(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let step = RwSignal::new(0u32);
    let wanted = move || desk.ask(Question::Modes { step: step.get() });
    let asked = Asked::begin(Pace::Live, false, wanted, |inspection| inspection);
    view! {
        <Section asked id="inside-modes" title=text!(i18n, inside.modes.title) lead=text!(i18n, inside.modes.lead)>
            <Modes desk asked step />
        </Section>
    }
}

#[component]
fn Modes(desk: Desk, asked: Asked, step: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let both = Signal::derive(move || {
        let of = |finding| match finding {
            Finding::Modes { layer, shape, inference, training, batch } => {
                Some(Both { layer: layer as usize, shape, values: [inference, training], batch })
            }
            _ => None,
        };
        asked.shown().into_iter().filter_map(of).collect::<Vec<Both>>()
    });
    let count = Memo::new(move |_| both.read().len());
    let batch = Memo::new(move |_| both.read().first().map_or(1, |both| both.batch));
    let table = move |()| {
        let heads = vec![
            t_string!(i18n, inside.layers.layer).to_string(),
            t_string!(i18n, inside.modes.distance).to_string(),
        ];
        let language = language.get();
        let row = |both: &Both| vec![desk.layer_name(both.layer), language.decimal(both.distance(), 4)];
        Table { heads, rows: both.read().iter().map(row).collect() }
    };
    let csv = move |()| {
        let mut out = String::from("layer,position,inference,training\n");
        for Both { layer, values: [inference, training], .. } in &*both.read_untracked() {
            for (idx, (inference, training)) in inference.iter().zip(training).enumerate() {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{layer},{idx},{inference},{training}");
            }
        }
        out
    };
    let pictures = move |()| -> Vec<(String, Scene)> {
        let both = both.read_untracked();
        let pair = |both: &Both| {
            let name = untrack(|| desk.layer_name(both.layer));
            let words = untrack(|| {
                [t_string!(i18n, inside.modes.inference), t_string!(i18n, inside.modes.training)]
                    .map(str::to_owned)
            });
            [0, 1]
                .map(|at| (format!("{name}: {}", words[at]), maps_scene(both.shape, &both.values[at], SAVED)))
        };
        both.iter().flat_map(pair).collect()
    };
    view! {
        <div class="buttons">
            <button type="button" class="button" data-testid="inside-redraw" on:click=move |_| step.update(|step| *step += 1)>
                <IconMark icon=Icon::Next />
                <span>{t!(i18n, inside.modes.again)}</span>
            </button>
        </div>
        <p class="field__hint">{t!(i18n, inside.modes.batch, number = move || language.get().count(batch.get() as usize))}</p>
        <ol class="inside__layers" data-testid="inside-modes-list">
            {move || (0..count.get()).map(|at| view! { <Pair desk both at /> }).collect_view()}
        </ol>
        <Twin title=text!(i18n, inside.modes.title) file="modes" table=table csv=csv pictures=pictures />
    }
}

#[component]
fn Pair(desk: Desk, both: Signal<Vec<Both>>, at: usize) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let distance = Memo::new(move |_| both.read().get(at).map_or(0.0, Both::distance));
    let words = move || {
        if distance.get() == 0.0 {
            return t_string!(i18n, inside.modes.same).to_string();
        }
        let number = language.get().decimal(distance.get(), 4);
        t_string!(i18n, inside.modes.differs, number).to_string()
    };
    let scene = move |which: usize| {
        move |width: f64| {
            both.read()
                .get(at)
                .map(|both| maps_scene(both.shape, &both.values[which], width))
                .unwrap_or_default()
        }
    };
    view! {
        <li>
            <p><code lang="en">{move || desk.layer_name(at)}</code> ": " {words}</p>
            // Two equal pictures say nothing more.
            <Show when=move || distance.get() != 0.0>
                <div class="inside__pair">
                    <figure>
                        <Picture scene=scene(0) label=text!(i18n, inside.modes.inference) />
                        <figcaption>{t!(i18n, inside.modes.inference)}</figcaption>
                    </figure>
                    <figure>
                        <Picture scene=scene(1) label=text!(i18n, inside.modes.training) />
                        <figcaption>{t!(i18n, inside.modes.training)}</figcaption>
                    </figure>
                </div>
            </Show>
        </li>
    }
}
