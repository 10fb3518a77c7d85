//! Sections of the page that ask the worker while they are open and in sight, and call their question off when not.

use crate::protocol::{Finding, Inspection, WorkerRequest};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::inside::{Act, Asker, Moment, Pace};
use leptos::{html, prelude::*};
use std::time::Duration;

/// How often a section looks whether there is something to ask, in ms: often enough for a stroke of the pen to be
/// answered at once.
const TICK_MS: u64 = 150;

/// What a section asks, and what it heard.
#[derive(Clone, Copy)]
pub struct Asked {
    state: RwSignal<Asker>,
    /// Changes with what is shown.
    version: Memo<u32>,
    /// Whether the section is unfolded.
    pub is_open: RwSignal<bool>,
    frame: NodeRef<html::Details>,
}

impl Asked {
    /// Begins to ask `wanted` at this pace. `complete` adds what does not make it another question.
    pub fn begin(
        pace: Pace,
        is_open: bool,
        wanted: impl Fn() -> Option<Inspection> + Send + Sync + 'static,
        complete: impl Fn(Inspection) -> Inspection + 'static,
    ) -> Asked {
        let bridge = laboratory().bridge;
        let state = RwSignal::new(Asker::default());
        let frame = NodeRef::<html::Details>::new();
        let is_open = RwSignal::new(is_open);
        let wanted = Signal::derive(wanted);
        let call_off = move || {
            let Some(Act::CallOff(run)) = state.try_with_untracked(|state| state.next(None)) else { return };
            bridge.send(WorkerRequest::EndInspection { run });
            bridge.forget(run);
            state.update(Asker::call_off);
        };
        let tick = move || {
            let Some(is_open) = is_open.try_get_untracked() else { return };
            let is_seen = is_open && frame.get_untracked().is_some_and(|frame| is_in_sight(&frame));
            let inspection = if is_seen { wanted.get_untracked() } else { None };
            let moment = bridge
                .model
                .with_untracked(|model| model.current.as_ref().map(|model| Moment::of(model, pace)));
            match state.with_untracked(|state| state.next(inspection.as_ref().zip(moment))) {
                Act::Nothing => {}
                Act::CallOff(_) => call_off(),
                Act::Ask => {
                    let Some((inspection, moment)) = inspection.zip(moment) else { return };
                    let sent = Box::new(complete(inspection.clone()));
                    let run = bridge.ask(
                        |run| WorkerRequest::Inspect { run, inspection: sent },
                        move |event| {
                            let run = event.run();
                            // The page may have been left meanwhile.
                            let is_over = state.try_update(|state| {
                                state.hear(event);
                                !state.is_busy()
                            });
                            if is_over != Some(false) {
                                bridge.forget(run);
                            }
                        },
                    );
                    state.update(|state| state.begin(run, inspection, moment));
                }
            }
        };
        let handle = set_interval_with_handle(tick, Duration::from_millis(TICK_MS));
        on_cleanup(move || {
            if let Ok(handle) = handle {
                handle.clear();
            }
            call_off();
        });
        Asked { state, version: Memo::new(move |_| state.read().version), is_open, frame }
    }

    /// The answer that is shown.
    pub fn shown(self) -> Vec<Finding> {
        self.version.track();
        self.state.with_untracked(|state| state.shown.clone())
    }

    /// Its first part.
    pub fn first(self) -> Option<Finding> {
        self.version.track();
        self.state.with_untracked(|state| state.shown.first().cloned())
    }
}

/// Whether some of it is within the window, and the window is looked at.
fn is_in_sight(element: &web_sys::HtmlDetailsElement) -> bool {
    let rect = element.get_bounding_client_rect();
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
    !document().hidden() && rect.bottom() > 0.0 && rect.top() < height
}

/// A section that unfolds; its parts are made while it is unfolded. `id` names it for links and tests.
#[component]
pub fn Section(
    asked: Asked,
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] lead: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let is_open = asked.is_open;
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <details
            class="card inside__section"
            id=id
            data-testid=id
            node_ref=asked.frame
            open=is_open.get_untracked()
            on:toggle=on_toggle
        >
            <summary><h2 class="card__title inside__title">{move || title.get()}</h2></summary>
            <p>{move || lead.get()}</p>
            <Show when=move || is_open.get()>
                <Status asked />
                {children()}
            </Show>
        </details>
    }
}

/// How long it took, or why there is nothing.
#[component]
fn Status(asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let error = Memo::new(move |_| asked.state.read().error.clone());
    let has_answer = Memo::new(move |_| asked.version.get() > 0);
    let is_training = Memo::new(move |_| {
        laboratory().bridge.model.read().current.as_ref().is_some_and(|model| model.is_training)
    });
    let words = move || {
        if !has_answer.get() {
            return t_string!(i18n, inside.status.asked).to_string();
        }
        asked.version.track();
        let spent_ms = asked.state.with_untracked(|state| state.spent_ms);
        let number = language.get().decimal(spent_ms, 1);
        if is_training.get() {
            t_string!(i18n, inside.status.beside, number).to_string()
        } else {
            t_string!(i18n, inside.status.spent, number).to_string()
        }
    };
    view! {
        {move || {
            let words = ErrorText { i18n, language: language.get() };
            error.get().map(|error| view! { <p class="field__error" role="alert">{words.worker(&error)}</p> })
        }}
        <Show when=move || error.read().is_none()>
            <p class="field__hint">{words}</p>
        </Show>
        <Show when=move || is_training.get()>
            <p class="field__hint">{t!(i18n, inside.status.live)}</p>
        </Show>
    }
}
