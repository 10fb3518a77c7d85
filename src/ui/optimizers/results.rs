//! What the racers reached: curves in one chart, and a table.

use leptos::prelude::*;

use super::racer_name;
use super::relay::NetworkRace;
use crate::engine::event::Monitor;
use crate::engine::spec::RunSpec;
use crate::ui::components::Segmented;
use crate::ui::curves::{ChartNames, Grain};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::pages::training::{Phase, TrainingState, to_query};
use crate::ui::routes::{Location, Route};
use crate::ui::training::words;
use crate::ui::translations::text;
use crate::ui::widgets::line_chart::{ChartLink, LineChart, LineChartState};
use leptos_i18n::I18nContext;

/// How much curves of batches are smoothed, if that is wanted.
const SMOOTHING: f64 = 0.9;

/// Curves and table; nothing before there was a race.
#[component]
pub fn Results(race: NetworkRace) -> impl IntoView {
    let i18n = use_i18n();
    let has_begun = Memo::new(move |_| race.read(|relay| !relay.racers().is_empty()));
    view! {
        <Show when=move || has_begun.get()>
            <Curves race />
            <div
                class="table-scroll"
                tabindex="0"
                role="region"
                aria-label=move || t_string!(i18n, optimizers.results.title)
                data-testid="race-results"
            >
                <table class="table race__numbers">
                    <caption>{t!(i18n, optimizers.results.title)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, optimizers.numbers.racer)}</th>
                            <th scope="col">{t!(i18n, optimizers.results.standing)}</th>
                            <th scope="col">{t!(i18n, optimizers.results.epochs)}</th>
                            <th scope="col"><code lang="en">"loss"</code></th>
                            <th scope="col"><code lang="en">"accuracy"</code></th>
                            <th scope="col"><code lang="en">"val_loss"</code></th>
                            <th scope="col"><code lang="en">"val_accuracy"</code></th>
                            <th scope="col">{t!(i18n, optimizers.results.speed)}</th>
                            <th scope="col">{t!(i18n, optimizers.results.run)}</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows(i18n, race)}</tbody>
                </table>
            </div>
        </Show>
    }
}

/// Loss and accuracy of all racers, over epochs.
#[component]
fn Curves(race: NetworkRace) -> impl IntoView {
    let i18n = use_i18n();
    let (grain, is_smooth) = (RwSignal::new(Grain::Batch), RwSignal::new(true));
    let grains = Signal::derive(move || {
        vec![
            ("batch".to_owned(), t_string!(i18n, optimizers.results.batch).to_string()),
            ("epoch".to_owned(), t_string!(i18n, optimizers.results.epoch).to_string()),
        ]
    });
    let names = move |racer: usize, run: &RunSpec| {
        let name = racer_name(racer, &run.compile.optimizer);
        ChartNames {
            training: t_string!(i18n, optimizers.results.training, name = name.clone()).to_string(),
            validation: t_string!(i18n, optimizers.results.validation, name = name.clone()).to_string(),
            single: name,
        }
    };
    let lend = move |monitor: Monitor| {
        move |reader: &mut dyn FnMut(&LineChartState)| {
            let grain = grain.get();
            reader(&race.read(|relay| relay.chart(&monitor, grain, names)));
        }
    };
    let smoothing = Signal::derive(move || if is_smooth.get() { SMOOTHING } else { 0.0 });
    let link = ChartLink::new(Signal::stored(0));
    let summary = Signal::derive(move || t_string!(i18n, optimizers.results.summary).to_string());
    view! {
        <div class="fields">
            <Segmented
                label=text!(i18n, optimizers.results.grain)
                compact=true
                choices=grains
                value=Signal::derive(move || if grain.get() == Grain::Batch { "batch" } else { "epoch" }.to_owned())
                on_change=move |name: String| {
                    grain.set(if name == "epoch" { Grain::Epoch } else { Grain::Batch });
                }
            />
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || is_smooth.get()
                    on:change=move |event| is_smooth.set(event_target_checked(&event))
                />
                <span>{t!(i18n, optimizers.results.smooth)}</span>
            </label>
        </div>
        <LineChart
            with=lend(Monitor::LOSS)
            title=text!(i18n, curves.name.loss)
            summary=summary
            x_label=text!(i18n, curves.axis.epoch)
            y_label=String::new()
            smoothing=smoothing
            link=link
            file="race-loss"
        />
        <LineChart
            with=lend(Monitor::ACCURACY)
            title=text!(i18n, curves.name.accuracy)
            summary=summary
            x_label=text!(i18n, curves.axis.epoch)
            y_label=String::new()
            y_percent=true
            smoothing=smoothing
            link=link
            file="race-accuracy"
        />
    }
}

fn rows(i18n: I18nContext<Locale>, race: NetworkRace) -> Vec<AnyView> {
    let row = |current: Option<usize>, racer: usize, run: &RunSpec, state: &TrainingState| {
        let words = words(i18n);
        let name = racer_name(racer, &run.compile.optimizer);
        let epochs = &state.history().epochs;
        let logs = epochs.last();
        let value = |monitor: Monitor| {
            let text = logs.map_or("–".to_owned(), |logs| words.logged(logs, &monitor));
            view! { <td>{text}</td> }
        };
        let speed =
            state.images_per_second().map_or("–".to_owned(), |speed| words.language.count(speed as usize));
        let href = Location { route: Some(Route::Training), query: to_query(run) }.to_hash();
        let label = t_string!(i18n, optimizers.results.open_of, name = name.clone()).to_string();
        view! {
            <tr>
                <th scope="row" lang="en">{name}</th>
                <td>{standing(i18n, state, current == Some(racer))}</td>
                <td>{words.language.count(epochs.len())}</td>
                {value(Monitor::LOSS)}
                {value(Monitor::ACCURACY)}
                {value(Monitor::VAL_LOSS)}
                {value(Monitor::VAL_ACCURACY)}
                <td>{speed}</td>
                <td><a href=href aria-label=label>{t_string!(i18n, optimizers.results.open).to_string()}</a></td>
            </tr>
        }
        .into_any()
    };
    race.read(|relay| {
        let racers = relay.racers().iter().enumerate();
        racers.map(|(racer, (run, state))| row(relay.current(), racer, run, state)).collect()
    })
}

/// Where a racer stands, or why it could not run.
fn standing(i18n: I18nContext<Locale>, state: &TrainingState, is_current: bool) -> String {
    let errors = ErrorText { i18n, language: words(i18n).language };
    match state.phase() {
        Phase::Idle => t_string!(i18n, optimizers.results.waiting).to_string(),
        phase if phase.is_active() && !is_current => t_string!(i18n, optimizers.results.stopped).to_string(),
        Phase::Loading => t_string!(i18n, optimizers.results.loading).to_string(),
        Phase::Running | Phase::Paused => t_string!(i18n, optimizers.results.running).to_string(),
        Phase::Ended => t_string!(i18n, optimizers.results.ended).to_string(),
        Phase::Failed => state.error().map_or_else(String::new, |error| errors.worker(error)),
        Phase::Interrupted => t_string!(i18n, optimizers.results.interrupted).to_string(),
    }
}
