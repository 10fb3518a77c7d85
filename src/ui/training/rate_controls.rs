//! The learning rate of the run in progress: seen, typed, or changed by a button.

use leptos::prelude::*;

use super::words::{Words, words};
use crate::ui::components::fresh_id;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, RateFactor, RateProblem, TrainingState, read_rate, scaled_rate};

/// The controls; they are there while a run trains or rests. That a rate was set is said by the log, and with
/// it to screen readers.
#[component]
pub fn RateControls() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let phase = run.phase();
    let is_shown = move || matches!(phase.get(), Phase::Running | Phase::Paused);
    let schedule = Memo::new(move |_| run.read(|state| state.rate().schedule));
    let now = move || {
        let rate = run.read(|state| state.rate().now)?;
        Some(t_string!(i18n, training.rate.now, rate = words(i18n).rate(rate.into())).to_string())
    };
    view! {
        <Show when=is_shown>
            <fieldset class="field rate" data-testid="rate">
                <legend class="field__label">
                    {t!(i18n, training.rate.title)} " " <code lang="en">"optimizer.learning_rate"</code>
                </legend>
                <p class="note">{now}</p>
                {move || match schedule.get() {
                    Some(schedule) => {
                        let why = move || t_string!(i18n, training.rate.scheduled, schedule).to_string();
                        view! { <p class="field__hint">{why}</p> }.into_any()
                    }
                    None => view! { <RateFields /> }.into_any(),
                }}
                <Show when=move || { run.read(|state| state.rate().changes) > 0 }>
                    <p class="field__hint">{t!(i18n, training.rate.changed)}</p>
                </Show>
            </fieldset>
        </Show>
    }
}

/// The field and the buttons.
#[component]
fn RateFields() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let (id, help_id, error_id) = (fresh_id("rate"), fresh_id("rate-help"), fresh_id("rate-error"));
    let draft = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<RateProblem>);
    let set = move |rate: Result<f32, RateProblem>| {
        problem.set(rate.err());
        if let Ok(rate) = rate {
            draft.set(String::new());
            run.set_learning_rate(rate);
        }
    };
    let set_typed = move || set(read_rate(&draft.get_untracked()));
    let scale = move |factor| {
        if let Some(rate) = run.read_untracked(|state| state.rate().base()) {
            set(scaled_rate(rate, factor));
        }
    };
    let error = move || {
        let words = words(i18n);
        let refusal = || run.read(|state| state.rate().refusal.clone());
        let refused =
            || refusal().map(|error| ErrorText { i18n, language: words.language }.learning_rate(&error));
        problem.get().map(|problem| words.rate_problem(problem)).or_else(refused)
    };
    let asked = move || {
        let rate = run.read(|state| state.rate().asked)?;
        Some(t_string!(i18n, training.rate.asked, rate = words(i18n).rate(rate.into())).to_string())
    };
    let button = move |factor: RateFactor| {
        let number = move || words(i18n).language.short(factor.value(), 1);
        let name = move || {
            let after = run.read(|state: &TrainingState| state.rate().base());
            let after = after.and_then(|rate| scaled_rate(rate, factor).ok());
            let number = number();
            match after {
                Some(after) => {
                    t_string!(i18n, training.rate.times, number, rate = words(i18n).rate(after.into()))
                        .to_string()
                }
                None => t_string!(i18n, training.rate.times_much, number).to_string(),
            }
        };
        view! {
            <button type="button" class="button" aria-label=name on:click=move |_| scale(factor)>
                {move || format!("×{}", number())}
            </button>
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            set_typed();
        }
    };
    view! {
        <div class="buttons">
            <label class="visually-hidden" for=id.clone()>{t!(i18n, training.rate.label)}</label>
            <input
                class="input rate__input"
                id=id
                type="text"
                inputmode="decimal"
                autocomplete="off"
                prop:value=move || draft.get()
                placeholder=move || {
                    run.read(|state| state.rate().now).map(|rate| words(i18n).rate(rate.into())).unwrap_or_default()
                }
                aria-invalid=move || problem.read().is_some().to_string()
                aria-describedby=format!("{help_id} {error_id}")
                on:input=move |event| draft.set(event_target_value(&event))
                on:keydown=on_key
            />
            <button type="button" class="button" on:click=move |_| set_typed()>{t!(i18n, training.rate.set)}</button>
            {RateFactor::ALL.map(button).collect_view()}
        </div>
        <p class="field__error" id=error_id role="alert">{error}</p>
        <p class="note" role="status">{asked}</p>
        <p class="field__hint" id=help_id>{t!(i18n, training.rate.help)}</p>
    }
}

impl Words {
    /// What is wrong with a learning rate that was typed, and what is expected.
    fn rate_problem(self, problem: RateProblem) -> String {
        let most = self.language.short(RateProblem::most(), 0);
        match problem {
            RateProblem::Empty => t_string!(self.i18n, training.rate.empty, most).to_string(),
            RateProblem::NoNumber => t_string!(self.i18n, training.rate.no_number, most).to_string(),
            RateProblem::OutOfBounds => t_string!(self.i18n, training.rate.out_of_bounds, most).to_string(),
        }
    }
}
