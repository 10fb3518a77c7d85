use super::super::job::default_job;
use super::*;
use crate::engine::event::Monitor;

const RUN: RunId = RunId(3);

fn begun() -> TrainingState {
    let mut state = TrainingState::default();
    state.begin(RUN, default_job());
    state
}

fn enter(state: RunState) -> WorkerEvent {
    WorkerEvent::State { run: RUN, state }
}

fn train(events: Vec<TrainEvent>, running_ms: f64) -> WorkerEvent {
    WorkerEvent::Train { run: RUN, events, running_ms }
}

fn plan() -> TrainEvent {
    TrainEvent::TrainBegin { epochs: 5, steps_per_epoch: 94, samples: 6_000, validation_samples: 1_000 }
}

fn batch(epoch: usize, batch: usize) -> TrainEvent {
    let logs = Logs::from([(Monitor::ACCURACY, 0.5), (Monitor::LOSS, 1.0)]);
    TrainEvent::BatchEnd { epoch, batch, batch_loss: 1.0, logs }
}

fn epoch_end(epoch: usize, val_accuracy: f64) -> TrainEvent {
    TrainEvent::EpochEnd { epoch, logs: Logs::from([(Monitor::VAL_ACCURACY, val_accuracy)]) }
}

#[test]
fn a_run_loads_trains_rests_goes_on_and_ends() {
    let mut state = begun();
    assert_eq!(state.phase(), Phase::Loading);
    let progress = LoadProgress { received_bytes: 5, total_bytes: 10, cached_bytes: 0 };
    assert!(state.apply(&WorkerEvent::LoadProgress { run: RUN, progress }));
    assert_eq!(state.load(), progress);
    state.apply(&enter(RunState::Running));
    state.apply(&train(vec![plan(), TrainEvent::EpochBegin { epoch: 0 }, batch(0, 9)], 800.0));
    assert_eq!((state.phase(), state.position().batches), (Phase::Running, 10));
    assert!((state.images_per_second().unwrap() - 800.0).abs() < 1e-9, "640 images in 800 ms");
    assert!(state.left_ms().unwrap() > 30_000.0);
    state.apply(&enter(RunState::Paused));
    state.apply(&train(vec![batch(0, 10)], 850.0));
    assert_eq!(state.history().log.len(), 3, "a batch stepped by hand stays in the log");
    state.apply(&enter(RunState::Running));
    let end = TrainEvent::TrainEnd { reason: StopReason::Completed, epochs: 1 };
    state.apply(&train(vec![epoch_end(0, 0.9), end], 9_000.0));
    state.apply(&enter(RunState::Ended));
    assert_eq!(state.phase(), Phase::Ended);
    assert_eq!(state.outcome(), Some(&Outcome { reason: StopReason::Completed, epochs: 1 }));
    assert_eq!(state.kept_epoch().unwrap().1.get(&Monitor::VAL_ACCURACY), Some(0.9));
}

#[test]
fn events_of_another_run_change_nothing() {
    let mut state = begun();
    let before = state.clone();
    assert!(!state.apply(&WorkerEvent::State { run: RunId(2), state: RunState::Running }));
    assert!(!state.apply(&WorkerEvent::Died { run: RunId(9), message: String::new() }));
    assert_eq!(state, before);
    assert!(!TrainingState::default().apply(&enter(RunState::Running)));
}

#[test]
fn a_failure_stays_although_the_worker_then_says_ended() {
    let mut state = begun();
    let error = WorkerError::Data(DataError::Missing { file: "mnist/train-00.bin".into() });
    state.apply(&WorkerEvent::Failed { run: RUN, error: error.clone() });
    state.apply(&enter(RunState::Ended));
    assert_eq!((state.phase(), state.error()), (Phase::Failed, Some(&error)));
}

#[test]
fn a_retry_is_told_until_bytes_come_again() {
    let mut state = begun();
    let error = DataError::NoAnswer { file: "a".into(), detail: String::new() };
    state.apply(&WorkerEvent::Retrying { run: RUN, error: error.clone(), attempt: 2, wait_ms: 500 });
    assert_eq!(state.retry(), Some(&Retry { error, attempt: 2, wait_ms: 500 }));
    state.apply(&WorkerEvent::LoadProgress { run: RUN, progress: LoadProgress::default() });
    assert_eq!(state.retry(), None);
}

#[test]
fn a_dead_worker_leaves_the_history() {
    let mut state = begun();
    state.apply(&enter(RunState::Running));
    state.apply(&train(vec![plan(), batch(0, 0), epoch_end(0, 0.8), batch(1, 3)], 5_000.0));
    assert!(state.apply(&WorkerEvent::Died { run: RUN, message: "out of memory".into() }));
    assert_eq!(state.phase(), Phase::Interrupted);
    assert_eq!(state.history().epochs.len(), 1);
    assert_eq!(state.kept_epoch().map(|(epoch, _)| epoch), Some(0));
    assert!(!state.apply(&enter(RunState::Running)), "a dead worker is not listened to");
}

#[test]
fn a_death_after_the_end_changes_nothing() {
    let mut state = begun();
    state.apply(&enter(RunState::Ended));
    assert!(!state.apply(&WorkerEvent::Died { run: RUN, message: String::new() }));
    assert_eq!((state.phase(), state.outcome()), (Phase::Ended, None));
}

#[test]
fn restored_weights_are_described_by_their_own_epoch() {
    let mut state = begun();
    let restored = TrainEvent::CallbackActed {
        epoch: 2,
        callback: 1,
        action: CallbackAction::EarlyStopping(EarlyStoppingAction::Restored { best_epoch: 0 }),
    };
    state.apply(&train(vec![plan(), epoch_end(0, 0.9), epoch_end(1, 0.8), restored], 1.0));
    assert_eq!(state.kept_epoch().unwrap().0, 0);
    assert_eq!(state.kept_epoch().unwrap().1.get(&Monitor::VAL_ACCURACY), Some(0.9));
}

#[test]
fn a_new_run_forgets_the_last() {
    let mut state = begun();
    state.apply(&train(vec![plan(), epoch_end(0, 0.9)], 1.0));
    state.begin(RunId(4), default_job());
    assert_eq!(state.history(), &History::default());
    assert!(!state.apply(&enter(RunState::Running)));
}
