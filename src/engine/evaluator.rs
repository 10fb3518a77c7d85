//! [`Evaluator`]: Keras's `evaluate`, one batch at a time.

use std::ops::Range;

use crate::data::Samples;
use crate::engine::losses::{LossSpec, LossWeight};
use crate::engine::metrics::{Measures, MetricSpec, Seen, argmax_rows};
use crate::engine::model::Sequential;

/// Images per pass through the network where nobody asks for another number.
pub const EVALUATION_BATCH: usize = 32;

/// A pass over some images in progress. Never shuffles.
pub struct Evaluator {
    range: Range<usize>,
    batch_size: usize,
    batches_done: usize,
    measures: Measures,
    loss_weight: LossWeight,
    predicted: Vec<u8>,
}

impl Evaluator {
    /// Prepares a pass over the images at `range`.
    ///
    /// # Panics
    /// If `batch_size` is 0.
    pub fn new(range: Range<usize>, batch_size: usize) -> Self {
        assert!(batch_size > 0, "a batch holds at least one image");
        let predicted = Vec::with_capacity(range.len());
        Self {
            range,
            batch_size,
            batches_done: 0,
            measures: Measures::new(&[MetricSpec::accuracy()], &[]),
            loss_weight: LossWeight::default(),
            predicted,
        }
    }

    /// The same, with these metrics instead of accuracy.
    #[must_use]
    pub fn measuring(self, measures: Measures) -> Self {
        Self { measures, ..self }
    }

    /// The same, with the loss multiplied by this.
    #[must_use]
    pub fn weighing(self, loss_weight: LossWeight) -> Self {
        Self { loss_weight, ..self }
    }

    /// Evaluates the next batch; false when none is left.
    ///
    /// # Panics
    /// If the range reaches past the samples.
    pub fn step(&mut self, model: &mut Sequential, samples: &dyn Samples, loss: LossSpec) -> bool {
        let begin = self.range.start + self.batches_done * self.batch_size;
        if begin >= self.range.end {
            return false;
        }
        let end = (begin + self.batch_size).min(self.range.end);
        let indices: Vec<u32> = (begin as u32..end as u32).collect();
        let batch = samples.batch(&indices);
        let result = model.evaluate_batch(&batch, loss);
        let weight = f64::from(self.loss_weight.factor());
        let batch_loss = loss.reduce(&result.losses, result.divisor) * weight + f64::from(result.penalty);
        self.measures.add_loss(batch_loss, batch.len());
        let weights = batch.weights.as_deref();
        self.measures.add_outputs(Seen { outputs: &result.outputs, targets: &batch.targets, weights });
        self.predicted.extend(argmax_rows(&result.outputs.values));
        self.batches_done += 1;
        true
    }

    /// Batches evaluated so far.
    pub fn batches_done(&self) -> usize {
        self.batches_done
    }

    /// All batches of the pass.
    pub fn num_batches(&self) -> usize {
        self.range.len().div_ceil(self.batch_size)
    }

    /// The loss and the metrics so far.
    pub fn measures(&self) -> &Measures {
        &self.measures
    }

    /// The predicted class of every image so far, in order.
    pub fn predicted(&self) -> &[u8] {
        &self.predicted
    }
}
