//! [`LogNote`]: files of `TensorBoard`, kept beside a run. They only grow, so each is stored in pieces, and a run
//! that goes on begins new ones, as in Keras.
//!
//! A folder on a disk has no end, the storage of a page has: beyond so many bytes a run logs nothing more here.

use serde::{Deserialize, Serialize};

use super::record::KeptRun;
use crate::formats::tensorboard::Appended;

/// Bytes of all these files of one run, at most.
pub const MOST_LOG_BYTES: usize = 64_000_000;
/// Files of one run, at most: two for every callback and every time that it goes on.
const MOST_LOGS: usize = 200;

/// A file, without what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogNote {
    /// Position in [`crate::engine::spec::FitSpec::callbacks`].
    pub callback: usize,
    /// Its name, with the callback's `log_dir`.
    pub path: String,
    /// Pieces that it is stored in.
    pub pieces: usize,
    /// In all of them.
    pub bytes: usize,
    /// Whether something came when there was no more room.
    pub is_cut: bool,
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogPiece {
    /// Of which file.
    pub path: String,
    /// From 0.
    pub number: usize,
    /// Whole records.
    pub bytes: Vec<u8>,
}

impl KeptRun {
    /// Takes note of what a file gets; the piece to be stored, if there is room for it.
    pub fn log_more(&mut self, appended: Appended) -> Option<LogPiece> {
        let Appended { callback, path, bytes } = appended;
        let kept: usize = self.logs.iter().map(|log| log.bytes).sum();
        let at = self.logs.iter().position(|log| log.path == path).or_else(|| {
            let note = LogNote { callback, path: path.clone(), pieces: 0, bytes: 0, is_cut: false };
            (self.logs.len() < MOST_LOGS).then(|| {
                self.logs.push(note);
                self.logs.len() - 1
            })
        })?;
        let note = &mut self.logs[at];
        // What follows a gap would show as a curve without its middle.
        note.is_cut |= kept + bytes.len() > MOST_LOG_BYTES;
        if note.is_cut {
            return None;
        }
        let number = note.pieces;
        note.pieces += 1;
        note.bytes += bytes.len();
        Some(LogPiece { path, number, bytes })
    }

    /// Files of a callback, in the order in which they were begun.
    pub fn logs_of(&self, callback: usize) -> impl Iterator<Item = &LogNote> {
        self.logs.iter().filter(move |log| log.callback == callback)
    }
}

/// What files got and is not yet a piece.
#[derive(Clone, Debug, Default)]
pub struct Pending(Vec<Appended>);

impl Pending {
    /// Bytes that make a piece before an epoch is over.
    const MOST_BYTES: usize = 256 << 10;

    /// Adds what a file gets; whether it is time to make pieces: at once for a new file.
    pub fn push(&mut self, appended: Appended, logs: &[LogNote]) -> bool {
        let is_new = !logs.iter().any(|log| log.path == appended.path);
        match self.0.iter_mut().find(|before| before.path == appended.path) {
            Some(before) => before.bytes.extend(appended.bytes),
            None => self.0.push(appended),
        }
        is_new || self.0.iter().map(|appended| appended.bytes.len()).sum::<usize>() > Self::MOST_BYTES
    }

    /// Everything, as pieces.
    pub fn take(&mut self, run: &mut KeptRun) -> Vec<LogPiece> {
        std::mem::take(&mut self.0).into_iter().filter_map(|appended| run.log_more(appended)).collect()
    }

    /// What waits for a file.
    pub fn of(&self, path: &str) -> &[u8] {
        self.0.iter().find(|appended| appended.path == path).map_or(&[], |appended| &appended.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::runs::samples::run;

    fn appended(path: &str, bytes: usize) -> Appended {
        Appended { callback: 1, path: path.to_owned(), bytes: vec![7; bytes] }
    }

    #[test]
    fn a_file_grows_by_pieces() {
        let mut run = run("a", 1);
        let numbers: Vec<usize> = [("a", 3), ("b", 4), ("a", 5)]
            .map(|(path, bytes)| run.log_more(appended(path, bytes)).unwrap().number)
            .into();
        assert_eq!(numbers, [0, 0, 1]);
        let sizes: Vec<(usize, usize)> = run.logs_of(1).map(|log| (log.pieces, log.bytes)).collect();
        assert_eq!((sizes, run.logs_of(0).count()), (vec![(2, 8), (1, 4)], 0));
    }

    #[test]
    fn beyond_the_limit_a_file_ends_and_says_so() {
        let mut run = run("a", 1);
        assert!(run.log_more(appended("a", MOST_LOG_BYTES - 1)).is_some());
        assert!(run.log_more(appended("a", 2)).is_none() && run.logs[0].is_cut);
        assert!(run.log_more(appended("a", 1)).is_none(), "nothing follows a gap");
        assert!(run.log_more(appended("b", 1)).is_some(), "what fits is kept");
    }

    #[test]
    fn what_comes_in_drops_is_kept_by_epochs_and_a_new_file_at_once() {
        let (mut pending, mut run) = (Pending::default(), run("a", 1));
        assert!(pending.push(appended("a", 2), &run.logs));
        assert_eq!(pending.take(&mut run).len(), 1);
        assert!(!pending.push(appended("a", 3), &run.logs) && !pending.push(appended("a", 4), &run.logs));
        assert_eq!((pending.of("a").len(), pending.of("b").len()), (7, 0));
        assert!(pending.push(appended("a", Pending::MOST_BYTES), &run.logs));
        let pieces = pending.take(&mut run);
        assert_eq!((pieces.len(), pieces[0].number, pending.of("a").len()), (1, 1, 0));
    }
}
