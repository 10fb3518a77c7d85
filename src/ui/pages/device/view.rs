//! The page: a button, what it found, and what the numbers mean.

use super::scene::{Line, Time, Unit, lines, peak};
use super::state::DeviceState;
use crate::engine::presets::Preset;
use crate::protocol::WorkerRequest;
use crate::ui::components::{Card, ProgressBar};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::Phase;
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The page.
#[component]
pub fn DevicePage() -> impl IntoView {
    let i18n = use_i18n();
    let state = RwSignal::new(DeviceState::default());
    let peak = move || peak(shell().language.get(), &state.read());
    view! {
        <article class="page device">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.device)}</h1>
                <p class="lead">{t!(i18n, device.lead)}</p>
            </header>
            <Card title=text!(i18n, device.measure.title)>
                <Measure state />
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
fn Measure(state: RwSignal<DeviceState>) -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let phase = lab.training.phase();
    // A run in progress would share the processor with the measurement.
    let is_training = Memo::new(move |_| matches!(phase.get(), Phase::Loading | Phase::Running));
    let is_measuring = Memo::new(move |_| state.read().is_measuring());
    let measure = move |_| {
        if is_training.get_untracked() || is_measuring.get_untracked() {
            return;
        }
        // The answer may come to a page that the reader has left.
        let hear = move |event| _ = state.try_update(|state| state.apply(event));
        let run = lab.bridge.ask(|run| WorkerRequest::Measure { run }, hear);
        state.update(|state| state.begin(run));
    };
    let share = Signal::derive(move || state.read().share());
    let progress = Signal::derive(move || {
        let percent = shell().language.get().percent(share.get().unwrap_or(0.0), 0);
        t_string!(i18n, device.measure.progress, percent).to_string()
    });
    view! {
        <p>{t!(i18n, device.measure.lead)}</p>
        <p class="buttons">
            <button
                class="button button--primary"
                type="button"
                aria-disabled=move || (is_training.get() || is_measuring.get()).to_string()
                on:click=measure
            >
                {t!(i18n, device.measure.start)}
            </button>
        </p>
        <Show when=move || is_training.get()>
            <p>{t!(i18n, device.measure.busy)}</p>
        </Show>
        <Show when=move || is_measuring.get()>
            <ProgressBar label=text!(i18n, device.measure.title) share text=progress />
        </Show>
        {move || {
            let words = ErrorText { i18n, language: shell().language.get() };
            state.read().error.as_ref().map(|error| view! { <p role="alert">{words.worker(error)}</p> })
        }}
    }
}

#[component]
fn Networks(state: RwSignal<DeviceState>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        let known = lines(shell().language.get(), &state.read());
        known.into_iter().map(|line| row(i18n, line)).collect_view()
    };
    view! {
        <div class="device__table">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, device.networks.network)}</th>
                        <th scope="col">{t!(i18n, device.networks.images)}</th>
                        <th scope="col">{t!(i18n, device.networks.epoch)}</th>
                        <th scope="col">{t!(i18n, device.networks.of_peak)}</th>
                        <th scope="col">{t!(i18n, device.networks.prediction)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(i18n: I18nContext<Locale>, line: Line) -> impl IntoView {
    let Line { preset, images, epoch, of_peak, prediction } = line;
    let name = match preset {
        Preset::Mlp => t_string!(i18n, training.preset.mlp).to_string(),
        Preset::Lenet5 => t_string!(i18n, training.preset.lenet5).to_string(),
        Preset::KerasCnn => t_string!(i18n, training.preset.keras_cnn).to_string(),
    };
    let dash = || "–".to_owned();
    let duration = move |time: Option<Time>| time.map_or_else(dash, |time| duration(i18n, time));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td>{images.unwrap_or_else(dash)}</td>
            <td>{duration(epoch)}</td>
            <td>{of_peak.unwrap_or_else(dash)}</td>
            <td>{duration(prediction)}</td>
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
