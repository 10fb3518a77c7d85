//! Precision, recall and F1 of each class, and their means.
//!
//! With `tp` the samples of a class that were predicted as it:
//!
//! ```text
//! precision = tp / predicted    recall = tp / support    F1 = 2·tp / (support + predicted)
//! ```
//!
//! A quotient without a divisor is 0. Source: scikit-learn's `precision_recall_fscore_support` and
//! `classification_report` with `zero_division=0`.

use super::share;
use crate::engine::metrics::Confusion;

/// One class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassScores {
    /// Of the samples predicted as this class, the share that is of it, 0..1.
    pub precision: f64,
    /// Of the samples of this class, the share that was predicted as it, 0..1: the accuracy within the class.
    pub recall: f64,
    /// The harmonic mean of both, 0..1.
    pub f1: f64,
    /// Samples of this class.
    pub support: usize,
    /// Samples that were predicted as it.
    pub predicted: usize,
}

/// A mean over classes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Means {
    /// Of [`ClassScores::precision`].
    pub precision: f64,
    /// Of [`ClassScores::recall`].
    pub recall: f64,
    /// Of [`ClassScores::f1`].
    pub f1: f64,
}

/// All classes.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassReport {
    /// In the order of labels; `None` for a class that neither occurs nor was predicted. scikit-learn leaves
    /// such a class out, of the means too.
    pub classes: Vec<Option<ClassScores>>,
    /// The plain mean over the classes: each counts the same.
    pub macro_mean: Means,
    /// The mean weighted by support: each sample counts the same.
    pub weighted_mean: Means,
}

impl ClassReport {
    /// Judges every class.
    pub fn new(confusion: &Confusion) -> Self {
        let scores = |class| {
            let right = confusion.count(class, class) as f64;
            let (support, predicted) = (confusion.support(class), confusion.num_predicted(class));
            (support + predicted > 0).then(|| ClassScores {
                precision: share(right, predicted as f64),
                recall: share(right, support as f64),
                f1: share(2.0 * right, (support + predicted) as f64),
                support,
                predicted,
            })
        };
        let classes: Vec<_> = (0..confusion.num_classes()).map(scores).collect();
        let macro_mean = mean(&classes, |_| 1.0);
        let weighted_mean = mean(&classes, |scores| scores.support as f64);
        Self { classes, macro_mean, weighted_mean }
    }
}

fn mean(classes: &[Option<ClassScores>], weight: impl Fn(&ClassScores) -> f64) -> Means {
    let classes = || classes.iter().flatten();
    let total: f64 = classes().map(&weight).sum();
    let of = |value: fn(&ClassScores) -> f64| {
        share(classes().map(|scores| weight(scores) * value(scores)).sum(), total)
    };
    Means {
        precision: of(|scores| scores.precision),
        recall: of(|scores| scores.recall),
        f1: of(|scores| scores.f1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_never_predicted_scores_zero_and_one_that_never_occurs_is_left_out() {
        let report = ClassReport::new(&Confusion::new(3, &[0, 0, 1], &[0, 0, 0]));
        let [Some(first), Some(second), None] = report.classes[..] else { panic!("{report:?}") };
        assert_eq!((first.precision, first.recall, first.f1), (2.0 / 3.0, 1.0, 0.8));
        assert_eq!((second.precision, second.recall, second.f1, second.support), (0.0, 0.0, 0.0, 1));
        assert_eq!(report.macro_mean.recall, 0.5);
        assert_eq!(report.weighted_mean.recall, 2.0 / 3.0);
    }

    #[test]
    fn nothing_at_all_scores_zero() {
        let report = ClassReport::new(&Confusion::new(2, &[], &[]));
        assert_eq!((report.macro_mean, report.weighted_mean), (Means::default(), Means::default()));
    }
}
