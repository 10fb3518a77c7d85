//! Lists of images: the buttons that open them, and the open one.

use super::talk;
use crate::ui::components::Card;
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::evaluation::{Listing, OpenList, Place};
use crate::ui::widgets::confusion_matrix::Cell;
use crate::ui::widgets::image_grid::ImageGrid;
use leptos::prelude::*;

/// A button that opens a list; `id` is for tests.
#[component]
pub fn ListButton(
    listing: Listing,
    count: usize,
    id: &'static str,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView {
    let lab = laboratory();
    let language = shell().language;
    let is_open = move || lab.evaluation.read().open.as_ref().is_some_and(|open| open.listing == listing);
    let open = move |_| {
        if count > 0 {
            talk::open(lab, listing);
        }
    };
    view! {
        <button
            type="button"
            class="button"
            aria-pressed=move || is_open().to_string()
            aria-disabled=(count == 0).to_string()
            data-testid=id
            data-count=count.to_string()
            on:click=open
        >
            {move || format!("{}: {}", label.get(), language.get().count(count))}
        </button>
    }
}

/// The open list, where it is shown here; `names` are the classes in the reader's language.
#[component]
pub fn ListImages(place: Place, #[prop(into)] names: Signal<Vec<String>>) -> impl IntoView {
    let lab = laboratory();
    let listing = Memo::new(move |_| {
        let listing = lab.evaluation.read().open.as_ref().map(|open| open.listing);
        listing.filter(|listing| listing.place() == place)
    });
    view! {
        <Show when=move || listing.get().is_some()>
            <Images listing names />
        </Show>
    }
}

#[component]
fn Images(listing: Memo<Option<Listing>>, names: Signal<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let lab = laboratory();
    let language = shell.language;
    let part = move |read: fn(&OpenList) -> usize| lab.evaluation.read().open.as_ref().map_or(0, read);
    let total = Memo::new(move |_| part(|open| open.indices.len()));
    let shown = Memo::new(move |_| part(|open| open.tiles.len()));
    let is_busy = Memo::new(move |_| lab.evaluation.read().open.as_ref().is_some_and(OpenList::is_busy));
    let error = Memo::new(move |_| lab.evaluation.read().open.as_ref().and_then(|open| open.error.clone()));
    let tiles = Signal::derive(move || {
        lab.evaluation.read().open.as_ref().map(|open| open.tiles.clone()).unwrap_or_default()
    });
    let title = Signal::derive(move || {
        let names = names.read();
        let name = |class: usize| names.get(class).cloned().unwrap_or_default();
        match listing.get() {
            None => String::new(),
            Some(Listing::Cell(Cell { label, predicted })) if label == predicted => {
                t_string!(i18n, evaluation.images.title_right, truth = name(label)).to_string()
            }
            Some(Listing::Cell(Cell { label, predicted })) => {
                let (truth, predicted) = (name(label), name(predicted));
                t_string!(i18n, evaluation.images.title_wrong, truth, predicted).to_string()
            }
            Some(Listing::Mistakes) => t_string!(i18n, evaluation.images.title_mistakes).to_string(),
            Some(Listing::Close) => t_string!(i18n, evaluation.images.title_close).to_string(),
            Some(Listing::OnlyFirst) => t_string!(i18n, evaluation.images.title_only_first).to_string(),
            Some(Listing::OnlySecond) => t_string!(i18n, evaluation.images.title_only_second).to_string(),
            Some(Listing::BothWrong) => t_string!(i18n, evaluation.images.title_both_wrong).to_string(),
        }
    });
    let order = move || match listing.get() {
        Some(Listing::Close) => t_string!(i18n, evaluation.images.order_close),
        Some(Listing::OnlyFirst | Listing::OnlySecond | Listing::BothWrong) => {
            t_string!(i18n, evaluation.images.order_compared)
        }
        _ => t_string!(i18n, evaluation.images.order),
    };
    let how_many = move || {
        let (shown, total) = (shown.get(), total.get());
        let number = language.get().count(total);
        if shown < total && !is_busy.get() {
            let shown = language.get().count(shown);
            return t_string!(i18n, evaluation.images.part, shown, number).to_string();
        }
        t_string!(i18n, evaluation.images.all, count = total, number).to_string()
    };
    // A screen reader hears what was opened; the focus stays where it was pressed.
    Effect::new(move |_| {
        if shown.get() > 0 {
            shell.announce(format!("{}. {}", title.get_untracked(), untrack(how_many)));
        }
    });
    view! {
        <Card title class="evaluation__images">
            <p>{how_many} " " {order}</p>
            <ImageGrid tiles names />
            {move || {
                let words = ErrorText { i18n, language: language.get() };
                error.get().map(|error| view! { <p class="field__error" role="alert">{words.worker(&error)}</p> })
            }}
            <Show when=move || shown.get() < total.get()>
                <div class="buttons">
                    <button
                        type="button"
                        class="button"
                        aria-disabled=move || is_busy.get().to_string()
                        on:click=move |_| {
                            if !is_busy.get_untracked() {
                                talk::fetch_images(lab);
                            }
                        }
                    >
                        {t!(i18n, evaluation.images.more)}
                    </button>
                </div>
            </Show>
        </Card>
    }
}
