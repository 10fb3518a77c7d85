//! Height and distance over the steps.

use leptos::prelude::*;

use super::Track;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::pages::optimizers::{Course, RaceState};
use crate::ui::translations::text;
use crate::ui::widgets::line_chart::{ChartLink, LineChart, LineChartState};

/// Both charts over one axis.
#[component]
pub fn Charts(track: Track) -> impl IntoView {
    let i18n = use_i18n();
    let is_log = RwSignal::new(true);
    let axis = Memo::new(move |before: Option<&(u32, usize)>| {
        let steps = track.setup.read().steps;
        match before {
            Some((number, known)) if *known == steps => (*number, steps),
            before => (before.map_or(0, |(number, _)| number + 1), steps),
        }
    });
    let link = ChartLink::new(Signal::derive(move || axis.get().0));
    let curves = move |course: Course| {
        Memo::new(move |_| {
            let state: &RaceState = &track.state.read();
            state.chart(course, track.at())
        })
    };
    let lend = |curves: Memo<LineChartState>| {
        move |read: &mut dyn FnMut(&LineChartState)| curves.with(|state| read(state))
    };
    let summary = Signal::derive(move || {
        let state = track.state.read();
        let names: Vec<_> = state.running().map(|(racer, _)| state.setup.label(racer)).collect();
        t_string!(i18n, optimizers.charts.summary, names = names.join(", "), step = track.at()).to_string()
    });
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || is_log.get()
                on:change=move |event| is_log.set(event_target_checked(&event))
            />
            <span>{t!(i18n, optimizers.charts.log)}</span>
        </label>
        <LineChart
            with=lend(curves(Course::Value))
            title=text!(i18n, optimizers.charts.value)
            summary=summary
            x_label=text!(i18n, optimizers.charts.step)
            y_label=text!(i18n, optimizers.charts.value_axis)
            log_y=is_log
            link=link
            file="optimizers-value"
        />
        <LineChart
            with=lend(curves(Course::Distance))
            title=text!(i18n, optimizers.charts.distance)
            summary=summary
            x_label=text!(i18n, optimizers.charts.step)
            y_label=text!(i18n, optimizers.charts.distance_axis)
            log_y=is_log
            link=link
            file="optimizers-distance"
        />
    }
}
