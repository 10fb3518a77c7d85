//! How the run ended and where to go from here.

use leptos::prelude::*;

use super::words::words;
use crate::engine::event::Monitor;
use crate::ui::browser;
use crate::ui::components::Card;
use crate::ui::context::shell;
use crate::ui::embed::Frame;
use crate::ui::files::FileOffer;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, TrainingState};
use crate::ui::routes::Route;
use crate::ui::runs::ContinueOffer;
use crate::ui::translations::text;

/// The card; it is there once a run has ended.
#[component]
pub fn ResultCard() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let phase = run.phase();
    let accuracy = move || run.read(|state| accuracy(state, i18n));
    let epoch = move || {
        let epoch = run.read(|state| state.kept_epoch().map(|(epoch, _)| epoch + 1));
        epoch.map(|epoch| t_string!(i18n, training.result.epoch, epoch).to_string())
    };
    let why = move || {
        let words = words(i18n);
        run.read(|state| match (state.outcome(), state.job()) {
            (Some(outcome), Some(job)) => words.end(&outcome.reason, outcome.epochs, job),
            _ => t_string!(i18n, training.result.before).to_string(),
        })
    };
    let has_model = Memo::new(move |_| run.read(|state| state.outcome().is_some()));
    // A run of other settings is none of the task that a teacher has set.
    let is_free = !shell().with_frame(Frame::holds).unwrap_or(false);
    let has_none = move || run.read(|state| state.kept_epoch().is_none());
    // The frame after a run's end draws its last values, and the next one unlocks the form; the card, which moves all that is
    // below it, has one of its own. Together they held the page for 70 ms.
    let has_ended = move || phase.try_get_untracked() == Some(Phase::Ended);
    let is_over = RwSignal::new(has_ended());
    Effect::new(move |_| match phase.get() {
        Phase::Ended => browser::after_paint(move || {
            browser::after_paint(move || {
                // The reader may have left the page, or begun another run.
                is_over.try_set(has_ended());
            });
        }),
        _ => is_over.set(false),
    });
    view! {
        <Show when=move || is_over.get()>
            <Card title=text!(i18n, training.result.title) class="result">
                <p class="result__accuracy" class:result__accuracy--none=has_none hidden=move || !has_model.get()>
                    {accuracy}
                </p>
                <p class="note">{epoch}</p>
                <p>{why}</p>
                <Show when=move || has_model.get()>
                    <h3>{t!(i18n, training.result.next)}</h3>
                    <p class="buttons">
                        <a class="button button--primary" href=Route::Evaluation.href()>
                            {t!(i18n, training.result.evaluation)}
                        </a>
                        <a class="button" href=Route::Inside.href()>{t!(i18n, inside.link)}</a>
                        <a class="button" href=Route::Files.href()>{t!(i18n, training.result.files)}</a>
                    </p>
                </Show>
            </Card>
        </Show>
        <Show when=move || phase.get() == Phase::Interrupted>
            <Interrupted />
        </Show>
        {is_free.then(|| view! { <ContinueOffer /> <FileOffer /> })}
    }
}

fn accuracy(state: &TrainingState, i18n: leptos_i18n::I18nContext<crate::ui::i18n::Locale>) -> String {
    let words = words(i18n);
    let Some((_, logs)) = state.kept_epoch() else {
        return t_string!(i18n, training.result.none).to_string();
    };
    if let Some(value) = logs.get(&Monitor::VAL_ACCURACY) {
        return t_string!(i18n, training.result.validation, accuracy = words.accuracy(value)).to_string();
    }
    let accuracy = words.logged(logs, &Monitor::ACCURACY);
    t_string!(i18n, training.result.training, accuracy).to_string()
}

/// What is left when the worker died.
#[component]
fn Interrupted() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let kept = move || {
        let epochs = run.read(|state| state.history().epochs.len());
        if epochs == 0 {
            return t_string!(i18n, training.interrupted.lost).to_string();
        }
        let n = words(i18n).language.count(epochs);
        t_string!(i18n, training.interrupted.kept, count = epochs, n).to_string()
    };
    view! {
        <div class="notice notice--bad">
            <p class="notice__title">{t!(i18n, training.interrupted.title)}</p>
            <p>{kept}</p>
        </div>
    }
}
