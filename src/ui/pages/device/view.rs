//! The page: a button, what it found, and what the numbers mean.

use super::scene::{EPOCH_IMAGES, Line, Time, Unit, lines, peak};
use super::state::DeviceState;
use crate::protocol::WorkerRequest;
use crate::ui::bridge::WorkerStatus;
use crate::ui::builds::BuildChoice;
use crate::ui::components::{Card, ProgressBar, fresh_id};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::offline::OfflineFacts;
use crate::ui::pages::training::Phase;
use crate::ui::training::words;
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The page.
#[component]
pub fn DevicePage() -> impl IntoView {
    let i18n = use_i18n();
    let state = laboratory().device;
    let peak = move || peak(shell().language.get(), &state.read());
    view! {
        <article class="page device">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.device)}</h1>
                <p class="lead for-site">{t!(i18n, device.lead)}</p>
            </header>
            <Card title=text!(i18n, device.measure.title)>
                <Measure />
            </Card>
            <Card title=text!(i18n, device.build.title)>
                <BuildChoice />
            </Card>
            <Card title=text!(i18n, device.offline.title)>
                <OfflineFacts />
            </Card>
            <Card title=text!(i18n, device.networks.title)>
                <Networks state />
                <p>
                    {move || match peak() {
                        Some(number) => t_string!(i18n, device.peak.known, number).to_string(),
                        None => t_string!(i18n, device.peak.unknown).to_string(),
                    }}
                </p>
            </Card>
        </article>
    }
}

/// The button and how far it is.
#[component]
fn Measure() -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let state = lab.device;
    let shell = shell();
    let phase = lab.training.phase();
    let is_measuring = Memo::new(move |_| state.read().is_measuring());
    let obstacle = Memo::new(move |_| {
        if matches!(*lab.bridge.status.read(), WorkerStatus::Dead { .. }) {
            return Some(t_string!(i18n, training.problem.worker).to_string());
        }
        // A run in progress would share the processor with the measurement.
        let is_training = matches!(phase.get(), Phase::Loading | Phase::Running);
        is_training.then(|| t_string!(i18n, device.measure.busy).to_string())
    });
    let reason = move || {
        obstacle
            .get()
            .or_else(|| is_measuring.get().then(|| t_string!(i18n, device.measure.going).to_string()))
    };
    let measure = move |_| {
        if obstacle.read_untracked().is_some() || is_measuring.get_untracked() {
            return;
        }
        // The answers come, and the last one is said, wherever the reader is by then.
        let hear = move |event| {
            let is_heard = state.try_update(|state| state.apply(event)) == Some(true);
            if is_heard && state.read_untracked().is_complete() {
                shell.announce(untrack(|| t_string!(i18n, device.measure.done).to_string()));
            }
        };
        let run = lab.bridge.ask(|run| WorkerRequest::Measure { run }, hear);
        state.update(|state| state.begin(run));
        shell.announce(untrack(|| t_string!(i18n, device.measure.begun).to_string()));
    };
    let share = Signal::derive(move || state.read().share());
    let progress = Signal::derive(move || {
        let percent = shell.language.get().percent(share.get().unwrap_or(0.0), 0);
        t_string!(i18n, device.measure.progress, percent).to_string()
    });
    let reason_id = fresh_id("measure-reason");
    view! {
        <p>{t!(i18n, device.measure.lead)}</p>
        <p class="buttons">
            <button
                class="button button--primary"
                type="button"
                aria-disabled=move || (obstacle.read().is_some() || is_measuring.get()).to_string()
                aria-describedby=reason_id.clone()
                on:click=measure
            >
                {t!(i18n, device.measure.start)}
            </button>
        </p>
        // While it measures the bar says so to the eye; the button says it to the ear.
        <p id=reason_id hidden=move || obstacle.read().is_none()>{reason}</p>
        <Show when=move || is_measuring.get()>
            <ProgressBar label=text!(i18n, device.measure.title) share text=progress />
        </Show>
        {move || {
            let words = ErrorText { i18n, language: shell.language.get() };
            state.read().error.as_ref().map(|error| view! { <p role="alert">{words.worker(error)}</p> })
        }}
    }
}

/// What was found of each network. On a narrow screen the style makes a card of each row, and what
/// the style takes from a table the roles give back.
#[component]
fn Networks(state: RwSignal<DeviceState>) -> impl IntoView {
    let i18n = use_i18n();
    let headings = Memo::new(move |_| headings(i18n));
    let heads = move || {
        let head = |name: String| view! { <th scope="col" role="columnheader">{name}</th> };
        headings.get().into_iter().map(head).collect_view()
    };
    let rows = move || {
        let known = lines(shell().language.get(), &state.read());
        known.into_iter().map(|line| row(i18n, line, &headings.read())).collect_view()
    };
    view! {
        <div
            class="table-scroll"
            tabindex="0"
            role="region"
            aria-label=move || t_string!(i18n, device.networks.caption)
        >
            <table class="table networks" role="table">
                <caption>{t!(i18n, device.networks.caption)}</caption>
                <thead role="rowgroup">
                    <tr role="row">{heads}</tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

fn headings(i18n: I18nContext<Locale>) -> [String; 5] {
    let n = shell().language.get().count(EPOCH_IMAGES);
    [
        t_string!(i18n, device.networks.network).to_string(),
        t_string!(i18n, device.networks.images).to_string(),
        t_string!(i18n, device.networks.epoch, n).to_string(),
        t_string!(i18n, device.networks.of_peak).to_string(),
        t_string!(i18n, device.networks.prediction).to_string(),
    ]
}

fn row(i18n: I18nContext<Locale>, line: Line, headings: &[String; 5]) -> impl IntoView + use<> {
    let Line { preset, images, epoch, of_peak, prediction } = line;
    let name = words(i18n).preset(preset);
    let duration = |time: Time| duration(i18n, time);
    let values = [images, epoch.map(duration), of_peak, prediction.map(duration)];
    let cell = |(value, heading): (Option<String>, &String)| {
        let value = value.unwrap_or_else(|| "–".to_owned());
        view! { <td role="cell" data-heading=heading.clone()>{value}</td> }
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            {values.into_iter().zip(&headings[1..]).map(cell).collect_view()}
        </tr>
    }
}

fn duration(i18n: I18nContext<Locale>, time: Time) -> String {
    let number = time.number;
    match time.unit {
        Unit::Milliseconds => t_string!(i18n, device.time.milliseconds, number).to_string(),
        Unit::Seconds => t_string!(i18n, device.time.seconds, number).to_string(),
        Unit::Minutes => t_string!(i18n, device.time.minutes, number).to_string(),
    }
}
