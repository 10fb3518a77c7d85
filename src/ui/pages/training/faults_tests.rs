use super::*;
use crate::engine::callbacks::{EarlyStoppingSpec, Mode, ReduceLrOnPlateauSpec};
use crate::engine::metrics::MetricSpec;
use crate::engine::spec::ValidationFreq;
use crate::ui::pages::training::default_job;

fn early(monitor: &str, mode: Mode) -> CallbackSpec {
    let monitor = Monitor::named(monitor);
    CallbackSpec::EarlyStopping(EarlyStoppingSpec { monitor, mode, ..EarlyStoppingSpec::default() })
}

fn saves(filepath: &str, save_best_only: bool) -> CallbackSpec {
    let filepath = filepath.to_owned();
    CallbackSpec::ModelCheckpoint(ModelCheckpointSpec {
        filepath,
        save_best_only,
        ..ModelCheckpointSpec::default()
    })
}

fn job(callbacks: Vec<CallbackSpec>) -> RunSpec {
    let mut job = default_job();
    job.fit.callbacks = callbacks;
    job
}

fn unvalidated(callbacks: Vec<CallbackSpec>) -> RunSpec {
    let mut job = job(callbacks);
    job.data.validation_samples = 0;
    job
}

#[test]
fn every_callback_with_its_defaults_fits_the_default_job() {
    assert_eq!(callback_faults(&job(CallbackSpec::palette())), []);
}

#[test]
fn what_the_engine_refuses_is_marked_on_every_card_that_has_it() {
    let plateau = CallbackSpec::ReduceLrOnPlateau(ReduceLrOnPlateauSpec {
        factor: 1.0,
        ..ReduceLrOnPlateauSpec::default()
    });
    let faults =
        callback_faults(&job(vec![plateau, early("val_loss", Mode::Auto), saves("model.pt", false)]));
    let positions: Vec<usize> = faults.iter().map(|(position, _)| *position).collect();
    assert_eq!(positions, [0, 2]);
    assert!(faults.iter().all(|(_, fault)| matches!(fault, CallbackFault::Error(_))));
}

#[test]
fn validation_is_missed_where_there_is_none() {
    let list = vec![early("val_loss", Mode::Auto), saves("model.keras", true), saves("model.keras", false)];
    let missing = CallbackFault::NotValidated(Monitor::VAL_LOSS);
    let mut job = unvalidated(list.clone());
    assert_eq!(callback_faults(&job), [(0, missing.clone()), (1, missing)]);
    job.fit.validation_split = 0.1;
    assert_eq!(callback_faults(&job), []);
    job.fit.validation_freq = ValidationFreq::Epochs(vec![9]);
    assert_eq!(callback_faults(&job).len(), 2, "the run has five epochs");
    job.fit.validation_freq = ValidationFreq::Every(5);
    assert_eq!(callback_faults(&job), []);
    (job.fit.initial_epoch, job.fit.epochs) = (5, 9);
    assert_eq!(callback_faults(&job).len(), 2, "the tenth epoch would be the next");
}

#[test]
fn a_metric_of_ones_own_can_be_watched() {
    let mut job = job(vec![early("val_mse", Mode::Auto), early("val_mse", Mode::Min)]);
    let faults = callback_faults(&job);
    assert!(matches!(faults[0].1, CallbackFault::Error(CallbackError::UnknownDirection { .. })));
    let CallbackFault::NotMeasured { monitor, known } = &faults[1].1 else { panic!("{faults:?}") };
    assert_eq!(
        (monitor.name(), &known[..]),
        ("val_mse", &["val_loss", "val_accuracy", "loss", "accuracy"].map(str::to_owned)[..])
    );
    job.compile.metrics.push(MetricSpec::named("mse").unwrap());
    assert_eq!(callback_faults(&job), []);
    assert_eq!(monitors(&job), ["val_loss", "val_accuracy", "val_mse", "loss", "accuracy", "mse"]);
}

#[test]
fn a_value_for_each_class_has_a_name_for_each_class() {
    let mut job = job(vec![early("val_f1_score_9", Mode::Max), early("val_f1_score", Mode::Max)]);
    job.compile.metrics.push(MetricSpec::named("f1_score").unwrap());
    let faults = callback_faults(&job);
    assert_eq!(faults.len(), 1);
    assert!(matches!(&faults[0], (1, CallbackFault::NotMeasured { .. })));
}

#[test]
fn the_learning_rate_is_seen_by_who_stands_behind_its_writer() {
    let writer = CallbackSpec::ReduceLrOnPlateau(ReduceLrOnPlateauSpec::default());
    let reader = early("learning_rate", Mode::Min);
    assert_eq!(callback_faults(&job(vec![writer.clone(), reader.clone()])), []);
    assert!(matches!(
        callback_faults(&job(vec![reader, writer]))[..],
        [(0, CallbackFault::NotMeasured { .. })]
    ));
}

#[test]
fn a_file_name_must_be_one_that_can_be_filled_in_every_time() {
    let best = saves("m.{epoch:02d}-{val_loss:.2f}.keras", true);
    assert_eq!(callback_faults(&job(vec![best.clone()])), []);
    let unknown = |job: &RunSpec| match &callback_faults(job)[..] {
        [(0, CallbackFault::FileName(TemplateError::UnknownKey { key, .. }))] => key.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(unknown(&unvalidated(vec![best.clone()])), "val_loss");
    let mut now_and_then = job(vec![best]);
    now_and_then.fit.validation_freq = ValidationFreq::Every(2);
    assert_eq!(unknown(&now_and_then), "val_loss");
    assert_eq!(unknown(&job(vec![saves("{batch}.keras", false)])), "batch");
    let mut within =
        ModelCheckpointSpec { filepath: "{{{batch}}}.keras".to_owned(), ..ModelCheckpointSpec::default() };
    within.save_freq = SaveFreq::Batches(5);
    assert_eq!(callback_faults(&job(vec![CallbackSpec::ModelCheckpoint(within.clone())])), []);
    within.save_best_only = true;
    let faults = callback_faults(&job(vec![CallbackSpec::ModelCheckpoint(within)]));
    assert!(matches!(faults[..], [(0, CallbackFault::NotMeasured { .. })]), "batches know no validation");
}

#[test]
fn a_monstrous_job_is_judged_at_once() {
    let mut job = job(vec![early("val_loss", Mode::Auto)]);
    (job.fit.epochs, job.fit.validation_freq) = (usize::MAX, ValidationFreq::Every(0));
    assert_eq!(callback_faults(&job), []);
    job.data.samples = 0;
    assert_eq!(callback_faults(&job), []);
}
