//! What a comparison came to: both accuracies, who is right where, McNemar's test, and the images.

use super::images::{ListButton, ListImages};
use super::result::{last_result, names_of};
use crate::engine::metrics::Confusion;
use crate::engine::scores::{McNemar, Method, Pairs, wilson};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::locale::Language;
use crate::ui::pages::evaluation::{Comparison, Evaluation, Listing, Place};
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::sync::Arc;

/// From here on a difference is called more than chance.
const LEVEL: f64 = 0.05;

/// The result of the last comparison; nothing where there is none.
#[component]
pub fn Compared() -> impl IntoView {
    let lab = laboratory();
    let result = last_result(lab);
    move || {
        let evaluation = result.get()?;
        let comparison = evaluation.comparison.clone()?;
        Some(view! { <Outcome evaluation comparison /> })
    }
}

#[component]
fn Outcome(evaluation: Arc<Evaluation>, comparison: Comparison) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let own = evaluation.clone();
    let names = Memo::new(move |_| names_of(i18n, &own));
    let Comparison { second, confusion, pairs, test, num_both_wrong } = comparison;
    let loss = evaluation.report.other.as_ref().map_or(f64::NAN, |other| other.loss);
    let stamp = evaluation.model.stamp.clone();
    let models = [
        Side { letter: "A", name: stamp.name, epochs: stamp.epochs, loss: evaluation.report.answers.loss },
        Side { letter: "B", name: second.name, epochs: second.epochs, loss },
    ];
    let rows = models.into_iter().zip([evaluation.confusion.clone(), confusion]);
    let rows = rows.map(|(side, confusion)| view! { <SideRow side confusion /> }).collect_view();
    let is_same = pairs.num_telling() == 0 && num_both_wrong == 0;
    let verdict = move || verdict(i18n, language.get(), &pairs, &test);
    view! {
        <div class="evaluation__compared" data-testid="compared">
            <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, evaluation.compare.models)>
                <table class="table">
                    <caption>{t!(i18n, evaluation.compare.models)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, evaluation.compare.model)}</th>
                            <th scope="col">{t!(i18n, evaluation.compare.epochs)}</th>
                            <th scope="col">{t!(i18n, evaluation.result.accuracy)}</th>
                            <th scope="col">{t!(i18n, evaluation.result.interval_name)}</th>
                            <th scope="col">{t!(i18n, evaluation.result.loss)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <PairsTable pairs />
            <h3>{t!(i18n, evaluation.compare.test)}</h3>
            <p data-testid="mcnemar" data-p=test.p_value.to_string() data-statistic=test.statistic.to_string()>
                {verdict}
            </p>
            {is_same.then(|| view! { <p class="remark">{t!(i18n, evaluation.compare.same_answers)}</p> })}
            <div class="buttons">
                <ListButton
                    listing=Listing::OnlyFirst
                    count=pairs.only_first
                    id="list-only-a"
                    label=text!(i18n, evaluation.compare.only_first)
                />
                <ListButton
                    listing=Listing::OnlySecond
                    count=pairs.only_second
                    id="list-only-b"
                    label=text!(i18n, evaluation.compare.only_second)
                />
                <ListButton
                    listing=Listing::BothWrong
                    count=num_both_wrong
                    id="list-both-wrong"
                    label=text!(i18n, evaluation.compare.both_wrong)
                />
            </div>
            <ListImages place=Place::Comparison names />
        </div>
    }
}

/// One of the two models.
#[derive(Clone)]
struct Side {
    letter: &'static str,
    name: String,
    epochs: Option<usize>,
    loss: f64,
}

#[component]
fn SideRow(side: Side, confusion: Confusion) -> impl IntoView {
    let language = shell().language;
    let Side { letter, name, epochs, loss } = side;
    let accuracy = confusion.accuracy().unwrap_or(0.0);
    let ends = wilson(confusion.num_right(), confusion.num_samples());
    let interval = move || {
        let percent = |end: f64| language.get().percent(end, 2);
        ends.map(|[low, high]| format!("{} – {}", percent(low), percent(high)))
    };
    view! {
        <tr data-model=letter>
            <th scope="row">{letter} ": " {name}</th>
            <td>{move || epochs.map_or_else(|| "–".to_owned(), |epochs| language.get().count(epochs))}</td>
            <td data-value=accuracy.to_string()>{move || language.get().percent(accuracy, 2)}</td>
            <td>{interval}</td>
            <td>{move || language.get().decimal(loss, 4)}</td>
        </tr>
    }
}

/// The four counts.
#[component]
fn PairsTable(pairs: Pairs) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let cell = move |name: &'static str, count: usize| {
        view! { <td data-testid=name>{move || language.get().count(count)}</td> }
    };
    let Pairs { both, only_first, only_second, neither } = pairs;
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, evaluation.compare.pairs)>
            <table class="table">
                <caption>{t!(i18n, evaluation.compare.pairs)}</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{t!(i18n, evaluation.compare.b_right)}</th>
                        <th scope="col">{t!(i18n, evaluation.compare.b_wrong)}</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">{t!(i18n, evaluation.compare.a_right)}</th>
                        {cell("both-right", both)}
                        {cell("only-a", only_first)}
                    </tr>
                    <tr>
                        <th scope="row">{t!(i18n, evaluation.compare.a_wrong)}</th>
                        {cell("only-b", only_second)}
                        {cell("neither", neither)}
                    </tr>
                </tbody>
            </table>
        </div>
    }
}

/// The test in words: what was counted, how likely that is by chance, and what follows.
fn verdict(i18n: I18nContext<Locale>, language: Language, pairs: &Pairs, test: &McNemar) -> String {
    let telling = pairs.num_telling();
    if telling == 0 {
        return t_string!(i18n, evaluation.compare.nothing_tells).to_string();
    }
    let [n, first, second] =
        [telling, pairs.only_first, pairs.only_second].map(|count| language.count(count));
    let p = if test.p_value < 0.001 {
        format!("p < {}", language.decimal(0.001, 3))
    } else {
        format!("p = {}", language.decimal(test.p_value, 3))
    };
    let counted =
        t_string!(i18n, evaluation.compare.counted, count = telling, n, first, second, p).to_string();
    let method = match test.method {
        Method::Exact => t_string!(i18n, evaluation.compare.exact).to_string(),
        Method::ChiSquare => {
            let statistic = language.decimal(test.statistic, 2);
            t_string!(i18n, evaluation.compare.chi_square, statistic).to_string()
        }
    };
    let follows = if test.p_value >= LEVEL {
        t_string!(i18n, evaluation.compare.may_be_chance)
    } else if pairs.only_first > pairs.only_second {
        t_string!(i18n, evaluation.compare.first_is_better)
    } else {
        t_string!(i18n, evaluation.compare.second_is_better)
    };
    format!("{counted} {method} {follows}")
}
