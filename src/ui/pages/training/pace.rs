//! How far a run is, and how long the rest will take.

use crate::engine::spec::{FitSpec, ValidationFreq};

/// What one validation image costs beside one training image: a forward pass, where training also
/// goes backward, which is about twice as much again.
const VALIDATION_COST: f64 = 1.0 / 3.0;
/// Before this much training, in milliseconds, nothing can be said about the rest.
const LEAST_MS: f64 = 700.0;

/// What a run is going to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The epoch, from 0, at which it begins.
    pub first_epoch: usize,
    /// The epoch before which it ends.
    pub epochs: usize,
    /// Batches per epoch.
    pub steps_per_epoch: usize,
    /// Training images per epoch.
    pub samples: usize,
    /// Validation images after an epoch that is validated.
    pub validation_samples: usize,
    /// Which epochs are validated.
    pub validation_freq: ValidationFreq,
    /// Images per batch.
    pub batch_size: usize,
}

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Position {
    /// The epoch it is in, from 0; also how many are complete.
    pub epoch: usize,
    /// Batches of this epoch that are done.
    pub batches: usize,
    /// How much of this epoch's validation is done, 0..1; `None` before it begins.
    pub validated: Option<f64>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan::of(&FitSpec { epochs: 0, ..FitSpec::default() }, 0, 0, 0)
    }
}

impl Plan {
    /// What a run of these arguments does that has so many steps in an epoch and images of each kind.
    pub fn of(fit: &FitSpec, steps_per_epoch: usize, samples: usize, validation_samples: usize) -> Plan {
        let within = |steps: Option<usize>, batch_size: usize, samples: usize| {
            steps.map_or(samples, |steps| steps.saturating_mul(batch_size).min(samples))
        };
        Plan {
            first_epoch: fit.initial_epoch,
            epochs: fit.epochs,
            steps_per_epoch,
            samples: within(fit.steps_per_epoch, fit.batch_size, samples),
            validation_freq: fit.validation_freq.clone(),
            validation_samples: within(fit.validation_steps, fit.validation_batch(), validation_samples),
            batch_size: fit.batch_size,
        }
    }

    /// Training images seen in the position's epoch.
    pub fn trained(&self, position: Position) -> usize {
        (position.batches * self.batch_size).min(self.samples)
    }

    /// How much of the whole work is done, 0..1.
    pub fn share_done(&self, position: Position) -> f64 {
        let validation = self.validation_samples as f64 * VALIDATION_COST;
        // The work of all epochs before this one.
        let until = |end: usize| {
            let epochs = self.first_epoch..end.max(self.first_epoch);
            let validations = self.validation_freq.count(epochs.clone());
            self.samples as f64 * epochs.len() as f64 + validation * validations as f64
        };
        let total = until(self.epochs);
        if total <= 0.0 {
            return 0.0;
        }
        let in_epoch = self.trained(position) as f64 + validation * position.validated.unwrap_or(0.0);
        ((until(position.epoch) + in_epoch) / total).clamp(0.0, 1.0)
    }

    /// How long the rest will take if it goes on as it went, in milliseconds; an early stop may end it
    /// sooner. `running_ms` is the time spent training so far.
    pub fn left_ms(&self, position: Position, running_ms: f64) -> Option<f64> {
        let done = self.share_done(position);
        (done > 0.0 && running_ms >= LEAST_MS).then(|| running_ms * (1.0 - done) / done)
    }
}

/// A time rounded to what a person wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// Whole minutes.
    pub minutes: u64,
    /// Seconds beyond them.
    pub seconds: u64,
}

impl Duration {
    /// To the second below a minute, to five seconds above, to the minute above ten.
    pub fn rounded(ms: f64) -> Duration {
        let grain = if ms < 60_000.0 {
            1.0
        } else if ms < 600_000.0 {
            5.0
        } else {
            60.0
        };
        let seconds = ((ms / 1000.0 / grain).ceil() * grain) as u64;
        Duration { minutes: seconds / 60, seconds: seconds % 60 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan {
        first_epoch: 0,
        epochs: 5,
        steps_per_epoch: 94,
        samples: 6_000,
        validation_samples: 1_500,
        validation_freq: ValidationFreq::Every(1),
        batch_size: 64,
    };

    fn at(epoch: usize, batches: usize, validated: Option<f64>) -> Position {
        Position { epoch, batches, validated }
    }

    #[test]
    fn the_share_grows_from_nothing_to_all() {
        assert_eq!(PLAN.share_done(at(0, 0, None)), 0.0);
        assert_eq!(PLAN.share_done(at(5, 0, None)), 1.0);
        let places = [at(0, 10, None), at(0, 94, None), at(0, 94, Some(0.5)), at(1, 0, None), at(1, 1, None)];
        assert!(places.windows(2).all(|pair| PLAN.share_done(pair[0]) < PLAN.share_done(pair[1])));
    }

    #[test]
    fn the_last_batch_counts_only_the_images_it_has() {
        assert_eq!(PLAN.trained(at(0, 94, None)), 6_000);
        assert_eq!(PLAN.trained(at(0, 93, None)), 5_952);
    }

    #[test]
    fn at_a_steady_pace_the_estimate_is_right_wherever_one_is() {
        // An epoch costs 6,000 training images and a third of 1,500: 6,500 units of 1 ms.
        let left = |position, ms| PLAN.left_ms(position, ms).unwrap();
        assert!((left(at(1, 0, None), 6_500.0) - 26_000.0).abs() < 1e-6);
        assert!((left(at(1, 50, None), 6_500.0 + 3_200.0) - (26_000.0 - 3_200.0)).abs() < 1e-6);
        assert!((left(at(4, 94, Some(1.0)), 32_500.0)).abs() < 1e-6);
    }

    #[test]
    fn nothing_is_said_too_early_or_about_nothing() {
        assert_eq!(PLAN.left_ms(at(0, 3, None), 100.0), None);
        assert_eq!(PLAN.left_ms(at(0, 0, None), 5_000.0), None);
        assert_eq!(Plan::default().left_ms(at(0, 3, None), 5_000.0), None);
    }

    #[test]
    fn a_run_that_begins_later_or_sees_less_has_less_to_do() {
        let fit = FitSpec { initial_epoch: 3, ..FitSpec::default() };
        let plan = Plan::of(&fit, 94, 6_000, 1_500);
        assert_eq!(plan, Plan { first_epoch: 3, ..PLAN });
        assert_eq!((plan.share_done(at(3, 0, None)), plan.share_done(at(5, 0, None))), (0.0, 1.0));
        assert!((plan.share_done(at(4, 0, None)) - 0.5).abs() < 1e-9);
        let few = FitSpec { steps_per_epoch: Some(20), validation_steps: Some(2), ..FitSpec::default() };
        let plan = Plan::of(&few, 20, 6_000, 1_500);
        assert_eq!((plan.samples, plan.validation_samples), (1_280, 128));
        let many = FitSpec { steps_per_epoch: Some(usize::MAX), ..FitSpec::default() };
        assert_eq!(Plan::of(&many, 94, 6_000, 1_500), PLAN, "a pass has no more than it has");
    }

    #[test]
    fn epochs_without_validation_are_shorter() {
        for freq in [ValidationFreq::Every(2), ValidationFreq::Epochs(vec![2, 4, 9])] {
            let plan = Plan { validation_freq: freq, ..PLAN };
            // Five epochs of 6,000 units, and two validations of 500.
            assert!((plan.share_done(at(1, 0, None)) - 6_000.0 / 31_000.0).abs() < 1e-9);
            assert!((plan.share_done(at(2, 0, None)) - 12_500.0 / 31_000.0).abs() < 1e-9);
            assert!((plan.share_done(at(3, 94, Some(0.5))) - 24_750.0 / 31_000.0).abs() < 1e-9);
            assert_eq!(plan.share_done(at(5, 0, None)), 1.0);
        }
    }

    #[test]
    fn times_are_rounded_up() {
        assert_eq!(Duration::rounded(1_200.0), Duration { minutes: 0, seconds: 2 });
        assert_eq!(Duration::rounded(61_000.0), Duration { minutes: 1, seconds: 5 });
        assert_eq!(Duration::rounded(59_900.0), Duration { minutes: 1, seconds: 0 });
        assert_eq!(Duration::rounded(640_000.0), Duration { minutes: 11, seconds: 0 });
    }
}
