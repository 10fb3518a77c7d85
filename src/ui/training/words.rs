//! Events, fields and problems as sentences.

use leptos_i18n::I18nContext;

use crate::engine::event::{Logs, Monitor, StopReason, TrainEvent};
use crate::engine::presets::Preset;
use crate::engine::spec::RunSpec;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t_string};
use crate::ui::locale::Language;
use crate::ui::pages::training::{Duration, Field, LogLine, Problem};

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
        if monitor.is_share() { self.accuracy(value) } else { self.loss(value) }
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
            TrainEvent::LearningRateSet { epoch, batch, before, after } => {
                let (before, after) = (self.rate((*before).into()), self.rate((*after).into()));
                let epoch = epoch.saturating_add(1);
                if steps_per_epoch > 0 && *batch >= steps_per_epoch {
                    return say!(self, training.log.rate_set_after, before, after, epoch);
                }
                let batch = self.count(batch.saturating_add(1));
                say!(self, training.log.rate_set, before, after, batch, epoch)
            }
            TrainEvent::TrainEnd { reason, epochs } => self.end(reason, *epochs, job),
        }
    }

    /// A line of the log.
    pub fn line(self, line: &LogLine, job: &RunSpec, steps_per_epoch: usize) -> String {
        match line.goes_on_with {
            Some(epoch) => {
                let (epoch, epochs) = (epoch.saturating_add(1), job.fit.epochs);
                say!(self, training.log.goes_on, epoch, epochs)
            }
            None => self.event(&line.event, job, steps_per_epoch),
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

    /// A ready network's name.
    pub fn preset(self, preset: Preset) -> String {
        match preset {
            Preset::Softmax => say!(self, training.preset.softmax),
            Preset::Mlp => say!(self, training.preset.mlp),
            Preset::Mlp3 => say!(self, training.preset.mlp3),
            Preset::Lenet5 => say!(self, training.preset.lenet5),
            Preset::KerasCnn => say!(self, training.preset.keras_cnn),
            Preset::MnistCnn => say!(self, training.preset.mnist_cnn),
            Preset::FashionCnn => say!(self, training.preset.fashion_cnn),
        }
    }

    /// What is special about it.
    pub fn preset_help(self, preset: Preset) -> String {
        match preset {
            Preset::Softmax => say!(self, training.preset.softmax_help),
            Preset::Mlp => say!(self, training.preset.mlp_help),
            Preset::Mlp3 => say!(self, training.preset.mlp3_help),
            Preset::Lenet5 => say!(self, training.preset.lenet5_help),
            Preset::KerasCnn => say!(self, training.preset.keras_cnn_help),
            Preset::MnistCnn => say!(self, training.preset.mnist_cnn_help),
            Preset::FashionCnn => say!(self, training.preset.fashion_cnn_help),
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
        }
    }

    /// A field's value without its default's rounding noise.
    pub fn number(self, field: Field, value: f64) -> String {
        self.language.short(value, field.bounds().decimals)
    }

    /// What is wrong and how to mend it.
    pub fn problem(self, problem: &Problem, job: &RunSpec) -> String {
        match problem {
            Problem::OutOfBounds(field) => {
                self.not_within(*field, field.get(job).map(|value| self.number(*field, value)))
            }
            Problem::FitOutOfBounds(field) => self.fit_error(*field, field.text(&job.fit, self.language)),
            Problem::Spec(error) | Problem::Split(error) => self.errors().spec(error),
            Problem::Callback { callback, class_name, fault } => {
                self.of_callback(*callback, class_name, self.callback_fault(class_name, fault))
            }
        }
    }

    pub(super) fn errors(self) -> ErrorText {
        ErrorText { i18n: self.i18n, language: self.language }
    }

    /// Which numbers a field takes, and what it was given.
    pub fn not_within(self, field: Field, given: Option<String>) -> String {
        let bounds = field.bounds();
        let (min, max) = (self.number(field, bounds.min), self.number(field, bounds.max));
        let (label, given) = (self.label(field), given.unwrap_or_default());
        if bounds.decimals == 0 {
            say!(self, training.problem.whole_bounds, label, min, max, given)
        } else {
            say!(self, training.problem.bounds, label, min, max, given)
        }
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
