//! [`Coalescer`]: holds events back so that the page is not flooded.
//!
//! The weights of a completed epoch are held back with the event that tells of it. Otherwise a
//! fast network's weights would be ahead of the log, and after a worker's death the page would
//! hold another epoch than it says.
//!
//! Of batches that follow each other the page is told of the last one as an event; the values of all of
//! them travel beside it in [`BatchBlock`]s, so that the curves miss none.

use crate::engine::event::TrainEvent;
use crate::engine::watch::HistogramsEvent;
use crate::formats::tensorboard::Appended;
use crate::protocol::{BatchBlock, CheckpointFile, EndedBatch, Snapshot};

/// The least time between two deliveries, in milliseconds: about 20 a second.
const INTERVAL_MS: f64 = 50.0;
/// The least time between two deliveries of saved files, in milliseconds: one that is written anew after
/// every batch would otherwise be copied to the page twenty times a second.
const FILES_INTERVAL_MS: f64 = 1_000.0;
/// Saved files that are held back, at most, in bytes. Files of many names come sooner then.
const MOST_FILE_BYTES: usize = 32 << 20;

/// What is sent together: events, and the weights that belong to them.
#[derive(Debug, PartialEq, Default)]
pub struct Delivery {
    /// Every batch. To be sent before the events, with the histograms.
    pub batches: Vec<BatchBlock>,
    /// Of the epochs that ended, where they were asked for.
    pub histograms: Vec<HistogramsEvent>,
    /// In the order in which they happened.
    pub events: Vec<TrainEvent>,
    /// To be sent after the events, in this order: of the best epoch, where that is not the last one, of
    /// the last one, and of the end.
    pub snapshots: Vec<Snapshot>,
    /// To be sent after the events: what `TensorBoard` adds to its files.
    pub appended: Vec<Appended>,
    /// To be sent last: each file as it was written last.
    pub files: Vec<CheckpointFile>,
}

/// Collects events; of batches that follow each other only the last one is kept, of snapshots the
/// newest and that of the best epoch.
#[derive(Debug, Default)]
pub struct Coalescer {
    batches: Vec<BatchBlock>,
    histograms: Vec<HistogramsEvent>,
    events: Vec<TrainEvent>,
    best: Option<Snapshot>,
    last: Option<Snapshot>,
    /// Whether the last one is the best one.
    is_best: bool,
    end: Option<Snapshot>,
    appended: Vec<Appended>,
    files: Vec<CheckpointFile>,
    delivered_ms: f64,
    files_delivered_ms: f64,
}

impl Coalescer {
    /// Adds the next event.
    pub fn push(&mut self, event: TrainEvent) {
        if let Some(last) = self.events.last_mut()
            && replaces(&event, last)
        {
            *last = event;
        } else {
            self.events.push(event);
        }
    }

    /// Adds the values of a batch, whose event is added as well.
    pub fn note(&mut self, ended: EndedBatch) {
        if !self.batches.last_mut().is_some_and(|block| block.push(ended)) {
            let mut block = BatchBlock::default();
            block.push(ended);
            self.batches.push(block);
        }
    }

    /// Adds the histograms that belong to the last event.
    pub fn show(&mut self, histograms: HistogramsEvent) {
        self.histograms.push(histograms);
    }

    /// Adds the weights of the epoch that the last event told of, the best so far or not.
    pub fn keep(&mut self, snapshot: Snapshot, is_best: bool) {
        let before = self.last.replace(snapshot);
        if is_best {
            self.best = None;
        } else if self.is_best {
            self.best = before;
        }
        self.is_best = is_best;
    }

    /// Adds the weights that there are at the end.
    pub fn keep_end(&mut self, snapshot: Snapshot) {
        self.end = Some(snapshot);
    }

    /// Adds a file that was saved; it takes the place of an earlier one of its name.
    pub fn save(&mut self, file: CheckpointFile) {
        self.files.retain(|before| before.path != file.path);
        self.files.push(file);
    }

    /// Adds what a file of `TensorBoard` gets.
    pub fn append(&mut self, appended: Appended) {
        match self.appended.iter_mut().find(|before| before.path == appended.path) {
            Some(before) => before.bytes.extend(appended.bytes),
            None => self.appended.push(appended),
        }
    }

    /// What was collected, if the page has had time to breathe since the last delivery; saved files only
    /// where they are due as well.
    pub fn take_if_due(&mut self, now_ms: f64) -> Option<Delivery> {
        if now_ms - self.delivered_ms < INTERVAL_MS {
            return None;
        }
        let are_files_due = now_ms - self.files_delivered_ms >= FILES_INTERVAL_MS
            || self.files.iter().map(CheckpointFile::bytes).sum::<usize>() > MOST_FILE_BYTES;
        if are_files_due { self.take(now_ms) } else { self.take_all_but_files(now_ms) }
    }

    /// Everything collected, now; `None` if there is nothing.
    pub fn take(&mut self, now_ms: f64) -> Option<Delivery> {
        let files = std::mem::take(&mut self.files);
        if !files.is_empty() {
            self.files_delivered_ms = now_ms;
        }
        match self.take_all_but_files(now_ms) {
            Some(delivery) => Some(Delivery { files, ..delivery }),
            None if files.is_empty() => None,
            None => Some(Delivery { files, ..Delivery::default() }),
        }
    }

    fn take_all_but_files(&mut self, now_ms: f64) -> Option<Delivery> {
        let snapshots: Vec<Snapshot> =
            [self.best.take(), self.last.take(), self.end.take()].into_iter().flatten().collect();
        if self.events.is_empty() && snapshots.is_empty() {
            return None;
        }
        self.delivered_ms = now_ms;
        self.is_best = false;
        Some(Delivery {
            batches: std::mem::take(&mut self.batches),
            histograms: std::mem::take(&mut self.histograms),
            events: std::mem::take(&mut self.events),
            snapshots,
            appended: std::mem::take(&mut self.appended),
            files: Vec::new(),
        })
    }
}

fn replaces(next: &TrainEvent, last: &TrainEvent) -> bool {
    match (next, last) {
        (TrainEvent::BatchEnd { epoch, .. }, TrainEvent::BatchEnd { epoch: before, .. })
        | (TrainEvent::TestBatchEnd { epoch, .. }, TrainEvent::TestBatchEnd { epoch: before, .. }) => {
            epoch == before
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::event::Logs;
    use crate::engine::presets::Preset;
    use crate::engine::spec::RunSpec;
    use crate::engine::watch::StepMeasures;

    fn batch(epoch: usize, batch: usize) -> TrainEvent {
        TrainEvent::BatchEnd { epoch, batch, batch_loss: 0.0, logs: Logs::default() }
    }

    #[test]
    fn only_the_last_of_a_row_of_batches_is_kept() {
        let mut coalescer = Coalescer::default();
        let end = TrainEvent::EpochEnd { epoch: 0, logs: Logs::default() };
        for event in [batch(0, 0), batch(0, 1), end.clone(), batch(1, 0), batch(1, 1)] {
            coalescer.push(event);
        }
        let events = vec![batch(0, 1), end, batch(1, 1)];
        assert_eq!(coalescer.take(0.0), Some(Delivery { events, ..Delivery::default() }));
        assert_eq!(coalescer.take(0.0), None);
    }

    #[test]
    fn deliveries_keep_their_distance() {
        let mut coalescer = Coalescer::default();
        coalescer.push(batch(0, 0));
        assert!(coalescer.take_if_due(60.0).is_some());
        coalescer.push(batch(0, 1));
        assert_eq!(coalescer.take_if_due(100.0), None);
        assert!(coalescer.take_if_due(110.0).is_some());
    }

    fn end(epoch: usize) -> TrainEvent {
        TrainEvent::EpochEnd { epoch, logs: Logs::default() }
    }

    fn snapshot(epochs: usize) -> Snapshot {
        let job = RunSpec::new(Preset::Mlp.spec());
        Snapshot { job, epochs, params: vec![epochs as f32], progress: None }
    }

    #[test]
    fn weights_never_arrive_before_the_epoch_that_made_them() {
        let mut coalescer = Coalescer::default();
        coalescer.push(end(0));
        coalescer.keep(snapshot(1), false);
        assert!(coalescer.take_if_due(50.0).is_some());
        for epoch in 1..4 {
            coalescer.push(end(epoch));
            coalescer.keep(snapshot(epoch + 1), false);
            assert_eq!(coalescer.take_if_due(60.0), None, "neither events nor weights are due");
        }
        coalescer.push(batch(4, 0));
        let events = vec![end(1), end(2), end(3), batch(4, 0)];
        let delivery = Delivery { events, snapshots: vec![snapshot(4)], ..Delivery::default() };
        assert_eq!(coalescer.take_if_due(100.0), Some(delivery));
    }

    #[test]
    fn the_best_epoch_is_kept_beside_the_last_one() {
        let kept = |best: &[usize]| {
            let mut coalescer = Coalescer::default();
            for epochs in 1..5 {
                coalescer.push(end(epochs - 1));
                coalescer.keep(snapshot(epochs), best.contains(&epochs));
            }
            let delivery = coalescer.take(0.0).unwrap();
            assert_eq!(coalescer.take(0.0), None);
            delivery.snapshots.iter().map(|kept| kept.epochs).collect::<Vec<_>>()
        };
        assert_eq!(kept(&[]), [4]);
        assert_eq!(kept(&[1, 2]), [2, 4]);
        assert_eq!(kept(&[2, 4]), [4]);
        assert_eq!(kept(&[3]), [3, 4]);
    }

    fn file(path: &str, value: f32) -> CheckpointFile {
        let (path, params) = (path.to_owned(), vec![value]);
        CheckpointFile { callback: 0, path, epoch: 0, epochs: 0, weights_only: true, params, optimizer: None }
    }

    #[test]
    fn a_file_that_is_written_after_every_batch_comes_once_a_second_and_at_the_end() {
        let mut coalescer = Coalescer::default();
        let mut came = Vec::new();
        for number in 1..=25 {
            coalescer.push(batch(0, number));
            coalescer.save(file("a", number as f32));
            let delivery = coalescer.take_if_due(number as f64 * 100.0).unwrap();
            came.extend(delivery.files);
        }
        assert_eq!(came, [file("a", 10.0), file("a", 20.0)]);
        assert_eq!(coalescer.take(2_500.0).unwrap().files, [file("a", 25.0)]);
        assert_eq!(coalescer.take(2_600.0), None);
    }

    #[test]
    fn what_a_file_of_tensor_board_gets_comes_in_one_piece_with_the_events() {
        let mut coalescer = Coalescer::default();
        let appended =
            |path: &str, bytes: &[u8]| Appended { callback: 0, path: path.to_owned(), bytes: bytes.to_vec() };
        for (path, byte) in [("a", 1), ("b", 2), ("a", 3)] {
            coalescer.push(batch(0, 0));
            coalescer.append(appended(path, &[byte]));
        }
        let delivery = coalescer.take_if_due(60.0).unwrap();
        assert_eq!(delivery.appended, [appended("a", &[1, 3]), appended("b", &[2])]);
        assert_eq!(coalescer.take(0.0), None);
    }

    #[test]
    fn files_of_other_names_come_in_the_order_in_which_they_were_written_last() {
        let mut coalescer = Coalescer::default();
        for (path, value) in [("a", 1.0), ("b", 2.0), ("a", 3.0)] {
            coalescer.save(file(path, value));
        }
        let delivery = coalescer.take(0.0).unwrap();
        assert_eq!(delivery.files, [file("b", 2.0), file("a", 3.0)]);
    }

    #[test]
    fn many_files_do_not_fill_the_memory_of_the_worker() {
        let mut coalescer = Coalescer::default();
        let large = |path: &str| CheckpointFile { params: vec![0.0; MOST_FILE_BYTES / 4], ..file(path, 0.0) };
        coalescer.save(large("a"));
        assert_eq!(coalescer.take_if_due(60.0), None, "nothing else to tell, and not due");
        coalescer.save(large("b"));
        assert_eq!(coalescer.take_if_due(120.0).unwrap().files.len(), 2);
    }

    #[test]
    fn a_stop_does_not_lose_the_epoch_before_it() {
        let mut coalescer = Coalescer::default();
        coalescer.keep(snapshot(1), true);
        coalescer.keep_end(snapshot(7));
        let kept = coalescer.take(0.0).unwrap().snapshots;
        assert_eq!(kept, [snapshot(1), snapshot(7)]);
    }

    #[test]
    fn the_values_of_every_batch_arrive_with_the_event_of_the_last() {
        let mut coalescer = Coalescer::default();
        let logs = Logs::default();
        for (epoch, number) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)] {
            coalescer.push(batch(epoch, number));
            let (loss, measures) = (number as f64, StepMeasures::default());
            coalescer.note(EndedBatch { epoch, batch: number, loss, logs: &logs, measures, spent_ms: 1.5 });
        }
        let Delivery { batches, events, .. } = coalescer.take(0.0).unwrap();
        assert_eq!(events, [batch(0, 2), batch(1, 1)]);
        let blocks: Vec<_> =
            batches.iter().map(|block| (block.epoch, &block.losses[..], block.spent_ms)).collect();
        assert_eq!(blocks, [(0, &[0.0, 1.0, 2.0][..], 4.5), (1, &[0.0, 1.0][..], 3.0)]);
        assert_eq!(coalescer.take(0.0), None);
    }
}
