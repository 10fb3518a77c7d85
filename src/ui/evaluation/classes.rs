//! The table of classes: precision, recall, F1, support and errors, in any order, with both means.

use super::looking::Looking;
use crate::engine::scores::Means;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::evaluation::{ClassRow, Evaluation, SortKey, class_rows, sorted};
use leptos::prelude::*;
use std::sync::Arc;

/// The table; a press on a column's name orders it.
#[component]
pub fn Classes(
    evaluation: StoredValue<Arc<Evaluation>>,
    names: Memo<Vec<String>>,
    looking: Looking,
) -> impl IntoView {
    let i18n = use_i18n();
    let evaluation = evaluation.get_value();
    let rows = StoredValue::new(class_rows(&evaluation.confusion, &evaluation.scores));
    let order = Memo::new(move |_| {
        let look = looking.look.get();
        (look.sort, look.is_falling)
    });
    let shown = move || {
        let (key, is_falling) = order.get();
        sorted(rows.get_value(), key, is_falling)
    };
    let total = evaluation.confusion.num_samples();
    let means = [(true, evaluation.scores.macro_mean), (false, evaluation.scores.weighted_mean)];
    view! {
        <p>{t!(i18n, evaluation.classes.lead)}</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, evaluation.classes.table)>
            <table class="table evaluation__classes" data-testid="classes">
                <caption>{t!(i18n, evaluation.classes.caption)}</caption>
                <thead>
                    <tr>{SortKey::ALL.map(|key| view! { <Head key order looking /> }).collect_view()}</tr>
                </thead>
                <tbody>
                    <For each=shown key=|row| row.class children=move |row| view! { <Row row names /> } />
                </tbody>
                <tfoot>
                    {means.map(|(is_macro, means)| view! { <MeanRow is_macro means total /> }).collect_view()}
                </tfoot>
            </table>
        </div>
        <p class="field__hint">{t!(i18n, evaluation.classes.means)}</p>
    }
}

#[component]
fn Head(key: SortKey, order: Memo<(SortKey, bool)>, looking: Looking) -> impl IntoView {
    let i18n = use_i18n();
    let name = move || match key {
        SortKey::Class => t_string!(i18n, evaluation.classes.class),
        SortKey::Support => t_string!(i18n, evaluation.classes.images),
        SortKey::Predicted => t_string!(i18n, evaluation.classes.predicted),
        SortKey::Precision => t_string!(i18n, evaluation.classes.precision),
        SortKey::Recall => t_string!(i18n, evaluation.classes.recall),
        SortKey::F1 => t_string!(i18n, evaluation.classes.f1),
        SortKey::Wrong => t_string!(i18n, evaluation.classes.wrong),
        SortKey::ErrorRate => t_string!(i18n, evaluation.classes.rate),
    };
    let sort = move || {
        let (by, is_falling) = order.get();
        (by == key).then_some(if is_falling { "descending" } else { "ascending" })
    };
    let arrow = move || match sort() {
        Some("descending") => " ▼",
        Some(_) => " ▲",
        None => "",
    };
    view! {
        <th scope="col" aria-sort=sort>
            <button
                type="button"
                class="evaluation__sort"
                data-testid=format!("sort-{}", key.name())
                on:click=move |_| looking.change(|look| look.sort_by(key))
            >
                {name}
                <span aria-hidden="true">{arrow}</span>
            </button>
        </th>
    }
}

#[component]
fn Row(row: ClassRow, names: Memo<Vec<String>>) -> impl IntoView {
    let language = shell().language;
    let ClassRow { class, support, wrong, error_rate, bar, scores } = row;
    let name = move || names.read().get(class).cloned();
    let count = move |number: Option<usize>| number.map_or_else(dash, |number| language.get().count(number));
    let share = move |share: Option<f64>| share.map_or_else(dash, |share| language.get().percent(share, 1));
    let exact = |value: Option<f64>| value.map(|value| value.to_string());
    let predicted = scores.map(|scores| scores.predicted);
    let [precision, recall, f1] =
        [scores.map(|it| it.precision), scores.map(|it| it.recall), scores.map(|it| it.f1)];
    view! {
        <tr data-class=class.to_string()>
            <th scope="row">{name}</th>
            <td>{move || count(Some(support))}</td>
            <td>{move || count(predicted)}</td>
            <td data-value=exact(precision)>{move || share(precision)}</td>
            <td data-value=exact(recall)>{move || share(recall)}</td>
            <td data-value=exact(f1)>{move || share(f1)}</td>
            <td>{move || count(Some(wrong))}</td>
            <td class="evaluation__rate">
                <div>
                    <span>{move || share(error_rate)}</span>
                    <span class="evaluation__bar" style=format!("--share:{bar:.4}")></span>
                </div>
            </td>
        </tr>
    }
}

fn dash() -> String {
    "–".to_owned()
}

#[component]
fn MeanRow(is_macro: bool, means: Means, total: usize) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let name = move || {
        if is_macro {
            t_string!(i18n, evaluation.classes.macro_mean)
        } else {
            t_string!(i18n, evaluation.classes.weighted_mean)
        }
    };
    let class = if is_macro { "macro" } else { "weighted" };
    let cell = move |value: f64| {
        view! { <td data-value=value.to_string()>{move || language.get().percent(value, 1)}</td> }
    };
    view! {
        <tr data-class=class>
            <th scope="row">{name}</th>
            <td>{move || language.get().count(total)}</td>
            <td></td>
            {[means.precision, means.recall, means.f1].map(cell).collect_view()}
            <td></td>
            <td></td>
        </tr>
    }
}
