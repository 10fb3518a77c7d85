//! The rehearsed run and what can be asked of it.

use super::mark::{Mark, mark};
use super::setup::{Look, Setup};
use crate::engine::callbacks::{CallbackAction, CallbackState, EarlyStoppingAction};
use crate::ui::callbacks::{Fault, Hook, Rehearsal, TEST_BATCHES};
use crate::ui::widgets::protocol_timeline::ProtocolState;

/// What a callback compares the curve with.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Position of the callback.
    pub callback: usize,
    /// The best value so far.
    pub best: f64,
    /// What a value must be beyond to be an improvement.
    pub threshold: f64,
}

/// What was drawn, and the run that follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct TheatreState {
    /// What was drawn and chosen.
    pub setup: Setup,
    /// The run, or which callback cannot be built.
    pub run: Result<Rehearsal, Fault>,
}

impl TheatreState {
    /// Rehearses.
    pub fn new(setup: Setup) -> TheatreState {
        let run = Rehearsal::run(&setup.curve, &setup.callbacks, setup.learning_rate as f32, setup.steps);
        TheatreState { setup, run }
    }

    /// Calls of hooks, 0 where nothing can be rehearsed.
    pub fn num_moments(&self) -> usize {
        self.run.as_ref().map_or(0, |run| run.moments.len())
    }

    /// The call that is looked at: the one asked for if it is in that epoch, else the epoch's last one; for
    /// an epoch that was never reached the end of the run.
    pub fn moment(&self, look: Look) -> Option<usize> {
        let run = self.run.as_ref().ok()?;
        let asked =
            look.moment.filter(|idx| run.moments.get(*idx).is_some_and(|moment| moment.epoch == look.epoch));
        asked.or_else(|| run.end_of(look.epoch)).or_else(|| run.moments.len().checked_sub(1))
    }

    /// Where one looks when a call is chosen: an epoch's last one is the epoch itself.
    pub fn look_at(&self, moment: usize) -> Option<Look> {
        let run = self.run.as_ref().ok()?;
        let epoch = run.moments.get(moment)?.epoch;
        Some(Look { epoch, moment: Some(moment).filter(|_| run.end_of(epoch) != Some(moment)) })
    }

    /// Epochs that the run reached; the last one may not have been completed.
    pub fn reached(&self) -> usize {
        let last = self.run.as_ref().ok().and_then(|run| run.moments.last());
        last.filter(|_| self.num_moments() > 1).map_or(0, |moment| moment.epoch + 1)
    }

    /// Where in the protocol a call is.
    pub fn protocol(&self, moment: usize) -> ProtocolState {
        let Some(run) = self.run.as_ref().ok() else { return ProtocolState::default() };
        let Some(now) = run.moments.get(moment) else { return ProtocolState::default() };
        let before = &run.moments[..=moment];
        let last = |hooks: [Hook; 2]| {
            let mut own = before.iter().rev().take_while(|other| other.epoch == now.epoch);
            own.find(|other| hooks.contains(&other.hook)).and_then(|other| other.batch)
        };
        let mut acted: Vec<usize> = now.actions.iter().map(|(callback, _)| *callback).collect();
        acted.dedup();
        ProtocolState {
            hook: Some(now.hook),
            epoch: now.epoch,
            epochs: self.setup.curve.epochs(),
            batch: last([Hook::TrainBatchBegin, Hook::TrainBatchEnd]),
            batches: run.steps,
            test_batch: last([Hook::TestBatchBegin, Hook::TestBatchEnd]),
            test_batches: TEST_BATCHES,
            acted,
        }
    }

    /// The sign of a callback in an epoch: the weightiest of what it did there.
    pub fn mark(&self, callback: usize, epoch: usize) -> Option<Mark> {
        let run = self.run.as_ref().ok()?;
        let own = |(position, action): &(usize, CallbackAction)| {
            if *position == callback { mark(action) } else { None }
        };
        let marks: Vec<Mark> = run.actions_in(epoch).filter_map(own).collect();
        marks.iter().rfind(|mark| mark.is_major).or(marks.last()).cloned()
    }

    /// The epoch whose weights a callback put back at the end.
    pub fn restored(&self, callback: usize) -> Option<usize> {
        let last = self.run.as_ref().ok()?.moments.last()?;
        last.actions.iter().find_map(|(position, action)| match action {
            CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch })
                if *position == callback =>
            {
                Some(*best_epoch)
            }
            _ => None,
        })
    }

    /// What the first callback that watches the curve compares with, after a call.
    pub fn band(&self, moment: usize) -> Option<Band> {
        let run = self.run.as_ref().ok()?;
        let drawn = self.setup.curve.metric.monitor();
        let bands = run.states(moment).iter().enumerate().filter_map(|(callback, state)| {
            let (best, threshold) = match state {
                CallbackState::EarlyStopping(state) => (state.best?, state.threshold?),
                CallbackState::ReduceLrOnPlateau(state) => (state.best?, state.threshold?),
                _ => return None,
            };
            let watches = self.setup.callbacks.get(callback)?.monitor() == Some(&drawn);
            (watches && best.is_finite()).then_some(Band { callback, best, threshold })
        });
        bands.into_iter().next()
    }

    /// The learning rate of every epoch that was reached.
    pub fn rates(&self) -> Vec<f32> {
        let Ok(run) = &self.run else { return Vec::new() };
        let in_epoch = |epoch: usize| {
            let moment = run.moments_of(epoch).iter().rfind(|moment| {
                matches!(moment.hook, Hook::EpochBegin | Hook::TrainBatchBegin | Hook::TrainBatchEnd)
            });
            moment.map(|moment| moment.learning_rate)
        };
        (0..self.reached()).map_while(in_epoch).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::StopReason;
    use crate::ui::callbacks::{Course, Curve, Metric, callbacks_from_text};

    fn state(values: &[f64], callbacks: &str) -> TheatreState {
        let curve = Curve::from_values(Metric::ValLoss, values).unwrap();
        let callbacks = callbacks_from_text(callbacks).unwrap();
        TheatreState::new(Setup { curve, callbacks, ..Setup::default() })
    }

    #[test]
    fn a_look_at_an_epoch_is_a_look_at_its_end() {
        let state = state(&[0.5, 0.4, 0.3], "");
        let run = state.run.as_ref().unwrap();
        let end = state.moment(Look { epoch: 1, moment: None }).unwrap();
        assert_eq!((run.moments[end].hook, run.moments[end].epoch), (Hook::EpochEnd, 1));
        assert_eq!(state.look_at(end), Some(Look { epoch: 1, moment: None }));
        let look = state.look_at(end - 1).unwrap();
        assert_eq!(state.moment(look), Some(end - 1));
        // A call of another epoch gives way to the epoch.
        assert_eq!(state.moment(Look { epoch: 1, moment: Some(0) }), Some(end));
        assert_eq!(state.protocol(end - 1).test_batch, Some(TEST_BATCHES - 1));
    }

    #[test]
    fn an_epoch_that_was_never_reached_shows_the_end() {
        let state = state(&[0.5, 0.6, 0.7, 0.1], "EarlyStopping~restore_best_weights-true");
        assert_eq!(state.reached(), 2);
        assert_eq!(state.moment(Look { epoch: 3, moment: None }), Some(state.num_moments() - 1));
        assert_eq!(state.mark(0, 1).unwrap().sign, "■");
        assert_eq!((state.mark(0, 0).unwrap().sign.as_str(), state.mark(0, 3)), ("✓", None));
        assert_eq!(state.restored(0), Some(0));
        assert_eq!(state.protocol(state.num_moments() - 1).acted, [0]);
    }

    #[test]
    fn the_band_is_that_of_the_first_who_watches_the_curve() {
        let text = "EarlyStopping~monitor-loss~~ReduceLROnPlateau~min_delta-0.125";
        let state = state(&[0.5, 0.25], text);
        let end = state.num_moments() - 1;
        assert_eq!(state.band(end), Some(Band { callback: 1, best: 0.25, threshold: 0.125 }));
        assert_eq!(state.band(0), None);
    }

    #[test]
    fn the_rate_of_an_epoch_is_the_one_it_was_trained_with() {
        let state = state(&[0.5; 4], "ReduceLROnPlateau~patience-2~factor-0.5");
        assert_eq!(state.rates(), [0.001, 0.001, 0.001, 0.0005]);
        let scheduler = "LearningRateScheduler~schedule-PerEpoch~learning_rates-0.5 0.25";
        assert_eq!(super::tests::state(&[0.5; 3], scheduler).rates(), [0.5, 0.25, 0.25]);
    }

    #[test]
    fn a_callback_that_cannot_be_built_leaves_nothing_to_see() {
        let state = state(&[0.5], "History~~ReduceLROnPlateau~factor-1");
        assert_eq!(state.run.as_ref().unwrap_err().callback, 1);
        assert_eq!((state.num_moments(), state.reached(), state.moment(Look::default())), (0, 0, None));
        assert_eq!((state.rates(), state.band(0)), (vec![], None));
    }

    #[test]
    fn a_loss_that_is_no_number_ends_the_run_in_its_first_batch() {
        let setup = Setup { curve: Curve::of(Course::Diverges, Metric::ValLoss, 8), ..Setup::default() };
        let first = setup.curve.values().iter().position(|value| value.is_nan()).unwrap();
        let state = TheatreState::new(setup);
        assert_eq!(state.run.as_ref().unwrap().reason, StopReason::Diverged { epoch: first, batch: 0 });
        assert_eq!((state.reached(), state.mark(3, first).unwrap().sign.as_str()), (first + 1, "■"));
    }
}
