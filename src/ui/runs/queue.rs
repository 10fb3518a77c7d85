//! [`Queue`]: what waits to be stored. A newer state of a run takes the place of an older one.

use js_sys::Array;

use super::KeptRun;
use super::lease::Lease;

/// Bytes of files that wait for one run, at most; those written longest ago go.
const MOST_WAITING_BYTES: usize = 256 << 20;

/// A run to be stored, with the weights that are new.
pub struct Job {
    /// The run as it is now.
    pub run: KeptRun,
    /// Blocks of [`KeptRun::last`]; those that are stored stay, if there are none.
    pub last: Option<Array>,
    /// Blocks of [`KeptRun::best`], likewise.
    pub best: Option<Array>,
    /// Blocks of files that `ModelCheckpoint` saved, by their names.
    pub files: Vec<(String, Array)>,
    /// Pieces of files of `TensorBoard`: name, number, block.
    pub logs: Vec<(String, usize, Array)>,
    /// Names of files that are not kept any more.
    pub gone: Vec<String>,
    /// Given back once it is stored: from then on another tab may take it up.
    pub lease: Option<Lease>,
}

impl Job {
    /// A run as it is now, without weights.
    pub fn of(run: KeptRun) -> Self {
        Self {
            run,
            last: None,
            best: None,
            files: Vec::new(),
            logs: Vec::new(),
            gone: Vec::new(),
            lease: None,
        }
    }

    /// Adds a file; it takes the place of an earlier one of its name.
    pub fn save(&mut self, path: String, blocks: Array) {
        self.files.retain(|(known, _)| *known != path);
        self.gone.retain(|known| *known != path);
        self.files.push((path, blocks));
    }

    /// Files go.
    pub fn forget_files(&mut self, paths: Vec<String>) {
        self.files.retain(|(known, _)| !paths.contains(known));
        self.gone.extend(paths);
    }

    /// Takes over what an older job of the same run has beyond this one.
    fn take_over(&mut self, older: Job) {
        self.last = self.last.take().or(older.last);
        self.best = self.best.take().or(older.best);
        self.lease = self.lease.take().or(older.lease);
        self.logs.splice(0..0, older.logs);
        let (newer, gone) = (std::mem::take(&mut self.files), std::mem::take(&mut self.gone));
        (self.files, self.gone) = (older.files, older.gone);
        self.forget_files(gone);
        for (path, blocks) in newer {
            self.save(path, blocks);
        }
        // Where nothing can be stored they wait in the memory of this page.
        let largest = self.run.files.iter().map(|file| file.num_values(&self.run)).max().unwrap_or(0);
        let bytes = (largest * size_of::<f32>()).max(1);
        let too_many = self.files.len().saturating_sub((MOST_WAITING_BYTES / bytes).max(1));
        self.files.drain(..too_many);
    }
}

/// Jobs in the order in which their runs came, and one that did not fit.
#[derive(Default)]
pub struct Queue {
    waiting: Vec<Job>,
    aside: Option<Job>,
}

impl Queue {
    /// Adds a job. What of its run did not fit before is tried again with it.
    pub fn push(&mut self, job: Job) {
        let aside = self.aside.take_if(|aside| aside.run.id == job.run.id);
        let at = self.waiting.iter().position(|waiting| waiting.run.id == job.run.id);
        let waiting = at.map(|at| self.waiting.remove(at));
        let mut all = job;
        waiting.into_iter().chain(aside).for_each(|older| all.take_over(older));
        self.waiting.insert(at.unwrap_or(self.waiting.len()), all);
    }

    /// The first job, which is then done.
    pub fn pop(&mut self) -> Option<Job> {
        if self.waiting.is_empty() { None } else { Some(self.waiting.remove(0)) }
    }

    /// Keeps a job that did not fit, in the place of an older one; the run itself is given back.
    pub fn set_aside(&mut self, job: Job) {
        self.aside = Some(Job { lease: None, ..job });
    }

    /// Tries again what did not fit; whether there is something.
    pub fn retry(&mut self) -> bool {
        let Some(job) = self.aside.take() else { return false };
        self.push(job);
        true
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The newest state of a run that is not stored, with its blocks.
    pub fn get(&self, id: &str) -> Option<(KeptRun, Option<Array>)> {
        let job = self.job(id)?;
        Some((job.run.clone(), job.last.clone()))
    }

    /// The best weights of a run that is not stored.
    pub fn best(&self, id: &str) -> Option<Array> {
        self.job(id)?.best.clone()
    }

    /// A file of a run that is not stored.
    pub fn file(&self, id: &str, path: &str) -> Option<Array> {
        self.job(id)?.files.iter().find(|(known, _)| known == path).map(|(_, blocks)| blocks.clone())
    }

    /// A piece of a file of `TensorBoard` that is not stored.
    pub fn log(&self, id: &str, path: &str, number: usize) -> Option<Array> {
        let is_it = |(known, at, _): &&(String, usize, Array)| known == path && *at == number;
        self.job(id)?.logs.iter().find(is_it).map(|(.., block)| block.clone())
    }

    /// Every run that is not stored.
    pub fn runs(&self) -> impl Iterator<Item = &KeptRun> {
        self.waiting.iter().chain(&self.aside).map(|job| &job.run)
    }

    /// A run is called otherwise.
    pub fn rename(&mut self, id: &str, name: &str) {
        let mut jobs = self.waiting.iter_mut().chain(&mut self.aside);
        if let Some(job) = jobs.find(|job| job.run.id == id) {
            name.clone_into(&mut job.run.name);
        }
    }

    /// A run is not to be stored any more.
    pub fn forget(&mut self, id: &str) {
        self.waiting.retain(|job| job.run.id != id);
        self.aside.take_if(|aside| aside.run.id == id);
    }

    fn job(&self, id: &str) -> Option<&Job> {
        self.waiting.iter().chain(&self.aside).find(|job| job.run.id == id)
    }
}
