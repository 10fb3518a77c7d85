//! Looking through the images of a data set.

use super::fetched::{Asking, AskingNote, ask_images};
use crate::data::{DatasetId, Split};
use crate::ui::components::{Bounds, NumberField, Segmented, Select};
use crate::ui::convolution::{Sample, Source};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::inputs::{Shelf, Tile, class_keys};
use crate::ui::names::class_name;
use crate::ui::translations::text;
use crate::ui::widgets::image_grid::Thumbnail;
use leptos::prelude::*;

/// The shelf. `source` is what is chosen now.
#[component]
pub fn Samples(source: Signal<Source>, on_choose: Callback<Source>) -> impl IntoView {
    let i18n = use_i18n();
    let shelf = RwSignal::new(begin(&source.get_untracked()));
    let tiles = RwSignal::new(Vec::<Tile>::new());
    let asking = RwSignal::new(Asking::Idle);
    let again = RwSignal::new(0u32);
    Effect::new(move |_| {
        again.track();
        let now = shelf.get();
        ask_images(now, asking, move |images| {
            // The reader may have gone on, or left.
            if shelf.try_get_untracked() == Some(now) {
                tiles.set(now.tiles(&images));
            }
        });
    });
    let go = move |next: Shelf| shelf.set(next);
    let random = move |_| {
        let now = shelf.get_untracked();
        // Which image a reader stumbles upon need not be the same twice.
        let first = (js_sys::Math::random() * f64::from(Sample::count(now.split))) as u32;
        go(now.from(first));
    };
    let shown = move || {
        let tile = |tile: Tile| view! { <Item tile source on_choose /> };
        tiles.get().into_iter().map(tile).collect_view()
    };
    view! {
        <Where shelf />
        <div class="buttons">
            <button type="button" class="button" on:click=move |_| go(shelf.get_untracked().previous())>
                {t!(i18n, sources.samples.previous)}
            </button>
            <button type="button" class="button" on:click=move |_| go(shelf.get_untracked().next(&tiles.read_untracked()))>
                {t!(i18n, sources.samples.next)}
            </button>
            <button type="button" class="button" on:click=random>
                {t!(i18n, sources.samples.random)}
            </button>
        </div>
        <AskingNote asking on_again=move |()| again.update(|again| *again += 1) />
        <Show when=move || asking.get() == Asking::Idle && tiles.read().is_empty()>
            <p class="field__hint">{t!(i18n, sources.samples.none)}</p>
        </Show>
        <ul class="sources__tiles" aria-label=move || t_string!(i18n, sources.samples.label)>{shown}</ul>
    }
}

/// Where looking begins: at the chosen image, if it is one of a data set.
fn begin(source: &Source) -> Shelf {
    match source {
        Source::Sample(sample) => {
            Shelf { dataset: sample.dataset, split: sample.split, class: None, first: sample.idx }
        }
        _ => Shelf::default(),
    }
}

/// Data set, file, class and number.
#[component]
fn Where(shelf: RwSignal<Shelf>) -> impl IntoView {
    let i18n = use_i18n();
    let datasets =
        DatasetId::ALL.map(|dataset| (dataset.folder().to_owned(), dataset.title().to_owned())).to_vec();
    let choose_dataset = move |name: String| {
        if let Some(dataset) = DatasetId::ALL.into_iter().find(|dataset| dataset.folder() == name) {
            shelf.set(Shelf { dataset, class: None, first: 0, ..shelf.get_untracked() });
        }
    };
    let splits = Signal::derive(move || {
        vec![
            ("train".to_owned(), t_string!(i18n, sources.samples.train).to_string()),
            ("test".to_owned(), t_string!(i18n, sources.samples.test).to_string()),
        ]
    });
    let choose_split = move |name: String| {
        let split = if name == "train" { Split::Train } else { Split::Test };
        shelf.set(Shelf { split, first: 0, ..shelf.get_untracked() });
    };
    let classes = Signal::derive(move || {
        let any = ("any".to_owned(), t_string!(i18n, sources.samples.any).to_string());
        let keys = class_keys(shelf.read().dataset);
        let own = keys.iter().enumerate().map(|(class, key)| (class.to_string(), class_name(i18n, key)));
        std::iter::once(any).chain(own).collect()
    });
    let choose_class = move |name: String| {
        shelf.set(Shelf { class: name.parse().ok(), ..shelf.get_untracked() });
    };
    let number = move || {
        let last = Sample::count(shelf.get().split) - 1;
        let bounds = Bounds { min: 0.0, max: f64::from(last), step: 1.0, decimals: 0 };
        view! {
            <NumberField
                label=text!(i18n, sources.samples.number)
                value=Signal::derive(move || f64::from(shelf.read().first))
                bounds
                on_change=move |number: f64| shelf.set(shelf.get_untracked().from(number as u32))
            />
        }
    };
    // The field is made anew only for a file with another number of images.
    let split = Memo::new(move |_| shelf.read().split);
    view! {
        <div class="fields fields--small">
            <Segmented
                label=text!(i18n, sources.samples.dataset)
                compact=true
                choices=Signal::stored(datasets)
                value=Signal::derive(move || shelf.read().dataset.folder().to_owned())
                on_change=choose_dataset
            />
            <Segmented
                label=text!(i18n, sources.samples.split)
                compact=true
                choices=splits
                value=Signal::derive(move || {
                    if shelf.read().split == Split::Train { "train".to_owned() } else { "test".to_owned() }
                })
                on_change=choose_split
            />
            <Select
                label=text!(i18n, sources.samples.class)
                choices=classes
                value=Signal::derive(move || {
                    shelf.read().class.map_or("any".to_owned(), |class| class.to_string())
                })
                on_change=choose_class
            />
            {move || {
                split.track();
                untrack(number)
            }}
        </div>
    }
}

/// One image: a button that chooses it.
#[component]
fn Item(tile: Tile, source: Signal<Source>, on_choose: Callback<Source>) -> impl IntoView {
    let i18n = use_i18n();
    let Tile { sample, class, shape, pixels } = tile;
    let name = move || class_name(i18n, class_keys(sample.dataset)[usize::from(class)]);
    let label = Signal::derive(move || {
        let (name, number) = (name(), sample.idx);
        t_string!(i18n, sources.samples.item, name, number).to_string()
    });
    let is_chosen = move || source.read() == Source::Sample(sample);
    view! {
        <li>
            <button
                type="button"
                class="sources__tile"
                aria-label=move || label.get()
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| on_choose.run(Source::Sample(sample))
            >
                <Thumbnail shape pixels label />
                <span class="sources__words" aria-hidden="true">{move || label.get()}</span>
            </button>
        </li>
    }
}
