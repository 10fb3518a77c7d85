//! Guessing a number before it is shown, and the score.

/// How many guesses were right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Score {
    /// Right ones.
    pub right: u32,
    /// All.
    pub asked: u32,
}

impl Score {
    /// After one guess more.
    #[must_use]
    pub fn after(self, is_right: bool) -> Score {
        Score { right: self.right.saturating_add(u32::from(is_right)), asked: self.asked.saturating_add(1) }
    }

    /// `3/5`.
    pub fn to_text(self) -> String {
        format!("{}/{}", self.right, self.asked)
    }

    /// Reads [`Score::to_text`].
    pub fn from_text(text: &str) -> Option<Score> {
        let (right, asked) = text.split_once('/')?;
        let score = Score { right: right.parse().ok()?, asked: asked.parse().ok()? };
        (score.right <= score.asked).then_some(score)
    }
}

/// Whether a guess is the number, as far as a person reckons: to a hundredth, or a thousandth part of it.
pub fn is_right(guess: f64, number: f64) -> bool {
    (guess - number).abs() <= (number.abs() / 1000.0).max(0.01)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_survives_being_written_down() {
        let score = Score::default().after(true).after(false);
        assert_eq!(score, Score { right: 1, asked: 2 });
        assert_eq!(Score::from_text(&score.to_text()), Some(score));
        for text in ["", "2/1", "1", "-1/2", "a/b"] {
            assert_eq!(Score::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn a_third_may_be_rounded() {
        assert!(is_right(0.33, 1.0 / 3.0) && is_right(20.0, 20.0));
        assert!(!is_right(20.0, 21.0) && !is_right(0.3, 1.0 / 3.0));
    }
}
