//! Two models side by side: which one is the second, and what the comparison came to.

use super::compared::Compared;
use super::progress::Progress;
use super::second::{Trouble, load};
use super::talk::evaluate;
use crate::ui::browser::{files_of, read_file};
use crate::ui::components::{Choice, Icon, IconMark, Select, fresh_id};
use crate::ui::context::shell;
use crate::ui::files::FileWords;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::evaluation::{Setup, Source, Work};
use crate::ui::pages::files::{LoadState, MAX_BYTES};
use crate::ui::runs::{KeptRun, RunKeeper, run_words};
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_i18n::I18nContext;
use std::sync::Arc;
use web_sys::HtmlInputElement;

/// Letters of a name in a list, at most.
const MOST_LETTERS: usize = 30;

/// The card's content.
#[component]
pub fn Compare(setup: Memo<Setup>) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let lab = laboratory();
    let (run, part) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let runs = Signal::derive(move || runs(i18n, lab.keeper));
    let run_value = kept(runs, run);
    let parts = Signal::derive(move || parts(i18n, lab.keeper, &run_value.read()));
    let part_value = kept(parts, part);
    let source = Memo::new(move |_| Source::from_value(&part_value.read()));
    let is_disk = Memo::new(move |_| *source.read() == Some(Source::Disk));
    let files = RwSignal::new(LoadState::default());
    let trouble = RwSignal::new(None::<Trouble>);
    let is_loading = RwSignal::new(false);
    let is_busy = Memo::new(move |_| is_loading.get() || lab.evaluation.read().work != Work::Idle);
    let announce = move || {
        let Some(result) = lab.evaluation.with_untracked(|state| state.result.clone()) else { return };
        let Some(comparison) = &result.comparison else { return };
        let language = shell.language.get_untracked();
        let [first, second] = [&result.confusion, &comparison.confusion]
            .map(|confusion| language.percent(confusion.accuracy().unwrap_or(0.0), 2));
        // Said once, in the language of the moment.
        shell.announce(untrack(|| {
            t_string!(i18n, evaluation.compare.announcement, first, second).to_string()
        }));
    };
    // A button that is disabled while it works would lose the keyboard's focus.
    let start = move |_| {
        let Some(source) = source.get_untracked() else { return };
        if is_busy.get_untracked() {
            return;
        }
        let (setup, files) = (setup.get_untracked(), files.get_untracked());
        let words = untrack(|| run_words(i18n));
        trouble.set(None);
        is_loading.set(true);
        spawn_local(async move {
            let loaded = load(lab, words, source, files).await;
            // The page may have been left meanwhile.
            if is_loading.try_set(false).is_some() {
                return;
            }
            match loaded {
                Ok(second) => evaluate(lab, setup, Some(second), announce),
                Err(error) => trouble.set(Some(error)),
            }
        });
    };
    view! {
        <div class="evaluation__screen evaluation__compare">
            <p>{t!(i18n, evaluation.compare.lead)}</p>
            <div class="fields">
                <Select
                    label=text!(i18n, evaluation.compare.second)
                    choices=runs
                    value=run_value
                    on_change=move |value| run.set(value)
                    disabled=is_busy
                />
                <Show when=move || !is_disk.get()>
                    <Select
                        label=text!(i18n, evaluation.compare.weights)
                        choices=parts
                        value=part_value
                        on_change=move |value| part.set(value)
                        disabled=is_busy
                    />
                </Show>
            </div>
            <Show when=move || is_disk.get()>
                <Disk files />
            </Show>
            <div class="buttons">
                <button
                    type="button"
                    class="button button--primary"
                    aria-disabled=move || is_busy.get().to_string()
                    data-testid="compare"
                    on:click=start
                >
                    <IconMark icon=Icon::Play />
                    <span>{t!(i18n, evaluation.compare.start)}</span>
                </button>
            </div>
            <Progress of_comparison=true />
            {move || {
                let words = FileWords { i18n, language: shell.language.get() };
                let text = match trouble.get()? {
                    Trouble::NoWeights => t_string!(i18n, runs.refusal.no_weights).to_string(),
                    Trouble::NoFile => t_string!(i18n, evaluation.compare.no_file).to_string(),
                    Trouble::Refused(refusal) => words.refusal(&refusal),
                };
                Some(view! { <p class="field__error" role="alert" data-testid="refused">{text}</p> })
            }}
        </div>
        <Compared />
    }
}

/// What is chosen as long as it can be, else the first choice: a run may be removed meanwhile.
fn kept(choices: Signal<Vec<Choice>>, chosen: RwSignal<String>) -> Memo<String> {
    Memo::new(move |_| {
        let (choices, chosen) = (choices.read(), chosen.read());
        let is_there = choices.iter().any(|(value, _)| *value == *chosen);
        let first = || choices.first().map(|(value, _)| value.clone()).unwrap_or_default();
        if is_there { String::clone(&chosen) } else { first() }
    })
}

/// Every kept run with weights, the newest first, and the disk.
fn runs(i18n: I18nContext<Locale>, keeper: RunKeeper) -> Vec<Choice> {
    let words = run_words(i18n);
    let has_weights = |run: &&Arc<KeptRun>| {
        run.best.is_some() || run.last.is_some() || run.files.iter().any(|note| note.has_weights)
    };
    let choice = |run: &Arc<KeptRun>| (run.id.clone(), shortened(&words.name(run)));
    let mut all: Vec<Choice> = keeper.runs.read().iter().filter(has_weights).map(choice).collect();
    all.push((Source::Disk.value(), t_string!(i18n, evaluation.compare.disk).to_string()));
    all
}

/// The weights that are kept of a run; of the disk itself.
fn parts(i18n: I18nContext<Locale>, keeper: RunKeeper, id: &str) -> Vec<Choice> {
    let Some(run) = keeper.run(id) else { return vec![(Source::Disk.value(), String::new())] };
    let id = || run.id.clone();
    let best = run.best.map(|best| {
        let epoch = best + 1;
        (Source::Best(id()).value(), t_string!(i18n, evaluation.compare.best, epoch).to_string())
    });
    let last = run.last.as_ref().map(|last| {
        let epoch = last.epochs;
        (Source::Last(id()).value(), t_string!(i18n, evaluation.compare.last, epoch).to_string())
    });
    let files = run.files.iter().filter(|note| note.has_weights);
    let files = files.map(|note| (Source::File(id(), note.path.clone()).value(), shortened(&note.path)));
    best.into_iter().chain(last).chain(files).collect()
}

/// A name that a list has room for on a phone.
fn shortened(name: &str) -> String {
    if name.chars().count() <= MOST_LETTERS {
        return name.to_owned();
    }
    name.chars().take(MOST_LETTERS - 1).chain(['…']).collect()
}

/// Picks files from the reader's disk.
#[component]
fn Disk(files: RwSignal<LoadState>) -> impl IntoView {
    let i18n = use_i18n();
    let id = fresh_id("second");
    let pick = move |event: leptos::ev::Event| {
        let input = event_target::<HtmlInputElement>(&event);
        let picked = files_of(input.files());
        // So that the same file can be picked again after it was mended.
        input.set_value("");
        files.update(LoadState::begin_picking);
        spawn_local(async move {
            for file in picked {
                let name = file.name();
                let bytes = if file.size() > MAX_BYTES { None } else { read_file(&file).await };
                // The page may have been left meanwhile.
                files.try_update(|files| match bytes {
                    Some(bytes) => files.pick(name, bytes),
                    None => files.giants.push(name),
                });
            }
        });
    };
    let there = move || {
        let files = files.read();
        let weights = files.weights.as_ref().map(|(_, picked)| picked);
        let names = [weights, files.model.as_ref()].into_iter().flatten();
        names.map(|picked| picked.name.clone()).collect::<Vec<_>>().join(", ")
    };
    let strangers = Memo::new(move |_| files.read().strangers.join(", "));
    let giants = Memo::new(move |_| files.read().giants.join(", "));
    view! {
        <div class="evaluation__disk">
            <input class="visually-hidden" type="file" multiple id=id.clone() data-testid="second-files" on:change=pick />
            <label class="button" for=id>
                <IconMark icon=Icon::Upload />
                <span>{t!(i18n, evaluation.compare.pick)}</span>
            </label>
            <span role="status">{there}</span>
        </div>
        <p class="field__hint">{t!(i18n, evaluation.compare.disk_hint)}</p>
        <Show when=move || !strangers.read().is_empty()>
            <p class="field__error" role="alert">{t!(i18n, files.load.strangers, names = move || strangers.get())}</p>
        </Show>
        <Show when=move || !giants.read().is_empty()>
            <p class="field__error" role="alert">{t!(i18n, files.load.giants, names = move || giants.get())}</p>
        </Show>
    }
}
