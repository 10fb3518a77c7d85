//! The list of all formats: what each is for, and a button that writes it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::courier::ask;
use super::words::{FileWords, endings, title};
use crate::formats::{ModelFormat, NamedFile, SavedModel, Wrapping};
use crate::protocol::{FilesEvent, FilesRequest, WorkerEvent, WorkerRequest};
use crate::ui::browser::{ObjectUrl, download, plain_name};
use crate::ui::components::{Icon, IconMark, fresh_id};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::{Laboratory, laboratory};
use crate::ui::locale::Language;
use crate::ui::pages::files::{Refusal, WriteState, Writing};
use crate::ui::worker_model::WorkerModel;

/// Now, as Keras writes it.
fn now() -> String {
    let date = js_sys::Date::new_0();
    format!(
        "{:04}-{:02}-{:02}@{:02}:{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes(),
        date.get_seconds()
    )
}

async fn write(
    format: ModelFormat,
    saved: Box<SavedModel>,
    language: Language,
) -> Result<NamedFile, Refusal> {
    let name = plain_name(&saved.model.name);
    let stem = if name.is_empty() { "model".to_owned() } else { name };
    write_as(format, saved, stem, language).await
}

/// A model as a file whose name begins so; several files come as one ZIP.
///
/// # Errors
/// If the format cannot hold the model, or nobody writes.
pub async fn write_as(
    format: ModelFormat,
    saved: Box<SavedModel>,
    stem: String,
    language: Language,
) -> Result<NamedFile, Refusal> {
    let wrapping = Wrapping { stem, date: now(), language: language.into() };
    match ask(|run| FilesRequest::Write { run, format, saved, wrapping }).await? {
        FilesEvent::Written { file, .. } => Ok(file),
        FilesEvent::Failed { error, .. } => Err(Refusal::Format(error)),
        _ => Err(Refusal::Died),
    }
}

/// Takes the model as it is now, writes it, and hands the file to the browser.
fn save(lab: Laboratory, state: RwSignal<WriteState>, format: ModelFormat, language: Language) {
    let Some(stamp) = lab.bridge.model.with_untracked(WorkerModel::stamp) else { return };
    let Some(attempt) = state.try_update(|state| state.begin(format)).flatten() else { return };
    let end = move |result| {
        // The page may have been left meanwhile.
        state.try_update(|state| state.end(attempt, result));
    };
    lab.bridge.ask(
        |run| WorkerRequest::Export { run, optimizer: true },
        move |event| {
            lab.bridge.forget(event.run());
            let saved = match event {
                WorkerEvent::Exported { saved, .. } => saved,
                WorkerEvent::Failed { error, .. } => return end(Err(Refusal::Worker(error))),
                _ => return end(Err(Refusal::Died)),
            };
            let stamp = stamp.clone();
            spawn_local(async move {
                let written = write(format, saved, language).await;
                let url = written.and_then(|file| {
                    let url = ObjectUrl::new(&file.bytes, "application/octet-stream").ok_or(Refusal::Died)?;
                    Ok((file.name, url))
                });
                match url {
                    Ok((name, url)) => {
                        download(&url, &name);
                        if format.is_read() {
                            lab.bridge.model.update(|model| model.saved(&stamp));
                        }
                        end(Ok(name));
                    }
                    Err(refusal) => end(Err(refusal)),
                }
            });
        },
    );
}

/// The list.
#[component]
pub fn Formats() -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let lab = laboratory();
    let state = RwSignal::<WriteState>::default();
    let words = move || FileWords { i18n, language: shell.language.get() };
    let busy = Memo::new(move |_| state.read().busy());
    Effect::new(move |_| {
        let told = match &state.read().writing {
            Writing::Idle | Writing::Refused(..) => return,
            Writing::Busy(_, format) => {
                untrack(|| t_string!(i18n, files.save.writing, name = title(*format)).to_string())
            }
            Writing::Done(_, name) => {
                let name = name.clone();
                untrack(|| t_string!(i18n, files.save.written, name).to_string())
            }
        };
        shell.announce(told);
    });
    let line = move |format: ModelFormat| {
        let hint = fresh_id("format");
        let outcome = move || match &state.read().writing {
            Writing::Busy(_, busy) if *busy == format => {
                let text = move || t_string!(i18n, files.save.writing, name = title(format)).to_string();
                Some(view! { <p class="files__small">{text}</p> }.into_any())
            }
            Writing::Done(done, name) if *done == format => {
                let name = name.clone();
                let id = format!("written-{}", format.id());
                let text = move || t_string!(i18n, files.save.written, name = name.clone()).to_string();
                Some(view! { <p class="files__small files__done" data-testid=id>{text}</p> }.into_any())
            }
            Writing::Refused(refused, refusal) if *refused == format => {
                let id = format!("refused-{}", format.id());
                let text = words().refusal(refusal);
                Some(view! { <p class="field__error" role="alert" data-testid=id>{text}</p> }.into_any())
            }
            _ => None,
        };
        // A button that is disabled while it works would lose the keyboard's focus.
        view! {
            <li class="files__format">
                <div>
                    <p class="files__title"><code lang="en">{title(format)}</code></p>
                    <p class="files__small" id=hint.clone()>
                        <code lang="en">{endings(format)}</code>
                        " · "
                        {move || words().purpose(format)}
                    </p>
                    {outcome}
                </div>
                <button
                    type="button"
                    class="button"
                    aria-disabled=move || busy.get().is_some().to_string()
                    aria-label=move || t_string!(i18n, files.save.format_of, name = title(format)).to_string()
                    aria-describedby=hint
                    data-testid=format!("format-{}", format.id())
                    on:click=move |_| save(lab, state, format, shell.language.get_untracked())
                >
                    <IconMark icon=Icon::Download />
                    <span>{t!(i18n, files.save.format)}</span>
                </button>
            </li>
        }
    };
    view! {
        <h3>{t!(i18n, files.save.formats)}</h3>
        <p>{t!(i18n, files.save.formats_lead)}</p>
        <ul class="files__formats">{ModelFormat::ALL.map(line).collect_view()}</ul>
    }
}
