//! Why a file of a model cannot be read or written, as a sentence in the reader's language.
//!
//! No match here has a wildcard: a new variant does not compile before it has words.

use super::errors::{ErrorText, extents};
use super::files::title;
use super::i18n::t_string;
use super::network::CodeWords;
use crate::formats::keras_file::ChainProblem;
use crate::formats::{ArchiveError, ArrayError, FormatError, KerasFileError, Unsupported};

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl ErrorText {
    /// Why a file with a model cannot be read.
    pub fn format(self, error: &FormatError) -> String {
        match error {
            FormatError::TooLong { max, got } => {
                let (max, got) = (self.language.count(*max), self.language.count(*got));
                say!(self, errors.format.too_long, max, got)
            }
            FormatError::Json { line, column, detail: _ } => {
                say!(self, errors.format.json, line = *line, column = *column)
            }
            FormatError::OtherFormat { expected, got } => {
                say!(self, errors.format.other_format, expected = expected.clone(), got = got.clone())
            }
            FormatError::NewerVersion { expected, got } => {
                say!(self, errors.format.newer, expected = *expected, got = *got)
            }
            FormatError::Spec(error) => say!(self, errors.format.spec, error = self.spec(error)),
            FormatError::Safetensors { detail: _ } => say!(self, errors.format.safetensors),
            FormatError::MissingTensor { name } => {
                say!(self, errors.format.missing_tensor, name = name.clone())
            }
            FormatError::UnknownTensor { name } => {
                say!(self, errors.format.unknown_tensor, name = name.clone())
            }
            FormatError::WrongExtents { name, expected, got } => {
                let (expected, got) = (extents(expected), extents(got));
                say!(self, errors.format.wrong_extents, name = name.clone(), expected, got)
            }
            FormatError::WrongType { name, got } => {
                say!(self, errors.format.wrong_type, name = name.clone(), got = got.clone())
            }
            FormatError::NotFinite { name } => say!(self, errors.format.not_finite, name = name.clone()),
            FormatError::Hdf5(error) => self.hdf5(error),
            FormatError::Archive(error) => self.archive(error),
            FormatError::KerasFile(error) => self.keras_file(error),
            FormatError::UnknownFile { name } => say!(self, errors.format.unknown_file, name = name.clone()),
            FormatError::OneWay { format, writing: true } => {
                say!(self, errors.format.not_written, title = title(*format))
            }
            FormatError::OneWay { format, writing: false } => {
                say!(self, errors.format.not_read, title = title(*format))
            }
            FormatError::NeedsModel { format } => {
                say!(self, errors.format.needs_model, title = title(*format))
            }
            FormatError::Array(error) => self.array(error),
            FormatError::Unsupported { format, part, reason } => {
                let (title, part, reason) = (title(*format), part.clone(), self.unsupported(reason));
                say!(self, errors.format.unsupported, title, part, reason)
            }
        }
    }

    /// What is wrong with an archive.
    fn archive(self, error: &ArchiveError) -> String {
        match error {
            ArchiveError::NotZip => say!(self, errors.archive.not_zip),
            ArchiveError::Damaged { at, name } => {
                let at = self.long(*at);
                if name.is_empty() {
                    say!(self, errors.archive.damaged, at)
                } else {
                    say!(self, errors.archive.damaged_file, name = name.clone(), at)
                }
            }
            ArchiveError::WrongContents { name } => {
                say!(self, errors.archive.wrong_contents, name = name.clone())
            }
            ArchiveError::TooLarge { max } => say!(self, errors.archive.too_large, max = self.long(*max)),
            ArchiveError::TooMany { max, got } => {
                say!(self, errors.archive.too_many, max = self.long(*max), got = self.long(*got))
            }
            ArchiveError::Duplicate { name } => say!(self, errors.archive.duplicate, name = name.clone()),
            ArchiveError::Encrypted { name } => say!(self, errors.archive.encrypted, name = name.clone()),
            ArchiveError::Method { name, method } => {
                say!(self, errors.archive.method, name = name.clone(), method = *method)
            }
            ArchiveError::BadName { name } => say!(self, errors.archive.bad_name, name = name.clone()),
            ArchiveError::Spread => say!(self, errors.archive.spread),
        }
    }

    /// What is wrong with one of Keras's files.
    fn keras_file(self, error: &KerasFileError) -> String {
        match error {
            KerasFileError::NoFile { name } => say!(self, errors.keras_file.no_file, name = name.clone()),
            KerasFileError::NoPart { name } => say!(self, errors.keras_file.no_part, name = name.clone()),
            KerasFileError::Json { name, line, column, detail: _ } => {
                say!(self, errors.keras_file.json, name = name.clone(), line = *line, column = *column)
            }
            KerasFileError::Config(error) => {
                CodeWords { i18n: self.i18n, language: self.language }.value(error)
            }
            KerasFileError::OtherModel { class_name } => {
                say!(self, errors.keras_file.other_model, class_name = class_name.clone())
            }
            KerasFileError::NotAChain { layer, problem } => {
                let problem = self.chain_problem(*problem);
                say!(self, errors.keras_file.not_a_chain, layer = layer.clone(), problem)
            }
            KerasFileError::NoInputShape => say!(self, errors.keras_file.no_input_shape),
            KerasFileError::OpenInputShape { got } => {
                say!(self, errors.keras_file.open_input_shape, got = got.clone())
            }
            KerasFileError::OtherNumbers { layer, got } => {
                say!(self, errors.keras_file.other_numbers, layer = layer.clone(), got = got.clone())
            }
            KerasFileError::OtherInKeras2 { layer, argument, value } => {
                let (layer, argument, value) = (layer.clone(), argument.clone(), value.clone());
                say!(self, errors.keras_file.other_in_keras2, layer, argument, value)
            }
            KerasFileError::NotBuilt { layer, argument } => {
                say!(self, errors.keras_file.not_built, layer = layer.clone(), argument = argument.clone())
            }
            KerasFileError::LayerCount { expected, got } => {
                let (expected, got) = (self.count(*expected), self.count(*got));
                say!(self, errors.keras_file.layer_count, expected, got)
            }
        }
    }

    /// What keeps a layer out of a chain; goes on after the layer's name.
    fn chain_problem(self, problem: ChainProblem) -> String {
        match problem {
            ChainProblem::Inputs { got } => say!(self, errors.keras_file.chain.inputs, got),
            ChainProblem::Uses { got } => say!(self, errors.keras_file.chain.uses, got),
            ChainProblem::Outputs { got } => say!(self, errors.keras_file.chain.outputs, got),
            ChainProblem::AlwaysTraining => say!(self, errors.keras_file.chain.always_training),
            ChainProblem::AlwaysInference => say!(self, errors.keras_file.chain.always_inference),
            ChainProblem::Unknown => say!(self, errors.keras_file.chain.unknown),
        }
    }

    /// What is wrong with one of NumPy's files.
    fn array(self, error: &ArrayError) -> String {
        match error {
            ArrayError::NotNpy => say!(self, errors.array.not_npy),
            ArrayError::NotNpz { detail: _ } => say!(self, errors.array.not_npz),
            ArrayError::BadHeader => say!(self, errors.array.bad_header),
            ArrayError::OtherType { got } => say!(self, errors.array.other_type, got = got.clone()),
            ArrayError::WrongLength { expected, got } => {
                let (expected, got) = (self.count(*expected), self.count(*got));
                say!(self, errors.array.wrong_length, expected, got)
            }
            ArrayError::TooLarge { max } => {
                say!(self, errors.array.too_large, max = self.long(*max))
            }
        }
    }

    /// A count that may be beyond the memory of this device.
    pub(super) fn long(self, value: u64) -> String {
        self.count(usize::try_from(value).unwrap_or(usize::MAX))
    }

    /// Why a format cannot hold a part of a model; goes on after the part's name and a colon.
    fn unsupported(self, reason: &Unsupported) -> String {
        match reason {
            Unsupported::NoEquivalent { class_name } => {
                say!(self, errors.unsupported.no_equivalent, class_name = class_name.clone())
            }
            Unsupported::Argument { argument, value } => {
                say!(self, errors.unsupported.argument, argument = argument.clone(), value = value.clone())
            }
            Unsupported::OtherInput { expected, got } => {
                say!(
                    self,
                    errors.unsupported.other_input,
                    expected = self.count(*expected),
                    got = got.clone()
                )
            }
        }
    }
}
