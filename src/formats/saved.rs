//! [`SavedModel`]: what files of trained models hold, whatever their format; and [`ModelFormat`], the list of
//! these formats.

use serde::{Deserialize, Serialize};

use super::FormatError;
use super::run_json::KerasNote;
use crate::engine::spec::{ModelSpec, RunSpec};

/// A trained model, as far as a file tells of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedModel {
    /// The network.
    pub model: ModelSpec,
    /// All parameters in model order.
    pub params: Vec<f32>,
    /// The run that made them, if one is known; its model is [`SavedModel::model`]. Files of other programs
    /// tell of `compile` at most, and the rest has defaults.
    pub job: Option<RunSpec>,
    /// Epochs that this run had completed, if that is known.
    pub epochs: Option<usize>,
    /// What training needs to go on, if it is known.
    pub optimizer: Option<OptimizerState>,
}

impl SavedModel {
    /// Checks that the model is valid and has as many parameters as there are.
    ///
    /// # Errors
    /// If not.
    pub(super) fn check_params(&self) -> Result<(), FormatError> {
        let (expected, got) = (self.model.num_params()?, self.params.len());
        if expected == got {
            return Ok(());
        }
        let name = "params".to_owned();
        Err(FormatError::WrongExtents { name, expected: vec![expected], got: vec![got] })
    }
}

/// What an optimizer has besides its arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptimizerState {
    /// Calls of its `step`: Keras's variable `iteration`.
    pub steps: u64,
    /// The learning rate now; unused where it follows a schedule.
    pub learning_rate: f32,
    /// [`crate::engine::optimizers::Optimizer::slots`]: Keras's `optimizer.variables` without the first two.
    pub slots: Vec<Vec<f32>>,
}

/// A model that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenedModel {
    /// The model.
    pub saved: SavedModel,
    /// What in the file was understood and left out.
    pub notes: Vec<KerasNote>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedFile {
    /// Without folders, except within an archive.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What a writer is told besides the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapping {
    /// Names of files begin with it: `mnist-cnn`.
    pub stem: String,
    /// When, `2026-11-29@13:05:00`, as Keras writes it; whoever calls knows the time.
    pub date: String,
    /// Of what is written for people.
    pub language: Language,
}

/// A language that files speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Russian.
    Russian,
}

/// A kind of file that holds a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ModelFormat {
    /// Keras 3's whole model, `.keras`.
    Keras,
    /// Keras 3's weights, `.weights.h5`.
    KerasWeights,
    /// Keras 2's whole model, `.h5`.
    KerasH5,
    /// Svertka's own: `.safetensors` and `.json`.
    Safetensors,
    /// NumPy's arrays, one per parameter, `.npz`.
    Npz,
    /// The Open Neural Network Exchange, `.onnx`.
    Onnx,
    /// TensorFlow.js's layers model, `model.json` and `.bin`.
    TensorFlowJs,
    /// PyTorch: `.safetensors` in torch's layout and a module that loads it.
    PyTorch,
    /// A Jupyter notebook that rebuilds, loads, evaluates and continues, and the weights beside it.
    Notebook,
}

impl ModelFormat {
    /// All of them, those first that open again here.
    pub const ALL: [Self; 9] = [
        Self::Keras,
        Self::KerasWeights,
        Self::KerasH5,
        Self::Safetensors,
        Self::Npz,
        Self::Onnx,
        Self::TensorFlowJs,
        Self::PyTorch,
        Self::Notebook,
    ];

    /// How the command line and translations name it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Keras => "keras",
            Self::KerasWeights => "keras-weights",
            Self::KerasH5 => "keras-h5",
            Self::Safetensors => "safetensors",
            Self::Npz => "npz",
            Self::Onnx => "onnx",
            Self::TensorFlowJs => "tfjs",
            Self::PyTorch => "pytorch",
            Self::Notebook => "notebook",
        }
    }

    /// Whether such files are read, too.
    pub fn is_read(self) -> bool {
        matches!(self, Self::Keras | Self::KerasWeights | Self::KerasH5 | Self::Safetensors | Self::Npz)
    }

    /// Whether such a file says which layers there are; otherwise it is read into a model that is known.
    pub fn holds_layers(self) -> bool {
        !matches!(self, Self::KerasWeights | Self::Npz)
    }

    /// Whether such a file says how the model was compiled.
    pub fn holds_compile(self) -> bool {
        matches!(self, Self::Keras | Self::KerasH5 | Self::Safetensors | Self::Notebook)
    }

    /// Whether such a file has what the optimizer needs to go on.
    pub fn holds_optimizer(self) -> bool {
        matches!(self, Self::Keras | Self::KerasWeights | Self::KerasH5 | Self::Npz | Self::Notebook)
    }
}

/// How a format is written; each is one file of this folder.
pub(super) type Write = fn(&SavedModel, &Wrapping) -> Result<Vec<NamedFile>, FormatError>;
