//! [`MadeFile`]: what the callbacks of a run have made, as the files that they would be in a folder.

use std::collections::BTreeSet;

use super::file::table;
use super::record::KeptRun;
use crate::engine::callbacks::CallbackSpec;
use crate::engine::event::{Logs, Monitor};

/// The settings of a run beside what its callbacks made.
const SETTINGS: &str = "run.json";

/// A file, by where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `ModelCheckpoint` saved it under this name.
    Checkpoint(String),
    /// `TensorBoard` logged into it, under this name.
    Events(String),
    /// The lines of the `CSVLogger` at this position.
    Lines(usize),
    /// The run's settings, which no callback makes.
    Settings,
}

/// A file that can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeFile {
    /// Where it comes from.
    pub origin: Origin,
    /// Its name with folders, of which none leads out of where it is put.
    pub path: String,
    /// How large it is, about.
    pub bytes: usize,
}

/// All files, each with a name of its own.
pub fn made_files(run: &KeptRun) -> Vec<MadeFile> {
    let mut files: Vec<(Origin, &str, usize)> = Vec::new();
    for file in run.files.iter().filter(|file| file.has_weights) {
        let bytes = file.num_values(run) * size_of::<f32>();
        files.push((Origin::Checkpoint(file.path.clone()), &file.path, bytes));
    }
    for log in &run.logs {
        files.push((Origin::Events(log.path.clone()), &log.path, log.bytes));
    }
    for (callback, spec) in run.job.fit.callbacks.iter().enumerate() {
        if let CallbackSpec::CsvLogger(spec) = spec
            && !run.epochs.is_empty()
        {
            files.push((Origin::Lines(callback), &spec.filename, 100 * run.epochs.len()));
        }
    }
    if !files.is_empty() {
        files.push((Origin::Settings, SETTINGS, 0));
    }
    let mut taken = BTreeSet::new();
    let named = |(origin, path, bytes): (Origin, &str, usize)| {
        let path = apart(&inside(path), &mut taken);
        MadeFile { origin, path, bytes }
    };
    files.into_iter().map(named).collect()
}

/// The files of one callback.
pub fn made_by(run: &KeptRun, callback: usize) -> Vec<MadeFile> {
    let is_of = |file: &MadeFile| match &file.origin {
        Origin::Checkpoint(path) => run.file(path).is_some_and(|note| note.callback == callback),
        Origin::Events(path) => run.logs_of(callback).any(|log| log.path == *path),
        Origin::Lines(position) => *position == callback,
        Origin::Settings => false,
    };
    made_files(run).into_iter().filter(is_of).collect()
}

/// What the `CSVLogger` at this position has written.
pub fn lines(run: &KeptRun, callback: usize) -> Option<String> {
    let callbacks = &run.job.fit.callbacks;
    let CallbackSpec::CsvLogger(spec) = callbacks.get(callback)? else { return None };
    let sets_rate = |spec: &CallbackSpec| {
        matches!(spec, CallbackSpec::ReduceLrOnPlateau(_) | CallbackSpec::LearningRateScheduler(_))
    };
    // It does not see what a callback behind it adds.
    let sees_rate = callbacks[..callback].iter().any(sets_rate);
    let seen = |(epoch, logs): &(usize, Logs)| {
        let values = logs.0.iter().filter(|(monitor, _)| sees_rate || *monitor != Monitor::LEARNING_RATE);
        (*epoch, Logs(values.cloned().collect()))
    };
    let epochs: Vec<(usize, Logs)> = run.epochs.iter().map(seen).collect();
    Some(table(spec, &epochs))
}

/// A name with folders that stays where it is put, and that every disk takes.
fn inside(path: &str) -> String {
    let plain = |c: char| if c.is_control() || "<>:\"|?*".contains(c) { '_' } else { c };
    let part =
        |part: &str| part.chars().map(plain).collect::<String>().trim_end_matches(['.', ' ']).to_owned();
    // Both dots of a step outwards go with those at the end of any name.
    let parts: Vec<String> = path.split(['/', '\\']).map(part).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "_".to_owned() } else { parts.join("/") }
}

/// A name that is not taken: `a.csv`, `a (2).csv`. Some disks do not tell small letters from capitals.
fn apart(path: &str, taken: &mut BTreeSet<String>) -> String {
    let at = path.rfind('/').map_or(0, |slash| slash + 1);
    let dot = path[at..].find('.').map_or(path.len(), |dot| at + dot);
    let mut own = path.to_owned();
    let mut number = 2;
    while !taken.insert(own.to_lowercase()) {
        own = format!("{} ({number}){}", &path[..dot], &path[dot..]);
        number += 1;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::callbacks::{
        CsvLoggerSpec, LearningRateSchedulerSpec, ModelCheckpointSpec, TensorBoardSpec,
    };
    use crate::formats::tensorboard::Appended;
    use crate::protocol::CheckpointFile;
    use crate::ui::runs::samples::run;

    fn csv(filename: &str) -> CallbackSpec {
        CallbackSpec::CsvLogger(CsvLoggerSpec { filename: filename.to_owned(), ..CsvLoggerSpec::default() })
    }

    fn sample() -> KeptRun {
        let mut run = run("a", 2);
        run.job.fit.callbacks = vec![
            CallbackSpec::ModelCheckpoint(ModelCheckpointSpec::default()),
            CallbackSpec::TensorBoard(TensorBoardSpec::default()),
            csv("Log.csv"),
            csv("log.csv"),
        ];
        let file = CheckpointFile {
            callback: 0,
            path: "../m.01.keras".to_owned(),
            epoch: 0,
            epochs: 1,
            weights_only: false,
            params: vec![0.5],
            optimizer: None,
        };
        run.save(&file);
        let path = "logs/train/events.out.tfevents.1.svertka.0.0.v2".to_owned();
        run.log_more(Appended { callback: 1, path, bytes: vec![1, 2] });
        run
    }

    #[test]
    fn files_have_names_of_their_own_in_folders_of_their_own() {
        let paths: Vec<String> = made_files(&sample()).into_iter().map(|file| file.path).collect();
        let expected = [
            "m.01.keras",
            "logs/train/events.out.tfevents.1.svertka.0.0.v2",
            "Log.csv",
            "log (2).csv",
            "run.json",
        ];
        assert_eq!(paths, expected);
        assert_eq!(made_files(&run("a", 2)), [], "settings alone are no files of callbacks");
    }

    #[test]
    fn every_file_is_its_callbacks() {
        let of = |callback| made_by(&sample(), callback).len();
        assert_eq!([0, 1, 2, 3, 4].map(of), [1, 1, 1, 1, 0]);
    }

    #[test]
    fn names_stay_where_they_are_put() {
        for (path, expected) in [
            ("a/b.csv", "a/b.csv"),
            ("/etc/x", "etc/x"),
            ("../../x", "x"),
            ("C:\\logs\\x", "C_/logs/x"),
            ("a/./b..", "a/b"),
            ("..", "_"),
            ("", "_"),
            ("что\n?", "что__"),
        ] {
            assert_eq!(inside(path), expected, "{path}");
        }
    }

    #[test]
    fn a_table_has_what_its_logger_saw() {
        let mut run = run("a", 1);
        run.epochs[0].1.set(Monitor::LEARNING_RATE, 0.25);
        let scheduler = CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec::default());
        run.job.fit.callbacks = vec![csv("a"), scheduler, csv("b")];
        let header = |callback| lines(&run, callback).map(|text| text.lines().next().unwrap().to_owned());
        assert_eq!(header(0).unwrap(), "epoch,accuracy,loss,val_accuracy,val_loss");
        assert_eq!(header(2).unwrap(), "epoch,accuracy,learning_rate,loss,val_accuracy,val_loss");
        assert_eq!((header(1), header(7)), (None, None));
    }
}
