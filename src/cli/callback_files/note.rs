//! [`FileNote`]: what a reader of the log should know of the callbacks' files.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::engine::spec::RunSpec;

/// Something that happened to a file, or will not happen. Callbacks are told by their positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileNote {
    /// A checkpoint or a backup is there.
    Written {
        /// Whose.
        callback: usize,
        /// Keras's name for it.
        asked: String,
        /// What was written, there or instead.
        files: Vec<PathBuf>,
        /// Whether it is this callback's first.
        is_first: bool,
    },
    /// Training goes on from a backup.
    Resumed {
        /// Whose.
        callback: usize,
        /// Its file.
        path: PathBuf,
        /// From 0.
        epoch: usize,
    },
    /// The last backup cannot be read, and the one before is taken.
    DamagedBackup {
        /// The damaged one.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// Weights were saved that are no finite numbers.
    NotFinite {
        /// Where.
        path: PathBuf,
    },
    /// The weights of a run that diverged were saved.
    Diverged {
        /// Where.
        path: PathBuf,
    },
}

impl FileNote {
    /// In words, if it is worth a line.
    pub fn text(&self, run: &RunSpec) -> Option<String> {
        let message = self.message(run);
        match self {
            Self::Written { is_first: false, .. } => None,
            Self::Written { asked, files, .. } if paths(files) == [asked.as_str()] => None,
            Self::Written { .. } => Some(format!("Note: {message}")),
            Self::Resumed { .. } => Some(message),
            Self::DamagedBackup { path, .. } | Self::NotFinite { path } | Self::Diverged { path } => {
                Some(format!("Warning: {} {message}", path.display()))
            }
        }
    }

    fn message(&self, run: &RunSpec) -> String {
        let name = |callback: &usize| run.fit.callbacks[*callback].class_name();
        match self {
            Self::Written { callback, asked, files, .. } => format!(
                "{} writes {}: {asked} itself, as Keras writes it, would not hold all that a run needs to go on",
                name(callback),
                paths(files).join(" and ")
            ),
            Self::Resumed { callback, path, epoch } => {
                format!("{} goes on with epoch {} from {}", name(callback), epoch + 1, path.display())
            }
            Self::DamagedBackup { error, .. } => format!("is damaged, so the one before is taken: {error}"),
            Self::NotFinite { .. } => {
                "holds weights that are no finite numbers; it cannot be loaded again".to_owned()
            }
            Self::Diverged { .. } => "holds the weights of a run that diverged".to_owned(),
        }
    }

    /// As a line of `--log json`.
    pub fn json(&self, run: &RunSpec) -> Value {
        let name = |callback: &usize| run.fit.callbacks[*callback].class_name();
        match self {
            Self::Written { callback, asked, files, .. } => json!({
                "event": "written", "callback": name(callback), "asked": asked, "files": paths(files),
            }),
            Self::Resumed { callback, path, epoch } => json!({
                "event": "resumed", "callback": name(callback), "file": path.display().to_string(), "epoch": epoch,
            }),
            Self::DamagedBackup { path, .. } | Self::NotFinite { path } | Self::Diverged { path } => json!({
                "event": "warning", "file": path.display().to_string(), "message": self.message(run),
            }),
        }
    }
}

fn paths(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|path| path.display().to_string()).collect()
}
