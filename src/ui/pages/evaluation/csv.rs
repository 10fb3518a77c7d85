//! The result as tables for other programs: lines end in CR LF, fields with a comma or a quotation mark are
//! quoted, and numbers are written with Python's digits.

use std::fmt::Write as _;

use super::evaluated::Evaluation;
use crate::engine::callbacks::repr;
use crate::engine::scores::{Calibration, Means};
use crate::protocol::Answers;

/// One line per image: its position in the test file, its class, the predicted one, and the probability of
/// every class; those of the second model follow where there is one.
pub fn images_csv(evaluation: &Evaluation) -> String {
    let report = &evaluation.report;
    let classes = report.classes.len();
    let mut head = vec!["index".to_owned(), "label".to_owned()];
    let models = [("", Some(&report.answers)), ("other_", report.other.as_ref())];
    for (prefix, _) in models.iter().filter(|(_, answers)| answers.is_some()) {
        head.push(format!("{prefix}prediction"));
        head.extend((0..classes).map(|class| format!("{prefix}probability_{class}")));
    }
    let mut out = head.join(",") + "\r\n";
    for (at, (index, label)) in report.indices.iter().zip(&report.labels).enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(out, "{index},{label}");
        for answers in models.iter().filter_map(|(_, answers)| *answers) {
            answers_of(&mut out, answers, at, classes);
        }
        out.push_str("\r\n");
    }
    out
}

fn answers_of(out: &mut String, answers: &Answers, at: usize, classes: usize) {
    let _ = write!(out, ",{}", answers.predicted[at]);
    for share in answers.probabilities.iter().skip(at * classes).take(classes) {
        // The shortest digits that give the single-precision value back.
        let _ = write!(out, ",{share:?}");
    }
}

/// One line per class that occurs, in the order of labels, then the accuracy and both means, as in
/// scikit-learn's `classification_report`.
pub fn classes_csv(evaluation: &Evaluation, names: &[String]) -> String {
    let mut out = "class,name,precision,recall,f1-score,support,predicted,wrong\r\n".to_owned();
    let confusion = &evaluation.confusion;
    let classes = evaluation.scores.classes.iter().zip(names).enumerate();
    for (class, (scores, name)) in classes {
        let Some(scores) = scores else { continue };
        let numbers = [scores.precision, scores.recall, scores.f1].map(repr).join(",");
        let (support, predicted) = (scores.support, scores.predicted);
        let wrong = support - confusion.count(class, class);
        let _ = write!(out, "{class},{},{numbers},{support},{predicted},{wrong}\r\n", field(name));
    }
    let total = confusion.num_samples();
    let wrong = total - confusion.num_right();
    let accuracy = repr(confusion.accuracy().unwrap_or(0.0));
    let _ = write!(out, "accuracy,,,,{accuracy},{total},{total},{wrong}\r\n");
    let means =
        [("macro avg", evaluation.scores.macro_mean), ("weighted avg", evaluation.scores.weighted_mean)];
    for (name, Means { precision, recall, f1 }) in means {
        let numbers = [precision, recall, f1].map(repr).join(",");
        let _ = write!(out, "{name},,{numbers},{total},{total},{wrong}\r\n");
    }
    out
}

/// The counts: a line per true class, a column per predicted one.
pub fn matrix_csv(evaluation: &Evaluation, names: &[String]) -> String {
    let confusion = &evaluation.confusion;
    let heads = names.iter().map(|name| field(name)).collect::<Vec<_>>();
    let mut out = format!("true \\ predicted,{}\r\n", heads.join(","));
    for (label, name) in heads.iter().enumerate() {
        out.push_str(name);
        for predicted in 0..confusion.num_classes() {
            let _ = write!(out, ",{}", confusion.count(label, predicted));
        }
        out.push_str("\r\n");
    }
    out
}

/// One line per bin; empty fields where it has no images.
pub fn calibration_csv(calibration: &Calibration) -> String {
    let mut out = "from,to,images,right,mean_probability,accuracy\r\n".to_owned();
    for bin in &calibration.bins {
        let value = |value: Option<f64>| value.map(repr).unwrap_or_default();
        let (mean, accuracy) = (value(bin.mean_probability()), value(bin.accuracy()));
        let (from, to) = (repr(bin.from), repr(bin.to));
        let _ = write!(out, "{from},{to},{},{},{mean},{accuracy}\r\n", bin.count, bin.right);
    }
    out
}

fn field(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::evaluated::Second;
    use super::super::samples::{model, report, with_other};
    use super::*;

    fn names() -> Vec<String> {
        ["zero", "one, or \"I\"", "two"].map(str::to_owned).into()
    }

    #[test]
    fn every_image_has_its_line_and_both_models_their_columns() {
        let alone = images_csv(&Evaluation::new(report(), model(), None));
        assert!(alone.starts_with("index,label,prediction,probability_0,probability_1,probability_2\r\n"));
        assert!(alone.contains("\r\n11,0,0,0.9,0.05,0.05\r\n") && alone.lines().count() == 5);
        let second = Some(Second { name: "b".into(), epochs: None });
        let both = images_csv(&Evaluation::new(with_other(report()), model(), second));
        assert!(both.lines().next().is_some_and(|head| head.ends_with(",other_probability_2")));
        assert!(both.contains("\r\n13,1,1,0.2,0.7,0.1,0,0.8,0.1,0.1\r\n"));
    }

    #[test]
    fn classes_are_written_as_scikit_learn_reports_them() {
        let csv = classes_csv(&Evaluation::new(report(), model(), None), &names());
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines[1], "0,zero,1.0,0.3333333333333333,0.5,3,1,2");
        assert_eq!(lines[2], "1,\"one, or \"\"I\"\"\",0.3333333333333333,1.0,0.5,1,3,0");
        assert_eq!(lines[3], "accuracy,,,,0.5,4,4,2", "no class 2 occurs");
        assert!(lines[4].starts_with("macro avg,,0.666") && lines[5].starts_with("weighted avg,,0.833"));
    }

    #[test]
    fn the_matrix_and_the_bins_are_tables() {
        let evaluation = Evaluation::new(report(), model(), None);
        let matrix = matrix_csv(&evaluation, &names());
        assert!(matrix.ends_with("zero,1,2,0\r\n\"one, or \"\"I\"\"\",0,1,0\r\ntwo,0,0,0\r\n"), "{matrix}");
        let bins = calibration_csv(&Calibration::new(2, [(0.75, true), (1.0, false)]));
        assert_eq!(
            bins,
            "from,to,images,right,mean_probability,accuracy\r\n0.0,0.5,0,0,,\r\n0.5,1.0,2,1,0.875,0.5\r\n"
        );
    }
}
