//! The confusion matrix: rows are true classes, columns predicted ones.

/// How often each true class (row) was predicted as each class (column).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    num_classes: usize,
    counts: Vec<usize>,
}

impl Confusion {
    /// Counts pairs of true and predicted classes.
    ///
    /// # Panics
    /// If a class is not below `num_classes`, or the lengths differ.
    pub fn new(num_classes: usize, labels: &[u8], predicted: &[u8]) -> Self {
        assert_eq!(labels.len(), predicted.len(), "one prediction per label");
        let mut counts = vec![0; num_classes * num_classes];
        for (label, class) in labels.iter().zip(predicted) {
            assert!(usize::from(*class) < num_classes, "class {class} of {num_classes}");
            counts[usize::from(*label) * num_classes + usize::from(*class)] += 1;
        }
        Self { num_classes, counts }
    }

    /// The number of classes.
    pub fn num_classes(&self) -> usize {
        self.num_classes
    }

    /// How often `label` was predicted as `predicted`.
    pub fn count(&self, label: usize, predicted: usize) -> usize {
        self.counts[label * self.num_classes + predicted]
    }

    /// Samples of one true class.
    pub fn support(&self, label: usize) -> usize {
        (0..self.num_classes).map(|predicted| self.count(label, predicted)).sum()
    }

    /// Samples that were predicted as one class.
    pub fn num_predicted(&self, predicted: usize) -> usize {
        (0..self.num_classes).map(|label| self.count(label, predicted)).sum()
    }

    /// Of the samples of `label`, the share that was predicted as `predicted`, 0..1; 0 without samples.
    pub fn share_of_label(&self, label: usize, predicted: usize) -> f64 {
        super::mean(self.count(label, predicted) as f64, self.support(label) as f64)
    }

    /// Of the samples predicted as `predicted`, the share that is `label`, 0..1; 0 without samples.
    pub fn share_of_predicted(&self, label: usize, predicted: usize) -> f64 {
        super::mean(self.count(label, predicted) as f64, self.num_predicted(predicted) as f64)
    }

    /// The fraction of one class's samples that were predicted wrong, 0..1; `None` without samples.
    pub fn error_rate(&self, label: usize) -> Option<f64> {
        let support = self.support(label);
        (support > 0).then(|| (support - self.count(label, label)) as f64 / support as f64)
    }

    /// Samples predicted right.
    pub fn num_right(&self) -> usize {
        (0..self.num_classes).map(|class| self.count(class, class)).sum()
    }

    /// All samples.
    pub fn num_samples(&self) -> usize {
        self.counts.iter().sum()
    }

    /// The fraction predicted right, 0..1; `None` without samples.
    pub fn accuracy(&self) -> Option<f64> {
        let samples = self.num_samples();
        (samples > 0).then(|| self.num_right() as f64 / samples as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_true_classes() {
        let confusion = Confusion::new(3, &[0, 0, 0, 1], &[0, 2, 2, 1]);
        assert_eq!((confusion.count(0, 2), confusion.count(2, 0)), (2, 0));
        assert_eq!((confusion.support(0), confusion.support(2)), (3, 0));
        assert_eq!((confusion.num_predicted(2), confusion.num_predicted(1)), (2, 1));
        assert_eq!(confusion.error_rate(0), Some(2.0 / 3.0));
        assert_eq!((confusion.error_rate(1), confusion.error_rate(2)), (Some(0.0), None));
        assert_eq!(confusion.accuracy(), Some(0.5));
        assert_eq!(Confusion::new(3, &[], &[]).accuracy(), None);
    }
}
