//! The race: every racer's way over the same surface from the same start.

use super::race::{Moment, Trace};
use super::setup::Setup;
use crate::engine::optimizers::OptimizerError;
use crate::ui::scene::{Dash, Ink};
use crate::ui::widgets::line_chart::{LineChartState, LineStyle, Marker, Role, Series};

/// What was chosen, and what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RaceState {
    /// What was chosen.
    pub setup: Setup,
    /// Of every racer, its way or why it cannot run.
    pub traces: Vec<Result<Trace, OptimizerError>>,
}

/// What a chart shows over the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The height.
    Value,
    /// The distance to the nearest minimum.
    Distance,
}

impl RaceState {
    /// Runs everybody.
    pub fn new(setup: Setup) -> RaceState {
        let traces = setup.racers.iter().map(|racer| Trace::run(&setup, racer)).collect();
        RaceState { setup, traces }
    }

    /// A racer's way, if it runs.
    pub fn trace(&self, racer: usize) -> Option<&Trace> {
        self.traces.get(racer)?.as_ref().ok()
    }

    /// The racers that run, each with its number from 0.
    pub fn running(&self) -> impl Iterator<Item = (usize, &Trace)> {
        self.traces.iter().enumerate().filter_map(|(racer, trace)| Some((racer, trace.as_ref().ok()?)))
    }

    /// How far a racer is from the nearest minimum.
    pub fn distance(&self, moment: &Moment) -> f64 {
        self.setup.surface().distance(moment.at)
    }

    /// Who is lowest after so many steps, if anybody is.
    pub fn leader(&self, step: usize) -> Option<usize> {
        let height = |trace: &Trace| trace.moment(step).value;
        let finite = self.running().filter(|(_, trace)| height(trace).is_finite());
        finite.min_by(|(_, a), (_, b)| height(a).total_cmp(&height(b))).map(|(racer, _)| racer)
    }

    /// The curves of all racers up to a step; the axis holds the whole race.
    pub fn chart(&self, course: Course, to: usize) -> LineChartState {
        let point = |(step, moment): (usize, &Moment)| {
            let y = match course {
                Course::Value => f64::from(moment.value),
                Course::Distance => self.distance(moment),
            };
            (step as f64, y)
        };
        let series = |(racer, trace): (usize, &Trace)| Series {
            label: self.setup.label(racer),
            role: Role::Training,
            style: Some(style(racer)),
            points: trace.moments.iter().enumerate().take(to + 1).map(point).collect(),
        };
        LineChartState {
            series: self.running().map(series).collect(),
            x_end: Some(self.setup.steps as f64),
            ..LineChartState::default()
        }
    }

    /// Every place of every racer, one after the other.
    pub fn places(&self) -> Vec<f32> {
        self.running().flat_map(|(_, trace)| trace.moments.iter().flat_map(|moment| moment.at)).collect()
    }
}

/// A racer's colour, line and sign: no two of the eight share a colour or a sign.
pub fn style(racer: usize) -> LineStyle {
    const MARKERS: [Marker; Setup::MAX_RACERS] = [
        Marker::Square,
        Marker::Diamond,
        Marker::Triangle,
        Marker::Cross,
        Marker::Plus,
        Marker::Down,
        Marker::Star,
        Marker::Frame,
    ];
    let racer = racer % Setup::MAX_RACERS;
    let dash = [Dash::Solid, Dash::Dashed][racer / 4];
    LineStyle { ink: Ink::RACERS[racer], dash, marker: MARKERS[racer] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::optimizers::{AdamSpec, SgdSpec};

    #[test]
    fn no_two_racers_share_a_colour_or_a_sign() {
        let all: Vec<_> = (0..Setup::MAX_RACERS).map(style).collect();
        for (idx, one) in all.iter().enumerate() {
            assert!(all[..idx].iter().all(|other| other.ink != one.ink && other.marker != one.marker));
        }
    }

    #[test]
    fn everybody_begins_at_the_same_place_and_the_first_race_ends_near_the_minimum() {
        let state = RaceState::new(Setup::default());
        assert_eq!(state.running().count(), 5);
        for (racer, trace) in state.running() {
            assert_eq!((trace.moments.len(), trace.moments[0].at), (61, state.setup.start));
            assert!(trace.moments[60].value < trace.moments[0].value, "{}", state.setup.label(racer));
        }
        let best = state.leader(60).unwrap();
        assert!(state.distance(state.trace(best).unwrap().moment(60)) < 0.1);
        assert_eq!(state.places().len(), 5 * 61 * 2);
    }

    #[test]
    fn who_cannot_run_is_told_apart_from_who_can() {
        let bad = AdamSpec { beta_1: 1.0, ..AdamSpec::default() };
        let racers = vec![bad.into(), SgdSpec::default().into()];
        let state = RaceState::new(Setup { racers, ..Setup::default() });
        assert!(state.traces[0].is_err() && state.trace(0).is_none());
        assert_eq!(state.running().map(|(racer, _)| racer).collect::<Vec<_>>(), [1]);
        assert_eq!(state.leader(10), Some(1));
    }

    #[test]
    fn charts_grow_with_the_step_that_is_looked_at() {
        let state = RaceState::new(Setup::default());
        for course in [Course::Value, Course::Distance] {
            let chart = state.chart(course, 12);
            assert_eq!((chart.series.len(), chart.series[0].points.len()), (5, 13));
            assert_eq!(chart.x_end, Some(60.0));
        }
        let distance = state.chart(Course::Distance, 0).series[0].points[0].1;
        assert!((distance - 18.25f64.sqrt()).abs() < 1e-6);
    }
}
