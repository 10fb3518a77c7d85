//! The state as charts.

use super::job::default_job;
use super::state::TrainingState;
use crate::engine::event::Monitor;
use crate::ui::widgets::line_chart::{LineChartState, Role, Series};

/// The curves' names in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartNames {
    /// On the images the network learns from.
    pub training: String,
    /// On the images kept aside.
    pub validation: String,
}

/// Loss over epochs.
pub fn loss_chart(state: &TrainingState, names: &ChartNames) -> LineChartState {
    LineChartState { y_range: None, ..chart(state, names, &Monitor::LOSS, &Monitor::VAL_LOSS) }
}

/// Accuracy over epochs, from nothing to all.
pub fn accuracy_chart(state: &TrainingState, names: &ChartNames) -> LineChartState {
    let chart = chart(state, names, &Monitor::ACCURACY, &Monitor::VAL_ACCURACY);
    LineChartState { y_range: Some((0.0, 1.0)), ..chart }
}

fn chart(
    state: &TrainingState,
    names: &ChartNames,
    training: &Monitor,
    validation: &Monitor,
) -> LineChartState {
    let series = |label: &str, role, monitor| {
        let points = state.history().curve(monitor).to_vec();
        Series { label: label.to_owned(), role, points }
    };
    let epochs = state.job().map_or_else(|| default_job().fit.epochs, |job| job.fit.epochs);
    let mut all = vec![series(&names.training, Role::Training, training)];
    if state.job().is_none_or(|job| job.data.validation_samples > 0) {
        all.push(series(&names.validation, Role::Validation, validation));
    }
    // An early end leaves the chart to what there is.
    let x_end = if state.outcome().is_some() { None } else { Some(epochs as f64) };
    LineChartState { series: all, y_range: None, x_end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_chart_has_both_curves_and_a_scale() {
        let names = ChartNames { training: "t".into(), validation: "v".into() };
        let chart = accuracy_chart(&TrainingState::default(), &names);
        assert!(chart.is_empty());
        assert_eq!((chart.series.len(), chart.y_range()), (2, (0.0, 1.0)));
        assert_eq!(loss_chart(&TrainingState::default(), &names).x_range(), (0.0, 5.0));
    }
}
