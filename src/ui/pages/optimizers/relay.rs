//! Racers that train one after the other, each as a run of its own.

use crate::engine::event::Monitor;
use crate::engine::spec::RunSpec;
use crate::protocol::{RunId, WorkerEvent};
use crate::ui::curves::{ChartNames, Grain, Quantity, chart_series};
use crate::ui::pages::training::{Phase, TrainingState};
use crate::ui::widgets::line_chart::{LineChartState, LineStyle, Role};

use super::state::style;

/// What an event has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that is worth looking at.
    Nothing,
    /// Something of the racer that trains.
    Moved,
    /// It is through, and the next may begin, if there is one.
    Through,
}

/// The racers of a race with a network.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Relay {
    racers: Vec<(RunSpec, TrainingState)>,
    /// Who trains.
    current: Option<usize>,
}

impl Relay {
    /// A race of these runs, of which none has begun.
    pub fn new(runs: Vec<RunSpec>) -> Relay {
        Relay { racers: runs.into_iter().map(|run| (run, TrainingState::default())).collect(), current: None }
    }

    /// The next run to begin: the first of those that nothing was done for yet.
    pub fn waiting(&self) -> Option<RunSpec> {
        let waiting = |(_, state): &&(RunSpec, TrainingState)| state.phase() == Phase::Idle;
        self.racers.iter().find(waiting).map(|(run, _)| run.clone())
    }

    /// The next run begins in this conversation.
    pub fn begin_next(&mut self, run: RunId) {
        let waiting = |(_, state): &(RunSpec, TrainingState)| state.phase() == Phase::Idle;
        self.current = self.racers.iter().position(waiting);
        if let Some((job, state)) = self.current.and_then(|current| self.racers.get_mut(current)) {
            state.begin(run, job.clone());
        }
    }

    /// Takes in what the worker tells of the racer that trains.
    pub fn apply(&mut self, event: &WorkerEvent) -> Heard {
        let Some((_, state)) = self.current.and_then(|current| self.racers.get_mut(current)) else {
            return Heard::Nothing;
        };
        if !state.apply(event) {
            return Heard::Nothing;
        }
        if state.phase().is_active() {
            return Heard::Moved;
        }
        self.current = None;
        Heard::Through
    }

    /// Nobody trains any more.
    pub fn stop(&mut self) {
        self.current = None;
    }

    /// Who trains, with the number from 0.
    pub fn current(&self) -> Option<usize> {
        self.current
    }

    /// The conversation of who trains.
    pub fn run(&self) -> Option<RunId> {
        self.racers.get(self.current?)?.1.run()
    }

    /// Every racer's run and where it stands.
    pub fn racers(&self) -> &[(RunSpec, TrainingState)] {
        &self.racers
    }

    /// Whether the worker died.
    pub fn is_interrupted(&self) -> bool {
        self.racers.iter().any(|(_, state)| state.phase() == Phase::Interrupted)
    }

    /// One quantity of every racer that has begun; `names` gives the names of a racer's curves.
    pub fn chart(
        &self,
        monitor: &Monitor,
        grain: Grain,
        names: impl Fn(usize, &RunSpec) -> ChartNames,
    ) -> LineChartState {
        let quantity = Quantity::Metric(monitor.0.clone());
        let epochs = self.racers.first().map(|(run, _)| run.fit.epochs as f64);
        let begun = self.racers.iter().enumerate().filter(|(_, (_, state))| state.phase() != Phase::Idle);
        let series = begun.flat_map(|(racer, (run, state))| {
            let curves = &state.history().curves;
            let look = |role: Role| racer_style(racer, role);
            chart_series(curves, &quantity, grain, &state.plan(), &names(racer, run), look)
        });
        LineChartState {
            series: series.filter(|series| !series.points.is_empty()).collect(),
            y_range: quantity.is_share().then_some((0.0, 1.0)),
            x_end: epochs,
            epoch_lines: true,
            ..LineChartState::default()
        }
    }
}

/// Colour and sign are the racer's, the dash tells training from validation.
fn racer_style(racer: usize, role: Role) -> LineStyle {
    let LineStyle { ink, marker, .. } = style(racer);
    LineStyle { ink, dash: role.dash(), marker }
}

#[cfg(test)]
mod tests {
    use super::super::network::NetworkSetup;
    use super::*;
    use crate::engine::event::{Logs, StopReason, TrainEvent};
    use crate::protocol::RunState;

    fn train(run: RunId, events: Vec<TrainEvent>) -> WorkerEvent {
        WorkerEvent::Train { run, events, running_ms: 10.0 }
    }

    fn epoch(loss: f64) -> TrainEvent {
        TrainEvent::EpochEnd {
            epoch: 0,
            logs: Logs::from([(Monitor::LOSS, loss), (Monitor::VAL_LOSS, loss)]),
        }
    }

    fn names(racer: usize, _: &RunSpec) -> ChartNames {
        let name = |what: &str| format!("{racer} {what}");
        ChartNames { training: name("training"), validation: name("validation"), single: name("single") }
    }

    #[test]
    fn racers_train_one_after_the_other_and_their_curves_lie_in_one_chart() {
        let mut relay = Relay::new(NetworkSetup::default().runs());
        for racer in 0..4u32 {
            let run = RunId(racer + 1);
            let job = relay.waiting().unwrap();
            relay.begin_next(run);
            assert_eq!((relay.current(), relay.run()), (Some(racer as usize), Some(run)));
            assert_eq!(relay.racers()[racer as usize].1.job(), Some(&job));
            let running = WorkerEvent::State { run, state: RunState::Running };
            assert_eq!(relay.apply(&running), Heard::Moved);
            assert_eq!(
                relay.apply(&WorkerEvent::State { run: RunId(99), state: RunState::Ended }),
                Heard::Nothing
            );
            let end = TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: 1 };
            assert_eq!(relay.apply(&train(run, vec![epoch(f64::from(racer)), end])), Heard::Moved);
            assert_eq!(relay.apply(&WorkerEvent::State { run, state: RunState::Ended }), Heard::Through);
        }
        assert_eq!(relay.waiting(), None);
        assert_eq!(relay.current(), None);
        let chart = relay.chart(&Monitor::LOSS, Grain::Epoch, names);
        let validation: Vec<_> =
            chart.series.iter().filter(|series| series.role == Role::Validation).collect();
        assert_eq!(validation.len(), 4);
        assert_eq!(validation[2].points, [(1.0, 2.0)]);
    }

    #[test]
    fn nothing_is_heard_after_a_stop() {
        let mut relay = Relay::new(NetworkSetup::default().runs());
        relay.begin_next(RunId(1));
        relay.stop();
        assert_eq!(
            relay.apply(&WorkerEvent::State { run: RunId(1), state: RunState::Ended }),
            Heard::Nothing
        );
        assert_eq!(relay.current(), None);
        assert!(relay.chart(&Monitor::LOSS, Grain::Batch, names).series.is_empty());
    }

    #[test]
    fn a_dead_worker_ends_the_race() {
        let mut relay = Relay::new(NetworkSetup::default().runs());
        relay.begin_next(RunId(1));
        let died = WorkerEvent::Died { run: RunId(1), message: String::new() };
        assert_eq!(relay.apply(&died), Heard::Through);
        assert!(relay.is_interrupted());
    }
}
