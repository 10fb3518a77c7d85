//! One chosen run: its name, and everything that can be done with it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::file_actions::KeptFiles;
use super::made_view::RunFiles;
use super::offer::GoOn;
use super::opened::{Opened, OpenedNote, open_model};
use super::words::run_words;
use super::{KeptRun, RateNote, RunWords, SUFFIX, Standing, WholeRun, csv, to_bytes};
use crate::formats::{OptimizerState, SavedModel};
use crate::protocol::{Build, Progress};
use crate::ui::browser::{ObjectUrl, base_address, copy_text, download, plain_name};
use crate::ui::components::{Field, Icon, IconMark, fresh_id};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::runs::{Ask, RunsState};
use crate::ui::pages::training::{from_query, to_query};
use crate::ui::routes::{Location, Route};
use crate::ui::training::words;

/// What was done last, or why it was not.
#[derive(Clone, PartialEq)]
enum Told {
    Copied,
    Failed(String),
}

/// Where a link to the run's settings leads; `None` if an address cannot hold them all.
fn link(run: &KeptRun) -> Option<String> {
    let query = to_query(&run.job);
    let (back, bad) = from_query(&query);
    (back == run.job && bad.is_empty())
        .then(|| format!("{}{}", base_address(), Location { route: Some(Route::Training), query }.to_hash()))
}

/// A file's name from a run's.
fn file_name(words: RunWords, run: &KeptRun, suffix: &str) -> String {
    format!("{}{suffix}", plain_name(&words.name(run)))
}

/// The part of the page for one run.
#[component]
pub fn RunDetails(run: Arc<KeptRun>, state: RwSignal<RunsState>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let run = StoredValue::new(run);
    let standing = move || run.with_value(|run| keeper.standing(run));
    let id = fresh_id("run-name");
    let rename = move |event: leptos::ev::Event| {
        let name = event_target_value(&event).trim().to_owned();
        run.with_value(|run| keeper.rename(&run.id, name));
    };
    let unnamed = move || run.with_value(|run| run_words(i18n).name(run));
    let device = move || {
        run.with_value(|run| {
            let (agent, cores) = (run.device.agent.clone(), run.device.cores);
            if run.device.build == Build::Fast {
                t_string!(i18n, runs.details.device_fast, agent, cores).to_string()
            } else {
                t_string!(i18n, runs.details.device, agent, cores).to_string()
            }
        })
    };
    let seed = move || {
        let seed = run.with_value(|run| run.job.seed.to_string());
        t_string!(i18n, runs.details.seed, seed).to_string()
    };
    let remove = move |_| {
        let ids = vec![run.with_value(|run| run.id.clone())];
        state.update(|state| state.asking = Some(Ask::Remove(ids)));
    };
    let is_free = move || !matches!(standing(), Standing::Here | Standing::Elsewhere);
    let next = run.with_value(|run| run.next_epoch()).filter(|_| is_free());
    view! {
        <div class="runs__details" data-testid="details">
            <Field label=Signal::derive(move || t_string!(i18n, runs.details.name).to_string()) id=id.clone()>
                <input
                    class="input"
                    id=id
                    type="text"
                    maxlength="80"
                    autocomplete="off"
                    placeholder=unnamed
                    prop:value=run.with_value(|run| run.name.clone())
                    on:change=rename
                />
            </Field>
            <p class="note">{device}</p>
            <p class="note">{seed}</p>
            {next.map(|next| {
                let told = run.get_value();
                view! {
                    <p>{move || run_words(i18n).offer(&told, next, standing())}</p>
                    <p class="buttons"><GoOn run=run.get_value() next /></p>
                }
            })}
            <BeganFrom run />
            <Rates run />
            <Weights run />
            <KeptFiles run />
            <RunFiles run />
            <Links run />
            <p class="buttons">
                <button type="button" class="button" disabled=move || !is_free() on:click=remove>
                    {t!(i18n, runs.remove.one)}
                </button>
            </p>
        </div>
    }
}

/// Makes kept weights the current model.
#[component]
fn Weights(run: StoredValue<Arc<KeptRun>>) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let phase = lab.training.phase();
    let opened = RwSignal::new(None::<Opened>);
    let open = move |is_best: bool| {
        let id = run.with_value(|run| run.id.clone());
        opened.set(None);
        spawn_local(async move {
            let whole = lab.keeper.export(&id).await;
            open_model(lab, i18n, whole.and_then(|whole| model_of(whole, is_best)), opened);
        });
    };
    let is_busy = move || phase.get().is_active();
    let button = move |is_best: bool, epoch: usize| {
        let name = move || {
            if is_best {
                t_string!(i18n, runs.open.best, epoch).to_string()
            } else {
                t_string!(i18n, runs.open.last, epoch).to_string()
            }
        };
        view! {
            <button type="button" class="button" disabled=is_busy on:click=move |_| open(is_best)>{name}</button>
        }
    };
    let best = run.with_value(|run| run.best);
    let last = run.with_value(|run| run.last.as_ref().map(|last| last.epochs));
    view! {
        <p class="buttons">
            {best.map(|epoch| button(true, epoch + 1))} {last.map(|epochs| button(false, epochs))}
        </p>
        <Show when=move || best.is_none() && last.is_none()>
            <p class="note">{t!(i18n, runs.open.none)}</p>
        </Show>
        <p class="field__hint" hidden=move || !is_busy()>{t!(i18n, runs.open.busy)}</p>
        <OpenedNote opened />
    }
}

/// That it began with weights from a file, which the link does not hold.
#[component]
fn BeganFrom(run: StoredValue<Arc<KeptRun>>) -> impl IntoView {
    let i18n = use_i18n();
    let name = run.with_value(|run| run.began_from.clone());
    let text = move |name: String| view! { <p class="remark">{t!(i18n, runs.began_from.text, name)}</p> };
    name.map(text)
}

/// Where the reader changed the learning rate, and that the link alone does not make this run again.
#[component]
fn Rates(run: StoredValue<Arc<KeptRun>>) -> impl IntoView {
    let i18n = use_i18n();
    let lines = move || {
        let line = |note: &RateNote| {
            let words = words(i18n);
            let event = note.event();
            // Batches of an epoch are not known here; a rate that was set after the last one says its number.
            run.with_value(|run| words.event(&event, &run.job, 0))
        };
        let notes = run.with_value(|run| run.rates.clone());
        notes.iter().map(|note| view! { <li>{line(note)}</li> }).collect_view()
    };
    let is_changed = run.with_value(|run| !run.rates.is_empty());
    view! {
        <Show when=move || is_changed>
            <div class="remark" data-testid="rates">
                <p>{t!(i18n, runs.rates.text)}</p>
                <details>
                    <summary>{t!(i18n, runs.rates.title)}</summary>
                    <ol>{lines}</ol>
                </details>
            </div>
        </Show>
    }
}

/// The model of kept weights; those of the last epoch come with the optimizer's variables.
fn model_of(whole: WholeRun, is_best: bool) -> Option<SavedModel> {
    let WholeRun { run, last, best } = whole;
    let model = run.job.model.clone();
    if is_best {
        let (params, epochs) = (best?, Some(run.best? + 1));
        return Some(SavedModel { model, params, job: Some(run.job), epochs, optimizer: None });
    }
    let snapshot = run.last.as_ref()?.snapshot(run.job.clone(), last)?;
    let state = |progress: Progress| OptimizerState {
        steps: progress.steps,
        learning_rate: progress.learning_rate,
        slots: progress.slots,
    };
    let (params, epochs) = (snapshot.params, Some(snapshot.epochs));
    let optimizer = snapshot.progress.map(state);
    Some(SavedModel { model, params, job: Some(run.job), epochs, optimizer })
}

/// The link, the file, the table of values.
#[component]
fn Links(run: StoredValue<Arc<KeptRun>>) -> impl IntoView {
    let i18n = use_i18n();
    let (keeper, shell) = (laboratory().keeper, shell());
    let told = RwSignal::new(None::<Told>);
    let address = run.with_value(|run| link(run));
    let has_link = address.is_some();
    let (is_enough, has_file) = run.with_value(|run| (run.is_made_by_its_link(), run.began_from.is_some()));
    let address = StoredValue::new(address);
    let copied_text = move || {
        if is_enough {
            t_string!(i18n, runs.link.copied).to_string()
        } else if has_file {
            t_string!(i18n, runs.began_from.copied).to_string()
        } else {
            t_string!(i18n, runs.link.copied_changed).to_string()
        }
    };
    let copied = Callback::new(move |()| {
        told.try_set(Some(Told::Copied));
        shell.announce(untrack(copied_text));
    });
    let copy = move |_| address.with_value(|address| address.iter().for_each(|it| copy_text(it, copied)));
    let fail = move || {
        let text = untrack(|| t_string!(i18n, runs.file.failed).to_string());
        told.try_set(Some(Told::Failed(text)));
    };
    // It may have another name by now, or more epochs.
    let now = move || {
        let run = run.get_value();
        untrack(|| keeper.run(&run.id)).unwrap_or(run)
    };
    let export = move |_| {
        let now = now();
        let (id, name) = (now.id.clone(), file_name(run_words(i18n), &now, SUFFIX));
        told.set(None);
        spawn_local(async move {
            let bytes = keeper.export(&id).await.and_then(|whole| to_bytes(&whole).ok());
            match bytes.and_then(|bytes| ObjectUrl::new(&bytes, "application/octet-stream")) {
                Some(url) => download(&url, &name),
                None => fail(),
            }
        });
    };
    let table = move |_| {
        let now = now();
        let (text, name) = (csv(&now), file_name(run_words(i18n), &now, ".csv"));
        match ObjectUrl::new(text.as_bytes(), "text/csv") {
            Some(url) => download(&url, &name),
            None => fail(),
        }
    };
    view! {
        <p class="buttons">
            <button type="button" class="button" disabled=!has_link on:click=copy>{t!(i18n, runs.link.copy)}</button>
            <button type="button" class="button" data-testid="export" on:click=export>
                <IconMark icon=Icon::Download />
                {t!(i18n, runs.file.export)}
            </button>
            <button type="button" class="button" on:click=table>
                <IconMark icon=Icon::Download />
                {t!(i18n, runs.file.csv)}
            </button>
        </p>
        <p class="field__hint">
            {move || match (has_link, is_enough) {
                (_, false) if has_file => t_string!(i18n, runs.began_from.link),
                (true, true) => t_string!(i18n, runs.link.help),
                (true, false) => t_string!(i18n, runs.link.rate_changed),
                (false, true) => t_string!(i18n, runs.link.too_long),
                (false, false) => t_string!(i18n, runs.link.too_long_and_changed),
            }}
        </p>
        {move || match told.get()? {
            Told::Copied => Some(view! { <p class="note">{copied_text}</p> }.into_any()),
            Told::Failed(text) => Some(view! { <p class="field__error" role="alert">{text}</p> }.into_any()),
        }}
    }
}
