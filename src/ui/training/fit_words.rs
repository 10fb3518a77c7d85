//! Arguments of `fit` and callbacks that do not do, as sentences.

use super::words::Words;
use crate::ui::callbacks::argument::Argument;
use crate::ui::callbacks::kind_error;
use crate::ui::i18n::t_string;
use crate::ui::names::class_name;
use crate::ui::pages::training::{CallbackFault, FitField};

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl Words {
    /// An argument's name.
    pub fn fit_label(self, field: FitField) -> String {
        match field {
            FitField::ValidationSplit => say!(self, fit.validation_split.label),
            FitField::InitialEpoch => say!(self, fit.initial_epoch.label),
            FitField::StepsPerEpoch => say!(self, fit.steps_per_epoch.label),
            FitField::ValidationSteps => say!(self, fit.validation_steps.label),
            FitField::ValidationBatchSize => say!(self, fit.validation_batch_size.label),
            FitField::ValidationFreq => say!(self, fit.validation_freq.label),
            FitField::ClassWeight(class) => {
                say!(self, fit.class_weight.class, class = self.count(class as usize))
            }
        }
    }

    /// What an argument means.
    pub fn fit_help(self, field: FitField) -> String {
        match field {
            FitField::ValidationSplit => say!(self, fit.validation_split.help),
            FitField::InitialEpoch => say!(self, fit.initial_epoch.help),
            FitField::StepsPerEpoch => say!(self, fit.steps_per_epoch.help),
            FitField::ValidationSteps => say!(self, fit.validation_steps.help),
            FitField::ValidationBatchSize => say!(self, fit.validation_batch_size.help),
            FitField::ValidationFreq => say!(self, fit.validation_freq.help),
            FitField::ClassWeight(_) => say!(self, fit.class_weight.help),
        }
    }

    /// What a field takes, and what it was given.
    pub fn fit_error(self, field: FitField, given: String) -> String {
        let (bounds, label) = (field.bounds(), self.fit_label(field));
        let number = |value| self.language.short(value, bounds.decimals);
        let (min, max) = (number(bounds.min), number(bounds.max));
        match field {
            FitField::ValidationSplit => say!(self, fit.error.less_than, label, min, max, given),
            FitField::ValidationFreq => say!(self, fit.error.list, label, min, max, given),
            FitField::ClassWeight(_) => say!(self, training.problem.bounds, label, min, max, given),
            _ if field.is_optional() => say!(self, fit.error.optional, label, min, max, given),
            _ => say!(self, fit.error.whole, label, min, max, given),
        }
    }

    /// What is wrong with a callback of this class, without its name, and what comes of it.
    pub fn callback_fault(self, class_name: &str, fault: &CallbackFault) -> String {
        let why = match fault {
            CallbackFault::Error(error) => self.errors().callback(error),
            CallbackFault::FileName(error) => self.errors().template(error),
            CallbackFault::NotMeasured { monitor, known } => {
                let known = known.join(", ");
                say!(self, fit.callbacks.not_measured, monitor = monitor.to_string(), known)
            }
            CallbackFault::NotValidated(monitor) => {
                say!(self, fit.callbacks.not_validated, monitor = monitor.to_string())
            }
        };
        if !fault.is_warning() {
            return why;
        }
        let then = if class_name == "ModelCheckpoint" {
            say!(self, fit.callbacks.saves_always)
        } else {
            say!(self, fit.callbacks.idle)
        };
        format!("{why} {then}")
    }

    /// A sentence about a callback of the list.
    pub(super) fn of_callback(self, position: usize, class_name: &str, error: String) -> String {
        say!(self, errors.spec.callback, number = position + 1, class_name = class_name.to_owned(), error)
    }

    /// What an argument of a callback takes, where it was given something else.
    pub(super) fn callback_argument(self, position: usize, class_name: &str, argument: Argument) -> String {
        let error = format!("{}. {}", argument.name, kind_error(self.i18n, argument.kind));
        self.of_callback(position, class_name, error)
    }

    /// A class's name behind its number, which for digits is the name.
    pub(super) fn class(self, class: usize, key: &str) -> String {
        let (number, name) = (class.to_string(), class_name(self.i18n, key));
        if name == number { name } else { format!("{number} – {name}") }
    }
}
