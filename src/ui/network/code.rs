//! Keras's words: a program that is pasted becomes the network, and the network is told as Keras tells it.

use super::Bench;
use super::code_words::CodeWords;
use crate::engine::spec::SpecError;
use crate::formats::keras_code::{KerasCodeError, KerasCodeProblem, KerasProgram, read_program};
use crate::formats::summary_text;
use crate::ui::browser::copy_text;
use crate::ui::components::fresh_id;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::network::{Edit, MAX_LAYERS};
use crate::ui::pages::training::model_named;
use leptos::prelude::*;

/// A field for a program, what was understood of it, and the line that was not.
#[component]
pub fn Paste(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let read = RwSignal::new(None::<Result<KerasProgram, KerasCodeError>>);
    let id = fresh_id("paste");
    let (hint_id, outcome_id) = (format!("{id}-hint"), format!("{id}-outcome"));
    let build = move |_| {
        let result = read_program(&typed.read_untracked()).and_then(|program| {
            // Python may have longer networks than the page.
            let Some(position) = program.layer_positions.get(MAX_LAYERS) else { return Ok(program) };
            let problem = KerasCodeProblem::TooManyLayers { max: MAX_LAYERS };
            Err(KerasCodeError { position: *position, problem })
        });
        let Ok(program) = &result else { return read.set(Some(result)) };
        let mut job = program.applied_to(&bench.form.job.get_untracked());
        job.model = model_named(job.model.input_shape, job.model.layers);
        let edit = Edit::Take(job.model.clone());
        let is_taken = bench.take(&job, &edit);
        if is_taken {
            bench.shell.announce(t_string!(i18n, network.code.done).to_string());
        }
        // What the link has no room for is told where every such change is.
        read.set(is_taken.then_some(result));
    };
    let words = move || CodeWords { i18n, language: bench.shell.language.get() };
    let outcome = move || match &*read.read() {
        None => ().into_any(),
        Some(Err(error)) => {
            let line = typed.read_untracked().lines().nth(error.position.line - 1).map(str::to_owned);
            view! {
                <p class="field__error">{words().error(error)}</p>
                <pre class="network__line"><code lang="en">{line}</code></pre>
            }
            .into_any()
        }
        Some(Ok(program)) => {
            let notes = program.notes.iter().map(|note| view! { <li>{words().note(note)}</li> });
            let notes = notes.collect_view();
            let has_notes = !program.notes.is_empty();
            view! {
                <p>{t!(i18n, network.code.done)}</p>
                <details hidden=!has_notes>
                    <summary>{t!(i18n, network.code.notes)}</summary>
                    <ul class="network__notes">{notes}</ul>
                </details>
            }
            .into_any()
        }
    };
    let is_bad = move || matches!(&*read.read(), Some(Err(_)));
    view! {
        <div class="field network__paste">
            <label class="field__label" for=id.clone()>{t!(i18n, network.code.label)}</label>
            <textarea
                class="input"
                id=id
                lang="en"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                prop:value=move || typed.get()
                aria-invalid=move || is_bad().to_string()
                aria-describedby=format!("{hint_id} {outcome_id}")
                on:input=move |event| typed.set(event_target_value(&event))
            ></textarea>
            <span class="field__hint" id=hint_id>{t!(i18n, network.code.hint)}</span>
            <div>
                <button
                    type="button"
                    class="button"
                    disabled=move || typed.read().trim().is_empty()
                    on:click=build
                >
                    {t!(i18n, network.code.build)}
                </button>
            </div>
            <div role="status" id=outcome_id>{outcome}</div>
        </div>
    }
}

/// What `model.summary()` prints.
#[component]
pub fn Summary(bench: Bench) -> impl IntoView {
    let i18n = use_i18n();
    let printed = Memo::new(move |_| summary_text(&bench.model.read()));
    let reason = move || match &*printed.read() {
        Ok(_) => String::new(),
        // The layer's card says more.
        Err(SpecError::Layer { .. } | SpecError::TooLarge { .. } | SpecError::TooManyParams { .. }) => {
            t_string!(i18n, network.summary.mistake).to_string()
        }
        Err(error) => ErrorText { i18n, language: bench.shell.language.get() }.spec(error),
    };
    let copied = Callback::new(move |()| bench.shell.announce(t_string!(i18n, pooling.take.copied)));
    let copy = move |_| copy_text(&printed.get_untracked().unwrap_or_default(), copied);
    view! {
        <Show
            when=move || printed.read().is_ok()
            fallback=move || view! { <p class="note">{reason}</p> }
        >
            <pre
                class="network__summary"
                tabindex="0"
                role="group"
                aria-label=move || t_string!(i18n, network.summary.title)
            ><code lang="en">{move || printed.get().ok()}</code></pre>
            <div>
                <button type="button" class="button" on:click=copy>{t!(i18n, pooling.take.copy)}</button>
            </div>
        </Show>
    }
}
