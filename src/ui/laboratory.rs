//! [`Laboratory`]: what outlives a page: the worker, the job in the forms, the run in progress, kept runs,
//! the model, its evaluation and the device's measurement. Provided once in [`App`](super::app::App), found
//! with [`laboratory`].

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::bridge::Bridge;
use super::context::shell;
use super::pages::device::DeviceState;
use super::pages::evaluation::EvaluationState;
use super::runs::RunKeeper;
use super::training::TrainingRun;
use super::widgets::prediction_table::PredictionState;
use crate::engine::spec::RunSpec;

/// `Copy` handles on everything that goes on while the reader moves between pages.
#[derive(Clone, Copy)]
pub struct Laboratory {
    /// The worker.
    pub bridge: Bridge,
    /// The job that was looked at last, for links that bring none.
    pub draft: StoredValue<Option<RunSpec>>,
    /// Runs that are kept in the browser.
    pub keeper: RunKeeper,
    /// The run in progress, or the last one.
    pub training: TrainingRun,
    /// What the model made of the test images.
    pub evaluation: RwSignal<EvaluationState>,
    /// Its probabilities for the first of them.
    pub predictions: RwSignal<PredictionState>,
    /// How fast this device is, as far as it was measured.
    pub device: RwSignal<DeviceState>,
}

/// The laboratory, from any component.
pub fn laboratory() -> Laboratory {
    expect_context()
}

impl Laboratory {
    /// Starts the worker, once the page stands: the two would share what processors there are.
    pub fn start() -> Self {
        let (bridge, building) = (Bridge::start(), shell().building);
        spawn_local(async move {
            building.settled().await;
            bridge.begin();
        });
        let keeper = RunKeeper::start();
        Self {
            bridge,
            draft: StoredValue::default(),
            keeper,
            training: TrainingRun::new(bridge, keeper),
            evaluation: RwSignal::default(),
            predictions: RwSignal::default(),
            device: RwSignal::default(),
        }
    }
}
