//! The chart on the page: legend, canvas, and the same numbers as a table.

use super::scene::{ChartText, line_chart};
use super::state::{LineChartState, Series};
use crate::ui::components::Picture;
use crate::ui::context::shell;
use crate::ui::i18n::{t, use_i18n};
use leptos::prelude::*;

/// Rows of the table twin; longer curves are thinned.
const TABLE_ROWS: usize = 100;

/// `with` lends the state to a reader and must read a signal that changes with it; `summary` says the
/// latest values in words for those who do not see the picture.
#[component]
pub fn LineChart<W>(
    with: W,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] summary: Signal<String>,
    #[prop(into)] x_label: Signal<String>,
    #[prop(into)] y_label: Signal<String>,
    #[prop(optional)] y_percent: bool,
) -> impl IntoView
where
    W: Fn(&mut dyn FnMut(&LineChartState)) + Clone + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let language = shell().language;
    let words = move || ChartText {
        language: language.get(),
        x_label: x_label.get(),
        y_label: y_label.get(),
        y_percent,
    };
    let painted = with.clone();
    let scene = move |width: f64| {
        let words = words();
        let mut out = None;
        painted(&mut |state| out = Some(line_chart(state, &words, width)));
        out.unwrap_or_default()
    };
    let is_open = RwSignal::new(false);
    let named = with.clone();
    let names = Memo::new_with_compare(
        move |_| {
            let mut names = Vec::new();
            named(&mut |state| names = state.series.iter().map(|s| (s.label.clone(), s.role)).collect());
            names
        },
        |before, after| before != after,
    );
    let legend = move || {
        let entry = |(idx, (label, role)): (usize, (String, _))| {
            let sample = Series { label: label.clone(), role, points: Vec::new() };
            view! {
                <li class="line-chart__entry">
                    <span class="line-chart__sample" aria-hidden="true">
                        <Picture scene=move |_| sample.sample(idx) label=String::new() />
                    </span>
                    {label}
                </li>
            }
        };
        names.get().into_iter().enumerate().map(entry).collect_view()
    };
    let on_toggle = move |event| is_open.set(event_target::<web_sys::HtmlDetailsElement>(&event).open());
    view! {
        <figure class="line-chart">
            <figcaption class="line-chart__title">{move || title.get()}</figcaption>
            <ul class="line-chart__legend">{legend}</ul>
            <Picture scene=scene label=Signal::derive(move || format!("{}. {}", title.get(), summary.get())) />
            <details
                class="line-chart__twin"
                on:toggle=on_toggle
            >
                <summary>{t!(i18n, common.chart.as_table)}</summary>
                {move || is_open.get().then(|| table(&with, &x_label.get(), y_percent))}
            </details>
        </figure>
    }
}

fn table(with: &impl Fn(&mut dyn FnMut(&LineChartState)), x_label: &str, y_percent: bool) -> AnyView {
    let language = shell().language.get();
    let value = move |y: f64| if y_percent { language.percent(y, 2) } else { language.decimal(y, 4) };
    let mut heads = Vec::new();
    let mut rows = Vec::new();
    with(&mut |state| {
        heads = state.series.iter().map(|series| series.label.clone()).collect();
        for x in state.table_xs(TABLE_ROWS) {
            let cells: Vec<_> = state.series.iter().map(|s| s.at(x).map_or("–".to_owned(), value)).collect();
            rows.push((language.short(x, 3), cells));
        }
    });
    let head = |text: String| view! { <th scope="col">{text}</th> };
    let row = |(x, cells): (String, Vec<String>)| {
        let cells = cells.into_iter().map(|text| view! { <td>{text}</td> }).collect_view();
        view! { <tr><th scope="row">{x}</th>{cells}</tr> }
    };
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=x_label.to_owned()>
            <table class="table">
                <thead>
                    <tr>{head(x_label.to_owned())}{heads.into_iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
