//! Saving: two links to files that are kept ready, and every other format.

use super::formats::Formats;
use super::words::FileWords;
use crate::formats::{ModelFile, SavedModel, write_weights};
use crate::protocol::WorkerRequest;
use crate::ui::browser::ObjectUrl;
use crate::ui::components::{Icon, IconMark};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::pages::files::{FileKind, SaveState};
use crate::ui::worker_model::{Freshness, ModelState, WorkerModel};
use leptos::prelude::*;

/// The model's files, ready to be downloaded.
#[derive(Clone, Copy)]
pub struct Saving {
    lab: Laboratory,
    state: RwSignal<SaveState>,
    links: RwSignal<Option<Links>>,
}

#[derive(Clone)]
struct Links {
    model: ObjectUrl,
    weights: ObjectUrl,
}

impl Links {
    /// To the two files of a model.
    fn of(saved: SavedModel) -> Option<Links> {
        let weights = write_weights(&saved.model, &saved.params).ok()?;
        let model_json = ModelFile::new(saved.model, saved.job).with_epochs(saved.epochs).to_json();
        let model = ObjectUrl::new(model_json.as_bytes(), "application/json")?;
        Some(Links { model, weights: ObjectUrl::new(&weights, "application/octet-stream")? })
    }
}

impl Saving {
    /// Keeps files ready: anew for every model, and for every state in which a model rests.
    pub fn start() -> Saving {
        let lab = laboratory();
        let saving = Saving { lab, state: RwSignal::default(), links: RwSignal::new(None) };
        let wanted = Memo::new(move |_| {
            let model = lab.bridge.model.read();
            let current = model.current.as_ref()?;
            Some((current.stamp.model, (!current.is_training).then_some(current.stamp.revision)))
        });
        Effect::new(move |_| {
            if wanted.get().is_some() {
                saving.prepare();
            }
        });
        saving
    }

    /// Asks for the files as the model is now.
    pub fn prepare(self) {
        let Some(stamp) = self.lab.bridge.model.with_untracked(WorkerModel::stamp) else { return };
        let bridge = self.lab.bridge;
        let run = bridge.ask(
            |run| WorkerRequest::Export { run, optimizer: false },
            move |event| {
                bridge.forget(event.run());
                // The page may have been left meanwhile.
                let saved = self.state.try_update(|state| state.apply(event)).flatten();
                if let Some(saved) = saved {
                    self.links.try_set(Links::of(*saved));
                }
            },
        );
        self.state.update(|state| state.begin(run, stamp));
    }

    fn was_saved(self) {
        if let Some(stamp) = self.state.with_untracked(|state| state.ready.clone()) {
            self.lab.bridge.model.update(|model| model.saved(&stamp));
        }
    }
}

/// The two links.
#[component]
pub fn SaveLinks(saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let link = move |kind: FileKind, url: ObjectUrl| {
        let bytes = url.bytes();
        let size = move || FileWords { i18n, language: language.get() }.size(bytes);
        let name = kind.file_name().unwrap_or_default();
        let is_weights = kind == FileKind::Weights;
        view! {
            <a
                class="button"
                class:button--primary=is_weights
                href=url.href().to_owned()
                download=name
                data-testid=format!("save-{}", if is_weights { "weights" } else { "model" })
                on:click=move |_| {
                    if is_weights {
                        saving.was_saved();
                    }
                }
            >
                <IconMark icon=Icon::Download />
                <span><code lang="en">{name}</code> " " {size}</span>
            </a>
        }
    };
    view! {
        <div class="buttons">
            {move || {
                let Links { model, weights } = saving.links.get()?;
                Some((link(FileKind::Weights, weights), link(FileKind::Model, model)))
            }}
        </div>
    }
}

/// The card's content.
#[component]
pub fn Save(saving: Saving) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let model = saving.lab.bridge.model;
    let freshness = Memo::new(move |_| {
        let state = saving.state.read();
        state.ready.as_ref().map(|ready| ready.freshness(model.read().stamp().as_ref()))
    });
    let has_moved_on = move || freshness.get() == Some(Freshness::TrainedOn);
    let is_unsaved = Memo::new(move |_| model.read().current.as_ref().is_some_and(ModelState::is_unsaved));
    let error = Memo::new(move |_| saving.state.read().error.clone());
    view! {
        <dl class="files__pair">
            <dt><code lang="en">"model.safetensors"</code></dt>
            <dd>{t!(i18n, files.save.weights)}</dd>
            <dt><code lang="en">"model.json"</code></dt>
            <dd>{t!(i18n, files.save.model)}</dd>
        </dl>
        <SaveLinks saving />
        <p class="files__small">
            {move || {
                if is_unsaved.get() {
                    t_string!(i18n, files.save.unsaved)
                } else {
                    t_string!(i18n, files.save.both)
                }
            }}
        </p>
        <Show when=has_moved_on>
            <p class="remark">{t!(i18n, files.save.moved_on)}</p>
            <div class="buttons">
                <button type="button" class="button" on:click=move |_| saving.prepare()>
                    <IconMark icon=Icon::Restart />
                    <span>{t!(i18n, files.save.again)}</span>
                </button>
            </div>
        </Show>
        {move || {
            let words = ErrorText { i18n, language: language.get() };
            error.get().map(|error| view! { <p class="field__error" role="alert">{words.worker(&error)}</p> })
        }}
        <Formats />
    }
}
