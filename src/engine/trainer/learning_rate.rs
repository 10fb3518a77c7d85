//! The learning rate, changed from outside while training goes on.
//!
//! It is what `optimizer.learning_rate = x` is in Keras: the next step uses it, and callbacks go on from it.
//! A gradient does not depend on the rate, so a rate that is set while a batch is being computed, by one
//! worker or by several, gives the same bits as one that is set before that batch.

use serde::{Deserialize, Serialize};

use super::{Phase, Trainer};
use crate::engine::argument::{ArgumentError, check};
use crate::engine::event::TrainEvent;
use crate::engine::optimizers::ScheduledRateError;

/// Why a learning rate was not set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum LearningRateError {
    /// It follows a schedule; Keras raises a `TypeError`.
    #[error(transparent)]
    Scheduled(#[from] ScheduledRateError),
    /// It is negative, infinite or no number.
    #[error(transparent)]
    Argument(#[from] ArgumentError),
}

impl Trainer {
    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f32 {
        self.optimizer.learning_rate()
    }

    /// Sets the learning rate from the next step on: Keras's `optimizer.learning_rate = x`. Told as
    /// [`TrainEvent::LearningRateSet`], after what is still to be told; callbacks do not hear of it, as they
    /// do not in Keras. Does nothing once there is no step any more.
    ///
    /// # Errors
    /// If the rate follows a schedule, or `learning_rate` is negative or not finite; then nothing is changed.
    pub fn set_learning_rate(&mut self, learning_rate: f32) -> Result<(), LearningRateError> {
        check("learning_rate", learning_rate, 0.0, f32::MAX)?;
        let before = self.optimizer.learning_rate();
        let (epoch, batch) = match &self.phase {
            Phase::TrainBegin | Phase::EpochBegin => (self.epoch, 0),
            Phase::Batch(_) | Phase::Validation { .. } | Phase::EpochEnd { .. } => {
                (self.epoch, self.batches.step())
            }
            Phase::TrainEnd | Phase::Done => return Ok(()),
        };
        self.optimizer.set_learning_rate(learning_rate)?;
        self.pending.push_back(TrainEvent::LearningRateSet { epoch, batch, before, after: learning_rate });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::data::LabeledImages;
    use crate::engine::callbacks::{
        CallbackSpec, EpochScheduleSpec, LearningRateSchedulerSpec, ReduceLrOnPlateauSpec,
    };
    use crate::engine::event::Monitor;
    use crate::engine::layers::{Activation, DenseSpec, DropoutSpec, FlattenSpec};
    use crate::engine::model::Sequential;
    use crate::engine::optimizers::OptimizerSpec;
    use crate::engine::schedules::{PiecewiseConstantDecaySpec, ScheduleSpec};
    use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
    use crate::engine::trainer::Step;
    use crate::tensor::Shape;

    /// 30 images to learn from in batches of 8, so 4 batches an epoch, 3 epochs.
    fn run(optimizer: OptimizerSpec, callbacks: Vec<CallbackSpec>) -> RunSpec {
        let layers = vec![
            FlattenSpec::default().into(),
            DropoutSpec { rate: 0.2, ..DropoutSpec::default() }.into(),
            DenseSpec { units: 2, activation: Activation::Softmax, ..DenseSpec::default() }.into(),
        ];
        let model = ModelSpec { name: "rate".to_owned(), input_shape: Shape::from([2, 2, 1]), layers };
        let fit = FitSpec { batch_size: 8, epochs: 3, callbacks, ..FitSpec::default() };
        let data = DataSpec { samples: 40, validation_samples: 10, ..DataSpec::default() };
        let compile = CompileSpec { optimizer, ..CompileSpec::default() };
        RunSpec { compile, fit, data, ..RunSpec::new(model) }
    }

    fn adam(learning_rate: f32) -> OptimizerSpec {
        OptimizerSpec::default().with_learning_rate(learning_rate)
    }

    fn trainer(run: &RunSpec) -> Trainer {
        let pixels = (0..40 * 4).map(|idx| (idx * 37 % 251) as u8).collect();
        let labels = (0..40).map(|idx| (idx % 2) as u8).collect();
        let images = LabeledImages::new([2, 2, 1], pixels, labels);
        Trainer::new(Sequential::new(&run.model, run.seed).unwrap(), run, Arc::new(images))
    }

    /// Trains to the end and sets a rate wherever `set` says one after an event.
    fn train(trainer: &mut Trainer, set: impl Fn(&TrainEvent) -> Option<f32>) -> Vec<TrainEvent> {
        let mut events = Vec::new();
        while let Step::Continue(event) = trainer.step() {
            if let Some(rate) = set(&event) {
                trainer.set_learning_rate(rate).unwrap();
            }
            events.push(event);
        }
        events
    }

    fn after_batch(epoch: usize, batch: usize, rate: f32) -> impl Fn(&TrainEvent) -> Option<f32> {
        move |event| match event {
            TrainEvent::BatchEnd { epoch: e, batch: b, .. } if (*e, *b) == (epoch, batch) => Some(rate),
            _ => None,
        }
    }

    fn sets(events: &[TrainEvent]) -> Vec<&TrainEvent> {
        events.iter().filter(|event| matches!(event, TrainEvent::LearningRateSet { .. })).collect()
    }

    fn bits(trainer: Trainer) -> Vec<u32> {
        trainer.into_model().params().iter().map(|value| value.to_bits()).collect()
    }

    /// The sequence made by hand: an optimizer that follows the same rates by a schedule.
    #[test]
    fn a_rate_set_after_some_batches_gives_the_bits_of_a_sequence_with_these_rates() {
        for (epoch, batch, steps) in [(0, 0, 1), (0, 2, 3), (1, 1, 6), (1, 3, 8)] {
            let mut changed = trainer(&run(adam(0.05), Vec::new()));
            let events = train(&mut changed, after_batch(epoch, batch, 0.2));
            let (before, after) = (0.05, 0.2);
            let expected = TrainEvent::LearningRateSet { epoch, batch: batch + 1, before, after };
            assert_eq!(sets(&events), [&expected]);
            let schedule =
                PiecewiseConstantDecaySpec { boundaries: vec![steps - 1], values: vec![before, after] };
            let schedule = ScheduleSpec::PiecewiseConstantDecay(schedule);
            let mut scheduled =
                trainer(&run(OptimizerSpec::default().with_learning_rate(schedule), Vec::new()));
            train(&mut scheduled, |_| None);
            let mut unchanged = trainer(&run(adam(0.05), Vec::new()));
            train(&mut unchanged, |_| None);
            let got = bits(changed);
            assert_eq!(got, bits(scheduled), "after batch {batch} of epoch {epoch}");
            assert_ne!(got, bits(unchanged));
        }
    }

    #[test]
    fn a_rate_may_be_set_before_the_beginning_between_epochs_and_after_the_end() {
        let mut trainer = trainer(&run(adam(0.05), Vec::new()));
        trainer.set_learning_rate(0.1).unwrap();
        let events = train(&mut trainer, |event| match event {
            TrainEvent::EpochEnd { epoch: 0, .. } => Some(0.2),
            TrainEvent::TestBatchEnd { epoch: 1, batch: 0, .. } => Some(0.3),
            _ => None,
        });
        let set = |epoch, batch, before, after| TrainEvent::LearningRateSet { epoch, batch, before, after };
        let expected = [set(0, 0, 0.05, 0.1), set(1, 0, 0.1, 0.2), set(1, 4, 0.2, 0.3)];
        assert_eq!(sets(&events), expected.iter().collect::<Vec<_>>());
        assert_eq!(events[0], expected[0]);
        trainer.set_learning_rate(0.7).unwrap();
        assert_eq!((trainer.step(), trainer.learning_rate()), (Step::Done, 0.3));
    }

    #[test]
    fn a_schedule_and_impossible_rates_are_refused_and_nothing_changes() {
        let schedule = ScheduleSpec::PiecewiseConstantDecay(PiecewiseConstantDecaySpec::default());
        let mut scheduled = trainer(&run(OptimizerSpec::default().with_learning_rate(schedule), Vec::new()));
        let refused = scheduled.set_learning_rate(0.5).unwrap_err();
        let schedule = "PiecewiseConstantDecay".to_owned();
        assert_eq!(refused, LearningRateError::Scheduled(ScheduledRateError { schedule }));
        assert!(refused.to_string().contains("follows PiecewiseConstantDecay"));
        let mut plain = trainer(&run(adam(0.05), Vec::new()));
        for rate in [-0.1, f32::NAN, f32::INFINITY] {
            assert!(matches!(plain.set_learning_rate(rate), Err(LearningRateError::Argument(_))), "{rate}");
        }
        assert_eq!(plain.learning_rate(), 0.05);
        assert!(sets(&train(&mut plain, |_| None)).is_empty());
    }

    #[test]
    fn a_resumed_run_keeps_the_rate() {
        let spec = run(adam(0.05), Vec::new());
        let mut whole = trainer(&spec);
        train(&mut whole, after_batch(0, 1, 0.2));
        let mut first = trainer(&spec);
        loop {
            let Step::Continue(event) = first.step() else { panic!("it ends too early") };
            if after_batch(0, 1, 0.2)(&event).is_some() {
                first.set_learning_rate(0.2).unwrap();
            }
            if matches!(event, TrainEvent::EpochEnd { epoch: 1, .. }) {
                break;
            }
        }
        let snapshot = first.snapshot();
        assert_eq!(snapshot.learning_rate, 0.2);
        let mut second = trainer(&spec);
        second.resume(&snapshot).unwrap();
        train(&mut second, |_| None);
        assert_eq!(bits(second), bits(whole));
    }

    #[test]
    fn callbacks_overwrite_it_or_go_on_from_it_as_in_keras() {
        let rates = |schedule| {
            let scheduler =
                CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec { schedule, verbose: 0 });
            let mut trainer = trainer(&run(adam(0.5), vec![scheduler]));
            let events = train(&mut trainer, after_batch(0, 1, 0.25));
            let of_epoch = |event: &TrainEvent| match event {
                TrainEvent::EpochEnd { logs, .. } => logs.get(&Monitor::LEARNING_RATE),
                _ => None,
            };
            events.iter().filter_map(of_epoch).collect::<Vec<f64>>()
        };
        assert_eq!(rates(EpochScheduleSpec::Constant { learning_rate: 0.5 }), [0.25, 0.5, 0.5]);
        assert_eq!(rates(EpochScheduleSpec::Multiply { factor: 0.5, from_epoch: 1 }), [0.25, 0.125, 0.0625]);
        // Nothing is ever better than by a thousand, so every epoch after the first one reduces.
        let plateau =
            ReduceLrOnPlateauSpec { patience: 1, factor: 0.5, min_delta: 1e3, ..Default::default() };
        let mut trainer = trainer(&run(adam(0.5), vec![CallbackSpec::ReduceLrOnPlateau(plateau)]));
        train(&mut trainer, after_batch(1, 1, 0.25));
        assert_eq!(trainer.learning_rate(), 0.0625);
    }
}
