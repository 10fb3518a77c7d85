//! The learning rate of the run in progress, as the reader sees and changes it.

use super::Field;
use crate::engine::callbacks::{CallbackAction, LearningRateSchedulerAction, ReduceLrOnPlateauAction};
use crate::engine::event::TrainEvent;
use crate::engine::schedules::LearningRateSpec;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::LearningRateError;
use crate::protocol::BatchBlock;
use crate::ui::locale::parse_number;

/// What a button multiplies the rate by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateFactor {
    /// 0.1
    Tenth,
    /// 0.5
    Half,
    /// 2
    Double,
}

impl RateFactor {
    /// Every one, the smallest first.
    pub const ALL: [RateFactor; 3] = [RateFactor::Tenth, RateFactor::Half, RateFactor::Double];

    /// The number.
    pub fn value(self) -> f64 {
        match self {
            RateFactor::Tenth => 0.1,
            RateFactor::Half => 0.5,
            RateFactor::Double => 2.0,
        }
    }
}

/// Why a text is no learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateProblem {
    /// There is nothing.
    Empty,
    /// It is no number.
    NoNumber,
    /// It is negative, or larger than [`RateProblem::most`].
    OutOfBounds,
}

impl RateProblem {
    /// The largest rate, the same as before a run; the smallest is 0, with which nothing is learnt.
    pub fn most() -> f64 {
        Field::LearningRate.bounds().max
    }
}

/// The rate that was typed.
///
/// # Errors
/// If it is none.
pub fn read_rate(text: &str) -> Result<f32, RateProblem> {
    if text.trim().is_empty() {
        return Err(RateProblem::Empty);
    }
    let rate = parse_number(text).ok_or(RateProblem::NoNumber)?;
    if !(0.0..=RateProblem::most()).contains(&rate) {
        return Err(RateProblem::OutOfBounds);
    }
    // Without this −0 would be shown with its sign.
    Ok(rate.abs() as f32)
}

/// `rate` times a button's factor, as if it had been typed: a tenth of 0.001 is 0.0001 and not 0.00010000001.
///
/// # Errors
/// If it would be too large.
pub fn scaled_rate(rate: f32, factor: RateFactor) -> Result<f32, RateProblem> {
    let written: f64 = rate.to_string().parse().unwrap_or_else(|_| f64::from(rate));
    let scaled = written * factor.value();
    if scaled > RateProblem::most() { Err(RateProblem::OutOfBounds) } else { Ok(scaled as f32) }
}

/// What is known of the rate.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RateState {
    /// The rate of the next step; `None` where it follows a schedule.
    pub now: Option<f32>,
    /// Keras's name of the schedule that it follows.
    pub schedule: Option<&'static str>,
    /// How often the reader changed it.
    pub changes: usize,
    /// What the reader asked for and the worker has not answered yet.
    pub asked: Option<f32>,
    /// Why the worker did not set it.
    pub refusal: Option<LearningRateError>,
}

impl RateState {
    /// Before a run.
    pub fn of(job: &RunSpec) -> Self {
        let rate = job.compile.optimizer.learning_rate();
        let schedule = match rate {
            LearningRateSpec::Number(_) => None,
            LearningRateSpec::Schedule(schedule) => Some(schedule.class_name()),
        };
        Self { now: rate.number(), schedule, ..Self::default() }
    }

    /// The rate to scale: what was asked for last counts, so that two quick clicks halve twice.
    pub fn base(&self) -> Option<f32> {
        self.asked.or(self.now)
    }

    /// Takes in what was measured.
    pub fn measure(&mut self, batches: &[BatchBlock]) {
        if self.schedule.is_none() {
            let last = batches.iter().rev().find_map(|block| block.learning_rates.last());
            self.now = last.copied().or(self.now);
        }
    }

    /// Takes in what happened.
    pub fn hear(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::LearningRateSet { before, after, .. } => {
                self.now = Some(*after);
                self.changes += usize::from(before != after);
                self.asked.take_if(|asked| asked == after);
                self.refusal = None;
            }
            TrainEvent::CallbackActed {
                action:
                    CallbackAction::LearningRateScheduler(LearningRateSchedulerAction::Set { after, .. })
                    | CallbackAction::ReduceLrOnPlateau(ReduceLrOnPlateauAction::Reduced { after, .. }),
                ..
            } => self.now = Some(*after as f32),
            TrainEvent::TrainEnd { .. } => self.asked = None,
            _ => {}
        }
    }

    /// The worker did not set it.
    pub fn refuse(&mut self, error: &LearningRateError) {
        self.asked = None;
        self.refusal = Some(error.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::super::job::default_job;
    use super::*;
    use crate::engine::schedules::{CosineDecaySpec, ScheduleSpec};

    #[test]
    fn only_numbers_from_nought_to_the_largest_are_rates() {
        assert_eq!(read_rate(" 0,001 "), Ok(0.001));
        assert_eq!(read_rate("1e-4"), Ok(1e-4));
        assert_eq!(read_rate("-0").map(f32::to_bits), Ok(0));
        assert_eq!(read_rate("10"), Ok(10.0));
        assert_eq!(read_rate("  "), Err(RateProblem::Empty));
        assert_eq!(read_rate("fast"), Err(RateProblem::NoNumber));
        assert_eq!(read_rate("NaN"), Err(RateProblem::NoNumber));
        assert_eq!(read_rate("inf"), Err(RateProblem::NoNumber));
        assert_eq!(read_rate("-0.1"), Err(RateProblem::OutOfBounds));
        assert_eq!(read_rate("10.5"), Err(RateProblem::OutOfBounds));
    }

    #[test]
    fn a_button_gives_the_number_that_one_would_type() {
        assert_eq!(scaled_rate(0.001, RateFactor::Tenth), Ok(0.0001));
        assert_eq!(scaled_rate(0.3, RateFactor::Tenth), Ok(0.03));
        assert_eq!(scaled_rate(0.001, RateFactor::Half), Ok(0.0005));
        assert_eq!(scaled_rate(0.001, RateFactor::Double), Ok(0.002));
        assert_eq!(scaled_rate(6.0, RateFactor::Double), Err(RateProblem::OutOfBounds));
        assert_eq!(scaled_rate(0.0, RateFactor::Double), Ok(0.0));
    }

    fn set(before: f32, after: f32) -> TrainEvent {
        TrainEvent::LearningRateSet { epoch: 0, batch: 3, before, after }
    }

    #[test]
    fn the_rate_is_that_of_whoever_set_it_last() {
        let mut state = RateState::of(&default_job());
        let first = state.now.unwrap();
        let blocks = [BatchBlock { learning_rates: vec![first, 0.25], ..BatchBlock::default() }];
        state.measure(&blocks);
        assert_eq!(state.now, Some(0.25));
        state.hear(&set(0.25, 0.5));
        assert_eq!((state.now, state.changes), (Some(0.5), 1));
        let action = LearningRateSchedulerAction::Set { before: 0.5, after: 0.125 };
        let action = CallbackAction::LearningRateScheduler(action);
        state.hear(&TrainEvent::CallbackActed { epoch: 1, callback: 0, action });
        assert_eq!((state.now, state.changes), (Some(0.125), 1));
        state.hear(&set(0.125, 0.125));
        assert_eq!(state.changes, 1, "the same rate is no change");
    }

    #[test]
    fn two_quick_clicks_halve_twice() {
        let mut state = RateState { now: Some(0.5), ..RateState::default() };
        state.asked = scaled_rate(state.base().unwrap(), RateFactor::Half).ok();
        state.asked = scaled_rate(state.base().unwrap(), RateFactor::Half).ok();
        assert_eq!(state.asked, Some(0.125));
        state.hear(&set(0.5, 0.25));
        assert_eq!((state.now, state.asked), (Some(0.25), Some(0.125)), "the second is on its way");
        state.hear(&set(0.25, 0.125));
        assert_eq!((state.now, state.asked, state.changes), (Some(0.125), None, 2));
    }

    #[test]
    fn a_schedule_is_named() {
        let mut job = default_job();
        let schedule = ScheduleSpec::CosineDecay(CosineDecaySpec::default());
        job.compile.optimizer = job.compile.optimizer.with_learning_rate(schedule);
        let mut state = RateState::of(&job);
        state.measure(&[BatchBlock { learning_rates: vec![0.5], ..BatchBlock::default() }]);
        assert_eq!((state.now, state.schedule), (None, Some("CosineDecay")));
    }
}
