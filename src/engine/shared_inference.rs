//! [`SharedInference`]: inference on many samples, some of whose batches may be computed elsewhere.
//!
//! Batches are computed whole, by whoever has them, and come out in the order of the samples: losses,
//! metrics and penalties have the bits of an inference in one place. No sample of a batch looks at
//! another one in inference, but penalties on outputs are sums over a batch.

use std::collections::VecDeque;
use std::ops::Range;

use crate::data::{Batch, Samples};
use crate::engine::losses::{LossSpec, Outputs};
use crate::engine::model::{BatchResult, Sequential};
use crate::engine::shares::Shares;
use crate::tensor::Buffer;

/// Inference on neighboring samples in progress.
pub struct SharedInference {
    id: u64,
    range: Range<usize>,
    batch_size: usize,
    wants_losses: bool,
    /// Who computes which batches.
    shares: Shares<InferenceResult>,
    /// Results that were computed elsewhere and whose turn it is.
    ready: VecDeque<BatchResult>,
    batches_done: usize,
}

/// A batch whose turn it was.
#[derive(Debug, Clone, PartialEq)]
pub struct InferredBatch {
    /// Where its samples stand.
    pub range: Range<usize>,
    /// What it gave.
    pub result: BatchResult,
}

/// Neighboring batches, to be computed by any replica of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceTask {
    /// Of which inference.
    pub id: u64,
    /// Which of its batches.
    pub batches: Range<usize>,
    /// Samples of a batch; the last one may have fewer.
    pub batch_size: usize,
    /// Whether losses are asked for besides outputs.
    pub wants_losses: bool,
    /// The samples of these batches alone.
    pub samples: Batch,
}

/// What an [`InferenceTask`] gave.
#[derive(Debug, Clone, PartialEq)]
pub struct InferenceResult {
    /// The task's inference.
    pub id: u64,
    /// The task's batches.
    pub batches: Range<usize>,
    /// Of each batch, in order.
    pub results: Vec<BatchResult>,
}

impl SharedInference {
    /// Prepares to compute the samples at `range`.
    ///
    /// # Panics
    /// If `batch_size` is 0.
    pub fn new(range: Range<usize>, batch_size: usize) -> Self {
        assert!(batch_size > 0, "a batch holds at least one sample");
        let shares = Shares::new(range.len().div_ceil(batch_size));
        let ready = VecDeque::new();
        Self { id: 0, range, batch_size, wants_losses: true, shares, ready, batches_done: 0 }
    }

    /// The same, with outputs alone.
    #[must_use]
    pub fn without_losses(self) -> Self {
        Self { wants_losses: false, ..self }
    }

    /// The same under an id that tells its results from those of other inferences.
    #[must_use]
    pub fn with_id(self, id: u64) -> Self {
        Self { id, ..self }
    }

    /// Samples of a batch; the last one may have fewer.
    pub fn batch_size(&self) -> usize {
        self.batch_size
    }

    /// All batches.
    pub fn num_batches(&self) -> usize {
        self.shares.num_parts()
    }

    /// Batches whose results were given out.
    pub fn batches_done(&self) -> usize {
        self.batches_done
    }

    /// Whether all batches are done.
    pub fn is_done(&self) -> bool {
        self.batches_done == self.num_batches()
    }

    /// The first batches that are neither computed nor lent; empty if there are none.
    pub fn free(&self) -> Range<usize> {
        self.shares.free()
    }

    /// How many batches are neither computed nor lent.
    pub fn num_free(&self) -> usize {
        self.shares.num_free()
    }

    /// Whether nothing can be done until what was lent comes back.
    pub fn is_waiting(&self) -> bool {
        self.ready.is_empty() && self.shares.is_waiting()
    }

    /// Hands out batches to be computed elsewhere.
    ///
    /// # Panics
    /// If one of them is already computed or lent, or there are fewer samples.
    pub fn lend(&mut self, batches: Range<usize>, samples: &dyn Samples) -> InferenceTask {
        self.shares.take(batches.clone(), None);
        InferenceTask {
            id: self.id,
            batch_size: self.batch_size,
            wants_losses: self.wants_losses,
            samples: samples.batch(&indices(self.samples(&batches))),
            batches,
        }
    }

    /// Takes the result of batches that were lent.
    ///
    /// # Errors
    /// The result itself, if it is of another inference or of batches that are not lent, or not any more.
    pub fn hand_in(&mut self, result: InferenceResult) -> Result<(), InferenceResult> {
        if result.id != self.id {
            return Err(result);
        }
        self.shares.hand_in(&result.batches.clone(), result)
    }

    /// Takes lent batches back, to be computed here.
    pub fn take_back(&mut self, batches: &Range<usize>) {
        self.shares.take_back(batches);
    }

    /// Takes all lent batches back.
    pub fn take_back_all(&mut self) {
        self.shares.take_back_all();
    }

    /// Gives the batch whose turn it is; one that is not there yet is computed, or else another one
    /// before its turn. Does nothing while it [`SharedInference::is_waiting`].
    ///
    /// # Panics
    /// If the samples do not fit the model, or there are fewer.
    pub fn advance(
        &mut self,
        model: &mut Sequential,
        samples: &dyn Samples,
        loss: LossSpec,
    ) -> Option<InferredBatch> {
        if self.ready.is_empty()
            && let Some((_, result)) = self.shares.next_result()
        {
            self.ready = result.results.into();
        }
        if let Some(result) = self.ready.pop_front() {
            return Some(self.give(result));
        }
        let batch = self.shares.free().next()?;
        let part = samples.batch(&indices(self.samples(&(batch..batch + 1))));
        let result = infer(model, &part, loss, self.wants_losses);
        if batch == self.shares.gathered() {
            self.shares.gather();
            return Some(self.give(result));
        }
        let batches = batch..batch + 1;
        let result = InferenceResult { id: self.id, batches: batches.clone(), results: vec![result] };
        self.shares.take(batches, Some(result));
        None
    }

    fn give(&mut self, result: BatchResult) -> InferredBatch {
        let range = self.samples(&(self.batches_done..self.batches_done + 1));
        self.batches_done += 1;
        InferredBatch { range, result }
    }

    /// Where the samples of some batches stand.
    fn samples(&self, batches: &Range<usize>) -> Range<usize> {
        let end = self.range.start + batches.end * self.batch_size;
        self.range.start + batches.start * self.batch_size..end.min(self.range.end)
    }
}

impl InferenceTask {
    /// Computes the batches.
    ///
    /// # Panics
    /// If the samples do not fit the model.
    pub fn compute(&self, model: &mut Sequential, loss: LossSpec) -> InferenceResult {
        let len = self.samples.len();
        let batch = |begin: usize| self.samples.slice(begin, (begin + self.batch_size).min(len));
        let begins = (0..len).step_by(self.batch_size);
        let results = begins.map(|begin| infer(model, &batch(begin), loss, self.wants_losses)).collect();
        InferenceResult { id: self.id, batches: self.batches.clone(), results }
    }
}

fn infer(model: &mut Sequential, batch: &Batch, loss: LossSpec, wants_losses: bool) -> BatchResult {
    if wants_losses {
        return model.evaluate_batch(batch, loss);
    }
    let outputs = Outputs { values: model.predict(&batch.input), logits: None };
    BatchResult { losses: Buffer::default(), outputs, divisor: 1.0, penalty: 0.0 }
}

/// Those of samples next to each other.
pub(super) fn indices(range: Range<usize>) -> Buffer<u32> {
    Buffer::collect(range.len(), range.start as u32..range.end as u32)
}

#[cfg(test)]
#[path = "shared_inference_tests.rs"]
mod tests;
