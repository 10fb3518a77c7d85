//! Where it errs: the pairs of classes confused most often, the surest mistakes, the closest calls.

use super::images::ListButton;
use super::talk;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::evaluation::{Evaluation, Listing};
use crate::ui::translations::text;
use crate::ui::widgets::confusion_matrix::Cell;
use leptos::prelude::*;
use std::sync::Arc;

/// Pairs that are shown, at most.
const MOST_PAIRS: usize = 8;

/// The card's content.
#[component]
pub fn Lists(evaluation: Arc<Evaluation>, names: Memo<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let [mistakes, close] = [Listing::Mistakes, Listing::Close].map(|listing| evaluation.count(listing));
    let is_faultless = mistakes == 0;
    view! {
        <Show
            when=move || !is_faultless
            fallback=move || view! { <p>{t!(i18n, evaluation.lists.faultless)}</p> }
        >
            <Pairs evaluation=evaluation.clone() names />
        </Show>
        <div class="buttons">
            <ListButton
                listing=Listing::Mistakes
                count=mistakes
                id="list-mistakes"
                label=text!(i18n, evaluation.lists.mistakes)
            />
            <ListButton
                listing=Listing::Close
                count=close
                id="list-close"
                label=text!(i18n, evaluation.lists.close)
            />
        </div>
        <p class="field__hint">{t!(i18n, evaluation.lists.hint)}</p>
    }
}

#[component]
fn Pairs(evaluation: Arc<Evaluation>, names: Memo<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let lab = laboratory();
    let pairs = evaluation.worst_pairs(MOST_PAIRS);
    let row = move |cell: Cell| {
        let count = evaluation.confusion.count(cell.label, cell.predicted);
        let share = evaluation.confusion.share_of_label(cell.label, cell.predicted);
        let name = move |class: usize| names.read().get(class).cloned().unwrap_or_default();
        let number = move || language.get().count(count);
        let spoken = move || {
            let (truth, predicted) = (name(cell.label), name(cell.predicted));
            t_string!(i18n, evaluation.matrix.cell, count = count, number = number(), truth, predicted)
                .to_string()
        };
        view! {
            <tr>
                <th scope="row">{move || name(cell.label)}</th>
                <td>{move || name(cell.predicted)}</td>
                <td>
                    <button
                        type="button"
                        class="button evaluation__pair"
                        aria-label=spoken
                        on:click=move |_| talk::open(lab, Listing::Cell(cell))
                    >
                        {number}
                    </button>
                </td>
                <td>{move || language.get().percent(share, 1)}</td>
            </tr>
        }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, evaluation.lists.pairs)>
            <table class="table" data-testid="pairs">
                <caption>{t!(i18n, evaluation.lists.pairs)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, evaluation.matrix.truth)}</th>
                        <th scope="col">{t!(i18n, evaluation.matrix.predicted)}</th>
                        <th scope="col">{t!(i18n, evaluation.lists.images)}</th>
                        <th scope="col">{t!(i18n, evaluation.lists.share)}</th>
                    </tr>
                </thead>
                <tbody>{pairs.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}
