//! Scores against scikit-learn, SciPy and statsmodels: `scores/scores.py` writes the numbers.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use svertka::engine::metrics::Confusion;
use svertka::engine::scores::{Calibration, ClassReport, McNemar, Means, Method, Pairs, wilson};

use crate::case::folder;

/// Both sides sum the same few numbers, each in its own order.
const TOLERANCE: f64 = 1e-12;
/// The tail of the chi-square distribution, of its own size: two libraries compute it.
const TAIL: f64 = 1e-11;

#[derive(Deserialize)]
struct Golden {
    reports: Vec<Report>,
    calibrations: Vec<Curve>,
    pairs: Vec<Paired>,
    intervals: Vec<Interval>,
}

#[derive(Deserialize)]
struct Report {
    num_classes: usize,
    labels: Vec<u8>,
    predicted: Vec<u8>,
    /// Precision, recall, F1, support.
    classes: BTreeMap<usize, [f64; 4]>,
    #[serde(rename = "macro")]
    macro_mean: [f64; 3],
    weighted: [f64; 3],
    accuracy: f64,
    rows: Vec<Vec<f64>>,
    columns: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Curve {
    bins: usize,
    probabilities: Vec<f64>,
    right: Vec<u8>,
    accuracy: Vec<f64>,
    mean_probability: Vec<f64>,
    counts: Vec<usize>,
    expected_error: f64,
}

#[derive(Deserialize)]
struct Paired {
    only_first: usize,
    only_second: usize,
    exact: bool,
    statistic: f64,
    p_value: f64,
}

#[derive(Deserialize)]
struct Interval {
    right: usize,
    total: usize,
    ends: [f64; 2],
}

fn golden() -> Golden {
    let text = fs::read_to_string(folder().join("scores/scores.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[track_caller]
fn assert_near(what: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (idx, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!((got - expected).abs() <= TOLERANCE, "{what}[{idx}]: {got} instead of {expected}");
    }
}

fn means(Means { precision, recall, f1 }: Means) -> [f64; 3] {
    [precision, recall, f1]
}

#[test]
fn classes_score_as_in_scikit_learn() {
    let reports = golden().reports;
    assert!(reports.len() >= 6);
    for case in reports {
        let confusion = Confusion::new(case.num_classes, &case.labels, &case.predicted);
        let report = ClassReport::new(&confusion);
        for (class, scores) in report.classes.iter().enumerate() {
            let got = scores.map(|it| [it.precision, it.recall, it.f1, it.support as f64]);
            let expected = case.classes.get(&class).copied();
            assert_eq!(got.is_some(), expected.is_some(), "class {class}");
            if let (Some(got), Some(expected)) = (got, expected) {
                assert_near(&format!("class {class}"), &got, &expected);
            }
            let all = 0..case.num_classes;
            let row: Vec<f64> = all.clone().map(|other| confusion.share_of_label(class, other)).collect();
            assert_near("row", &row, &case.rows[class]);
            let column: Vec<f64> = all.map(|other| confusion.share_of_predicted(class, other)).collect();
            assert_near("column", &column, &case.columns[class]);
        }
        assert_near("macro", &means(report.macro_mean), &case.macro_mean);
        assert_near("weighted", &means(report.weighted_mean), &case.weighted);
        assert_near("accuracy", &[confusion.accuracy().unwrap()], &[case.accuracy]);
    }
}

#[test]
fn calibration_is_that_of_scikit_learn() {
    let curves = golden().calibrations;
    assert!(curves.iter().any(|case| case.counts.contains(&0)), "a case with an empty bin");
    for case in curves {
        let answers = case.probabilities.iter().zip(&case.right);
        let calibration = Calibration::new(case.bins, answers.map(|(value, right)| (*value, *right == 1)));
        let counts: Vec<usize> = calibration.bins.iter().map(|bin| bin.count).collect();
        assert_eq!(counts, case.counts, "{} bins", case.bins);
        let (mean, accuracy): (Vec<f64>, Vec<f64>) = calibration.curve().into_iter().unzip();
        assert_near("accuracy", &accuracy, &case.accuracy);
        assert_near("mean probability", &mean, &case.mean_probability);
        assert_near("error", &[calibration.expected_error().unwrap()], &[case.expected_error]);
    }
}

#[test]
fn two_models_are_tested_as_in_statsmodels() {
    let pairs = golden().pairs;
    assert!(pairs.iter().any(|case| case.exact) && pairs.iter().any(|case| !case.exact));
    for case in pairs {
        let (only_first, only_second) = (case.only_first, case.only_second);
        let found = McNemar::new(&Pairs { only_first, only_second, ..Pairs::default() });
        let what = format!("{only_first} against {only_second}");
        assert_eq!(found.method == Method::Exact, case.exact, "{what}");
        assert_near(&what, &[found.statistic], &[case.statistic]);
        let distance = (found.p_value - case.p_value).abs();
        assert!(distance <= TAIL * case.p_value, "{what}: {} instead of {}", found.p_value, case.p_value);
    }
}

#[test]
fn intervals_are_those_of_statsmodels() {
    for case in golden().intervals {
        let what = format!("{} of {}", case.right, case.total);
        assert_near(&what, &wilson(case.right, case.total).unwrap(), &case.ends);
    }
}
