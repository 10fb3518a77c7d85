//! How far an evaluation is, or why it failed.

use crate::ui::components::ProgressBar;
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::locale::Language;
use crate::ui::pages::evaluation::Work;
use crate::ui::translations::text;
use leptos::prelude::*;

/// Of a comparison with a second model, or of the current model alone.
#[component]
pub fn Progress(of_comparison: bool) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let lab = laboratory();
    let is_own = Memo::new(move |_| lab.evaluation.read().is_comparison == of_comparison);
    let work = Memo::new(move |_| lab.evaluation.read().work.clone());
    let error = Memo::new(move |_| lab.evaluation.read().error.clone().filter(|_| is_own.get()));
    let share = Signal::derive(move || match &*work.read() {
        Work::Loading(Some(progress)) if progress.total_bytes > 0 => {
            Some(progress.received_bytes as f64 / progress.total_bytes as f64)
        }
        Work::Evaluating { done, total } => Some(*done as f64 / (*total).max(1) as f64),
        _ => None,
    });
    let words = Signal::derive(move || {
        let language = language.get();
        match &*work.read() {
            Work::Idle => String::new(),
            Work::Loading(None) => t_string!(i18n, evaluation.test.loading).to_string(),
            Work::Loading(Some(progress)) => {
                let (received, total) =
                    (megabytes(language, progress.received_bytes), megabytes(language, progress.total_bytes));
                t_string!(i18n, evaluation.test.loading_bytes, received, total).to_string()
            }
            Work::Retrying { error, attempt } => {
                let error = ErrorText { i18n, language }.data(error);
                t_string!(i18n, evaluation.test.retrying, error, attempt).to_string()
            }
            Work::Evaluating { .. } => {
                let percent = language.percent(share.get().unwrap_or(0.0), 0);
                t_string!(i18n, evaluation.test.evaluating, percent).to_string()
            }
        }
    });
    view! {
        <Show when=move || is_own.get() && *work.read() != Work::Idle>
            <ProgressBar label=text!(i18n, evaluation.test.progress) share text=words />
        </Show>
        {move || {
            let words = ErrorText { i18n, language: language.get() };
            error.get().map(|error| view! { <p class="field__error" role="alert">{words.worker(&error)}</p> })
        }}
    }
}

fn megabytes(language: Language, bytes: u64) -> String {
    language.decimal(bytes as f64 / 1e6, 1)
}
