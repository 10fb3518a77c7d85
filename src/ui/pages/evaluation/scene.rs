//! The table of classes as data: how many images, how many wrong, and the length of the bar.

use crate::engine::metrics::Confusion;

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
}

/// Every class in the order of its label.
pub fn class_rows(confusion: &Confusion) -> Vec<ClassRow> {
    let classes = 0..confusion.num_classes();
    let worst = classes.clone().filter_map(|class| confusion.error_rate(class)).fold(0.0, f64::max);
    let row = |class| {
        let error_rate = confusion.error_rate(class);
        let support = confusion.support(class);
        let bar = if worst > 0.0 { error_rate.unwrap_or(0.0) / worst } else { 0.0 };
        ClassRow { class, support, wrong: support - confusion.count(class, class), error_rate, bar }
    };
    classes.map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_measured_against_the_worst_class() {
        let rows = class_rows(&Confusion::new(3, &[0, 0, 1, 1, 1, 1], &[1, 0, 1, 1, 1, 0]));
        assert_eq!((rows[0].wrong, rows[0].error_rate, rows[0].bar), (1, Some(0.5), 1.0));
        assert_eq!((rows[1].support, rows[1].error_rate, rows[1].bar), (4, Some(0.25), 0.5));
        assert_eq!((rows[2].error_rate, rows[2].bar), (None, 0.0));
    }

    #[test]
    fn a_faultless_model_has_no_bars() {
        let rows = class_rows(&Confusion::new(2, &[0, 1], &[0, 1]));
        assert!(rows.iter().all(|row| row.bar == 0.0));
    }
}
