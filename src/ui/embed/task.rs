//! [`Task`]: how far a reader is with a widget, and what of it is worth telling.

/// What it takes to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// So many numbers guessed rightly; the score is the share of right guesses.
    Guesses,
    /// To the end of the walk, step by step or by itself.
    Walk,
    /// So many changes of the settings.
    Changes,
    /// A network of one's own without a mistake.
    Network,
    /// A training that came to its end; the score is the accuracy on the validation images.
    Training,
    /// An evaluation; the score is the accuracy on the test images.
    Evaluation,
}

/// What was seen of the reader's work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Heard {
    /// Guesses so far.
    Guessed {
        /// Right ones.
        right: u32,
        /// All.
        asked: u32,
    },
    /// The walk is at this share of its way, 0 to 1.
    Walked(f64),
    /// A setting was changed.
    Changed,
    /// A network was changed and has no mistake.
    Sound,
    /// A training has done this share of its steps, 0 to 1.
    Trained(f64),
    /// A training came to its end, with this accuracy on the validation images if there are any.
    Ended(Option<f64>),
    /// A network was judged by the test images.
    Evaluated(f64),
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    kind: TaskKind,
    goal: u32,
    changes: u32,
    /// The greatest so far.
    share: f64,
    /// The best so far.
    score: Option<f64>,
    is_done: bool,
}

/// What is worth telling.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Report {
    /// The share that is done, 0 to 1; it never becomes smaller.
    Progress(f64),
    /// It is done, with a score from 0 to 1 if there is one. Said again when the score becomes better.
    Completed(Option<f64>),
}

/// Smaller steps forward are not told.
const STEP: f64 = 0.01;

impl Task {
    /// Nothing is done yet; `goal` is the number of right guesses or changes.
    pub fn new(kind: TaskKind, goal: u32) -> Task {
        Task { kind, goal: goal.max(1), changes: 0, share: 0.0, score: None, is_done: false }
    }

    /// What it takes.
    pub fn kind(&self) -> TaskKind {
        self.kind
    }

    /// Takes in what was seen; what belongs to no task of this kind changes nothing.
    pub fn hear(&mut self, heard: Heard) -> Option<Report> {
        let part = |count: u32, goal: u32| f64::from(count.min(goal)) / f64::from(goal);
        let (share, score) = match (self.kind, heard) {
            (TaskKind::Guesses, Heard::Guessed { right, asked }) => {
                (part(right, self.goal), (asked > 0).then(|| f64::from(right) / f64::from(asked)))
            }
            (TaskKind::Walk, Heard::Walked(share)) | (TaskKind::Training, Heard::Trained(share)) => {
                // The end of a training is told by its outcome.
                let most = if self.kind == TaskKind::Training { 1.0 - STEP } else { 1.0 };
                // Clamped and not cut by `min`, which would make a whole of what is no number.
                (share.clamp(0.0, most), None)
            }
            (TaskKind::Changes, Heard::Changed) => {
                self.changes = self.changes.saturating_add(1);
                (part(self.changes, self.goal), None)
            }
            (TaskKind::Network, Heard::Sound) => (1.0, None),
            (TaskKind::Training, Heard::Ended(score)) => (1.0, score),
            (TaskKind::Evaluation, Heard::Evaluated(score)) => (1.0, Some(score)),
            _ => return None,
        };
        self.take(share, score.filter(|score| score.is_finite()))
    }

    fn take(&mut self, share: f64, score: Option<f64>) -> Option<Report> {
        if !share.is_finite() {
            return None;
        }
        if share >= 1.0 {
            let is_better = match (score, self.score) {
                (Some(now), Some(before)) => now > before,
                (Some(_), None) => true,
                (None, _) => false,
            };
            if self.is_done && !is_better {
                return None;
            }
            self.share = 1.0;
            self.is_done = true;
            if is_better {
                self.score = score;
            }
            return Some(Report::Completed(self.score));
        }
        let is_worth_it = !self.is_done && share - self.share >= STEP;
        is_worth_it.then(|| {
            self.share = share;
            Report::Progress(share)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_are_done_when_enough_are_right_and_score_their_share() {
        let mut task = Task::new(TaskKind::Guesses, 2);
        assert_eq!(task.hear(Heard::Guessed { right: 0, asked: 1 }), None);
        assert_eq!(task.hear(Heard::Guessed { right: 1, asked: 2 }), Some(Report::Progress(0.5)));
        assert_eq!(task.hear(Heard::Guessed { right: 2, asked: 4 }), Some(Report::Completed(Some(0.5))));
        assert_eq!(task.hear(Heard::Guessed { right: 2, asked: 5 }), None, "a worse score is not told");
        assert_eq!(task.hear(Heard::Guessed { right: 9, asked: 10 }), Some(Report::Completed(Some(0.9))));
    }

    #[test]
    fn progress_never_goes_back_and_ends_once() {
        let mut task = Task::new(TaskKind::Walk, 5);
        assert_eq!(task.hear(Heard::Walked(0.5)), Some(Report::Progress(0.5)));
        for share in [0.2, 0.505, f64::NAN] {
            assert_eq!(task.hear(Heard::Walked(share)), None, "{share}");
        }
        assert_eq!(task.hear(Heard::Walked(1.0)), Some(Report::Completed(None)));
        for share in [1.0, 0.1] {
            assert_eq!(task.hear(Heard::Walked(share)), None, "{share}");
        }
    }

    #[test]
    fn a_training_is_done_by_its_outcome_alone() {
        let mut task = Task::new(TaskKind::Training, 5);
        assert_eq!(task.hear(Heard::Trained(1.0)), Some(Report::Progress(0.99)));
        assert_eq!(task.hear(Heard::Ended(Some(0.8))), Some(Report::Completed(Some(0.8))));
        assert_eq!(task.hear(Heard::Ended(Some(0.7))), None);
        assert_eq!(task.hear(Heard::Ended(Some(f64::NAN))), None);
        assert_eq!(task.hear(Heard::Ended(Some(0.9))), Some(Report::Completed(Some(0.9))));
    }

    #[test]
    fn changes_are_counted_and_other_work_is_not() {
        let mut task = Task::new(TaskKind::Changes, 2);
        assert_eq!(task.hear(Heard::Walked(1.0)), None);
        assert_eq!(task.hear(Heard::Changed), Some(Report::Progress(0.5)));
        assert_eq!(task.hear(Heard::Changed), Some(Report::Completed(None)));
        assert_eq!(task.hear(Heard::Changed), None);
        let mut task = Task::new(TaskKind::Network, 5);
        assert_eq!(task.hear(Heard::Sound), Some(Report::Completed(None)));
        let mut task = Task::new(TaskKind::Evaluation, 5);
        assert_eq!(task.hear(Heard::Evaluated(0.97)), Some(Report::Completed(Some(0.97))));
    }
}
