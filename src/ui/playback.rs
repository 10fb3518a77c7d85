//! How many steps are due when time has passed.

/// Steps per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(pub u32);

impl Speed {
    /// The speeds on offer: 60 is one step per frame of an ordinary display, the last is for maps of thousands
    /// of cells.
    pub const ALL: [Speed; 5] = [Speed(2), Speed(8), Speed(30), Speed(60), Speed(240)];
}

/// Longest gap that is caught up, in ms; a page that was hidden goes on where it was.
const LONGEST: f64 = 250.0;

/// Keeps the fraction of a step between frames.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Playback {
    carry: f64,
}

impl Playback {
    /// Whole steps due after `elapsed` ms.
    pub fn advance(&mut self, elapsed: f64, speed: Speed) -> usize {
        self.carry += elapsed.clamp(0.0, LONGEST) / 1000.0 * f64::from(speed.0);
        let due = self.carry.floor();
        self.carry -= due;
        due as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_add_up() {
        let mut playback = Playback::default();
        let steps: usize = (0..60).map(|_| playback.advance(1000.0 / 60.0, Speed(8))).sum();
        assert!((7..=8).contains(&steps), "{steps}");
    }

    #[test]
    fn a_long_pause_is_not_caught_up() {
        assert_eq!(Playback::default().advance(60_000.0, Speed(8)), 2);
    }
}
