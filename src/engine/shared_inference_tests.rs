//! Whoever computes the batches, in whatever order they come back: the same bits.

use std::sync::Arc;

use super::*;
use crate::data::LabeledImages;
use crate::engine::evaluator::Evaluator;
use crate::engine::event::TrainEvent;
use crate::engine::layers::{Activation, BatchNormalizationSpec, Conv2dSpec, DenseSpec, FlattenSpec};
use crate::engine::metrics::MetricSpec;
use crate::engine::regularizers::{L1Spec, L2Spec};
use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, RunSpec};
use crate::engine::trainer::{Step, Trainer};
use crate::tensor::{Shape, Tensor};

const SHAPE: [usize; 3] = [8, 8, 1];
const SAMPLES: usize = 90;

/// Penalties on outputs, statistics of the past, and metrics whose sums depend on the order.
fn run() -> RunSpec {
    let conv = Conv2dSpec {
        filters: 4,
        kernel_size: [3, 3],
        activity_regularizer: Some(L1Spec { l1: 0.01 }.into()),
        kernel_regularizer: Some(L2Spec { l2: 0.01 }.into()),
        activation: Activation::Relu,
        ..Conv2dSpec::default()
    };
    let dense = DenseSpec { units: 3, activation: Activation::Softmax, ..DenseSpec::default() };
    let layers = vec![
        conv.into(),
        BatchNormalizationSpec::default().into(),
        FlattenSpec::default().into(),
        dense.into(),
    ];
    let model = ModelSpec { name: "inferred".to_owned(), input_shape: Shape::from(SHAPE), layers };
    let metrics = ["accuracy", "categorical_crossentropy"].map(|name| MetricSpec::named(name).unwrap());
    let compile = CompileSpec { metrics: metrics.into(), ..CompileSpec::default() };
    let fit = FitSpec { batch_size: 16, epochs: 3, validation_batch_size: Some(4), ..FitSpec::default() };
    // Eleven batches, the last of which is smaller.
    let data = DataSpec { samples: SAMPLES, validation_samples: 42, ..DataSpec::default() };
    RunSpec { compile, fit, data, seed: 4, ..RunSpec::new(model) }
}

fn images() -> LabeledImages {
    let pixels = (0..SAMPLES * 64).map(|idx| (idx * idx % 251) as u8).collect();
    let labels = (0..SAMPLES).map(|idx| (idx * 7 % 3) as u8).collect();
    LabeledImages::new(SHAPE, pixels, labels)
}

fn trainer(run: &RunSpec) -> Trainer {
    Trainer::new(Sequential::new(&run.model, run.seed).unwrap(), run, Arc::new(images()))
}

type Trained = (Vec<TrainEvent>, Vec<f32>);

fn alone(run: &RunSpec) -> Trained {
    let (mut trainer, mut events) = (trainer(run), Vec::new());
    while let Step::Continue(event) = trainer.step() {
        events.push(event);
    }
    (events, trainer.into_model().params().to_vec())
}

/// What becomes of a helper's share.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// Handed in as soon as it is lent.
    Early,
    /// Handed in when it is waited for, the last share first.
    Waited,
    /// Taken back when it is waited for, and refused afterwards.
    Lost,
}

/// Lets `helpers` have `most` batches at once of every validation; `fate` says what becomes of a share.
fn with_help(run: &RunSpec, helpers: usize, most: usize, fate: impl Fn(usize) -> Fate) -> Trained {
    let (mut trainer, mut events) = (trainer(run), Vec::new());
    let mut replica = Sequential::new(&run.model, 99).unwrap();
    let loss = run.compile.loss;
    let (mut lent, mut num_lent): (Vec<(InferenceTask, Fate)>, usize) = (Vec::new(), 0);
    loop {
        if let Some((model, inference, samples)) = trainer.shared_validation() {
            replica.params_mut().copy_from_slice(model.params());
            while lent.len() < helpers && inference.num_free() > 1 {
                let free = inference.free();
                let task = inference.lend(free.start..free.end.min(free.start + most), samples);
                let fate = fate(num_lent);
                num_lent += 1;
                match fate {
                    Fate::Early => inference.hand_in(task.compute(&mut replica, loss)).unwrap(),
                    _ => lent.push((task, fate)),
                }
            }
            if inference.is_waiting() {
                let (task, fate) = lent.pop().expect("it waits for something");
                if fate == Fate::Lost {
                    inference.take_back(&task.batches);
                    assert!(inference.hand_in(task.compute(&mut replica, loss)).is_err());
                } else {
                    inference.hand_in(task.compute(&mut replica, loss)).unwrap();
                }
            }
        }
        match trainer.step_part() {
            None => {}
            Some(Step::Continue(event)) => events.push(event),
            Some(Step::Done) => break,
        }
    }
    assert!(num_lent > 0);
    (events, trainer.into_model().params().to_vec())
}

#[test]
fn help_with_validation_changes_no_bit() {
    let run = run();
    let expected = alone(&run);
    for helpers in 1..4 {
        for most in 1..4 {
            for fate in [Fate::Early, Fate::Waited] {
                assert_eq!(with_help(&run, helpers, most, |_| fate), expected, "{helpers} helpers, {most}");
            }
        }
    }
}

#[test]
fn help_that_is_lost_in_a_validation_changes_no_bit() {
    let run = run();
    let expected = alone(&run);
    assert_eq!(with_help(&run, 2, 3, |_| Fate::Lost), expected);
    let by_turns = |share: usize| [Fate::Waited, Fate::Lost, Fate::Early][share % 3];
    assert_eq!(with_help(&run, 3, 2, by_turns), expected);
}

#[test]
fn who_steps_by_whole_batches_waits_for_no_validation() {
    let run = run();
    let (mut trainer, mut events) = (trainer(&run), Vec::new());
    loop {
        if let Some((_, inference, samples)) = trainer.shared_validation()
            && !inference.free().is_empty()
        {
            let free = inference.free();
            inference.lend(free, samples);
        }
        match trainer.step() {
            Step::Continue(event) => events.push(event),
            Step::Done => break,
        }
    }
    assert_eq!((events, trainer.into_model().params().to_vec()), alone(&run));
}

#[test]
fn a_stop_waits_for_no_share_of_a_validation() {
    let mut trainer = trainer(&run());
    let task = loop {
        if let Some((_, inference, samples)) = trainer.shared_validation() {
            let all = inference.free();
            break inference.lend(all, samples);
        }
        trainer.step_part();
    };
    assert_eq!(task.batches, 0..11);
    assert_eq!(trainer.step_part(), None, "it is waited for");
    trainer.request_stop();
    assert!(trainer.shared_validation().is_none());
    assert!(matches!(trainer.step_part(), Some(Step::Continue(TrainEvent::TrainEnd { .. }))));
}

#[test]
fn outputs_alone_come_in_order_from_whoever_computes() {
    let (run, images) = (run(), images());
    let mut model = Sequential::new(&run.model, run.seed).unwrap();
    let mut replica = Sequential::new(&run.model, run.seed).unwrap();
    let loss = run.compile.loss;
    let all: Vec<u32> = (0..SAMPLES as u32).collect();
    let expected: Tensor = model.predict(&images.batch(&all).0);
    let mut inference = SharedInference::new(0..SAMPLES, 32).without_losses();
    let task = inference.lend(1..3, &images);
    assert_eq!(task.samples.len(), 58);
    let mut values = Vec::new();
    let mut task = Some(task);
    while !inference.is_done() {
        if inference.is_waiting() {
            let result = task.take().unwrap().compute(&mut replica, loss);
            assert!(result.results.iter().all(|result| result.losses.is_empty()));
            inference.hand_in(result).unwrap();
        }
        if let Some(batch) = inference.advance(&mut model, &images, loss) {
            assert_eq!(batch.range.len(), batch.result.outputs.values.batch());
            values.extend_from_slice(batch.result.outputs.values.values());
        }
    }
    assert_eq!(values, expected.values());
}

#[test]
fn a_result_of_another_inference_is_refused() {
    let (run, images) = (run(), images());
    let mut model = Sequential::new(&run.model, run.seed).unwrap();
    let mut before = Evaluator::new(0..40, 8).with_id(1);
    let mut now = Evaluator::new(0..40, 8).with_id(2);
    let late = before.inference().lend(0..2, &images).compute(&mut model, run.compile.loss);
    let task = now.inference().lend(0..2, &images);
    assert!(now.inference().hand_in(late).is_err());
    let result = task.compute(&mut model, run.compile.loss);
    assert_eq!(now.inference().hand_in(result), Ok(()));
}
