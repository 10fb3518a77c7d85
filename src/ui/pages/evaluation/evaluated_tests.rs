use super::super::samples::{model, report, with_other};
use super::*;
use crate::engine::scores::Method;

fn evaluation() -> Evaluation {
    let second = Second { name: "b".into(), epochs: Some(1) };
    Evaluation::new(with_other(report()), model(), Some(second))
}

#[test]
fn mistakes_come_the_surest_first_and_close_calls_by_their_margin() {
    let evaluation = evaluation();
    assert_eq!(evaluation.indices(Listing::Mistakes), [12, 10]);
    assert_eq!(evaluation.indices(Listing::Close), [10, 13, 12, 11]);
    for listing in [Listing::Mistakes, Listing::Close] {
        assert_eq!(evaluation.count(listing), evaluation.indices(listing).len());
    }
    let verdict = evaluation.verdict(Listing::Close, 13).unwrap();
    assert_eq!((verdict.predicted, verdict.confidence), (1, 0.7));
    assert_eq!(verdict.also, Also::RunnerUp(0, 0.2));
    assert_eq!(evaluation.verdict(Listing::Close, 9), None);
}

#[test]
fn two_models_differ_where_one_alone_is_right() {
    let evaluation = evaluation();
    let comparison = evaluation.comparison.as_ref().unwrap();
    assert_eq!(comparison.pairs, Pairs { both: 0, only_first: 2, only_second: 1, neither: 1 });
    assert_eq!((comparison.test.method, comparison.test.p_value), (Method::Exact, 1.0));
    // The second model's surest mistake first.
    assert_eq!(evaluation.indices(Listing::OnlyFirst), [13, 11]);
    assert_eq!(evaluation.indices(Listing::OnlySecond), [10]);
    assert_eq!(evaluation.indices(Listing::BothWrong), [12]);
    assert_eq!(evaluation.count(Listing::BothWrong), 1);
    let verdict = evaluation.verdict(Listing::OnlySecond, 10).unwrap();
    assert_eq!((verdict.predicted, verdict.also), (1, Also::Other(0, 0.9)));
}

#[test]
fn without_a_second_model_nothing_is_compared() {
    let evaluation = Evaluation::new(report(), model(), None);
    assert_eq!(evaluation.comparison, None);
    assert_eq!((evaluation.indices(Listing::OnlyFirst), evaluation.count(Listing::OnlyFirst)), (vec![], 0));
}

#[test]
fn pairs_of_classes_come_by_their_count() {
    let mut report = report();
    report.labels = vec![2, 1, 2, 0];
    report.answers.predicted = vec![1, 0, 1, 0];
    let evaluation = Evaluation::new(report, model(), None);
    let cell = |label, predicted| Cell { label, predicted };
    assert_eq!(evaluation.worst_pairs(5), [cell(2, 1), cell(1, 0)]);
    assert_eq!(evaluation.worst_pairs(1), [cell(2, 1)]);
}

#[test]
fn probabilities_are_held_against_what_came_of_them() {
    let calibration = evaluation().calibration(2);
    assert_eq!(calibration.bins[0].count, 0);
    assert_eq!((calibration.bins[1].count, calibration.bins[1].right), (4, 2));
    assert!((calibration.mean_gap().unwrap() + 0.25).abs() < 1e-6, "half right, three quarters promised");
}
