//! Fetches images, then their probabilities, and remembers the ones before for comparison.

use std::sync::Arc;

use crate::data::DatasetId;
use crate::protocol::{ImageSet, RunId, WorkerError, WorkerEvent};
use crate::ui::worker_model::ModelStamp;

/// How many images of the test file are predicted, from its start.
pub const NUM_IMAGES: u32 = 10;

/// Probabilities of some images by one state of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// The model.
    pub stamp: ModelStamp,
    /// The images.
    pub images: ImageSet,
    /// Values per row.
    pub num_classes: usize,
    /// 0..1, image after image.
    pub probabilities: Vec<f32>,
}

/// How the probabilities compare with the ones before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Likeness {
    /// The same to the last bit.
    Identical,
    /// The largest difference of two probabilities.
    Differs(f32),
}

/// The panel's state.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PredictionState {
    /// The probabilities shown.
    pub now: Option<Arc<Predictions>>,
    /// The ones before them.
    pub before: Option<Arc<Predictions>>,
    /// Why there are none.
    pub error: Option<WorkerError>,
    asked: Option<(RunId, ModelStamp)>,
    images: Option<ImageSet>,
}

impl PredictionState {
    /// A conversation has begun: images first, or probabilities of images at hand.
    pub fn begin(&mut self, run: RunId, stamp: ModelStamp) {
        self.asked = Some((run, stamp));
        self.error = None;
    }

    /// Whether an answer is being waited for.
    pub fn is_busy(&self) -> bool {
        self.asked.is_some()
    }

    /// The images at hand, if they are of that dataset.
    pub fn images_of(&self, dataset: DatasetId) -> Option<&ImageSet> {
        self.images.as_ref().filter(|images| images.dataset == dataset)
    }

    /// Takes an answer; whether it was waited for.
    pub fn apply(&mut self, event: WorkerEvent) -> bool {
        let Some((_, stamp)) = self.asked.take_if(|(run, _)| *run == event.run()) else { return false };
        match event {
            WorkerEvent::Images { images, .. } => self.images = Some(*images),
            WorkerEvent::Predicted { classes, probabilities, .. } => {
                if let Some(images) = self.images.clone() {
                    let next = Predictions { stamp, images, num_classes: classes, probabilities };
                    self.before = self.now.replace(Arc::new(next));
                }
            }
            WorkerEvent::Failed { error, .. } => self.error = Some(error),
            WorkerEvent::Died { .. } => (),
            // Shards are arriving: the answer is still to come.
            event => self.asked = Some((event.run(), stamp)),
        }
        true
    }

    /// How the probabilities compare with the ones before, if those are of the same images.
    pub fn likeness(&self) -> Option<Likeness> {
        let (now, before) = (self.now.as_ref()?, self.before.as_ref()?);
        if now.images != before.images || now.num_classes != before.num_classes {
            return None;
        }
        let pairs = || now.probabilities.iter().zip(&before.probabilities);
        if pairs().all(|(a, b)| a.to_bits() == b.to_bits()) {
            return Some(Likeness::Identical);
        }
        Some(Likeness::Differs(pairs().map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Split;
    use crate::protocol::LoadProgress;
    use crate::ui::worker_model::Origin;

    fn stamp(model: u32) -> ModelStamp {
        ModelStamp { name: "mlp".into(), origin: Origin::Training, epochs: Some(1), model, revision: 3 }
    }

    fn images(run: RunId) -> WorkerEvent {
        let images = ImageSet {
            dataset: DatasetId::Mnist,
            split: Split::Test,
            shape: [1, 1, 1],
            indices: vec![0],
            pixels: vec![9],
            labels: vec![1],
        };
        WorkerEvent::Images { run, images: Box::new(images) }
    }

    fn predict(state: &mut PredictionState, run: u32, first: f32) {
        state.begin(RunId(run), stamp(run));
        let probabilities = vec![first, 1.0 - first];
        assert!(state.apply(WorkerEvent::Predicted { run: RunId(run), classes: 2, probabilities }));
    }

    fn with_images() -> PredictionState {
        let mut state = PredictionState::default();
        state.begin(RunId(1), stamp(1));
        assert!(state.apply(WorkerEvent::LoadProgress { run: RunId(1), progress: LoadProgress::default() }));
        assert!(state.is_busy());
        assert!(state.apply(images(RunId(1))));
        state
    }

    #[test]
    fn images_come_first_then_their_probabilities() {
        let mut state = with_images();
        assert!(state.images_of(DatasetId::Mnist).is_some());
        assert!(state.images_of(DatasetId::FashionMnist).is_none());
        predict(&mut state, 2, 0.25);
        assert!(!state.is_busy());
        assert_eq!(state.now.as_ref().unwrap().probabilities, [0.25, 0.75]);
        assert_eq!(state.likeness(), None);
    }

    #[test]
    fn two_predictions_are_compared_to_the_last_bit() {
        let mut state = with_images();
        predict(&mut state, 2, 0.25);
        predict(&mut state, 3, 0.25);
        assert_eq!(state.likeness(), Some(Likeness::Identical));
        predict(&mut state, 4, 0.5);
        assert_eq!(state.likeness(), Some(Likeness::Differs(0.25)));
    }

    #[test]
    fn stale_answers_are_dropped_and_death_ends_the_wait() {
        let mut state = with_images();
        state.begin(RunId(5), stamp(1));
        assert!(!state.apply(images(RunId(4))));
        assert!(state.apply(WorkerEvent::Died { run: RunId(5), message: String::new() }));
        assert!(!state.is_busy() && state.now.is_none());
    }
}
