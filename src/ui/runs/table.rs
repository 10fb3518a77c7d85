//! The table of kept runs.

use leptos::prelude::*;

use super::words::{RunWords, network, run_words};
use super::{KeptRun, SortKey, Standing};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::runs::RunsState;

/// The table's place, which takes the focus when what had it is gone.
pub(super) const TABLE_ID: &str = "kept-runs";

/// The table; a click on a column's name orders it.
#[component]
pub fn RunTable(state: RwSignal<RunsState>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    // Only ids: a row whose run moves on stays in its place and keeps the focus.
    let ordered = Memo::new(move |_| {
        let runs = keeper.runs.read();
        state.read().ordered(&runs).iter().map(|run| run.id.clone()).collect::<Vec<_>>()
    });
    let column = move |key: SortKey| {
        let name = move || match key {
            SortKey::Created => t_string!(i18n, runs.column.created),
            SortKey::Name => t_string!(i18n, runs.column.name),
            SortKey::Dataset => t_string!(i18n, runs.column.dataset),
            SortKey::Best => t_string!(i18n, runs.column.best),
            SortKey::Epochs => t_string!(i18n, runs.column.epochs),
            SortKey::Time => t_string!(i18n, runs.column.time),
            SortKey::Size => t_string!(i18n, runs.column.size),
        };
        let order = move || {
            let state = state.read();
            (state.key == key).then_some(if state.is_falling { "descending" } else { "ascending" })
        };
        let arrow = move || match order() {
            Some("descending") => " ▼",
            Some(_) => " ▲",
            None => "",
        };
        view! {
            <th scope="col" aria-sort=order>
                <button type="button" class="runs__sort" on:click=move |_| state.update(|state| state.sort_by(key))>
                    {name}
                    <span aria-hidden="true">{arrow}</span>
                </button>
            </th>
        }
    };
    view! {
        <div
            class="table-scroll"
            id=TABLE_ID
            tabindex="0"
            role="group"
            aria-label=move || t_string!(i18n, runs.table)
        >
            <table class="runs__table" data-testid="runs">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, runs.column.choose)}</th>
                        {SortKey::ALL.into_iter().map(column).collect_view()}
                        <th scope="col">{t!(i18n, runs.column.standing)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || ordered.get() key=String::clone let:id>
                        <Row id state />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(id: String, state: RwSignal<RunsState>) -> impl IntoView {
    let i18n = use_i18n();
    let keeper = laboratory().keeper;
    let id = StoredValue::new(id);
    let run = Memo::new(move |_| id.with_value(|id| keeper.run(id)));
    let words = move || run_words(i18n);
    let with = move |say: fn(RunWords, &KeptRun) -> String| {
        move || run.with(|run| run.as_ref().map(|run| say(words(), run)))
    };
    let name = with(RunWords::name);
    let is_chosen = move || id.with_value(|id| state.read().chosen.contains(id));
    let choose = move |_| id.with_value(|id| state.update(|state| state.toggle(id)));
    let standing = move || run.with(|run| run.as_ref().map(|run| keeper.standing(run)));
    let is_cut = move || standing() == Some(Standing::Interrupted);
    view! {
        <tr class:runs__row--chosen=is_chosen>
            <td>
                <label class="runs__check">
                    <input type="checkbox" prop:checked=is_chosen on:change=choose />
                    <span class="visually-hidden">{name}</span>
                </label>
            </td>
            <td>{with(|words, run| words.date(run.created_ms))}</td>
            <th scope="row">
                {with(|words, run| if run.name.is_empty() { words.unnamed() } else { run.name.clone() })}
                <br />
                <code lang="en">{with(|_, run| network(run))}</code>
            </th>
            <td>{with(|_, run| run.job.data.dataset.title().to_owned())}</td>
            <td>{with(|words, run| words.best(run).unwrap_or_else(|| "–".to_owned()))}</td>
            <td>{with(RunWords::epochs)}</td>
            <td>{with(|words, run| words.duration(run.running_ms))}</td>
            <td>{with(|words, run| words.bytes(run.bytes() as f64))}</td>
            <td class:runs__cut=is_cut>{move || standing().map(|standing| words().standing(standing))}</td>
        </tr>
    }
}
