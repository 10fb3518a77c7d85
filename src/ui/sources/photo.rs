//! The reader's own image: a file, a drop, the clipboard, the camera; and what becomes of it.

use super::camera::Camera;
use super::decode::{PhotoFault, photo_of};
use crate::ui::browser::files_of;
use crate::ui::components::{Bounds, Icon, IconMark, NumberField, fresh_id};
use crate::ui::convolution::{Source, limit};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::inputs::{Framing, Photo};
use crate::ui::translations::text;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, File, HtmlInputElement};

/// The photo and its framing, kept by the picker so that another way to choose loses nothing.
#[derive(Clone, Copy)]
pub struct Darkroom {
    photo: RwSignal<Option<Arc<Photo>>>,
    framing: RwSignal<Framing>,
    fault: RwSignal<Option<PhotoFault>>,
    is_busy: RwSignal<bool>,
    on_choose: Callback<Source>,
}

impl Darkroom {
    /// An empty one.
    pub fn new(on_choose: Callback<Source>) -> Darkroom {
        Darkroom {
            photo: RwSignal::new(None),
            framing: RwSignal::default(),
            fault: RwSignal::new(None),
            is_busy: RwSignal::new(false),
            on_choose,
        }
    }

    fn develop(self) {
        let Some(photo) = self.photo.get_untracked() else { return };
        let picture = photo.picture(self.framing.get_untracked());
        self.on_choose.run(Source::Own(Arc::new(picture)));
    }

    fn take(self, photo: Photo) {
        self.fault.set(None);
        self.photo.set(Some(Arc::new(photo)));
        self.develop();
    }

    /// Opens the first image among the files; a file that is none leaves everything as it is.
    fn open(self, files: Vec<File>) {
        let image = files.iter().find(|file| file.type_().starts_with("image/")).cloned();
        let Some(file) = image.or_else(|| files.into_iter().next()) else {
            self.fault.set(Some(PhotoFault::NoImage));
            return;
        };
        self.is_busy.set(true);
        spawn_local(async move {
            let photo = photo_of(&file).await;
            // The page may have been left meanwhile.
            if self.is_busy.try_set(false).is_some() {
                return;
            }
            match photo {
                Ok(photo) => self.take(photo),
                Err(fault) => self.fault.set(Some(fault)),
            }
        });
    }

    fn change(self, edit: impl FnOnce(&mut Framing)) {
        self.framing.update(edit);
        self.develop();
    }
}

/// Everything that leads to a photo.
#[component]
pub fn OwnPhoto(room: Darkroom) -> impl IntoView {
    let i18n = use_i18n();
    let id = fresh_id("photo");
    let is_over = RwSignal::new(false);
    let on_pick = move |event: leptos::ev::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = files_of(input.files());
        // So that the same file can be picked again after it was mended.
        input.set_value("");
        if !files.is_empty() {
            room.open(files);
        }
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        room.open(files_of(event.data_transfer().and_then(|transfer| transfer.files())));
    };
    // Pasting is heard wherever the focus is, except where text is typed.
    let paste = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        let is_text = event.target().is_some_and(|target| target.dyn_ref::<HtmlInputElement>().is_some());
        let files = files_of(event.clipboard_data().and_then(|data| data.files()));
        if !files.is_empty() {
            event.prevent_default();
            room.open(files);
        } else if !is_text {
            room.fault.set(Some(PhotoFault::NoImage));
        }
    });
    on_cleanup(move || paste.remove());
    let fault = move || {
        room.fault.get().map(|fault| match fault {
            PhotoFault::Damaged => t_string!(i18n, sources.fault.damaged).to_string(),
            PhotoFault::TooLarge => t_string!(i18n, sources.fault.too_large).to_string(),
            PhotoFault::NoImage => t_string!(i18n, sources.fault.no_image).to_string(),
            PhotoFault::NoCamera => t_string!(i18n, sources.fault.no_camera).to_string(),
            PhotoFault::Refused => t_string!(i18n, sources.fault.refused).to_string(),
            PhotoFault::Busy => t_string!(i18n, sources.fault.busy).to_string(),
        })
    };
    view! {
        <div
            class="sources__drop"
            class:sources__drop--over=move || is_over.get()
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=on_drop
        >
            <input
                class="visually-hidden"
                type="file"
                accept="image/*"
                id=id.clone()
                data-testid="photo"
                on:change=on_pick
            />
            <label class="button" for=id>
                <IconMark icon=Icon::Upload />
                {t!(i18n, sources.photo.pick)}
            </label>
            <p class="field__hint">{t!(i18n, sources.photo.hint)}</p>
            <Camera
                on_photo=Callback::new(move |photo| room.take(photo))
                on_fault=Callback::new(move |fault| room.fault.set(Some(fault)))
            />
        </div>
        <div role="alert">
            <Show when=move || room.fault.read().is_some()>
                <p class="field__error">{fault}</p>
            </Show>
        </div>
        <p class="field__hint" role="status">
            {move || room.is_busy.get().then_some(t!(i18n, sources.photo.opening))}
        </p>
        <FramingFields room />
        <p class="field__hint">{t!(i18n, sources.photo.private)}</p>
    }
}

/// Size, colours and cut.
#[component]
fn FramingFields(room: Darkroom) -> impl IntoView {
    let i18n = use_i18n();
    let framing = room.framing;
    let bounds =
        Bounds { min: *limit::SIDE.start() as f64, max: *limit::SIDE.end() as f64, step: 1.0, decimals: 0 };
    let check = move |label: Signal<String>, is_on: Signal<bool>, set: fn(&mut Framing, bool)| {
        view! {
            <label class="sources__check">
                <input
                    type="checkbox"
                    prop:checked=move || is_on.get()
                    on:change=move |event| room.change(|framing| set(framing, event_target_checked(&event)))
                />
                <span>{move || label.get()}</span>
            </label>
        }
    };
    view! {
        <div class="fields fields--small">
            <NumberField
                label=text!(i18n, sources.side)
                value=Signal::derive(move || framing.read().side as f64)
                bounds
                on_change=move |side: f64| room.change(|framing| framing.side = side as usize)
            />
        </div>
        <div class="sources__checks">
            {check(
                text!(i18n, sources.photo.colour),
                Signal::derive(move || framing.read().is_colour),
                |framing, is_on| framing.is_colour = is_on,
            )}
            {check(
                text!(i18n, sources.photo.square),
                Signal::derive(move || framing.read().is_square),
                |framing, is_on| framing.is_square = is_on,
            )}
            {check(
                text!(i18n, sources.photo.inverted),
                Signal::derive(move || framing.read().is_inverted),
                |framing, is_on| framing.is_inverted = is_on,
            )}
        </div>
    }
}
