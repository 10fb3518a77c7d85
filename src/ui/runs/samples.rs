//! Runs for tests.

use super::place::Place;
use super::record::{Device, KeptRun};
use crate::engine::callbacks::CallbackMemory;
use crate::engine::event::{Logs, Monitor, TrainEvent};
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;
use crate::engine::spec::RunSpec;
use crate::engine::trainer::Trainer;
use crate::protocol::Snapshot;
use crate::ui::pages::training::default_job;

/// The sample run.
pub fn job() -> RunSpec {
    RunSpec { model: Preset::Lenet5.spec(), ..default_job() }
}

/// The end of an epoch whose `val_loss` is `1 / (epoch + 2)`.
pub fn epoch_end(epoch: usize) -> TrainEvent {
    let value = 1.0 / (epoch as f64 + 2.0);
    let logs = Logs::from([
        (Monitor::ACCURACY, 1.0 - value),
        (Monitor::LOSS, value),
        (Monitor::VAL_ACCURACY, 1.0 - value),
        (Monitor::VAL_LOSS, value),
    ]);
    TrainEvent::EpochEnd { epoch, logs }
}

/// What is kept of it after so many epochs.
pub fn snapshot(epochs: usize) -> Snapshot {
    let job = job();
    let model = Sequential::new(&job.model, job.seed).unwrap();
    let images = std::sync::Arc::new(crate::data::LabeledImages::new(
        [28, 28, 1],
        vec![0; 28 * 28 * job.data.samples],
        vec![0; job.data.samples],
    ));
    let mut state = Trainer::new(model, &job, images).snapshot();
    state.epoch = epochs;
    state.learning_rate = f32::MIN_POSITIVE;
    state.steps = u64::MAX;
    state.callbacks = vec![CallbackMemory {
        values: vec![Some(f64::NEG_INFINITY), None, Some(-0.0)],
        names: vec!["loss".to_owned()],
        params: vec![f32::MAX, -0.0],
    }];
    Snapshot::between_epochs(job, state)
}

/// A run that was cut off after so many epochs.
pub fn run(id: &str, epochs: usize) -> KeptRun {
    let device = Device { agent: "Браузер 1".to_owned(), cores: 4, ..Device::default() };
    let mut run = KeptRun::new(id.to_owned(), job(), device, 1000.0);
    for epoch in 0..epochs {
        run.push(&epoch_end(epoch));
    }
    let mut snapshot = snapshot(epochs);
    if let Some(progress) = &mut snapshot.progress {
        progress.callbacks.clear();
    }
    run.last = Some(Place::of(&snapshot).0);
    run
}
