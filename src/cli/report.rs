//! What `fit` tells while it trains: a progress bar and lines of text, or JSON lines.

use std::io::{self, IsTerminal, Write};
#[expect(clippy::disallowed_types, reason = "the command line has a clock; the engine does not see it")]
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::{json, text};
use crate::engine::event::{Monitor, TrainEvent};
use crate::engine::spec::RunSpec;

/// How results are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people
    Text,
    /// One JSON object per line, and nothing else, on standard output
    Json,
}

/// How results are told.
#[derive(Debug, Clone, clap::Args)]
pub struct LogArgs {
    /// How results are told
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub log: LogFormat,
}

impl LogArgs {
    /// Writes `text` or `json`, whichever is wanted, as one line.
    ///
    /// # Errors
    /// If nobody reads the output any more.
    pub fn tell(&self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> io::Result<()> {
        let line = match self.log {
            LogFormat::Text => text(),
            LogFormat::Json => json().to_string(),
        };
        writeln!(io::stdout().lock(), "{line}")
    }
}

/// Follows a run.
#[expect(clippy::disallowed_types, reason = "as above")]
pub struct Report<'a> {
    log: &'a LogArgs,
    log_steps: bool,
    run: &'a RunSpec,
    bar: ProgressBar,
    begun: Instant,
    epoch_begun: Instant,
    steps_per_epoch: usize,
}

#[expect(clippy::disallowed_types, reason = "as above")]
impl<'a> Report<'a> {
    /// Before the first event.
    pub fn new(log: &'a LogArgs, log_steps: bool, run: &'a RunSpec) -> Self {
        // The bar is on standard error. On one terminal it would be torn by JSON lines.
        let torn = log.log == LogFormat::Json && io::stdout().is_terminal();
        let bar = if torn { ProgressBar::hidden() } else { ProgressBar::no_length() };
        let template = "{prefix} {bar:24} {pos}/{len}  {msg}  {eta} left";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let now = Instant::now();
        Self { log, log_steps, run, bar, begun: now, epoch_begun: now, steps_per_epoch: 0 }
    }

    /// Tells of `event` what is worth telling.
    ///
    /// # Errors
    /// If nobody reads the output any more.
    pub fn on_event(&mut self, event: &TrainEvent) -> io::Result<()> {
        match event {
            TrainEvent::TrainBegin { steps_per_epoch, .. } => self.steps_per_epoch = *steps_per_epoch,
            TrainEvent::EpochBegin { epoch } => {
                self.epoch_begun = Instant::now();
                self.bar.reset();
                self.bar.set_length(self.steps_per_epoch as u64);
                self.bar.set_prefix(format!("Epoch {}/{}", epoch + 1, self.run.fit.epochs));
            }
            TrainEvent::BatchEnd { epoch, batch, batch_loss, logs } => {
                self.bar.set_position(*batch as u64 + 1);
                if let Some(loss) = logs.get(&Monitor::LOSS) {
                    self.bar.set_message(format!("loss: {loss:.4}"));
                }
                if self.log_steps {
                    let line = match self.log.log {
                        LogFormat::Text => text::batch_end(*epoch, *batch, *batch_loss, logs),
                        LogFormat::Json => json::batch_end(*epoch, *batch, *batch_loss, logs).to_string(),
                    };
                    return self.bar.suspend(|| writeln!(io::stdout().lock(), "{line}"));
                }
                return Ok(());
            }
            TrainEvent::TestBatchEnd { batch, batches, .. } => {
                self.bar.set_message(format!("validation {}/{batches}", batch + 1));
                return Ok(());
            }
            TrainEvent::TrainEnd { .. } => self.bar.finish_and_clear(),
            TrainEvent::EpochEnd { .. } | TrainEvent::CallbackActed { .. } => {}
        }
        let since = if matches!(event, TrainEvent::TrainEnd { .. }) { self.begun } else { self.epoch_begun };
        let seconds = since.elapsed().as_secs_f64();
        let line = match self.log.log {
            LogFormat::Text => text::train_event(event, self.run, self.steps_per_epoch, seconds),
            LogFormat::Json => json::train_event(event, self.run, seconds).map(|value| value.to_string()),
        };
        let Some(line) = line else { return Ok(()) };
        self.bar.suspend(|| writeln!(io::stdout().lock(), "{line}"))
    }
}
