//! [`FileNote`]: files that `ModelCheckpoint` saved, kept beside a run as in a folder: a file of the same
//! name takes another's place, and the callback may be one of several.
//!
//! A folder on a disk has no end, the storage of a page has: so many files of a run are kept, and no more
//! bytes; beyond, the one that was written longest ago goes.

use serde::{Deserialize, Serialize};

use super::record::KeptRun;
use crate::formats::{OptimizerState, SavedModel};
use crate::protocol::CheckpointFile;

/// Files of one run, at most.
pub const MOST_FILES: usize = 200;
/// Bytes of all files of one run, at most.
pub const MOST_FILE_BYTES: usize = 512_000_000;

/// A file, without the weights in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileNote {
    /// Position in [`crate::engine::spec::FitSpec::callbacks`] of who wrote it last.
    pub callback: usize,
    /// Its name, filled in.
    pub path: String,
    /// The epoch, from 0, in which it was last written.
    pub epoch: usize,
    /// Epochs that were completed by then.
    pub epochs: usize,
    /// Whether the model's description was not asked for.
    pub weights_only: bool,
    /// The watched value then, if it was measured.
    pub value: Option<f64>,
    /// How many times it was written.
    pub times: usize,
    /// Whether its weights are kept: there may have been no room for them.
    pub has_weights: bool,
    /// Of the optimizer's variables, which lie behind the weights; older files have none.
    #[serde(default)]
    pub optimizer: Option<OptimizerNote>,
}

/// What is kept of an optimizer beside its variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptimizerNote {
    steps: u64,
    /// Its bits: JSON knows no infinity.
    learning_rate: u32,
    /// Values in all variables.
    values: usize,
}

impl OptimizerNote {
    fn of(state: &OptimizerState) -> Self {
        let values = state.slots.iter().map(Vec::len).sum();
        Self { steps: state.steps, learning_rate: state.learning_rate.to_bits(), values }
    }
}

impl FileNote {
    /// Whether the same writing is meant.
    pub fn is_same(&self, other: &FileNote) -> bool {
        (&self.path, self.epoch, self.times) == (&other.path, other.epoch, other.times)
    }

    /// Values in it.
    pub fn num_values(&self, run: &KeptRun) -> usize {
        run.num_params().saturating_add(self.optimizer.map_or(0, |note| note.values))
    }

    /// The model in it, from its blocks; `None` if they are not those of the run.
    pub fn model(&self, run: &KeptRun, blocks: Vec<Vec<f32>>) -> Option<SavedModel> {
        let mut blocks = blocks.into_iter();
        let params = blocks.next().filter(|params| params.len() == run.num_params())?;
        let slots: Vec<Vec<f32>> = blocks.collect();
        let state = |note: OptimizerNote| OptimizerState {
            steps: note.steps,
            learning_rate: f32::from_bits(note.learning_rate),
            slots,
        };
        let (model, job) = (run.job.model.clone(), Some(run.job.clone()));
        Some(SavedModel {
            model,
            params,
            job,
            epochs: Some(self.epochs),
            optimizer: self.optimizer.map(state),
        })
    }
}

/// How many files of so many bytes each are kept of a run; one in any case.
pub fn most_files(bytes: usize) -> usize {
    (MOST_FILE_BYTES / bytes.max(1)).clamp(1, MOST_FILES)
}

impl KeptRun {
    /// Takes note of a file that was written; the names of those that are not kept any more.
    pub fn save(&mut self, file: &CheckpointFile) -> Vec<String> {
        let monitor = self.job.fit.callbacks.get(file.callback).and_then(|callback| callback.monitor());
        let logs = self.epochs.last().map(|(_, logs)| logs);
        let value = monitor.zip(logs).and_then(|(monitor, logs)| logs.get(monitor));
        let before = self.files.iter().position(|note| note.path == file.path);
        let before = before.map(|at| self.files.remove(at));
        self.files.push(FileNote {
            callback: file.callback,
            path: file.path.clone(),
            epoch: file.epoch,
            epochs: file.epochs,
            weights_only: file.weights_only,
            value,
            times: before.map_or(0, |before| before.times).saturating_add(1),
            has_weights: true,
            optimizer: file.optimizer.as_ref().map(OptimizerNote::of),
        });
        let gone = self.files.len().saturating_sub(most_files(file.bytes()));
        self.forgotten_files += gone;
        self.files.drain(..gone).map(|note| note.path).collect()
    }

    /// A file by its name.
    pub fn file(&self, path: &str) -> Option<&FileNote> {
        self.files.iter().find(|note| note.path == path)
    }

    /// The notes as they are where the weights of all files are gone.
    pub fn files_without_weights(&self) -> Vec<FileNote> {
        let without = |note: &FileNote| FileNote { has_weights: false, optimizer: None, ..note.clone() };
        self.files.iter().map(without).collect()
    }

    /// The notes as they are once the weights of `written` are stored beside those of `stored`.
    pub fn files_stored(&self, written: &[&str], stored: &[FileNote]) -> Vec<FileNote> {
        let is_stored = |note: &FileNote| {
            written.contains(&note.path.as_str())
                || stored.iter().any(|known| known.has_weights && known.is_same(note))
        };
        let stored = |note: &FileNote| FileNote { has_weights: is_stored(note), ..note.clone() };
        self.files.iter().map(stored).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::{CallbackSpec, ModelCheckpointSpec};
    use crate::ui::runs::samples::run;

    fn file(path: &str, epoch: usize, values: usize) -> CheckpointFile {
        let (path, params) = (path.to_owned(), vec![0.5; values]);
        let optimizer = None;
        CheckpointFile { callback: 0, path, epoch, epochs: epoch + 1, weights_only: false, params, optimizer }
    }

    fn saved(files: &[CheckpointFile]) -> KeptRun {
        let mut run = run("a", 2);
        run.job.fit.callbacks = vec![CallbackSpec::ModelCheckpoint(ModelCheckpointSpec::default())];
        for file in files {
            run.save(file);
        }
        run
    }

    fn paths(run: &KeptRun) -> Vec<(&str, usize, usize)> {
        run.files.iter().map(|note| (&note.path[..], note.epoch, note.times)).collect()
    }

    #[test]
    fn a_file_of_the_same_name_takes_the_place_of_another() {
        let run = saved(&[file("a", 0, 1), file("b", 1, 1), file("a", 1, 1)]);
        assert_eq!(paths(&run), [("b", 1, 1), ("a", 1, 2)]);
        let note = run.file("a").unwrap();
        assert_eq!((note.value, note.has_weights), (Some(1.0 / 3.0), true), "the val_loss of the epoch");
    }

    #[test]
    fn beyond_the_limit_the_file_written_longest_ago_goes() {
        let mut run = saved(&[]);
        for number in 0..MOST_FILES {
            assert_eq!(run.save(&file(&number.to_string(), 0, 1)), Vec::<String>::new());
        }
        assert_eq!(run.save(&file("0", 1, 1)), Vec::<String>::new(), "written anew");
        assert_eq!(run.save(&file("new", 1, 1)), ["1"]);
        assert_eq!((run.files.len(), run.forgotten_files), (MOST_FILES, 1));
    }

    #[test]
    fn large_files_are_fewer_and_one_is_always_kept() {
        assert_eq!([1, MOST_FILE_BYTES / 3, usize::MAX].map(most_files), [MOST_FILES, 3, 1]);
    }

    #[test]
    fn a_model_comes_back_with_its_optimizer() {
        let mut run = saved(&[]);
        let state = OptimizerState { steps: 3, learning_rate: f32::NAN, slots: vec![vec![1.0, 2.0], vec![]] };
        let file = CheckpointFile { optimizer: Some(state.clone()), ..file("a", 0, run.num_params()) };
        run.save(&file);
        let blocks = || file.blocks().into_iter().map(<[f32]>::to_vec).collect();
        let note = run.file("a").unwrap();
        let model = note.model(&run, blocks()).unwrap();
        let back = model.optimizer.unwrap();
        assert_eq!((model.params, model.epochs, back.slots), (file.params.clone(), Some(1), state.slots));
        assert!(back.learning_rate.is_nan() && back.steps == 3);
        assert_eq!(note.num_values(&run) * 4, file.bytes());
        assert_eq!(note.model(&run, vec![vec![0.0]]), None, "weights of another model");
    }

    #[test]
    fn what_is_not_stored_is_known_to_be_without_weights() {
        let run = saved(&[file("a", 0, 1), file("b", 1, 1), file("c", 1, 1)]);
        let mut older = run.files.clone();
        older[1].times += 1;
        let has_weights =
            |notes: Vec<FileNote>| notes.iter().map(|note| note.has_weights).collect::<Vec<_>>();
        assert_eq!(has_weights(run.files_stored(&["c"], &older)), [true, false, true]);
        assert_eq!(has_weights(run.files_without_weights()), [false; 3]);
    }
}
