use super::*;
use crate::engine::callbacks::{
    CallbackAction, CallbackMemory, CallbackSpec, CsvLoggerSpec, EarlyStoppingAction, EarlyStoppingSpec,
    ReduceLrOnPlateauSpec, TerminateOnNanSpec,
};
use crate::engine::layers::{Activation, DenseSpec, DropoutSpec, FlattenSpec, RandomTranslationSpec};
use crate::engine::losses::{LossSpec, LossWeight};
use crate::engine::optimizers::{OptimizerSpec, SgdSpec};
use crate::engine::schedules::{CosineDecaySpec, ScheduleSpec};
use crate::engine::spec::{CompileSpec, DataSpec, FitSpec, ModelSpec, ValidationFreq};
use crate::engine::watch::WatchSpec;
use crate::tensor::Shape;

/// 2×2 images in two classes: the left or the right column is bright.
fn images(n: usize) -> Arc<LabeledImages> {
    let labels: Vec<u8> = (0..n).map(|i| (i % 2) as u8).collect();
    let image = |(i, label): (usize, &u8)| {
        let (dark, bright) = ((i % 40) as u8, 200 + (i % 50) as u8);
        if *label == 0 { [bright, dark, bright, dark] } else { [dark, bright, dark, bright] }
    };
    let pixels = labels.iter().enumerate().flat_map(image).collect();
    Arc::new(LabeledImages::new([2, 2, 1], pixels, labels))
}

fn model() -> ModelSpec {
    let dense = |units, activation| DenseSpec { units, activation, ..DenseSpec::default() }.into();
    let layers = vec![
        FlattenSpec::default().into(),
        dense(8, Activation::Relu),
        DropoutSpec { rate: 0.2, ..DropoutSpec::default() }.into(),
        dense(2, Activation::Softmax),
    ];
    ModelSpec { name: "test".to_owned(), input_shape: Shape::from([2, 2, 1]), layers }
}

fn data(samples: usize, validation_samples: usize) -> DataSpec {
    DataSpec { samples, validation_samples, ..DataSpec::default() }
}

fn spec(epochs: usize, data: DataSpec) -> RunSpec {
    let sgd = SgdSpec { learning_rate: 0.5.into(), momentum: 0.9, nesterov: true, ..SgdSpec::default() };
    let compile = CompileSpec { optimizer: OptimizerSpec::Sgd(sgd), ..CompileSpec::default() };
    let fit = FitSpec { batch_size: 8, epochs, ..FitSpec::default() };
    RunSpec { compile, fit, data, ..RunSpec::new(model()) }
}

fn trainer(spec: &RunSpec) -> Trainer {
    Trainer::new(Sequential::new(&spec.model, spec.seed).unwrap(), spec, images(100))
}

fn run(spec: &RunSpec) -> (Vec<TrainEvent>, Vec<f32>) {
    let mut trainer = trainer(spec);
    let mut events = Vec::new();
    fit(&mut trainer, |event| events.push(event));
    (events, trainer.into_model().params().to_vec())
}

fn name(event: &TrainEvent) -> String {
    match event {
        TrainEvent::TrainBegin { .. } => "train_begin".to_owned(),
        TrainEvent::EpochBegin { epoch } => format!("epoch_begin {epoch}"),
        TrainEvent::BatchEnd { batch, .. } => format!("batch {batch}"),
        TrainEvent::TestBatchEnd { batch, .. } => format!("test_batch {batch}"),
        TrainEvent::EpochEnd { epoch, .. } => format!("epoch_end {epoch}"),
        TrainEvent::CallbackActed { .. } => "callback".to_owned(),
        TrainEvent::LearningRateSet { .. } => "learning_rate".to_owned(),
        TrainEvent::TrainEnd { .. } => "train_end".to_owned(),
    }
}

#[test]
fn events_come_in_the_order_of_keras_and_the_last_batch_is_smaller() {
    let (events, _) = run(&spec(1, data(30, 10)));
    let names: Vec<String> = events.iter().map(name).collect();
    let expected = [
        "train_begin",
        "epoch_begin 0",
        "batch 0",
        "batch 1",
        "batch 2",
        "test_batch 0",
        "test_batch 1",
        "epoch_end 0",
        "train_end",
    ];
    assert_eq!(names, expected);
}

#[test]
fn epochs_steps_and_validations_are_those_that_fit_asks_for() {
    let mut spec = spec(6, data(30, 10));
    spec.fit.initial_epoch = 3;
    spec.fit.steps_per_epoch = Some(2);
    spec.fit.validation_batch_size = Some(3);
    spec.fit.validation_steps = Some(2);
    spec.fit.validation_freq = ValidationFreq::Epochs(vec![1, 5]);
    let names: Vec<String> = run(&spec).0.iter().map(name).collect();
    let expected = [
        "train_begin",
        "epoch_begin 3",
        "batch 0",
        "batch 1",
        "epoch_end 3",
        "epoch_begin 4",
        // 20 images fill three batches of 8, and two are gone.
        "batch 0",
        "test_batch 0",
        "test_batch 1",
        "epoch_end 4",
        "epoch_begin 5",
        "batch 0",
        "batch 1",
        "epoch_end 5",
        "train_end",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_split_validates_on_the_last_images() {
    let mut split = spec(2, data(40, 0));
    split.fit.validation_split = 0.25;
    assert_eq!(run(&split), run(&spec(2, data(40, 10))));
}

#[test]
fn it_learns_an_easy_task_and_logs_what_keras_logs() {
    let (events, _) = run(&spec(10, data(100, 20)));
    let last = events.iter().rev().find_map(|event| match event {
        TrainEvent::EpochEnd { logs, .. } => Some(logs.clone()),
        _ => None,
    });
    let logs = last.unwrap();
    let keys: Vec<String> = logs.0.iter().map(|(key, _)| key.to_string()).collect();
    assert_eq!(keys, ["accuracy", "loss", "val_accuracy", "val_loss"]);
    assert_eq!(logs.get(&Monitor::VAL_ACCURACY), Some(1.0));
    assert!(logs.get(&Monitor::VAL_LOSS).unwrap() < 0.05);
}

#[test]
fn without_validation_there_are_no_val_values() {
    let (events, _) = run(&spec(1, data(16, 0)));
    let has_val = |event: &TrainEvent| matches!(event, TrainEvent::EpochEnd { logs, .. } if logs.0.len() > 2);
    assert!(!events.iter().any(has_val));
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_does_not() {
    let (events, params) = run(&spec(3, data(50, 10)));
    assert_eq!((events, params.clone()), run(&spec(3, data(50, 10))));
    let other = RunSpec { seed: 2, ..spec(3, data(50, 10)) };
    assert_ne!(params, run(&other).1);
}

#[test]
fn a_requested_stop_ends_within_one_step() {
    let mut trainer = trainer(&spec(5, data(80, 20)));
    for _ in 0..4 {
        trainer.step();
    }
    trainer.request_stop();
    let end = TrainEvent::TrainEnd { reason: StopReason::Requested, epochs: 0 };
    assert_eq!(trainer.step(), Step::Continue(end));
    assert_eq!(trainer.step(), Step::Done);
    assert_eq!(trainer.step(), Step::Done);
}

#[test]
fn early_stopping_ends_training_and_restores_before_the_last_event() {
    let callback = EarlyStoppingSpec {
        min_delta: 10.0,
        patience: 2,
        restore_best_weights: true,
        ..EarlyStoppingSpec::default()
    };
    let mut stopped = spec(9, data(50, 10));
    stopped.fit.callbacks = vec![CallbackSpec::EarlyStopping(callback)];
    let (events, params) = run(&stopped);
    let (last, before) = (&events[events.len() - 1], &events[events.len() - 2]);
    let reason = StopReason::Callback { callback: 0 };
    assert_eq!(*last, TrainEvent::TrainEnd { reason, epochs: 3 });
    let restored = EarlyStoppingAction::Restored { best_epoch: 0 };
    assert!(matches!(before, TrainEvent::CallbackActed { action, .. }
        if *action == CallbackAction::EarlyStopping(restored)));
    assert_eq!(params, run(&spec(1, data(50, 10))).1, "the weights of epoch 1 come back");
}

#[test]
fn a_loss_that_is_no_number_stops_the_epoch_but_it_is_still_validated() {
    let sgd = SgdSpec { learning_rate: 1e30.into(), ..SgdSpec::default() };
    let mut diverging = spec(5, data(80, 20));
    diverging.compile.optimizer = OptimizerSpec::Sgd(sgd);
    diverging.fit.callbacks = vec![CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default())];
    let (events, _) = run(&diverging);
    let names: Vec<String> = events.iter().map(name).collect();
    let stop = names.iter().position(|name| name == "callback").unwrap();
    assert_eq!(names[stop + 1], "test_batch 0");
    assert!(matches!(events.last(), Some(TrainEvent::TrainEnd { reason: StopReason::Diverged { .. }, .. })));
}

#[test]
fn training_ends_on_the_average_of_the_weights() {
    let ends = |use_ema| {
        let sgd = SgdSpec { use_ema, ema_momentum: 0.9, ..SgdSpec::default() };
        let mut averaged = spec(1, data(20, 4));
        averaged.compile.optimizer = sgd.into();
        let mut trainer = trainer(&averaged);
        let mut before = Vec::new();
        while let Step::Continue(event) = trainer.step() {
            if matches!(event, TrainEvent::EpochEnd { .. }) {
                before = trainer.model().params().to_vec();
            }
        }
        before == trainer.into_model().params()
    };
    assert!(ends(false));
    assert!(!ends(true));
}

/// Interrupts a run before `epoch` and goes on in another trainer.
fn resumed(spec: &RunSpec, epoch: usize) -> Vec<f32> {
    let mut first = trainer(spec);
    while first.epoch < epoch {
        first.step();
    }
    let snapshot = first.snapshot();
    assert_eq!(snapshot.epoch, epoch);
    let mut second = trainer(spec);
    second.resume(&snapshot).unwrap();
    let mut events = Vec::new();
    fit(&mut second, |event| events.push(name(&event)));
    assert_eq!(events[1], format!("epoch_begin {epoch}"));
    second.into_model().params().to_vec()
}

#[test]
fn a_resumed_run_ends_with_the_bits_of_an_uninterrupted_one() {
    for optimizer in OptimizerSpec::palette() {
        for steps_per_epoch in [None, Some(4)] {
            let mut spec = spec(5, data(90, 10));
            spec.compile.optimizer = optimizer.clone();
            spec.fit.steps_per_epoch = steps_per_epoch;
            spec.fit.initial_epoch = 1;
            let whole = run(&spec).1;
            assert!(whole == resumed(&spec, 3), "{} {steps_per_epoch:?}", optimizer.class_name());
        }
    }
}

/// A run in which everything draws: augmentation, dropout, order; and everything counts.
fn drawing_run(compile: CompileSpec, callbacks: Vec<CallbackSpec>) -> RunSpec {
    let mut run = spec(6, data(90, 10));
    run.model.layers.insert(0, RandomTranslationSpec::default().into());
    run.compile = compile;
    run.fit.callbacks = callbacks;
    run
}

#[test]
fn a_resumed_run_of_adam_with_dropout_augmentation_and_a_schedule_ends_with_the_same_bits() {
    let schedule =
        ScheduleSpec::CosineDecay(CosineDecaySpec { decay_steps: 60, ..CosineDecaySpec::default() });
    let optimizer = OptimizerSpec::default().with_learning_rate(schedule);
    let run_spec = drawing_run(CompileSpec { optimizer, ..CompileSpec::default() }, Vec::new());
    let whole = run(&run_spec).1;
    for epoch in 1..6 {
        assert!(whole == resumed(&run_spec, epoch), "from epoch {epoch}");
    }
}

#[test]
fn callbacks_of_a_resumed_run_go_on_counting() {
    let stopping =
        EarlyStoppingSpec { patience: 2, restore_best_weights: true, ..EarlyStoppingSpec::default() };
    let plateau = ReduceLrOnPlateauSpec { patience: 1, cooldown: 1, ..ReduceLrOnPlateauSpec::default() };
    let callbacks = vec![
        CallbackSpec::ReduceLrOnPlateau(plateau),
        CallbackSpec::CsvLogger(CsvLoggerSpec::default()),
        CallbackSpec::EarlyStopping(stopping),
    ];
    let mut run_spec = drawing_run(CompileSpec::default(), callbacks);
    // So fast that it gets worse.
    run_spec.compile.optimizer = OptimizerSpec::default().with_learning_rate(0.5);
    run_spec.fit.epochs = 20;
    let (events, whole) = run(&run_spec);
    let last = events.last();
    let Some(TrainEvent::TrainEnd { reason: StopReason::Callback { .. }, epochs }) = last else {
        panic!("{last:?}")
    };
    for epoch in 1..*epochs {
        let mut first = trainer(&run_spec);
        while first.epoch < epoch {
            first.step();
        }
        let mut second = trainer(&run_spec);
        second.resume(&first.snapshot()).unwrap();
        let mut after = Vec::new();
        fit(&mut second, |event| after.push(event));
        let begin = TrainEvent::EpochBegin { epoch };
        let from = |events: &[TrainEvent]| events.iter().position(|event| *event == begin).unwrap();
        assert_eq!(after[from(&after)..], events[from(&events)..], "from epoch {epoch}");
        assert!(second.into_model().params() == whole, "from epoch {epoch}");
    }
}

#[test]
fn a_snapshot_of_another_optimizer_is_refused() {
    let momentum = trainer(&spec(2, data(90, 10))).snapshot();
    let mut other = spec(2, data(90, 10));
    other.compile.optimizer = OptimizerSpec::default();
    let mut adam = trainer(&other);
    let before = adam.snapshot();
    assert!(adam.resume(&momentum).is_err());
    assert_eq!(adam.snapshot(), before);
}

#[test]
fn weights_without_variables_begin_the_optimizer_anew() {
    for optimizer in OptimizerSpec::palette() {
        let mut spec = spec(2, data(90, 10));
        spec.compile.optimizer = optimizer.clone();
        let whole = run(&spec).1;
        let fresh = trainer(&spec).snapshot();
        let mut second = trainer(&spec);
        second.resume(&Snapshot { slots: Vec::new(), ..fresh }).unwrap();
        fit(&mut second, |_| ());
        assert!(second.into_model().params() == whole, "{}", optimizer.class_name());
    }
}

#[test]
fn a_snapshot_that_does_not_fit_is_known_before_it_is_taken_up() {
    let spec = spec(2, data(90, 10));
    let snapshot = trainer(&spec).snapshot();
    let num_params = snapshot.params.len();
    let memory = |num| CallbackMemory { params: vec![0.0; num], ..CallbackMemory::default() };
    let with = |num| Snapshot { callbacks: vec![memory(num)], ..snapshot.clone() };
    assert!(snapshot.is_of(&spec, num_params) && with(0).is_of(&spec, num_params));
    assert!(with(num_params).is_of(&spec, num_params));
    assert!(!snapshot.is_of(&spec, num_params + 1), "another model");
    assert!(!with(num_params - 1).is_of(&spec, num_params), "a callback could not put these back");
    assert!(!Snapshot { epoch: 3, ..snapshot.clone() }.is_of(&spec, num_params), "beyond the last epoch");
}

#[test]
fn logs_are_float32_as_in_keras() {
    let (events, _) = run(&spec(1, data(90, 10)));
    let logs = events.iter().find_map(|event| match event {
        TrainEvent::EpochEnd { logs, .. } => Some(logs),
        _ => None,
    });
    assert!(logs.unwrap().0.iter().all(|(_, value)| f64::from(*value as f32) == *value), "{logs:?}");
}

/// Halving the loss and doubling the learning rate changes no bit.
#[test]
fn loss_weights_weigh_the_loss_and_its_gradient() {
    let weighed = |loss_weights, learning_rate: f32| {
        let sgd = SgdSpec { learning_rate: learning_rate.into(), ..SgdSpec::default() };
        let compile = CompileSpec { optimizer: sgd.into(), loss_weights, ..CompileSpec::default() };
        let (events, params) = run(&RunSpec { compile, ..spec(2, data(40, 8)) });
        let mut ends = events.into_iter().rev().filter_map(|event| match event {
            TrainEvent::EpochEnd { logs, .. } => Some(logs),
            _ => None,
        });
        (ends.next().unwrap(), params)
    };
    let (logs, params) = weighed(LossWeight(None), 0.25);
    let (halved, same_params) = weighed(LossWeight(Some(0.5)), 0.5);
    assert_eq!(params, same_params);
    for key in [Monitor::LOSS, Monitor::VAL_LOSS] {
        assert_eq!(halved.get(&key), logs.get(&key).map(|loss| loss / 2.0));
    }
}

#[test]
fn crossentropy_trains_as_the_loss_it_stands_for() {
    let with = |loss: &str| {
        let compile = CompileSpec { loss: LossSpec::named(loss).unwrap(), ..CompileSpec::default() };
        run(&RunSpec { compile, ..spec(1, data(40, 8)) })
    };
    assert_eq!(with("crossentropy"), with("sparse_categorical_crossentropy"));
}

#[test]
fn a_watched_run_has_the_events_and_the_bits_of_another() {
    let spec = spec(3, data(64, 16));
    let (events, params) = run(&spec);
    let mut watched = trainer(&spec);
    watched.watch(WatchSpec { gradient_norm: true, histograms: true });
    let (mut heard, mut norms, mut epochs) = (Vec::new(), Vec::new(), Vec::new());
    while let Step::Continue(event) = watched.step() {
        if let TrainEvent::BatchEnd { .. } = event {
            norms.push(watched.step_measures().gradient_norm.unwrap());
        }
        epochs.extend(watched.take_histograms().map(|histograms| histograms.epochs));
        heard.push(event);
    }
    assert_eq!(heard, events);
    let bits = |params: &[f32]| params.iter().map(|param| param.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(watched.into_model().params()), bits(&params));
    assert_eq!((norms.len(), epochs), (18, vec![0, 1, 2, 3]));
    assert!(norms.iter().all(|norm| *norm > 0.0));
}

/// The worker holds more images than a run takes, the command line holds those of the run.
#[test]
fn chosen_classes_are_trained_on_as_if_there_were_no_others() {
    let mut spec = spec(2, data(60, 20));
    spec.data.class_counts = Some([(1, 7)].into());
    let (events, params) = run(&spec);

    let images = images(100);
    let choice = spec.data.choose(&spec.fit, images.classes());
    assert_eq!((choice.train.len(), choice.validation.len()), (27, 20));
    let alone = images.select(&[choice.train, choice.validation].concat());
    let whole = RunSpec { data: data(47, 20), ..spec.clone() };
    let mut trainer = Trainer::new(Sequential::new(&spec.model, spec.seed).unwrap(), &whole, Arc::new(alone));
    let mut heard = Vec::new();
    fit(&mut trainer, |event| heard.push(event));
    assert_eq!(heard, events);
    assert_eq!(trainer.into_model().params(), params);

    spec.data.class_counts = Some([(1, 0)].into());
    let TrainEvent::TrainBegin { samples, validation_samples, .. } = run(&spec).0[0] else {
        panic!("it begins with its beginning")
    };
    assert_eq!((samples, validation_samples), (20, 10));
}
