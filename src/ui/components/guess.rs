//! Asks for the next number before it is shown.

use super::super::browser::{note, noted};
use super::super::context::shell;
use super::super::embed::{Heard, Widget};
use super::super::framed::host;
use super::super::guess::{Round, Score, Verdict};
use super::super::i18n::{t, t_string, use_i18n};
use super::super::locale::parse_number;
use super::super::translations::text;
use super::fresh_id;
use leptos::prelude::*;

/// The offer to guess, the question and the score, which a reload keeps. `question` is none when there is nothing
/// left to guess, which `done` then says; `truth` is the number asked for, `on_answer` shows it, `is_on` says
/// whether the reader guesses.
#[component]
pub fn Guess(
    #[prop(into)] question: Signal<Option<String>>,
    #[prop(into)] truth: Callback<(), f64>,
    #[prop(into)] on_answer: Callback<()>,
    #[prop(optional)] is_on: Option<RwSignal<bool>>,
    #[prop(optional, into)] done: Option<Signal<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let (language, host) = (shell().language, host());
    // Several widgets of one course page share the tab, but not their scores.
    let place =
        shell().with_frame(|frame| format!("guess.{}.{}", frame.widget.map_or("", Widget::name), frame.id));
    let place = StoredValue::new(place.unwrap_or_else(|| "guess".to_owned()));
    let is_on = is_on.unwrap_or_else(|| RwSignal::new(false));
    let done = done.unwrap_or_else(|| text!(i18n, pooling.guess.done));
    let score = RwSignal::new(
        place.with_value(|place| noted(place)).and_then(|text| Score::from_text(&text)).unwrap_or_default(),
    );
    let round = RwSignal::new(Round::default());
    let id = fresh_id("guess");
    // No form: a frame that is locked in may not send one, not even to the page itself.
    let submit = move || {
        let Some(asked) = question.get_untracked() else { return };
        let Some(guess) = parse_number(round.read_untracked().typed(Some(&asked))) else {
            round.update(|round| *round = round.clone().refused(Some(&asked)));
            return;
        };
        let verdict = Verdict::of(guess, truth.run(()));
        score.update(|score| *score = score.after(matches!(verdict, Verdict::Right { .. })));
        let now = score.get_untracked();
        place.with_value(|place| note(place, &now.to_text()));
        if let Some(host) = host {
            host.hear(Heard::Guessed { right: now.right, asked: now.asked });
        }
        on_answer.run(());
        round.set(Round::answered(question.get_untracked().as_deref(), verdict));
    };
    let typed = move || round.read().typed(question.read().as_deref()).to_owned();
    let type_in = move |text: String| {
        let asked = question.get_untracked();
        round.update(|round| *round = round.clone().type_in(asked.as_deref(), text));
    };
    let verdict = move || {
        let shown = |number: f64| language.get().short(number, 3);
        let words = match round.read().verdict(question.read().as_deref())? {
            Verdict::NoNumber => t_string!(i18n, pooling.guess.no_number).to_string(),
            Verdict::Right { number } => {
                t_string!(i18n, pooling.guess.right, answer = shown(number)).to_string()
            }
            Verdict::Wrong { number, guess } => {
                let (answer, guess) = (shown(number), shown(guess));
                t_string!(i18n, pooling.guess.wrong, answer, guess).to_string()
            }
        };
        Some(words)
    };
    view! {
        <div class="guess">
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || is_on.get()
                    on:change=move |event| is_on.set(event_target_checked(&event))
                />
                <span>{t!(i18n, pooling.guess.offer)}</span>
            </label>
            <Show when=move || is_on.get()>
                <div class="guess__form">
                    <label for=id.clone()>
                        {move || question.get().unwrap_or_else(|| done.get())}
                    </label>
                    <div class="field__row">
                        <input
                            class="input"
                            id=id.clone()
                            type="text"
                            inputmode="decimal"
                            autocomplete="off"
                            prop:value=typed
                            on:input=move |event| type_in(event_target_value(&event))
                            on:keydown=move |event| {
                                if event.key() == "Enter" {
                                    event.prevent_default();
                                    submit();
                                }
                            }
                        />
                        <button
                            type="button"
                            class="button button--primary"
                            disabled=move || question.read().is_none()
                            on:click=move |_| submit()
                        >
                            {t!(i18n, pooling.guess.answer)}
                        </button>
                    </div>
                    <p role="status" data-testid="guess-verdict">{verdict}</p>
                    <p class="field__hint" data-testid="guess-score">
                        {move || {
                            let score = score.get();
                            let (right, asked) = (score.right, score.asked);
                            t_string!(i18n, pooling.guess.score, right, asked).to_string()
                        }}
                    </p>
                </div>
            </Show>
        </div>
    }
}
