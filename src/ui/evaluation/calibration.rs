//! How far the probabilities can be believed: the reliability curve, its bins and its error.

use super::looking::Looking;
use crate::engine::scores::{Bin, Calibration};
use crate::ui::components::{Bounds, NumberField, Picture, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::evaluation::{Evaluation, Look, ReliabilityWords, calibration_csv, reliability};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::sync::Arc;

/// Width of a saved or printed picture, in px.
pub const SAVED: f64 = 480.0;

/// The words of the picture now.
pub fn reliability_words(i18n: I18nContext<Locale>, language: Language) -> ReliabilityWords {
    ReliabilityWords {
        language,
        x: t_string!(i18n, evaluation.calibration.x).to_string(),
        y: t_string!(i18n, evaluation.calibration.y).to_string(),
        ideal: t_string!(i18n, evaluation.calibration.ideal).to_string(),
        counts: t_string!(i18n, evaluation.calibration.counts).to_string(),
    }
}

/// The bins as a table.
pub fn bins_table(i18n: I18nContext<Locale>, language: Language, calibration: &Calibration) -> Table {
    let heads = vec![
        t_string!(i18n, evaluation.calibration.bin).to_string(),
        t_string!(i18n, evaluation.calibration.counts).to_string(),
        t_string!(i18n, evaluation.calibration.x).to_string(),
        t_string!(i18n, evaluation.calibration.y).to_string(),
        t_string!(i18n, evaluation.calibration.gap).to_string(),
    ];
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| language.percent(value, 1));
    let decimals = usize::from(!100_usize.is_multiple_of(calibration.bins.len().max(1)));
    let row = |bin: &Bin| {
        vec![
            format!("{}–{}", language.percent(bin.from, decimals), language.percent(bin.to, decimals)),
            language.count(bin.count),
            share(bin.mean_probability()),
            share(bin.accuracy()),
            share(bin.gap()),
        ]
    };
    Table { heads, rows: calibration.bins.iter().map(row).collect() }
}

/// What the calibration comes to, in words.
pub fn verdict(i18n: I18nContext<Locale>, language: Language, calibration: &Calibration) -> Option<String> {
    let (error, gap) = (calibration.expected_error()?, calibration.mean_gap()?);
    let error = language.percent(error, 2);
    let distance = language.percent(gap.abs(), 2);
    Some(if gap < 0.0 {
        t_string!(i18n, evaluation.calibration.too_sure, error, distance).to_string()
    } else {
        t_string!(i18n, evaluation.calibration.too_shy, error, distance).to_string()
    })
}

/// The card's content.
#[component]
pub fn CalibrationPart(
    evaluation: Arc<Evaluation>,
    calibration: Memo<Calibration>,
    looking: Looking,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let (min, max) = (*Look::BINS.start() as f64, *Look::BINS.end() as f64);
    let summary = Signal::derive(move || {
        let verdict = verdict(i18n, language.get(), &calibration.read()).unwrap_or_default();
        format!("{}. {verdict}", t_string!(i18n, evaluation.calibration.alt))
    });
    let draw =
        move |width: f64| reliability(&calibration.read(), &reliability_words(i18n, language.get()), width);
    let table = move |()| bins_table(i18n, language.get(), &calibration.read());
    let csv = move |()| calibration_csv(&calibration.read_untracked());
    let pictures = move |()| -> Vec<(String, Scene)> {
        let name = evaluation.model.stamp.name.clone();
        untrack(|| vec![(t_string!(i18n, evaluation.calibration.caption, name).to_string(), draw(SAVED))])
    };
    view! {
        <p>{t!(i18n, evaluation.calibration.lead)}</p>
        <div class="evaluation__screen">
            <NumberField
                label=text!(i18n, evaluation.calibration.bins)
                value=Signal::derive(move || looking.look.read().bins as f64)
                bounds=Bounds { min, max, step: 1.0, decimals: 0 }
                on_change=move |bins: f64| looking.change(|look| look.bins = bins as usize)
                hint=text!(i18n, evaluation.calibration.bins_hint)
            />
        </div>
        <div class="evaluation__curve evaluation__screen">
            <Picture scene=draw label=summary />
        </div>
        <p
            data-testid="calibration"
            data-value=move || calibration.read().expected_error().map(|error| error.to_string())
        >
            {move || verdict(i18n, language.get(), &calibration.read())}
        </p>
        <p class="field__hint">{t!(i18n, evaluation.calibration.ece)}</p>
        <Twin title=text!(i18n, evaluation.calibration.title) file="calibration" table csv pictures />
    }
}
