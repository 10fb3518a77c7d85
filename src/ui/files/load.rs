//! Loading: files are picked or dropped, both at once or one after the other.

use super::save::{SaveLinks, Saving};
use crate::protocol::{WorkerEvent, WorkerRequest};
use crate::ui::browser::{files_of, read_file};
use crate::ui::components::{Icon, IconMark, fresh_id};
use crate::ui::context::{Shell, shell};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::pages::files::{FileKind, LoadState, MAX_BYTES, Step};
use crate::ui::routes::Route;
use crate::ui::worker_model::WorkerModel;
use leptos::ev::DragEvent;
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use web_sys::{File, HtmlInputElement};

/// The card's handles.
#[derive(Clone, Copy)]
struct Loading {
    lab: Laboratory,
    shell: Shell,
    state: RwSignal<LoadState>,
    /// The button that picks files; it takes the focus from buttons that go away.
    button: NodeRef<html::Input>,
}

impl Loading {
    fn focus(self) {
        if let Some(button) = self.button.get_untracked() {
            // An element that cannot take the focus is no harm.
            let _ = button.focus();
        }
    }

    /// Reads files from disk, then lets the worker read them if nothing is lost by that.
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
            let would_lose = self.lab.bridge.model.with_untracked(|model| {
                model.is_starting()
                    || model.current.as_ref().is_some_and(|model| model.is_training || model.is_unsaved())
            });
            if self.state.try_update(|state| state.end_picking(would_lose)) == Some(true) {
                self.read();
            }
        });
    }

    /// Hands the files to the worker.
    fn read(self) {
        let Some((model_json, weights)) = self.state.with_untracked(LoadState::files) else { return };
        let bridge = self.lab.bridge;
        let run = bridge.ask(
            |run| WorkerRequest::Import { run, model_json, weights },
            move |event: WorkerEvent| {
                bridge.forget(event.run());
                self.state.try_maybe_update(|state| (state.apply(event), ()));
            },
        );
        self.state.update(|state| state.step = Step::Reading(run));
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
        let files = files_of(input.files());
        // So that the same file can be picked again after it was mended.
        input.set_value("");
        loading.take(files);
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
    let line = move |kind: FileKind| {
        let name = move || {
            let state = state.read();
            let picked = if kind == FileKind::Model { &state.model } else { &state.weights };
            picked.as_ref().map(|picked| picked.name.clone())
        };
        view! {
            <li class="files__pick" class:files__pick--there=move || name().is_some()>
                {move || match name() {
                    Some(name) => t_string!(i18n, files.load.there, name).to_string(),
                    None => t_string!(i18n, files.load.awaited, name = kind.file_name()).to_string(),
                }}
            </li>
        }
    };
    let has_any = Memo::new(move |_| state.read().model.is_some() || state.read().weights.is_some());
    view! {
        <div role="status" class="files__picks">
            <Show when=move || has_any.get()>
                <ul>{line(FileKind::Weights)} {line(FileKind::Model)}</ul>
            </Show>
            {move || {
                let name = missing.get()?.file_name();
                Some(view! { <p class="remark" data-testid="missing">{t!(i18n, files.load.missing, name)}</p> })
            }}
        </div>
        <Show when=move || !strangers.read().is_empty()>
            <p class="field__error" role="alert">{t!(i18n, files.load.strangers, names = move || strangers.get())}</p>
        </Show>
        <Show when=move || !giants.read().is_empty()>
            <p class="field__error" role="alert">{t!(i18n, files.load.giants, names = move || giants.get())}</p>
        </Show>
    }
}

/// The question, the answer, or the reason.
#[component]
fn Outcome(loading: Loading, saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    let Loading { lab, shell, state, .. } = loading;
    let step = Memo::new(move |_| state.read().step.clone());
    Effect::new(move |_| {
        if *step.read() == Step::Done {
            let name = lab
                .bridge
                .model
                .with_untracked(WorkerModel::stamp)
                .map_or_else(String::new, |stamp| stamp.name);
            shell.announce(untrack(|| t_string!(i18n, files.load.done, name).to_string()));
        }
    });
    let name = move || lab.bridge.model.read().stamp().map_or_else(String::new, |stamp| stamp.name);
    move || match step.get() {
        Step::Picking => ().into_any(),
        Step::Asking => view! { <Question loading saving /> }.into_any(),
        Step::Reading(_) => view! { <p class="remark">{t!(i18n, files.load.reading)}</p> }.into_any(),
        Step::Done => view! {
            <div class="remark remark--good" data-testid="loaded">
                <p>{t!(i18n, files.load.done, name)}</p>
                <p><a href=Route::Evaluation.href()>{t!(i18n, files.load.evaluate)}</a></p>
            </div>
        }
        .into_any(),
        Step::Failed(error) => {
            let words = ErrorText { i18n, language: shell.language.get() };
            view! {
                <div class="remark remark--bad" role="alert" data-testid="refused">
                    <p>{t!(i18n, files.load.failed)}</p>
                    <p>{words.worker(&error)}</p>
                    <p>{t!(i18n, files.load.untouched)}</p>
                </div>
            }
            .into_any()
        }
    }
}

/// Asks before a model that is in no file is replaced.
#[component]
fn Question(loading: Loading, saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    // While a network trains, the files at hand are of an earlier state.
    saving.prepare();
    let replace = move |_| {
        loading.focus();
        loading.read();
    };
    let keep = move |_| {
        loading.focus();
        loading.state.update(LoadState::clear);
    };
    let is_training = loading.lab.bridge.model.with_untracked(|model| {
        model.is_starting() || model.current.as_ref().is_some_and(|model| model.is_training)
    });
    view! {
        <div class="remark remark--warn" role="alert" data-testid="question">
            <p>
                {if is_training {
                    t!(i18n, files.load.would_stop).into_any()
                } else {
                    t!(i18n, files.load.would_lose).into_any()
                }}
            </p>
            <p>{t!(i18n, files.load.save_first)}</p>
            <SaveLinks saving />
            <div class="buttons">
                <button type="button" class="button" data-testid="replace" on:click=replace>
                    {t!(i18n, files.load.replace)}
                </button>
                <button type="button" class="button" on:click=keep>
                    {t!(i18n, files.load.keep)}
                </button>
            </div>
        </div>
    }
}
