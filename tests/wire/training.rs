//! Samples of specs and of training events.

use svertka::data::Shuffle;
use svertka::engine::callbacks::{
    BackupAndRestoreAction, BackupAndRestoreState, CallbackAction, CallbackSpec, CallbackState,
    CsvLoggerAction, CsvLoggerState, Direction, EarlyStoppingAction, EarlyStoppingSpec, EarlyStoppingState,
    EpochScheduleSpec, LearningRateSchedulerAction, LearningRateSchedulerSpec, Mode, ModelCheckpointAction,
    ModelCheckpointSpec, ModelCheckpointState, ProfileBatch, ReduceLrOnPlateauAction, ReduceLrOnPlateauState,
    SaveFreq, SaveReason, SummaryEvent, SummaryRun, SummaryValue, TemplateError, TensorBoardAction,
    TensorBoardSpec, TensorBoardState, UpdateFreq,
};
use svertka::engine::event::{Logs, Monitor, StopReason, TrainEvent};
use svertka::engine::layers::LayerSpec;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::presets::Preset;
use svertka::engine::schedules::{CosineDecaySpec, ScheduleSpec};
use svertka::engine::spec::{CompileSpec, FitSpec, ModelSpec, RunSpec};
use svertka::engine::watch::{HistogramEvent, HistogramsEvent, NamedHistogramEvent};
use svertka::formats::OptimizerState;
use svertka::formats::tensorboard::Appended;
use svertka::protocol::{BatchBlock, CheckpointFile};
use svertka::tensor::Shape;

use crate::assert_holds_every_variant;

/// Jobs that together hold every layer, optimizer, schedule and callback. They need not fit together.
pub fn jobs() -> Vec<RunSpec> {
    let job = |model, optimizer| RunSpec {
        compile: CompileSpec { optimizer, ..CompileSpec::default() },
        fit: FitSpec { shuffle: Shuffle::WithinBatch, callbacks: callbacks(), ..FitSpec::default() },
        seed: u64::MAX,
        ..RunSpec::new(model)
    };
    let palette = ModelSpec {
        name: "Сеть 1".to_owned(),
        input_shape: Shape::from([28, 28, 1]),
        layers: LayerSpec::palette(),
    };
    let mut jobs: Vec<RunSpec> =
        OptimizerSpec::palette().into_iter().map(|optimizer| job(Preset::Mlp.spec(), optimizer)).collect();
    let schedules = ScheduleSpec::palette().into_iter();
    jobs.extend(
        schedules
            .map(|schedule| job(Preset::Mlp.spec(), OptimizerSpec::default().with_learning_rate(schedule))),
    );
    jobs.push(job(palette, OptimizerSpec::default()));
    jobs
}

fn callbacks() -> Vec<CallbackSpec> {
    let stopping = |monitor, mode, baseline| {
        CallbackSpec::EarlyStopping(EarlyStoppingSpec {
            monitor,
            mode,
            baseline,
            ..EarlyStoppingSpec::default()
        })
    };
    let schedule =
        |schedule| CallbackSpec::LearningRateScheduler(LearningRateSchedulerSpec { schedule, verbose: 1 });
    let (initial_learning_rate, drop, decay) = (0.1, 0.5, 0.25);
    let mut samples = CallbackSpec::palette();
    samples.extend([
        stopping(Monitor::VAL_LOSS, Mode::Auto, None),
        stopping(Monitor::ACCURACY, Mode::Max, Some(0.5)),
        stopping(Monitor::LOSS, Mode::Min, None),
        CallbackSpec::ModelCheckpoint(ModelCheckpointSpec {
            save_freq: SaveFreq::Batches(7),
            initial_value_threshold: Some(0.5),
            ..ModelCheckpointSpec::default()
        }),
        CallbackSpec::TensorBoard(TensorBoardSpec {
            update_freq: UpdateFreq::Batches(3),
            profile_batch: ProfileBatch { start: 2, stop: 5 },
            ..TensorBoardSpec::default()
        }),
        schedule(EpochScheduleSpec::StepDecay { initial_learning_rate, drop, epochs_drop: 3 }),
        schedule(EpochScheduleSpec::Multiply { factor: 0.9, from_epoch: 1 }),
        schedule(EpochScheduleSpec::Exponential { initial_learning_rate, decay }),
        schedule(EpochScheduleSpec::PerEpoch { learning_rates: vec![0.1, 0.2] }),
        schedule(EpochScheduleSpec::CosineDecay(CosineDecaySpec::default())),
    ]);
    assert_holds_every_variant!(
        samples,
        CallbackSpec {
            EarlyStopping,
            ReduceLrOnPlateau,
            ModelCheckpoint,
            TensorBoard,
            CsvLogger,
            LearningRateScheduler,
            TerminateOnNan,
            BackupAndRestore,
            History,
            ProgbarLogger,
        }
    );
    samples
}

/// One of every kind.
pub fn events() -> Vec<TrainEvent> {
    let logs = Logs(Monitor::ALL.iter().map(|monitor| (monitor.clone(), 0.25)).collect());
    let mut samples = vec![
        TrainEvent::TrainBegin { epochs: 5, steps_per_epoch: 938, samples: 60_000, validation_samples: 0 },
        TrainEvent::EpochBegin { epoch: 0 },
        TrainEvent::BatchEnd { epoch: 0, batch: 9, batch_loss: f64::INFINITY, logs: Logs::default() },
        TrainEvent::TestBatchEnd { epoch: 0, batch: 1, batches: 32 },
        TrainEvent::EpochEnd { epoch: 0, logs },
        TrainEvent::LearningRateSet { epoch: 1, batch: 3, before: 0.1, after: f32::MIN_POSITIVE },
    ];
    let acted = |action| TrainEvent::CallbackActed { epoch: 1, callback: 0, action };
    samples.extend(actions().into_iter().map(acted));
    samples.extend(reasons().into_iter().map(|reason| TrainEvent::TrainEnd { reason, epochs: 2 }));
    assert_holds_every_variant!(
        samples,
        TrainEvent {
            TrainBegin,
            EpochBegin,
            BatchEnd,
            TestBatchEnd,
            EpochEnd,
            CallbackActed,
            LearningRateSet,
            TrainEnd,
        }
    );
    samples
}

/// What each kind of callback may remember.
pub fn states() -> Vec<CallbackState> {
    let (best, threshold) = (Some(0.5), Some(0.25));
    let samples = vec![
        CallbackState::EarlyStopping(EarlyStoppingState {
            direction: Direction::Down,
            best,
            threshold,
            best_epoch: 3,
            wait: 1,
            patience: 2,
            keeps_weights: true,
            stopped_epoch: Some(4),
        }),
        CallbackState::ReduceLrOnPlateau(ReduceLrOnPlateauState {
            direction: Direction::Up,
            best: None,
            threshold: None,
            wait: 1,
            patience: 2,
            cooldown: 3,
        }),
        CallbackState::ModelCheckpoint(ModelCheckpointState {
            direction: Direction::Up,
            best,
            batches: Some(3),
        }),
        CallbackState::TensorBoard(TensorBoardState { train_batches: 9, test_batches: 3, is_tracing: true }),
        CallbackState::CsvLogger(CsvLoggerState { columns: vec!["loss".to_owned()] }),
        CallbackState::BackupAndRestore(BackupAndRestoreState { epoch: 2, batches: None }),
        CallbackState::Stateless,
    ];
    assert_holds_every_variant!(
        samples,
        CallbackState {
            EarlyStopping,
            ReduceLrOnPlateau,
            ModelCheckpoint,
            TensorBoard,
            CsvLogger,
            BackupAndRestore,
            Stateless,
        }
    );
    samples
}

/// Two batches with everything that is measured.
pub fn batch_block() -> BatchBlock {
    BatchBlock {
        epoch: 2,
        first: 7,
        losses: vec![0.5, f32::INFINITY],
        learning_rates: vec![0.1, 0.01],
        gradient_norms: vec![1.5, f32::MAX],
        monitors: vec![Monitor::ACCURACY, Monitor::named("auc")],
        means: vec![0.25, 0.5, 0.75, 1.0],
        spent_ms: 1.25,
    }
}

/// A file of `ModelCheckpoint`.
pub fn checkpoint_file() -> CheckpointFile {
    let (path, params) = ("веса.01.weights.h5".to_owned(), vec![-0.0, f32::INFINITY]);
    let optimizer =
        Some(OptimizerState { steps: u64::MAX, learning_rate: 0.5, slots: vec![vec![], vec![1.0]] });
    CheckpointFile { callback: 1, path, epoch: 2, epochs: 3, weights_only: true, params, optimizer }
}

/// Records for a file of `TensorBoard`.
pub fn appended() -> Appended {
    Appended {
        callback: 2,
        path: "журнал/train/events.out.tfevents.1.svertka.2.0.v2".to_owned(),
        bytes: vec![0, 255],
    }
}

/// One of a weight, and one of a layer whose outputs are not finite.
pub fn histograms() -> HistogramsEvent {
    let named = |name: &str, values: &[f32]| {
        let histogram = HistogramEvent::of(values);
        NamedHistogramEvent { name: name.to_owned(), histogram }
    };
    let (weights, activations) = (named("dense/kernel", &[-1.0, 2.0]), named("dense", &[f32::NAN]));
    HistogramsEvent { epochs: 3, weights: vec![weights], activations: vec![activations] }
}

fn actions() -> Vec<CallbackAction> {
    let mut samples: Vec<CallbackAction> =
        early_stopping().into_iter().map(CallbackAction::EarlyStopping).collect();
    samples.extend(plateau().into_iter().map(CallbackAction::ReduceLrOnPlateau));
    samples.extend(checkpoint().into_iter().map(CallbackAction::ModelCheckpoint));
    samples.extend(tensor_board().into_iter().map(CallbackAction::TensorBoard));
    let csv = [
        CsvLoggerAction::Open { filename: "log.csv".to_owned(), append: true },
        CsvLoggerAction::Header { line: "epoch,loss\r\n".to_owned(), only_if_empty: false },
        CsvLoggerAction::Row { line: "0,0.5\r\n".to_owned() },
    ];
    samples.extend(csv.into_iter().map(CallbackAction::CsvLogger));
    let set = LearningRateSchedulerAction::Set { before: 0.1, after: 0.01 };
    samples.push(CallbackAction::LearningRateScheduler(set));
    let (weights, metadata) = ("b/latest.weights.h5".to_owned(), "b/training_metadata.json".to_owned());
    let backup = [
        BackupAndRestoreAction::Keep { weights, metadata, epoch: 1, batch: 2, keep_previous: true },
        BackupAndRestoreAction::Delete { backup_dir: "b".to_owned() },
    ];
    samples.extend(backup.into_iter().map(CallbackAction::BackupAndRestore));
    samples.push(CallbackAction::TerminateOnNan { batch: 3 });
    assert_holds_every_variant!(
        samples,
        CallbackAction {
            EarlyStopping,
            ReduceLrOnPlateau,
            ModelCheckpoint,
            TensorBoard,
            CsvLogger,
            LearningRateScheduler,
            BackupAndRestore,
            TerminateOnNan,
        }
    );
    samples
}

fn early_stopping() -> Vec<EarlyStoppingAction> {
    let (value, best, threshold, best_epoch, wait, patience) = (0.3, 0.2, 0.1, 1, 2, 3);
    let samples = vec![
        EarlyStoppingAction::Improved { value, before: None, reset: true, wait: 0 },
        EarlyStoppingAction::Improved { value, before: Some(0.4), reset: false, wait: 1 },
        EarlyStoppingAction::NotYet { value, start_from_epoch: 3 },
        EarlyStoppingAction::Waiting { value, best, threshold, best_epoch, wait, patience },
        EarlyStoppingAction::Stopped { value, best, threshold, best_epoch, wait, patience },
        EarlyStoppingAction::Restored { best_epoch },
        EarlyStoppingAction::Missing { monitor: Monitor::VAL_ACCURACY },
    ];
    assert_holds_every_variant!(
        samples,
        EarlyStoppingAction { Improved, NotYet, Waiting, Stopped, Restored, Missing }
    );
    samples
}

fn plateau() -> Vec<ReduceLrOnPlateauAction> {
    let (value, best, threshold, wait, patience, cooldown) = (0.3, 0.2, 0.1, 2, 3, 1);
    let (learning_rate, before, after, min_lr) = (0.1, 0.1, 0.01, 0.1);
    let samples = vec![
        ReduceLrOnPlateauAction::Improved { value, before: Some(0.4), cooldown, learning_rate },
        ReduceLrOnPlateauAction::CoolingDown { value, best, cooldown, learning_rate },
        ReduceLrOnPlateauAction::Waiting { value, best, threshold, wait, patience, learning_rate },
        ReduceLrOnPlateauAction::Reduced { value, best, threshold, wait, patience, before, after, cooldown },
        ReduceLrOnPlateauAction::AtMinimum { value, best, threshold, wait, patience, learning_rate, min_lr },
        ReduceLrOnPlateauAction::Missing { monitor: Monitor::VAL_ACCURACY },
    ];
    assert_holds_every_variant!(
        samples,
        ReduceLrOnPlateauAction { Improved, CoolingDown, Waiting, Reduced, AtMinimum, Missing }
    );
    samples
}

fn checkpoint() -> Vec<ModelCheckpointAction> {
    let save = |why| ModelCheckpointAction::Save { path: "a.keras".to_owned(), weights_only: false, why };
    let template = || "{a}.keras".to_owned();
    let failed = |error| ModelCheckpointAction::Failed { error };
    let (key, format) = ("a".to_owned(), "d".to_owned());
    let samples = vec![
        save(SaveReason::Always),
        save(SaveReason::Improved { value: 0.5, before: None }),
        save(SaveReason::MonitorMissing { monitor: Monitor::VAL_LOSS }),
        ModelCheckpointAction::Skipped { value: 0.5, best: 0.25 },
        failed(TemplateError::UnknownKey {
            template: template(),
            key: key.clone(),
            known: vec![key.clone()],
        }),
        failed(TemplateError::WrongFormat { template: template(), key, format }),
        failed(TemplateError::LoneBrace { template: template(), at: 3 }),
    ];
    assert_holds_every_variant!(samples, ModelCheckpointAction { Save, Skipped, Failed });
    samples
}

fn tensor_board() -> Vec<TensorBoardAction> {
    let values = [
        SummaryValue::Scalar(0.5),
        SummaryValue::StepsPerSecond { steps: 3 },
        SummaryValue::Model,
        SummaryValue::Histogram(vec![[0.0, 1.0, 2.0]]),
        SummaryValue::Images { height: 1, width: 2, channels: 1, pixels: vec![vec![0, 255]] },
        SummaryValue::Trace,
    ];
    let event =
        |value| SummaryEvent { run: SummaryRun::Validation, tag: "epoch_loss".to_owned(), step: 1, value };
    let samples = vec![
        TensorBoardAction::Log { events: values.into_iter().map(event).collect() },
        TensorBoardAction::SaveEmbeddings { path: "a.weights.h5".to_owned() },
    ];
    assert_holds_every_variant!(samples, TensorBoardAction { Log, SaveEmbeddings });
    samples
}

fn reasons() -> Vec<StopReason> {
    let samples = vec![
        StopReason::Completed,
        StopReason::Requested,
        StopReason::Callback { callback: 1 },
        StopReason::Diverged { epoch: 0, batch: 3 },
    ];
    assert_holds_every_variant!(samples, StopReason { Completed, Requested, Callback, Diverged });
    samples
}
