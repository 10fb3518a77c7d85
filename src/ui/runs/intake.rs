//! Runs that come in from files: whether what they say is possible, whether they are here already, and what
//! they are called beside the others. A file may have been changed by hand, or made to do harm.

use super::file::RunFileError;
use super::kept_files::MOST_FILES;
use super::rates::MOST_RATES;
use super::record::KeptRun;
use crate::engine::event::Logs;

/// Epochs of a run in a file, at most.
const MOST_EPOCHS: usize = 100_000;
/// Values of an epoch, at most.
const MOST_VALUES: usize = 500;
/// Bytes of a name in a file, at most.
const MOST_NAME_BYTES: usize = 1_000;
/// Characters of the reader's name for a run, as in its field.
const MOST_NAME_CHARS: usize = 80;
/// What is counted is counted no further.
const MOST_COUNT: usize = 1_000_000_000;
/// The last moment of a calendar in JavaScript, in ms since 1970.
const LAST_MS: f64 = 8.64e15;

/// Says what is impossible about a run, before anything is made of it.
pub(super) fn check(run: &KeptRun) -> Result<(), RunFileError> {
    let (planned, got) = (run.job.fit.epochs, run.epochs.len());
    if got == 0 {
        return Err(RunFileError::NoEpochs);
    }
    let is_rising = run.epochs.windows(2).all(|pair| pair[0].0 < pair[1].0);
    if !is_rising || got > MOST_EPOCHS || run.num_epochs() > planned.min(MOST_COUNT) {
        return Err(RunFileError::WrongEpochs { planned, got: got.max(run.num_epochs()) });
    }
    let is_short = |text: &str| text.len() <= MOST_NAME_BYTES;
    let is_time = |ms: f64| (0.0..=LAST_MS).contains(&ms);
    let are_values = |logs: &Logs| {
        logs.0.len() <= MOST_VALUES && logs.0.iter().all(|(monitor, _)| is_short(monitor.name()))
    };
    let has_epoch = |epoch: usize| run.epochs.iter().any(|(known, _)| *known == epoch);
    let is_place = |place: &super::Place| {
        place.epochs <= run.num_epochs()
            && place.progress.as_ref().is_none_or(|note| note.epoch == place.epochs && note.is_finite())
    };
    let is_rate = |rate: f32| rate.is_finite() && rate >= 0.0;
    let in_range = |epoch: usize| epoch < planned.min(MOST_COUNT);
    let claims = [
        ("name", is_short(&run.name)),
        ("began_from", run.began_from.as_deref().is_none_or(is_short)),
        ("agent", is_short(&run.device.agent)),
        ("cores", run.device.cores <= MOST_COUNT),
        ("created_ms", is_time(run.created_ms)),
        ("touched_ms", is_time(run.touched_ms)),
        ("running_ms", is_time(run.running_ms)),
        ("epochs", run.epochs.iter().all(|(_, logs)| are_values(logs))),
        ("best", run.best.is_none_or(has_epoch)),
        ("last", run.last.as_ref().is_none_or(is_place)),
        (
            "rates",
            run.rates.len() <= MOST_RATES
                && run.rates.iter().all(|rate| {
                    in_range(rate.epoch)
                        && rate.batch <= MOST_COUNT
                        && is_rate(rate.before)
                        && is_rate(rate.after)
                }),
        ),
        (
            "files",
            run.files.len() <= MOST_FILES
                && run.files.iter().all(|file| {
                    is_short(&file.path)
                        && in_range(file.epoch)
                        && file.epochs <= planned
                        && file.times <= MOST_COUNT
                }),
        ),
        ("forgotten_lines", run.forgotten_lines <= MOST_COUNT),
        ("forgotten_files", run.forgotten_files <= MOST_COUNT),
    ];
    match claims.into_iter().find(|(_, is_possible)| !is_possible) {
        Some((field, _)) => Err(RunFileError::Impossible { field }),
        None => Ok(()),
    }
}

/// What a run from a file is to those that are here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recognized {
    /// It is none of them.
    New,
    /// It is this one.
    Known {
        /// Its id here.
        id: String,
        /// Whether the file has weights that are not kept here any more.
        brings_weights: bool,
    },
}

/// Finds a run by what it is, whatever it is called and whatever its id is: the same settings, begun at the
/// same moment, with the same values.
pub fn recognize<'a>(known: impl IntoIterator<Item = &'a KeptRun>, run: &KeptRun) -> Recognized {
    let is_same = |known: &&KeptRun| {
        known.created_ms.to_bits() == run.created_ms.to_bits()
            && known.epochs.len() == run.epochs.len()
            && known.job == run.job
            && known.epochs.iter().zip(&run.epochs).all(|(a, b)| a.0 == b.0 && are_alike(&a.1, &b.1))
    };
    match known.into_iter().find(is_same) {
        None => Recognized::New,
        Some(known) => {
            let brings_last = known.last.is_none() && run.last.is_some();
            let brings_best = known.best.is_none() && run.best.is_some();
            Recognized::Known { id: known.id.clone(), brings_weights: brings_last || brings_best }
        }
    }
}

fn are_alike(a: &Logs, b: &Logs) -> bool {
    // A text may give back another last digit.
    let is_close =
        |a: f64, b: f64| a.to_bits() == b.to_bits() || (a - b).abs() <= 1e-9 * a.abs().max(b.abs());
    a.0.len() == b.0.len()
        && a.0
            .iter()
            .zip(&b.0)
            .all(|((name, a), (other, b))| name == other && (is_close(*a, *b) || (a.is_nan() && b.is_nan())))
}

/// A name that none of `taken` has: `Net`, `Net (2)`. No name stays none.
pub fn name_apart<'a>(name: &str, taken: impl IntoIterator<Item = &'a str>) -> String {
    let cut = |name: &str, most: usize| name.chars().take(most).collect::<String>().trim().to_owned();
    let name = cut(name, MOST_NAME_CHARS);
    let taken: Vec<&str> = taken.into_iter().collect();
    if name.is_empty() || !taken.contains(&name.as_str()) {
        return name;
    }
    let numbered = |number: usize| {
        let end = format!(" ({number})");
        format!("{}{end}", cut(&name, MOST_NAME_CHARS - end.len()))
    };
    // One of so many numbers is free.
    (2..taken.len() + 3).map(numbered).find(|name| !taken.contains(&name.as_str())).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::{Monitor, TrainEvent};
    use crate::protocol::CheckpointFile;
    use crate::ui::runs::samples::run;
    use crate::ui::runs::{from_text, to_text};

    fn refused(change: impl FnOnce(&mut KeptRun)) -> Result<(), RunFileError> {
        let mut run = run("a", 3);
        run.push(&TrainEvent::LearningRateSet { epoch: 1, batch: 0, before: 0.1, after: 0.2 });
        let (path, params) = ("a.keras".to_owned(), vec![0.5]);
        run.save(&CheckpointFile {
            callback: 0,
            path,
            epoch: 2,
            epochs: 3,
            weights_only: false,
            params,
            optimizer: None,
        });
        change(&mut run);
        check(&run)
    }

    #[test]
    fn a_possible_run_is_taken_and_one_without_epochs_is_not() {
        assert_eq!(refused(|_| ()), Ok(()));
        assert_eq!(refused(|run| run.best = Some(2)), Ok(()));
        assert_eq!(refused(|run| run.last = None), Ok(()));
        assert_eq!(refused(|run| run.epochs.clear()), Err(RunFileError::NoEpochs));
    }

    #[test]
    fn epochs_that_cannot_be_are_counted_for_the_reader() {
        let wrong = |planned, got| Err(RunFileError::WrongEpochs { planned, got });
        assert_eq!(refused(|run| run.job.fit.epochs = 2), wrong(2, 3));
        let planned = run("a", 1).job.fit.epochs;
        assert_eq!(refused(|run| run.epochs[1].0 = 0), wrong(planned, 3));
        assert_eq!(refused(|run| run.epochs[2].0 = usize::MAX - 1), wrong(planned, usize::MAX));
    }

    type Change = fn(&mut KeptRun);

    #[test]
    fn what_is_impossible_is_named() {
        let changes: [(&str, Change); 14] = [
            ("name", |run| run.name = "x".repeat(2_000)),
            ("agent", |run| run.device.agent = "x".repeat(2_000)),
            ("cores", |run| run.device.cores = usize::MAX),
            ("created_ms", |run| run.created_ms = 1e300),
            ("touched_ms", |run| run.touched_ms = f64::NAN),
            ("running_ms", |run| run.running_ms = -1.0),
            ("epochs", |run| run.epochs[0].1.0[0].0 = Monitor::named("x".repeat(2_000))),
            ("best", |run| run.best = Some(usize::MAX)),
            ("last", |run| run.last.as_mut().unwrap().epochs = 4),
            ("last", |run| run.last.as_mut().unwrap().progress.as_mut().unwrap().epoch = usize::MAX),
            ("rates", |run| run.rates[0].epoch = usize::MAX),
            ("rates", |run| run.rates[0].after = f32::NAN),
            ("files", |run| run.files[0].epoch = usize::MAX),
            ("forgotten_lines", |run| run.forgotten_lines = usize::MAX),
        ];
        for (field, change) in changes {
            assert_eq!(refused(change), Err(RunFileError::Impossible { field }));
        }
        let many: Change = |run| run.epochs[0].1.0 = vec![(Monitor::LOSS, 0.5); MOST_VALUES + 1].into();
        assert_eq!(refused(many), Err(RunFileError::Impossible { field: "epochs" }));
    }

    #[test]
    fn a_run_is_recognized_by_what_it_is() {
        let known = [run("a", 2), run("b", 3)];
        let mut again = from_text(&to_text(&known[1])).unwrap();
        (again.id, again.name) = ("c".to_owned(), "Ещё раз".to_owned());
        let found = |brings_weights| Recognized::Known { id: "b".to_owned(), brings_weights };
        assert_eq!(recognize(&known, &again), found(false));
        let without = [known[0].clone(), KeptRun { last: None, ..known[1].clone() }];
        assert_eq!(recognize(&without, &again), found(true));
        let mut other = again.clone();
        other.job.seed += 1;
        assert_eq!(recognize(&known, &other), Recognized::New);
        let mut later = again;
        later.created_ms += 1.0;
        assert_eq!(recognize(&known, &later), Recognized::New);
    }

    #[test]
    fn a_loss_that_is_no_number_is_recognized_too() {
        let mut known = run("a", 1);
        known.epochs.push((1, Logs::from([(Monitor::LOSS, f64::NAN), (Monitor::VAL_LOSS, f64::INFINITY)])));
        let again = from_text(&to_text(&known)).unwrap();
        assert!(matches!(recognize([&known], &again), Recognized::Known { .. }));
    }

    #[test]
    fn names_are_told_apart() {
        assert_eq!(name_apart("Net", ["Other"]), "Net");
        assert_eq!(name_apart("Net", ["Net", "Net (2)"]), "Net (3)");
        assert_eq!(name_apart("", ["", ""]), "");
        let long = "я".repeat(200);
        let first = name_apart(&long, []);
        assert_eq!(first.chars().count(), MOST_NAME_CHARS);
        let second = name_apart(&long, [first.as_str()]);
        assert!(second.ends_with(" (2)") && second.chars().count() == MOST_NAME_CHARS);
    }
}
