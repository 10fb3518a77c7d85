//! The scores of the classes, and how softmax makes probabilities of them.

use super::Desk;
use super::asking::{Asked, Section};
use crate::protocol::{Finding, Question};
use crate::ui::components::{Picture, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::inside::{Pace, SoftmaxRow, largest, shares_scene, softmax_rows};
use crate::ui::translations::text;
use leptos::prelude::*;
use std::fmt::Write as _;

/// Width of a saved picture, in px.
const SAVED: f64 = 420.0;

/// The section, unfolded from the beginning.
#[component]
pub fn VerdictSection(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let asked = Asked::begin(Pace::Live, true, move || desk.ask(Question::Verdict), |inspection| inspection);
    view! {
        <Section asked id="inside-verdict" title=text!(i18n, inside.verdict.title) lead=text!(i18n, inside.verdict.lead)>
            <Verdict desk asked />
        </Section>
    }
}

#[component]
fn Verdict(desk: Desk, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let scores = Signal::derive(move || match asked.first() {
        Some(Finding::Verdict { logits, outputs }) => (logits, outputs),
        _ => (Vec::new(), Vec::new()),
    });
    // A sigmoid at the end has logits that no softmax was made of.
    let is_softmax = Memo::new(move |_| {
        let (logits, outputs) = scores.get();
        let rows = softmax_rows(&logits).0;
        !rows.is_empty() && rows.iter().zip(&outputs).all(|(row, p)| (row.probability - p).abs() < 1e-3)
    });
    let words = Signal::derive(move || {
        let (_, outputs) = scores.get();
        if outputs.is_empty() {
            return String::new();
        }
        let best = largest(&outputs);
        let (name, share) = (desk.name(best), language.get().percent(f64::from(outputs[best]), 1));
        t_string!(i18n, inside.verdict.said, name, share).to_string()
    });
    let scene = move |width: f64| {
        let (_, outputs) = scores.get();
        shares_scene(&desk.names.read(), &outputs, largest(&outputs), language.get(), width)
    };
    let table = move |()| {
        let (logits, outputs) = scores.get();
        let (rows, _) = softmax_rows(&logits);
        let language = language.get();
        let number = |value: f32, decimals| language.decimal(f64::from(value), decimals);
        let class = t_string!(i18n, inside.verdict.class).to_string();
        if !is_softmax.get() {
            let heads = vec![class, t_string!(i18n, inside.verdict.output).to_string()];
            let row = |(idx, value): (usize, &f32)| vec![desk.name(idx), number(*value, 4)];
            return Table { heads, rows: outputs.iter().enumerate().map(row).collect() };
        }
        let heads = vec![
            class,
            t_string!(i18n, inside.verdict.logit).to_string(),
            t_string!(i18n, inside.verdict.shifted).to_string(),
            t_string!(i18n, inside.verdict.power).to_string(),
            t_string!(i18n, inside.verdict.probability).to_string(),
        ];
        let row = |(idx, row): (usize, &SoftmaxRow)| {
            vec![
                desk.name(idx),
                number(row.logit, 4),
                number(row.shifted, 4),
                number(row.power, 6),
                language.percent(f64::from(row.probability), 3),
            ]
        };
        Table { heads, rows: rows.iter().enumerate().map(row).collect() }
    };
    let sum = move || {
        let (logits, outputs) = scores.get();
        let (rows, sum) = softmax_rows(&logits);
        let row = rows.get(largest(&outputs))?;
        let language = language.get();
        let [power, sum, share] =
            [row.power, sum, row.probability].map(|value| language.decimal(f64::from(value), 4));
        is_softmax.get().then(|| t_string!(i18n, inside.verdict.sum, power, sum, share).to_string())
    };
    let csv = move |()| {
        let (logits, outputs) = scores.get_untracked();
        let mut out = String::from("class,logit,output\n");
        for (class, output) in outputs.iter().enumerate() {
            let logit = logits.get(class).map_or_else(String::new, f32::to_string);
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{class},{logit},{output}");
        }
        out
    };
    let title = text!(i18n, inside.verdict.title);
    view! {
        <p class="inside__said" data-testid="inside-said">{move || words.get()}</p>
        <div class="inside__chart">
            <Picture scene label=words />
        </div>
        {move || sum().map(|words| view! { <p data-testid="inside-sum">{words}</p> })}
        <p class="field__hint">{t!(i18n, inside.verdict.note)}</p>
        <Twin
            title=title
            file="verdict"
            table=table
            csv=csv
            pictures=move |()| vec![(untrack(|| words.get()), untrack(|| scene(SAVED)))]
        />
    }
}
