//! Room, import, removal: what is done with all runs.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::table::TABLE_ID;
use super::words::run_words;
use super::{Imported, KeptRun, Standing, Storage, Trouble, from_bytes, to_remove};
use crate::ui::browser::{files_of, focus_id, read_file};
use crate::ui::components::{Icon, IconMark, fresh_id};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::locale::Language;
use crate::ui::pages::files::MAX_BYTES;
use crate::ui::pages::runs::{Ask, RunsState};

/// How much room there is, whether it is safe, and what could go.
#[component]
pub fn RoomFacts(state: RwSignal<RunsState>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let ours = move || {
        let bytes: usize = keeper.runs.read().iter().map(|run| run.bytes()).sum();
        let words = run_words(i18n);
        t_string!(i18n, runs.room.ours, size = words.bytes(bytes as f64)).to_string()
    };
    let used = move || keeper.room.get().map(|room| run_words(i18n).room(&room));
    let is_free = move |run: &KeptRun| !matches!(keeper.standing(run), Standing::Here | Standing::Elsewhere);
    let suggested = Memo::new(move |_| {
        let Some(Trouble::Full { needed, .. }) = keeper.trouble.get() else { return Vec::new() };
        to_remove(&keeper.runs.read(), |run| !is_free(run), needed)
    });
    let suggestion = move || {
        let ids = suggested.get();
        if ids.is_empty() {
            return None;
        }
        let words = run_words(i18n);
        let runs = keeper.runs.read();
        let names: Vec<String> =
            runs.iter().filter(|run| ids.contains(&run.id)).map(|run| words.name(run)).collect();
        let ask =
            move |_| state.update(|state| state.asking = Some(Ask::RemoveWeights(suggested.get_untracked())));
        Some(view! {
            <div class="remark" data-testid="suggestion">
                <p>{t_string!(i18n, runs.room.suggestion, names = names.join("; ")).to_string()}</p>
                <p>
                    <button type="button" class="button" on:click=ask>{t!(i18n, runs.room.remove_weights)}</button>
                </p>
            </div>
        })
    };
    let all = move || {
        let runs = keeper.runs.read();
        runs.iter().filter(|run| is_free(run)).map(|run| run.id.clone()).collect::<Vec<_>>()
    };
    let remove_all = move |_| {
        let ids = untrack(all);
        state.update(|state| state.asking = Some(Ask::Remove(ids)));
    };
    view! {
        <p>{ours} " " {used}</p>
        <RoomPromise />
        {suggestion}
        <p class="buttons">
            <Import state />
            <button type="button" class="button" disabled=move || all().is_empty() on:click=remove_all>
                {t!(i18n, runs.remove.all)}
            </button>
        </p>
    }
}

/// Whether the browser promises to keep everything, and the button that asks it to.
#[component]
pub fn RoomPromise() -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let was_asked = RwSignal::new(false);
    let is_persisted = move || keeper.room.get().is_some_and(|room| room.is_persisted);
    let persist = move |_| {
        keeper.persist();
        was_asked.set(true);
    };
    view! {
        <Show when=move || keeper.room.get().is_some()>
            <Show
                when=is_persisted
                fallback=move || {
                    view! {
                        <p>{t!(i18n, runs.room.fleeting)}</p>
                        <p class="buttons">
                            <button type="button" class="button" on:click=persist>{t!(i18n, runs.room.persist)}</button>
                        </p>
                        <p class="note" role="status" hidden=move || !was_asked.get()>
                            {t!(i18n, runs.room.declined)}
                        </p>
                    }
                }
            >
                <p>{t!(i18n, runs.room.lasting)}</p>
            </Show>
        </Show>
    }
}

/// Reads runs from files.
#[component]
fn Import(state: RwSignal<RunsState>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let id = fresh_id("run-file");
    let errors = RwSignal::new(Vec::<String>::new());
    let said = RwSignal::new(None::<String>);
    let shell = shell();
    let pick = move |event: leptos::ev::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let files = files_of(input.files());
        // So that the same file can be picked again.
        input.set_value("");
        errors.set(Vec::new());
        said.set(None);
        spawn_local(async move {
            let mut all: Vec<Imported> = Vec::new();
            let mut refused = Vec::new();
            for file in files {
                let bytes = if file.size() > MAX_BYTES { None } else { read_file(&file).await };
                let words = untrack(|| run_words(i18n));
                let read = match bytes {
                    Some(bytes) => from_bytes(&bytes).map_err(|error| untrack(|| words.file_error(&error))),
                    None => Err(untrack(|| t_string!(i18n, runs.file.unreadable).to_string())),
                };
                match read {
                    Ok(whole) => all.push(keeper.import(whole)),
                    Err(text) => refused.push(format!("{}: {text}", file.name())),
                }
            }
            if !all.is_empty() {
                let text = untrack(|| run_words(i18n).imported(&all));
                shell.announce(text.clone());
                // The page may have been left meanwhile.
                said.try_set(Some(text));
                state.try_update(|state| state.choose(all.iter().map(|run| run.id().to_owned())));
            }
            errors.try_set(refused);
        });
    };
    view! {
        <input class="visually-hidden" type="file" multiple id=id.clone() data-testid="import" on:change=pick />
        <label class="button" for=id>
            <IconMark icon=Icon::Upload />
            <span>{t!(i18n, runs.file.import)}</span>
        </label>
        <span class="note" data-testid="imported">{move || said.get()}</span>
        {move || {
            let one = |text| view! { <span class="field__error" role="alert">{text}</span> };
            errors.get().into_iter().map(one).collect_view()
        }}
    }
}

/// The question before a removal, and the way back after it.
#[component]
pub fn Removal(state: RwSignal<RunsState>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let asking = Memo::new(move |_| state.read().asking.clone());
    let count = |language: Language, number: usize| language.count(number);
    // Buttons that are pressed here vanish; the focus moves to where the reader goes on.
    let has_removed = StoredValue::new(false);
    let question = move || {
        let ask = asking.get()?;
        let (ids, is_weights) = match ask {
            Ask::Remove(ids) => (ids, false),
            Ask::RemoveWeights(ids) => (ids, true),
        };
        let (count_of, n) = (ids.len(), count(run_words(i18n).language, ids.len()));
        let text = if is_weights {
            t_string!(i18n, runs.remove.ask_weights, count = count_of, n).to_string()
        } else {
            t_string!(i18n, runs.remove.ask, count = count_of, n).to_string()
        };
        let yes = fresh_id("remove");
        focus_id(yes.clone());
        let close = move || state.update(|state| state.asking = None);
        let remove = move |_| {
            has_removed.set_value(true);
            keeper.remove(ids.clone(), is_weights);
            close();
        };
        let keep = move |_| {
            close();
            focus_id(TABLE_ID.to_owned());
        };
        Some(view! {
            <div class="notice" role="group" data-testid="ask" aria-label=t_string!(i18n, runs.remove.title)>
                <p class="notice__title">{text}</p>
                <p class="buttons">
                    <button type="button" class="button button--primary" id=yes on:click=remove>
                        {t!(i18n, runs.remove.yes)}
                    </button>
                    <button type="button" class="button" on:click=keep>{t!(i18n, runs.remove.no)}</button>
                </p>
            </div>
        })
    };
    let undo = move || {
        let removed = keeper.removed.read().as_ref().map(|removed| removed.runs.len())?;
        let n = count(run_words(i18n).language, removed);
        let text = t_string!(i18n, runs.remove.done, count = removed, n).to_string();
        let id = fresh_id("undo");
        if has_removed.get_value() {
            has_removed.set_value(false);
            focus_id(id.clone());
        }
        let undo = move |_| {
            keeper.undo();
            focus_id(TABLE_ID.to_owned());
        };
        Some(view! {
            <div class="notice" role="status" data-testid="undo">
                <p>{text}</p>
                <p>
                    <button type="button" class="button" id=id on:click=undo>
                        {t!(i18n, runs.remove.undo)}
                    </button>
                </p>
            </div>
        })
    };
    view! { {question} {undo} }
}

/// What is said where there is no run yet.
#[component]
pub fn NoRuns() -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    move || match keeper.storage.get() {
        Storage::Opening => view! { <p class="note">{t!(i18n, runs.opening)}</p> }.into_any(),
        Storage::Ready | Storage::Missing => view! { <p>{t!(i18n, runs.empty)}</p> }.into_any(),
    }
}

/// The chosen runs as they are now.
pub fn chosen(state: RwSignal<RunsState>) -> Memo<Vec<Arc<KeptRun>>> {
    let keeper = laboratory().keeper;
    Memo::new(move |_| {
        let runs = keeper.runs.read();
        state.read().chosen_of(&runs)
    })
}
