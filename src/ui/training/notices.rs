//! What every page says of the worker and of the run.

use leptos::prelude::*;

use super::progress::RunElsewhere;
use super::words::words;
use crate::ui::bridge::WorkerStatus;
use crate::ui::components::{Icon, IconMark};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::is_notable;
use crate::ui::runs::KeepingNotice;

/// An alert with a way out while the worker is dead, and the voice of the run. One line in the shell.
#[component]
pub fn WorkerAlert() -> impl IntoView {
    let i18n = use_i18n();
    let bridge = laboratory().bridge;
    let shell = shell();
    let message = Memo::new(move |_| match &*bridge.status.read() {
        WorkerStatus::Dead { message } => Some(message.clone()),
        WorkerStatus::Starting | WorkerStatus::Ready { .. } => None,
    });
    let restart = move |_| {
        bridge.restart();
        shell.announce(t_string!(i18n, training.worker.restarted).to_string());
    };
    let details = move || {
        let message = message.get().unwrap_or_default();
        if message.is_empty() { t_string!(i18n, training.worker.silent).to_string() } else { message }
    };
    view! {
        <RunVoice />
        <RunElsewhere />
        <KeepingNotice />
        <Show when=move || message.read().is_some()>
            <div class="notice notice--bad" role="alert">
                <p class="notice__title">{t!(i18n, training.worker.title)}</p>
                <p>{t!(i18n, training.worker.text)}</p>
                <p>
                    <button type="button" class="button button--primary" on:click=restart>
                        <IconMark icon=Icon::Restart />
                        {t!(i18n, training.worker.restart)}
                    </button>
                </p>
                <details>
                    <summary>{t!(i18n, training.worker.details)}</summary>
                    <pre class="notice__details" lang="en">{details}</pre>
                </details>
            </div>
        </Show>
    }
}

/// Says epoch ends and what callbacks did through the page's live region, on whatever page one is.
#[component]
pub fn RunVoice() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let shell = shell();
    Effect::new(move |said: Option<(Option<_>, Option<u32>)>| {
        let words = words(i18n);
        let (before_run, before) = said.unwrap_or_default();
        let (now_run, last, sentences) = run.read(|state| {
            let same_run = state.run() == before_run;
            let log = &state.history().log;
            let first = state.first_new_line();
            let is_new = |id: u32| id >= first && (!same_run || before.is_none_or(|before| id > before));
            let fresh = log.iter().filter(|line| is_new(line.id) && is_notable(&line.event));
            let steps = state.plan().steps_per_epoch;
            let job = state.job();
            let say = |line: &crate::ui::pages::training::LogLine| Some(words.line(line, job?, steps));
            (state.run(), log.last().map(|line| line.id), fresh.filter_map(say).collect::<Vec<_>>())
        });
        if !sentences.is_empty() {
            shell.announce(sentences.join(" "));
        }
        (now_run, last)
    });
}
