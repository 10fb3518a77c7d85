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
use crate::engine::shares::Shares;
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
    /// Who computes which chunks; those that are gathered are in the sums.
    shares: Shares<TaskResult>,
    /// Each row's loss so far.
    losses: Buffer<f32>,
    activity: f64,
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
        let shares = Shares::new(cut.num_chunks());
        Self { samples, loss, loss_weight, divisor, cut, shares, losses, activity: 0.0 }
    }

    /// How it is cut.
    pub fn cut(&self) -> &Cut {
        &self.cut
    }

    /// The first chunk that is neither computed nor lent.
    pub fn next_chunk(&self) -> Option<usize> {
        self.shares.free().next()
    }

    /// Whether no chunk is computed or lent yet.
    pub fn is_untouched(&self) -> bool {
        self.shares.is_untouched()
    }

    /// Whether nothing can be done until what was lent comes back.
    pub fn is_waiting(&self) -> bool {
        self.shares.is_waiting()
    }

    /// Hands out chunks to be computed elsewhere.
    ///
    /// # Panics
    /// If one of them is already computed or lent.
    pub fn lend(&mut self, chunks: Range<usize>) -> ChunkTask {
        self.shares.take(chunks.clone(), None);
        let range = self.cut.samples(&chunks);
        ChunkTask { chunks, cut: self.cut, samples: self.samples.slice(range.start, range.end).into_owned() }
    }

    /// Takes the result of chunks that were lent.
    ///
    /// # Errors
    /// The result itself, if it is of another step or of chunks that are not lent, or not any more.
    pub fn hand_in(&mut self, result: TaskResult) -> Result<(), TaskResult> {
        if result.step != self.cut.step {
            return Err(result);
        }
        self.shares.hand_in(&result.chunks.clone(), result)
    }

    /// Takes lent chunks back, to be computed here.
    pub fn take_back(&mut self, chunks: &Range<usize>) {
        self.shares.take_back(chunks);
    }

    /// Takes all lent chunks back.
    pub fn take_back_all(&mut self) {
        self.shares.take_back_all();
    }

    /// Computes one chunk, if there is one to compute, and gathers those whose turn it is. Gives the
    /// loss of the batch after its last chunk.
    pub(super) fn advance(&mut self, model: &mut Sequential, measures: &mut Measures) -> Option<f64> {
        if let Some(chunk) = self.next_chunk() {
            self.compute(chunk, model, measures);
        }
        while let Some((chunks, TaskResult { results, pieces, .. })) = self.shares.next_result() {
            for (chunk, result) in chunks.zip(results) {
                let range = self.cut.samples(&(chunk..chunk + 1));
                let (targets, weights) = self.samples.answers(range.start, range.end);
                see(measures, &result, &targets, weights.as_deref());
                self.note(&result);
            }
            for piece in pieces {
                model.gather(piece);
            }
        }
        if !self.shares.is_complete() {
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
        if chunk == self.shares.gathered() {
            see(measures, &result, &part.targets, part.weights.as_deref());
            self.note(&result);
            model.gather(piece);
            self.shares.gather();
        } else {
            let (step, results, pieces) = (self.cut.step, vec![result], vec![piece]);
            self.shares.take(chunks.clone(), Some(TaskResult { step, chunks, results, pieces }));
        }
    }

    /// Adds up a chunk whose turn it is.
    fn note(&mut self, result: &ChunkResult) {
        self.losses.extend_from_slice(&result.losses);
        self.activity += result.activity;
    }
}

fn see(measures: &mut Measures, result: &ChunkResult, targets: &Targets, weights: Option<&[f32]>) {
    measures.add_outputs(Seen { outputs: &result.outputs, targets, weights });
}

#[cfg(test)]
#[path = "shared_batch_tests.rs"]
mod tests;
