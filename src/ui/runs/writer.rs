//! What waits is stored, as much of it as there is room for.

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::keeper::{Lost, RunKeeper, Trouble};
use super::queue::Job;
use super::store::{Part, Store, StoreError};
use super::{FileNote, KeptRun, Place, lease, room, to_text};

/// What the storage holds of a run's weights.
#[derive(Clone, Default)]
pub struct Stored {
    last: Option<Place>,
    best: Option<usize>,
    files: Vec<FileNote>,
}

impl Stored {
    /// As the run's own text says.
    pub fn of(run: &KeptRun) -> Self {
        Self { last: run.last.clone(), best: run.best, files: run.files.clone() }
    }
}

/// What of a job is tried together.
struct Share {
    last: bool,
    best: bool,
    files: bool,
    /// What is not kept where this did not fit and the next one does.
    lost: Lost,
}

/// From everything to values alone.
const SHARES: [Share; 4] = [
    Share { last: true, best: true, files: true, lost: Lost::Files },
    Share { last: true, best: true, files: false, lost: Lost::Best },
    Share { last: true, best: false, files: false, lost: Lost::Weights },
    Share { last: false, best: false, files: false, lost: Lost::All },
];

impl RunKeeper {
    /// Works the queue off, unless that is being done.
    pub(super) fn write(self) {
        let begins = self.inner.try_update_value(|inner| {
            let begins = inner.store.is_some() && !inner.is_writing && !inner.queue.is_empty();
            inner.is_writing |= begins;
            begins
        });
        if begins == Some(true) {
            spawn_local(async move {
                while let Some((store, job)) = self.next_job() {
                    self.write_job(&store, job).await;
                }
                self.room.set(room::room().await);
                self.held.set(lease::held().await);
            });
        }
    }

    fn next_job(self) -> Option<(Store, Job)> {
        self.inner.try_update_value(|inner| {
            let next = inner.store.clone().zip(inner.queue.pop());
            inner.is_writing = next.is_some();
            next
        })?
    }

    /// Stores as much of a run as there is room for: all, or without the newest files of `ModelCheckpoint`, or
    /// without the best weights as well, or values alone.
    async fn write_job(self, store: &Store, job: Job) {
        let id = job.run.id.clone();
        let stored = self.inner.with_value(|inner| inner.stored.get(&id).cloned().unwrap_or_default());
        let mut told = None;
        // First, so that they make room. A text that still tells of them finds nothing, and says so.
        let gone: Vec<Part> = job.gone.iter().map(|path| Part::File(path)).collect();
        let mut error = store.discard(&id, &gone).await.err();
        for share in
            SHARES.iter().filter(|share| !share.files || !job.files.is_empty() || !job.logs.is_empty())
        {
            if error.is_some() {
                break;
            }
            let last = job.last.as_ref().filter(|_| share.last);
            let best = job.best.as_ref().filter(|_| share.best);
            let files: &[(String, Array)] = if share.files { &job.files } else { &[] };
            let logs: &[(String, usize, Array)] = if share.files { &job.logs } else { &[] };
            let mut run = job.run.clone();
            if last.is_none() {
                run.last.clone_from(&stored.last);
            }
            if best.is_none() {
                run.best = stored.best;
            }
            let written: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
            run.files = run.files_stored(&written, &stored.files);
            let parts = [(Part::Last, last), (Part::Best, best)];
            let parts = parts.into_iter().filter_map(|(part, blocks)| Some((part, blocks?)));
            let files = files.iter().map(|(path, blocks)| (Part::File(path), blocks));
            let logs = logs.iter().map(|(path, number, block)| (Part::Log(path, *number), block));
            let parts: Vec<(Part, &Array)> = parts.chain(files).chain(logs).collect();
            let text = |before: Option<String>| {
                // It may have been renamed in another tab.
                let name = before.as_deref().and_then(super::name_in);
                to_text(&KeptRun { name: name.unwrap_or_else(|| run.name.clone()), ..run.clone() })
            };
            match store.put(&id, text, &parts).await {
                Ok(()) => {
                    self.inner.update_value(|inner| drop(inner.stored.insert(id.clone(), Stored::of(&run))));
                    break;
                }
                Err(failure) => {
                    told = Some(trouble(failure.clone(), share.lost, job.run.bytes()));
                    error = (failure != StoreError::Full).then_some(failure);
                }
            }
        }
        if let Some(error) = error {
            told = Some(trouble(error, Lost::All, job.run.bytes()));
        }
        // Where this run had room there may be some for the one that had none; until then that is still told.
        let has_more = self.inner.try_update_value(|inner| {
            if told.is_some() {
                inner.queue.set_aside(job);
                return false;
            }
            inner.queue.retry()
        });
        if has_more != Some(true) && self.trouble.with_untracked(|before| *before != told) {
            self.trouble.set(told);
        }
    }
}

/// What the reader is told of an error.
pub(super) fn trouble(error: StoreError, lost: Lost, needed: usize) -> Trouble {
    match error {
        StoreError::Full => Trouble::Full { lost, needed },
        StoreError::Missing => Trouble::Failed(String::new()),
        StoreError::Failed(words) => Trouble::Failed(words),
    }
}
