//! Curves of several runs in one chart.

use std::sync::Arc;

use crate::engine::event::Monitor;
use crate::ui::runs::KeptRun;
use crate::ui::widgets::line_chart::{LineChartState, LineStyle, Role, Series};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The loss.
    Loss,
    /// The accuracy.
    Accuracy,
}

impl Quantity {
    /// Its values on training and on validation images.
    pub fn monitors(self) -> [Monitor; 2] {
        match self {
            Quantity::Loss => [Monitor::LOSS, Monitor::VAL_LOSS],
            Quantity::Accuracy => [Monitor::ACCURACY, Monitor::VAL_ACCURACY],
        }
    }
}

/// The curves of each run, unbroken for training and dashed for validation; `label` names the curve of a
/// run, with whether it is of validation. Curves without a point are left out.
pub fn overlay(
    runs: &[Arc<KeptRun>],
    quantity: Quantity,
    label: impl Fn(&KeptRun, bool) -> String,
) -> LineChartState {
    let [training, validation] = quantity.monitors();
    let mut series = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        for (monitor, role) in [(&training, Role::Training), (&validation, Role::Validation)] {
            let points = run.curve(monitor);
            if !points.is_empty() {
                let label = label(run, role == Role::Validation);
                let style = Some(LineStyle::of_run(number, role));
                series.push(Series { label, role, style, points });
            }
        }
    }
    let y_range = (quantity == Quantity::Accuracy).then_some((0.0, 1.0));
    LineChartState { series, y_range, ..LineChartState::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::{Logs, TrainEvent};
    use crate::ui::runs::samples::run;

    fn label(run: &KeptRun, is_validation: bool) -> String {
        format!("{} {is_validation}", run.id)
    }

    #[test]
    fn every_run_has_its_two_curves() {
        let runs = [run("a", 2), run("b", 3)].map(Arc::new);
        let chart = overlay(&runs, Quantity::Loss, label);
        let found: Vec<_> =
            chart.series.iter().map(|it| (it.label.as_str(), it.role, it.points.len())).collect();
        assert_eq!(
            found,
            [
                ("a false", Role::Training, 2),
                ("a true", Role::Validation, 2),
                ("b false", Role::Training, 3),
                ("b true", Role::Validation, 3)
            ]
        );
        assert_eq!(chart.series[0].points[0], (1.0, 0.5), "epochs count from 1");
        assert_eq!(overlay(&runs, Quantity::Accuracy, label).y_range, Some((0.0, 1.0)));
    }

    #[test]
    fn a_run_without_validation_has_one_curve() {
        let mut kept = run("a", 0);
        kept.push(&TrainEvent::EpochEnd { epoch: 0, logs: Logs::from([(Monitor::LOSS, 0.5)]) });
        let chart = overlay(&[Arc::new(kept)], Quantity::Loss, label);
        assert_eq!(chart.series.len(), 1);
    }
}
