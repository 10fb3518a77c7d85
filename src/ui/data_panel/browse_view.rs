//! The images of a part, a page at a time, and one of them enlarged.

use std::sync::Arc;

use leptos::ev::KeyboardEvent;
use leptos::{html, prelude::*};

use super::browse::{Browse, pixel_range, step};
use super::parts::{Part, Parts};
use super::words::{class_names, file_name, part_name};
use crate::protocol::{ImageSet, RunId};
use crate::ui::browser;
use crate::ui::components::{Bounds, NumberField, Segmented, Select};
use crate::ui::convolution::Sample;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::inputs::Tile;
use crate::ui::laboratory::laboratory;
use crate::ui::sources::{Asking, AskingNote, ask_images_at};
use crate::ui::training::words;
use crate::ui::translations::text;
use crate::ui::widgets::image_grid::Thumbnail;

const ANY: &str = "any";

fn item_id(idx: usize) -> String {
    format!("data-image-{idx}")
}

fn tiles_of(images: &ImageSet) -> Vec<Arc<Tile>> {
    let size = images.shape.iter().product::<usize>().max(1);
    let parts = images.indices.iter().zip(&images.labels).zip(images.pixels.chunks_exact(size));
    let tile = |((idx, class), pixels): ((&u32, &u8), &[u8])| Tile {
        sample: Sample { dataset: images.dataset, split: images.split, idx: *idx },
        class: *class,
        shape: images.shape,
        pixels: pixels.to_vec(),
    };
    parts.map(tile).map(Arc::new).collect()
}

/// Everything; `chosen` is the image that is enlarged.
#[component]
pub fn BrowsePart(parts: Memo<Option<Arc<Parts>>>, chosen: RwSignal<Option<Arc<Tile>>>) -> impl IntoView {
    let i18n = use_i18n();
    let bridge = laboratory().bridge;
    let browse = RwSignal::new(Browse::default());
    let positions = Memo::new(move |_| {
        let Browse { part, class, .. } = browse.get();
        parts.get().map(|parts| parts.of_class(part, class)).unwrap_or_default()
    });
    let now = Memo::new(move |_| browse.get().within(positions.read().len()));
    let tiles = RwSignal::new(Vec::<Arc<Tile>>::new());
    let asking = RwSignal::new(Asking::Idle);
    let again = RwSignal::new(0u32);
    let wanted = Memo::new(move |_| {
        let dataset = parts.read().as_ref().map(|parts| parts.dataset())?;
        let browse = now.get();
        Some((dataset, browse.part.split(), browse.shown(&positions.read()).to_vec()))
    });
    let last = StoredValue::new(None::<RunId>);
    let forget = move || {
        if let Some(run) = last.try_update_value(Option::take).flatten() {
            bridge.forget(run);
        }
    };
    on_cleanup(forget);
    Effect::new(move |_| {
        again.track();
        forget();
        let Some((dataset, split, indices)) = wanted.get() else { return };
        if indices.is_empty() {
            tiles.set(Vec::new());
            asking.set(Asking::Idle);
            return;
        }
        let run = ask_images_at(dataset, split, indices, asking, move |images| {
            let all = tiles_of(&images);
            // Versions are shown of an image of this dataset.
            let is_other = |tile: &Arc<Tile>| tile.sample.dataset != images.dataset;
            if chosen.with_untracked(|chosen| chosen.as_ref().is_none_or(is_other)) {
                chosen.set(all.first().cloned());
            }
            tiles.try_set(all);
        });
        last.set_value(Some(run));
    });
    view! {
        <section class="data-panel__part">
            <h3>{t!(i18n, data.browse.title)}</h3>
            <Where parts browse now positions />
            <AskingNote asking on_again=move |()| again.update(|again| *again += 1) />
            <Show when=move || positions.read().is_empty()>
                <p class="field__hint">{t!(i18n, data.browse.none)}</p>
            </Show>
            <div class="data-panel__browse">
                <Grid tiles chosen is_busy=Signal::derive(move || asking.get() == Asking::Waiting) />
                <Enlarged parts chosen />
            </div>
        </section>
    }
}

/// Part, class and page.
#[component]
fn Where(
    parts: Memo<Option<Arc<Parts>>>,
    browse: RwSignal<Browse>,
    now: Memo<Browse>,
    positions: Memo<Vec<u32>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = Signal::derive(move || {
        Part::ALL.map(|part| (part.name().to_owned(), part_name(i18n, part))).to_vec()
    });
    let choose_part = move |name: String| {
        if let Some(part) = Part::from_name(&name) {
            browse.set(Browse { part, page: 0, ..now.get_untracked() });
        }
    };
    let dataset = Memo::new(move |_| parts.read().as_ref().map(|parts| parts.dataset()).unwrap_or_default());
    let classes = Signal::derive(move || {
        let any = (ANY.to_owned(), t_string!(i18n, data.browse.any).to_string());
        let own = class_names(i18n, dataset.get()).into_iter().enumerate();
        std::iter::once(any).chain(own.map(|(class, name)| (class.to_string(), name))).collect::<Vec<_>>()
    });
    let choose_class = move |name: String| {
        browse.set(Browse { class: name.parse().ok(), page: 0, ..now.get_untracked() });
    };
    let images = Memo::new(move |_| positions.read().len());
    let turn = move |forth: bool| browse.set(now.get_untracked().turned(forth, images.get_untracked()));
    let pages = Memo::new(move |_| Browse::pages(images.get()));
    let page = move || {
        let bounds = Bounds { min: 1.0, max: pages.get() as f64, step: 1.0, decimals: 0 };
        view! {
            <NumberField
                label=text!(i18n, data.browse.page)
                value=Signal::derive(move || now.get().page as f64 + 1.0)
                bounds
                on_change=move |page: f64| browse.set(Browse { page: page as usize - 1, ..now.get_untracked() })
            />
        }
    };
    let place = move || {
        let language = words(i18n).language;
        let (total, from) = (images.get(), now.get().page * Browse::SHOWN);
        let (first, last) = ((from + 1).min(total), (from + Browse::SHOWN).min(total));
        let count = |number: usize| language.count(number);
        let (page, pages) = (count(now.get().page + 1), count(pages.get()));
        let (first, last, total) = (count(first), count(last), count(total));
        t_string!(i18n, data.browse.place, page, pages, first, last, total).to_string()
    };
    view! {
        <div class="fields fields--small">
            <Segmented
                label=text!(i18n, data.browse.part)
                compact=true
                choices=choices
                value=Signal::derive(move || now.get().part.name().to_owned())
                on_change=choose_part
            />
            <Select
                label=text!(i18n, data.browse.class)
                choices=classes
                value=Signal::derive(move || {
                    now.get().class.map_or(ANY.to_owned(), |class| class.to_string())
                })
                on_change=choose_class
            />
            {page}
        </div>
        <div class="buttons">
            // A button that is disabled would lose the keyboard's focus.
            <button
                type="button"
                class="button"
                aria-disabled=move || (now.get().page == 0).to_string()
                on:click=move |_| turn(false)
            >
                {t!(i18n, data.browse.previous)}
            </button>
            <button
                type="button"
                class="button"
                aria-disabled=move || (now.get().page + 1 >= pages.get()).to_string()
                on:click=move |_| turn(true)
            >
                {t!(i18n, data.browse.next)}
            </button>
            <span class="field__hint" role="status">{place}</span>
        </div>
    }
}

/// The page's images: one stop of the Tab key, arrows lead on.
#[component]
fn Grid(
    tiles: RwSignal<Vec<Arc<Tile>>>,
    chosen: RwSignal<Option<Arc<Tile>>>,
    is_busy: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let list = NodeRef::<html::Ul>::new();
    let at = RwSignal::new(0usize);
    Effect::new(move |_| {
        tiles.track();
        at.set(0);
    });
    let on_key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        let item = list.first_element_child().map_or(1, |item| item.client_width().max(1));
        let columns = (list.client_width() / item).max(1) as usize;
        let len = tiles.with_untracked(Vec::len);
        if let Some(to) = step(&event.key(), at.get_untracked(), len, columns) {
            event.prevent_default();
            at.set(to);
            browser::focus_id(item_id(to));
        }
    };
    let shown = move || {
        let names =
            class_names(i18n, tiles.read().first().map(|tile| tile.sample.dataset).unwrap_or_default());
        let item = |(idx, tile): (usize, Arc<Tile>)| {
            let name = names.get(usize::from(tile.class)).cloned().unwrap_or_default();
            view! { <Item idx tile name chosen at /> }
        };
        tiles.get().into_iter().enumerate().map(item).collect_view()
    };
    view! {
        <ul
            class="data-panel__grid"
            node_ref=list
            aria-label=move || t_string!(i18n, data.browse.label)
            aria-busy=move || is_busy.get().to_string()
            on:keydown=on_key
            data-testid="data-images"
        >
            {shown}
        </ul>
    }
}

/// One image: a button that enlarges it.
#[component]
fn Item(
    idx: usize,
    tile: Arc<Tile>,
    name: String,
    chosen: RwSignal<Option<Arc<Tile>>>,
    at: RwSignal<usize>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Tile { sample, shape, ref pixels, .. } = *tile;
    let pixels = pixels.clone();
    let label = Signal::derive({
        let name = name.clone();
        move || {
            let (name, number) = (name.clone(), words(i18n).language.count(sample.idx as usize));
            t_string!(i18n, sources.samples.item, name, number).to_string()
        }
    });
    let is_chosen = move || chosen.read().as_ref().is_some_and(|chosen| chosen.sample == sample);
    let choose = move |_| {
        at.set(idx);
        chosen.set(Some(tile.clone()));
    };
    view! {
        <li>
            <button
                type="button"
                class="sources__tile"
                id=item_id(idx)
                tabindex=move || if at.get() == idx { "0" } else { "-1" }
                aria-pressed=move || is_chosen().to_string()
                on:click=choose
            >
                // The picture's name says the same.
                <Thumbnail shape pixels label />
                <span class="data-panel__name" aria-hidden="true">{name}</span>
                <span class="data-panel__number" aria-hidden="true">{sample.idx.to_string()}</span>
            </button>
        </li>
    }
}

/// The chosen image with what is known of it.
#[component]
fn Enlarged(parts: Memo<Option<Arc<Parts>>>, chosen: RwSignal<Option<Arc<Tile>>>) -> impl IntoView {
    let i18n = use_i18n();
    let shown = move || {
        let tile = chosen.get()?;
        let language = words(i18n).language;
        let Tile { sample, class, shape, ref pixels } = *tile;
        let name = class_names(i18n, sample.dataset).get(usize::from(class)).cloned().unwrap_or_default();
        let number = language.count(sample.idx as usize);
        let part = parts.get().filter(|parts| parts.dataset() == sample.dataset).and_then(|parts| {
            let is_there = |part: &Part| parts.positions(*part).binary_search(&sample.idx).is_ok();
            Part::ALL.into_iter().filter(|part| part.split() == sample.split).find(is_there)
        });
        let used = part
            .map_or_else(|| t_string!(i18n, data.browse.unused).to_string(), |part| part_name(i18n, part));
        let range = pixel_range(pixels);
        let unit = |byte: u8| language.short(f64::from(byte) / 255.0, 3);
        let (min, max) = (range.min.to_string(), range.max.to_string());
        let (low, high) = (unit(range.min), unit(range.max));
        let mean = language.decimal(range.mean, 3);
        let inked = language.percent(range.inked as f64 / pixels.len().max(1) as f64, 0);
        let label = t_string!(i18n, sources.samples.item, name = name.clone(), number = number.clone());
        Some(view! {
            <Thumbnail shape pixels=pixels.clone() label=Signal::stored(label) />
            <dl class="facts">
                <dt>{t!(i18n, data.browse.class)}</dt>
                <dd>{name}</dd>
                <dt>{t!(i18n, data.browse.number)}</dt>
                <dd>{number} ", " {file_name(i18n, sample.split)}</dd>
                <dt>{t!(i18n, data.browse.part)}</dt>
                <dd>{used}</dd>
                <dt>{t!(i18n, data.browse.pixels)}</dt>
                <dd>{t_string!(i18n, data.browse.range, min, max, low, high).to_string()}</dd>
                <dt>{t!(i18n, data.browse.mean)}</dt>
                <dd>{mean}</dd>
                <dt>{t!(i18n, data.browse.inked)}</dt>
                <dd>{inked}</dd>
            </dl>
        })
    };
    view! { <div class="data-panel__enlarged" aria-live="polite">{shown}</div> }
}
