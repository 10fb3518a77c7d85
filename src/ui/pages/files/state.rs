//! Which files were picked, which one is missing, and what came of reading them.

use std::sync::Arc;

use super::fits::Fit;
use super::kind::{FileKind, Picked};
use super::refusal::Refusal;
use crate::formats::{NamedFile, OpenedModel};
use crate::protocol::{RunId, WorkerEvent};

/// Larger files are refused before they are read, in bytes: no model that fits into the page needs
/// more, and reading one could end the tab.
pub const MAX_BYTES: f64 = 512e6;

/// Where loading stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Step {
    /// Files are missing.
    #[default]
    Picking,
    /// They are being read; the number tells this attempt from earlier ones.
    Reading(u32),
    /// They were read, but a model that is in no file would be lost.
    Asking(Arc<OpenedModel>),
    /// The model is on its way to the training worker.
    Taking(RunId, Arc<OpenedModel>),
    /// It is the current one.
    Done(Arc<OpenedModel>),
    /// They could not be read; the model before is still there.
    Failed {
        /// Why.
        refusal: Refusal,
        /// Networks that could take the weights.
        fits: Vec<Fit>,
    },
}

/// The card that loads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadState {
    /// The description, if it was picked.
    pub model: Option<Picked>,
    /// The file with the weights, or with everything, if it was picked.
    pub weights: Option<(FileKind, Picked)>,
    /// Names of files that are neither.
    pub strangers: Vec<String>,
    /// Names of files that are too large.
    pub giants: Vec<String>,
    /// Where it stands.
    pub step: Step,
    attempts: u32,
}

impl LoadState {
    /// More files are picked: what was said about the ones before is forgotten.
    pub fn begin_picking(&mut self) {
        self.strangers.clear();
        self.giants.clear();
        if !self.is_busy() {
            self.step = Step::Picking;
        }
    }

    /// Takes a file; one of the same kind is replaced.
    pub fn pick(&mut self, name: String, bytes: Vec<u8>) {
        match FileKind::of(&name, &bytes) {
            Some(FileKind::Model) => self.model = Some(Picked { name, bytes }),
            Some(kind) => self.weights = Some((kind, Picked { name, bytes })),
            None => self.strangers.push(name),
        }
    }

    /// The file that is still missing when the other one is there.
    pub fn missing(&self) -> Option<FileKind> {
        match (&self.model, &self.weights) {
            (Some(_), None) => Some(FileKind::Weights),
            (None, Some((FileKind::Weights, _))) => Some(FileKind::Model),
            _ => None,
        }
    }

    /// Whether files are being read or handed over.
    pub fn is_busy(&self) -> bool {
        matches!(self.step, Step::Reading(_) | Step::Taking(..))
    }

    /// Whether all that was picked is here and can be read now.
    pub fn is_complete(&self) -> bool {
        self.weights.is_some() && self.missing().is_none() && !self.is_busy()
    }

    /// What is to be read: a file, and the description of its weights where they have one.
    pub fn files(&self) -> Option<(NamedFile, Option<String>)> {
        let (kind, Picked { name, bytes }) = self.weights.as_ref()?;
        // What is not UTF-8 is no JSON either; the parser says where.
        let text = |picked: &Picked| String::from_utf8_lossy(&picked.bytes).into_owned();
        let description = self.model.as_ref().filter(|_| *kind != FileKind::Whole).map(text);
        Some((NamedFile { name: name.clone(), bytes: bytes.clone() }, description))
    }

    /// Reading begins; the number of the attempt.
    pub fn begin_reading(&mut self) -> u32 {
        self.attempts += 1;
        self.step = Step::Reading(self.attempts);
        self.attempts
    }

    /// Takes what came of an attempt, given whether a model would be lost; the model, if it may take that
    /// one's place without a question.
    pub fn read(
        &mut self,
        attempt: u32,
        result: Result<OpenedModel, (Refusal, Vec<Fit>)>,
        would_lose: bool,
    ) -> Option<Arc<OpenedModel>> {
        if self.step != Step::Reading(attempt) {
            return None;
        }
        match result {
            Ok(opened) => {
                let opened = Arc::new(opened);
                self.step = Step::Asking(Arc::clone(&opened));
                (!would_lose).then_some(opened)
            }
            Err((refusal, fits)) => {
                self.step = Step::Failed { refusal, fits };
                None
            }
        }
    }

    /// The reader wants the model that was read.
    pub fn confirmed(&self) -> Option<Arc<OpenedModel>> {
        if let Step::Asking(opened) = &self.step { Some(Arc::clone(opened)) } else { None }
    }

    /// The model was handed over in this conversation.
    pub fn hand_over(&mut self, run: RunId, opened: Arc<OpenedModel>) {
        self.step = Step::Taking(run, opened);
    }

    /// Forgets the files.
    pub fn clear(&mut self) {
        *self = Self { attempts: self.attempts, ..Self::default() };
    }

    /// Takes the training worker's answer; whether it was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> bool {
        let Step::Taking(run, opened) = &self.step else { return false };
        if *run != event.run() {
            return false;
        }
        let opened = Arc::clone(opened);
        match event {
            WorkerEvent::ModelReady { .. } => {
                self.clear();
                self.step = Step::Done(opened);
            }
            WorkerEvent::Failed { error, .. } => {
                self.step = Step::Failed { refusal: Refusal::Worker(error), fits: Vec::new() };
            }
            WorkerEvent::Died { .. } => self.step = Step::Picking,
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
