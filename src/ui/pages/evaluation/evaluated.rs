//! [`Evaluation`]: a report with everything that is counted from it.

use crate::engine::metrics::Confusion;
use crate::engine::scores::{Calibration, ClassReport, McNemar, Pairs, wilson};
use crate::protocol::{Answers, EvaluationReport};
use crate::ui::widgets::confusion_matrix::Cell;
use crate::ui::widgets::image_grid::{Also, Verdict};
use crate::ui::worker_model::ModelState;

/// Closest calls that are shown, at most.
pub const MOST_CLOSE: usize = 100;

/// Which images are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Those of a cell of the matrix, the surest predictions first.
    Cell(Cell),
    /// Those predicted wrong, the surest predictions first.
    Mistakes,
    /// Those with the smallest margin between the two likeliest classes.
    Close,
    /// Those on which the first model alone is right, the surest mistakes first.
    OnlyFirst,
    /// Those on which the second model alone is right, the surest mistakes first.
    OnlySecond,
    /// Those that both take for something else, and not for the same.
    BothWrong,
}

/// Where on the page a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Below the matrix.
    Matrix,
    /// In the comparison.
    Comparison,
}

impl Listing {
    /// Where it is shown.
    pub fn place(self) -> Place {
        match self {
            Listing::Cell(_) | Listing::Mistakes | Listing::Close => Place::Matrix,
            Listing::OnlyFirst | Listing::OnlySecond | Listing::BothWrong => Place::Comparison,
        }
    }
}

/// What the second model of a comparison is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Second {
    /// What the page calls it.
    pub name: String,
    /// Completed epochs, if that is known.
    pub epochs: Option<usize>,
}

/// The second model's result.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What it is.
    pub second: Second,
    /// Its table.
    pub confusion: Confusion,
    /// Who is right on how many images.
    pub pairs: Pairs,
    /// Whether that is more than chance.
    pub test: McNemar,
    /// Images that both take for something else, and not for the same.
    pub num_both_wrong: usize,
}

/// A result.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// The worker's report.
    pub report: EvaluationReport,
    /// Counted from it.
    pub confusion: Confusion,
    /// Every class and the means.
    pub scores: ClassReport,
    /// The ends of the accuracy's 95 % interval, 0..1; `None` without images.
    pub interval: Option<[f64; 2]>,
    /// The model that was evaluated, as it was then.
    pub model: ModelState,
    /// The second model.
    pub comparison: Option<Comparison>,
}

impl Evaluation {
    /// Counts a report; `second` says what the second model is, if there is one.
    pub fn new(report: EvaluationReport, model: ModelState, second: Option<Second>) -> Evaluation {
        let (classes, labels) = (report.classes.len(), &report.labels);
        let confusion = Confusion::new(classes, labels, &report.answers.predicted);
        let comparison = report.other.as_ref().zip(second).map(|(other, second)| {
            let pairs = Pairs::new(labels, &report.answers.predicted, &other.predicted);
            let both = report.answers.predicted.iter().zip(&other.predicted).zip(labels);
            let num_both_wrong =
                both.filter(|((own, other), label)| own != label && other != label && own != other).count();
            let confusion = Confusion::new(classes, labels, &other.predicted);
            Comparison { second, confusion, pairs, test: McNemar::new(&pairs), num_both_wrong }
        });
        let scores = ClassReport::new(&confusion);
        let interval = wilson(confusion.num_right(), confusion.num_samples());
        Evaluation { report, confusion, scores, interval, model, comparison }
    }

    /// Positions in the test file of the images of a list, in its order.
    pub fn indices(&self, listing: Listing) -> Vec<u32> {
        let own = &self.report.answers;
        let other = self.report.other.as_ref();
        let label = |at: usize| self.report.labels[at];
        let is_right = |answers: &Answers, at: usize| answers.predicted[at] == label(at);
        let belongs = |at: &usize| {
            let at = *at;
            let second = other.map(|other| is_right(other, at));
            match listing {
                Listing::Cell(cell) => {
                    (usize::from(label(at)), usize::from(own.predicted[at])) == (cell.label, cell.predicted)
                }
                Listing::Mistakes => !is_right(own, at),
                Listing::Close => true,
                Listing::OnlyFirst => is_right(own, at) && second == Some(false),
                Listing::OnlySecond => !is_right(own, at) && second == Some(true),
                Listing::BothWrong => {
                    let differs = other.is_some_and(|other| other.predicted[at] != own.predicted[at]);
                    !is_right(own, at) && second == Some(false) && differs
                }
            }
        };
        // What comes first has the least of it.
        let rank = |at: usize| match listing {
            Listing::Close => self.margin(at),
            Listing::OnlyFirst => -other.map_or(0.0, |other| self.confidence(other, at)),
            _ => -self.confidence(own, at),
        };
        let mut found: Vec<usize> = (0..self.report.labels.len()).filter(belongs).collect();
        found.sort_by(|a, b| rank(*a).total_cmp(&rank(*b)));
        if listing == Listing::Close {
            found.truncate(MOST_CLOSE);
        }
        found.into_iter().map(|at| self.report.indices[at]).collect()
    }

    /// Images of a list.
    pub fn count(&self, listing: Listing) -> usize {
        match (listing, &self.comparison) {
            (Listing::Cell(cell), _) => self.confusion.count(cell.label, cell.predicted),
            (Listing::Mistakes, _) => self.confusion.num_samples() - self.confusion.num_right(),
            (Listing::Close, _) => self.confusion.num_samples().min(MOST_CLOSE),
            (Listing::OnlyFirst, Some(comparison)) => comparison.pairs.only_first,
            (Listing::OnlySecond, Some(comparison)) => comparison.pairs.only_second,
            (Listing::BothWrong, Some(comparison)) => comparison.num_both_wrong,
            (_, None) => 0,
        }
    }

    /// The pairs of classes confused most often, the most frequent first, of equal ones the first in
    /// reading order; at most `limit`.
    pub fn worst_pairs(&self, limit: usize) -> Vec<Cell> {
        let classes = self.confusion.num_classes();
        let cells = (0..classes * classes).map(|at| Cell { label: at / classes, predicted: at % classes });
        let count = |cell: &Cell| self.confusion.count(cell.label, cell.predicted);
        let mut found: Vec<Cell> =
            cells.filter(|cell| cell.label != cell.predicted && count(cell) > 0).collect();
        found.sort_by_key(|cell| std::cmp::Reverse(count(cell)));
        found.truncate(limit);
        found
    }

    /// How far the probabilities can be believed.
    pub fn calibration(&self, bins: usize) -> Calibration {
        let own = &self.report.answers;
        let answer =
            |(at, label): (usize, &u8)| (f64::from(self.confidence(own, at)), own.predicted[at] == *label);
        Calibration::new(bins, self.report.labels.iter().enumerate().map(answer))
    }

    /// What the tile of an image says, by its position in the test file.
    pub fn verdict(&self, listing: Listing, index: u32) -> Option<Verdict> {
        let at = self.report.indices.binary_search(&index).ok()?;
        let own = &self.report.answers;
        let also = match (listing.place(), &self.report.other) {
            (Place::Comparison, Some(other)) => Also::Other(other.predicted[at], self.confidence(other, at)),
            _ if listing == Listing::Close => {
                self.runner_up(at).map_or(Also::Nothing, |(class, share)| Also::RunnerUp(class, share))
            }
            _ => Also::Nothing,
        };
        Some(Verdict { predicted: own.predicted[at], confidence: self.confidence(own, at), also })
    }

    /// Probabilities of one image.
    fn row<'a>(&self, answers: &'a Answers, at: usize) -> &'a [f32] {
        let classes = self.report.classes.len();
        answers.probabilities.get(at * classes..(at + 1) * classes).unwrap_or_default()
    }

    fn confidence(&self, answers: &Answers, at: usize) -> f32 {
        self.row(answers, at).get(usize::from(answers.predicted[at])).copied().unwrap_or(0.0)
    }

    /// The likeliest class beside the predicted one; of equal ones the first.
    fn runner_up(&self, at: usize) -> Option<(u8, f32)> {
        let own = &self.report.answers;
        let others = self.row(own, at).iter().enumerate();
        let others = others.filter(|(class, _)| *class != usize::from(own.predicted[at]));
        let second = others.reduce(|best, next| if next.1 > best.1 { next } else { best });
        second.map(|(class, share)| (class as u8, *share))
    }

    fn margin(&self, at: usize) -> f32 {
        let second = self.runner_up(at).map_or(0.0, |(_, share)| share);
        self.confidence(&self.report.answers, at) - second
    }
}

#[cfg(test)]
#[path = "evaluated_tests.rs"]
mod tests;
