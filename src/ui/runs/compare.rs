//! Several chosen runs: what differs, whether they may be compared, and their curves in one chart.

use std::sync::Arc;

use leptos::prelude::*;

use super::words::run_words;
use super::{Fairness, KeptRun, diff, fairness};
use crate::engine::spec::RunSpec;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::runs::{Quantity, overlay};
use crate::ui::translations::text;
use crate::ui::widgets::line_chart::{LineChart, LineChartState};

/// The comparison.
#[component]
pub fn Comparison(runs: Memo<Vec<Arc<KeptRun>>>) -> impl IntoView {
    let i18n = use_i18n();
    let verdict = move || {
        let runs = runs.read();
        match fairness(&jobs(&runs)) {
            Fairness::SameSplit => {
                view! { <p class="remark remark--good">{t!(i18n, runs.compare.same_split)}</p> }.into_any()
            }
            Fairness::OtherSeed => {
                view! { <p class="remark">{t!(i18n, runs.compare.other_seed)}</p> }.into_any()
            }
            Fairness::OtherData => {
                view! { <p class="remark remark--bad">{t!(i18n, runs.compare.other_data)}</p> }.into_any()
            }
        }
    };
    view! {
        {verdict}
        <Settings runs />
        <div class="runs__charts">
            <Overlay runs quantity=Quantity::Loss />
            <Overlay runs quantity=Quantity::Accuracy />
        </div>
    }
}

fn jobs(runs: &[Arc<KeptRun>]) -> Vec<&RunSpec> {
    runs.iter().map(|run| &run.job).collect()
}

/// One row for each argument that is not the same everywhere; the results above them.
#[component]
fn Settings(runs: Memo<Vec<Arc<KeptRun>>>) -> impl IntoView {
    let i18n = use_i18n();
    let table = move || {
        let (runs, words) = (runs.read(), run_words(i18n));
        let head = runs.iter().map(|run| view! { <th scope="col">{words.name(run)}</th> }).collect_view();
        let fact = |say: &dyn Fn(&KeptRun) -> String| {
            runs.iter().map(|run| view! { <td>{say(run)}</td> }).collect_view()
        };
        let rows = diff(&jobs(&runs)).into_iter().map(|row| {
            let cell = |value: Option<String>| match value {
                Some(value) => view! { <td><code lang="en">{value}</code></td> }.into_any(),
                None => view! { <td aria-label=t_string!(i18n, runs.compare.absent)>"–"</td> }.into_any(),
            };
            view! {
                <tr>
                    <th scope="row"><code lang="en">{row.path}</code></th>
                    {row.values.into_iter().map(cell).collect_view()}
                </tr>
            }
        });
        let rows = rows.collect::<Vec<_>>();
        let rates = runs.iter().any(|run| !run.rates.is_empty()).then(|| {
            view! {
                <tr>
                    <th scope="row">{t_string!(i18n, runs.compare.rates).to_string()}</th>
                    {fact(&|run| words.language.count(run.rates.len()))}
                </tr>
            }
        });
        let is_same = rows.is_empty();
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label=t_string!(i18n, runs.compare.caption)>
                <table class="runs__diff" data-testid="diff">
                    <caption>{t_string!(i18n, runs.compare.caption).to_string()}</caption>
                    <thead>
                        <tr><th scope="col">{t_string!(i18n, runs.compare.argument).to_string()}</th> {head}</tr>
                    </thead>
                    <tbody>
                        <tr>
                            <th scope="row">{t_string!(i18n, runs.column.best).to_string()}</th>
                            {fact(&|run| words.best(run).unwrap_or_else(|| "–".to_owned()))}
                        </tr>
                        <tr>
                            <th scope="row">{t_string!(i18n, runs.compare.params).to_string()}</th>
                            {fact(&|run| words.language.count(run.num_params()))}
                        </tr>
                        <tr>
                            <th scope="row">{t_string!(i18n, runs.column.time).to_string()}</th>
                            {fact(&|run| words.duration(run.running_ms))}
                        </tr>
                        {rates}
                        {rows}
                    </tbody>
                </table>
            </div>
            {is_same.then(|| view! { <p class="note">{t_string!(i18n, runs.compare.identical).to_string()}</p> })}
        }
    };
    view! { {table} }
}

/// One quantity of every run.
#[component]
fn Overlay(runs: Memo<Vec<Arc<KeptRun>>>, quantity: Quantity) -> impl IntoView {
    let i18n = use_i18n();
    let with = move |reader: &mut dyn FnMut(&LineChartState)| {
        let words = run_words(i18n);
        let label = |run: &KeptRun, is_validation: bool| {
            let name = words.name(run);
            if is_validation {
                t_string!(i18n, runs.compare.curve_validation, name).to_string()
            } else {
                t_string!(i18n, runs.compare.curve_training, name).to_string()
            }
        };
        reader(&overlay(&runs.read(), quantity, label));
    };
    let summary = Signal::derive(move || {
        let (runs, words) = (runs.read(), run_words(i18n));
        let [_, monitor] = quantity.monitors();
        let last = |run: &Arc<KeptRun>| {
            let (_, value) = *run.curve(&monitor).last()?;
            Some(format!("{}: {}", words.name(run), words.value(&monitor, value)))
        };
        let all: Vec<String> = runs.iter().filter_map(last).collect();
        t_string!(i18n, runs.compare.summary, monitor = monitor.name().to_owned(), values = all.join("; "))
            .to_string()
    });
    let title = match quantity {
        Quantity::Loss => text!(i18n, curves.name.loss),
        Quantity::Accuracy => text!(i18n, curves.name.accuracy),
    };
    view! {
        <LineChart
            with
            title
            summary
            x_label=text!(i18n, curves.axis.epoch)
            y_label=String::new()
            y_percent={quantity == Quantity::Accuracy}
        />
    }
}
