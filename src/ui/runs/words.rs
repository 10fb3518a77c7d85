//! Kept runs in the reader's language.

use leptos_i18n::I18nContext;

use super::room::Room;
use super::{Imported, KeptRun, Lost, Refusal, RunFileError, Standing, Trouble};
use crate::engine::event::Monitor;
use crate::ui::errors::ErrorText;
use crate::ui::i18n::{Locale, t_string};
use crate::ui::locale::Language;
use crate::ui::training::words;

/// The words, following the reader's language.
#[derive(Clone, Copy)]
pub struct RunWords {
    i18n: I18nContext<Locale>,
    /// The language now.
    pub language: Language,
}

/// The words now.
pub fn run_words(i18n: I18nContext<Locale>) -> RunWords {
    RunWords { i18n, language: words(i18n).language }
}

macro_rules! say {
    ($self:ident, $($rest:tt)*) => { t_string!($self.i18n, $($rest)*).to_string() };
}

impl RunWords {
    /// The reader's name for a run, else its network and when it began.
    pub fn name(self, run: &KeptRun) -> String {
        if run.name.is_empty() {
            format!("{}, {}", network(run), self.date(run.created_ms))
        } else {
            run.name.clone()
        }
    }

    /// Day and time.
    pub fn date(self, ms: f64) -> String {
        let date = js_sys::Date::new(&ms.into());
        let options = js_sys::Object::new();
        for (name, style) in [("dateStyle", "medium"), ("timeStyle", "short")] {
            // Without it the date is said at length.
            let _ = js_sys::Reflect::set(&options, &name.into(), &style.into());
        }
        String::from(date.to_locale_string(self.language.tag(), &options))
    }

    /// What stands in place of a name.
    pub fn unnamed(self) -> String {
        say!(self, runs.unnamed)
    }

    /// Where a run stands.
    pub fn standing(self, standing: Standing) -> String {
        match standing {
            Standing::Here => say!(self, runs.standing.here),
            Standing::Elsewhere => say!(self, runs.standing.elsewhere),
            Standing::Finished => say!(self, runs.standing.finished),
            Standing::Stopped => say!(self, runs.standing.stopped),
            Standing::Interrupted => say!(self, runs.standing.interrupted),
        }
    }

    /// Completed epochs of those planned.
    pub fn epochs(self, run: &KeptRun) -> String {
        let (done, planned) = (run.num_epochs(), run.job.fit.epochs);
        say!(self, runs.epochs_of, done = self.language.count(done), planned = self.language.count(planned))
    }

    /// The best value and its epoch: "val_loss 0.0812, epoch 4".
    pub fn best(self, run: &KeptRun) -> Option<String> {
        let best = run.best_epoch();
        let (epoch, value) = best.get()?;
        let (monitor, value) = (best.monitor().name().to_owned(), self.value(best.monitor(), value));
        Some(say!(self, runs.best_value, monitor, value, epoch = epoch + 1))
    }

    /// A measured value: an accuracy as percent, anything else with four digits.
    pub fn value(self, monitor: &Monitor, value: f64) -> String {
        if monitor.is_share() { self.language.percent(value, 2) } else { self.language.decimal(value, 4) }
    }

    /// A time of training.
    pub fn duration(self, ms: f64) -> String {
        words(self.i18n).duration(ms)
    }

    /// So many bytes.
    pub fn bytes(self, bytes: f64) -> String {
        let number = |unit: f64| self.language.short(bytes / unit, 1);
        match bytes {
            ..1e6 => say!(self, runs.size.kilobytes, number = number(1e3)),
            1e6..1e9 => say!(self, runs.size.megabytes, number = number(1e6)),
            _ => say!(self, runs.size.gigabytes, number = number(1e9)),
        }
    }

    /// How much room is taken, and how much there is.
    pub fn room(self, room: &Room) -> String {
        say!(self, runs.room.used, used = self.bytes(room.used), quota = self.bytes(room.quota))
    }

    /// Why a run is offered: what is kept and what is lost at most.
    pub fn offer(self, run: &KeptRun, next: usize, standing: Standing) -> String {
        let (name, done, next) = (self.name(run), next, next + 1);
        let planned = run.job.fit.epochs;
        if standing == Standing::Stopped {
            say!(self, runs.offer.stopped, name, done, planned, next)
        } else {
            say!(self, runs.offer.interrupted, name, done, planned, next)
        }
    }

    /// What could not be kept, and what to do.
    pub fn trouble(self, trouble: &Trouble) -> String {
        match trouble {
            Trouble::Full { lost, needed } => {
                let size = self.bytes(*needed as f64);
                match lost {
                    Lost::Files => say!(self, runs.trouble.without_files, size),
                    Lost::Best => say!(self, runs.trouble.without_best, size),
                    Lost::Weights => say!(self, runs.trouble.without_weights, size),
                    Lost::All => say!(self, runs.trouble.nothing, size),
                }
            }
            Trouble::Failed(detail) if detail.is_empty() => say!(self, runs.trouble.silent),
            Trouble::Failed(detail) => say!(self, runs.trouble.failed, detail),
        }
    }

    /// Why a run did not go on.
    pub fn refusal(self, refusal: Refusal) -> String {
        match refusal {
            Refusal::Elsewhere => say!(self, runs.refusal.elsewhere),
            Refusal::NoWeights => say!(self, runs.refusal.no_weights),
            Refusal::Busy => say!(self, runs.refusal.busy),
        }
    }

    /// What became of runs from files; one that came twice is counted twice.
    pub fn imported(self, all: &[Imported]) -> String {
        let number = |is: fn(&Imported) -> bool| all.iter().filter(|run| is(run)).count();
        let new = number(|run| matches!(run, Imported::New(_)));
        let known = number(|run| matches!(run, Imported::Known(_)));
        let mended = number(|run| matches!(run, Imported::Mended(_)));
        let n = |count| self.language.count(count);
        let mut said = Vec::new();
        if new > 0 {
            said.push(say!(self, runs.file.added, count = new, n = n(new)));
        }
        if known > 0 {
            said.push(say!(self, runs.file.known, count = known, n = n(known)));
        }
        if mended > 0 {
            said.push(say!(self, runs.file.mended, count = mended, n = n(mended)));
        }
        said.join(" ")
    }

    /// Why a file is no run.
    pub fn file_error(self, error: &RunFileError) -> String {
        match error {
            RunFileError::Damaged(detail) => say!(self, runs.file.damaged, detail),
            RunFileError::Newer { expected, got } => say!(self, runs.file.newer, expected, got),
            RunFileError::Spec(error) => {
                let error = ErrorText { i18n: self.i18n, language: self.language }.spec(error);
                say!(self, runs.file.spec, error)
            }
            RunFileError::NoEpochs => say!(self, runs.file.no_epochs),
            RunFileError::WrongEpochs { planned, got } => {
                let (planned, got) = (self.language.count(*planned), self.language.count(*got));
                say!(self, runs.file.wrong_epochs, planned, got)
            }
            RunFileError::Impossible { field } => {
                say!(self, runs.file.impossible, field = (*field).to_owned())
            }
            RunFileError::OtherWeights => say!(self, runs.file.other_weights),
        }
    }
}

/// The network's own name, else Keras's for a model without one.
pub fn network(run: &KeptRun) -> String {
    let name = &run.job.model.name;
    if name.is_empty() { "sequential".to_owned() } else { name.clone() }
}
