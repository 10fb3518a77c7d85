//! Events, fields and problems as sentences.

use leptos_i18n::I18nContext;

use crate::engine::event::{Logs, Monitor, StopReason, TrainEvent};
use crate::engine::spec::RunSpec;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t_string};
use crate::ui::locale::Language;
use crate::ui::pages::training::{Duration, Field, Problem};

/// Finds the words for what happens.
#[derive(Clone, Copy)]
pub struct Words {
    /// The translation lookup.
    pub i18n: I18nContext<Locale>,
    /// For numbers.
    pub language: Language,
}

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl Words {
    /// A loss.
    pub fn loss(self, value: f64) -> String {
        self.language.decimal(value, 4)
    }

    /// A share of right answers.
    pub fn accuracy(self, value: f64) -> String {
        self.language.percent(value, 2)
    }

    /// A measured value.
    pub fn value(self, monitor: &Monitor, value: f64) -> String {
        if monitor.quantity() == Monitor::ACCURACY.quantity() {
            self.accuracy(value)
        } else {
            self.loss(value)
        }
    }

    /// A measured value of `logs`, or a dash.
    pub fn logged(self, logs: &Logs, monitor: &Monitor) -> String {
        logs.get(monitor).map_or("–".to_owned(), |value| self.value(monitor, value))
    }

    pub(super) fn count(self, value: usize) -> String {
        self.language.count(value)
    }

    /// What happened, as one or two sentences. Epochs and batches count from 1 for the reader.
    pub fn event(self, event: &TrainEvent, job: &RunSpec, steps_per_epoch: usize) -> String {
        let epochs = job.fit.epochs;
        match event {
            TrainEvent::TrainBegin { epochs, steps_per_epoch, samples, validation_samples } => {
                let (samples, validation) = (self.count(*samples), self.count(*validation_samples));
                let (epochs, batches) = (self.count(*epochs), self.count(*steps_per_epoch));
                say!(self, training.log.begin, samples, validation, epochs, batches)
            }
            TrainEvent::EpochBegin { epoch } => {
                say!(self, training.log.epoch_begin, epoch = epoch + 1, epochs)
            }
            TrainEvent::BatchEnd { epoch, batch, batch_loss, logs } => {
                let loss = self.logged(logs, &Monitor::LOSS);
                let accuracy = self.logged(logs, &Monitor::ACCURACY);
                let (batch, batches) = (self.count(batch + 1), self.count(steps_per_epoch));
                let batch_loss = self.loss(*batch_loss);
                say!(self, training.log.batch, epoch = epoch + 1, batch, batches, batch_loss, loss, accuracy)
            }
            TrainEvent::TestBatchEnd { epoch, batch, batches } => {
                let (batch, batches) = (self.count(batch + 1), self.count(*batches));
                say!(self, training.log.test_batch, epoch = epoch + 1, batch, batches)
            }
            TrainEvent::EpochEnd { epoch, logs } => self.epoch_end(*epoch, epochs, logs),
            TrainEvent::CallbackActed { callback, action, .. } => {
                self.action(action, job.fit.callbacks.get(*callback))
            }
            TrainEvent::TrainEnd { reason, epochs } => self.end(reason, *epochs, job),
        }
    }

    fn epoch_end(self, epoch: usize, epochs: usize, logs: &Logs) -> String {
        let epoch = epoch + 1;
        let loss = self.logged(logs, &Monitor::LOSS);
        let accuracy = self.logged(logs, &Monitor::ACCURACY);
        if logs.get(&Monitor::VAL_LOSS).is_none() {
            return say!(self, training.log.epoch_end, epoch, epochs, loss, accuracy);
        }
        let val_loss = self.logged(logs, &Monitor::VAL_LOSS);
        let val_accuracy = self.logged(logs, &Monitor::VAL_ACCURACY);
        say!(self, training.log.epoch_end_validated, epoch, epochs, loss, accuracy, val_loss, val_accuracy)
    }

    /// Why training ended.
    pub fn end(self, reason: &StopReason, epochs: usize, job: &RunSpec) -> String {
        let (count, n) = (epochs, self.count(epochs));
        match reason {
            StopReason::Completed => say!(self, training.log.completed, count, n),
            StopReason::Requested => say!(self, training.log.requested, count, n),
            StopReason::Callback { callback } => {
                let name = job.fit.callbacks.get(*callback).map_or("–", |callback| callback.class_name());
                say!(self, training.log.callback, name, count, n)
            }
            StopReason::Diverged { epoch, batch } => {
                say!(self, training.log.diverged, epoch = epoch + 1, batch = batch + 1)
            }
        }
    }

    /// A field's name.
    pub fn label(self, field: Field) -> String {
        match field {
            Field::Samples => say!(self, training.field.samples.label),
            Field::ValidationSamples => say!(self, training.field.validation_samples.label),
            Field::TestSamples => say!(self, training.field.test_samples.label),
            Field::LearningRate => say!(self, training.field.learning_rate.label),
            Field::Momentum => say!(self, training.field.momentum.label),
            Field::BatchSize => say!(self, training.field.batch_size.label),
            Field::Epochs => say!(self, training.field.epochs.label),
            Field::Seed => say!(self, training.field.seed.label),
            Field::Patience => say!(self, training.field.patience.label),
            Field::MinDelta => say!(self, training.field.min_delta.label),
        }
    }

    /// What a field means.
    pub fn help(self, field: Field) -> String {
        match field {
            Field::Samples => say!(self, training.field.samples.help),
            Field::ValidationSamples => say!(self, training.field.validation_samples.help),
            Field::TestSamples => say!(self, training.field.test_samples.help),
            Field::LearningRate => say!(self, training.field.learning_rate.help),
            Field::Momentum => say!(self, training.field.momentum.help),
            Field::BatchSize => say!(self, training.field.batch_size.help),
            Field::Epochs => say!(self, training.field.epochs.help),
            Field::Seed => say!(self, training.field.seed.help),
            Field::Patience => say!(self, training.field.patience.help),
            Field::MinDelta => say!(self, training.field.min_delta.help),
        }
    }

    /// A field's value without its default's rounding noise.
    pub fn number(self, field: Field, value: f64) -> String {
        self.language.short(value, field.bounds().decimals)
    }

    /// What is wrong and how to mend it.
    pub fn problem(self, problem: &Problem) -> String {
        match problem {
            Problem::OutOfBounds(field) => self.bounds(*field),
            Problem::Spec(error) => ErrorText { i18n: self.i18n, language: self.language }.spec(error),
            Problem::NothingToMonitor(monitor) => {
                say!(self, training.problem.nothing_to_monitor, monitor = monitor.to_string())
            }
        }
    }

    /// Which numbers a field takes.
    pub fn bounds(self, field: Field) -> String {
        let bounds = field.bounds();
        let (min, max) = (self.number(field, bounds.min), self.number(field, bounds.max));
        say!(self, training.problem.bounds, label = self.label(field), min, max)
    }

    /// A time, rounded.
    pub fn duration(self, ms: f64) -> String {
        let Duration { minutes, seconds } = Duration::rounded(ms);
        match (minutes, seconds) {
            (0, s) => say!(self, training.progress.seconds, s),
            (m, 0) => say!(self, training.progress.minutes, m),
            (m, s) => say!(self, training.progress.minutes_seconds, m, s),
        }
    }
}

/// The words in the reader's language, following its changes; needs no context of its own, so event
/// handlers may ask too.
pub fn words(i18n: I18nContext<Locale>) -> Words {
    let language = match i18n.get_locale() {
        Locale::en => Language::En,
        Locale::ru => Language::Ru,
    };
    Words { i18n, language }
}
