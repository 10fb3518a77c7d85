//! Why a program cannot be used, as values that can be said in any language.

use serde::{Deserialize, Serialize};

use super::tokens::Position;
use crate::engine::spec::SpecError;
use crate::formats::json_tree::TooMuch;
use crate::formats::run_json::RunJsonError;

/// Memory for a step of reading, in bytes: that of an expression and its token, about.
const STEP: usize = 160;

/// What cannot be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("line {}, column {}: {problem}", .position.line, .position.column)]
pub struct KerasCodeError {
    /// The first character of it.
    pub position: Position,
    /// What is wrong with it.
    pub problem: KerasCodeProblem,
}

/// What is wrong with a piece of a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum KerasCodeProblem {
    /// More text than is read.
    #[error("the program has {got} bytes, at most {max} are read")]
    TooLong {
        /// The limit.
        max: usize,
        /// Of the text.
        got: usize,
    },
    /// Brackets or operators within each other.
    #[error("this is nested more than {max} deep")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// A network of too many layers.
    #[error("a model may have {max} layers")]
    TooManyLayers {
        /// The limit.
        max: usize,
    },
    /// Expressions, loops, functions and lists that would take too long, or too much memory: so many bytes are a step.
    #[error("the program takes more than {max} steps to read")]
    TooManySteps {
        /// The limit.
        max: usize,
    },
    /// A character that Python has no use for.
    #[error("{got} means nothing here")]
    UnexpectedCharacter {
        /// The character.
        got: String,
    },
    /// A bracket without its other half.
    #[error("the bracket {bracket} has no other half")]
    Bracket {
        /// Which.
        bracket: String,
    },
    /// A text whose quotes never close.
    #[error("the quotes of this text are never closed")]
    Quotes,
    /// Something else was expected.
    #[error("expected {expected}, got {got}")]
    Syntax {
        /// In Python's words: a sign, or what kind of thing.
        expected: Expected,
        /// What stands there.
        got: Got,
    },
    /// There is no model in the program.
    #[error("there is no keras.Sequential or keras.Model")]
    NoModel,
    /// The model does not say what it is given.
    #[error("the input shape is missing: keras.Input(shape=(28, 28, 1)) must come first")]
    NoInputShape,
    /// A value that depends on what is not in the program, or on code that is not run here.
    #[error("{got} cannot be known from the program")]
    NotKnown {
        /// What it is.
        got: Got,
    },
    /// A number that is infinite or none.
    #[error("expected a finite number, got {got}")]
    NotFinite {
        /// As Python writes it.
        got: String,
    },
    /// More arguments without a name than there are places.
    #[error("{call} takes {max} arguments without a name, got {got}")]
    TooManyArguments {
        /// Whose arguments.
        call: String,
        /// The places.
        max: usize,
        /// How many there are.
        got: usize,
    },
    /// One argument twice.
    #[error("{call} is given {argument} twice")]
    RepeatedArgument {
        /// Whose argument.
        call: String,
        /// Its name.
        argument: String,
    },
    /// A necessary argument is missing.
    #[error("{call} needs {argument}")]
    MissingArgument {
        /// Whose argument.
        call: String,
        /// Its name.
        argument: String,
    },
    /// Where a layer is expected stands something else.
    #[error("expected a layer, got {got}")]
    NotALayer {
        /// What it is.
        got: Got,
    },
    /// The functional API used for more than one chain of layers.
    #[error("{got}: the model must be one chain of layers, each used once")]
    NotAChain {
        /// What it is.
        got: Got,
    },
    /// A function for `LearningRateScheduler` that is none of the known forms.
    #[error("this function of the epoch is none of the schedules known here: {got}")]
    ScheduleFunction {
        /// What it is.
        got: Got,
    },
    /// Code that concerns the model and is not understood.
    #[error("this concerns the model and cannot be used: {got}")]
    Statement {
        /// Its first line.
        got: String,
    },
    /// `keras.metrics.Accuracy()`, which asks whether outputs equal targets exactly.
    #[error("keras.metrics.Accuracy asks for outputs that equal the targets exactly; expected \"accuracy\"")]
    ExactAccuracy,
    /// A name, an argument or a value that nothing here has.
    #[error(transparent)]
    Value(Box<RunJsonError>),
    /// The model, or what it is trained with, cannot be built.
    #[error(transparent)]
    Spec(Box<SpecError>),
}

/// What would have been understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expected {
    /// This very sign or word.
    Sign(String),
    /// A name.
    Name,
    /// A value: a number, a text, a name, a call …
    Value,
    /// The end of the line.
    LineEnd,
    /// Lines that stand further to the right.
    Block,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sign(sign) => sign,
            Self::Name => "a name",
            Self::Value => "a value",
            Self::LineEnd => "the end of the line",
            Self::Block => "an indented block",
        })
    }
}

/// What stands in a program: a piece of it, or what cannot be shown by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Got {
    /// As it is written, or as Python writes it.
    Code(String),
    /// `(…)`
    Tuple,
    /// `[…]`
    List,
    /// A list or a tuple of too many parts, or too deep.
    LongList,
    /// `{…}`
    Dictionary,
    /// What the functional API hands from layer to layer.
    Output,
    /// A network.
    Model,
    /// Images or labels.
    Data,
    /// What follows from something that is not known.
    Computed,
    /// The end of the line.
    LineEnd,
    /// The end of the program.
    ProgramEnd,
    /// A line that stands further to the right or to the left than the one before.
    Indentation,
}

impl From<&str> for Got {
    fn from(code: &str) -> Self {
        Self::Code(code.to_owned())
    }
}

impl From<String> for Got {
    fn from(code: String) -> Self {
        Self::Code(code)
    }
}

impl std::fmt::Display for Got {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(code) => code,
            Self::Tuple => "a tuple",
            Self::List => "a list",
            Self::LongList => "a list too long",
            Self::Dictionary => "a dictionary",
            Self::Output => "the output of a layer",
            Self::Model => "a model",
            Self::Data => "data",
            Self::Computed => "a computed value",
            Self::LineEnd => "the end of the line",
            Self::ProgramEnd => "the end of the program",
            Self::Indentation => "another indentation",
        })
    }
}

impl From<TooMuch> for KerasCodeProblem {
    fn from(error: TooMuch) -> Self {
        Self::TooManySteps { max: error.max / STEP }
    }
}

impl KerasCodeProblem {
    /// Whether it ends the reading, wherever it stands.
    pub(super) fn is_limit(&self) -> bool {
        matches!(self, Self::TooDeep { .. } | Self::TooManySteps { .. })
    }

    /// The problem at its place.
    pub(super) fn at(self, position: Position) -> KerasCodeError {
        KerasCodeError { position, problem: self }
    }
}
