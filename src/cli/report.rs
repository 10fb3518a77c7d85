//! What `fit` tells while it trains: a progress bar and lines of text, or JSON lines.

use std::env;
use std::io::{self, IsTerminal, Write};
#[expect(clippy::disallowed_types, reason = "the command line has a clock; the engine does not see it")]
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use super::callback_files::FileNote;
use super::{json, text};
use crate::engine::callbacks::ProgbarLogger;
use crate::engine::event::TrainEvent;
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

/// Follows a run. In text, epochs are told as Keras's `fit` tells them, by its `verbose`; between line ends
/// a bar is redrawn, on terminals only. With JSON lines going elsewhere the bar is on standard error.
#[expect(clippy::disallowed_types, reason = "as above")]
pub struct Report<'a> {
    log: &'a LogArgs,
    log_steps: bool,
    run: &'a RunSpec,
    progress: ProgbarLogger,
    bar: ProgressBar,
    begun: Instant,
    epoch_begun: Instant,
}

#[expect(clippy::disallowed_types, reason = "as above")]
impl<'a> Report<'a> {
    /// Before the first event.
    pub fn new(log: &'a LogArgs, log_steps: bool, run: &'a RunSpec) -> Self {
        let target = match log.log {
            LogFormat::Text => ProgressDrawTarget::stdout(),
            // On one terminal the bar would be torn by JSON lines.
            LogFormat::Json if io::stdout().is_terminal() => ProgressDrawTarget::hidden(),
            LogFormat::Json => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{wide_msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let progress = ProgbarLogger::new(run.fit.verbose);
        let is_colored = !bar.is_hidden() && env::var_os("NO_COLOR").is_none();
        let progress = if is_colored { progress.colored() } else { progress };
        let now = Instant::now();
        Self { log, log_steps, run, progress, bar, begun: now, epoch_begun: now }
    }

    /// Tells of `event` what is worth telling.
    ///
    /// # Errors
    /// If nobody reads the output any more.
    pub fn on_event(&mut self, event: &TrainEvent) -> io::Result<()> {
        if matches!(event, TrainEvent::EpochBegin { .. }) {
            self.epoch_begun = Instant::now();
        }
        match self.progress.on_event(event, self.begun.elapsed().as_secs_f64()) {
            Some(text) if text.ends_with('\n') => {
                self.bar.set_message("");
                if self.log.log == LogFormat::Text {
                    self.line(text.trim_end_matches('\n'))?;
                }
            }
            Some(text) => self.bar.set_message(text),
            None => {}
        }
        let since = if matches!(event, TrainEvent::TrainEnd { .. }) { self.begun } else { self.epoch_begun };
        let seconds = since.elapsed().as_secs_f64();
        if matches!(event, TrainEvent::TrainEnd { .. }) {
            self.bar.finish_and_clear();
        }
        let line = match (self.log.log, event) {
            (_, TrainEvent::BatchEnd { epoch, batch, batch_loss, logs }) => self.log_steps.then(|| {
                let (epoch, batch, loss) = (*epoch, *batch, *batch_loss);
                match self.log.log {
                    LogFormat::Text => text::batch_end(epoch, batch, loss, logs),
                    LogFormat::Json => json::batch_end(epoch, batch, loss, logs).to_string(),
                }
            }),
            (LogFormat::Text, _) => text::train_event(event, self.run, seconds),
            (LogFormat::Json, _) => {
                json::train_event(event, self.run, seconds).map(|value| value.to_string())
            }
        };
        line.map_or(Ok(()), |line| self.line(&line))
    }

    /// Tells what became of a callback's file.
    ///
    /// # Errors
    /// If nobody reads the output any more.
    pub fn on_note(&mut self, note: &FileNote) -> io::Result<()> {
        let line = match self.log.log {
            LogFormat::Text => note.text(self.run),
            LogFormat::Json => Some(note.json(self.run).to_string()),
        };
        line.map_or(Ok(()), |line| self.line(&line))
    }

    fn line(&self, line: &str) -> io::Result<()> {
        self.bar.suspend(|| writeln!(io::stdout().lock(), "{line}"))
    }
}
