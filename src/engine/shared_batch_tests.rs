//! Whoever computes the chunks, in whatever order they come back: the same bits.

use std::ops::Range;
use std::sync::Arc;

use super::*;
use crate::data::LabeledImages;
use crate::engine::event::TrainEvent;
use crate::engine::layers::{
    Activation, Conv2dSpec, DenseSpec, DropoutSpec, GlobalAveragePooling2dSpec, LayerSpec,
};
use crate::engine::regularizers::{L1Spec, L2Spec};
use crate::engine::spec::{DataSpec, FitSpec, ModelSpec, RunSpec};
use crate::engine::trainer::{Step, Trainer};
use crate::tensor::Shape;

const SHAPE: [usize; 3] = [12, 12, 1];
const SAMPLES: usize = 100;

/// Everything that must not depend on who computes: dropout, penalties, weights, a smaller last batch.
fn run() -> RunSpec {
    let conv = Conv2dSpec {
        filters: 5,
        kernel_size: [3, 3],
        kernel_regularizer: Some(L2Spec { l2: 0.01 }.into()),
        activity_regularizer: Some(L1Spec { l1: 0.001 }.into()),
        activation: Activation::Relu,
        ..Conv2dSpec::default()
    };
    let dense = |units, activation| -> LayerSpec {
        let activity_regularizer = Some(L2Spec { l2: 0.01 }.into());
        DenseSpec { units, activation, activity_regularizer, ..DenseSpec::default() }.into()
    };
    let layers = vec![
        conv.into(),
        DropoutSpec { rate: 0.25, ..DropoutSpec::default() }.into(),
        GlobalAveragePooling2dSpec::default().into(),
        dense(4, Activation::Tanh),
        dense(3, Activation::Softmax),
    ];
    let model = ModelSpec { name: "shared".to_owned(), input_shape: Shape::from(SHAPE), layers };
    let fit =
        FitSpec { batch_size: 37, epochs: 2, class_weight: Some([(1, 0.5)].into()), ..FitSpec::default() };
    let data = DataSpec { samples: SAMPLES, validation_samples: 12, ..DataSpec::default() };
    RunSpec { fit, data, seed: 3, ..RunSpec::new(model) }
}

fn trainer(run: &RunSpec) -> Trainer {
    let pixels = (0..SAMPLES * 144).map(|idx| (idx * idx % 251) as u8).collect();
    let labels = (0..SAMPLES).map(|idx| (idx * 7 % 3) as u8).collect();
    let images = LabeledImages::new(SHAPE, pixels, labels);
    Trainer::new(Sequential::new(&run.model, run.seed).unwrap(), run, Arc::new(images))
}

type Trained = (Vec<TrainEvent>, Vec<f32>);

fn alone(run: &RunSpec) -> Trained {
    let mut trainer = trainer(run);
    let mut events = Vec::new();
    while let Step::Continue(event) = trainer.step() {
        events.push(event);
    }
    (events, trainer.into_model().params().to_vec())
}

/// Lends the chunks at `shares` of every batch to a second model, and hands them in when the trainer
/// waits, the last share first. `loses` says which share of which step never comes back.
fn with_help(
    run: &RunSpec,
    shares: impl Fn(usize) -> Vec<Range<usize>>,
    loses: impl Fn(u64, usize) -> bool,
) -> Trained {
    with_help_and_rates(run, shares, loses, |_, _| None)
}

/// As [`with_help`]; whenever chunks of a step have been lent or one was handed in, `rate` may say another
/// learning rate, given the step and how many shares are still out.
fn with_help_and_rates(
    run: &RunSpec,
    shares: impl Fn(usize) -> Vec<Range<usize>>,
    loses: impl Fn(u64, usize) -> bool,
    rate: impl Fn(u64, usize) -> Option<f32>,
) -> Trained {
    let (mut trainer, mut events) = (trainer(run), Vec::new());
    let mut replica = Sequential::new(&run.model, 99).unwrap();
    let mut lent: Vec<ChunkTask> = Vec::new();
    let mut last_step = None;
    loop {
        if let Some((model, batch)) = trainer.shared_batch() {
            let step = batch.cut().step;
            if last_step != Some(step) {
                last_step = Some(step);
                replica.params_mut().copy_from_slice(model.params());
                lent = shares(batch.cut().num_chunks()).into_iter().map(|share| batch.lend(share)).collect();
            }
            if batch.is_waiting() {
                let task = lent.pop().expect("it waits for something");
                if loses(step, lent.len()) {
                    batch.take_back(&task.chunks);
                    let late = replica.compute(&task, run.compile.loss);
                    assert!(batch.hand_in(late).is_err(), "it was taken back");
                } else {
                    batch.hand_in(replica.compute(&task, run.compile.loss)).unwrap();
                }
            }
            if let Some(rate) = rate(step, lent.len()) {
                trainer.set_learning_rate(rate).unwrap();
                // As the worker does: nobody hears helpers while something waits to be told.
                while trainer.has_more_to_say() {
                    let Some(Step::Continue(event)) = trainer.step_part() else { break };
                    events.push(event);
                }
            }
        }
        // At any time: it may only make ready what is taken later.
        trainer.look_ahead();
        match trainer.step_part() {
            None => {}
            Some(Step::Continue(event)) => events.push(event),
            Some(Step::Done) => return (events, trainer.into_model().params().to_vec()),
        }
    }
}

#[test]
fn help_changes_no_bit() {
    let run = run();
    let expected = alone(&run);
    let halves = |num: usize| std::iter::once(num / 2..num).collect();
    assert_eq!(with_help(&run, halves, |_, _| false), expected);
    let thirds = |num: usize| {
        vec![num / 3..2 * num / 3, 2 * num / 3..num].into_iter().filter(|s| !s.is_empty()).collect()
    };
    assert_eq!(with_help(&run, thirds, |_, _| false), expected);
    let single = |num: usize| (0..num).map(|chunk| chunk..chunk + 1).collect();
    assert_eq!(with_help(&run, single, |_, _| false), expected);
}

#[test]
fn a_result_that_comes_early_waits_for_its_turn() {
    let run = run();
    let (mut trainer, mut events) = (trainer(&run), Vec::new());
    let mut replica = Sequential::new(&run.model, 99).unwrap();
    loop {
        if let Some((model, batch)) = trainer.shared_batch()
            && batch.is_untouched()
        {
            replica.params_mut().copy_from_slice(model.params());
            let num = batch.cut().num_chunks();
            for chunks in [num / 2..num / 2 + 1, num - 1..num].into_iter().take(num / 2) {
                let task = batch.lend(chunks);
                batch.hand_in(replica.compute(&task, run.compile.loss)).unwrap();
            }
        }
        match trainer.step_part() {
            None => {}
            Some(Step::Continue(event)) => events.push(event),
            Some(Step::Done) => break,
        }
    }
    assert_eq!((events, trainer.into_model().params().to_vec()), alone(&run));
}

#[test]
fn lost_help_changes_no_bit() {
    let run = run();
    let expected = alone(&run);
    let single = |num: usize| (1..num).map(|chunk| chunk..chunk + 1).collect();
    assert_eq!(with_help(&run, single, |step, share| (step as usize + share).is_multiple_of(2)), expected);
    assert_eq!(with_help(&run, single, |_, _| true), expected);
}

/// Set while a batch is being computed, whoever computes it, the rate is that of this batch's step.
#[test]
fn a_learning_rate_set_while_others_compute_gives_the_same_bits() {
    let run = run();
    let expected = {
        let (mut trainer, mut events) = (trainer(&run), Vec::new());
        while let Step::Continue(event) = trainer.step() {
            // Before the second step of the first epoch.
            let is_first = matches!(event, TrainEvent::BatchEnd { epoch: 0, batch: 0, .. });
            events.push(event);
            if is_first {
                trainer.set_learning_rate(0.125).unwrap();
            }
        }
        (events, trainer.into_model().params().to_vec())
    };
    assert_ne!(expected.1, alone(&run).1);
    let single = |num: usize| (1..num).map(|chunk| chunk..chunk + 1).collect::<Vec<_>>();
    for loses in [false, true] {
        let is_set = std::cell::Cell::new(false);
        let rate = |step, out| (step == 1 && out <= 1 && !is_set.replace(true)).then_some(0.125);
        assert_eq!(with_help_and_rates(&run, single, |_, _| loses, rate), expected);
        assert!(is_set.get());
    }
}

#[test]
fn who_steps_by_whole_batches_waits_for_nobody() {
    let run = run();
    let (mut trainer, mut events) = (trainer(&run), Vec::new());
    loop {
        if let Some((_, batch)) = trainer.shared_batch() {
            batch.lend(1..batch.cut().num_chunks());
        }
        match trainer.step() {
            Step::Continue(event) => events.push(event),
            Step::Done => break,
        }
    }
    assert_eq!((events, trainer.into_model().params().to_vec()), alone(&run));
}

#[test]
fn a_result_of_another_step_is_refused() {
    let run = run();
    let mut trainer = trainer(&run);
    while trainer.shared_batch().is_none() {
        trainer.step();
    }
    let (model, batch) = trainer.shared_batch().unwrap();
    let task = batch.lend(1..2);
    let mut result = model.compute(&task, run.compile.loss);
    result.step += 1;
    let mut result = batch.hand_in(result).unwrap_err();
    result.step -= 1;
    assert_eq!(batch.hand_in(result), Ok(()));
}

#[test]
fn a_batch_is_untouched_until_a_chunk_is_computed_or_lent() {
    let run = run();
    let mut trainer = trainer(&run);
    while trainer.shared_batch().is_none() {
        trainer.step();
    }
    let (_, batch) = trainer.shared_batch().unwrap();
    assert!(batch.is_untouched());
    let task = batch.lend(1..2);
    assert!(!batch.is_untouched());
    batch.take_back(&task.chunks);
    assert!(batch.is_untouched());
    trainer.step_part();
    assert!(!trainer.shared_batch().unwrap().1.is_untouched());
}
