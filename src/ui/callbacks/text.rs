//! Callbacks in a link: `EarlyStopping~patience-3~min_delta-0.001~~TerminateOnNaN`.
//!
//! What is as in Keras is left out. In values `%` and `~` are written `%25` and `%7E`.

use std::fmt::Write as _;

use super::argument::{arguments, callback_named, default_value, value, with_text, written};
use crate::engine::callbacks::CallbackSpec;

/// Callbacks of a list, at most.
pub const MAX_CALLBACKS: usize = 12;
/// Bytes of a link's part, at most: more than [`MAX_CALLBACKS`] of the longest can have, so that whatever is written
/// is read again. It keeps hostile links from being taken apart at all.
const MAX_LENGTH: usize = 64_000;

/// Why a text is no list of callbacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallbacksTextError {
    /// More than [`MAX_CALLBACKS`], or far too long.
    TooMany,
    /// No callback is called so.
    UnknownCallback {
        /// As given.
        name: String,
    },
    /// The callback has no such argument, or does not take that.
    WrongArgument {
        /// Keras's class name.
        class_name: &'static str,
        /// Name and value, as given.
        part: String,
    },
}

/// The text of a list.
pub fn callbacks_to_text(callbacks: &[CallbackSpec]) -> String {
    let mut out = String::new();
    for (idx, spec) in callbacks.iter().enumerate() {
        if idx > 0 {
            out.push_str("~~");
        }
        out.push_str(spec.class_name());
        for argument in arguments(spec) {
            let now = value(spec, argument.name);
            if now == default_value(spec, argument.name) {
                continue;
            }
            let text = written(&now.unwrap_or_default());
            // Writing to a String cannot fail.
            let _ = write!(out, "~{}-{}", argument.name, text.replace('%', "%25").replace('~', "%7E"));
        }
    }
    out
}

/// Reads such a text. Whether the callbacks fit a run is for
/// [`CallbackSpec::validate`] to say.
///
/// # Errors
/// The first part that makes no sense.
pub fn callbacks_from_text(text: &str) -> Result<Vec<CallbackSpec>, CallbacksTextError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if text.len() > MAX_LENGTH || text.split("~~").count() > MAX_CALLBACKS {
        return Err(CallbacksTextError::TooMany);
    }
    text.split("~~").map(callback_from_text).collect()
}

fn callback_from_text(text: &str) -> Result<CallbackSpec, CallbacksTextError> {
    let mut parts = text.split('~');
    let name = parts.next().unwrap_or_default();
    let unknown = || CallbacksTextError::UnknownCallback { name: name.to_owned() };
    let mut spec = callback_named(name).ok_or_else(unknown)?;
    for part in parts {
        spec = take(&spec, part).ok_or_else(|| CallbacksTextError::WrongArgument {
            class_name: spec.class_name(),
            part: part.to_owned(),
        })?;
    }
    Ok(spec)
}

fn take(spec: &CallbackSpec, part: &str) -> Option<CallbackSpec> {
    let (name, text) = part.split_once('-')?;
    with_text(spec, name, &text.replace("%7E", "~").replace("%25", "%"))
}

#[cfg(test)]
mod tests {
    use super::super::argument::{MAX_NUMBERS, MAX_TEXT};
    use super::*;
    use crate::engine::callbacks::{
        CsvLoggerSpec, EarlyStoppingSpec, EpochScheduleSpec, LearningRateSchedulerSpec, ModelCheckpointSpec,
        ProfileBatch, SaveFreq, TensorBoardSpec,
    };

    fn wild() -> Vec<CallbackSpec> {
        vec![
            CallbackSpec::EarlyStopping(EarlyStoppingSpec {
                patience: 3,
                min_delta: 0.001,
                baseline: Some(-0.5),
                restore_best_weights: true,
                ..EarlyStoppingSpec::default()
            }),
            CallbackSpec::ModelCheckpoint(ModelCheckpointSpec {
                filepath: "a~b%7E-{epoch:02d}.keras".to_owned(),
                save_freq: SaveFreq::Batches(5),
                ..ModelCheckpointSpec::default()
            }),
            CallbackSpec::TensorBoard(TensorBoardSpec {
                profile_batch: ProfileBatch { start: 2, stop: 5 },
                ..TensorBoardSpec::default()
            }),
            CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec {
                schedule: EpochScheduleSpec::PerEpoch { learning_rates: vec![0.1, 1e-7, 2.0] },
                verbose: 1,
            }),
        ]
    }

    #[test]
    fn a_list_survives_the_link() {
        for list in [wild(), CallbackSpec::palette(), Vec::new()] {
            let text = callbacks_to_text(&list);
            assert_eq!(callbacks_from_text(&text), Ok(list), "{text}");
        }
    }

    #[test]
    fn what_is_as_in_keras_is_left_out() {
        let text = callbacks_to_text(&wild()[..1]);
        let expected = "EarlyStopping~min_delta-0.001~patience-3~baseline--0.5~restore_best_weights-true";
        assert_eq!(text, expected);
        assert_eq!(
            callbacks_to_text(&CallbackSpec::palette()[5..7]),
            "LearningRateScheduler~~TerminateOnNaN"
        );
    }

    /// A schedule of as many numbers as there may be, each with as many digits as there are.
    fn longest_schedule() -> CallbackSpec {
        let learning_rates = vec![1.234_567_9e-38; MAX_NUMBERS];
        let schedule = EpochScheduleSpec::PerEpoch { learning_rates };
        CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec { schedule, verbose: 1 })
    }

    #[test]
    fn the_longest_list_that_forms_can_make_is_written_and_read() {
        let text = |letter: &str| letter.repeat(MAX_TEXT);
        let checkpoint = CallbackSpec::ModelCheckpoint(ModelCheckpointSpec {
            filepath: text("~"),
            initial_value_threshold: Some(-1.5e-300),
            save_freq: SaveFreq::Batches(99_999),
            ..ModelCheckpointSpec::default()
        });
        let csv = CallbackSpec::CsvLogger(CsvLoggerSpec {
            filename: text("𝄞"),
            separator: text("𝄞"),
            ..CsvLoggerSpec::default()
        });
        for spec in [longest_schedule(), checkpoint, csv] {
            let list = vec![spec; MAX_CALLBACKS];
            let text = callbacks_to_text(&list);
            assert!(text.len() > 4_000 && text.len() < MAX_LENGTH, "{}", text.len());
            assert_eq!(callbacks_from_text(&text), Ok(list));
        }
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let unknown = CallbacksTextError::UnknownCallback { name: "Stopping".to_owned() };
        assert_eq!(callbacks_from_text("Stopping"), Err(unknown));
        for part in ["patience-x", "patience-1e9", "speed-3", "patience", "", "min_delta-NaN"] {
            let wrong =
                CallbacksTextError::WrongArgument { class_name: "EarlyStopping", part: part.to_owned() };
            assert_eq!(callbacks_from_text(&format!("EarlyStopping~mode-min~{part}")), Err(wrong));
        }
        let many = ["History"; MAX_CALLBACKS + 1].join("~~");
        assert_eq!(callbacks_from_text(&many), Err(CallbacksTextError::TooMany));
        let long = format!("CSVLogger~filename-{}", "x".repeat(MAX_LENGTH));
        assert_eq!(callbacks_from_text(&long), Err(CallbacksTextError::TooMany));
    }
}
