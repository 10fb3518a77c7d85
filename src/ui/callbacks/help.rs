//! What callbacks and their arguments mean, in the reader's language.

use leptos_i18n::I18nContext;

use super::argument::{ArgumentKind, MAX_NUMBERS, MAX_TEXT};
use super::text::CallbacksTextError;
use crate::engine::callbacks::CallbackSpec;
use crate::ui::i18n::{Locale, t_string};
use crate::ui::training::words;

/// What a callback is for.
pub fn what(i18n: I18nContext<Locale>, spec: &CallbackSpec) -> String {
    match spec {
        CallbackSpec::EarlyStopping(_) => t_string!(i18n, callbacks.what.early_stopping),
        CallbackSpec::ReduceLrOnPlateau(_) => t_string!(i18n, callbacks.what.plateau),
        CallbackSpec::ModelCheckpoint(_) => t_string!(i18n, callbacks.what.checkpoint),
        CallbackSpec::TensorBoard(_) => t_string!(i18n, callbacks.what.tensor_board),
        CallbackSpec::CsvLogger(_) => t_string!(i18n, callbacks.what.csv),
        CallbackSpec::LearningRateScheduler(_) => t_string!(i18n, callbacks.what.scheduler),
        CallbackSpec::TerminateOnNan(_) => t_string!(i18n, callbacks.what.nan),
        CallbackSpec::BackupAndRestore(_) => t_string!(i18n, callbacks.what.backup),
        CallbackSpec::History(_) => t_string!(i18n, callbacks.what.history),
        CallbackSpec::ProgbarLogger(_) => t_string!(i18n, callbacks.what.progbar),
    }
    .to_string()
}

/// What an argument means.
pub(super) fn help(i18n: I18nContext<Locale>, class_name: &str, name: &str) -> String {
    let own = match name {
        "factor" if class_name == "LearningRateScheduler" => {
            t_string!(i18n, callbacks.argument.multiply_factor)
        }
        "factor" => t_string!(i18n, callbacks.argument.factor),
        "monitor" => t_string!(i18n, callbacks.argument.monitor),
        "min_delta" => t_string!(i18n, callbacks.argument.min_delta),
        "patience" => t_string!(i18n, callbacks.argument.patience),
        "verbose" => t_string!(i18n, callbacks.argument.verbose),
        "mode" => t_string!(i18n, callbacks.argument.mode),
        "baseline" => t_string!(i18n, callbacks.argument.baseline),
        "restore_best_weights" => t_string!(i18n, callbacks.argument.restore_best_weights),
        "start_from_epoch" => t_string!(i18n, callbacks.argument.start_from_epoch),
        "reset_below_baseline" => t_string!(i18n, callbacks.argument.reset_below_baseline),
        "cooldown" => t_string!(i18n, callbacks.argument.cooldown),
        "min_lr" => t_string!(i18n, callbacks.argument.min_lr),
        "filepath" => t_string!(i18n, callbacks.argument.filepath),
        "save_best_only" => t_string!(i18n, callbacks.argument.save_best_only),
        "save_weights_only" => t_string!(i18n, callbacks.argument.save_weights_only),
        "save_freq" => t_string!(i18n, callbacks.argument.save_freq),
        "initial_value_threshold" => t_string!(i18n, callbacks.argument.initial_value_threshold),
        "log_dir" => t_string!(i18n, callbacks.argument.log_dir),
        "histogram_freq" => t_string!(i18n, callbacks.argument.histogram_freq),
        "write_graph" => t_string!(i18n, callbacks.argument.write_graph),
        "write_images" => t_string!(i18n, callbacks.argument.write_images),
        "write_steps_per_second" => t_string!(i18n, callbacks.argument.write_steps_per_second),
        "update_freq" => t_string!(i18n, callbacks.argument.update_freq),
        "profile_batch" => t_string!(i18n, callbacks.argument.profile_batch),
        "embeddings_freq" => t_string!(i18n, callbacks.argument.embeddings_freq),
        "filename" => t_string!(i18n, callbacks.argument.filename),
        "separator" => t_string!(i18n, callbacks.argument.separator),
        "append" => t_string!(i18n, callbacks.argument.append),
        "raise_error" => t_string!(i18n, callbacks.argument.raise_error),
        "backup_dir" => t_string!(i18n, callbacks.argument.backup_dir),
        "double_checkpoint" => t_string!(i18n, callbacks.argument.double_checkpoint),
        "delete_checkpoint" => t_string!(i18n, callbacks.argument.delete_checkpoint),
        _ => return schedule_help(i18n, name),
    };
    own.to_string()
}

fn schedule_help(i18n: I18nContext<Locale>, name: &str) -> String {
    match name {
        "schedule" => t_string!(i18n, callbacks.argument.schedule),
        "learning_rate" => t_string!(i18n, callbacks.argument.learning_rate),
        "initial_learning_rate" => t_string!(i18n, callbacks.argument.initial_learning_rate),
        "drop" => t_string!(i18n, callbacks.argument.drop_factor),
        "epochs_drop" => t_string!(i18n, callbacks.argument.epochs_drop),
        "from_epoch" => t_string!(i18n, callbacks.argument.from_epoch),
        "decay" => t_string!(i18n, callbacks.argument.decay),
        "learning_rates" => t_string!(i18n, callbacks.argument.learning_rates),
        "decay_steps" => t_string!(i18n, callbacks.argument.decay_steps),
        "decay_rate" => t_string!(i18n, callbacks.argument.decay_rate),
        "staircase" => t_string!(i18n, callbacks.argument.staircase),
        "alpha" => t_string!(i18n, callbacks.argument.alpha),
        "warmup_target" => t_string!(i18n, callbacks.argument.warmup_target),
        "warmup_steps" => t_string!(i18n, callbacks.argument.warmup_steps),
        "first_decay_steps" => t_string!(i18n, callbacks.argument.first_decay_steps),
        "t_mul" => t_string!(i18n, callbacks.argument.t_mul),
        "m_mul" => t_string!(i18n, callbacks.argument.m_mul),
        "boundaries" => t_string!(i18n, callbacks.argument.boundaries),
        "values" => t_string!(i18n, callbacks.argument.rates),
        "end_learning_rate" => t_string!(i18n, callbacks.argument.end_learning_rate),
        "power" => t_string!(i18n, callbacks.argument.power),
        "cycle" => t_string!(i18n, callbacks.argument.cycle),
        _ => return String::new(),
    }
    .to_string()
}

/// What a field takes, where it was given something else.
pub fn kind_error(i18n: I18nContext<Locale>, kind: ArgumentKind) -> String {
    let number = |value: f64| words(i18n).language.short(value, 8);
    match kind {
        ArgumentKind::Whole { max } => {
            let max = number(f64::from(max));
            t_string!(i18n, callbacks.form.whole, max).to_string()
        }
        ArgumentKind::Number { min, max } => {
            t_string!(i18n, callbacks.form.number, min = number(min), max = number(max)).to_string()
        }
        ArgumentKind::Optional { min, max } => {
            t_string!(i18n, callbacks.form.optional, min = number(min), max = number(max)).to_string()
        }
        ArgumentKind::Text | ArgumentKind::Monitor | ArgumentKind::Flag | ArgumentKind::Choice(_) => {
            t_string!(i18n, callbacks.form.text, max = MAX_TEXT).to_string()
        }
        ArgumentKind::Frequency => t_string!(i18n, callbacks.form.frequency).to_string(),
        ArgumentKind::Pair => t_string!(i18n, callbacks.form.pair).to_string(),
        ArgumentKind::Numbers => t_string!(i18n, callbacks.form.numbers, max = MAX_NUMBERS).to_string(),
    }
}

/// Why a link holds no list of callbacks.
pub fn text_error(i18n: I18nContext<Locale>, error: &CallbacksTextError) -> String {
    match error {
        CallbacksTextError::TooMany => {
            t_string!(i18n, callbacks.link.too_many, max = super::text::MAX_CALLBACKS).to_string()
        }
        CallbacksTextError::UnknownCallback { name } => {
            t_string!(i18n, callbacks.link.unknown, name = name.clone()).to_string()
        }
        CallbacksTextError::WrongArgument { class_name, part } => {
            t_string!(i18n, callbacks.link.argument, class_name = *class_name, part = part.clone())
                .to_string()
        }
    }
}
