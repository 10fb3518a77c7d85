//! Loading: files are picked, dropped or pasted, all at once or one after the other.

use super::outcome::Outcome;
use super::reading::{current_run, others, read};
use super::save::Saving;
use crate::engine::spec::RunSpec;
use crate::formats::OpenedModel;
use crate::protocol::{WorkerEvent, WorkerRequest};
use crate::ui::browser::{files_of, read_file};
use crate::ui::components::{Icon, IconMark, fresh_id};
use crate::ui::context::{Shell, shell};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::pages::files::{FileKind, LoadState, MAX_BYTES};
use leptos::ev::DragEvent;
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use std::sync::Arc;
use web_sys::{ClipboardEvent, File, HtmlInputElement};

/// The card's handles.
#[derive(Clone, Copy)]
pub struct Loading {
    pub lab: Laboratory,
    pub shell: Shell,
    pub state: RwSignal<LoadState>,
    /// The button that picks files; it takes the focus from buttons that go away.
    button: NodeRef<html::Input>,
}

impl Loading {
    pub fn focus(self) {
        if let Some(button) = self.button.get_untracked() {
            // An element that cannot take the focus is no harm.
            let _ = button.focus();
        }
    }

    /// Takes files from disk, and reads what is complete.
    fn take(self, files: Vec<File>) {
        if files.is_empty() {
            return;
        }
        self.state.update(LoadState::begin_picking);
        spawn_local(async move {
            for file in files {
                let name = file.name();
                let bytes = if file.size() > MAX_BYTES { None } else { read_file(&file).await };
                // The page may have been left meanwhile.
                self.state.try_update(|state| match bytes {
                    Some(bytes) => state.pick(name, bytes),
                    None => state.giants.push(name),
                });
            }
            if self.state.try_with_untracked(LoadState::is_complete) == Some(true) {
                self.read_into(current_run(self.lab));
            }
        });
    }

    /// Reads the file; weights without a description go into `known`. Nothing is lost by reading.
    pub fn read_into(self, known: Option<RunSpec>) {
        let Some((file, description)) = self.state.with_untracked(LoadState::files) else { return };
        let Some(attempt) = self.state.try_update(LoadState::begin_reading) else { return };
        spawn_local(async move {
            let others = others(self.lab, known.as_ref());
            let result = read(file, description, known, others).await;
            let would_lose = self.lab.bridge.model.with_untracked(|model| {
                model.is_starting()
                    || model.current.as_ref().is_some_and(|model| model.is_training || model.is_unsaved())
            });
            // The page may have been left meanwhile.
            let opened = self.state.try_update(|state| state.read(attempt, result, would_lose)).flatten();
            if let Some(opened) = opened {
                self.hand_over(opened);
            }
        });
    }

    /// Makes the model the current one.
    pub fn hand_over(self, opened: Arc<OpenedModel>) {
        let bridge = self.lab.bridge;
        let saved = Box::new(opened.saved.clone());
        let run = bridge.ask(
            |run| WorkerRequest::Import { run, saved },
            move |event: WorkerEvent| {
                bridge.forget(event.run());
                self.state.try_maybe_update(|state| (state.apply(event), ()));
            },
        );
        self.state.update(|state| state.hand_over(run, opened));
    }
}

/// The card's content.
#[component]
pub fn Load(saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    let loading =
        Loading { lab: laboratory(), shell: shell(), state: RwSignal::default(), button: NodeRef::new() };
    let (id, button) = (fresh_id("files"), loading.button);
    let is_over = RwSignal::new(false);
    let on_pick = move |event: leptos::ev::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let picked = files_of(input.files());
        // So that the same file can be picked again after it was mended.
        input.set_value("");
        loading.take(picked);
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        loading.take(files_of(event.data_transfer().and_then(|transfer| transfer.files())));
    };
    let on_drag_over = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(true);
    };
    // Pasting is heard wherever the focus is.
    let paste = window_event_listener(leptos::ev::paste, move |event: ClipboardEvent| {
        let files = files_of(event.clipboard_data().and_then(|data| data.files()));
        if !files.is_empty() {
            event.prevent_default();
            loading.take(files);
        }
    });
    on_cleanup(move || paste.remove());
    view! {
        <p>{t!(i18n, files.load.lead)}</p>
        <div
            class="files__drop"
            class:files__drop--over=move || is_over.get()
            on:dragover=on_drag_over
            on:dragleave=move |_| is_over.set(false)
            on:drop=on_drop
        >
            <input
                class="visually-hidden"
                type="file"
                multiple
                id=id.clone()
                node_ref=button
                data-testid="load"
                on:change=on_pick
            />
            <label class="button button--primary" for=id>
                <IconMark icon=Icon::Upload />
                <span>{t!(i18n, files.load.pick)}</span>
            </label>
            <span class="files__small">{t!(i18n, files.load.drop)}</span>
        </div>
        <Picks loading />
        <Outcome loading saving />
    }
}

/// Which files are there, and which one is missing.
#[component]
fn Picks(loading: Loading) -> impl IntoView {
    let i18n = use_i18n();
    let state = loading.state;
    let missing = Memo::new(move |_| state.read().missing());
    let strangers = Memo::new(move |_| state.read().strangers.join(", "));
    let giants = Memo::new(move |_| state.read().giants.join(", "));
    let picked = Memo::new(move |_| {
        let state = state.read();
        let weights = state.weights.as_ref().map(|(_, picked)| picked.name.clone());
        (weights, state.model.as_ref().map(|picked| picked.name.clone()))
    });
    let lines = move || {
        let (weights, model) = picked.get();
        let there = move |name: String| {
            let text = move || t_string!(i18n, files.load.there, name = name.clone()).to_string();
            view! { <li class="files__pick files__pick--there">{text}</li> }
        };
        let awaited = missing.get().and_then(FileKind::file_name).map(|name| {
            view! { <li class="files__pick">{move || t_string!(i18n, files.load.awaited, name).to_string()}</li> }
        });
        (weights.map(there), model.map(there), awaited)
    };
    let has_any = Memo::new(move |_| {
        let picked = picked.read();
        picked.0.is_some() || picked.1.is_some()
    });
    let alone = move |_| {
        loading.focus();
        loading.read_into(current_run(loading.lab));
    };
    view! {
        <div role="status" class="files__picks">
            <Show when=move || has_any.get()>
                <ul>{lines}</ul>
            </Show>
            {move || {
                let name = missing.get()?.file_name()?;
                Some(view! { <p class="remark" data-testid="missing">{t!(i18n, files.load.missing, name)}</p> })
            }}
        </div>
        <Show when=move || missing.get() == Some(FileKind::Model)>
            <div class="buttons">
                <button type="button" class="button" data-testid="alone" on:click=alone>
                    {t!(i18n, files.load.alone)}
                </button>
            </div>
        </Show>
        <Show when=move || !strangers.read().is_empty()>
            <p class="field__error" role="alert">{t!(i18n, files.load.strangers, names = move || strangers.get())}</p>
        </Show>
        <Show when=move || !giants.read().is_empty()>
            <p class="field__error" role="alert">{t!(i18n, files.load.giants, names = move || giants.get())}</p>
        </Show>
    }
}
