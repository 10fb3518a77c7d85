//! What was understood and left out, as values that can be said in any language.

use serde::{Deserialize, Serialize};

use super::error::Got;
use super::tokens::{Position, Token, TokenKind};
use crate::formats::run_json::KerasNote;

/// A remark on a piece of a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KerasCodeNote {
    /// The first character of it.
    pub position: Position,
    /// What is to be said.
    pub remark: KerasCodeRemark,
}

/// What is to be said of a piece of a program.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum KerasCodeRemark {
    /// It says nothing about the model or its training.
    Skipped {
        /// What it does.
        kind: Skipped,
        /// Its first line.
        text: String,
        /// The last line of it.
        last_line: usize,
    },
    /// An argument that means nothing here, or nothing any more.
    Argument(KerasNote),
    /// A name of Keras's that the program did not import; Python would refuse it.
    NotImported {
        /// `Dense`.
        name: String,
    },
    /// Another model of the same program, which is left out: one is read, the last that is trained.
    OtherModel {
        /// Its variable or class.
        name: String,
    },
    /// `Rescaling(1/255)` at the beginning: images come with values from 0 to 1 here.
    Rescaling,
    /// A model used as a layer: its layers stand in its place.
    Nested {
        /// How many layers.
        layers: usize,
    },
    /// The test images were to validate; here the last `samples` training images do, so that the test
    /// stays a test.
    ValidationOnTest {
        /// Images that validate instead.
        samples: usize,
    },
    /// What is trained or validated with is not known here; the choice of images stays as it was.
    OtherData {
        /// What they are.
        got: Got,
    },
    /// An earlier `fit` or `compile` of the same model, which the later one replaces.
    Replaced {
        /// `fit` or `compile`.
        call: String,
    },
}

impl KerasCodeRemark {
    /// What its texts take, which may have grown to twice their length.
    pub(super) fn bytes(&self) -> usize {
        let len = match self {
            Self::Skipped { text, .. } => text.len(),
            Self::Argument(note) => note.bytes(),
            Self::NotImported { name } | Self::OtherModel { name } => name.len(),
            Self::OtherData { got: Got::Code(code) } => code.len(),
            Self::Replaced { call } => call.len(),
            Self::OtherData { .. }
            | Self::Rescaling
            | Self::Nested { .. }
            | Self::ValidationOnTest { .. } => 0,
        };
        2 * len
    }
}

/// What a line does that has nothing to do with the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Skipped {
    /// Loads or prepares data.
    Data,
    /// Prints or draws.
    Output,
    /// `summary`
    Summary,
    /// `evaluate`, `predict`
    Evaluation,
    /// Saves or loads a model or weights.
    Files,
    /// A notebook's `%` or `!`.
    Magic,
    /// Anything else.
    Other,
}

impl Skipped {
    /// What a line that is left out does, by its words.
    pub(super) fn of(tokens: &[Token]) -> Self {
        const WORDS: [(Skipped, &[&str]); 5] = [
            (Skipped::Summary, &["summary", "plot_model"]),
            (Skipped::Evaluation, &["evaluate", "predict", "classification_report", "confusion_matrix"]),
            (
                Skipped::Files,
                &[
                    "save",
                    "save_weights",
                    "load_weights",
                    "load_model",
                    "to_json",
                    "export",
                    "makedirs",
                    "open",
                ],
            ),
            (Skipped::Output, &["print", "plt", "sns", "display", "show", "plot", "imshow"]),
            (
                Skipped::Data,
                &[
                    "load_data",
                    "astype",
                    "reshape",
                    "expand_dims",
                    "to_categorical",
                    "normalize",
                    "np",
                    "shape",
                    "x_train",
                    "y_train",
                    "x_test",
                    "y_test",
                    "train_images",
                    "test_images",
                    "train_labels",
                    "test_labels",
                    "train_test_split",
                    "datasets",
                ],
            ),
        ];
        let says = |word: &&str| {
            tokens.iter().any(|token| matches!(&token.kind, TokenKind::Name(name) if **name == **word))
        };
        let found = WORDS.iter().find(|(_, words)| words.iter().any(says));
        found.map_or(Skipped::Other, |(kind, _)| *kind)
    }
}

impl std::fmt::Display for KerasCodeNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: ", self.position.line)?;
        match &self.remark {
            KerasCodeRemark::Skipped { text, last_line, .. } if *last_line > self.position.line => {
                write!(f, "left out up to line {last_line}: {text}")
            }
            KerasCodeRemark::Skipped { text, .. } => write!(f, "left out: {text}"),
            KerasCodeRemark::Argument(note) => note.fmt(f),
            KerasCodeRemark::NotImported { name } => {
                write!(f, "{name} is not imported and was taken for Keras's")
            }
            KerasCodeRemark::OtherModel { name } => {
                write!(f, "the model {name} was left out; another is read")
            }
            KerasCodeRemark::Rescaling => write!(f, "Rescaling was left out: images have values from 0 to 1"),
            KerasCodeRemark::Nested { layers } => {
                write!(f, "the {layers} layers of the inner model were put in its place")
            }
            KerasCodeRemark::ValidationOnTest { samples } => {
                write!(f, "the last {samples} training images validate instead of the test images")
            }
            KerasCodeRemark::OtherData { got } => write!(f, "these data are not known here: {got}"),
            KerasCodeRemark::Replaced { call } => write!(f, "a later {call} replaces this one"),
        }
    }
}
