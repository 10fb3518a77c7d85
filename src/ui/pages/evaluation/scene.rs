//! The table of classes as data: scores, how many wrong, and the length of the bar.

use super::setup::SortKey;
use crate::engine::metrics::Confusion;
use crate::engine::scores::{ClassReport, ClassScores};

/// One class.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassRow {
    /// Which, from 0.
    pub class: usize,
    /// Its images.
    pub support: usize,
    /// Of these, how many were predicted wrong.
    pub wrong: usize,
    /// `wrong / support`, 0..1; `None` without images.
    pub error_rate: Option<f64>,
    /// The bar's length against the worst class's, 0..1.
    pub bar: f64,
    /// Precision, recall and F1; `None` for a class that neither occurs nor was predicted.
    pub scores: Option<ClassScores>,
}

impl ClassRow {
    fn value(&self, key: SortKey) -> Option<f64> {
        let count = |number: usize| Some(number as f64);
        match key {
            SortKey::Class => count(self.class),
            SortKey::Support => count(self.support),
            SortKey::Predicted => count(self.scores?.predicted),
            SortKey::Precision => Some(self.scores?.precision),
            SortKey::Recall => Some(self.scores?.recall),
            SortKey::F1 => Some(self.scores?.f1),
            SortKey::Wrong => count(self.wrong),
            SortKey::ErrorRate => self.error_rate,
        }
    }
}

/// Every class in the order of its label.
pub fn class_rows(confusion: &Confusion, report: &ClassReport) -> Vec<ClassRow> {
    let classes = 0..confusion.num_classes();
    let worst = classes.clone().filter_map(|class| confusion.error_rate(class)).fold(0.0, f64::max);
    let row = |class| {
        let error_rate = confusion.error_rate(class);
        let support = confusion.support(class);
        let bar = if worst > 0.0 { error_rate.unwrap_or(0.0) / worst } else { 0.0 };
        let wrong = support - confusion.count(class, class);
        ClassRow { class, support, wrong, error_rate, bar, scores: report.classes[class] }
    };
    classes.map(row).collect()
}

/// The classes in another order; what has no value stands last, equal ones stay in the order of labels.
pub fn sorted(mut rows: Vec<ClassRow>, key: SortKey, is_falling: bool) -> Vec<ClassRow> {
    let rank = |row: &ClassRow| {
        let value = row.value(key);
        value.map_or(f64::INFINITY, |value| if is_falling { -value } else { value })
    };
    rows.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(classes: usize, labels: &[u8], predicted: &[u8]) -> Vec<ClassRow> {
        let confusion = Confusion::new(classes, labels, predicted);
        class_rows(&confusion, &ClassReport::new(&confusion))
    }

    #[test]
    fn bars_are_measured_against_the_worst_class() {
        let rows = rows(3, &[0, 0, 1, 1, 1, 1], &[1, 0, 1, 1, 1, 0]);
        assert_eq!((rows[0].wrong, rows[0].error_rate, rows[0].bar), (1, Some(0.5), 1.0));
        assert_eq!((rows[1].support, rows[1].error_rate, rows[1].bar), (4, Some(0.25), 0.5));
        assert_eq!((rows[2].error_rate, rows[2].bar, rows[2].scores), (None, 0.0, None));
    }

    #[test]
    fn a_faultless_model_has_no_bars() {
        assert!(rows(2, &[0, 1], &[0, 1]).iter().all(|row| row.bar == 0.0));
    }

    #[test]
    fn classes_are_ordered_by_any_column_and_missing_values_stand_last() {
        let rows = rows(4, &[0, 0, 1, 1, 1, 1, 3], &[1, 0, 1, 1, 1, 0, 3]);
        let order = |key, is_falling| {
            sorted(rows.clone(), key, is_falling).iter().map(|row| row.class).collect::<Vec<_>>()
        };
        assert_eq!(order(SortKey::Recall, true), [3, 1, 0, 2]);
        assert_eq!(order(SortKey::Recall, false), [0, 1, 3, 2]);
        assert_eq!(order(SortKey::Support, true), [1, 0, 3, 2]);
        assert_eq!(order(SortKey::Class, true), [3, 2, 1, 0]);
        assert_eq!(order(SortKey::Wrong, true), [0, 1, 2, 3], "equal ones keep their order");
    }
}
