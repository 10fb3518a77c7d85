//! What a [`Trainer`] lets others measure while it works; see [`crate::engine::watch`].

use super::Trainer;
use crate::engine::watch::{HistogramsEvent, LOOKED_AT, StepMeasures, WatchSpec};

impl Trainer {
    /// Measures this from now on; a run may be watched and not be watched as one likes.
    pub fn watch(&mut self, spec: WatchSpec) {
        self.watch.spec = spec;
    }

    /// What the last step was like, of which the last [`crate::engine::event::TrainEvent::BatchEnd`] tells.
    pub fn step_measures(&self) -> StepMeasures {
        self.watch.last
    }

    /// The histograms of the last end of an epoch, or of the beginning, if they were asked for; once.
    pub fn take_histograms(&mut self) -> Option<HistogramsEvent> {
        self.watch.take_histograms()
    }

    /// Lets the watch look at the model after so many epochs.
    pub(super) fn see_model(&mut self, epochs: usize) {
        let validation = self.num_train..self.num_samples;
        let looked_at = if validation.is_empty() { 0..self.num_train } else { validation };
        let looked_at = looked_at.start..looked_at.end.min(looked_at.start + LOOKED_AT);
        self.watch.see_model(&self.model, epochs, &*self.samples, looked_at);
    }
}
