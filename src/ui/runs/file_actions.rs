//! What is done with a file of `ModelCheckpoint`: opened as the current network, or saved to disk.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::made_view::{Taker, TakingNote};
use super::opened::{Opened, OpenedNote, open_model};
use super::taking::Goal;
use super::words::run_words;
use super::{KeptRun, MOST_FILE_BYTES, MOST_FILES, MadeFile, Origin, made_files};
use crate::engine::callbacks::CallbackSpec;
use crate::ui::components::{Icon, IconMark};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::training::words;

/// One file's buttons, where its weights are kept; else why there are none. `id` is the run's, `path` the
/// file's name.
#[component]
pub fn FileActions(#[prop(into)] id: Signal<Option<String>>, path: String) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let phase = lab.training.phase();
    let path = StoredValue::new(path);
    let (opened, taker) = (RwSignal::new(None::<Opened>), Taker::start());
    let note = Memo::new(move |_| {
        let run = lab.keeper.run(&id.get()?)?;
        path.with_value(|path| run.file(path).map(|note| note.has_weights))
    });
    // What is in it is read anew each time: a file that is being written over is the newest one then.
    let save = move |_| {
        let Some(run) = id.get_untracked().and_then(|id| untrack(|| lab.keeper.run(&id))) else { return };
        let is_it = |file: &MadeFile| path.with_value(|path| file.origin == Origin::Checkpoint(path.clone()));
        let files = made_files(&run).into_iter().filter(is_it).collect();
        taker.begin(&run, Goal::File, files);
    };
    let open = move |_| {
        let Some(id) = id.get_untracked() else { return };
        let path = path.get_value();
        opened.set(None);
        spawn_local(async move {
            let saved = lab.keeper.file(&id, &path).await;
            open_model(lab, i18n, saved, opened);
        });
    };
    let is_busy = move || phase.get().is_active();
    let name = move || path.get_value();
    view! {
        {move || match note.get() {
            None => None,
            Some(false) => Some(view! { <span class="note">{t!(i18n, runs.checkpoint.without)}</span> }.into_any()),
            Some(true) => {
                Some(
                    view! {
                        <span class="buttons">
                            <button
                                type="button"
                                class="button"
                                disabled=is_busy
                                title=move || is_busy().then(|| t_string!(i18n, runs.open.busy).to_string())
                                aria-label=move || t_string!(i18n, runs.checkpoint.open_of, name = name()).to_string()
                                on:click=open
                            >
                                {t!(i18n, runs.checkpoint.open)}
                            </button>
                            <button
                                type="button"
                                class="button"
                                aria-label=move || t_string!(i18n, runs.checkpoint.save_of, name = name()).to_string()
                                on:click=save
                            >
                                <IconMark icon=Icon::Download />
                                {t!(i18n, runs.checkpoint.save)}
                            </button>
                        </span>
                    }
                    .into_any(),
                )
            }
        }}
        <OpenedNote opened />
        <TakingNote told=taker.told />
    }
}

/// What a reader must know of the files of a run: that there is a limit, and how a file is saved.
#[component]
pub fn FilesHint(#[prop(into)] forgotten: Signal<usize>) -> impl IntoView {
    let i18n = use_i18n();
    let limit = move || {
        let words = run_words(i18n);
        let (most, size) = (words.language.count(MOST_FILES), words.bytes(MOST_FILE_BYTES as f64));
        t_string!(i18n, runs.checkpoint.limit, most, size).to_string()
    };
    let gone = move || {
        let n = run_words(i18n).language.count(forgotten.get());
        (forgotten.get() > 0)
            .then(|| t_string!(i18n, runs.checkpoint.forgotten, count = forgotten.get(), n).to_string())
    };
    view! { <p class="field__hint">{limit} " " {gone}</p> }
}

/// The files of a kept run, the newest first.
#[component]
pub fn KeptFiles(run: StoredValue<std::sync::Arc<KeptRun>>) -> impl IntoView {
    let i18n = use_i18n();
    let id = StoredValue::new(run.with_value(|run| run.id.clone()));
    let keeper = laboratory().keeper;
    let now = Memo::new(move |_| id.with_value(|id| keeper.run(id)).unwrap_or_else(|| run.get_value()));
    let paths = move || {
        let run = now.read();
        run.files.iter().rev().map(|file| file.path.clone()).collect::<Vec<_>>()
    };
    let facts = move |path: &str| {
        let run = now.read();
        let file = run.file(path)?;
        let words = words(i18n);
        let spec = run.job.fit.callbacks.get(file.callback);
        let mut facts = vec![t_string!(i18n, callbacks.stand.saved, epoch = file.epoch + 1).to_string()];
        if let (Some(value), Some(monitor)) = (file.value, spec.and_then(CallbackSpec::monitor)) {
            facts.push(format!("{monitor} {}", words.value(monitor, value)));
        }
        Some(facts.join(" · "))
    };
    let row = move |path: String| {
        let (name, own) = (path.clone(), path.clone());
        view! {
            <li class="callback-stand__file">
                <code lang="en">{name}</code>
                <span class="note">{move || facts(&own)}</span>
                <FileActions id=Signal::stored(Some(id.get_value())) path />
            </li>
        }
    };
    let has_files = Memo::new(move |_| !now.read().files.is_empty());
    let forgotten = Signal::derive(move || now.read().forgotten_files);
    view! {
        <Show when=move || has_files.get()>
            <h3>{t!(i18n, runs.checkpoint.title)}</h3>
            <ul
                class="callback-stand__shelf"
                tabindex="0"
                aria-label=move || t_string!(i18n, runs.checkpoint.title)
                data-testid="checkpoints"
            >
                <For each=paths key=String::clone children=row />
            </ul>
            <FilesHint forgotten />
        </Show>
    }
}
