//! The page: the form beside the run, the curves, the log and the result.

use leptos::prelude::*;

use super::scene::{ChartNames, accuracy_chart, loss_chart};
use super::state::TrainingState;
use crate::engine::event::Monitor;
use crate::ui::components::Card;
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::locale::Language;
use crate::ui::routes::Route;
use crate::ui::training::{
    Controls, EventLog, Form, LoadingProgress, ResultCard, RunProgress, SetupForm, Workers,
};
use crate::ui::translations::text;
use crate::ui::widgets::line_chart::{LineChart, LineChartState};

/// The page.
#[component]
pub fn TrainingPage() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    remember_last_job();
    let form = Form::from_address();
    let phase = run.phase();
    let is_active = Signal::derive(move || phase.get().is_active());
    view! {
        <article class="page training">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.nav.training)}</h1>
                <p class="lead">{t!(i18n, training.lead)}</p>
            </header>
            <div class="training__columns">
                <Card title=text!(i18n, training.setup) class="training__setup">
                    <SetupForm form locked=is_active />
                </Card>
                <div class="training__run">
                    <Card title=text!(i18n, training.run.title)>
                        <Controls form />
                        <LoadingProgress form />
                        <RunProgress />
                        <Workers />
                    </Card>
                    <ResultCard />
                    <Curves />
                    <Card title=text!(i18n, training.log.title)>
                        <EventLog />
                    </Card>
                </div>
            </div>
        </article>
    }
}

/// A bare link to the page comes back to what was trained last.
fn remember_last_job() {
    let shell = shell();
    if shell.query_untracked().is_empty()
        && let Some(job) = laboratory().training.read_untracked(|state| state.job().cloned())
    {
        shell.replace_query(Route::Training, super::query::to_query(&job));
    }
}

#[component]
fn Curves() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let language = shell().language;
    let names = move || ChartNames {
        training: t_string!(i18n, training.chart.training).to_string(),
        validation: t_string!(i18n, training.chart.validation).to_string(),
    };
    let with_loss = move |reader: &mut dyn FnMut(&LineChartState)| {
        let names = names();
        run.read(|state| reader(&loss_chart(state, &names)));
    };
    let with_accuracy = move |reader: &mut dyn FnMut(&LineChartState)| {
        let names = names();
        run.read(|state| reader(&accuracy_chart(state, &names)));
    };
    // The picture's name need not follow every batch: a screen reader would never finish it.
    let epochs = Memo::new(move |_| run.read(|state| (state.run(), state.history().epochs.len())));
    let summary = move |training: Monitor, validation: Monitor, show: fn(Language, f64) -> String| {
        Signal::derive(move || {
            epochs.track();
            let language = language.get();
            let last = |monitor: &Monitor| run.read_untracked(|state| latest(state, monitor));
            match (last(&training), last(&validation)) {
                (None, _) => t_string!(i18n, training.chart.empty).to_string(),
                (Some(training), None) => {
                    let training = show(language, training);
                    t_string!(i18n, training.chart.now, training).to_string()
                }
                (Some(training), Some(validation)) => {
                    let (training, validation) = (show(language, training), show(language, validation));
                    t_string!(i18n, training.chart.now_both, training, validation).to_string()
                }
            }
        })
    };
    view! {
        <div class="card training__charts">
            <LineChart
                with=with_loss
                title=text!(i18n, training.chart.loss)
                summary=summary(Monitor::LOSS, Monitor::VAL_LOSS, |language, value| language.decimal(value, 4))
                x_label=text!(i18n, training.chart.epoch)
                y_label=String::new()
            />
            <LineChart
                with=with_accuracy
                title=text!(i18n, training.chart.accuracy)
                summary=summary(Monitor::ACCURACY, Monitor::VAL_ACCURACY, |language, value| {
                    language.percent(value, 2)
                })
                x_label=text!(i18n, training.chart.epoch)
                y_label=String::new()
                y_percent=true
            />
            <p class="note training__note">{t!(i18n, training.chart.note)}</p>
        </div>
    }
}

fn latest(state: &TrainingState, monitor: &Monitor) -> Option<f64> {
    state.history().curve(monitor).last().map(|point| point.1)
}
