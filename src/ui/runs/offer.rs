//! Offers to go on with a run, and what every page says of keeping.

use std::sync::Arc;

use leptos::prelude::*;

use super::words::run_words;
use super::{KeptRun, Standing, Storage};
use crate::ui::browser::{note, noted};
use crate::ui::components::{Icon, IconMark};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, to_query};
use crate::ui::routes::{Location, Route};

/// Noted in this tab: the reader does not want to be asked about this run again.
const DECLINED: &str = "run.declined";
/// Noted in this tab: it was said that nothing is kept.
const SAID: &str = "run.unkept";

/// The button that goes on with a run, on the training page; what it does is said beside it.
#[component]
pub fn GoOn(run: Arc<KeptRun>, next: usize) -> impl IntoView {
    let i18n = use_i18n();
    let (lab, shell) = (laboratory(), shell());
    let phase = lab.training.phase();
    let go_on = move |_| {
        let location = Location { route: Some(Route::Training), query: to_query(&run.job) };
        if shell.location.with_untracked(|now| now.route == location.route) {
            shell.replace_query(Route::Training, location.query);
        } else {
            // An address that cannot be set leaves the reader here; the run goes on all the same.
            let _ = window().location().set_hash(&location.to_hash());
        }
        lab.training.go_on(run.id.clone());
    };
    view! {
        <button
            type="button"
            class="button button--primary"
            data-testid="go-on"
            disabled=move || phase.get().is_active() || lab.training.is_taking_up.get()
            on:click=go_on
        >
            <IconMark icon=Icon::Play />
            {move || t_string!(i18n, runs.offer.go_on, epoch = next + 1).to_string()}
        </button>
    }
}

/// On the training page: the run that has just been cut off or stopped, or after a reload the last one
/// that was cut off.
#[component]
pub fn ContinueOffer() -> impl IntoView {
    let i18n = use_i18n();
    let lab = laboratory();
    let keeper = lab.keeper;
    let phase = lab.training.phase();
    let declined = RwSignal::new(noted(DECLINED).unwrap_or_default());
    let offered = Memo::new(move |_| {
        let can_go_on = |run: &&Arc<KeptRun>| {
            let is_cut = match phase.get() {
                Phase::Idle => keeper.standing(run) == Standing::Interrupted && *declined.read() != run.id,
                Phase::Ended | Phase::Interrupted => keeper.latest.read().as_ref() == Some(&run.id),
                Phase::Loading | Phase::Running | Phase::Paused | Phase::Failed => false,
            };
            is_cut && run.next_epoch().is_some()
        };
        let runs = keeper.runs.read();
        let newest = runs.iter().filter(can_go_on).max_by(|a, b| a.touched_ms.total_cmp(&b.touched_ms));
        newest.map(|run| (run.clone(), keeper.standing(run)))
    });
    let refusal = move || {
        let refusal = lab.training.refusal.get()?;
        Some(view! { <p class="field__error" role="alert">{move || run_words(i18n).refusal(refusal)}</p> })
    };
    view! {
        {move || {
            let (run, standing) = offered.get()?;
            let next = run.next_epoch()?;
            let (id, told) = (run.id.clone(), run.clone());
            let is_idle = phase.get() == Phase::Idle;
            let decline = move |_| {
                note(DECLINED, &id);
                declined.set(id.clone());
            };
            Some(
                view! {
                    <section class="notice" data-testid="continue" aria-label=move || t_string!(i18n, runs.offer.title)>
                        <p class="notice__title">{t!(i18n, runs.offer.title)}</p>
                        <p>{move || run_words(i18n).offer(&told, next, standing)}</p>
                        <p class="buttons">
                            <GoOn run next />
                            <Show when=move || is_idle>
                                <button type="button" class="button" on:click=decline.clone()>
                                    {t!(i18n, runs.offer.decline)}
                                </button>
                            </Show>
                        </p>
                    </section>
                },
            )
        }}
        {refusal}
    }
}

/// Says once that nothing is kept, and whenever something did not fit.
#[component]
pub fn KeepingNotice() -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let is_closed = RwSignal::new(noted(SAID).is_some());
    let close = move |_| {
        note(SAID, "yes");
        is_closed.set(true);
    };
    // Inside another page the frame says so itself.
    let is_framed = shell().with_frame(|_| ()).is_some();
    let is_missing = move || !is_framed && keeper.storage.get() == Storage::Missing && !is_closed.get();
    let trouble = move || {
        let trouble = keeper.trouble.get()?;
        Some(view! {
            <div class="notice notice--bad" role="alert" data-testid="trouble">
                <p class="notice__title">{t!(i18n, runs.trouble.title)}</p>
                <p>{move || run_words(i18n).trouble(&trouble)}</p>
                <p><a class="button" href=Route::Runs.href()>{t!(i18n, runs.trouble.make_room)}</a></p>
            </div>
        })
    };
    view! {
        <Show when=is_missing>
            <div class="notice" role="status" data-testid="unkept">
                <p class="notice__title">{t!(i18n, runs.missing.title)}</p>
                <p>{t!(i18n, runs.missing.text)}</p>
                <p>
                    <button type="button" class="button" on:click=close>{t!(i18n, runs.missing.close)}</button>
                </p>
            </div>
        </Show>
        {trouble}
    }
}
