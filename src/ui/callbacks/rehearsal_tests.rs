use serde_json::Value;

use super::*;
use crate::engine::callbacks::{
    EarlyStoppingSpec, EarlyStoppingState, LearningRateSchedulerSpec, ModelCheckpointAction,
    TerminateOnNanSpec,
};
use crate::engine::event::StopReason;
use crate::ui::callbacks::argument::{callback_named, with_value};
use crate::ui::callbacks::{Metric, callbacks_from_text};

/// Made by `golden.py` with real Keras.
fn golden() -> Value {
    serde_json::from_str(include_str!("golden.json")).unwrap()
}

fn curve(values: &[f64]) -> Curve {
    Curve::from_values(Metric::ValLoss, values).unwrap()
}

fn run(values: &[f64], callbacks: &str) -> Rehearsal {
    Rehearsal::run(&curve(values), &callbacks_from_text(callbacks).unwrap(), 0.001, 2).unwrap()
}

fn number(value: &Value) -> Option<f64> {
    if value == "nan" { Some(f64::NAN) } else { value.as_f64() }
}

/// What a callback remembers, as Keras's attributes have it: best, wait, cooldown.
fn remembered(state: &CallbackState) -> (Option<f64>, Option<u64>, Option<u64>) {
    match state {
        CallbackState::EarlyStopping(state) => (state.best, Some(state.wait as u64), None),
        CallbackState::ReduceLrOnPlateau(state) => {
            (state.best, Some(state.wait as u64), Some(state.cooldown as u64))
        }
        CallbackState::ModelCheckpoint(state) => (state.best, None, None),
        _ => (None, None, None),
    }
}

#[test]
fn every_epoch_is_as_in_keras() {
    for case in golden()["runs"].as_array().unwrap() {
        let values: Vec<f64> =
            case["curve"].as_array().unwrap().iter().map(|value| number(value).unwrap()).collect();
        let mut spec = callback_named(case["class"].as_str().unwrap()).unwrap();
        for (name, value) in case["arguments"].as_object().unwrap() {
            spec = with_value(&spec, name, value.clone()).unwrap();
        }
        let title = format!("{} {} on {}", case["class"], case["arguments"], case["name"]);
        let rehearsal = Rehearsal::run(&curve(&values), &[spec], 0.001, 1).unwrap();
        let epochs = case["epochs"].as_array().unwrap();
        assert_eq!(rehearsal.epochs, epochs.len(), "{title}");
        for (epoch, expected) in epochs.iter().enumerate() {
            let end = rehearsal
                .moments
                .iter()
                .position(|moment| moment.hook == Hook::EpochEnd && moment.epoch == epoch)
                .unwrap();
            let rate = f64::from(rehearsal.moments[end].learning_rate);
            // The reader of JSON may miss a float64 by its last bit.
            let bits = |value: Option<f64>| value.map(|value| (value as f32).to_bits());
            assert_eq!(bits(Some(rate)), bits(number(&expected["learning_rate"])), "{title}, epoch {epoch}");
            let (best, wait, cooldown) = remembered(&rehearsal.states(end)[0]);
            assert_eq!(bits(best), bits(number(&expected["best"])), "{title}, epoch {epoch}");
            if wait.is_some() {
                assert_eq!(wait, expected["wait"].as_u64(), "{title}, epoch {epoch}");
            }
            assert_eq!(cooldown, expected["cooldown"].as_u64(), "{title}, epoch {epoch}");
        }
        let last = rehearsal.moments.last().unwrap();
        let weights = last.weights.map(|epoch| epoch as u64 + 1);
        assert_eq!(weights, case["weights_of_epoch"].as_u64(), "{title}");
        let record = rehearsal.record(rehearsal.moments.len() - 1);
        let mut files: Vec<&str> =
            record.track(0).unwrap().shelf.iter().map(|file| file.path.as_str()).collect();
        files.sort_unstable();
        let expected: Vec<&str> =
            case["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
        assert_eq!(files, expected, "{title}");
    }
}

#[test]
fn hooks_are_heard_as_by_keras_classes() {
    for spec in CallbackSpec::palette() {
        let heard: Vec<&str> =
            Hook::ALL.into_iter().filter(|hook| hook.is_heard_by(&spec)).map(Hook::name).collect();
        let golden = golden();
        let expected: Vec<&str> = golden["heard"][spec.class_name()]
            .as_array()
            .unwrap()
            .iter()
            .map(|hook| hook.as_str().unwrap())
            .collect();
        assert_eq!(heard, expected, "{}", spec.class_name());
    }
}

#[test]
fn hooks_come_in_the_order_of_fit() {
    use Hook::{
        EpochBegin, EpochEnd, TestBatchBegin, TestBatchEnd, TestBegin, TestEnd, TrainBatchBegin,
        TrainBatchEnd, TrainBegin, TrainEnd,
    };
    let hooks: Vec<Hook> = run(&[0.5], "").moments.iter().map(|moment| moment.hook).collect();
    let epoch = [
        TrainBegin,
        EpochBegin,
        TrainBatchBegin,
        TrainBatchEnd,
        TrainBatchBegin,
        TrainBatchEnd,
        TestBegin,
        TestBatchBegin,
        TestBatchEnd,
        TestBatchBegin,
        TestBatchEnd,
        TestEnd,
        EpochEnd,
        TrainEnd,
    ];
    assert_eq!(hooks, epoch);
}

#[test]
fn a_stop_within_an_epoch_still_lets_it_be_validated() {
    let stopped = run(&[0.5, f64::NAN, 0.4], "TerminateOnNaN");
    assert_eq!(stopped.reason, StopReason::Diverged { epoch: 1, batch: 0 });
    let hooks: Vec<Hook> =
        stopped.moments.iter().filter(|moment| moment.epoch == 1).map(|moment| moment.hook).collect();
    assert_eq!(hooks[..4], [Hook::EpochBegin, Hook::TrainBatchBegin, Hook::TrainBatchEnd, Hook::TestBegin]);
    assert_eq!(hooks[hooks.len() - 2..], [Hook::EpochEnd, Hook::TrainEnd]);
    assert_eq!(stopped.epochs, 2);
}

#[test]
fn an_error_ends_the_run_without_another_word() {
    let aborted = run(&[0.5, f64::NAN, 0.4], "TerminateOnNaN~raise_error-true~~CSVLogger");
    let last = aborted.moments.last().unwrap();
    assert_eq!((last.hook, last.epoch, aborted.epochs), (Hook::TrainBatchEnd, 1, 1));
    let failed = run(&[0.5], "ModelCheckpoint~filepath-{val_acc:.2f}.keras~~CSVLogger");
    let last = failed.moments.last().unwrap();
    assert!(matches!(
        &last.actions[..],
        [(0, CallbackAction::ModelCheckpoint(ModelCheckpointAction::Failed { .. }))]
    ));
    assert_eq!(failed.reason, StopReason::Callback { callback: 0 });
}

#[test]
fn a_later_callback_sees_the_rate_that_an_earlier_one_logged() {
    let header = |callbacks: &str| {
        let rehearsal = run(&[0.5], callbacks);
        let record = rehearsal.record(rehearsal.moments.len() - 1);
        (0..2).find_map(|callback| record.track(callback).unwrap().lines.front().cloned()).unwrap()
    };
    assert_eq!(header("ReduceLROnPlateau~~CSVLogger"), "epoch,learning_rate,loss,val_loss");
    assert_eq!(header("CSVLogger~~ReduceLROnPlateau"), "epoch,loss,val_loss");
}

#[test]
fn the_state_is_that_of_the_moment() {
    let rehearsal = run(&[0.5, 0.4, 0.45], "EarlyStopping~patience-5");
    let wait = |epoch| {
        let end = rehearsal
            .moments
            .iter()
            .rposition(|moment| moment.hook == Hook::EpochEnd && moment.epoch == epoch);
        match &rehearsal.states(end.unwrap())[0] {
            CallbackState::EarlyStopping(EarlyStoppingState { wait, best_epoch, .. }) => (*wait, *best_epoch),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!([wait(0), wait(1), wait(2)], [(0, 0), (0, 1), (1, 1)]);
    assert_eq!(rehearsal.record(0).track(0).unwrap().count, 0);
    assert_eq!(rehearsal.record(rehearsal.moments.len() - 1).track(0).unwrap().count, 3);
}

#[test]
fn what_is_done_when_training_ends_belongs_to_no_epoch() {
    let all: Vec<&str> = CallbackSpec::palette().iter().map(CallbackSpec::class_name).collect();
    let all = format!("{}~~EarlyStopping~patience-1~restore_best_weights-true", all.join("~~"));
    let run = run(&[0.5, 0.4, 0.6, 0.7], &all);
    let mut at_end = Vec::new();
    for moment in &run.moments {
        for (callback, action) in &moment.actions {
            assert_eq!(action.is_of_train_end(), moment.hook == Hook::TrainEnd, "{action:?}");
            at_end.extend((moment.hook == Hook::TrainEnd).then_some(*callback));
        }
    }
    let names: Vec<&str> = at_end.iter().map(|callback| run.callbacks[*callback].class_name()).collect();
    assert!(names.contains(&"EarlyStopping") && names.contains(&"BackupAndRestore"), "{names:?}");
}

#[test]
fn what_cannot_be_built_is_named() {
    let wrong = EarlyStoppingSpec { min_delta: f64::NAN, ..EarlyStoppingSpec::default() };
    let callbacks =
        [CallbackSpec::TerminateOnNan(TerminateOnNanSpec::default()), CallbackSpec::EarlyStopping(wrong)];
    let fault = Rehearsal::run(&curve(&[0.5]), &callbacks, 0.001, 1).unwrap_err();
    assert!(matches!(fault, Fault { callback: 1, error: CallbackError::Argument(_) }), "{fault:?}");
}

#[test]
fn a_schedule_sets_the_rate_before_the_epochs_first_batch() {
    let spec = CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec::default());
    let rehearsal = Rehearsal::run(&curve(&[0.5, 0.4]), &[spec], 0.5, 1).unwrap();
    let rates: Vec<f32> = rehearsal.moments.iter().map(|moment| moment.learning_rate).collect();
    assert_eq!(rates[..2], [0.5, 0.001]);
}
