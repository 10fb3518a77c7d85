//! [`Curve`]: a metric drawn by hand, one value per epoch.

use crate::engine::event::{Logs, Monitor};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Metric {
    /// `val_loss`, better when smaller.
    #[default]
    ValLoss,
    /// `val_accuracy`, better when larger.
    ValAccuracy,
}

impl Metric {
    /// Both, in menu order.
    pub const ALL: [Metric; 2] = [Metric::ValLoss, Metric::ValAccuracy];

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            Metric::ValLoss => "val_loss",
            Metric::ValAccuracy => "val_accuracy",
        }
    }

    /// The metric of that name.
    pub fn from_name(name: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// What callbacks call it.
    pub fn monitor(self) -> Monitor {
        match self {
            Metric::ValLoss => Monitor::VAL_LOSS,
            Metric::ValAccuracy => Monitor::VAL_ACCURACY,
        }
    }

    /// The largest value that can be drawn; the smallest is 0.
    pub fn max(self) -> f64 {
        match self {
            Metric::ValLoss => 10.0,
            Metric::ValAccuracy => 1.0,
        }
    }
}

/// A ready-made course of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// Better, then worse: the network learns its training images by heart.
    Overfits,
    /// Nothing for a while, then a second improvement.
    Plateau,
    /// Better on the whole, now and then worse.
    Noisy,
    /// Worse and worse until there is no number any more.
    Diverges,
    /// A little better every time.
    Steady,
}

impl Course {
    /// Every course, in menu order.
    pub const ALL: [Course; 5] =
        [Course::Overfits, Course::Plateau, Course::Noisy, Course::Diverges, Course::Steady];

    /// The name of the choice.
    pub fn name(self) -> &'static str {
        match self {
            Course::Overfits => "overfits",
            Course::Plateau => "plateau",
            Course::Noisy => "noisy",
            Course::Diverges => "diverges",
            Course::Steady => "steady",
        }
    }

    /// The course of that name.
    pub fn from_name(name: &str) -> Option<Course> {
        Course::ALL.into_iter().find(|course| course.name() == name)
    }

    /// The loss in an epoch, `x` of the way through, 0..1.
    fn loss(self, epoch: usize, x: f64) -> f64 {
        match self {
            Course::Overfits => 0.18 + 0.62 * (-9.0 * x).exp() + 0.75 * (x - 0.35).max(0.0).powf(1.4),
            Course::Plateau => {
                let second = 1.0 / (1.0 + (-40.0 * (x - 0.72)).exp());
                0.45 + 0.5 * (-16.0 * x).exp() - 0.25 * second + RIPPLE[epoch % RIPPLE.len()] * 0.006
            }
            Course::Noisy => 0.2 + 0.6 * (-4.0 * x).exp() + RIPPLE[epoch % RIPPLE.len()] * 0.08,
            Course::Diverges if x > 0.75 => f64::NAN,
            Course::Diverges => {
                0.35 + 0.4 * (-9.0 * x).exp() + 0.02 * (12.0 * (x - 0.3).max(0.0)).exp() - 0.02
            }
            Course::Steady => 0.12 + 0.75 * (-2.5 * x).exp(),
        }
    }
}

/// Ups and downs that are the same every time.
const RIPPLE: [f64; 11] = [0.0, 0.9, -0.7, 0.4, -1.0, 0.8, 0.1, -0.5, 1.0, -0.2, -0.8];

/// Digits after the point that a drawn value keeps.
const DIGITS: f64 = 1e4;

/// Values of one metric, epoch after epoch; NaN where the loss was no number.
#[derive(Clone, Debug)]
pub struct Curve {
    /// What is drawn.
    pub metric: Metric,
    /// From 0 to [`Metric::max`] or NaN.
    values: Vec<f64>,
}

impl PartialEq for Curve {
    /// NaN is the same curve as NaN.
    fn eq(&self, other: &Curve) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        self.metric == other.metric
            && self.values.len() == other.values.len()
            && self.values.iter().zip(&other.values).all(same)
    }
}

impl Curve {
    /// Epochs, at most.
    pub const MAX_EPOCHS: usize = 60;

    /// A ready-made curve of at least one epoch.
    pub fn of(course: Course, metric: Metric, epochs: usize) -> Curve {
        let epochs = epochs.clamp(1, Curve::MAX_EPOCHS);
        let value = |epoch: usize| {
            let loss = course.loss(epoch, epoch as f64 / (epochs - 1).max(1) as f64);
            match metric {
                Metric::ValLoss => loss,
                // The more the loss, the less is right.
                Metric::ValAccuracy => (-loss).exp(),
            }
        };
        let mut curve = Curve { metric, values: vec![0.0; epochs] };
        (0..epochs).for_each(|epoch| curve.set(epoch, value(epoch)));
        curve
    }

    /// Reads values, one per epoch.
    pub fn from_values(metric: Metric, values: &[f64]) -> Option<Curve> {
        let fits = |value: &f64| value.is_nan() || (0.0..=metric.max()).contains(value);
        let is_legal = (1..=Curve::MAX_EPOCHS).contains(&values.len()) && values.iter().all(fits);
        is_legal.then(|| {
            let mut curve = Curve { metric, values: values.to_vec() };
            values.iter().enumerate().for_each(|(epoch, value)| curve.set(epoch, *value));
            curve
        })
    }

    /// The values.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many epochs there are, at least 1.
    pub fn epochs(&self) -> usize {
        self.values.len()
    }

    /// Draws one value, within what can be drawn and with four digits after the point.
    pub fn set(&mut self, epoch: usize, value: f64) {
        let max = self.metric.max();
        if let Some(place) = self.values.get_mut(epoch) {
            *place = if value.is_nan() { value } else { (value.clamp(0.0, max) * DIGITS).round() / DIGITS };
        }
    }

    /// Shortens it, or goes on with the last value.
    pub fn resize(&mut self, epochs: usize) {
        let last = self.values.last().copied().unwrap_or(0.0);
        self.values.resize(epochs.clamp(1, Curve::MAX_EPOCHS), last);
    }

    /// The top of the axis: round, and never below what is drawn.
    pub fn top(&self) -> f64 {
        match self.metric {
            Metric::ValAccuracy => 1.0,
            Metric::ValLoss => {
                let most = self.values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
                [0.5, 1.0, 2.0, 5.0, 10.0].into_iter().find(|top| most <= *top).unwrap_or(10.0)
            }
        }
    }

    /// What callbacks are given after an epoch, in float32 as by training: the drawn metric, its twin on the
    /// training images with the same value, and a loss, which for accuracy is the share of wrong answers.
    pub fn logs(&self, epoch: usize) -> Logs {
        let mut logs = self.batch_logs(epoch);
        logs.set(self.metric.monitor(), float32(self.values[epoch]));
        logs
    }

    /// What callbacks are given after each batch of an epoch.
    pub fn batch_logs(&self, epoch: usize) -> Logs {
        let value = self.values[epoch];
        match self.metric {
            Metric::ValLoss => Logs::from([(Monitor::LOSS, float32(value))]),
            Metric::ValAccuracy => {
                Logs::from([(Monitor::ACCURACY, float32(value)), (Monitor::LOSS, float32(1.0 - value))])
            }
        }
    }
}

fn float32(value: f64) -> f64 {
    f64::from(value as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(curve: &Curve) -> usize {
        let values = curve.values().iter().enumerate().filter(|(_, value)| value.is_finite());
        values.min_by(|a, b| a.1.total_cmp(b.1)).unwrap().0
    }

    #[test]
    fn every_course_is_what_its_name_says() {
        let of = |course| Curve::of(course, Metric::ValLoss, 12);
        assert!((3..8).contains(&best(&of(Course::Overfits))), "{:?}", of(Course::Overfits));
        assert!(best(&of(Course::Plateau)) > 9);
        assert!(of(Course::Diverges).values()[11].is_nan() && of(Course::Diverges).values()[3].is_finite());
        assert!(of(Course::Steady).values().is_sorted_by(|a, b| a > b));
        let noisy = of(Course::Noisy);
        assert!(!noisy.values().is_sorted_by(|a, b| a > b) && noisy.values()[11] < noisy.values()[0]);
    }

    #[test]
    fn an_accuracy_is_better_where_the_loss_is_smaller_and_stays_a_share() {
        for course in Course::ALL {
            let accuracy = Curve::of(course, Metric::ValAccuracy, 12);
            assert!(accuracy.values().iter().all(|value| value.is_nan() || (0.0..=1.0).contains(value)));
        }
        let steady = Curve::of(Course::Steady, Metric::ValAccuracy, 12);
        assert!(steady.values().is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_is_drawn_stays_within_bounds() {
        let mut curve = Curve::of(Course::Steady, Metric::ValAccuracy, 3);
        curve.set(1, 7.0);
        curve.set(2, 0.123_456);
        curve.set(99, 0.5);
        assert_eq!(curve.values()[1..], [1.0, 0.1235]);
        curve.resize(5);
        assert_eq!(curve.values()[2..], [0.1235; 3]);
        curve.resize(0);
        assert_eq!(curve.epochs(), 1);
        assert_eq!(Curve::of(Course::Noisy, Metric::ValLoss, 9_999).epochs(), Curve::MAX_EPOCHS);
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        let read = |values: &[f64]| Curve::from_values(Metric::ValLoss, values);
        assert!(read(&[]).is_none() && read(&[-0.1]).is_none() && read(&[f64::INFINITY]).is_none());
        assert!(read(&[0.5; 61]).is_none());
        assert_eq!(read(&[0.5, f64::NAN]), read(&[0.5, f64::NAN]));
        assert_ne!(read(&[0.5, f64::NAN]), read(&[0.5, 0.5]));
    }

    #[test]
    fn the_logs_hold_the_drawn_metric_and_a_loss() {
        let curve = Curve::from_values(Metric::ValAccuracy, &[0.75]).unwrap();
        let expected = [(Monitor::ACCURACY, 0.75), (Monitor::LOSS, 0.25), (Monitor::VAL_ACCURACY, 0.75)];
        assert_eq!(curve.logs(0), Logs::from(expected));
        let loss = Curve::from_values(Metric::ValLoss, &[0.1]).unwrap().logs(0);
        assert_eq!(loss.get(&Monitor::VAL_LOSS), Some(f64::from(0.1f32)));
    }
}
