//! The image behind a [`Source::Sample`], fetched by the worker.

use crate::data::{DatasetId, Split};
use crate::protocol::{ImageSet, RunId, WorkerError, WorkerEvent, WorkerRequest};
use crate::ui::context::shell;
use crate::ui::convolution::{Picture, Sample, Source};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::inputs::Shelf;
use crate::ui::laboratory::laboratory;
use leptos::prelude::*;

/// How a request for images stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Asking {
    /// Nothing is asked for.
    Idle,
    /// The answer is on its way.
    Waiting,
    /// There will be none; nothing is said of a worker that has died.
    Failed(Option<WorkerError>),
}

/// Asks the worker for images, and hands them on when they are there. `asking` follows how it stands.
pub fn ask_images(shelf: Shelf, asking: RwSignal<Asking>, on_images: impl Fn(ImageSet) + 'static) {
    ask_images_at(shelf.dataset, shelf.split, shelf.indices(), asking, on_images);
}

/// The same for images at any places of a file; gives the conversation, which may be forgotten.
pub fn ask_images_at(
    dataset: DatasetId,
    split: Split,
    indices: Vec<u32>,
    asking: RwSignal<Asking>,
    on_images: impl Fn(ImageSet) + 'static,
) -> RunId {
    let bridge = laboratory().bridge;
    asking.set(Asking::Waiting);
    bridge.ask(
        |run| WorkerRequest::Images { run, dataset, split, indices },
        move |event| {
            let after = match event {
                WorkerEvent::LoadProgress { .. } | WorkerEvent::Retrying { .. } => return,
                WorkerEvent::Images { ref images, .. } => {
                    on_images((**images).clone());
                    Asking::Idle
                }
                WorkerEvent::Failed { ref error, .. } => Asking::Failed(Some(error.clone())),
                _ => Asking::Failed(None),
            };
            bridge.forget(event.run());
            // The page may have been left meanwhile.
            asking.try_set(after);
        },
    )
}

/// A sample's image, once it is there.
#[derive(Clone, Copy)]
pub struct Fetched {
    /// The image that the source stands for; none for a source that needs no fetching, and until it is there.
    pub picture: Signal<Option<Picture>>,
    asking: RwSignal<Asking>,
    again: RwSignal<u32>,
}

/// Follows a source: whenever it is an image of a data set, that image is fetched.
pub fn fetched_picture(source: Signal<Source>) -> Fetched {
    let held = RwSignal::new(None::<(Sample, Picture)>);
    let asking = RwSignal::new(Asking::Idle);
    let again = RwSignal::new(0);
    let wanted = Memo::new(move |_| match source.get() {
        Source::Sample(sample) => Some(sample),
        _ => None,
    });
    Effect::new(move |_| {
        again.track();
        let Some(sample) = wanted.get() else {
            asking.set(Asking::Idle);
            return;
        };
        if held.with_untracked(|held| held.as_ref().is_some_and(|(held, _)| *held == sample)) {
            asking.set(Asking::Idle);
            return;
        }
        let shelf = Shelf { dataset: sample.dataset, split: sample.split, class: None, first: sample.idx };
        ask_images(shelf, asking, move |images| {
            let tile = shelf.tiles(&images).into_iter().find(|tile| tile.sample == sample);
            // Another one may be wanted by now: its own answer comes later.
            if let Some(tile) = tile.filter(|_| wanted.try_get_untracked() == Some(Some(sample))) {
                held.set(Some((sample, tile.picture())));
            }
        });
    });
    let picture = Signal::derive(move || {
        let wanted = wanted.get()?;
        held.read().as_ref().filter(|(sample, _)| *sample == wanted).map(|(_, picture)| picture.clone())
    });
    Fetched { picture, asking, again }
}

/// Says that an image is on its way, or why it does not come.
#[component]
pub fn FetchNote(fetched: Fetched) -> impl IntoView {
    view! { <AskingNote asking=fetched.asking on_again=move |()| fetched.again.update(|again| *again += 1) /> }
}

/// The same for any request.
#[component]
pub fn AskingNote(asking: RwSignal<Asking>, #[prop(into)] on_again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let words = move || match asking.get() {
        Asking::Idle => None,
        Asking::Waiting => {
            Some(view! { <p class="field__hint">{t!(i18n, sources.fetch.waiting)}</p> }.into_any())
        }
        Asking::Failed(error) => {
            let why = error.map(|error| ErrorText { i18n, language: language.get() }.worker(&error));
            Some(
                view! {
                    <p class="remark remark--warn">
                        {t!(i18n, sources.fetch.failed)} " " {why} " "
                        <button type="button" class="button" on:click=move |_| on_again.run(())>
                            {t!(i18n, sources.fetch.again)}
                        </button>
                    </p>
                }
                .into_any(),
            )
        }
    };
    view! { <div role="status">{words}</div> }
}
