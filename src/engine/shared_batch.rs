//! [`SharedBatch`]: a training batch some of whose chunks may be computed elsewhere.
//!
//! Whoever has lent chunks hands in their results in any order. They are gathered in the order of
//! the batch, so that losses, metrics and gradients have the bits of a batch computed in one place.

use std::ops::Range;

use crate::data::{Batch, Targets};
use crate::engine::chunk::{ChunkResult, ChunkTask, Cut, TaskResult};
use crate::engine::losses::LossSpec;
use crate::engine::metrics::{Measures, Seen};
use crate::engine::model::Sequential;
use crate::engine::spec::CompileSpec;
use crate::tensor::Buffer;

/// A training batch in progress.
pub struct SharedBatch {
    samples: Batch,
    loss: LossSpec,
    loss_weight: f32,
    /// What the sum of losses is divided by, before it is weighed.
    divisor: f32,
    cut: Cut,
    /// Chunks whose results are in the sums.
    gathered: usize,
    /// Chunks past those that are being computed elsewhere, or wait for their turn; in order.
    taken: Vec<Taken>,
    /// Each row's loss so far.
    losses: Buffer<f32>,
    activity: f64,
}

struct Taken {
    chunks: Range<usize>,
    /// None while it is computed elsewhere.
    result: Option<TaskResult>,
}

impl SharedBatch {
    /// A batch that nobody has begun to compute; `step` counts the steps of the optimizer before.
    pub(super) fn new(
        model: &mut Sequential,
        samples: Batch,
        compile: &CompileSpec,
        seed: u64,
        step: u64,
    ) -> Self {
        model.begin_batch();
        let (loss, loss_weight) = (compile.loss, compile.loss_weights.factor());
        let mut cut = model.cut(&samples, loss, seed, step);
        let divisor = cut.divisor;
        // Dividing by less weighs the gradient.
        cut.divisor /= loss_weight;
        let losses = Buffer::with_capacity(samples.len() * loss.rows(model.output_shape(), &samples.targets));
        let taken = Vec::new();
        Self { samples, loss, loss_weight, divisor, cut, gathered: 0, taken, losses, activity: 0.0 }
    }

    /// How it is cut.
    pub fn cut(&self) -> &Cut {
        &self.cut
    }

    /// The first chunk that is neither computed nor lent.
    pub fn next_chunk(&self) -> Option<usize> {
        let skip = |next, taken: &Taken| if taken.chunks.start == next { taken.chunks.end } else { next };
        let next = self.taken.iter().fold(self.gathered, skip);
        (next < self.cut.num_chunks()).then_some(next)
    }

    /// Whether no chunk is computed or lent yet.
    pub fn is_untouched(&self) -> bool {
        self.gathered == 0 && self.taken.is_empty()
    }

    /// Whether nothing can be done until what was lent comes back.
    pub fn is_waiting(&self) -> bool {
        self.next_chunk().is_none() && self.taken.first().is_some_and(|first| first.result.is_none())
    }

    /// Hands out chunks to be computed elsewhere.
    ///
    /// # Panics
    /// If one of them is already computed or lent.
    pub fn lend(&mut self, chunks: Range<usize>) -> ChunkTask {
        self.take(chunks.clone(), None);
        let range = self.cut.samples(&chunks);
        ChunkTask { chunks, cut: self.cut, samples: self.samples.slice(range.start, range.end).into_owned() }
    }

    /// Takes the result of chunks that were lent.
    ///
    /// # Errors
    /// The result itself, if it is of another step or of chunks that are not lent, or not any more.
    pub fn hand_in(&mut self, result: TaskResult) -> Result<(), TaskResult> {
        let waits = |taken: &&mut Taken| taken.result.is_none() && taken.chunks == result.chunks;
        match self.taken.iter_mut().find(waits).filter(|_| result.step == self.cut.step) {
            Some(taken) => taken.result = Some(result),
            None => return Err(result),
        }
        Ok(())
    }

    /// Takes lent chunks back, to be computed here.
    pub fn take_back(&mut self, chunks: &Range<usize>) {
        self.taken.retain(|taken| taken.result.is_some() || taken.chunks != *chunks);
    }

    /// Takes all lent chunks back.
    pub fn take_back_all(&mut self) {
        self.taken.retain(|taken| taken.result.is_some());
    }

    fn take(&mut self, chunks: Range<usize>, result: Option<TaskResult>) {
        let is_free = |taken: &Taken| taken.chunks.end <= chunks.start || chunks.end <= taken.chunks.start;
        let are_there = self.gathered <= chunks.start && chunks.end <= self.cut.num_chunks();
        assert!(are_there && self.taken.iter().all(is_free), "chunks {chunks:?} are not to be had");
        let place = self.taken.partition_point(|taken| taken.chunks.start < chunks.start);
        self.taken.insert(place, Taken { chunks, result });
    }

    /// Computes one chunk, if there is one to compute, and gathers those whose turn it is. Gives the
    /// loss of the batch after its last chunk.
    pub(super) fn advance(&mut self, model: &mut Sequential, measures: &mut Measures) -> Option<f64> {
        if let Some(chunk) = self.next_chunk() {
            self.compute(chunk, model, measures);
        }
        while self.taken.first().is_some_and(|it| it.chunks.start == self.gathered && it.result.is_some()) {
            let Some(TaskResult { results, pieces, .. }) = self.taken.remove(0).result else { continue };
            for result in results {
                let range = self.cut.samples(&(self.gathered..self.gathered + 1));
                let (targets, weights) = self.samples.answers(range.start, range.end);
                see(measures, &result, &targets, weights.as_deref());
                self.note(&result);
            }
            for piece in pieces {
                model.gather(piece);
            }
        }
        if self.gathered < self.cut.num_chunks() {
            return None;
        }
        let penalty = model.end_batch(self.samples.len(), self.activity);
        let data_loss = self.loss.reduce(&self.losses, self.divisor) * f64::from(self.loss_weight);
        let loss = data_loss + f64::from(penalty);
        measures.add_loss(loss, self.samples.len());
        Some(loss)
    }

    fn compute(&mut self, chunk: usize, model: &mut Sequential, measures: &mut Measures) {
        let chunks = chunk..chunk + 1;
        let range = self.cut.samples(&chunks);
        let part = self.samples.slice(range.start, range.end);
        let (result, piece) = model.compute_chunk(&part, self.loss, &self.cut, chunk);
        if chunk == self.gathered {
            see(measures, &result, &part.targets, part.weights.as_deref());
            self.note(&result);
            model.gather(piece);
        } else {
            let (step, results, pieces) = (self.cut.step, vec![result], vec![piece]);
            self.take(chunks.clone(), Some(TaskResult { step, chunks, results, pieces }));
        }
    }

    /// Counts a chunk whose turn it is.
    fn note(&mut self, result: &ChunkResult) {
        self.losses.extend_from_slice(&result.losses);
        self.activity += result.activity;
        self.gathered += 1;
    }
}

fn see(measures: &mut Measures, result: &ChunkResult, targets: &Targets, weights: Option<&[f32]>) {
    measures.add_outputs(Seen { outputs: &result.outputs, targets, weights });
}

#[cfg(test)]
#[path = "shared_batch_tests.rs"]
mod tests;
