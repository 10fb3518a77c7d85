//! The arguments of a callback one by one, by Keras's names: for forms and for links.
//!
//! A spec is read and changed through its JSON, whose keys are the arguments' names, so that no argument can
//! be forgotten here without a test noticing.

use serde_json::Value;

use super::schedule;
use crate::engine::callbacks::CallbackSpec;
use crate::ui::locale::{parse_decimals, parse_number};

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ArgumentKind {
    /// A whole number from 0.
    Whole { max: u32 },
    /// A number.
    Number { min: f64, max: f64 },
    /// A number or nothing.
    Optional { min: f64, max: f64 },
    /// Yes or no.
    Flag,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A short text.
    Text,
    /// The name of a logged value; which there are is for the run to say.
    Monitor,
    /// A word such as `epoch`, or a number of batches.
    Frequency,
    /// One number or two.
    Pair,
    /// Some numbers, with spaces between them.
    Numbers,
}

/// One argument: its name and what it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Argument {
    /// Keras's name.
    pub name: &'static str,
    /// What it takes.
    pub kind: ArgumentKind,
}

/// Letters of a text, at most.
pub const MAX_TEXT: usize = 120;
/// Numbers of a list, at most.
pub const MAX_NUMBERS: usize = 60;
/// The largest count that a field takes.
const MOST: u32 = 100_000;
/// The largest size of a number.
const LARGEST: f64 = 1e6;

const fn argument(name: &'static str, kind: ArgumentKind) -> Argument {
    Argument { name, kind }
}

const MONITOR: Argument = argument("monitor", ArgumentKind::Monitor);
const MODE: Argument = argument("mode", ArgumentKind::Choice(&["auto", "min", "max"]));
const VERBOSE: Argument = argument("verbose", ArgumentKind::Whole { max: 1 });
const MIN_DELTA: Argument = argument("min_delta", ArgumentKind::Number { min: -LARGEST, max: LARGEST });
const PATIENCE: Argument = argument("patience", ArgumentKind::Whole { max: MOST });
const VALUE: ArgumentKind = ArgumentKind::Optional { min: -LARGEST, max: LARGEST };
const COUNT: ArgumentKind = ArgumentKind::Whole { max: MOST };
pub(super) const RATE: ArgumentKind = ArgumentKind::Number { min: 0.0, max: LARGEST };

const EARLY_STOPPING: &[Argument] = &[
    MONITOR,
    MIN_DELTA,
    PATIENCE,
    VERBOSE,
    MODE,
    argument("baseline", VALUE),
    argument("restore_best_weights", ArgumentKind::Flag),
    argument("start_from_epoch", COUNT),
    argument("reset_below_baseline", ArgumentKind::Flag),
];
const PLATEAU: &[Argument] = &[
    MONITOR,
    argument("factor", ArgumentKind::Number { min: 0.0, max: 1.0 }),
    PATIENCE,
    VERBOSE,
    MODE,
    MIN_DELTA,
    argument("cooldown", COUNT),
    argument("min_lr", RATE),
];
const CHECKPOINT: &[Argument] = &[
    argument("filepath", ArgumentKind::Text),
    MONITOR,
    VERBOSE,
    argument("save_best_only", ArgumentKind::Flag),
    argument("save_weights_only", ArgumentKind::Flag),
    MODE,
    argument("save_freq", ArgumentKind::Frequency),
    argument("initial_value_threshold", VALUE),
];
const TENSOR_BOARD: &[Argument] = &[
    argument("log_dir", ArgumentKind::Text),
    argument("histogram_freq", COUNT),
    argument("write_graph", ArgumentKind::Flag),
    argument("write_images", ArgumentKind::Flag),
    argument("write_steps_per_second", ArgumentKind::Flag),
    argument("update_freq", ArgumentKind::Frequency),
    argument("profile_batch", ArgumentKind::Pair),
    argument("embeddings_freq", COUNT),
];
const CSV: &[Argument] = &[
    argument("filename", ArgumentKind::Text),
    argument("separator", ArgumentKind::Text),
    argument("append", ArgumentKind::Flag),
];
const NAN: &[Argument] = &[argument("raise_error", ArgumentKind::Flag)];
const BACKUP: &[Argument] = &[
    argument("backup_dir", ArgumentKind::Text),
    argument("save_freq", ArgumentKind::Frequency),
    argument("double_checkpoint", ArgumentKind::Flag),
    argument("delete_checkpoint", ArgumentKind::Flag),
];

/// The arguments of a callback, in Keras's order. Behind `schedule` stand those of the chosen schedule.
pub fn arguments(spec: &CallbackSpec) -> Vec<Argument> {
    match spec {
        CallbackSpec::EarlyStopping(_) => EARLY_STOPPING.to_vec(),
        CallbackSpec::ReduceLrOnPlateau(_) => PLATEAU.to_vec(),
        CallbackSpec::ModelCheckpoint(_) => CHECKPOINT.to_vec(),
        CallbackSpec::TensorBoard(_) => TENSOR_BOARD.to_vec(),
        CallbackSpec::CsvLogger(_) => CSV.to_vec(),
        CallbackSpec::LearningRateScheduler(spec) => {
            let own = schedule::arguments(schedule::name(&spec.schedule));
            let first = argument("schedule", ArgumentKind::Choice(schedule::NAMES));
            std::iter::once(first).chain(own).chain([VERBOSE]).collect()
        }
        CallbackSpec::TerminateOnNan(_) => NAN.to_vec(),
        CallbackSpec::BackupAndRestore(_) => BACKUP.to_vec(),
        CallbackSpec::History(_) | CallbackSpec::ProgbarLogger(_) => Vec::new(),
    }
}

/// The callback of that class name with Keras's defaults.
pub fn callback_named(class_name: &str) -> Option<CallbackSpec> {
    CallbackSpec::palette().into_iter().find(|spec| spec.class_name() == class_name)
}

/// An argument's value; nothing for a name that the callback does not have.
pub fn value(spec: &CallbackSpec, name: &str) -> Option<Value> {
    if let (CallbackSpec::LearningRateScheduler(spec), "schedule") = (spec, name) {
        return Some(schedule::name(&spec.schedule).into());
    }
    let mut json = json(spec)?;
    place(&mut json, spec, name).map(Value::take)
}

/// An argument's value where nothing was chosen.
pub fn default_value(spec: &CallbackSpec, name: &str) -> Option<Value> {
    let mut default = callback_named(spec.class_name())?;
    if let (CallbackSpec::LearningRateScheduler(own), CallbackSpec::LearningRateScheduler(default)) =
        (spec, &mut default)
        && name != "schedule"
    {
        default.schedule = schedule::named(schedule::name(&own.schedule))?;
    }
    value(&default, name)
}

/// The callback with another value; nothing where it does not take that.
pub fn with_value(spec: &CallbackSpec, name: &str, value: Value) -> Option<CallbackSpec> {
    if let (CallbackSpec::LearningRateScheduler(spec), "schedule") = (spec, name) {
        let schedule = schedule::named(value.as_str()?)?;
        // A choice that is made already keeps its numbers.
        let same = schedule::name(&schedule) == schedule::name(&spec.schedule);
        let schedule = if same { spec.schedule.clone() } else { schedule };
        let spec = crate::engine::callbacks::LearningRateSchedulerSpec { schedule, ..spec.clone() };
        return Some(CallbackSpec::LearningRateScheduler(spec));
    }
    let mut json = json(spec)?;
    *place(&mut json, spec, name)? = value;
    serde_json::from_value(json).ok()
}

/// The callback with the value that `text` says; nothing if it has no such argument or does not take that.
pub fn with_text(spec: &CallbackSpec, name: &str, text: &str) -> Option<CallbackSpec> {
    let argument = arguments(spec).into_iter().find(|argument| argument.name == name)?;
    with_value(spec, name, argument.kind.read(text)?)
}

fn json(spec: &CallbackSpec) -> Option<Value> {
    // A spec's own numbers are finite, so all of it can be written.
    serde_json::to_value(spec).ok()
}

/// Where an argument stands in a callback's JSON.
fn place<'a>(json: &'a mut Value, spec: &CallbackSpec, name: &str) -> Option<&'a mut Value> {
    let body = json.get_mut(spec.class_name())?;
    match spec {
        CallbackSpec::LearningRateScheduler(spec) if name != "verbose" => {
            body.get_mut("schedule")?.get_mut(schedule::name(&spec.schedule))?.get_mut(name)
        }
        _ => body.get_mut(name),
    }
}

impl ArgumentKind {
    /// Reads what a person typed or a link says; numbers may have a comma.
    pub fn read(self, text: &str) -> Option<Value> {
        let small = |number: &f64| number.abs() <= LARGEST;
        let number = |text: &str| parse_number(text).filter(small);
        let whole = |text: &str, max: u32| {
            let number = parse_decimals(text, 0).filter(small).filter(|it| it.fract() == 0.0 && *it >= 0.0);
            number.filter(|number| *number <= f64::from(max)).map(|number| Value::from(number as u64))
        };
        let text = if self == ArgumentKind::Text { text } else { text.trim() };
        match self {
            ArgumentKind::Whole { max } => whole(text, max),
            ArgumentKind::Number { min, max } => {
                let number = parse_number(text).filter(small);
                number.filter(|number| (min..=max).contains(number)).map(Value::from)
            }
            ArgumentKind::Optional { .. } if text.is_empty() || text == "None" => Some(Value::Null),
            ArgumentKind::Optional { min, max } => ArgumentKind::Number { min, max }.read(text),
            ArgumentKind::Flag => text.parse::<bool>().ok().map(Value::from),
            ArgumentKind::Choice(choices) => {
                choices.iter().find(|choice| **choice == text).map(|choice| Value::from(*choice))
            }
            ArgumentKind::Monitor if text.is_empty() => None,
            ArgumentKind::Text | ArgumentKind::Monitor => {
                let fits = text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
                fits.then(|| Value::from(text))
            }
            ArgumentKind::Frequency => {
                let is_word = matches!(text, "epoch" | "batch");
                if is_word { Some(Value::from(text)) } else { whole(text, MOST) }
            }
            ArgumentKind::Pair => {
                let numbers: Vec<Value> =
                    text.split_whitespace().map(|part| whole(part, MOST)).collect::<Option<_>>()?;
                match &numbers[..] {
                    [one] => Some(one.clone()),
                    [_, _] => Some(Value::from(numbers)),
                    _ => None,
                }
            }
            ArgumentKind::Numbers => {
                let numbers: Vec<f64> = text.split_whitespace().map(number).collect::<Option<_>>()?;
                // Places of a schedule are whole numbers, which JSON tells from others.
                let value = |number: f64| {
                    let is_whole = number.fract() == 0.0 && number >= 0.0;
                    if is_whole { Value::from(number as u64) } else { Value::from(number) }
                };
                let fits = (1..=MAX_NUMBERS).contains(&numbers.len());
                fits.then(|| numbers.into_iter().map(value).collect())
            }
        }
    }
}

/// A value as a link and a field show it: with points, and without an exponent unless it is tiny.
pub fn written(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => number.as_f64().map_or(String::new(), shortest),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(written).collect::<Vec<_>>().join(" "),
    }
}

/// A number's shortest digits; those that are a float32 have its shortest ones. Rows of zeros, which nobody counts,
/// have an exponent.
fn shortest(number: f64) -> String {
    let narrow = number as f32;
    let (is_narrow, is_tiny) = (f64::from(narrow).to_bits() == number.to_bits(), number.abs() < TINY);
    match (is_narrow, is_tiny && number != 0.0) {
        (true, false) => narrow.to_string(),
        (true, true) => format!("{narrow:e}"),
        (false, false) => number.to_string(),
        (false, true) => format!("{number:e}"),
    }
}

/// Below this a number is written with an exponent.
const TINY: f64 = 1e-9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_of_every_callback_has_its_field() {
        for spec in CallbackSpec::palette() {
            let json = json(&spec).unwrap();
            let keys: Vec<&String> = json[spec.class_name()].as_object().unwrap().keys().collect();
            let names: Vec<&str> = arguments(&spec).iter().map(|argument| argument.name).collect();
            for key in &keys {
                assert!(names.contains(&key.as_str()), "{}: {key} has no field", spec.class_name());
            }
            for argument in arguments(&spec) {
                assert!(value(&spec, argument.name).is_some(), "{}: {}", spec.class_name(), argument.name);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for spec in CallbackSpec::palette() {
            for Argument { name, kind } in arguments(&spec) {
                let before = value(&spec, name).unwrap();
                let read = kind.read(&written(&before));
                let read = read.unwrap_or_else(|| panic!("{}: {name}", spec.class_name()));
                assert_eq!(with_value(&spec, name, read).as_ref(), Some(&spec), "{name}");
                assert_eq!(default_value(&spec, name), Some(before));
            }
        }
    }

    #[test]
    fn a_changed_argument_changes_nothing_else() {
        let spec = callback_named("EarlyStopping").unwrap();
        let patience = ArgumentKind::Whole { max: 9 }.read("3").unwrap();
        let CallbackSpec::EarlyStopping(changed) = with_value(&spec, "patience", patience).unwrap() else {
            panic!("another callback");
        };
        assert_eq!(changed.patience, 3);
        assert_eq!((changed.min_delta, changed.restore_best_weights), (0.0, false));
        assert_eq!(with_value(&spec, "cooldown", Value::from(1)), None);
        assert_eq!(with_value(&spec, "patience", Value::from("many")), None);
    }

    #[test]
    fn fields_take_what_they_should() {
        let number = ArgumentKind::Number { min: 0.0, max: 1.0 };
        assert_eq!(number.read("0,5"), Some(Value::from(0.5)));
        assert_eq!((number.read("1.5"), number.read("x"), number.read("")), (None, None, None));
        assert_eq!(ArgumentKind::Whole { max: 9 }.read("1.5"), None);
        assert_eq!(ArgumentKind::Whole { max: 9 }.read("-1"), None);
        assert_eq!(ArgumentKind::Optional { min: 0.0, max: 1.0 }.read(" "), Some(Value::Null));
        assert_eq!(ArgumentKind::Frequency.read("epoch"), Some(Value::from("epoch")));
        assert_eq!(ArgumentKind::Frequency.read("week"), None);
        assert_eq!(ArgumentKind::Pair.read("2 5"), Some(Value::from(vec![2, 5])));
        assert_eq!(ArgumentKind::Pair.read("2 5 7"), None);
        assert_eq!(ArgumentKind::Text.read(&"x".repeat(MAX_TEXT + 1)), None);
        assert_eq!(ArgumentKind::Numbers.read(""), None);
        assert_eq!(ArgumentKind::Monitor.read(" val_auc "), Some(Value::from("val_auc")));
        assert_eq!((ArgumentKind::Monitor.read(" "), ArgumentKind::Monitor.read("a\nb")), (None, None));
    }

    #[test]
    fn numbers_have_their_shortest_digits() {
        assert_eq!(written(&Value::from(0.1f32)), "0.1");
        assert_eq!(written(&Value::from(1e-7)), "0.0000001");
        assert_eq!(written(&Value::from(3)), "3");
        assert_eq!(
            (written(&Value::from(0.0)), written(&Value::from(1e-12f32))),
            ("0".into(), "1e-12".into())
        );
        let tiny = Value::from(-1.234_567_890_123_456_7e-300);
        assert_eq!(written(&tiny), "-1.2345678901234568e-300");
        assert_eq!(ArgumentKind::Number { min: -1.0, max: 1.0 }.read(&written(&tiny)), Some(tiny));
    }
}
