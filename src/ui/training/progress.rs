//! How far the images and the run are.

use leptos::prelude::*;

use super::form::Form;
use super::run::TrainingRun;
use super::words::{Words, words};
use crate::ui::components::{Icon, IconMark, ProgressBar};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, TrainingState};
use crate::ui::routes::Route;
use crate::ui::translations::text;

/// Bytes in a megabyte, as disks and networks count them.
const MEGABYTE: f64 = 1e6;

/// The way of the images: bytes, percent, where from, retries, and errors with another try.
#[component]
pub fn LoadingProgress(form: Form) -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let phase = run.phase();
    let load = Memo::new(move |_| run.read(TrainingState::load));
    let share = Signal::derive(move || {
        let load = load.get();
        (load.total_bytes > 0).then(|| load.received_bytes as f64 / load.total_bytes as f64)
    });
    let bytes = Signal::derive(move || {
        let (load, language) = (load.get(), words(i18n).language);
        let Some(share) = share.get() else { return t_string!(i18n, training.load.asking).to_string() };
        let megabytes = |bytes: u64| language.decimal(bytes as f64 / MEGABYTE, 1);
        let (received, total) = (megabytes(load.received_bytes), megabytes(load.total_bytes));
        let percent = language.percent(share, 0);
        let amount = t_string!(i18n, training.load.bytes, received, total, percent).to_string();
        let from = if load.cached_bytes == 0 {
            t_string!(i18n, training.load.network).to_string()
        } else if load.cached_bytes == load.received_bytes {
            t_string!(i18n, training.load.cached).to_string()
        } else {
            let cached = megabytes(load.cached_bytes);
            t_string!(i18n, training.load.part_cached, cached).to_string()
        };
        format!("{amount}, {from}")
    });
    let errors = move || ErrorText { i18n, language: words(i18n).language };
    let retry = Memo::new(move |_| run.read(|state| state.retry().cloned()));
    let retry = move || {
        let retry = retry.get()?;
        let seconds = words(i18n).language.short(f64::from(retry.wait_ms) / 1000.0, 1);
        let error = errors().data(&retry.error);
        Some(t_string!(i18n, training.load.retry, attempt = retry.attempt, seconds, error).to_string())
    };
    let error = Memo::new(move |_| run.read(|state| state.error().cloned()));
    let failure = move || {
        error.get().map(|error| {
            view! {
                <div class="notice notice--bad" role="alert">
                    <p class="notice__title">{t!(i18n, training.failed.title)}</p>
                    <p>{move || errors().worker(&error)}</p>
                    <p>
                        <button type="button" class="button" on:click=move |_| run.start(form.job.get_untracked())>
                            <IconMark icon=Icon::Restart />
                            {t!(i18n, training.failed.again)}
                        </button>
                    </p>
                </div>
            }
        })
    };
    view! {
        <Show when=move || phase.get() == Phase::Loading>
            <ProgressBar label=text!(i18n, training.load.label) share=share text=bytes />
            <p class="note" role="status">{retry}</p>
        </Show>
        {failure}
    }
}

/// Epoch, batch, time left and speed.
#[component]
pub fn RunProgress() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let phase = run.phase();
    let share = Signal::derive(move || {
        if run.read(|state| state.outcome().is_some()) {
            Some(1.0)
        } else {
            run.read(TrainingState::share_done)
        }
    });
    let text = Signal::derive(move || progress_text(run, words(i18n), phase.get()));
    view! {
        <Show when=move || matches!(phase.get(), Phase::Running | Phase::Paused)>
            <ProgressBar label=text!(i18n, training.progress.label) share=share text=text />
        </Show>
        <Show when=move || phase.get() == Phase::Idle>
            <p class="note">{t!(i18n, training.progress.waiting)}</p>
        </Show>
    }
}

fn progress_text(run: TrainingRun, words: Words, phase: Phase) -> String {
    let i18n = words.i18n;
    let count = |value| words.language.count(value);
    let (plan, position, left, speed) =
        run.read(|state| (state.plan(), state.position(), state.left_ms(), state.images_per_second()));
    if plan.epochs == 0 {
        return t_string!(i18n, training.progress.starting).to_string();
    }
    let (epoch, epochs) = (count((position.epoch + 1).min(plan.epochs)), count(plan.epochs));
    let mut parts = vec![t_string!(i18n, training.progress.epoch, epoch, epochs).to_string()];
    if position.validated.is_some() {
        parts.push(t_string!(i18n, training.progress.validating).to_string());
    } else {
        let (batch, batches) = (count(position.batches), count(plan.steps_per_epoch));
        parts.push(t_string!(i18n, training.progress.batch, batch, batches).to_string());
    }
    if phase == Phase::Paused {
        parts.push(t_string!(i18n, training.progress.paused).to_string());
    } else if let Some(left) = left {
        let time = words.duration(left);
        parts.push(t_string!(i18n, training.progress.left, time).to_string());
    }
    if let Some(speed) = speed {
        let number = speed.round() as usize;
        parts.push(t_string!(i18n, training.progress.speed, count = number, n = count(number)).to_string());
    }
    parts.join(" · ")
}

/// The way to the training page from every other one while a run goes on.
#[component]
pub fn RunElsewhere() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let phase = run.phase();
    let epoch = Memo::new(move |_| run.read(|state| state.position().epoch + 1));
    let epochs = Memo::new(move |_| run.read(|state| state.plan().epochs));
    let route = crate::ui::context::shell().route();
    let is_shown = move || phase.get() == Phase::Running && route.get() != Some(Route::Training);
    view! {
        <Show when=is_shown>
            <p class="elsewhere">
                <a href=Route::Training.href()>{t!(i18n, training.elsewhere, epoch, epochs)}</a>
            </p>
        </Show>
    }
}
