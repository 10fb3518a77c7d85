//! The page: the table, the chosen run or the comparison, and the room.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::RunsState;
use crate::ui::components::Card;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::routes::Route;
use crate::ui::runs::{
    Comparison, NoRuns, Removal, RoomFacts, RunDetails, RunTable, Standing, chosen, run_words,
};
use crate::ui::translations::text;

/// The page.
#[component]
pub fn RunsPage() -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let state = RwSignal::new(RunsState::default());
    let chosen = chosen(state);
    spawn_local(keeper.refresh());
    let has_runs = Memo::new(move |_| !keeper.runs.read().is_empty());
    // What its buttons depend on, and not its name, which is being edited there, or the epochs of a run that
    // trains: a part that is made anew loses the focus.
    let single = Memo::new(move |_| {
        let runs = chosen.read();
        let [run] = &runs[..] else { return None };
        let last = run.last.as_ref().map(|last| last.epochs);
        let is_here = keeper.standing(run) == Standing::Here;
        Some((run.id.clone(), (!is_here).then(|| (run.best, last, run.next_epoch()))))
    });
    let details = move || {
        let (id, _) = single.get()?;
        let run = untrack(|| keeper.run(&id))?;
        let name = move || keeper.run(&id).map(|run| run_words(i18n).name(&run)).unwrap_or_default();
        let title = Signal::derive(name);
        Some(view! { <Card title><RunDetails run state /></Card> })
    };
    view! {
        <article class="page runs">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.runs)}</h1>
                <p class="lead for-site">{t!(i18n, runs.lead)}</p>
            </header>
            <Removal state />
            <Card title=text!(i18n, runs.table)>
                <Show when=move || has_runs.get() fallback=|| view! { <NoRuns /> }>
                    <RunTable state />
                    <p class="note">{t!(i18n, runs.choose)}</p>
                </Show>
                <p class="buttons">
                    <a class="button" href=Route::Training.href()>{t!(i18n, runs.train)}</a>
                </p>
            </Card>
            {details}
            <Show when=move || { chosen.read().len() > 1 }>
                <Card title=text!(i18n, runs.compare.title)>
                    <Comparison runs=chosen />
                </Card>
            </Show>
            <Card title=text!(i18n, runs.room.title)>
                <RoomFacts state />
            </Card>
        </article>
    }
}
