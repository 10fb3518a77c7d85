//! The three networks that engines are compared on: batches of 64, Adam, cross-entropy.

use std::ops::Range;
use std::sync::Arc;

use crate::data::{LabeledImages, Samples};
use crate::engine::event::TrainEvent;
use crate::engine::metrics::argmax_rows;
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::{RunSpec, SpecError};
use crate::engine::trainer::{Step, Trainer};
use crate::tensor::rng::{Purpose, Rng};

/// Images per training step.
pub const BATCH: usize = 64;
/// Images per pass of inference.
pub const INFERENCE_BATCH: usize = 64;

/// W1, W2 and W3: the perceptron, the Keras-style CNN, LeNet-5.
pub const WORKLOADS: [(&str, Preset); 3] =
    [("W1", Preset::Mlp), ("W2", Preset::KerasCnn), ("W3", Preset::Lenet5)];

/// Images of nothing in particular, where only the time counts: eight batches of strewn gray.
pub fn images() -> LabeledImages {
    let num_images = 8 * BATCH;
    let mut rng = Rng::new(1, Purpose::Init, 0, 0);
    // A fifth of a digit's cells is not paper.
    let pixels = (0..num_images * 28 * 28).map(|_| (rng.uniform(-1020.0, 255.0).max(0.0)) as u8).collect();
    let labels = (0..num_images).map(|idx| (idx % 10) as u8).collect();
    LabeledImages::new([28, 28, 1], pixels, labels)
}

/// A network in training.
pub struct Workload {
    trainer: Trainer,
    images: Arc<LabeledImages>,
}

impl Workload {
    /// `preset`, trained on as many of `images` as fill whole batches, over and over.
    ///
    /// # Errors
    /// If the images are none of the network's.
    pub fn new(preset: Preset, images: Arc<LabeledImages>) -> Result<Self, SpecError> {
        let mut run = RunSpec::new(preset.spec());
        run.fit.batch_size = BATCH;
        run.fit.epochs = usize::MAX;
        run.data.samples = images.len() / BATCH * BATCH;
        run.data.validation_samples = 0;
        run.data.validate()?;
        run.validate_training()?;
        let model = Sequential::new(&run.model, run.seed)?;
        let samples: Arc<dyn Samples> = Arc::clone(&images) as Arc<dyn Samples>;
        Ok(Self { trainer: Trainer::new(model, &run, samples), images })
    }

    /// Trains for `steps` batches, everything included that training in the page does. Returns the
    /// loss of the last one.
    pub fn train(&mut self, steps: usize) -> f64 {
        let (mut done, mut last) = (0, f64::NAN);
        while done < steps {
            match self.trainer.step() {
                Step::Continue(TrainEvent::BatchEnd { batch_loss, .. }) => {
                    last = batch_loss;
                    done += 1;
                }
                Step::Continue(_) => {}
                Step::Done => break,
            }
        }
        last
    }

    /// Predicts the images of `range`, a batch at a time. Returns how many it got right.
    ///
    /// # Panics
    /// If the range leads past the last image.
    pub fn infer(&mut self, range: Range<usize>) -> usize {
        let mut right = 0;
        for begin in range.clone().step_by(INFERENCE_BATCH) {
            let end = (begin + INFERENCE_BATCH).min(range.end);
            let indices: Vec<u32> = (begin as u32..end as u32).collect();
            let (input, labels) = self.images.batch(&indices);
            let predicted = argmax_rows(&self.trainer.model().predict(&input));
            right += predicted.iter().zip(&labels).filter(|(predicted, label)| predicted == label).count();
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_strewn_cells_is_gray() {
        let images = images();
        let gray = images.pixels().iter().filter(|pixel| **pixel > 0).count() as f64;
        let share = gray / images.pixels().len() as f64;
        assert!((share - 0.2).abs() < 0.01, "{share}");
    }

    #[test]
    fn every_workload_learns_and_predicts() {
        let pixels = (0..128 * 784).map(|idx| if idx / 784 % 2 == idx % 2 { 255 } else { 0 }).collect();
        let labels = (0..128).map(|idx| idx % 2).collect();
        let images = Arc::new(LabeledImages::new([28, 28, 1], pixels, labels));
        let mut workload = Workload::new(Preset::Mlp, Arc::clone(&images)).unwrap();
        let first = workload.train(1);
        let last = workload.train(20);
        assert!(last < first / 2.0, "{first} {last}");
        assert_eq!(workload.infer(0..100), 100);
    }
}
