//! [`KeptRun`]: what is kept of a run beside its weights: settings, values, log, and which weights there are.

use crate::engine::best_epoch::BestEpoch;
use crate::engine::callbacks::CallbackAction;
use crate::engine::event::{Logs, Monitor, StopReason, TrainEvent};
use crate::engine::spec::RunSpec;
use crate::protocol::Build;
use crate::ui::pages::training::{is_notable, make_room};
use crate::ui::runs::event_logs::LogNote;
use crate::ui::runs::kept_files::FileNote;
use crate::ui::runs::place::Place;
use crate::ui::runs::rates::RateNote;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All epochs ran, or a callback ended it.
    Finished,
    /// The reader stopped it.
    Stopped,
    /// The worker died.
    Interrupted,
}

/// Where a run was computed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Device {
    /// What the browser calls itself.
    pub agent: String,
    /// What it says of the cores.
    pub cores: usize,
    /// Which program computed; with the fast one the last bits are the processor's own.
    pub build: Build,
}

/// A run.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRun {
    /// Tells it from all others, those of other tabs too.
    pub id: String,
    /// What the reader calls it; empty at first.
    pub name: String,
    /// What it does.
    pub job: RunSpec,
    /// When it began, in ms since 1970.
    pub created_ms: f64,
    /// When the last of it was kept, in ms since 1970.
    pub touched_ms: f64,
    /// Time spent training, in ms.
    pub running_ms: f64,
    /// `None` while it goes on, and when its page went away meanwhile.
    pub ending: Option<Ending>,
    /// Completed epochs, from 0, with their values.
    pub epochs: Vec<(usize, Logs)>,
    /// What was worth a line, oldest first.
    pub log: Vec<TrainEvent>,
    /// Lines before these that are forgotten.
    pub forgotten_lines: usize,
    /// Where the reader changed the learning rate: settings and seed alone do not make such a run again.
    pub rates: Vec<RateNote>,
    /// Files that `ModelCheckpoint` saved, those written last at the end.
    pub files: Vec<FileNote>,
    /// Files that are not kept any more.
    pub forgotten_files: usize,
    /// Files of `TensorBoard`, in the order in which they were begun.
    pub logs: Vec<LogNote>,
    /// The name of the model from a file with whose weights it began.
    pub began_from: Option<String>,
    /// Where it was computed.
    pub device: Device,
    /// Which weights of the last epoch, or of the end, are kept.
    pub last: Option<Place>,
    /// The epoch, from 0, whose weights are kept as the best.
    pub best: Option<usize>,
}

/// Where a kept run stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It trains in this tab.
    Here,
    /// It trains in another tab.
    Elsewhere,
    /// It is over.
    Finished,
    /// The reader stopped it.
    Stopped,
    /// It was cut off.
    Interrupted,
}

impl KeptRun {
    /// A run that has just begun.
    pub fn new(id: String, job: RunSpec, device: Device, now_ms: f64) -> Self {
        Self {
            id,
            name: String::new(),
            job,
            created_ms: now_ms,
            touched_ms: now_ms,
            running_ms: 0.0,
            ending: None,
            epochs: Vec::new(),
            log: Vec::new(),
            forgotten_lines: 0,
            rates: Vec::new(),
            files: Vec::new(),
            forgotten_files: 0,
            logs: Vec::new(),
            began_from: None,
            device,
            last: None,
            best: None,
        }
    }

    /// Takes note of what happened.
    pub fn push(&mut self, event: &TrainEvent) {
        match event {
            TrainEvent::EpochEnd { epoch, logs } => self.epochs.push((*epoch, logs.clone())),
            TrainEvent::TrainEnd { reason, .. } => {
                let is_stopped = *reason == StopReason::Requested;
                self.ending = Some(if is_stopped { Ending::Stopped } else { Ending::Finished });
            }
            TrainEvent::LearningRateSet { .. } => self.note_rate(event),
            _ => {}
        }
        if is_kept(event) {
            self.forgotten_lines += make_room(&mut self.log);
            self.log.push(event.clone());
        }
    }

    /// Takes back what happened after the place where it goes on, so that nothing is told twice.
    pub fn rewind(&mut self, epoch: usize) {
        self.ending = None;
        self.epochs.retain(|(at, _)| *at < epoch);
        let is_before = |event: &TrainEvent| match event {
            TrainEvent::EpochEnd { epoch: at, .. }
            | TrainEvent::CallbackActed { epoch: at, .. }
            | TrainEvent::LearningRateSet { epoch: at, .. } => *at < epoch,
            TrainEvent::TrainEnd { .. } => false,
            _ => true,
        };
        self.log.retain(is_before);
        self.rates.retain(|rate| rate.epoch < epoch);
        self.best = self.best.filter(|best| *best < epoch);
    }

    /// Which of its epochs was the best.
    pub fn best_epoch(&self) -> BestEpoch {
        let mut best = BestEpoch::of(&self.job);
        for (epoch, logs) in &self.epochs {
            best.offer(*epoch, logs);
        }
        best
    }

    /// Completed epochs, those of [`crate::engine::spec::FitSpec::initial_epoch`] among them.
    pub fn num_epochs(&self) -> usize {
        self.epochs.last().map_or(0, |(epoch, _)| epoch + 1)
    }

    /// Bytes that its weights and its files take.
    pub fn bytes(&self) -> usize {
        let last = self.last.as_ref().map_or(0, Place::bytes);
        let files = self.files.iter().filter(|file| file.has_weights);
        let best = if self.best.is_some() { self.num_params() } else { 0 };
        let values = best + files.map(|file| file.num_values(self)).sum::<usize>();
        let logs: usize = self.logs.iter().map(|log| log.bytes).sum();
        last + values * size_of::<f32>() + logs
    }

    /// The model's parameters; 0 for a model that cannot be built.
    pub fn num_params(&self) -> usize {
        self.job.model.num_params().unwrap_or(0)
    }

    /// The epoch, from 0, that training would go on with.
    pub fn next_epoch(&self) -> Option<usize> {
        let progress = self.last.as_ref()?.progress.as_ref()?;
        let is_over = self.ending == Some(Ending::Finished);
        (!is_over && progress.epoch < self.job.fit.epochs).then_some(progress.epoch)
    }

    /// Where it stands; `is_here` and `is_held` say who holds it: this tab, or any.
    pub fn standing(&self, is_here: bool, is_held: bool) -> Standing {
        match self.ending {
            Some(Ending::Finished) => Standing::Finished,
            Some(Ending::Stopped) => Standing::Stopped,
            None if is_here => Standing::Here,
            None if is_held => Standing::Elsewhere,
            Some(Ending::Interrupted) | None => Standing::Interrupted,
        }
    }

    /// The points of one value over completed epochs.
    pub fn curve(&self, monitor: &Monitor) -> Vec<(f64, f64)> {
        let point = |(epoch, logs): &(usize, Logs)| Some(((epoch + 1) as f64, logs.get(monitor)?));
        self.epochs.iter().filter_map(point).collect()
    }
}

/// What TensorBoard wants written is drawn from weights and would fill the storage.
fn is_kept(event: &TrainEvent) -> bool {
    is_notable(event)
        && !matches!(event, TrainEvent::CallbackActed { action: CallbackAction::TensorBoard(_), .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::CheckpointFile;
    use crate::ui::pages::training::MOST_LINES;
    use crate::ui::runs::samples::{epoch_end, run};

    #[test]
    fn a_run_without_an_end_is_where_it_is_held() {
        let mut run = run("a", 2);
        assert_eq!(run.standing(true, true), Standing::Here);
        assert_eq!(run.standing(false, true), Standing::Elsewhere);
        assert_eq!(run.standing(false, false), Standing::Interrupted);
        run.push(&TrainEvent::TrainEnd { reason: StopReason::Requested, epochs: 2 });
        assert_eq!(run.standing(false, false), Standing::Stopped);
        run.push(&TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: 2 });
        assert_eq!(run.standing(false, false), Standing::Finished);
    }

    #[test]
    fn a_finished_run_and_one_without_optimizer_do_not_go_on() {
        let mut stopped = run("a", 2);
        assert_eq!(stopped.next_epoch(), Some(2));
        stopped.ending = Some(Ending::Stopped);
        assert_eq!(stopped.next_epoch(), Some(2));
        let finished = KeptRun { ending: Some(Ending::Finished), ..stopped.clone() };
        assert_eq!(finished.next_epoch(), None);
        stopped.job.fit.epochs = 2;
        assert_eq!(stopped.next_epoch(), None);
        stopped.last = None;
        assert_eq!(stopped.next_epoch(), None);
    }

    #[test]
    fn what_came_after_the_place_where_it_goes_on_is_taken_back() {
        let mut run = run("a", 3);
        run.best = Some(2);
        run.push(&TrainEvent::TrainEnd { reason: StopReason::Requested, epochs: 3 });
        run.rewind(2);
        assert_eq!((run.num_epochs(), run.best, run.ending), (2, None, None));
        assert_eq!(run.log.last(), Some(&epoch_end(1)));
    }

    #[test]
    fn a_rate_that_was_changed_is_remembered_up_to_where_the_run_goes_on() {
        let mut run = run("a", 3);
        let set = |epoch, batch| TrainEvent::LearningRateSet { epoch, batch, before: 0.1, after: 0.01 };
        // During the second epoch, during its validation, and before the third one.
        for event in [set(1, 3), set(1, 94), set(2, 0)] {
            run.push(&event);
        }
        assert_eq!((run.rates.len(), run.log.len()), (3, 6));
        run.rewind(2);
        assert_eq!(run.rates.iter().map(|rate| rate.batch).collect::<Vec<_>>(), [3, 94]);
        assert_eq!(run.log.last(), Some(&set(1, 94)));
    }

    #[test]
    fn a_log_without_end_does_not_fill_the_storage() {
        let mut run = run("a", 0);
        for epoch in 0..10_000 {
            run.push(&epoch_end(epoch));
        }
        assert!(run.log.len() <= MOST_LINES && run.log.len() + run.forgotten_lines == 10_000);
        assert_eq!(run.epochs.len(), 10_000, "values of epochs are no lines");
    }

    #[test]
    fn weights_count_four_bytes_a_value() {
        let mut kept = run("a", 1);
        let params = kept.num_params();
        assert_eq!(kept.bytes(), params * 4 * 3, "weights and two of Adam");
        kept.best = Some(0);
        assert_eq!(kept.bytes(), params * 4 * 4);
        let params = vec![0.0; params];
        let file = |path: &str| CheckpointFile {
            callback: 0,
            path: path.to_owned(),
            epoch: 0,
            epochs: 1,
            weights_only: true,
            params: params.clone(),
            optimizer: None,
        };
        kept.save(&file("a"));
        kept.save(&file("b"));
        kept.files[0].has_weights = false;
        assert_eq!(kept.bytes(), params.len() * 4 * 5);
    }
}
