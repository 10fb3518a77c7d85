//! All charts of the run in progress, with what they share: how finely they look, how they are smoothed, and
//! which part of the run they show.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::charts::{ChartNames, Grain, Quantity};
use super::csv::{epochs_csv, steps_csv};
use super::histograms_panel::HistogramsPanel;
use super::marks::chart_marks;
use super::sound_field::SoundField;
use super::watch_fields::WatchFields;
use crate::ui::components::{Card, Icon, IconMark, Later, Segmented, fresh_id, save};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::training::{Phase, TrainingState, quantities, run_chart};
use crate::ui::training::{TrainingRun, words};
use crate::ui::translations::text;
use crate::ui::widgets::line_chart::{ChartLink, LineChart, LineChartState, MOST_SMOOTHING, value_text};

const BATCH: &str = "batch";
const EPOCH: &str = "epoch";
/// How long a chart rests while it trains, in ms.
const REST_MS: f64 = 90.0;
/// So much longer for every batch that it shows.
const REST_MS_PER_STEP: f64 = 1.0 / 500.0;
/// TensorBoard's default.
const SMOOTHING: f64 = 0.6;
/// Marks that are told of in words, at most: a callback may act after every batch.
const MOST_MARKS: usize = 200;

/// What all charts of the panel share.
#[derive(Clone, Copy)]
struct Shared {
    grain: RwSignal<Grain>,
    smoothing: RwSignal<f64>,
    log_loss: RwSignal<bool>,
    link: ChartLink,
}

/// The charts.
#[component]
pub fn CurvesPanel() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    // Another run has another axis.
    let axis = Memo::new(move |_| run.read(|state| state.run().map_or(0, |run| run.0)));
    let shared = Shared {
        grain: RwSignal::default(),
        smoothing: RwSignal::new(SMOOTHING),
        log_loss: RwSignal::new(false),
        link: ChartLink::new(axis.into()),
    };
    let all = Memo::new(move |_| {
        let are_watched = run.watch.read().gradient_norm;
        run.read(|state| quantities(state, are_watched))
    });
    view! {
        <Card title=text!(i18n, curves.title) class="curves">
            {settings(shared)}
            <p class="note">{t!(i18n, curves.note)}</p>
            <div class="curves__charts">
                <For
                    each=move || all.get()
                    key=|quantity| quantity.clone()
                    children=move |quantity| {
                        view! {
                            <Later>
                                <QuantityChart quantity shared />
                            </Later>
                        }
                    }
                />
            </div>
            <MarkList />
            {files()}
            <WatchFields />
            <SoundField />
        </Card>
        <HistogramsPanel />
    }
}

fn settings(shared: Shared) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let Shared { grain, smoothing, log_loss, .. } = shared;
    let choices = Signal::derive(move || {
        vec![
            (BATCH.to_owned(), t_string!(i18n, curves.grain.batch).to_string()),
            (EPOCH.to_owned(), t_string!(i18n, curves.grain.epoch).to_string()),
        ]
    });
    let chosen = move || if grain.get() == Grain::Batch { BATCH.to_owned() } else { EPOCH.to_owned() };
    let choose = move |text: String| grain.set(if text == EPOCH { Grain::Epoch } else { Grain::Batch });
    let (id, hint_id) = (fresh_id("smoothing"), fresh_id("smoothing-hint"));
    let weight = move || language.get().short(smoothing.get(), 2);
    let on_input = move |event| {
        if let Ok(value) = event_target_value(&event).parse::<f64>() {
            smoothing.set(value.clamp(0.0, MOST_SMOOTHING));
        }
    };
    view! {
        <div class="fields">
            <Segmented
                label=text!(i18n, curves.grain.label)
                choices=choices
                value=Signal::derive(chosen)
                on_change=choose
            />
            <div class="field curves__smoothing">
                <label class="field__label" for=id.clone()>
                    {move || t_string!(i18n, curves.smoothing.label, value = weight()).to_string()}
                </label>
                <input
                    id=id
                    type="range"
                    min="0"
                    max=MOST_SMOOTHING.to_string()
                    step="0.01"
                    prop:value=move || smoothing.get().to_string()
                    aria-valuetext=weight
                    aria-describedby=hint_id.clone()
                    disabled=move || grain.get() == Grain::Epoch
                    on:input=on_input
                />
                <span class="field__hint" id=hint_id>{t!(i18n, curves.smoothing.help)}</span>
            </div>
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || log_loss.get()
                    on:change=move |event| log_loss.set(event_target_checked(&event))
                />
                <span>{t!(i18n, curves.log)}</span>
            </label>
        </div>
    }
}

#[component]
fn QuantityChart(quantity: Quantity, shared: Shared) -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let language = shell().language;
    let quantity = StoredValue::new(quantity);
    let is_share = quantity.with_value(Quantity::is_share);
    let is_loss = quantity.with_value(|quantity| *quantity == Quantity::loss());
    let title = Signal::derive(move || {
        quantity.with_value(|quantity| match quantity {
            Quantity::Metric(name) if name == "loss" => t_string!(i18n, curves.name.loss).to_string(),
            Quantity::Metric(name) if name == "accuracy" => t_string!(i18n, curves.name.accuracy).to_string(),
            Quantity::Metric(name) => name.to_string(),
            Quantity::LearningRate => t_string!(i18n, curves.name.learning_rate).to_string(),
            Quantity::GradientNorm => t_string!(i18n, curves.name.gradient_norm).to_string(),
            Quantity::Speed => t_string!(i18n, curves.name.speed).to_string(),
        })
    });
    let names = move || ChartNames {
        training: t_string!(i18n, curves.series.training).to_string(),
        validation: t_string!(i18n, curves.series.validation).to_string(),
        single: title.get(),
    };
    let chart = move |state: &TrainingState| {
        quantity.with_value(|quantity| run_chart(state, quantity, shared.grain.get(), &names()))
    };
    // Made once for all who read it. While it trains it rests between two looks: a long run has many points.
    let made_ms = StoredValue::new(0.0);
    let made = Memo::new_with_compare(
        move |before: Option<&Arc<LineChartState>>| {
            let now_ms = js_sys::Date::now();
            let rest = |state: &TrainingState| {
                let rest_ms = REST_MS + state.history().curves.steps.len() as f64 * REST_MS_PER_STEP;
                state.phase() == Phase::Running && now_ms - made_ms.get_value() < rest_ms
            };
            match before {
                Some(before) if run.read(rest) => before.clone(),
                _ => {
                    made_ms.set_value(now_ms);
                    Arc::new(run.read(chart))
                }
            }
        },
        |before, after| match (before, after) {
            (Some(before), Some(after)) => !Arc::ptr_eq(before, after),
            _ => true,
        },
    );
    let with = move |reader: &mut dyn FnMut(&LineChartState)| reader(&made.read());
    // The picture's name need not follow every batch: a screen reader would never finish it.
    let epochs = Memo::new(move |_| run.read(|state| (state.run(), state.history().epochs.len())));
    let summary = Memo::new(move |_| {
        // Not `track`: a memo that nobody has read yet hears of nothing.
        epochs.with(|_| ());
        let language = language.get();
        let value = |y: f64| if is_share { language.percent(y, 2) } else { value_text(y, language) };
        let last = |chart: &LineChartState| {
            chart
                .series
                .iter()
                .map(|series| series.points.last().map(|point| value(point.1)))
                .collect::<Vec<_>>()
        };
        let mut last = run.read_untracked(|state| last(&chart(state))).into_iter();
        match (last.next().flatten(), last.next().flatten()) {
            (None, _) => t_string!(i18n, curves.summary.empty).to_string(),
            (Some(value), None) => t_string!(i18n, curves.summary.one, value).to_string(),
            (Some(training), Some(validation)) => {
                t_string!(i18n, curves.summary.both, training, validation).to_string()
            }
        }
    });
    let x_words = move |x: f64| {
        let steps = run.read_untracked(|state| state.plan().steps_per_epoch);
        let batch = ((x - x.floor()) * steps as f64).round() as usize;
        let count = |number: usize| language.get().count(number);
        if batch == 0 || batch == steps {
            return t_string!(i18n, curves.read.epoch, epoch = count(x.round() as usize)).to_string();
        }
        let (epoch, batch, batches) = (count(x.floor() as usize + 1), count(batch), count(steps));
        t_string!(i18n, curves.read.batch, epoch, batch, batches).to_string()
    };
    let smoothing = Signal::derive(move || match shared.grain.get() {
        Grain::Batch => shared.smoothing.get(),
        Grain::Epoch => 0.0,
    });
    let file = quantity.with_value(|quantity| match quantity {
        Quantity::Metric(name) => name.to_string(),
        Quantity::LearningRate => "learning_rate".to_owned(),
        Quantity::GradientNorm => "gradient_norm".to_owned(),
        Quantity::Speed => "images_per_second".to_owned(),
    });
    view! {
        <LineChart
            with=with
            title=title
            summary=summary
            x_label=text!(i18n, curves.axis.epoch)
            y_label=String::new()
            y_percent=is_share
            smoothing=smoothing
            log_y=Signal::derive(move || is_loss && shared.log_loss.get())
            link=shared.link
            x_words=x_words
            mark_words=move |position| mark_sentences(run, i18n, position)
            file=file
        />
    }
}

/// What happened at one of the marks on the charts.
fn mark_sentences(run: TrainingRun, i18n: I18nContext<Locale>, position: usize) -> String {
    run.read_untracked(|state| {
        let (curves, steps) = (&state.history().curves, state.plan().steps_per_epoch);
        let marks = chart_marks(curves, steps);
        let (Some(at), Some(job)) = (marks.get(position), state.job()) else { return String::new() };
        let words = words(i18n);
        let here = curves.marks.iter().filter(|mark| (mark.x(steps) - at.x).abs() < 1e-9);
        here.map(|mark| words.event(&mark.event, job, steps)).collect::<Vec<_>>().join(" ")
    })
}

/// The last marks in words, with the numbers that stand on the curves.
#[component]
fn MarkList() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let number = Memo::new(move |_| {
        run.read(|state| {
            let curves = &state.history().curves;
            (state.run(), curves.marks.len(), curves.forgotten_marks)
        })
    });
    let lines = move || {
        number.with(|_| ());
        let words = words(i18n);
        let line = |state: &TrainingState| -> Vec<String> {
            let (steps, Some(job)) = (state.plan().steps_per_epoch, state.job()) else { return Vec::new() };
            let marks = state.history().curves.marks.iter();
            let before = marks.len().saturating_sub(MOST_MARKS);
            marks.skip(before).map(|mark| words.event(&mark.event, job, steps)).collect()
        };
        run.read_untracked(line).into_iter().map(|line| view! { <li>{line}</li> }).collect_view()
    };
    let before = move || number.get().2 + number.get().1.saturating_sub(MOST_MARKS);
    let first = move || (before() + 1).to_string();
    let forgotten = move || {
        let n = words(i18n).language.count(before());
        (before() > 0).then(|| t_string!(i18n, curves.marks_forgotten, n).to_string())
    };
    view! {
        <details class="curves__marks" hidden=move || number.get().1 == 0>
            <summary>{t!(i18n, curves.marks)}</summary>
            <p class="note">{forgotten}</p>
            <ol start=first>{lines}</ol>
        </details>
    }
}

/// The whole run as files.
fn files() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let has_epochs = Memo::new(move |_| run.read(|state| !state.history().curves.epochs.is_empty()));
    let has_steps = Memo::new(move |_| run.read(|state| !state.history().curves.steps.is_empty()));
    let is_thinned = Memo::new(move |_| run.read(|state| state.history().curves.is_thinned()));
    let save_epochs = move |_| {
        let text = run.read_untracked(|state| epochs_csv(&state.history().curves.epochs));
        save("training.csv", text.as_bytes(), "text/csv");
    };
    let save_steps = move |_| {
        let text = run.read_untracked(|state| steps_csv(&state.history().curves.steps));
        save("batches.csv", text.as_bytes(), "text/csv");
    };
    view! {
        <div class="buttons">
            <button type="button" class="button" disabled=move || !has_epochs.get() on:click=save_epochs>
                <IconMark icon=Icon::Download />
                {t!(i18n, curves.save.epochs)}
            </button>
            <button type="button" class="button" disabled=move || !has_steps.get() on:click=save_steps>
                <IconMark icon=Icon::Download />
                {t!(i18n, curves.save.batches)}
            </button>
        </div>
        <p class="note" hidden=move || !is_thinned.get()>{t!(i18n, curves.save.thinned)}</p>
    }
}
