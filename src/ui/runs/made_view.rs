//! What callbacks made, to be taken: the files of one callback, and all of a run.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::keeper::RunKeeper;
use super::taking::{Goal, Taking, take, taking_text};
use super::words::run_words;
use super::{KeptRun, MOST_LOG_BYTES, MadeFile, made_by, made_files};
use crate::engine::callbacks::CallbackSpec;
use crate::ui::browser::plain_name;
use crate::ui::components::{Icon, IconMark};
use crate::ui::context::{Shell, shell};
use crate::ui::folder::Folder;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;

/// Says what becomes of a taking.
#[component]
pub fn TakingNote(told: RwSignal<Option<Taking>>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let taking = told.get()?;
        let text = taking_text(i18n, &taking);
        Some(match taking {
            Taking::Failed(_) => view! { <p class="field__error" role="alert">{text}</p> }.into_any(),
            _ => view! { <p class="note" role="status">{text}</p> }.into_any(),
        })
    }
}

/// Takes files, one taking at a time.
#[derive(Clone, Copy)]
pub struct Taker {
    keeper: RunKeeper,
    shell: Shell,
    /// What became of the last one.
    pub told: RwSignal<Option<Taking>>,
}

impl Taker {
    /// One of a component's own.
    pub fn start() -> Self {
        Self { keeper: laboratory().keeper, shell: shell(), told: RwSignal::new(None) }
    }

    /// Begins, unless the last one is going on.
    pub fn begin(self, run: &KeptRun, goal: Goal, files: Vec<MadeFile>) {
        if matches!(self.told.get_untracked(), Some(Taking::Busy(..))) {
            return;
        }
        let Self { keeper, shell, told } = self;
        let (run, language) = (run.clone(), shell.language.get_untracked());
        told.set(Some(Taking::Busy(0, files.len())));
        spawn_local(async move { take(keeper, &run, files, goal, language, told).await });
    }
}

/// The files of one `TensorBoard` as a ZIP, or of one `CSVLogger`; nothing for other callbacks, and before
/// there is a file. `id` is the run's.
#[component]
pub fn CallbackFiles(#[prop(into)] id: Signal<Option<String>>, callback: usize) -> impl IntoView {
    let i18n = use_i18n();
    let (keeper, taker) = (laboratory().keeper, Taker::start());
    let run = Memo::new(move |_| keeper.run(&id.get()?));
    let shown = Memo::new(move |_| {
        let run = run.get()?;
        let bytes: usize = run.logs_of(callback).map(|log| log.bytes).sum();
        let is_cut = run.logs_of(callback).any(|log| log.is_cut);
        let name = match run.job.fit.callbacks.get(callback)? {
            CallbackSpec::TensorBoard(spec) if bytes > 0 => spec.log_dir.clone(),
            CallbackSpec::CsvLogger(spec) if !run.epochs.is_empty() => spec.filename.clone(),
            _ => return None,
        };
        Some((name, bytes, is_cut))
    });
    let on_click = move |_| {
        let Some(run) = run.get_untracked() else { return };
        let goal = match run.job.fit.callbacks.get(callback) {
            Some(CallbackSpec::TensorBoard(_)) => Goal::Zip("tensorboard.zip".to_owned()),
            _ => Goal::File,
        };
        taker.begin(&run, goal, made_by(&run, callback));
    };
    let size = move |bytes: usize| run_words(i18n).bytes(bytes as f64);
    move || {
        let (name, bytes, is_cut) = shown.get()?;
        let is_log = bytes > 0;
        let label = {
            let name = name.clone();
            move || t_string!(i18n, runs.made.take_of, name = name.clone()).to_string()
        };
        Some(view! {
            <div class="callback-stand__made">
                <code lang="en">{name.clone()}</code>
                {is_log.then(|| view! { <span class="note">{move || size(bytes)}</span> })}
                <button
                    type="button"
                    class="button"
                    aria-label=label
                    data-testid=if is_log { "take-events" } else { "take-lines" }
                    on:click=on_click
                >
                    <IconMark icon=Icon::Download />
                    {move || if is_log { t_string!(i18n, runs.made.zip) } else { t_string!(i18n, runs.made.file) }}
                </button>
                {is_log
                    .then(|| {
                        let folder = name.clone();
                        let text = move || t_string!(i18n, runs.made.events_help, folder = folder.clone()).to_string();
                        view! { <p class="field__hint">{text}</p> }
                    })}
                {is_cut
                    .then(|| {
                        let text = move || t_string!(i18n, runs.made.cut, size = size(MOST_LOG_BYTES)).to_string();
                        view! { <p class="field__hint">{text}</p> }
                    })}
                <TakingNote told=taker.told />
            </div>
        })
    }
}

/// Everything that the callbacks of a kept run made: each of `TensorBoard` and `CSVLogger`, and all together.
#[component]
pub fn RunFiles(run: StoredValue<std::sync::Arc<KeptRun>>) -> impl IntoView {
    let i18n = use_i18n();
    let (keeper, taker) = (laboratory().keeper, Taker::start());
    let id = run.with_value(|run| run.id.clone());
    let now = {
        let id = id.clone();
        Memo::new(move |_| keeper.run(&id).unwrap_or_else(|| run.get_value()))
    };
    let facts = Memo::new(move |_| {
        let files = made_files(&now.read());
        (files.len(), files.iter().map(|file| file.bytes).sum::<usize>())
    });
    let zip = move |_| {
        let run = now.get_untracked();
        let name = format!("{}.zip", plain_name(&run_words(i18n).name(&run)));
        taker.begin(&run, Goal::Zip(name), made_files(&run));
    };
    let folder = move |_| {
        let run = now.get_untracked();
        taker.begin(&run, Goal::Folder, made_files(&run));
    };
    let has_folders = Folder::are_there();
    let told_size = move || {
        let (words, (count, bytes)) = (run_words(i18n), facts.get());
        let (n, size) = (words.language.count(count), words.bytes(bytes as f64));
        t_string!(i18n, runs.made.all_help, count, n, size).to_string()
    };
    let of_callbacks = run.with_value(|run| {
        let callbacks = 0..run.job.fit.callbacks.len();
        let files = |callback| view! { <CallbackFiles id=Signal::stored(Some(id.clone())) callback /> };
        callbacks.map(files).collect_view()
    });
    view! {
        <div hidden=move || facts.get().0 == 0 data-testid="made-files">
            <h3>{t!(i18n, runs.made.title)}</h3>
            {of_callbacks}
            <p>{told_size}</p>
            <p class="buttons">
                <button type="button" class="button" data-testid="take-all" on:click=zip>
                    <IconMark icon=Icon::Download />
                    {t!(i18n, runs.made.all)}
                </button>
                <Show when=move || has_folders>
                    <button type="button" class="button" data-testid="take-folder" on:click=folder>
                        <IconMark icon=Icon::Download />
                        {t!(i18n, runs.made.folder)}
                    </button>
                </Show>
            </p>
            <Show when=move || !has_folders>
                <p class="field__hint">{t!(i18n, runs.made.no_folder)}</p>
            </Show>
            <TakingNote told=taker.told />
        </div>
    }
}
