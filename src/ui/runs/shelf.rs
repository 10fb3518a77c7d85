//! What is done with kept runs: going on, files, names, removal.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::keeper::{Lost, Removed, RunKeeper, fresh_id};
use super::lease::{self, Claim};
use super::queue::Job;
use super::room;
use super::store::{Part, blocks, bytes_of, numbers};
use super::writer::trouble;
use super::{Ending, KeptRun, Recognized, WholeRun, from_text, name_apart, recognize, to_text};
use crate::formats::SavedModel;
use crate::protocol::Snapshot;
use crate::ui::browser::sleep;

/// Bytes of files that are held for an undo, at most: a removal of many runs must not fill the memory.
const MOST_UNDONE_BYTES: usize = 256 << 20;

/// What became of a run from a file; each with the id of the run here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is here now.
    New(String),
    /// It was here already.
    Known(String),
    /// It was here, and has its weights again.
    Mended(String),
}

impl Imported {
    /// The run here.
    pub fn id(&self) -> &str {
        let (Self::New(id) | Self::Known(id) | Self::Mended(id)) = self;
        id
    }
}

/// Why a kept run could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another tab trains it.
    Elsewhere,
    /// Its weights are not kept, or no longer.
    NoWeights,
    /// Another run is going on.
    Busy,
}

impl RunKeeper {
    /// Takes a run up again: its right, its text and its state.
    ///
    /// # Errors
    /// If another tab has it, or it has nothing to go on from.
    pub async fn take_up(self, id: &str) -> Result<(KeptRun, Snapshot), Refusal> {
        if self.here.with_untracked(Option::is_some) {
            return Err(Refusal::Busy);
        }
        let claim = lease::claim(id).await;
        if matches!(claim, Claim::Taken) {
            return Err(Refusal::Elsewhere);
        }
        let (mut run, last) = self.whole(id).await.ok_or(Refusal::NoWeights)?;
        let place = run.last.clone().ok_or(Refusal::NoWeights)?;
        let snapshot = place.snapshot(run.job.clone(), last).ok_or(Refusal::NoWeights)?;
        let epoch = run.next_epoch().ok_or(Refusal::NoWeights)?;
        run.rewind(epoch);
        match claim {
            Claim::Granted(lease) => self.inner.update_value(|inner| inner.lease = Some(lease)),
            // Without locks another tab may have it, so this one goes on with a copy.
            Claim::Taken | Claim::Unknown => {
                run.id = fresh_id();
                run.files = run.files_without_weights();
                run.logs.clear();
            }
        }
        Ok((run, snapshot))
    }

    /// The newest state of a run and the blocks that belong to it.
    async fn whole(self, id: &str) -> Option<(KeptRun, Vec<Vec<f32>>)> {
        let queued = self.inner.with_value(|inner| inner.queue.get(id));
        if let Some((run, Some(last))) = queued {
            return Some((run, numbers(&last)));
        }
        let store = self.inner.with_value(|inner| inner.store.clone())?;
        let run = from_text(&store.text(id).await.ok()??).ok()?;
        let last = store.weights(id, Part::Last).await.ok()?.map(|last| numbers(&last));
        Some((run, last.unwrap_or_default()))
    }

    /// A run with all its weights, as for a file.
    pub async fn export(self, id: &str) -> Option<WholeRun> {
        let (run, last) = self.whole(id).await?;
        let best = match self.inner.with_value(|inner| (inner.queue.best(id), inner.store.clone())) {
            (Some(best), _) => Some(best),
            (None, Some(store)) if run.best.is_some() => store.weights(id, Part::Best).await.ok()?,
            (None, _) => None,
        };
        let best = best.and_then(|best| numbers(&best).pop());
        let last = if run.last.is_some() { last } else { Vec::new() };
        Some(WholeRun { run: KeptRun { best: run.best.filter(|_| best.is_some()), ..run }, last, best })
    }

    /// The model in a file of `ModelCheckpoint`, as it is now.
    pub async fn file(self, id: &str, path: &str) -> Option<SavedModel> {
        let run = self.runs.with_untracked(|runs| runs.iter().find(|run| run.id == id).cloned())?;
        let note = run.file(path)?.clone();
        let blocks = match self.inner.with_value(|inner| (inner.queue.file(id, path), inner.store.clone())) {
            (Some(waiting), _) => waiting,
            (None, Some(store)) => store.weights(id, Part::File(path)).await.ok()??,
            (None, None) => return None,
        };
        note.model(&run, numbers(&blocks))
    }

    /// A file of `TensorBoard` as it is now; of one whose pieces are not all kept, what there is.
    pub async fn log(self, id: &str, path: &str) -> Option<Vec<u8>> {
        let run = self.runs.with_untracked(|runs| runs.iter().find(|run| run.id == id).cloned())?;
        let pieces = run.logs.iter().find(|log| log.path == path)?.pieces;
        let mut bytes = Vec::new();
        for number in 0..pieces {
            if let Some(piece) = self.log_piece(id, path, number).await {
                bytes.extend(piece);
            }
        }
        // A piece that was made meanwhile is left for the next time, and so is what follows it.
        self.with_active(|active| {
            let is_as_before = active.run.logs.iter().any(|log| log.path == path && log.pieces == pieces);
            if active.run.id == id && is_as_before {
                bytes.extend_from_slice(active.pending.of(path));
            }
        });
        Some(bytes)
    }

    async fn log_piece(self, id: &str, path: &str, number: usize) -> Option<Vec<u8>> {
        // What is being written is in neither place for a moment.
        for wait_ms in [0, 50, 500] {
            if wait_ms > 0 {
                sleep(wait_ms).await;
            }
            let (waiting, store) =
                self.inner.with_value(|inner| (inner.queue.log(id, path, number), inner.store.clone()));
            let block = match (waiting, store) {
                (Some(waiting), _) => Some(waiting),
                (None, Some(store)) => store.weights(id, Part::Log(path, number)).await.ok()?,
                (None, None) => return None,
            };
            if let Some(block) = block {
                return Some(bytes_of(&block));
            }
            if !self.inner.with_value(|inner| inner.is_writing) {
                return None;
            }
        }
        None
    }

    /// Puts a run from a file beside the others, unless it is one of them: then weights alone are taken that
    /// are not kept here any more.
    pub fn import(self, whole: WholeRun) -> Imported {
        let WholeRun { mut run, last, best } = whole;
        let known = self.runs.get_untracked();
        match recognize(known.iter().map(|run| &**run), &run) {
            Recognized::Known { id, brings_weights: false } => return Imported::Known(id),
            Recognized::Known { id, brings_weights: true } => {
                // What the reader calls it here stays, and so do the files that are kept here.
                let is_free = |run: &&Arc<KeptRun>| run.id == id && self.is_free(&id);
                let Some(here) = known.iter().find(is_free) else { return Imported::Known(id) };
                let last = if here.last.is_none() { last } else { Vec::new() };
                let best = best.filter(|_| here.best.is_none());
                run = KeptRun {
                    last: here.last.clone().or(run.last),
                    best: here.best.or(run.best),
                    ..(**here).clone()
                };
                return Imported::Mended(self.put_in(run, last, best));
            }
            Recognized::New => {}
        }
        run.id = fresh_id();
        run.name = name_apart(&run.name, known.iter().map(|run| run.name.as_str()));
        run.touched_ms = js_sys::Date::now();
        // Whoever wrote the file may have been training it.
        run.ending.get_or_insert(Ending::Interrupted);
        Imported::New(self.put_in(run, last, best))
    }

    /// Whether no tab trains it.
    fn is_free(self, id: &str) -> bool {
        let is_here = self.here.with_untracked(|here| here.as_deref() == Some(id));
        !is_here && !self.held.with_untracked(|held| held.contains(id))
    }

    fn put_in(self, run: KeptRun, last: Vec<Vec<f32>>, best: Option<Vec<f32>>) -> String {
        let id = run.id.clone();
        let list = |values: Vec<Vec<f32>>| blocks(values.iter().map(Vec::as_slice));
        let last = (!last.is_empty()).then(|| list(last));
        let best = best.map(|best| list(vec![best]));
        self.show(run.clone());
        self.inner.update_value(|inner| inner.queue.push(Job { last, best, ..Job::of(run) }));
        self.write();
        id
    }

    /// Gives a run a name.
    pub fn rename(self, id: &str, name: String) {
        let Some(run) = self.runs.with_untracked(|runs| runs.iter().find(|run| run.id == id).cloned()) else {
            return;
        };
        self.with_active(|active| {
            if active.run.id == id {
                active.run.name.clone_from(&name);
            }
        });
        self.inner.update_value(|inner| inner.queue.rename(id, &name));
        self.show(KeptRun { name: name.clone(), ..(*run).clone() });
        let Some(store) = self.inner.with_value(|inner| inner.store.clone()) else { return };
        spawn_local(async move {
            let text = |before: Option<String>| {
                let stored = before.as_deref().and_then(|text| from_text(text).ok());
                to_text(&KeptRun { name, ..stored.unwrap_or_else(|| (*run).clone()) })
            };
            if let Err(error) = store.put(&run.id, text, &[]).await {
                self.trouble.set(Some(trouble(error, Lost::All, 0)));
            }
        });
    }

    /// Removes runs, or their weights alone. It can be undone until the next removal.
    pub fn remove(self, ids: Vec<String>, weights_alone: bool) {
        let ids: Vec<String> = ids.into_iter().filter(|id| self.is_free(id)).collect();
        let runs: Vec<Arc<KeptRun>> = self
            .runs
            .with_untracked(|runs| runs.iter().filter(|run| ids.contains(&run.id)).cloned().collect());
        let without = |run: &Arc<KeptRun>| {
            let files = run.files_without_weights();
            KeptRun { last: None, best: None, files, logs: Vec::new(), ..(**run).clone() }
        };
        self.runs.update(|all| {
            for run in &runs {
                match all.iter().position(|known| known.id == run.id) {
                    Some(idx) if weights_alone => all[idx] = Arc::new(without(run)),
                    Some(idx) => drop(all.remove(idx)),
                    None => {}
                }
            }
        });
        self.inner.update_value(|inner| ids.iter().for_each(|id| inner.queue.forget(id)));
        self.trouble.set(None);
        let Some(store) = self.inner.with_value(|inner| inner.store.clone()) else { return };
        spawn_local(async move {
            let (mut weights, mut files, mut logs) = (Vec::new(), Vec::new(), Vec::new());
            let mut bytes = 0;
            for run in &runs {
                let mut of_run = Vec::new();
                for note in run.files.iter().filter(|note| note.has_weights) {
                    bytes += note.num_values(run) * size_of::<f32>();
                    if bytes > MOST_UNDONE_BYTES {
                        break;
                    }
                    if let Ok(Some(blocks)) = store.weights(&run.id, Part::File(&note.path)).await {
                        of_run.push((note.path.clone(), blocks));
                    }
                }
                files.push(of_run);
                let mut of_run = Vec::new();
                for log in &run.logs {
                    bytes += log.bytes;
                    if bytes > MOST_UNDONE_BYTES {
                        break;
                    }
                    for number in 0..log.pieces {
                        if let Ok(Some(block)) = store.weights(&run.id, Part::Log(&log.path, number)).await {
                            of_run.push((log.path.clone(), number, block));
                        }
                    }
                }
                logs.push(of_run);
                let read = |part| store.weights(&run.id, part);
                weights.push([read(Part::Last).await.ok().flatten(), read(Part::Best).await.ok().flatten()]);
            }
            let texts: Vec<String> = runs.iter().map(|run| to_text(&without(run))).collect();
            let ids: Vec<String> = runs.iter().map(|run| run.id.clone()).collect();
            match store.remove(&ids, weights_alone.then_some(&texts[..])).await {
                Ok(()) => {
                    self.removed.set(Some(Removed { runs, weights, files, logs }));
                    // There may be room now for what did not fit.
                    self.inner.update_value(|inner| {
                        inner.queue.retry();
                    });
                    self.write();
                }
                Err(error) => self.trouble.set(Some(trouble(error, Lost::All, 0))),
            }
            self.refresh().await;
        });
    }

    /// Puts back what was removed last.
    pub fn undo(self) {
        let Some(Removed { runs, weights, files, logs }) = self.removed.try_update(Option::take).flatten()
        else {
            return;
        };
        for (((run, [last, best]), files), logs) in runs.into_iter().zip(weights).zip(files).zip(logs) {
            let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
            let mut run = KeptRun { files: run.files_stored(&paths, &[]), ..(*run).clone() };
            run.logs.retain(|note| logs.iter().any(|(path, ..)| *path == note.path));
            self.show(run.clone());
            self.inner
                .update_value(|inner| inner.queue.push(Job { last, best, files, logs, ..Job::of(run) }));
        }
        self.write();
    }

    /// Asks the browser not to make room by removing runs.
    pub fn persist(self) {
        spawn_local(async move {
            room::persist().await;
            self.room.set(room::room().await);
        });
    }
}
