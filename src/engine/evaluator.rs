//! [`Evaluator`]: Keras's `evaluate`, one batch at a time.

use std::ops::Range;

use crate::data::Samples;
use crate::engine::losses::{LossSpec, LossWeight};
use crate::engine::metrics::{Measures, MetricSpec, Seen, argmax_rows};
use crate::engine::model::Sequential;
use crate::engine::shared_inference::{InferredBatch, SharedInference, indices};

/// Images per pass through the network where nobody asks for another number.
pub const EVALUATION_BATCH: usize = 32;

/// A pass over some images in progress. Never shuffles.
pub struct Evaluator {
    inference: SharedInference,
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
        let predicted = Vec::with_capacity(range.len());
        Self {
            inference: SharedInference::new(range, batch_size),
            measures: Measures::new(&[MetricSpec::accuracy()], &[]),
            loss_weight: LossWeight::default(),
            predicted,
        }
    }

    /// The same under an id that tells its shared batches from those of other passes.
    #[must_use]
    pub fn with_id(self, id: u64) -> Self {
        Self { inference: self.inference.with_id(id), ..self }
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

    /// Evaluates the next batch; false when none is left. Batches that were lent are computed here.
    ///
    /// # Panics
    /// If the range reaches past the samples.
    pub fn step(&mut self, model: &mut Sequential, samples: &dyn Samples, loss: LossSpec) -> bool {
        self.inference.take_back_all();
        while !self.inference.is_done() {
            if self.step_part(model, samples, loss) {
                return true;
            }
        }
        false
    }

    /// Counts the next batch, or computes another one before its turn; whether one was counted. Does
    /// nothing while what was lent is waited for.
    ///
    /// # Panics
    /// If the range reaches past the samples.
    pub fn step_part(&mut self, model: &mut Sequential, samples: &dyn Samples, loss: LossSpec) -> bool {
        let Some(InferredBatch { range, result }) = self.inference.advance(model, samples, loss) else {
            return false;
        };
        let weight = f64::from(self.loss_weight.factor());
        let batch_loss = loss.reduce(&result.losses, result.divisor) * weight + f64::from(result.penalty);
        self.measures.add_loss(batch_loss, range.len());
        let (targets, weights) = samples.answers(&indices(range));
        let weights = weights.as_deref();
        self.measures.add_outputs(Seen { outputs: &result.outputs, targets: &targets, weights });
        self.predicted.extend(argmax_rows(&result.outputs.values));
        true
    }

    /// Its batches, to be lent.
    pub fn inference(&mut self) -> &mut SharedInference {
        &mut self.inference
    }

    /// Batches evaluated so far.
    pub fn batches_done(&self) -> usize {
        self.inference.batches_done()
    }

    /// All batches of the pass.
    pub fn num_batches(&self) -> usize {
        self.inference.num_batches()
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
