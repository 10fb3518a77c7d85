//! What the page and the worker that reads and writes files say to each other. That worker is another program
//! than the training worker, started when a file is opened or saved and ended afterwards: whatever a file does
//! to its reader, no training and no model is harmed.

use serde::{Deserialize, Serialize};

use super::RunId;
use crate::engine::spec::{ModelSpec, RunSpec};
use crate::formats::{FormatError, ModelFormat, NamedFile, OpenedModel, SavedModel, Wrapping};

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The file.
    pub file: NamedFile,
    /// Text of `model.json`, where it says what the file's weights are of.
    pub description: Option<String>,
    /// The run whose model takes the weights of a file that says nothing of layers.
    pub known: Option<RunSpec>,
    /// Other models that may take them, to be tried if that one does not.
    pub others: Vec<ModelSpec>,
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FilesRequest {
    /// Reads a file: [`FilesEvent::Opened`] or [`FilesEvent::Failed`].
    Read {
        /// Conversation.
        run: RunId,
        /// Which one.
        reading: Box<Reading>,
    },
    /// Writes a model: [`FilesEvent::Written`] or [`FilesEvent::Failed`].
    Write {
        /// Conversation.
        run: RunId,
        /// As what.
        format: ModelFormat,
        /// The model.
        saved: Box<SavedModel>,
        /// Name and date.
        wrapping: Wrapping,
    },
    /// Puts files into one ZIP: [`FilesEvent::Written`].
    Pack {
        /// Conversation.
        run: RunId,
        /// What the ZIP is called.
        name: String,
        /// With folders.
        files: Vec<NamedFile>,
    },
}

/// What the worker tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FilesEvent {
    /// It runs. The first event of all, with the run id 0.
    Ready {
        /// Conversation.
        run: RunId,
    },
    /// A file was read.
    Opened {
        /// Conversation.
        run: RunId,
        /// What is in it.
        opened: Box<OpenedModel>,
    },
    /// A model was written; several files come as one ZIP.
    Written {
        /// Conversation.
        run: RunId,
        /// The file.
        file: NamedFile,
    },
    /// It could not be done.
    Failed {
        /// Conversation.
        run: RunId,
        /// Why.
        error: FormatError,
        /// Which of [`Reading::others`] could take the file's weights.
        fits: Vec<usize>,
    },
    /// It has met a bug and is dead.
    Died {
        /// Conversation.
        run: RunId,
        /// For the bug report.
        message: String,
    },
}

impl FilesRequest {
    /// The conversation this belongs to.
    pub fn run(&self) -> RunId {
        match self {
            Self::Read { run, .. } | Self::Write { run, .. } | Self::Pack { run, .. } => *run,
        }
    }
}

impl FilesEvent {
    /// The conversation this belongs to.
    pub fn run(&self) -> RunId {
        match self {
            Self::Ready { run }
            | Self::Opened { run, .. }
            | Self::Written { run, .. }
            | Self::Failed { run, .. }
            | Self::Died { run, .. } => *run,
        }
    }
}
