//! [`FileNote`]: files that `ModelCheckpoint` saved, kept beside a run as in a folder: a file of the same
//! name takes another's place, and the callback may be one of several.
//!
//! A folder on a disk has no end, the storage of a page has: so many files of a run are kept, and no more
//! bytes; beyond, the one that was written longest ago goes.

use serde::{Deserialize, Serialize};

use super::record::KeptRun;
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
}

impl FileNote {
    /// Whether the same writing is meant.
    pub fn is_same(&self, other: &FileNote) -> bool {
        (&self.path, self.epoch, self.times) == (&other.path, other.epoch, other.times)
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
        self.files.iter().map(|note| FileNote { has_weights: false, ..note.clone() }).collect()
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
        CheckpointFile { callback: 0, path, epoch, epochs: epoch + 1, weights_only: false, params }
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
