//! What is said of pasted programs, in the reader's language. No match has a wildcard: a new variant does
//! not compile before it has words.

use crate::formats::keras_code::{
    Expected, Got, KerasCodeError, KerasCodeNote, KerasCodeProblem, KerasCodeRemark, Skipped,
};
use crate::formats::run_json::{Became, Found, KerasNote, RunJsonError, UnknownKey, Wanted};
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t_string};
use crate::ui::locale::Language;
use leptos_i18n::I18nContext;

/// Finds the words.
#[derive(Clone, Copy)]
pub struct CodeWords {
    pub i18n: I18nContext<Locale>,
    pub language: Language,
}

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl CodeWords {
    /// Why a program cannot be used, and in which line.
    pub fn error(self, error: &KerasCodeError) -> String {
        let problem = self.problem(&error.problem);
        say!(self, network.code.line, line = error.position.line, problem)
    }

    fn problem(self, problem: &KerasCodeProblem) -> String {
        match problem {
            KerasCodeProblem::TooLong { max, got } => {
                let (max, got) = (self.language.count(*max), self.language.count(*got));
                say!(self, network.code.problem.too_long, max, got)
            }
            KerasCodeProblem::TooDeep { max } => say!(self, network.code.problem.too_deep, max = *max),
            KerasCodeProblem::TooManyLayers { max } => {
                say!(self, network.code.problem.too_many_layers, max = *max)
            }
            KerasCodeProblem::TooManySteps { max } => {
                say!(self, network.code.problem.too_many_steps, max = self.language.count(*max))
            }
            KerasCodeProblem::UnexpectedCharacter { got } => {
                say!(self, network.code.problem.character, got = got.clone())
            }
            KerasCodeProblem::Bracket { bracket } => {
                say!(self, network.code.problem.bracket, bracket = bracket.clone())
            }
            KerasCodeProblem::Quotes => say!(self, network.code.problem.quotes),
            KerasCodeProblem::Syntax { expected, got } => {
                let (expected, got) = (self.expected(expected), self.got(got));
                say!(self, network.code.problem.syntax, expected, got)
            }
            KerasCodeProblem::NoModel => say!(self, network.code.problem.no_model),
            KerasCodeProblem::NoInputShape => say!(self, network.code.problem.no_input_shape),
            KerasCodeProblem::NotKnown { got } => {
                say!(self, network.code.problem.not_known, got = self.got(got))
            }
            KerasCodeProblem::NotFinite { got } => {
                say!(self, network.code.problem.not_finite, got = got.clone())
            }
            KerasCodeProblem::TooManyArguments { call, max, got } => {
                let call = call.clone();
                say!(self, network.code.problem.too_many_arguments, call, max = *max, got = *got)
            }
            KerasCodeProblem::RepeatedArgument { call, argument } => {
                let (call, argument) = (call.clone(), argument.clone());
                say!(self, network.code.problem.repeated_argument, call, argument)
            }
            KerasCodeProblem::MissingArgument { call, argument } => {
                let (call, argument) = (call.clone(), argument.clone());
                say!(self, network.code.problem.missing_argument, call, argument)
            }
            KerasCodeProblem::NotALayer { got } => {
                say!(self, network.code.problem.not_a_layer, got = self.got(got))
            }
            KerasCodeProblem::NotAChain { got } => {
                say!(self, network.code.problem.not_a_chain, got = self.got(got))
            }
            KerasCodeProblem::ScheduleFunction { got } => {
                say!(self, network.code.problem.schedule_function, got = self.got(got))
            }
            KerasCodeProblem::Statement { got } => {
                say!(self, network.code.problem.statement, got = got.clone())
            }
            KerasCodeProblem::ExactAccuracy => say!(self, network.code.problem.exact_accuracy),
            KerasCodeProblem::Value(error) => self.value(error),
            KerasCodeProblem::Spec(error) => {
                ErrorText { i18n: self.i18n, language: self.language }.spec(error)
            }
        }
    }

    fn expected(self, expected: &Expected) -> String {
        match expected {
            Expected::Sign(sign) => sign.clone(),
            Expected::Name => say!(self, network.code.expected.name),
            Expected::Value => say!(self, network.code.expected.value),
            Expected::LineEnd => say!(self, network.code.expected.line_end),
            Expected::Block => say!(self, network.code.expected.block),
        }
    }

    fn got(self, got: &Got) -> String {
        match got {
            Got::Code(code) => code.clone(),
            Got::Tuple => say!(self, network.code.got.tuple),
            Got::List => say!(self, network.code.got.list),
            Got::LongList => say!(self, network.code.got.long_list),
            Got::Dictionary => say!(self, network.code.got.dictionary),
            Got::Output => say!(self, network.code.got.output),
            Got::Model => say!(self, network.code.got.model),
            Got::Data => say!(self, network.code.got.data),
            Got::Computed => say!(self, network.code.got.computed),
            Got::LineEnd => say!(self, network.code.expected.line_end),
            Got::ProgramEnd => say!(self, network.code.got.program_end),
            Got::Indentation => say!(self, network.code.got.indentation),
        }
    }

    /// A name, an argument or a value that nothing here has.
    pub fn value(self, error: &RunJsonError) -> String {
        let meant = |suggestion: Option<&String>| {
            suggestion.map_or_else(String::new, |meant| {
                format!(" {}", say!(self, network.code.value.meant, meant = meant.clone()))
            })
        };
        match error {
            // A program is no JSON.
            RunJsonError::TooLong { .. } | RunJsonError::Json { .. } => {
                say!(self, network.code.value.refused, path = "run")
            }
            RunJsonError::OtherVersion { got } => {
                say!(self, network.code.value.version, got = got.clone())
            }
            RunJsonError::UnknownKeys { keys } => {
                let one = |key: &UnknownKey| {
                    let path = key.path.clone();
                    say!(self, network.code.value.unknown_key, path) + &meant(key.suggestion.as_ref())
                };
                keys.iter().map(one).collect::<Vec<_>>().join(" ")
            }
            RunJsonError::UnknownName { path, got, expected, suggestion } => {
                let (path, got, expected) = (path.clone(), got.clone(), expected.join(", "));
                let told = meant(suggestion.as_ref());
                say!(self, network.code.value.unknown_name, path, got, expected) + &told
            }
            RunJsonError::Missing { path, key } => {
                say!(self, network.code.value.missing, path = path.clone(), key = key.clone())
            }
            RunJsonError::WrongType { path, expected, got } => {
                let (path, expected, got) = (path.clone(), self.wanted(expected), self.found(got));
                say!(self, network.code.value.wrong_type, path, expected, got)
            }
            RunJsonError::Refused { path, .. } => say!(self, network.code.value.refused, path = path.clone()),
        }
    }

    /// What would do, which the reader of files has said in English.
    fn wanted(self, words: &str) -> String {
        let Some(wanted) = Wanted::of(words) else { return say!(self, network.code.kind.other) };
        match wanted {
            Wanted::Count => say!(self, network.code.kind.count),
            Wanted::Whole => say!(self, network.code.kind.whole),
            Wanted::Number => say!(self, network.code.kind.number),
            Wanted::Flag => say!(self, network.code.kind.flag),
            Wanted::Text => say!(self, network.code.kind.text),
            Wanted::List => say!(self, network.code.got.list),
            Wanted::ListOf(length) => say!(self, network.code.got.list_of, length),
            Wanted::ShorterList => say!(self, network.code.kind.shorter_list),
            Wanted::Arguments => say!(self, network.code.kind.arguments),
            Wanted::Class => say!(self, network.code.kind.class),
            Wanted::OneOrTwo => say!(self, network.code.kind.one_or_two),
            Wanted::OneOrPairs => say!(self, network.code.kind.one_or_pairs),
            Wanted::Axes => say!(self, network.code.kind.axes),
            Wanted::WeightOfClasses => say!(self, network.code.kind.weight_of_classes),
            Wanted::Epochs => say!(self, network.code.kind.epochs),
            Wanted::Numbers => say!(self, network.code.kind.numbers),
            Wanted::OneOutput => say!(self, network.code.kind.one_output),
            Wanted::Rate => say!(self, network.code.kind.rate),
            Wanted::Verbose => say!(self, network.code.kind.verbose),
            Wanted::Shuffle => say!(self, network.code.kind.shuffle),
            Wanted::SaveFreq => say!(self, network.code.kind.save_freq),
            Wanted::UpdateFreq => say!(self, network.code.kind.update_freq),
            Wanted::ProfileBatch => say!(self, network.code.kind.profile_batch),
            Wanted::Loose => say!(self, network.code.kind.loose),
        }
    }

    /// What was given, in the same way.
    fn found(self, words: &str) -> String {
        match Found::of(words) {
            Some(Found::Code(code)) => code,
            Some(Found::List) => say!(self, network.code.got.list),
            Some(Found::ListOf(length)) => say!(self, network.code.got.list_of, length),
            Some(Found::Dictionary) => say!(self, network.code.got.dictionary),
            None => say!(self, network.code.kind.other),
        }
    }

    /// What was understood and left out.
    pub fn note(self, note: &KerasCodeNote) -> String {
        let problem = self.remark(&note.remark);
        say!(self, network.code.line, line = note.position.line, problem)
    }

    fn remark(self, remark: &KerasCodeRemark) -> String {
        match remark {
            KerasCodeRemark::Skipped { kind, text, last_line: _ } => {
                let (why, text) = (self.skipped(*kind), text.clone());
                say!(self, network.code.note.skipped, why, text)
            }
            KerasCodeRemark::Argument(note) => self.argument(note),
            KerasCodeRemark::NotImported { name } => {
                say!(self, network.code.note.not_imported, name = name.clone())
            }
            KerasCodeRemark::OtherModel { name } => {
                say!(self, network.code.note.other_model, name = name.clone())
            }
            KerasCodeRemark::Rescaling => say!(self, network.code.note.rescaling),
            KerasCodeRemark::Nested { layers } => say!(self, network.code.note.nested, layers = *layers),
            KerasCodeRemark::ValidationOnTest { samples } => {
                say!(self, network.code.note.validation_on_test, samples = self.language.count(*samples))
            }
            KerasCodeRemark::OtherData { got } => {
                say!(self, network.code.note.other_data, text = self.got(got))
            }
            KerasCodeRemark::Replaced { call } => {
                say!(self, network.code.note.replaced, call = call.clone())
            }
        }
    }

    fn skipped(self, kind: Skipped) -> String {
        match kind {
            Skipped::Data => say!(self, network.code.skipped.data),
            Skipped::Output => say!(self, network.code.skipped.output),
            Skipped::Summary => say!(self, network.code.skipped.summary),
            Skipped::Evaluation => say!(self, network.code.skipped.evaluation),
            Skipped::Files => say!(self, network.code.skipped.files),
            Skipped::Magic => say!(self, network.code.skipped.magic),
            Skipped::Other => say!(self, network.code.skipped.other),
        }
    }

    /// What became of an argument that means nothing here.
    pub fn argument(self, note: &KerasNote) -> String {
        let name = format!("{}.{}", note.owner, note.argument);
        match &note.what {
            Became::Removed => say!(self, network.code.became.removed, name),
            Became::Renamed { to } => say!(self, network.code.became.renamed, name, to = to.clone()),
            Became::Replaced { by } => say!(self, network.code.became.replaced, name, by = by.clone()),
            Became::Moved { to } => say!(self, network.code.became.moved, name, to = to.clone()),
            Became::NotBuilt { instead: None } => say!(self, network.code.became.not_built, name),
            Became::NotBuilt { instead: Some(instead) } => {
                say!(self, network.code.became.not_built_instead, name, instead = instead.clone())
            }
            Became::NotCompiled => say!(self, network.code.became.not_compiled, name),
            Became::WithoutEffect => say!(self, network.code.became.without_effect, name),
        }
    }
}
