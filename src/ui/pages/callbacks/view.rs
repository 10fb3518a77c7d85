//! The page: the curve, what every callback makes of it, and the protocol call by call.

use super::setup::Setup;
use crate::engine::callbacks::{CallbackAction, CallbackSpec};
use crate::engine::event::StopReason;
use crate::ui::callbacks::{
    CallbackEditor, CallbackStand, Fault, Paper, PaperSettings, Remark, Stand, Theatre, callbacks_from_text,
    callbacks_to_text, text_error,
};
use crate::ui::components::{BadLink, Card, Held, Icon, IconButton, Later};
use crate::ui::context::shell;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{default_job, to_query};
use crate::ui::routes::{Location, Route};
use crate::ui::training::words;
use crate::ui::translations::text;
use crate::ui::widgets::protocol_timeline::ProtocolTimeline;
use leptos::prelude::*;
use leptos_i18n::I18nContext;

/// The page.
#[component]
pub fn CallbacksPage() -> impl IntoView {
    let i18n = use_i18n();
    let theatre = Theatre::open();
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, callbacks.title)}</h1>
                <p class="lead for-site">{t!(i18n, callbacks.lead)}</p>
                <p class="for-site"><a href=Route::Training.href()>{t!(i18n, callbacks.back)}</a></p>
            </header>
            <BadLink read=|query| Setup::from_query(query).1.join(", ")><BadCallbacks /></BadLink>
            <div class="theatre">
                <div class="stack">
                    <Card title=text!(i18n, callbacks.paper.title)>
                        <PaperSettings theatre />
                        <Paper theatre />
                    </Card>
                    <Later>
                        <Held name="happens">
                            <Card title=text!(i18n, callbacks.happens.title)>
                                <Happenings theatre />
                            </Card>
                        </Held>
                    </Later>
                </div>
                <Later>
                    <Card title=text!(i18n, callbacks.editor.title)>
                        <Cards theatre />
                    </Card>
                </Later>
                <Later>
                    <Held name="protocol">
                        <Card title=text!(i18n, callbacks.protocol.title)>
                            <Protocol theatre />
                        </Card>
                    </Held>
                </Later>
            </div>
        </article>
    }
}

/// Why the list of callbacks in the address could not be read.
#[component]
fn BadCallbacks() -> impl IntoView {
    let (i18n, query) = (use_i18n(), shell().query());
    move || {
        let text = query.read().get("callbacks").map(callbacks_from_text);
        text.and_then(Result::err).map(|error| text_error(i18n, &error))
    }
}

/// What happened in the epoch that is looked at, in sentences.
#[component]
fn Happenings(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let heading = move || {
        let (state, look) = (theatre.state.read(), theatre.look());
        let setup = &state.setup;
        let epoch = look.epoch + 1;
        if state.run.is_err() {
            return t_string!(i18n, callbacks.happens.fault).to_string();
        }
        if look.epoch >= state.reached() {
            return t_string!(i18n, callbacks.happens.never, epoch, last = state.reached()).to_string();
        }
        let value = words(i18n).value(&setup.curve.metric.monitor(), setup.curve.values()[look.epoch]);
        let metric = setup.curve.metric.name();
        t_string!(i18n, callbacks.happens.epoch, epoch, metric, value).to_string()
    };
    let sentences = Memo::new(move |_| {
        let (state, look) = (theatre.state.read(), theatre.look());
        let Ok(run) = &state.run else { return Vec::new() };
        let say = |(callback, action): &(usize, CallbackAction)| {
            words(i18n).action(action, state.setup.callbacks.get(*callback))
        };
        run.actions_in(look.epoch).map(say).collect::<Vec<_>>()
    });
    let end = move || {
        let (state, look) = (theatre.state.read(), theatre.look());
        let run = state.run.as_ref().ok()?;
        let is_end = look.epoch + 1 >= state.reached();
        is_end.then(|| end_text(i18n, &run.reason, run.epochs, &state.setup.callbacks))
    };
    let weights = move || {
        let (state, look) = (theatre.state.read(), theatre.look());
        let run = state.run.as_ref().ok()?;
        let epoch = run.moments.last().filter(|_| look.epoch + 1 >= state.reached())?.weights? + 1;
        Some(t_string!(i18n, callbacks.happens.weights, epoch).to_string())
    };
    let is_silent = move || sentences.read().is_empty();
    let line = |sentence: String| view! { <li>{sentence}</li> };
    view! {
        <div class="happenings" role="log" aria-live="polite" aria-atomic="true" data-testid="happenings">
            <p><strong>{heading}</strong></p>
            <ol class="callback-stand__deeds">{move || sentences.get().into_iter().map(line).collect_view()}</ol>
            <p class="note" hidden=move || !is_silent()>{t!(i18n, callbacks.happens.nothing)}</p>
            <p>{end} " " {weights}</p>
        </div>
    }
}

fn end_text(
    i18n: I18nContext<Locale>,
    reason: &StopReason,
    epochs: usize,
    callbacks: &[CallbackSpec],
) -> String {
    let words = words(i18n);
    let (count, n) = (epochs, words.language.count(epochs));
    match reason {
        StopReason::Callback { callback } => {
            let name = callbacks.get(*callback).map_or("–", CallbackSpec::class_name);
            t_string!(i18n, training.log.callback, name, count, n).to_string()
        }
        StopReason::Diverged { epoch, batch } => {
            t_string!(i18n, callbacks.happens.diverged, epoch = epoch + 1, batch = batch + 1).to_string()
        }
        StopReason::Completed | StopReason::Requested => {
            t_string!(i18n, training.log.completed, count, n).to_string()
        }
    }
}

/// The callbacks with their states and forms.
#[component]
fn Cards(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let record = theatre.record();
    let epochs = Signal::derive(move || theatre.setup.read().curve.epochs());
    let rate = Signal::derive(move || theatre.setup.read().learning_rate);
    let stand: Stand = Callback::new(move |(position, spec): (usize, Signal<CallbackSpec>)| {
        view! { <CallbackStand position spec record epochs rate /> }.into_any()
    });
    let remarks = Signal::derive(move || {
        let state = theatre.state.read();
        let text = ErrorText { i18n, language: theatre.shell.language.get() };
        let remark = |fault: &Fault| Remark {
            callback: fault.callback,
            text: text.callback(&fault.error),
            is_warning: false,
        };
        state.run.as_ref().err().map(remark).into_iter().collect::<Vec<_>>()
    });
    let callbacks = Signal::derive(move || theatre.setup.read().callbacks.clone());
    let code = move || callbacks_to_text(&callbacks.read());
    // The rest of the job stays as the reader left it.
    let draft = laboratory().draft;
    let train = move || {
        let mut job = draft.get_value().unwrap_or_else(default_job);
        job.fit.callbacks = callbacks.get();
        Location { route: Some(Route::Training), query: to_query(&job) }.to_hash()
    };
    view! {
        <Held name="callbacks">
            <CallbackEditor
                callbacks=callbacks
                on_change=move |callbacks| theatre.choose(callbacks)
                remarks=remarks
                stand=stand
            />
        </Held>
        <p><a class="button" href=train>{t!(i18n, fit.callbacks.train)}</a></p>
        <p class="field__hint">{t!(i18n, callbacks.editor.link)} " " <code lang="en">{code}</code></p>
    }
}

/// The protocol, one call after the other.
#[component]
fn Protocol(theatre: Theatre) -> impl IntoView {
    let i18n = use_i18n();
    let callbacks = Signal::derive(move || theatre.setup.read().callbacks.clone());
    let count = Memo::new(move |_| theatre.state.read().num_moments());
    let now = Memo::new(move |_| theatre.moment());
    let go = move |forward: bool| {
        if let Some(call) = now.get_untracked() {
            theatre.go_to_call(if forward { call + 1 } else { call.saturating_sub(1) });
        }
    };
    let place = move || {
        let (call, total) = (now.get()? + 1, count.get());
        Some(t_string!(i18n, callbacks.protocol.call, call, total).to_string())
    };
    let is_first = Signal::derive(move || now.get().is_none_or(|call| call == 0));
    let is_last = Signal::derive(move || now.get().is_none_or(|call| call + 1 >= count.get()));
    let protocol = theatre.protocol();
    view! {
        <p>{t!(i18n, callbacks.protocol.help)}</p>
        <div class="buttons" role="group" aria-label=move || t_string!(i18n, callbacks.protocol.steps)>
            <IconButton
                icon=Icon::First
                label=text!(i18n, callbacks.protocol.first)
                disabled=is_first
                on_click=move |()| theatre.go_to_call(0)
            />
            <IconButton
                icon=Icon::Previous
                label=text!(i18n, callbacks.protocol.previous)
                disabled=is_first
                on_click=move |()| go(false)
            />
            <IconButton
                icon=Icon::Next
                label=text!(i18n, callbacks.protocol.next)
                disabled=is_last
                on_click=move |()| go(true)
            />
            <IconButton
                icon=Icon::Last
                label=text!(i18n, callbacks.protocol.last)
                disabled=is_last
                on_click=move |()| theatre.go_to_call(count.get_untracked().saturating_sub(1))
            />
            <span class="note" role="status">{place}</span>
        </div>
        <ProtocolTimeline protocol callbacks />
    }
}
