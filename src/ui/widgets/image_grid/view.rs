//! The list of images, each a figure with a spoken description.

use super::scene::image_scene;
use super::state::{Also, Tile};
use crate::ui::components::Picture;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use leptos::prelude::*;
use std::sync::Arc;

/// An image alone; `label` describes it.
#[component]
pub fn Thumbnail(shape: [usize; 3], pixels: Vec<u8>, #[prop(into)] label: Signal<String>) -> impl IntoView {
    let pixels = Arc::new(pixels);
    view! {
        <div class="thumbnail">
            <Picture scene=move |width| image_scene(shape, &pixels, width) label />
        </div>
    }
}

/// The list; `names` are the classes in the reader's language.
#[component]
pub fn ImageGrid(
    #[prop(into)] tiles: Signal<Vec<Tile>>,
    #[prop(into)] names: Signal<Vec<String>>,
) -> impl IntoView {
    view! {
        <ul class="image-grid" data-testid="images">
            <For each=move || tiles.get() key=|tile| tile.index children=move |tile| view! { <GridItem tile names /> } />
        </ul>
    }
}

#[component]
fn GridItem(tile: Tile, names: Signal<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let Tile { index, shape, pixels, label, predicted, confidence, also } = tile;
    let name = move |class: u8| {
        let names = names.read();
        names.get(usize::from(class)).cloned().unwrap_or_else(|| class.to_string())
    };
    let percent = move || language.get().percent(f64::from(confidence), 1);
    let spoken = Signal::derive(move || {
        let (truth, predicted, confidence) = (name(label), name(predicted), percent());
        let alt = t_string!(i18n, evaluation.images.alt, index, truth, predicted, confidence).to_string();
        let share = |share: f32| language.get().percent(f64::from(share), 1);
        match also {
            Also::Nothing => alt,
            Also::RunnerUp(class, second) => {
                let (class, percent) = (name(class), share(second));
                t_string!(i18n, evaluation.images.alt_second, alt, class, percent).to_string()
            }
            Also::Other(class, second) => {
                let (class, percent) = (name(class), share(second));
                t_string!(i18n, evaluation.images.alt_both, alt, class, percent).to_string()
            }
        }
    });
    let mark_of = move |class: u8| if label == class { "✓" } else { "✗" };
    let mark = mark_of(predicted);
    let second = move || {
        let percent = |share: f32| language.get().percent(f64::from(share), 1);
        match also {
            Also::Nothing => None,
            Also::RunnerUp(class, second) => Some(format!("{} {}", name(class), percent(second))),
            Also::Other(class, second) => {
                Some(format!("B: {} {} {}", name(class), mark_of(class), percent(second)))
            }
        }
    };
    let is_first_of_two = matches!(also, Also::Other(..));
    view! {
        <li class="image-grid__item" class:image-grid__item--wrong=label != predicted>
            <Thumbnail shape pixels label=spoken />
            // The picture's name says the same.
            <p class="image-grid__words" aria-hidden="true">
                <span class="image-grid__verdict">
                    {move || name(label)} " → " {is_first_of_two.then_some("A: ")} {move || name(predicted)} " " <span class="image-grid__mark">{mark}</span>
                </span>
                <span class="image-grid__small">{percent} " · " {t!(i18n, evaluation.images.number, index)}</span>
                {move || second().map(|text| view! { <span class="image-grid__small">{text}</span> })}
            </p>
        </li>
    }
}
