//! [`RateNote`]: where the reader changed the learning rate of a run.

use serde::{Deserialize, Serialize};

use super::record::KeptRun;
use crate::engine::event::TrainEvent;

/// Changes that are listed one by one.
pub const MOST_RATES: usize = 500;

/// A change of the learning rate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateNote {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The first batch with the new rate, from 0; as many as the epoch has, if they were over.
    pub batch: usize,
    /// The rate until then.
    pub before: f32,
    /// The rate from then on.
    pub after: f32,
}

impl RateNote {
    /// The event that told of it.
    pub fn event(&self) -> TrainEvent {
        let Self { epoch, batch, before, after } = *self;
        TrainEvent::LearningRateSet { epoch, batch, before, after }
    }
}

impl KeptRun {
    /// Whether the link to the run, which holds settings and seed, makes the same network again: the rate was
    /// not changed by hand, and it began with fresh weights.
    pub fn is_made_by_its_link(&self) -> bool {
        self.rates.is_empty() && self.began_from.is_none()
    }

    /// Takes note of a change. Beyond [`MOST_RATES`] the last one is kept alone, with its rate: what counts is
    /// that there were some, and with which one the run ended.
    pub(super) fn note_rate(&mut self, event: &TrainEvent) {
        let TrainEvent::LearningRateSet { epoch, batch, before, after } = *event else { return };
        if before == after {
            return;
        }
        if self.rates.len() == MOST_RATES {
            self.rates.pop();
        }
        self.rates.push(RateNote { epoch, batch, before, after });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::runs::samples::run;

    #[test]
    fn a_run_whose_rate_was_changed_is_not_made_by_its_link() {
        let mut run = run("a", 1);
        assert!(run.is_made_by_its_link());
        run.push(&TrainEvent::LearningRateSet { epoch: 0, batch: 1, before: 0.5, after: 0.5 });
        assert!(run.is_made_by_its_link(), "the same rate is no change");
        run.push(&TrainEvent::LearningRateSet { epoch: 0, batch: 1, before: 0.5, after: 0.25 });
        assert!(!run.is_made_by_its_link());
        run.rates.clear();
        run.began_from = Some("mlp".to_owned());
        assert!(!run.is_made_by_its_link(), "weights from a file are not in the link");
    }

    #[test]
    fn changes_without_end_do_not_fill_the_storage() {
        let mut run = run("a", 0);
        for batch in 0..2_000 {
            let (before, after) = (batch as f32, batch as f32 + 1.0);
            run.push(&TrainEvent::LearningRateSet { epoch: 0, batch, before, after });
        }
        assert_eq!((run.rates.len(), run.rates.last().unwrap().batch), (MOST_RATES, 1_999));
    }
}
