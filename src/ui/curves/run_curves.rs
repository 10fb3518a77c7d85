//! [`RunCurves`]: everything a run has told that can be drawn.

use super::marks::{Mark, is_mark};
use super::steps::Steps;
use crate::engine::event::{Logs, TrainEvent};
use crate::engine::watch::HistogramsEvent;
use crate::protocol::BatchBlock;

/// Batches are counted together until they took this long, in milliseconds: the clock of a worker is
/// coarse, and a single batch may be over within one tick of it.
pub const LEAST_MS: f64 = 250.0;
/// Histograms of more epochs are not kept; beyond, every second epoch is forgotten.
const MOST_HISTOGRAMS: usize = 64;
/// More marks are not kept; beyond, the oldest ones are forgotten.
const MOST_MARKS: usize = 1_000;
/// So many marks are forgotten together.
const MARKS_STEP: usize = 100;
/// More speeds are not kept; beyond, batches are counted together until they took twice as long.
const MOST_SPEEDS: usize = 4_096;

/// How fast batches went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// Their epoch, from 0.
    pub epoch: usize,
    /// The last of them, from 0 within the epoch.
    pub last: usize,
    /// How many.
    pub batches: usize,
    /// Training time they took, in milliseconds.
    pub spent_ms: f64,
}

/// Everything a run has told that can be drawn.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RunCurves {
    /// Every batch.
    pub steps: Steps,
    /// Every epoch that ended, with its number from 0.
    pub epochs: Vec<(usize, Logs)>,
    /// What callbacks did, and what the reader changed.
    pub marks: Vec<Mark>,
    /// Marks before the first of these that are forgotten.
    pub forgotten_marks: usize,
    /// How weights and activations were spread, if it was asked for.
    pub histograms: Vec<HistogramsEvent>,
    /// How fast it went.
    pub speeds: Vec<Speed>,
    /// How often speeds were thinned.
    thinned_speeds: u32,
    /// The epoch and the batch that ended last; no batch at the end of an epoch.
    now: (usize, Option<usize>),
}

impl RunCurves {
    /// A run of which only the ends of its epochs are known.
    pub fn of_epochs(epochs: Vec<(usize, Logs)>) -> RunCurves {
        RunCurves { epochs, ..RunCurves::default() }
    }

    /// Takes in what was measured.
    pub fn measure(&mut self, batches: &[BatchBlock], histograms: &[HistogramsEvent]) {
        for block in batches {
            self.steps.add(block);
            self.add_speed(block);
        }
        self.histograms.extend_from_slice(histograms);
        if self.histograms.len() > MOST_HISTOGRAMS {
            let last = self.histograms.len() - 1;
            let mut idx = 0;
            self.histograms.retain(|_| {
                idx += 1;
                (idx - 1) % 2 == 0 || idx - 1 == last
            });
        }
    }

    fn add_speed(&mut self, block: &BatchBlock) {
        let Some(before_last) = block.len().checked_sub(1) else { return };
        let (epoch, last) = (block.epoch, block.first + before_last);
        let least_ms = LEAST_MS * 2.0_f64.powi(self.thinned_speeds as i32);
        match self.speeds.last_mut() {
            Some(speed) if speed.epoch == epoch && speed.spent_ms < least_ms => {
                speed.last = last;
                speed.batches += block.len();
                speed.spent_ms += block.spent_ms;
            }
            _ => self.speeds.push(Speed { epoch, last, batches: block.len(), spent_ms: block.spent_ms }),
        }
        if self.speeds.len() > MOST_SPEEDS {
            self.thin_speeds();
        }
    }

    /// Counts two neighbours together where they are of one epoch. Where most epochs have a single one, every
    /// second one is forgotten instead.
    fn thin_speeds(&mut self) {
        self.thinned_speeds += 1;
        let mut thinned: Vec<Speed> = Vec::with_capacity(MOST_SPEEDS);
        let mut is_open = false;
        for speed in self.speeds.drain(..) {
            match thinned.last_mut() {
                Some(before) if is_open && before.epoch == speed.epoch => {
                    before.last = speed.last;
                    before.batches += speed.batches;
                    before.spent_ms += speed.spent_ms;
                    is_open = false;
                }
                _ => {
                    thinned.push(speed);
                    is_open = true;
                }
            }
        }
        if thinned.len() > MOST_SPEEDS / 4 * 3 {
            // The last one stays.
            let mut left = thinned.len();
            thinned.retain(|_| {
                left -= 1;
                left.is_multiple_of(2)
            });
        }
        self.speeds = thinned;
    }

    /// Whether some of what was told is forgotten, or counted together.
    pub fn is_thinned(&self) -> bool {
        self.steps.is_thinned() || self.thinned_speeds > 0
    }

    fn mark(&mut self, mark: Mark) {
        if self.marks.len() == MOST_MARKS {
            self.marks.drain(..MARKS_STEP);
            self.forgotten_marks += MARKS_STEP;
        }
        self.marks.push(mark);
    }

    /// Takes in what happened.
    pub fn hear(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::BatchEnd { epoch, batch, .. } => self.now = (*epoch, Some(*batch)),
            TrainEvent::EpochEnd { epoch, logs } => {
                self.epochs.push((*epoch, logs.clone()));
                self.now = (*epoch, None);
            }
            TrainEvent::CallbackActed { action, .. } if is_mark(action) => {
                let (epoch, batch) = self.now;
                self.mark(Mark { epoch, batch, event: event.clone() });
            }
            TrainEvent::LearningRateSet { epoch, batch, before, after } if before != after => {
                self.mark(Mark { epoch: *epoch, batch: Some(*batch), event: event.clone() });
            }
            TrainEvent::TrainBegin { .. }
            | TrainEvent::EpochBegin { .. }
            | TrainEvent::TestBatchEnd { .. }
            | TrainEvent::CallbackActed { .. }
            | TrainEvent::LearningRateSet { .. }
            | TrainEvent::TrainEnd { .. } => {}
        }
    }

    /// Whether gradients were measured.
    pub fn has_gradient_norms(&self) -> bool {
        self.steps.gradient_norms.iter().any(|norm| !norm.is_nan())
    }
}

#[cfg(test)]
mod tests {
    use super::super::marks::chart_marks;
    use super::*;
    use crate::engine::callbacks::{CallbackAction, EarlyStoppingAction, ReduceLrOnPlateauAction};

    fn block(epoch: usize, first: usize, num: usize, spent_ms: f64) -> BatchBlock {
        BatchBlock {
            epoch,
            first,
            losses: vec![1.0; num],
            learning_rates: vec![0.1; num],
            spent_ms,
            ..BatchBlock::default()
        }
    }

    fn acted(action: CallbackAction) -> TrainEvent {
        TrainEvent::CallbackActed { epoch: 0, callback: 0, action }
    }

    #[test]
    fn fast_batches_are_timed_together_but_not_across_epochs() {
        let mut curves = RunCurves::default();
        let blocks =
            [block(0, 0, 10, 50.0), block(0, 10, 10, 210.0), block(0, 20, 5, 50.0), block(1, 0, 4, 9.0)];
        curves.measure(&blocks, &[]);
        let speed = |epoch, last, batches, spent_ms| Speed { epoch, last, batches, spent_ms };
        assert_eq!(curves.speeds, [speed(0, 19, 20, 260.0), speed(0, 24, 5, 50.0), speed(1, 3, 4, 9.0)]);
    }

    #[test]
    fn what_callbacks_changed_is_marked_where_it_happened() {
        let mut curves = RunCurves::default();
        let (value, best, threshold, wait, patience) = (1.0, 0.5, 0.5, 2, 2);
        let reduced = ReduceLrOnPlateauAction::Reduced {
            value,
            best,
            threshold,
            wait,
            patience,
            before: 0.1,
            after: 0.01,
            cooldown: 0,
        };
        let judged = EarlyStoppingAction::Improved { value, before: None, reset: true, wait: 0 };
        curves.hear(&TrainEvent::BatchEnd { epoch: 0, batch: 1, batch_loss: 1.0, logs: Logs::default() });
        curves.hear(&acted(CallbackAction::TerminateOnNan { batch: 1 }));
        curves.hear(&TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() });
        curves.hear(&acted(CallbackAction::EarlyStopping(judged)));
        curves.hear(&acted(CallbackAction::ReduceLrOnPlateau(reduced)));
        curves.hear(&acted(CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch: 0 })));
        let marks = chart_marks(&curves, 4);
        let marks: Vec<_> = marks.iter().map(|mark| (mark.x, &mark.label[..])).collect();
        assert_eq!(marks, [(0.5, "1"), (1.0, "2–3")]);
    }

    #[test]
    fn a_rate_that_was_set_is_marked_between_two_batches() {
        let mut curves = RunCurves::default();
        let set = |epoch, batch, after| TrainEvent::LearningRateSet { epoch, batch, before: 0.1, after };
        for event in [set(0, 0, 0.2), set(0, 2, 0.2), set(0, 2, 0.1), set(0, 4, 0.3), set(1, 0, 0.4)] {
            curves.hear(&event);
        }
        let marks = chart_marks(&curves, 4);
        let marks: Vec<_> = marks.iter().map(|mark| (mark.x, &mark.label[..])).collect();
        assert_eq!(marks, [(0.0, "1"), (0.5, "2"), (1.0, "3–4")], "the same rate is no change");
    }

    #[test]
    fn marks_without_end_do_not_fill_the_memory_and_keep_their_numbers() {
        let mut curves = RunCurves::default();
        for epoch in 0..2_500 {
            curves.hear(&TrainEvent::EpochEnd { epoch, logs: Logs::default() });
            curves.hear(&acted(CallbackAction::TerminateOnNan { batch: 1 }));
        }
        assert!(curves.marks.len() <= MOST_MARKS);
        let marks = chart_marks(&curves, 4);
        let last = marks.last().map(|mark| (mark.x, &mark.label[..]));
        assert_eq!(last, Some((2_500.0, "2500")));
        assert_eq!(curves.marks.len() + curves.forgotten_marks, 2_500);
    }

    #[test]
    fn speeds_without_end_do_not_fill_the_memory() {
        let mut long = RunCurves::default();
        for number in 0..20_000 {
            long.measure(&[block(0, number * 3, 3, LEAST_MS)], &[]);
            assert!(long.speeds.len() <= MOST_SPEEDS);
        }
        assert!(long.is_thinned());
        let batches: usize = long.speeds.iter().map(|speed| speed.batches).sum();
        assert_eq!(batches, 60_000, "counted together, none is lost");
        let mut short = RunCurves::default();
        for epoch in 0..20_000 {
            short.measure(&[block(epoch, 0, 3, 9.0)], &[]);
            assert!(short.speeds.len() <= MOST_SPEEDS);
        }
        assert_eq!(short.speeds.last().map(|speed| speed.epoch), Some(19_999));
    }

    #[test]
    fn histograms_of_a_long_run_are_thinned_and_keep_their_ends() {
        let mut curves = RunCurves::default();
        for epochs in 0..=200 {
            let event = HistogramsEvent { epochs, weights: Vec::new(), activations: Vec::new() };
            curves.measure(&[], &[event]);
            let ends = (curves.histograms[0].epochs, curves.histograms.last().unwrap().epochs);
            assert!(curves.histograms.len() <= MOST_HISTOGRAMS && ends == (0, epochs));
        }
    }
}
