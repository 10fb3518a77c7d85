//! [`BatchBlock`]: many training batches in one message, value by value.

use serde::{Deserialize, Serialize};

use crate::engine::event::{Logs, Monitor};
use crate::engine::watch::StepMeasures;

/// Batches of one epoch that follow each other. Numbers are float32, as Keras's metrics are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BatchBlock {
    /// Their epoch, from 0.
    pub epoch: usize,
    /// The first of them, from 0 within the epoch.
    pub first: usize,
    /// The loss of each batch alone.
    pub losses: Vec<f32>,
    /// The learning rate of each step.
    pub learning_rates: Vec<f32>,
    /// The norm of each gradient; empty when nobody asked for it.
    pub gradient_norms: Vec<f32>,
    /// What the running means are of.
    pub monitors: Vec<Monitor>,
    /// Means since the epoch began, batch after batch.
    pub means: Vec<f32>,
    /// Training time that all of them took together, in milliseconds.
    pub spent_ms: f64,
}

/// One batch that has ended.
#[derive(Debug, Clone, Copy)]
pub struct EndedBatch<'a> {
    /// From 0.
    pub epoch: usize,
    /// From 0 within the epoch.
    pub batch: usize,
    /// Of this batch alone.
    pub loss: f64,
    /// Means since the epoch began.
    pub logs: &'a Logs,
    /// What else was measured.
    pub measures: StepMeasures,
    /// Training time since the batch before it, or since the epoch began, in milliseconds.
    pub spent_ms: f64,
}

impl BatchBlock {
    /// How many batches.
    pub fn len(&self) -> usize {
        self.losses.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.losses.is_empty()
    }

    /// Adds a batch at the end; `false` if it does not follow those that are there, or has other values.
    pub fn push(&mut self, ended: EndedBatch) -> bool {
        let names = || ended.logs.0.iter().map(|(monitor, _)| monitor);
        if self.is_empty() {
            (self.epoch, self.first) = (ended.epoch, ended.batch);
            self.monitors = names().cloned().collect();
        }
        let follows = self.epoch == ended.epoch && self.first + self.len() == ended.batch;
        let is_alike = self.monitors.iter().eq(names())
            && (self.is_empty() || self.gradient_norms.is_empty() == ended.measures.gradient_norm.is_none());
        if !follows || !is_alike {
            return false;
        }
        self.losses.push(ended.loss as f32);
        self.learning_rates.push(ended.measures.learning_rate);
        self.gradient_norms.extend(ended.measures.gradient_norm);
        self.means.extend(ended.logs.0.iter().map(|(_, value)| *value as f32));
        self.spent_ms += ended.spent_ms;
        true
    }

    /// The running means after one of the batches.
    pub fn means_of(&self, idx: usize) -> &[f32] {
        let num = self.monitors.len();
        &self.means[idx * num..(idx + 1) * num]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(epoch: usize, batch: usize, logs: &Logs, gradient_norm: Option<f32>) -> EndedBatch<'_> {
        let measures = StepMeasures { learning_rate: 0.1, gradient_norm };
        EndedBatch { epoch, batch, loss: batch as f64, logs, measures, spent_ms: 2.0 }
    }

    #[test]
    fn a_block_holds_what_follows_and_nothing_else() {
        let logs = Logs::from([(Monitor::ACCURACY, 0.5), (Monitor::LOSS, 0.25)]);
        let mut block = BatchBlock::default();
        assert!(block.push(ended(1, 3, &logs, None)) && block.push(ended(1, 4, &logs, None)));
        assert!(!block.push(ended(1, 6, &logs, None)), "one is missing");
        assert!(!block.push(ended(2, 5, &logs, None)), "another epoch");
        assert!(!block.push(ended(1, 5, &logs, Some(1.0))), "another value");
        assert!(!block.push(ended(1, 5, &Logs::default(), None)), "other means");
        let expected = BatchBlock {
            epoch: 1,
            first: 3,
            losses: vec![3.0, 4.0],
            learning_rates: vec![0.1, 0.1],
            gradient_norms: Vec::new(),
            monitors: vec![Monitor::ACCURACY, Monitor::LOSS],
            means: vec![0.5, 0.25, 0.5, 0.25],
            spent_ms: 4.0,
        };
        assert_eq!(block, expected);
        assert_eq!(block.means_of(1), [0.5, 0.25]);
    }
}
