//! What is said of files, in the reader's language. No match has a wildcard: a new variant does not compile
//! before it has words.

use leptos_i18n::I18nContext;

use crate::formats::ModelFormat;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t_string};
use crate::ui::locale::Language;
use crate::ui::pages::files::{Refusal, Unit, file_size};

/// Finds the words.
#[derive(Clone, Copy)]
pub struct FileWords {
    pub i18n: I18nContext<Locale>,
    pub language: Language,
}

/// `t_string!` as a `String`.
macro_rules! say {
    ($words:expr, $($rest:tt)*) => { t_string!($words.i18n, $($rest)*).to_string() };
}

impl FileWords {
    /// Why a file could not be read or written.
    pub fn refusal(self, refusal: &Refusal) -> String {
        let errors = ErrorText { i18n: self.i18n, language: self.language };
        match refusal {
            Refusal::Format(error) => errors.format(error),
            Refusal::Worker(error) => errors.worker(error),
            Refusal::Absent => say!(self, files.refusal.absent),
            Refusal::Died => say!(self, files.refusal.died),
            Refusal::Slow => say!(self, files.refusal.slow),
        }
    }

    /// What a format is for, and which program opens it.
    pub fn purpose(self, format: ModelFormat) -> String {
        match format {
            ModelFormat::Keras => say!(self, files.format.keras),
            ModelFormat::KerasWeights => say!(self, files.format.keras_weights),
            ModelFormat::KerasH5 => say!(self, files.format.keras_h5),
            ModelFormat::Safetensors => say!(self, files.format.safetensors),
            ModelFormat::Npz => say!(self, files.format.npz),
            ModelFormat::Onnx => say!(self, files.format.onnx),
            ModelFormat::TensorFlowJs => say!(self, files.format.tfjs),
            ModelFormat::PyTorch => say!(self, files.format.pytorch),
            ModelFormat::Notebook => say!(self, files.format.notebook),
        }
    }

    /// `(247 kB)`.
    pub fn size(self, bytes: usize) -> String {
        let size = file_size(self.language, bytes);
        match size.unit {
            Unit::Kilobyte => say!(self, files.save.kilobytes, number = size.number),
            Unit::Megabyte => say!(self, files.save.megabytes, number = size.number),
        }
    }
}

/// A format's own name, the same in every language.
pub fn title(format: ModelFormat) -> &'static str {
    match format {
        ModelFormat::Keras => "Keras 3",
        ModelFormat::KerasWeights => "Keras 3, weights",
        ModelFormat::KerasH5 => "Keras 2, HDF5",
        ModelFormat::Safetensors => "safetensors + model.json",
        ModelFormat::Npz => "NumPy",
        ModelFormat::Onnx => "ONNX",
        ModelFormat::TensorFlowJs => "TensorFlow.js",
        ModelFormat::PyTorch => "PyTorch",
        ModelFormat::Notebook => "Jupyter",
    }
}

/// How the names of its files end.
pub fn endings(format: ModelFormat) -> &'static str {
    match format {
        ModelFormat::Keras => ".keras",
        ModelFormat::KerasWeights => ".weights.h5",
        ModelFormat::KerasH5 => ".h5",
        ModelFormat::Safetensors => ".safetensors, .json",
        ModelFormat::Npz => ".npz",
        ModelFormat::Onnx => ".onnx",
        ModelFormat::TensorFlowJs => "model.json, .bin",
        ModelFormat::PyTorch => ".safetensors, .py",
        ModelFormat::Notebook => ".ipynb, .weights.h5",
    }
}
