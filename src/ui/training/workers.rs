//! How many workers compute: the reader's wish, and what came of it.

use leptos::prelude::*;

use super::run::MOST_WORKERS;
use super::words::{Words, words};
use crate::protocol::{Build, Crew, CrewLimit};
use crate::ui::bridge::WorkerStatus;
use crate::ui::components::Select;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, TrainingState};
use crate::ui::translations::text;

/// What stands for "as many as pay".
const AUTO: &str = "auto";
/// So many can be chosen even where there are fewer cores, to see that the result is the same.
const LEAST_CHOICES: usize = 4;

/// The list, and who computes the run.
#[component]
pub fn Workers() -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let (run, bridge) = (lab.training, lab.bridge);
    let phase = run.phase();
    let cores = window().navigator().hardware_concurrency() as usize;
    let choices = Signal::derive(move || {
        let auto = (AUTO.to_owned(), t_string!(i18n, training.workers.auto).to_string());
        let number = |number: usize| (number.to_string(), words(i18n).language.count(number));
        let numbers = (1..=cores.clamp(LEAST_CHOICES, MOST_WORKERS)).map(number);
        std::iter::once(auto).chain(numbers).collect::<Vec<_>>()
    });
    let chosen =
        Signal::derive(move || run.workers.get().map_or(AUTO.to_owned(), |workers| workers.to_string()));
    let crew = Memo::new(move |_| run.read(TrainingState::crew));
    let facts = move || {
        let is_shown = matches!(phase.get(), Phase::Running | Phase::Paused);
        let is_fast = *bridge.status.read() == WorkerStatus::Ready { build: Build::Fast };
        crew.get().filter(|_| is_shown).map(|crew| crew_text(crew, is_fast, words(i18n)))
    };
    view! {
        <div class="workers">
            <Select
                label=text!(i18n, training.workers.label)
                choices=choices
                value=chosen
                disabled=Signal::derive(move || phase.get().is_active())
                on_change=move |chosen: String| run.choose_workers(chosen.parse().ok())
                hint=text!(i18n, training.workers.help)
            />
            <p class="note" role="status" data-testid="crew">{facts}</p>
        </div>
    }
}

/// How many compute, why not more, and with which program if it is not the usual one.
fn crew_text(crew: Crew, is_fast: bool, words: Words) -> String {
    let i18n = words.i18n;
    let count = |value| words.language.count(value);
    let workers = crew.workers.min(crew.expected);
    let mut sentences =
        vec![t_string!(i18n, training.workers.computing, count = workers, n = count(workers)).to_string()];
    if workers < crew.expected {
        let missing = crew.expected - workers;
        sentences.push(
            t_string!(i18n, training.workers.starting, count = missing, n = count(missing)).to_string(),
        );
    }
    let choice = crew.expected + crew.lost + 1;
    let limit = crew.limit.filter(|limit| *limit != CrewLimit::Cores || choice <= MOST_WORKERS);
    sentences.extend(limit.map(|limit| match limit {
        CrewLimit::SamplesTogether => t_string!(i18n, training.workers.limit.together).to_string(),
        CrewLimit::Batch => t_string!(i18n, training.workers.limit.batch).to_string(),
        CrewLimit::NoGain => t_string!(i18n, training.workers.limit.no_gain).to_string(),
        CrewLimit::Cores => t_string!(i18n, training.workers.limit.cores, n = count(choice)).to_string(),
        CrewLimit::Browser => t_string!(i18n, training.workers.limit.browser).to_string(),
    }));
    if crew.lost > 0 {
        let (lost, n) = (crew.lost, count(crew.lost));
        sentences.push(t_string!(i18n, training.workers.lost, count = lost, n).clone());
    }
    sentences.extend(is_fast.then(|| t_string!(i18n, training.workers.fast).to_string()));
    sentences.join(" ")
}
