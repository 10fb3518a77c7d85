//! The state as charts.

use super::job::default_job;
use super::state::TrainingState;
use crate::ui::curves::{ChartNames, Grain, Quantity, chart, metric_names};
use crate::ui::widgets::line_chart::LineChartState;

/// What there are charts of: the loss and the metrics of the run, or of the one that would begin, and what
/// else was measured. Gradients have theirs before the first is measured if they `are_watched`.
pub fn quantities(state: &TrainingState, are_watched: bool) -> Vec<Quantity> {
    let curves = &state.history().curves;
    let names = match state.job() {
        Some(job) => metric_names(job, curves),
        None => metric_names(&default_job(), curves),
    };
    let mut all: Vec<Quantity> = names.into_iter().map(Quantity::Metric).collect();
    all.push(Quantity::LearningRate);
    if are_watched || curves.has_gradient_norms() {
        all.push(Quantity::GradientNorm);
    }
    all.push(Quantity::Speed);
    all
}

/// The run's curves of one quantity.
pub fn run_chart(
    state: &TrainingState,
    quantity: &Quantity,
    grain: Grain,
    names: &ChartNames,
) -> LineChartState {
    let mut plan = state.plan();
    if plan.epochs == 0 {
        // Before it begins, what is going to be drawn is known from the job.
        let job = state.job().cloned().unwrap_or_else(default_job);
        (plan.epochs, plan.validation_samples) = (job.fit.epochs, job.data.validation_samples);
    }
    // An early end leaves the chart to what there is.
    let x_end = if state.outcome().is_some() { None } else { Some(plan.epochs as f64) };
    LineChartState { x_end, ..chart(&state.history().curves, quantity, grain, &plan, names) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_chart_has_both_curves_and_a_scale() {
        let names = ChartNames { training: "t".into(), validation: "v".into(), single: "s".into() };
        let state = TrainingState::default();
        let accuracy = run_chart(&state, &Quantity::Metric("accuracy".into()), Grain::Batch, &names);
        assert!(accuracy.is_empty());
        assert_eq!((accuracy.series.len(), accuracy.y_range), (2, Some((0.0, 1.0))));
        assert_eq!(run_chart(&state, &Quantity::loss(), Grain::Epoch, &names).x_range(), (0.0, 5.0));
    }

    #[test]
    fn gradients_have_a_chart_when_they_are_watched() {
        let state = TrainingState::default();
        assert_eq!(quantities(&state, false).len() + 1, quantities(&state, true).len());
        assert_eq!(quantities(&state, false)[0], Quantity::loss());
    }
}
