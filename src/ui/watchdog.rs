//! [`Watchdog`]: decides from silence that the worker is dead.
//!
//! A worker whose program has trapped, whose script did not load or whose memory ran out says
//! nothing. The page pings it at every tick; any message counts as an answer. Counting ticks and
//! not milliseconds keeps a throttled background tab from raising a false alarm.

/// Time between two ticks, in milliseconds.
pub const TICK_MS: u64 = 1_000;
/// Ticks of silence after which a worker that has spoken before is dead.
const PATIENCE: u32 = 8;
/// Ticks in which a new worker must have loaded, which on a slow network takes a while.
const START_PATIENCE: u32 = 60;

/// Counts ticks of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Watchdog {
    silent_ticks: u32,
    has_spoken: bool,
}

impl Watchdog {
    /// The worker said something.
    pub fn heard(&mut self) {
        *self = Self { silent_ticks: 0, has_spoken: true };
    }

    /// Time has passed; whether the worker must be taken for dead.
    pub fn tick(&mut self) -> bool {
        self.silent_ticks += 1;
        self.silent_ticks > if self.has_spoken { PATIENCE } else { START_PATIENCE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks_until_dead(mut dog: Watchdog) -> u32 {
        (1..1_000).find(|_| dog.tick()).unwrap_or_default()
    }

    #[test]
    fn silence_is_death_and_a_start_may_take_longer() {
        let mut dog = Watchdog::default();
        assert_eq!(ticks_until_dead(dog), START_PATIENCE + 1);
        dog.heard();
        assert_eq!(ticks_until_dead(dog), PATIENCE + 1);
    }

    #[test]
    fn every_word_counts() {
        let mut dog = Watchdog::default();
        dog.heard();
        for _ in 0..100 {
            assert!(!dog.tick());
            dog.heard();
        }
    }
}
