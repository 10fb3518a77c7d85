//! Choosing a filter of the network that was trained here.

use crate::protocol::{WorkerEvent, WorkerRequest};
use crate::ui::components::{Picture, Select};
use crate::ui::convolution::Filter;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::inputs::{Pick, TrainedLayer, trained_layers};
use crate::ui::laboratory::laboratory;
use crate::ui::routes::Route;
use crate::ui::scene::{Area, ColorMap, Draw, Ink, Pen, Scene};
use crate::ui::translations::text;
use crate::ui::worker_model::WorkerModel;
use leptos::prelude::*;
use std::sync::Arc;

/// What is known of the network that was trained here.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// There is none.
    Nothing,
    /// It is on its way.
    Loading,
    /// Its layers with kernels, perhaps none.
    Layers(Arc<Vec<TrainedLayer>>),
}

/// Filters that are shown at a time, at most.
const SHOWN: usize = 32;

/// The picker. `on_choose` hears a filter of one channel, or of all where there are few.
#[component]
pub fn TrainedFilterPicker(#[prop(into)] on_choose: Callback<Filter>) -> impl IntoView {
    let i18n = use_i18n();
    let known = follow_network();
    let pick = RwSignal::new(Pick::default());
    let layers = Memo::new(move |_| match known.get() {
        Known::Layers(layers) => layers,
        Known::Nothing | Known::Loading => Arc::default(),
    });
    let note = move || match known.get() {
        Known::Nothing => Some(
            view! {
                <p>
                    {t!(i18n, sources.trained.nothing)} " "
                    <a href=Route::Training.href()>{t!(i18n, common.nav.training)}</a> " · "
                    <a href=Route::Files.href()>{t!(i18n, common.nav.files)}</a>
                </p>
            }
            .into_any(),
        ),
        Known::Loading => Some(view! { <p>{t!(i18n, sources.trained.loading)}</p> }.into_any()),
        Known::Layers(layers) => {
            layers.is_empty().then(|| view! { <p>{t!(i18n, sources.trained.no_kernels)}</p> }.into_any())
        }
    };
    view! {
        <div class="sources">
            <div role="status">{note}</div>
            <Show when=move || !layers.read().is_empty()>
                <Choices layers pick />
                <Tiles layers pick on_choose />
            </Show>
        </div>
    }
}

/// Which layer, and which channels.
#[component]
fn Choices(layers: Memo<Arc<Vec<TrainedLayer>>>, pick: RwSignal<Pick>) -> impl IntoView {
    let i18n = use_i18n();
    let now = move || pick.get().within(&layers.read()).unwrap_or_default();
    let names = Signal::derive(move || {
        let name = |(idx, layer): (usize, &TrainedLayer)| {
            (idx.to_string(), format!("{} · {}", layer.name, layer.class_name))
        };
        layers.read().iter().enumerate().map(name).collect()
    });
    let channels = Signal::derive(move || {
        let layers = layers.read();
        let Some(layer) = layers.get(now().layer) else { return Vec::new() };
        let all = layer.takes_all().then(|| {
            ("all".to_owned(), t_string!(i18n, sources.trained.all, count = layer.depth).to_string())
        });
        let one = (0..layer.depth).map(|channel| (channel.to_string(), (channel + 1).to_string()));
        all.into_iter().chain(one).collect()
    });
    let choose_layer = move |name: String| {
        if let Ok(layer) = name.parse() {
            pick.set(Pick { layer, ..Pick::default() });
        }
    };
    let choose_channel = move |name: String| pick.update(|pick| pick.channel = name.parse().ok());
    let is_separable =
        move || layers.read().get(now().layer).is_some_and(|it| it.class_name == "SeparableConv2D");
    view! {
        <div class="fields fields--small">
            <Select
                label=text!(i18n, sources.trained.layer)
                choices=names
                value=Signal::derive(move || now().layer.to_string())
                on_change=choose_layer
            />
            <Select
                label=text!(i18n, sources.trained.channel)
                choices=channels
                value=Signal::derive(move || now().channel.map_or("all".to_owned(), |channel| channel.to_string()))
                on_change=choose_channel
            />
        </div>
        <Show when=is_separable>
            <p class="field__hint">{t!(i18n, sources.trained.separable)}</p>
        </Show>
    }
}

/// The layer's filters as small pictures.
#[component]
fn Tiles(
    layers: Memo<Arc<Vec<TrainedLayer>>>,
    pick: RwSignal<Pick>,
    on_choose: Callback<Filter>,
) -> impl IntoView {
    let i18n = use_i18n();
    let page = RwSignal::new(0usize);
    let place = Memo::new(move |_| {
        let now = pick.get().within(&layers.read())?;
        let layer = layers.read().get(now.layer)?.clone();
        Some((now, layer))
    });
    let last_page = move || place.read().as_ref().map_or(0, |(_, layer)| (layer.filters - 1) / SHOWN);
    let page_now = move || page.get().min(last_page());
    let tiles = move || {
        let Some((now, layer)) = place.get() else { return Vec::new() };
        let from = page_now() * SHOWN;
        let tile = |idx: usize| {
            let filter = layer.filter(idx, now.channel);
            let shown = filter.clone();
            let label =
                Signal::derive(move || t_string!(i18n, sources.trained.filter, number = idx + 1).to_string());
            view! {
                <li>
                    <button
                        type="button"
                        class="sources__tile"
                        aria-label=move || label.get()
                        on:click=move |_| {
                            pick.update(|pick| pick.filter = idx);
                            on_choose.run(filter.clone());
                        }
                    >
                        <div class="sources__filter">
                            <Picture scene=move |width| filter_scene(&shown, width) label=label />
                        </div>
                        <span class="sources__words" aria-hidden="true">{idx + 1}</span>
                    </button>
                </li>
            }
        };
        (from..layer.filters.min(from + SHOWN)).map(tile).collect()
    };
    let turn = move |by: isize| page.set(page_now().saturating_add_signed(by).min(last_page()));
    view! {
        <ul class="sources__tiles" aria-label=move || t_string!(i18n, sources.trained.label)>{tiles}</ul>
        <Show when=move || { last_page() > 0 }>
            <div class="buttons">
                <button type="button" class="button" on:click=move |_| turn(-1)>
                    {t!(i18n, sources.trained.previous)}
                </button>
                <button type="button" class="button" on:click=move |_| turn(1)>
                    {t!(i18n, sources.trained.next)}
                </button>
            </div>
        </Show>
        <p class="field__hint">{t!(i18n, sources.trained.hint)}</p>
    }
}

/// The channels of a filter side by side, scaled to its greatest weight.
fn filter_scene(filter: &Filter, width: f64) -> Scene {
    let across = if filter.depth > 3 { filter.depth.div_ceil(2) } else { filter.depth };
    let down = filter.depth.div_ceil(across);
    let gap = 2.0;
    let cell_width = (width - gap * (across - 1) as f64) / across as f64;
    let cell_height = cell_width * filter.size[0] as f64 / filter.size[1] as f64;
    let mut scene = Scene::new(width, cell_height * down as f64 + gap * (down - 1) as f64);
    let scale = filter.scale();
    for channel in 0..filter.depth {
        let (row, col) = (channel / across, channel % across);
        let area = Area {
            x: col as f64 * (cell_width + gap),
            y: row as f64 * (cell_height + gap),
            width: cell_width,
            height: cell_height,
        };
        let values = filter.channel(channel).iter().map(|weight| weight / scale).collect();
        scene.push(Draw::Cells { area, cols: filter.size[1], values, map: ColorMap::Diverging });
        scene.push(Draw::Stroke { area: area.grown(-0.5), pen: Pen::solid(Ink::Line, 1.0) });
    }
    scene
}

/// Asks for the weights of the trained network, and again whenever they have changed.
fn follow_network() -> RwSignal<Known> {
    let known = RwSignal::new(Known::Nothing);
    let bridge = laboratory().bridge;
    let wanted = Memo::new(move |_| {
        let model = bridge.model.read();
        let current = model.current.as_ref()?;
        Some((current.stamp.model, (!current.is_training).then_some(current.stamp.revision)))
    });
    Effect::new(move |_| {
        if wanted.get().is_none() || bridge.model.with_untracked(WorkerModel::stamp).is_none() {
            known.set(Known::Nothing);
            return;
        }
        known.update(|known| {
            if *known == Known::Nothing {
                *known = Known::Loading;
            }
        });
        bridge.ask(
            |run| WorkerRequest::Export { run, optimizer: false },
            move |event| {
                bridge.forget(event.run());
                let read = match event {
                    WorkerEvent::Exported { saved, .. } => Some(trained_layers(&saved.model, &saved.params)),
                    _ => None,
                };
                // The page may have been left meanwhile.
                known.try_set(read.map_or(Known::Nothing, |layers| Known::Layers(Arc::new(layers))));
            },
        );
    });
    known
}
