//! Which files were picked, which one is missing, and what came of reading them.

use std::path::Path;

use crate::protocol::{RunId, WorkerError, WorkerEvent};
use crate::ui::worker_model::ModelStamp;

/// Larger files are refused before they are read, in bytes: no model that fits into the page needs
/// more, and reading one could end the tab.
pub const MAX_BYTES: f64 = 512e6;

/// One of the two files of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `model.json`.
    Model,
    /// `model.safetensors`.
    Weights,
}

impl FileKind {
    /// The name that the file is saved under.
    pub fn file_name(self) -> &'static str {
        match self {
            FileKind::Model => "model.json",
            FileKind::Weights => "model.safetensors",
        }
    }

    /// What a file is by its name, or else by how it begins: downloads get odd names.
    pub fn of(name: &str, bytes: &[u8]) -> Option<FileKind> {
        let extension = Path::new(name).extension().unwrap_or_default();
        if extension.eq_ignore_ascii_case("json") {
            return Some(FileKind::Model);
        }
        if extension.eq_ignore_ascii_case("safetensors") {
            return Some(FileKind::Weights);
        }
        // A safetensors file begins with the length of its header, eight bytes, and the header's brace.
        if bytes.get(8) == Some(&b'{') && bytes[..8].iter().any(|byte| *byte < b' ') {
            return Some(FileKind::Weights);
        }
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        (text.trim_ascii_start().first() == Some(&b'{')).then_some(FileKind::Model)
    }
}

/// A file as the reader gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Picked {
    /// Its name on the reader's disk.
    pub name: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// Where loading stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Step {
    /// Files are missing.
    #[default]
    Picking,
    /// Both are there, but a model that is in no file would be lost.
    Asking,
    /// The worker reads them.
    Reading(RunId),
    /// The worker has the model.
    Done,
    /// They could not be read; the model before is still there.
    Failed(WorkerError),
}

/// The card that loads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadState {
    /// The description, if it was picked.
    pub model: Option<Picked>,
    /// The weights, if they were picked.
    pub weights: Option<Picked>,
    /// Names of files that are neither.
    pub strangers: Vec<String>,
    /// Names of files that are too large.
    pub giants: Vec<String>,
    /// Where it stands.
    pub step: Step,
}

impl LoadState {
    /// More files are picked: what was said about the ones before is forgotten.
    pub fn begin_picking(&mut self) {
        self.strangers.clear();
        self.giants.clear();
        if !matches!(self.step, Step::Reading(_)) {
            self.step = Step::Picking;
        }
    }

    /// Takes a file; one of the same kind is replaced.
    pub fn pick(&mut self, name: String, bytes: Vec<u8>) {
        match FileKind::of(&name, &bytes) {
            Some(FileKind::Model) => self.model = Some(Picked { name, bytes }),
            Some(FileKind::Weights) => self.weights = Some(Picked { name, bytes }),
            None => self.strangers.push(name),
        }
    }

    /// The file that is still missing when the other one is there.
    pub fn missing(&self) -> Option<FileKind> {
        match (&self.model, &self.weights) {
            (Some(_), None) => Some(FileKind::Weights),
            (None, Some(_)) => Some(FileKind::Model),
            _ => None,
        }
    }

    /// Both files, as the worker wants them.
    pub fn files(&self) -> Option<(String, Vec<u8>)> {
        let (model, weights) = (self.model.as_ref()?, self.weights.as_ref()?);
        // What is not UTF-8 is no JSON either; the parser says where.
        Some((String::from_utf8_lossy(&model.bytes).into_owned(), weights.bytes.clone()))
    }

    /// All that was picked is here; whether the worker may read it now, given that a model would
    /// be lost.
    pub fn end_picking(&mut self, would_lose: bool) -> bool {
        let is_complete = self.model.is_some() && self.weights.is_some();
        if !is_complete || matches!(self.step, Step::Reading(_)) {
            return false;
        }
        if would_lose {
            self.step = Step::Asking;
        }
        !would_lose
    }

    /// Forgets the files.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the worker's answer; whether it was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> bool {
        if self.step != Step::Reading(event.run()) {
            return false;
        }
        match event {
            WorkerEvent::ModelReady { .. } => *self = Self { step: Step::Done, ..Self::default() },
            WorkerEvent::Failed { error, .. } => self.step = Step::Failed(error),
            WorkerEvent::Died { .. } => self.step = Step::Picking,
            _ => return false,
        }
        true
    }
}

/// The card that saves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SaveState {
    /// The state of the model that the files at hand hold.
    pub ready: Option<ModelStamp>,
    /// Why there are no files.
    pub error: Option<WorkerError>,
    asked: Option<(RunId, ModelStamp)>,
}

impl SaveState {
    /// Files were asked for.
    pub fn begin(&mut self, run: RunId, stamp: ModelStamp) {
        self.asked = Some((run, stamp));
    }

    /// Takes the worker's answer; the files, if these are the ones that were waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> Option<(String, Vec<u8>)> {
        let (_, stamp) = self.asked.take_if(|(run, _)| *run == event.run())?;
        self.error = None;
        match event {
            WorkerEvent::Exported { model_json, weights, .. } => {
                self.ready = Some(stamp);
                return Some((model_json, weights));
            }
            WorkerEvent::Failed { error, .. } => self.error = Some(error),
            _ => (),
        }
        None
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
