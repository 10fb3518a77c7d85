//! [`Steps`]: the values of every batch of a run, column by column.

use crate::engine::event::Monitor;
use crate::protocol::BatchBlock;

/// More batches are not kept: beyond, every second one is forgotten. A million float32 of a column are
/// 4 MB, and no screen shows more.
const MOST: usize = 250_000;

/// The batches of a run.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Steps {
    /// Which step of the run, from 1.
    pub numbers: Vec<u32>,
    /// Its epoch, from 0.
    pub epochs: Vec<u32>,
    /// Its batch, from 0 within the epoch.
    pub batches: Vec<u32>,
    /// The loss of the batch alone.
    pub losses: Vec<f32>,
    /// The learning rate of the step.
    pub learning_rates: Vec<f32>,
    /// The norm of the gradient; no number where nobody asked for it.
    pub gradient_norms: Vec<f32>,
    /// Means since the epoch began, by name; no number where there is none.
    pub means: Vec<(Monitor, Vec<f32>)>,
    /// Batches so far, those that are forgotten included.
    seen: u32,
    /// One of so many is kept; 0 stands for all.
    stride: u32,
}

impl Steps {
    /// How many are kept.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Whether some were forgotten.
    pub fn is_thinned(&self) -> bool {
        self.stride > 1
    }

    /// Lets the next batch be that after so many steps, as where a run goes on.
    pub fn go_on_after(&mut self, steps: u64) {
        // A run of four thousand million steps counts no further.
        self.seen = u32::try_from(steps).unwrap_or(u32::MAX);
    }

    /// Adds batches at the end.
    pub fn add(&mut self, block: &BatchBlock) {
        for monitor in &block.monitors {
            if !self.means.iter().any(|(known, _)| known == monitor) {
                self.means.push((monitor.clone(), vec![f32::NAN; self.len()]));
            }
        }
        for idx in 0..block.len() {
            self.seen = self.seen.saturating_add(1);
            if self.seen.is_multiple_of(self.stride.max(1)) {
                self.push(block, idx);
            }
        }
        if self.len() > MOST {
            self.forget_every_second();
        }
    }

    fn push(&mut self, block: &BatchBlock, idx: usize) {
        self.numbers.push(self.seen);
        self.epochs.push(block.epoch as u32);
        self.batches.push((block.first + idx) as u32);
        self.losses.push(block.losses[idx]);
        self.learning_rates.push(block.learning_rates[idx]);
        self.gradient_norms.push(block.gradient_norms.get(idx).copied().unwrap_or(f32::NAN));
        let values = block.means_of(idx);
        for (monitor, column) in &mut self.means {
            let at = block.monitors.iter().position(|known| known == monitor);
            column.push(at.map_or(f32::NAN, |at| values[at]));
        }
    }

    fn forget_every_second(&mut self) {
        self.stride = self.stride.max(1) * 2;
        let kept: Vec<bool> = self.numbers.iter().map(|number| number.is_multiple_of(self.stride)).collect();
        retain(&mut self.numbers, &kept);
        retain(&mut self.epochs, &kept);
        retain(&mut self.batches, &kept);
        retain(&mut self.losses, &kept);
        retain(&mut self.learning_rates, &kept);
        retain(&mut self.gradient_norms, &kept);
        self.means.iter_mut().for_each(|(_, column)| retain(column, &kept));
    }

    /// The means of one name.
    pub fn mean(&self, monitor: &Monitor) -> Option<&[f32]> {
        self.means.iter().find(|(known, _)| known == monitor).map(|(_, column)| &column[..])
    }

    /// Where a batch lies on an axis of epochs: the last one of the first epoch at 1.
    pub fn x(&self, idx: usize, steps_per_epoch: usize) -> f64 {
        f64::from(self.epochs[idx]) + f64::from(self.batches[idx] + 1) / steps_per_epoch.max(1) as f64
    }

    /// A column as a curve.
    pub fn points(&self, column: &[f32], steps_per_epoch: usize) -> Vec<(f64, f64)> {
        let y = column.iter().map(|y| f64::from(*y));
        y.enumerate().map(|(idx, y)| (self.x(idx, steps_per_epoch), y)).collect()
    }

    /// The stretches of one epoch each.
    pub fn by_epoch(&self) -> impl Iterator<Item = (u32, std::ops::Range<usize>)> + '_ {
        let mut begin = 0;
        self.epochs.chunk_by(|a, b| a == b).map(move |chunk| {
            let range = begin..begin + chunk.len();
            begin = range.end;
            (chunk[0], range)
        })
    }
}

fn retain<T>(column: &mut Vec<T>, kept: &[bool]) {
    let mut idx = 0;
    column.retain(|_| {
        idx += 1;
        kept[idx - 1]
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(epoch: usize, first: usize, num: usize) -> BatchBlock {
        BatchBlock {
            epoch,
            first,
            losses: (0..num).map(|idx| (first + idx) as f32).collect(),
            learning_rates: vec![0.1; num],
            monitors: vec![Monitor::LOSS],
            means: vec![0.5; num],
            ..BatchBlock::default()
        }
    }

    #[test]
    fn columns_stay_equally_long_whatever_is_measured() {
        let mut steps = Steps::default();
        steps.add(&block(0, 0, 2));
        let with_norm =
            BatchBlock { gradient_norms: vec![1.5], monitors: vec![Monitor::ACCURACY], ..block(1, 0, 1) };
        steps.add(&with_norm);
        assert_eq!((steps.len(), &steps.numbers[..]), (3, &[1, 2, 3][..]));
        assert!(steps.gradient_norms[1].is_nan() && steps.gradient_norms[2] == 1.5);
        let accuracy = steps.mean(&Monitor::ACCURACY).unwrap();
        assert!(accuracy[1].is_nan() && accuracy[2] == 0.5);
        assert!(steps.mean(&Monitor::LOSS).unwrap()[2].is_nan());
        assert_eq!(steps.mean(&Monitor::VAL_LOSS), None);
        assert_eq!(steps.by_epoch().collect::<Vec<_>>(), [(0, 0..2), (1, 2..3)]);
        assert_eq!((steps.x(1, 2), steps.x(2, 2)), (1.0, 1.5));
    }

    #[test]
    fn a_run_that_goes_on_goes_on_counting() {
        let mut steps = Steps::default();
        steps.go_on_after(188);
        steps.add(&block(2, 0, 2));
        assert_eq!((&steps.numbers[..], &steps.epochs[..]), (&[189, 190][..], &[2, 2][..]));
        steps.go_on_after(u64::MAX);
        steps.add(&block(3, 0, 2));
        assert_eq!(steps.numbers[2..], [u32::MAX; 2], "of a file that was changed by hand");
    }

    #[test]
    fn a_run_without_end_does_not_fill_the_memory() {
        let mut steps = Steps::default();
        for epoch in 0..7 {
            steps.add(&block(epoch, 0, 100_000));
        }
        assert!(steps.is_thinned() && steps.len() <= MOST);
        let column = steps.mean(&Monitor::LOSS).unwrap();
        assert_eq!((column.len(), *steps.numbers.last().unwrap()), (steps.len(), 700_000));
        let distance = steps.numbers[1] - steps.numbers[0];
        assert!(steps.numbers.windows(2).all(|pair| pair[1] - pair[0] == distance), "evenly thinned");
    }
}
