//! What is taken along: tables for other programs, and the printed report.

use super::calibration::{SAVED, bins_table, reliability_words};
use crate::engine::scores::Calibration;
use crate::formats::summary_text;
use crate::ui::components::{Icon, IconMark, ModelFacts, save};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::evaluation::{
    Evaluation, calibration_csv, classes_csv, images_csv, matrix_csv, reliability,
};
use crate::ui::scene::{ColorMap, Ink};
use crate::ui::svg::{Colors, to_svg};
use crate::ui::translations::text;
use leptos::prelude::*;
use std::sync::Arc;

/// The buttons.
#[component]
pub fn Take(
    evaluation: Arc<Evaluation>,
    names: Memo<Vec<String>>,
    calibration: Memo<Calibration>,
) -> impl IntoView {
    let i18n = use_i18n();
    let csv = |name: &str, text: &str| save(&format!("{name}.csv"), text.as_bytes(), "text/csv");
    let of_images = {
        let evaluation = evaluation.clone();
        move |()| csv("test-images", &images_csv(&evaluation))
    };
    let of_classes = {
        let evaluation = evaluation.clone();
        move |()| csv("test-classes", &classes_csv(&evaluation, &names.read_untracked()))
    };
    let of_matrix = move |()| csv("confusion-matrix", &matrix_csv(&evaluation, &names.read_untracked()));
    let of_bins = move |()| csv("calibration", &calibration_csv(&calibration.read_untracked()));
    let print = move |_| {
        // A frame that may not print does nothing.
        let _ = window().print();
    };
    view! {
        <p>{t!(i18n, evaluation.take.lead)}</p>
        <div class="buttons">
            <SaveButton label=text!(i18n, evaluation.take.images) id="csv-images" on_click=of_images />
            <SaveButton label=text!(i18n, evaluation.take.classes) id="csv-classes" on_click=of_classes />
            <SaveButton label=text!(i18n, evaluation.take.matrix) id="csv-matrix" on_click=of_matrix />
            <SaveButton label=text!(i18n, evaluation.take.calibration) id="csv-calibration" on_click=of_bins />
            <button type="button" class="button button--primary" data-testid="print" on:click=print>
                {t!(i18n, evaluation.take.print)}
            </button>
        </div>
        <p class="field__hint">{t!(i18n, evaluation.take.hint)}</p>
    }
}

#[component]
fn SaveButton(
    #[prop(into)] label: Signal<String>,
    id: &'static str,
    #[prop(into)] on_click: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="button" data-testid=id on:click=move |_| on_click.run(())>
            <IconMark icon=Icon::Download />
            <span>{move || label.get()}</span>
            <span lang="en">"CSV"</span>
        </button>
    }
}

/// Colours that the style sheet fills in, so that paper gets those of paper whatever the screen shows.
struct Tokens;

impl Colors for Tokens {
    fn ink(&self, ink: Ink) -> String {
        format!("var({})", ink.token())
    }

    fn cell(&self, _map: ColorMap, value: f32) -> [u8; 3] {
        // The curve has no cells; whoever draws some here gets gray.
        [(255.0 * (1.0 - value.clamp(0.0, 1.0))) as u8; 3]
    }

    fn font(&self, mono: bool) -> String {
        if mono { "var(--font-mono)" } else { "var(--font-text)" }.to_owned()
    }
}

/// What stands on paper alone: the model, its data and settings, and the calibration as a picture and a table.
#[component]
pub fn Report(evaluation: StoredValue<Arc<Evaluation>>, calibration: Memo<Calibration>) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let evaluation = evaluation.get_value();
    let summary = summary_text(&evaluation.model.spec).unwrap_or_default();
    let model = evaluation.model.clone();
    let picture = move || {
        let scene = reliability(&calibration.read(), &reliability_words(i18n, language.get()), SAVED);
        let svg = to_svg(&scene, t_string!(i18n, evaluation.calibration.alt), &Tokens);
        view! { <div class="evaluation__picture" inner_html=svg></div> }
    };
    let bins = move || {
        let table = bins_table(i18n, language.get(), &calibration.read());
        let head = |text: String| view! { <th scope="col">{text}</th> };
        let row = |cells: Vec<String>| {
            view! { <tr>{cells.into_iter().map(|text| view! { <td>{text}</td> }).collect_view()}</tr> }
        };
        view! {
            <table class="table">
                <thead>
                    <tr>{table.heads.into_iter().map(head).collect_view()}</tr>
                </thead>
                <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    };
    view! {
        <div class="evaluation__report">
            <h2>{t!(i18n, evaluation.report.calibration)}</h2>
            {picture}
            {bins}
            <h2>{t!(i18n, evaluation.report.model)}</h2>
            <ModelFacts model />
            <pre lang="en">{summary}</pre>
        </div>
    }
}
