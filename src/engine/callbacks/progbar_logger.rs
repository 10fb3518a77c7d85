//! Keras's `ProgbarLogger`: the lines that `fit` prints.
//!
//! The engine has no clock: whoever shows the lines tells the time with every event. Source: Keras 3.15
//! `callbacks/progbar_logger.py` and `utils/progbar.py`.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::history::Silent;
use super::python_format::FormatSpec;
use super::python_format::Number::Float;
use super::{CallbackError, Context, Verbose};
use crate::engine::event::{Logs, TrainEvent};

/// Has no arguments: `fit`'s `verbose` says what is printed, and by whom it is printed is not the
/// engine's matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ProgbarLoggerSpec {}

#[expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the same signatures as every other callback's spec"
)]
impl ProgbarLoggerSpec {
    pub(super) fn validate(&self, _context: &Context) -> Result<(), CallbackError> {
        Ok(())
    }

    pub(super) fn build(&self, _context: &Context) -> Silent {
        Silent
    }
}

/// Columns of the bar.
const WIDTH: usize = 20;
/// The least time between two drawings, in seconds.
const INTERVAL: f64 = 0.05;

/// Follows a run and says what Keras would print. `auto` is a bar everywhere, as in Keras 3.15.
#[derive(Debug, Clone)]
pub struct ProgbarLogger {
    verbose: Verbose,
    is_colored: bool,
    epochs: usize,
    target: usize,
    /// When the epoch began, and its first step ended, in seconds.
    begun: f64,
    first_step: Option<f64>,
    last_drawn: Option<f64>,
}

impl ProgbarLogger {
    /// Before the first event.
    pub fn new(verbose: Verbose) -> Self {
        Self {
            verbose,
            is_colored: false,
            epochs: 1,
            target: 0,
            begun: 0.0,
            first_step: None,
            last_drawn: None,
        }
    }

    /// The same, with Keras's colors and bold type in the bar, for terminals.
    #[must_use]
    pub fn colored(self) -> Self {
        Self { is_colored: true, ..self }
    }

    /// What is printed at `event`, `now` in seconds since any moment. A text without a line end is
    /// replaced by the next one.
    pub fn on_event(&mut self, event: &TrainEvent, now: f64) -> Option<String> {
        match event {
            TrainEvent::TrainBegin { epochs, steps_per_epoch, .. } => {
                (self.epochs, self.target) = (*epochs, *steps_per_epoch);
                None
            }
            TrainEvent::EpochBegin { epoch } => {
                (self.begun, self.first_step, self.last_drawn) = (now, None, None);
                let is_said = self.verbose != Verbose::Silent && self.epochs > 1;
                is_said.then(|| format!("Epoch {}/{}\n", epoch + 1, self.epochs))
            }
            TrainEvent::BatchEnd { batch, logs, .. } => {
                // Without a bar Keras does not look at batches, so that the first one counts as all others.
                if !matches!(self.verbose, Verbose::Auto | Verbose::Bar) {
                    return None;
                }
                let per_step = self.seconds_per_step(batch + 1, now);
                if self.last_drawn.is_some_and(|last| now - last < INTERVAL) {
                    return None;
                }
                self.last_drawn = Some(now);
                let left = eta(per_step * (self.target.saturating_sub(batch + 1)) as f64);
                Some(self.bar(batch + 1, &left, per_step, logs))
            }
            TrainEvent::EpochEnd { logs, .. } => {
                let per_step = self.seconds_per_step(self.target, now);
                let elapsed = format!("{:.0}s", now - self.begun);
                let target = self.target;
                match self.verbose {
                    Verbose::Silent => None,
                    Verbose::Auto | Verbose::Bar => Some(self.bar(target, &elapsed, per_step, logs) + "\n"),
                    Verbose::Line => {
                        let line = format!("{target}/{target} - {elapsed} - {}", time_per_step(per_step));
                        Some(line + &values(logs, |value| value > 1e-3) + "\n")
                    }
                }
            }
            TrainEvent::TestBatchEnd { .. }
            | TrainEvent::CallbackActed { .. }
            | TrainEvent::LearningRateSet { .. }
            | TrainEvent::TrainEnd { .. } => None,
        }
    }

    fn bar(&self, current: usize, time: &str, per_step: f64, logs: &Logs) -> String {
        let digits = self.target.max(1).to_string().len();
        let count = format!("{current:digits$}/{}", self.target);
        // As it fills, Keras's bar changes its color, not its length.
        let full = WIDTH * current / self.target.max(1);
        let dash = |columns: usize| "━".repeat(columns);
        let mut line = if self.is_colored {
            let done = if full > 0 { format!("\x1b[32m{}\x1b[0m", dash(full)) } else { String::new() };
            let left = dash(WIDTH.saturating_sub(full));
            format!("\x1b[1m{count}\x1b[0m {done}\x1b[37m{left}\x1b[0m \x1b[1m{time}\x1b[0m")
        } else {
            format!("{count} {} {time}", dash(WIDTH))
        };
        let _ = write!(line, " {}", time_per_step(per_step));
        line + &values(logs, |value| value.abs() > 1e-3)
    }

    /// Without the first step, which takes longer, as soon as there are others.
    fn seconds_per_step(&mut self, current: usize, now: f64) -> f64 {
        if current == 0 {
            return 0.0;
        }
        let seconds = match self.first_step {
            Some(first) if current > 1 => (now - first) / (current - 1) as f64,
            _ => (now - self.begun) / current as f64,
        };
        if current == 1 {
            self.first_step = Some(now);
        }
        seconds
    }
}

fn eta(seconds: f64) -> String {
    let whole = seconds as u64;
    if seconds > 3600.0 {
        format!("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60)
    } else if seconds > 60.0 {
        format!("{}:{:02}", whole / 60, whole % 60)
    } else {
        format!("{whole}s")
    }
}

fn time_per_step(seconds: f64) -> String {
    if seconds >= 1.0 || seconds == 0.0 {
        format!("{seconds:.0}s/step")
    } else if seconds >= 1e-3 {
        format!("{:.0}ms/step", seconds * 1e3)
    } else {
        format!("{:.0}us/step", seconds * 1e6)
    }
}

/// ` - loss: 0.2871`, with an exponent where four decimals are not enough.
fn values(logs: &Logs, is_plain: impl Fn(f64) -> bool) -> String {
    let mut text = String::new();
    for (monitor, value) in &logs.0 {
        let format = if is_plain(*value) { ".4f" } else { ".4e" };
        let number = FormatSpec::parse(format).and_then(|spec| spec.format(Float(*value)));
        let _ = write!(text, " - {monitor}: {}", number.unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Monitor;

    fn told(verbose: Verbose) -> Vec<String> {
        let mut logger = ProgbarLogger::new(verbose);
        let logs = Logs::from([(Monitor::ACCURACY, 0.91234), (Monitor::LOSS, 0.000_5)]);
        let batch = |batch| TrainEvent::BatchEnd { epoch: 0, batch, batch_loss: 0.0, logs: logs.clone() };
        let events = [
            (
                TrainEvent::TrainBegin { epochs: 5, steps_per_epoch: 12, samples: 12, validation_samples: 0 },
                0.0,
            ),
            (TrainEvent::EpochBegin { epoch: 0 }, 0.0),
            (batch(0), 1.0),
            (batch(1), 1.01),
            (batch(2), 1.1),
            (TrainEvent::EpochEnd { epoch: 0, logs: logs.clone() }, 3.2),
        ];
        events.iter().filter_map(|(event, now)| logger.on_event(event, *now)).collect()
    }

    #[test]
    fn it_says_what_keras_says() {
        let bar = "━".repeat(20);
        let values = "accuracy: 0.9123 - loss: 5.0000e-04";
        let expected = [
            "Epoch 1/5\n".to_owned(),
            format!(" 1/12 {bar} 11s 1s/step - {values}"),
            format!(" 3/12 {bar} 0s 50ms/step - {values}"),
            format!("12/12 {bar} 3s 200ms/step - {values}\n"),
        ];
        assert_eq!(told(Verbose::Bar), expected);
        let line = format!("12/12 - 3s - 267ms/step - {values}\n");
        assert_eq!(told(Verbose::Line), ["Epoch 1/5\n".to_owned(), line]);
        assert!(told(Verbose::Silent).is_empty());
        assert_eq!(told(Verbose::Auto), told(Verbose::Bar), "as in Keras 3.15");
    }

    #[test]
    fn a_terminal_sees_how_much_is_done() {
        let mut logger = ProgbarLogger::new(Verbose::Bar).colored();
        let begin =
            TrainEvent::TrainBegin { epochs: 1, steps_per_epoch: 4, samples: 4, validation_samples: 0 };
        logger.on_event(&begin, 0.0);
        logger.on_event(&TrainEvent::EpochBegin { epoch: 0 }, 0.0);
        let logs = Logs::from([(Monitor::LOSS, 0.5)]);
        let event = TrainEvent::BatchEnd { epoch: 0, batch: 0, batch_loss: 0.0, logs };
        let (done, left) = ("━".repeat(5), "━".repeat(15));
        let expected = format!(
            "\x1b[1m1/4\x1b[0m \x1b[32m{done}\x1b[0m\x1b[37m{left}\x1b[0m \x1b[1m6s\x1b[0m 2s/step - loss: 0.5000"
        );
        assert_eq!(logger.on_event(&event, 2.0), Some(expected));
    }
}
