//! How much of its time the worker gives to questions while it trains.

/// The most that questions may take of a training's time.
pub const SHARE: f64 = 0.1;
/// A slice of questions beside a training, in milliseconds: about what a batch takes, so that training does not stop
/// for longer than it does anyway. A single piece of work that takes longer is paid for by a longer rest.
pub const BESIDE_MS: f64 = 3.0;
/// A slice when nothing trains, in milliseconds.
pub const ALONE_MS: f64 = 30.0;

/// One for all questions: each slice beside a training is followed by a rest nine times as long as what it really
/// took, however many questions wait. `spent_ms` in the answers is the place to measure it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ProbeBudget {
    free_at_ms: f64,
}

impl ProbeBudget {
    /// How long to wait before the next slice, in milliseconds.
    pub fn wait_ms(&self, now_ms: f64, is_training: bool) -> f64 {
        if is_training { (self.free_at_ms - now_ms).max(0.0) } else { 0.0 }
    }

    /// How long the next slice may take.
    pub fn slice_ms(is_training: bool) -> f64 {
        if is_training { BESIDE_MS } else { ALONE_MS }
    }

    /// A slice ended now, having taken so long.
    pub fn spent(&mut self, now_ms: f64, spent_ms: f64) {
        self.free_at_ms = now_ms + spent_ms * (1.0 / SHARE - 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_take_no_more_than_their_share_however_long_a_piece_is() {
        let (mut budget, mut now_ms, mut spent_ms) = (ProbeBudget::default(), 0.0, 0.0);
        for piece_ms in [3.0, 3.0, 250.0, 0.1, 4.0, 90.0] {
            now_ms += budget.wait_ms(now_ms, true);
            assert!(spent_ms <= SHARE * now_ms + 1e-9, "{spent_ms} of {now_ms}");
            now_ms += piece_ms;
            spent_ms += piece_ms;
            budget.spent(now_ms, piece_ms);
        }
    }

    #[test]
    fn nobody_waits_when_nothing_trains() {
        let mut budget = ProbeBudget::default();
        budget.spent(100.0, 30.0);
        assert_eq!((budget.wait_ms(100.0, false), budget.wait_ms(100.0, true)), (0.0, 270.0));
        assert_eq!(budget.wait_ms(1_000.0, true), 0.0);
        assert!(ProbeBudget::slice_ms(true) < ProbeBudget::slice_ms(false));
    }
}
