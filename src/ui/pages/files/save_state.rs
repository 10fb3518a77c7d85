//! What is saved: the two files that are kept ready, and a file in another format that is being written.

use super::refusal::Refusal;
use crate::formats::{ModelFormat, SavedModel};
use crate::protocol::{RunId, WorkerError, WorkerEvent};
use crate::ui::worker_model::ModelStamp;

/// The two files.
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

    /// Takes the worker's answer; the model, if it is the one that was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> Option<Box<SavedModel>> {
        let (_, stamp) = self.asked.take_if(|(run, _)| *run == event.run())?;
        self.error = None;
        match event {
            WorkerEvent::Exported { saved, .. } => {
                self.ready = Some(stamp);
                return Some(saved);
            }
            WorkerEvent::Failed { error, .. } => self.error = Some(error),
            _ => (),
        }
        None
    }
}

/// Where the writing of a format stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Writing {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// The file is being made; the number tells this attempt from earlier ones.
    Busy(u32, ModelFormat),
    /// It was handed to the browser.
    Done(ModelFormat, String),
    /// It could not be made.
    Refused(ModelFormat, Refusal),
}

/// The list of formats.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WriteState {
    /// Where it stands.
    pub writing: Writing,
    attempts: u32,
}

impl WriteState {
    /// A format was asked for; the number of the attempt, or nothing while another is being written.
    pub fn begin(&mut self, format: ModelFormat) -> Option<u32> {
        if matches!(self.writing, Writing::Busy(..)) {
            return None;
        }
        self.attempts += 1;
        self.writing = Writing::Busy(self.attempts, format);
        Some(self.attempts)
    }

    /// Takes what came of an attempt, the file's name or a reason; whether it was waited for.
    pub fn end(&mut self, attempt: u32, result: Result<String, Refusal>) -> bool {
        let Writing::Busy(busy, format) = self.writing else { return false };
        if busy != attempt {
            return false;
        }
        self.writing = match result {
            Ok(name) => Writing::Done(format, name),
            Err(refusal) => Writing::Refused(format, refusal),
        };
        true
    }

    /// Which format is being written.
    pub fn busy(&self) -> Option<ModelFormat> {
        if let Writing::Busy(_, format) = self.writing { Some(format) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;
    use crate::ui::worker_model::Origin;

    const RUN: RunId = RunId(6);

    fn saved(value: f32) -> Box<SavedModel> {
        let model = Preset::Mlp.spec();
        Box::new(SavedModel { model, params: vec![value], job: None, epochs: None, optimizer: None })
    }

    #[test]
    fn exported_files_remember_which_state_they_hold() {
        let (name, origin) = ("mlp".to_owned(), Origin::Training);
        let stamp = ModelStamp { name, origin, epochs: Some(1), model: 1, revision: 9 };
        let mut state = SaveState::default();
        state.begin(RUN, stamp.clone());
        assert_eq!(state.apply(WorkerEvent::Exported { run: RunId(1), saved: saved(0.0) }), None);
        let own = WorkerEvent::Exported { run: RUN, saved: saved(1.0) };
        assert_eq!(state.apply(own), Some(saved(1.0)));
        assert_eq!(state.ready, Some(stamp));
    }

    #[test]
    fn one_format_is_written_at_a_time() {
        let mut state = WriteState::default();
        let attempt = state.begin(ModelFormat::Onnx).unwrap();
        assert_eq!((state.begin(ModelFormat::Keras), state.busy()), (None, Some(ModelFormat::Onnx)));
        assert!(state.end(attempt, Err(Refusal::Slow)));
        assert_eq!(state.writing, Writing::Refused(ModelFormat::Onnx, Refusal::Slow));
        let next = state.begin(ModelFormat::Keras).unwrap();
        assert!(!state.end(attempt, Ok("late.onnx".to_owned())));
        assert!(state.end(next, Ok("net.keras".to_owned())));
        assert_eq!(state.writing, Writing::Done(ModelFormat::Keras, "net.keras".to_owned()));
    }
}
