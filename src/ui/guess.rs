//! Guessing a number before it is shown, and the score.

use std::collections::BTreeSet;
use std::sync::Arc;

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

/// What is said of a guess.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// What was typed is no number.
    NoNumber,
    /// The guess was right.
    Right {
        /// The number.
        number: f64,
    },
    /// It was not.
    Wrong {
        /// The number.
        number: f64,
        /// The guess.
        guess: f64,
    },
}

impl Verdict {
    /// Of a guess at a number.
    pub fn of(guess: f64, number: f64) -> Verdict {
        if is_right(guess, number) { Verdict::Right { number } } else { Verdict::Wrong { number, guess } }
    }
}

/// What was typed and what was said of it, for as long as the question they stand under is asked: with another question,
/// as when another kind of guess is chosen, both are gone. No question is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Round {
    question: Option<String>,
    typed: String,
    verdict: Option<Verdict>,
}

impl Round {
    /// The text in the field.
    pub fn typed(&self, question: Option<&str>) -> &str {
        if self.is_under(question) { &self.typed } else { "" }
    }

    /// What is said below the field.
    pub fn verdict(&self, question: Option<&str>) -> Option<Verdict> {
        self.verdict.filter(|_| self.is_under(question))
    }

    /// After something was typed; that the text before it was no number is no longer said.
    #[must_use]
    pub fn type_in(self, question: Option<&str>, text: String) -> Round {
        let verdict = self.verdict(question).filter(|verdict| *verdict != Verdict::NoNumber);
        Round { question: question.map(str::to_owned), typed: text, verdict }
    }

    /// After what was typed turned out to be no number.
    #[must_use]
    pub fn refused(self, question: Option<&str>) -> Round {
        let typed = self.typed(question).to_owned();
        Round { question: question.map(str::to_owned), typed, verdict: Some(Verdict::NoNumber) }
    }

    /// After a guess: the verdict stands under the question that is asked next.
    pub fn answered(next: Option<&str>, verdict: Verdict) -> Round {
        Round { question: next.map(str::to_owned), typed: String::new(), verdict: Some(verdict) }
    }

    fn is_under(&self, question: Option<&str>) -> bool {
        self.question.as_deref() == question
    }
}

/// The cells that were guessed of one thing; of any other none are.
#[derive(Clone, Debug)]
pub struct Guessed<T> {
    of: Option<Arc<T>>,
    cells: BTreeSet<usize>,
}

impl<T> Default for Guessed<T> {
    fn default() -> Guessed<T> {
        Guessed { of: None, cells: BTreeSet::new() }
    }
}

impl<T> Guessed<T> {
    /// Those of this very thing.
    pub fn cells(&self, now: &Arc<T>) -> BTreeSet<usize> {
        let is_same = self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, now));
        if is_same { self.cells.clone() } else { BTreeSet::new() }
    }

    /// Notes that a cell of it was guessed.
    pub fn reveal(&mut self, now: &Arc<T>, idx: usize) {
        self.cells = self.cells(now);
        self.cells.insert(idx);
        self.of = Some(now.clone());
    }

    /// The cell of `len` that is asked for: where the window stands, or the next that was not guessed, from the first on
    /// after the last; none where all were.
    pub fn asked(&self, now: &Arc<T>, len: usize, stands: usize) -> Option<usize> {
        let cells = self.cells(now);
        let stands = stands.min(len);
        (stands..len).chain(0..stands).find(|idx| !cells.contains(idx))
    }
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

    #[test]
    fn what_was_said_under_one_question_is_not_said_under_another() {
        let (value, size) = (Some("Which number?"), Some("How many rows?"));
        let round = Round::default().type_in(value, "x".into()).refused(value);
        assert_eq!((round.typed(value), round.verdict(value)), ("x", Some(Verdict::NoNumber)));
        assert_eq!((round.typed(size), round.verdict(size)), ("", None), "another kind of guess");
        assert_eq!(round.clone().type_in(size, "3".into()).verdict(size), None);
        assert_eq!(round.type_in(value, "1".into()).verdict(value), None, "another text");
    }

    #[test]
    fn a_verdict_stands_under_the_next_question_until_that_goes_too() {
        let [next, last] = [Some("Which number comes to column 2?"), None];
        let verdict = Verdict::of(20.0, 21.0);
        assert_eq!(verdict, Verdict::Wrong { number: 21.0, guess: 20.0 });
        let round = Round::answered(next, verdict);
        assert_eq!((round.typed(next), round.verdict(next), round.verdict(last)), ("", Some(verdict), None));
        assert_eq!(round.type_in(next, "2".into()).verdict(next), Some(verdict), "typing does not hide it");
        let right = Verdict::Right { number: 5.0 };
        assert_eq!(Round::answered(last, Verdict::of(5.0, 5.0)).verdict(last), Some(right));
    }

    #[test]
    fn the_cell_under_the_window_is_asked_for_and_then_the_next_unknown() {
        let [one, other] = [Arc::new(1), Arc::new(1)];
        let mut guessed = Guessed::default();
        assert_eq!(guessed.asked(&one, 3, 1), Some(1));
        guessed.reveal(&one, 1);
        assert_eq!(guessed.asked(&one, 3, 1), Some(2));
        guessed.reveal(&one, 2);
        assert_eq!(guessed.asked(&one, 3, 2), Some(0));
        guessed.reveal(&one, 0);
        assert_eq!(guessed.asked(&one, 3, 0), None);
        assert_eq!((guessed.asked(&other, 3, 9), guessed.cells(&other).len()), (Some(0), 0));
        guessed.reveal(&other, 0);
        assert_eq!((guessed.cells(&one).len(), guessed.cells(&other).len()), (0, 1));
    }
}
