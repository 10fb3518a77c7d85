//! A run's curves as charts over epochs.

use smol_str::SmolStr;

use super::marks::chart_marks;
use super::run_curves::{LEAST_MS, RunCurves, Speed};
use crate::engine::event::Monitor;
use crate::engine::spec::RunSpec;
use crate::ui::pages::training::Plan;
use crate::ui::widgets::line_chart::{LineChartState, LineStyle, Role, Series};

/// What a chart is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// The loss or a metric, by its name without `val_`.
    Metric(SmolStr),
    /// The optimizer's.
    LearningRate,
    /// The size of the gradient.
    GradientNorm,
    /// Training images per second.
    Speed,
}

impl Quantity {
    /// The loss.
    pub fn loss() -> Quantity {
        Quantity::Metric(SmolStr::new_static("loss"))
    }

    /// Whether it is a share of all samples.
    pub fn is_share(&self) -> bool {
        matches!(self, Quantity::Metric(name) if Monitor::named(name.clone()).is_share())
    }
}

/// How finely a chart looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Grain {
    /// Every batch.
    #[default]
    Batch,
    /// One value for each epoch.
    Epoch,
}

/// The curves' names in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartNames {
    /// On the images the network learns from.
    pub training: String,
    /// On the images kept aside.
    pub validation: String,
    /// Of what has one curve alone.
    pub single: String,
}

/// What a run measures: the loss first, then its metrics in Keras's order. Before anything is measured they
/// are those that `job` asks for; one of many values then has its single name.
pub fn metric_names(job: &RunSpec, curves: &RunCurves) -> Vec<SmolStr> {
    let measured = curves.steps.means.iter().map(|(monitor, _)| monitor);
    let logged = curves.epochs.iter().take(1).flat_map(|(_, logs)| logs.0.iter().map(|(monitor, _)| monitor));
    let is_metric = |monitor: &&Monitor| !monitor.is_validation() && **monitor != Monitor::LEARNING_RATE;
    let mut names: Vec<SmolStr> = measured.chain(logged).filter(is_metric).map(|it| it.0.clone()).collect();
    if names.is_empty() {
        names = job.compile.measures().directions().map(|(name, _)| SmolStr::new(name)).collect();
    }
    names.push(SmolStr::new_static("loss"));
    names.sort();
    names.dedup();
    names.sort_by_key(|name| name != "loss");
    names
}

/// The whole chart of one run.
pub fn chart(
    curves: &RunCurves,
    quantity: &Quantity,
    grain: Grain,
    plan: &Plan,
    names: &ChartNames,
) -> LineChartState {
    LineChartState {
        series: chart_series(curves, quantity, grain, plan, names, LineStyle::of_role),
        y_range: quantity.is_share().then_some((0.0, 1.0)),
        x_end: None,
        marks: chart_marks(curves, plan.steps_per_epoch),
        epoch_lines: true,
    }
}

/// The curves of one run, each drawn as `style` says of its role.
pub fn chart_series(
    curves: &RunCurves,
    quantity: &Quantity,
    grain: Grain,
    plan: &Plan,
    names: &ChartNames,
    style: impl Fn(Role) -> LineStyle,
) -> Vec<Series> {
    let series = |label: &str, role, points| Series {
        label: label.to_owned(),
        role,
        style: Some(style(role)),
        points,
    };
    match quantity {
        Quantity::Metric(name) => {
            let monitor = Monitor::named(name.clone());
            let validation = epoch_points(curves, &monitor.of_validation());
            let mut all =
                vec![series(&names.training, Role::Training, training(curves, &monitor, grain, plan))];
            if !validation.is_empty() || plan.validation_samples > 0 {
                all.push(series(&names.validation, Role::Validation, validation));
            }
            all
        }
        Quantity::LearningRate => {
            let rates = &curves.steps.learning_rates;
            let last = |values: &[f32]| values.last().map(|rate| f64::from(*rate));
            vec![series(&names.single, Role::Other, column(curves, rates, grain, plan, last))]
        }
        Quantity::GradientNorm => {
            let norms = &curves.steps.gradient_norms;
            vec![series(&names.single, Role::Other, column(curves, norms, grain, plan, mean))]
        }
        Quantity::Speed => {
            vec![series(&names.single, Role::Other, speeds(&curves.speeds, grain, plan))]
        }
    }
}

/// The loss of each batch alone; of metrics Keras has only means since the epoch began.
fn training(curves: &RunCurves, monitor: &Monitor, grain: Grain, plan: &Plan) -> Vec<(f64, f64)> {
    let steps = &curves.steps;
    let means =
        || steps.mean(monitor).map(|means| steps.points(means, plan.steps_per_epoch)).unwrap_or_default();
    match grain {
        // A run that was kept without its batches still has its epochs.
        Grain::Batch if steps.is_empty() => epoch_points(curves, monitor),
        Grain::Batch if *monitor == Monitor::LOSS => steps.points(&steps.losses, plan.steps_per_epoch),
        Grain::Batch => means(),
        Grain::Epoch => {
            let mut points = epoch_points(curves, monitor);
            // The epoch that is not over yet.
            let ended = points.last().map_or(f64::NEG_INFINITY, |point| point.0);
            let now = steps.len().checked_sub(1).map(|idx| steps.x(idx, plan.steps_per_epoch));
            if let (Some(now), Some(means)) = (now.filter(|now| *now > ended + 1e-9), steps.mean(monitor)) {
                points.extend(means.last().map(|mean| (now, f64::from(*mean))));
            }
            points
        }
    }
}

fn epoch_points(curves: &RunCurves, monitor: &Monitor) -> Vec<(f64, f64)> {
    let value = |(epoch, logs): &(usize, _)| {
        let logs: &crate::engine::event::Logs = logs;
        Some(((epoch + 1) as f64, logs.get(monitor)?))
    };
    curves.epochs.iter().filter_map(value).collect()
}

/// A column as it is, or one value for each epoch.
fn column(
    curves: &RunCurves,
    values: &[f32],
    grain: Grain,
    plan: &Plan,
    of_epoch: impl Fn(&[f32]) -> Option<f64>,
) -> Vec<(f64, f64)> {
    match grain {
        Grain::Batch => curves.steps.points(values, plan.steps_per_epoch),
        Grain::Epoch => {
            let point = |(_, range): (u32, std::ops::Range<usize>)| {
                let x = curves.steps.x(range.end - 1, plan.steps_per_epoch);
                Some((x, of_epoch(&values[range])?))
            };
            curves.steps.by_epoch().filter_map(point).collect()
        }
    }
}

fn mean(values: &[f32]) -> Option<f64> {
    let measured = || values.iter().filter(|value| !value.is_nan()).map(|value| f64::from(*value));
    let num = measured().count();
    (num > 0).then(|| measured().sum::<f64>() / num as f64)
}

fn speeds(speeds: &[Speed], grain: Grain, plan: &Plan) -> Vec<(f64, f64)> {
    let trained = |batches: usize| (batches * plan.batch_size).min(plan.samples);
    let images =
        |speed: &Speed| trained(speed.last + 1) - trained(speed.last + 1 - speed.batches.min(speed.last + 1));
    let x = |speed: &Speed| speed.epoch as f64 + (speed.last + 1) as f64 / plan.steps_per_epoch.max(1) as f64;
    // The rest of an epoch may be too short to be timed alone.
    let is_together =
        |a: &Speed, b: &Speed| a.epoch == b.epoch && (grain == Grain::Epoch || b.spent_ms < LEAST_MS);
    let groups = speeds.chunk_by(is_together);
    let point = |group: &[Speed]| {
        let spent_ms: f64 = group.iter().map(|speed| speed.spent_ms).sum();
        let images: usize = group.iter().map(images).sum();
        (spent_ms > 0.0).then(|| (x(&group[group.len() - 1]), images as f64 * 1000.0 / spent_ms))
    };
    groups.filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::{Logs, TrainEvent};
    use crate::engine::presets::Preset;
    use crate::engine::spec::ValidationFreq;
    use crate::protocol::BatchBlock;

    const PLAN: Plan = Plan {
        first_epoch: 0,
        epochs: 3,
        steps_per_epoch: 4,
        samples: 38,
        validation_samples: 5,
        validation_freq: ValidationFreq::Every(1),
        batch_size: 10,
    };

    fn names() -> ChartNames {
        ChartNames { training: "t".into(), validation: "v".into(), single: "s".into() }
    }

    /// One epoch and a half.
    fn curves() -> RunCurves {
        let block = |epoch, num: usize| BatchBlock {
            epoch,
            first: 0,
            losses: (0..num).map(|idx| 4.0 - idx as f32).collect(),
            learning_rates: vec![0.5; num],
            gradient_norms: (0..num).map(|idx| idx as f32).collect(),
            monitors: vec![Monitor::ACCURACY, Monitor::LOSS],
            means: (0..num).flat_map(|idx| [0.25 * idx as f32, 2.0]).collect(),
            spent_ms: 500.0,
        };
        let mut curves = RunCurves::default();
        curves.measure(&[block(0, 4), block(1, 2)], &[]);
        let logs = Logs::from([(Monitor::ACCURACY, 0.75), (Monitor::LOSS, 2.5), (Monitor::VAL_LOSS, 2.25)]);
        curves.hear(&TrainEvent::EpochEnd { epoch: 0, logs });
        curves
    }

    fn points(quantity: &Quantity, grain: Grain, idx: usize) -> Vec<(f64, f64)> {
        chart(&curves(), quantity, grain, &PLAN, &names()).series[idx].points.clone()
    }

    #[test]
    fn the_loss_is_that_of_each_batch_alone_and_validation_that_of_the_epoch() {
        let loss = Quantity::loss();
        let expected = [(0.25, 4.0), (0.5, 3.0), (0.75, 2.0), (1.0, 1.0), (1.25, 4.0), (1.5, 3.0)];
        assert_eq!(points(&loss, Grain::Batch, 0), expected);
        assert_eq!(points(&loss, Grain::Batch, 1), [(1.0, 2.25)]);
    }

    #[test]
    fn by_epoch_there_is_one_value_each_and_the_mean_of_the_one_that_runs() {
        assert_eq!(points(&Quantity::loss(), Grain::Epoch, 0), [(1.0, 2.5), (1.5, 2.0)]);
        let accuracy = Quantity::Metric("accuracy".into());
        assert_eq!(points(&accuracy, Grain::Epoch, 0), [(1.0, 0.75), (1.5, 0.25)]);
        assert_eq!(points(&accuracy, Grain::Batch, 0)[3], (1.0, 0.75));
        assert_eq!(points(&Quantity::LearningRate, Grain::Epoch, 0), [(1.0, 0.5), (1.5, 0.5)]);
        assert_eq!(points(&Quantity::GradientNorm, Grain::Epoch, 0), [(1.0, 1.5), (1.5, 0.5)]);
    }

    #[test]
    fn speed_counts_the_images_that_there_were() {
        // The last batch of an epoch has 8 images.
        assert_eq!(points(&Quantity::Speed, Grain::Batch, 0), [(1.0, 76.0), (1.5, 40.0)]);
    }

    #[test]
    fn the_short_rest_of_an_epoch_is_timed_with_what_was_before() {
        let speed = |last, batches, spent_ms| Speed { epoch: 0, last, batches, spent_ms };
        let all = [speed(1, 2, 500.0), speed(2, 1, 1.0)];
        let images = 3.0 * PLAN.batch_size as f64;
        assert_eq!(speeds(&all, Grain::Batch, &PLAN), [(0.75, images * 1000.0 / 501.0)]);
    }

    #[test]
    fn a_run_without_batches_still_has_its_epochs() {
        let epochs = RunCurves::of_epochs(curves().epochs);
        let got = chart(&epochs, &Quantity::loss(), Grain::Batch, &PLAN, &names());
        assert_eq!((got.series[0].points.len(), got.series[1].points.len()), (1, 1));
    }

    #[test]
    fn every_metric_of_a_run_has_its_chart_and_the_loss_comes_first() {
        let job = RunSpec::new(Preset::Mlp.spec());
        assert_eq!(metric_names(&job, &RunCurves::default()), ["loss", "accuracy"]);
        assert_eq!(metric_names(&job, &curves()), ["loss", "accuracy"]);
        let logs = Logs::from([
            (Monitor::named("f1_score_0"), 0.5),
            (Monitor::LOSS, 0.5),
            (Monitor::LEARNING_RATE, 0.1),
            (Monitor::VAL_LOSS, 0.5),
        ]);
        assert_eq!(metric_names(&job, &RunCurves::of_epochs(vec![(0, logs)])), ["loss", "f1_score_0"]);
        assert!(Quantity::Metric("accuracy".into()).is_share() && !Quantity::loss().is_share());
        for name in ["val_accuracy", "sparse_top_k_categorical_accuracy", "binary_accuracy"] {
            assert!(Quantity::Metric(name.into()).is_share() && Monitor::named(name).is_share(), "{name}");
        }
    }
}
