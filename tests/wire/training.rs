//! Samples of specs and of training events.

use svertka::data::Shuffle;
use svertka::engine::callbacks::{
    CallbackAction, CallbackSpec, EarlyStoppingAction, EarlyStoppingSpec, Mode, TerminateOnNanSpec,
};
use svertka::engine::event::{Logs, Monitor, StopReason, TrainEvent};
use svertka::engine::layers::LayerSpec;
use svertka::engine::losses::LossSpec;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::presets::Preset;
use svertka::engine::schedules::ScheduleSpec;
use svertka::engine::spec::{CompileSpec, FitSpec, ModelSpec, RunSpec};
use svertka::tensor::Shape;

use crate::assert_holds_every_variant;

/// Jobs that together hold every layer, optimizer, schedule and callback. They need not fit together.
pub fn jobs() -> Vec<RunSpec> {
    let job = |model, optimizer| RunSpec {
        compile: CompileSpec { optimizer, loss: LossSpec::default() },
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
    let samples = vec![
        stopping(Monitor::VAL_LOSS, Mode::Auto, None),
        stopping(Monitor::ACCURACY, Mode::Max, Some(0.5)),
        stopping(Monitor::LOSS, Mode::Min, None),
        CallbackSpec::TerminateOnNan(TerminateOnNanSpec {}),
    ];
    assert_holds_every_variant!(samples, CallbackSpec { EarlyStopping, TerminateOnNan });
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
    ];
    let acted = |action| TrainEvent::CallbackActed { epoch: 1, callback: 0, action };
    samples.extend(actions().into_iter().map(acted));
    samples.extend(reasons().into_iter().map(|reason| TrainEvent::TrainEnd { reason, epochs: 2 }));
    assert_holds_every_variant!(
        samples,
        TrainEvent { TrainBegin, EpochBegin, BatchEnd, TestBatchEnd, EpochEnd, CallbackActed, TrainEnd }
    );
    samples
}

fn actions() -> Vec<CallbackAction> {
    let (value, best, best_epoch, wait, patience) = (0.3, 0.2, 1, 2, 3);
    let stopping = vec![
        EarlyStoppingAction::Improved { value, before: None, reset: true },
        EarlyStoppingAction::Improved { value, before: Some(0.4), reset: false },
        EarlyStoppingAction::Waiting { value, best, best_epoch, wait, patience },
        EarlyStoppingAction::Stopped { value, best, best_epoch, wait, patience },
        EarlyStoppingAction::Restored { best_epoch },
        EarlyStoppingAction::Missing { monitor: Monitor::VAL_ACCURACY },
    ];
    assert_holds_every_variant!(
        stopping,
        EarlyStoppingAction { Improved, Waiting, Stopped, Restored, Missing }
    );
    let mut samples: Vec<CallbackAction> = stopping.into_iter().map(CallbackAction::EarlyStopping).collect();
    samples.push(CallbackAction::TerminateOnNan { batch: 3 });
    assert_holds_every_variant!(samples, CallbackAction { EarlyStopping, TerminateOnNan });
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
