use super::super::job::default_job;
use super::*;
use crate::engine::callbacks::CallbackState;
use crate::engine::event::Monitor;
use crate::engine::optimizers::ScheduledRateError;
use crate::engine::trainer::LearningRateError;
use crate::protocol::BatchBlock;

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
fn callbacks_are_followed_with_what_they_remember() {
    let mut state = begun();
    state.apply(&enter(RunState::Running));
    let action = CallbackAction::TerminateOnNan { batch: 3 };
    let acted = TrainEvent::CallbackActed { epoch: 0, callback: 0, action };
    state.apply(&train(vec![plan(), TrainEvent::EpochBegin { epoch: 0 }, batch(0, 3), acted], 800.0));
    let version = state.callbacks().version();
    let states = vec![CallbackState::Stateless];
    state.apply(&WorkerEvent::Callbacks { run: RunId(9), states: states.clone() });
    assert_eq!(state.callbacks().version(), version, "another run's states are dropped");
    state.apply(&WorkerEvent::Callbacks { run: RUN, states });
    assert_eq!(state.callbacks().state(0), Some(&CallbackState::Stateless));
    assert_eq!(state.callbacks().track(0).unwrap().count, 1);
    assert_eq!((state.protocol().batch, &state.protocol().acted[..]), (Some(3), &[0][..]));
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
fn every_batch_reaches_the_curves_and_readers_look_once() {
    let mut state = begun();
    state.apply(&enter(RunState::Running));
    let block = BatchBlock {
        losses: vec![3.0, 2.0, 1.0],
        learning_rates: vec![0.1; 3],
        monitors: vec![Monitor::LOSS],
        means: vec![3.0, 2.5, 2.0],
        ..BatchBlock::default()
    };
    let measured = WorkerEvent::Curves { run: RUN, batches: vec![block], histograms: Vec::new() };
    assert!(!state.apply(&measured), "the events that follow are what readers look at");
    assert!(state.apply(&train(vec![plan(), batch(0, 2)], 1.0)));
    assert_eq!(state.history().curves.steps.losses, [3.0, 2.0, 1.0]);
    let stranger = WorkerEvent::Curves { run: RunId(9), batches: Vec::new(), histograms: Vec::new() };
    assert!(!state.apply(&stranger));
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
fn epochs_keep_their_numbers_where_a_run_begins_later() {
    let mut state = TrainingState::default();
    let mut job = default_job();
    (job.fit.initial_epoch, job.fit.epochs) = (3, 5);
    state.begin(RUN, job);
    state.apply(&enter(RunState::Running));
    state.apply(&train(vec![plan()], 0.0));
    assert_eq!((state.position().epoch, state.share_done()), (3, Some(0.0)));
    state.apply(&train(vec![epoch_end(3, 0.5)], 4_000.0));
    assert_eq!(state.kept_epoch().map(|(epoch, _)| epoch), Some(3));
    assert!((state.share_done().unwrap() - 0.5).abs() < 1e-9);
    assert!((state.left_ms().unwrap() - 4_000.0).abs() < 1e-6);
}

#[test]
fn a_new_run_forgets_the_last() {
    let mut state = begun();
    state.apply(&train(vec![plan(), epoch_end(0, 0.9)], 1.0));
    state.begin(RunId(4), default_job());
    assert_eq!(state.history(), &History::default());
    assert!(!state.apply(&enter(RunState::Running)));
}

#[test]
fn a_run_that_goes_on_has_its_past_and_says_only_what_is_new() {
    let mut state = TrainingState::default();
    let log = &[plan(), epoch_end(0, 0.5), epoch_end(1, 0.75)][..];
    let (running_ms, steps, learning_rate) = (4_000.0, 188, Some(0.25));
    let earlier = Earlier { log, running_ms, steps, learning_rate, rate_changes: 2, forgotten: 0 };
    state.resume(RUN, default_job(), &earlier);
    assert_eq!((state.rate().now, state.rate().changes), (Some(0.25), 2));
    assert_eq!((state.phase(), state.history().epochs.len()), (Phase::Loading, 2));
    let accuracies = state.history().epochs.iter().map(|logs| logs.get(&Monitor::VAL_ACCURACY));
    assert!(accuracies.eq([Some(0.5), Some(0.75)]));
    let last_old = state.history().log.last().unwrap().id;
    state.apply(&enter(RunState::Running));
    state.apply(&train(vec![plan(), TrainEvent::EpochBegin { epoch: 2 }, epoch_end(2, 0.875)], 1_000.0));
    let (first_new, log) = (state.first_new_line(), &state.history().log);
    let new = log.iter().filter(|line| line.id >= first_new);
    assert!(new.clone().all(|line| line.id > last_old));
    assert_eq!(new.clone().count(), 2, "the plan and the epoch");
    assert_eq!(new.clone().next().unwrap().goes_on_with, Some(2), "it is said that it goes on");
    assert_eq!(state.kept_epoch().map(|(epoch, _)| epoch), Some(2));
    let block = BatchBlock { learning_rates: vec![0.25], losses: vec![1.0], ..BatchBlock::default() };
    state.apply(&WorkerEvent::Curves { run: RUN, batches: vec![block], histograms: Vec::new() });
    assert_eq!(state.history().curves.steps.numbers, [189], "batches are counted on");
    let left = state.left_ms().unwrap();
    assert!((3_000.0..3_700.0).contains(&left), "two of five epochs at 5 s for three: {left}");
}

#[test]
fn a_rate_is_asked_for_and_then_set_or_refused() {
    let mut state = begun();
    state.apply(&enter(RunState::Running));
    let before = state.rate().now.unwrap();
    state.ask_for_rate(0.5);
    assert_eq!((state.rate().now, state.rate().asked), (Some(before), Some(0.5)));
    let set = TrainEvent::LearningRateSet { epoch: 0, batch: 4, before, after: 0.5 };
    state.apply(&train(vec![batch(0, 3), set.clone(), batch(0, 9)], 800.0));
    assert_eq!((state.rate().now, state.rate().asked, state.rate().changes), (Some(0.5), None, 1));
    assert!(state.history().log.iter().any(|line| line.event == set), "batches give way, it does not");
    assert_eq!(state.history().curves.marks.len(), 1);
    state.ask_for_rate(0.25);
    let schedule = "CosineDecay".to_owned();
    let error = LearningRateError::Scheduled(ScheduledRateError { schedule });
    state.apply(&WorkerEvent::LearningRateRefused { run: RUN, error: error.clone() });
    assert_eq!((state.rate().now, state.rate().asked), (Some(0.5), None));
    assert_eq!((state.rate().refusal.as_ref(), state.phase()), (Some(&error), Phase::Running));
}
