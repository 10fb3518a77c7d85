//! When a monitored value has improved: what EarlyStopping, ReduceLROnPlateau and ModelCheckpoint share.
//!
//! Smaller is better: `value + min_delta < best`; larger is
//! better: `value - min_delta > best`. Keras compares in float32, so two values that only differ in
//! float64 are equal. Nothing is better than NaN and NaN is better than nothing, except the very
//! first value. Source: Keras 3.15 `callbacks/monitor_callback.py`.

use serde::{Deserialize, Serialize};

use super::CallbackError;
use crate::engine::event::Monitor;

/// Which direction is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// By the metric's own direction.
    #[default]
    Auto,
    /// Smaller is better.
    Min,
    /// Larger is better.
    Max,
}

/// Which values of a metric are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Smaller ones, as of a loss.
    Down,
    /// Larger ones, as of an accuracy.
    Up,
}

/// The directions of the metrics that a model was compiled with, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directions(pub Vec<(String, Direction)>);

impl Directions {
    /// Of `loss`, or of a metric by its name without `val_`.
    pub fn of(&self, monitor: &Monitor) -> Option<Direction> {
        let name = monitor.quantity();
        let found = self.0.iter().find(|(metric, _)| metric == name).map(|(_, direction)| *direction);
        found.or((name == Monitor::LOSS.name()).then_some(Direction::Down))
    }
}

impl Mode {
    /// The direction that is meant for `monitor`.
    ///
    /// # Errors
    /// With [`Mode::Auto`], when no metric of that name is measured. Keras raises it after the first epoch.
    pub fn direction(self, monitor: &Monitor, known: &Directions) -> Result<Direction, CallbackError> {
        match self {
            Mode::Auto => {
                known.of(monitor).ok_or_else(|| CallbackError::UnknownDirection { monitor: monitor.clone() })
            }
            Mode::Min => Ok(Direction::Down),
            Mode::Max => Ok(Direction::Up),
        }
    }
}

/// The comparison that a callback makes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Improvement {
    direction: Direction,
    /// At least 0.
    min_delta: f64,
}

impl Improvement {
    /// The sign of `min_delta` is ignored, as in Keras.
    ///
    /// # Panics
    /// If the direction is unknown; `validate` comes first.
    pub fn new(mode: Mode, monitor: &Monitor, min_delta: f64, known: &Directions) -> Self {
        let direction = mode.direction(monitor, known).expect("validate() comes before build()");
        Self { direction, min_delta: min_delta.abs() }
    }

    /// Which values are better.
    pub fn direction(self) -> Direction {
        self.direction
    }

    /// Whether `value` is better than `reference`; anything is better than none.
    pub fn is_better(self, value: f64, reference: Option<f64>) -> bool {
        let Some(reference) = reference else { return true };
        let reference = reference as f32;
        match self.direction {
            Direction::Down => ((value + self.min_delta) as f32) < reference,
            Direction::Up => ((value - self.min_delta) as f32) > reference,
        }
    }

    /// What a value must be beyond to be better than `reference`.
    pub fn threshold(self, reference: f64) -> f64 {
        match self.direction {
            Direction::Down => reference - self.min_delta,
            Direction::Up => reference + self.min_delta,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Directions {
        Directions(vec![("accuracy".to_owned(), Direction::Up), ("mae".to_owned(), Direction::Down)])
    }

    #[test]
    fn auto_mode_takes_the_metrics_direction_and_refuses_an_unknown_name() {
        let direction = |name: &'static str| Mode::Auto.direction(&Monitor::named(name), &known());
        assert_eq!(direction("val_accuracy"), Ok(Direction::Up));
        assert_eq!(direction("accuracy"), Ok(Direction::Up));
        assert_eq!(direction("val_mae"), Ok(Direction::Down));
        assert_eq!(direction("val_loss"), Ok(Direction::Down));
        let monitor = Monitor::named("val_acc");
        assert_eq!(direction("val_acc"), Err(CallbackError::UnknownDirection { monitor }));
        assert_eq!(Mode::Max.direction(&Monitor::named("val_acc"), &known()), Ok(Direction::Up));
    }

    #[test]
    fn values_are_compared_in_float32() {
        let better = Improvement::new(Mode::Min, &Monitor::LOSS, 0.0, &known());
        assert!(!better.is_better(0.1, Some(0.1 + 1e-9)));
        assert!(better.is_better(0.1, Some(0.1 + 1e-7)));
        assert!(better.is_better(f64::NAN, None));
        assert!(!better.is_better(0.0, Some(f64::NAN)) && !better.is_better(f64::NAN, Some(0.0)));
    }

    #[test]
    fn a_negative_min_delta_is_a_positive_one() {
        for min_delta in [0.5, -0.5] {
            let better = Improvement::new(Mode::Max, &Monitor::LOSS, min_delta, &known());
            assert!(better.is_better(1.75, Some(1.0)) && !better.is_better(1.5, Some(1.0)));
            assert_eq!(better.threshold(1.0), 1.5);
        }
    }
}
